import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Deps } from '../deps.ts'
import type { App } from '../http/app-type.ts'
import { recordAuditAlone } from './record.ts'

const Id = z.object({ id: z.uuid() })

/**
 * Failed authorisation leaves its line (S-53): who is signed in and was refused by the role, and who asked by an id for what is not there
 * or is another's. Both look the same from outside, and are written alike (S-11). The pattern of the route stands in the line, never the address (S-50).
 */
export function auditRefusals(app: App, deps: Pick<Deps, 'db' | 'now'>): void {
  app.addHook('onSend', (request, reply, _payload, goOn) => {
    const by = request.actor ?? request.machine
    const kind = kindOf(request, reply.statusCode)
    if (!by || kind === undefined) return goOn()
    const ref = Id.safeParse(request.params).data?.id ?? null
    const what = (request.routeOptions.url ?? 'none').slice(0, 120)
    recordAuditAlone(deps.db, { tenant: by.tenant, at: deps.now(), kind, by, ref, what }).then(() => goOn(), goOn)
  })
}

function kindOf(request: FastifyRequest, status: number): 'denied' | 'missed' | undefined {
  const { permit } = request.routeOptions.config
  if (permit === undefined || permit === 'public') return undefined
  if (status === 403) return 'denied'
  return status === 404 && request.routeOptions.url?.includes(':') ? 'missed' : undefined
}
