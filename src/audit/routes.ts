import { z } from 'zod'
import type { FeatureDeps } from '../features.ts'
import { staffOf } from '../http/actor.ts'
import type { App } from '../http/app-type.ts'
import { ListQuery, listOf } from '../http/list.ts'
import { WorkDay } from '../progress/schema.ts'
import { Refusal } from '../refusal.ts'
import { type AuditLine, listAudit } from './read.ts'
import { auditKinds, lookReasons } from './record.ts'

const Query = z.strictObject({
  ...ListQuery.shape,
  kind: z.enum(auditKinds).optional(),
  actorId: z.uuid().toLowerCase().optional(),
  /** Days in Europe/Helsinki, both within. */
  from: WorkDay.optional(),
  until: WorkDay.optional(),
})

/** One act or look. A client stands with a name only before who knows clients by name. */
const AuditEvent = z.object({
  id: z.uuid(),
  at: z.iso.datetime(),
  kind: z.enum(auditKinds),
  actorKind: z.enum(['staff', 'client', 'machine', 'command']),
  actorName: z.string().nullable(),
  /** Whose account or role it is about. */
  subjectName: z.string().nullable(),
  /** Which work unit it is about. */
  unitName: z.string().nullable(),
  clientId: z.uuid().nullable(),
  clientName: z.string().nullable(),
  reason: z.enum(lookReasons).nullable(),
  what: z.string().nullable(),
  /** From where; for 14 days. */
  address: z.string().nullable(),
})
type AuditEvent = z.infer<typeof AuditEvent>

/** `GET /api/v1/audit-events`: what `/hallinta/loki` shows (S-53). */
export function auditRoutes(app: App, deps: FeatureDeps): void {
  const schema = { querystring: Query, response: { 200: listOf(AuditEvent) } }
  const config = { permit: 'audit:read', fields: ['identity'] } as const
  app.get('/api/v1/audit-events', { schema, config }, async (request) => {
    const { limit, cursor, kind, actorId: who, from, until } = request.query
    const before = placeOf(cursor)
    const lines = await listAudit(deps, staffOf(request), { kind, who, from, until, before, limit: limit + 1 })
    const shown = lines.slice(0, limit)
    const last = lines.length > limit ? shown.at(-1) : undefined
    return { data: shown.map(eventBody), page: { next: last ? cursorOf(last) : null } }
  })
}

const Place = z.tuple([z.iso.datetime(), z.uuid()])

function placeOf(cursor: string | undefined): { readonly at: Date; readonly id: string } | undefined {
  if (cursor === undefined) return undefined
  const place = Place.safeParse(Buffer.from(cursor, 'base64url').toString('utf8').split(' ')).data
  if (place) return { at: new Date(place[0]), id: place[1] }
  throw new Refusal('content', '/querystring/cursor: this cursor is not one of ours', { code: 'cursor' })
}

function cursorOf({ at, id }: AuditLine): string {
  return Buffer.from(`${at.toISOString()} ${id}`).toString('base64url')
}

function eventBody({ actor, subject, unit, client, at, ...line }: AuditLine): AuditEvent {
  const { id, kind, actorKind, clientId, reason, what, address } = line
  const names = { actorName: actor, subjectName: subject, unitName: unit, clientName: client }
  return { id, at: at.toISOString(), kind, actorKind, ...names, clientId, reason, what, address }
}
