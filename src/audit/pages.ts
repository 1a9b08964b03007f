import { z } from 'zod'
import type { FeatureDeps } from '../features.ts'
import { staffOf } from '../http/actor.ts'
import type { App } from '../http/app-type.ts'
import { pageContext, sendPage } from '../http/pages.ts'
import { paths } from '../web/paths.ts'
import { type AuditLine, listAudit, readsAll } from './read.ts'
import { auditKinds } from './record.ts'
import { auditPage, type Filter } from './views.ts'

const Query = z.object({
  kind: z.enum(auditKinds).optional().catch(undefined),
  from: z.string().max(40).default('').catch(''),
  until: z.string().max(40).default('').catch(''),
  /** The last line of the page before: when it was, and its id. */
  ennen: z.string().max(80).optional().catch(undefined),
})
const Place = z.tuple([z.iso.datetime(), z.uuid()])
const perPage = 50

/** `/hallinta/loki` for those whom the matrix lets read the audit. */
export function auditPages(app: App, deps: FeatureDeps): void {
  app.get(
    '/hallinta/loki',
    { schema: { querystring: Query }, config: { permit: 'audit:read' } },
    async (request, reply) => {
      const actor = staffOf(request)
      const context = pageContext(request, reply)
      const { kind, from, until, ennen } = request.query
      const errors = (['from', 'until'] as const)
        .filter((field) => request.query[field] !== '' && dayOf(request.query[field]) === undefined)
        .map((field) => ({ field, message: context.t.audit.dayWrong }))
      const place = Place.safeParse(ennen?.split(' ')).data
      const before = place && { at: new Date(place[0]), id: place[1] }
      const wanted = { kind, from: dayOf(from), until: dayOf(until), before, limit: perPage + 1 }
      const lines = errors.length > 0 ? [] : await listAudit(deps, actor, wanted)
      const shown = lines.slice(0, perPage)
      const filter = { kind: kind ?? '', from, until }
      const older = lines.length > perPage ? olderThan(shown.at(-1), filter) : undefined
      const now = deps.now()
      const view = auditPage(context, { lines: shown, older, filter, errors, isOwnOnly: !readsAll(actor), now })
      return await sendPage(reply, { context, errors, ...view })
    },
  )
}

function dayOf(text: string): string | undefined {
  return z.iso.date().safeParse(text).data
}

function olderThan(last: AuditLine | undefined, filter: Filter): string | undefined {
  if (!last) return undefined
  const query = new URLSearchParams({ ...filter, ennen: `${last.at.toISOString()} ${last.id}` })
  return `${paths.audit()}?${query.toString()}`
}
