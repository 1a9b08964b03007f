import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { type ClientOnList, requireClient } from '../clients/client.ts'
import { asTenant } from '../db/connect.ts'
import type { FeatureDeps } from '../features.ts'
import { staffOf } from '../http/actor.ts'
import type { App } from '../http/app-type.ts'
import { pageContext, seeOther, sendPage } from '../http/pages.ts'
import { dayInHelsinki } from '../i18n/index.ts'
import { type BadgeReadiness, readBadgeReadiness, type ReadinessOfClients } from '../progress/readiness.ts'
import { Refusal } from '../refusal.ts'
import type { FieldError } from '../web/components/error-summary.ts'
import { paths } from '../web/paths.ts'
import { proposeBadge } from './application.ts'
import { refusalWords } from './form-words.ts'
import { proposalView } from './proposal-views.ts'

const ProposalRef = z.object({ client: z.uuid(), badge: z.uuid() })

/** One badge for one client of the coach, with how far the client is. */
export type Proposable = {
  readonly client: ClientOnList
  readonly one: BadgeReadiness
  readonly readiness: ReadinessOfClients
  readonly tenant: string
  readonly issuerName: string
}

/** `/ryhma/{person}/ehdota/{badge}`: the check page before a coach's proposal, and the proposal (PRODUCT C3). */
export function proposalPages(app: App, deps: FeatureDeps): void {
  const options = {
    schema: { params: ProposalRef },
    config: { permit: 'application:propose', fields: ['identity'] },
  } as const

  app.get('/ryhma/:client/ehdota/:badge', options, async (request, reply) => {
    return await show(request, reply, await read(request, request.params))
  })

  app.post('/ryhma/:client/ehdota/:badge', options, async (request, reply) => {
    const found = await read(request, request.params)
    const context = pageContext(request, reply)
    try {
      const wanted = { clientId: found.client.id, badgeClassId: found.one.badge.classId }
      await proposeBadge(deps, staffOf(request), wanted)
    } catch (error) {
      const message = refusalWords(context, error)
      return await show(request, reply, found, [{ field: 'standing', message }])
    }
    return await seeOther(reply, `${paths.client(found.client.id)}?tehty=ehdotus`)
  })

  async function read(request: FastifyRequest, wanted: z.infer<typeof ProposalRef>): Promise<Proposable> {
    const actor = staffOf(request)
    const { tenant } = actor
    const now = deps.now()
    const client = await requireClient(deps, actor, wanted.client, dayInHelsinki(now), undefined, 'application:propose')
    const { readiness, issuer } = await asTenant(deps.db, tenant, async (trx) => ({
      readiness: await readBadgeReadiness(trx, tenant, [client.id], now),
      issuer: await trx.selectFrom('organisation').select('name').where('tenant_id', '=', tenant).executeTakeFirst(),
    }))
    const one = readiness.of(client.id).find(({ badge }) => badge.classId === wanted.badge)
    if (!one || !issuer) throw new Refusal('not-found', 'There is no such badge')
    return { client, one, readiness, tenant, issuerName: issuer.name }
  }

  async function show(
    request: FastifyRequest,
    reply: FastifyReply,
    found: Proposable,
    errors: readonly FieldError[] = [],
  ): Promise<FastifyReply> {
    const context = pageContext(request, reply)
    return await sendPage(reply, { context, nav: 'group', errors, ...proposalView(context, found) })
  }
}
