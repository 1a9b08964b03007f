import { z } from 'zod'
import { listStaff } from '../accounts/staff.ts'
import type { FeatureDeps } from '../features.ts'
import { staffOf } from '../http/actor.ts'
import type { App } from '../http/app-type.ts'
import { pageContext, sendPage } from '../http/pages.ts'
import { readDay } from '../progress/record-form.ts'
import { paths } from '../web/paths.ts'
import { type AuditLine, listAudit, readsAll } from './read.ts'
import { auditKinds } from './record.ts'
import { auditPage, type Filter } from './views.ts'

const Query = z.object({
  kind: z.enum(auditKinds).optional().catch(undefined),
  who: z.uuid().toLowerCase().optional().catch(undefined),
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
    { schema: { querystring: Query }, config: { permit: 'audit:read', fields: ['identity'] } },
    async (request, reply) => {
      const actor = staffOf(request)
      const context = pageContext(request, reply)
      const { kind, who, from, until, ennen } = request.query
      const errors = (['from', 'until'] as const)
        .filter((field) => request.query[field] !== '' && readDay(request.query[field]) === undefined)
        .map((field) => ({ field, message: context.t.audit.dayWrong }))
      const place = Place.safeParse(ennen?.split(' ')).data
      const before = place && { at: new Date(place[0]), id: place[1] }
      const wanted = { kind, who, from: readDay(from), until: readDay(until), before, limit: perPage + 1 }
      const lines = errors.length > 0 ? [] : await listAudit(deps, actor, wanted)
      const shown = lines.slice(0, perPage)
      const filter = { kind: kind ?? '', who: who ?? '', from, until }
      const older = lines.length > perPage ? olderThan(shown.at(-1), filter) : undefined
      const now = deps.now()
      const isOwnOnly = !readsAll(actor)
      const people = isOwnOnly ? [] : (await listStaff(deps, actor)).people
      const view = auditPage(context, { lines: shown, older, filter, errors, isOwnOnly, people, now })
      return await sendPage(reply, { context, nav: 'administration', errors, ...view })
    },
  )
}

function olderThan(last: AuditLine | undefined, filter: Filter): string | undefined {
  if (!last) return undefined
  const query = new URLSearchParams({ ...filter, ennen: `${last.at.toISOString()} ${last.id}` })
  return `${paths.audit()}?${query.toString()}`
}
