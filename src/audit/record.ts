import { type RawBuilder, sql } from 'kysely'
import { asTenant } from '../db/connect.ts'
import type { Db, Trx } from '../db/database.ts'

/** Every kind of act and look that leaves a line (S-53). */
export const auditKinds = [
  'award',
  'revocation',
  'key.made',
  'key.retired',
  'key.compromised',
  'issuing.stopped',
  'issuing.started',
  'qualification.imported',
  'api-key.made',
  'api-key.ended',
  'role.given',
  'role.ended',
  'account.made',
  'account.closed',
  'account.opened',
  'account.link-made',
  'account.link-used',
  'second-factor.reset',
  'unit.made',
  'unit.renamed',
  'unit.closed',
  'unit.opened',
  'unit.coach-added',
  'unit.coach-ended',
  'level.read',
  'note.read',
  'evidence.added',
  'evidence.read',
  'evidence.removed',
  'relation.begun',
  'relation.ended',
  'stand-in.begun',
  'stand-in.ended',
  'client.unit-changed',
  'client.renamed',
  'client.protected',
  'client.unprotected',
  'client.invited',
  'client.moved',
  'client.joined',
  'passport.left',
  'passport.came',
  'consent.given',
  'client.merged',
  'client.split',
  'export',
  'copy.asked',
  'copy.handed-over',
  'correction.asked',
  'correction.answered',
  'erasure.asked',
  'erasure.withdrawn',
  'erasure',
  // refused by the role, and asked for what is not there or another's
  'denied',
  'missed',
] as const
export type AuditKind = (typeof auditKinds)[number]

/** Looks at what is sensitive: records with their support levels, records with notes but without levels, a photo or paper. The client sees each (S-53). */
export const lookKinds = ['level.read', 'note.read', 'evidence.read'] as const satisfies readonly AuditKind[]
export type LookKind = (typeof lookKinds)[number]

/** Why a lead has to look at a support level: chosen by the lead, shown to the client. */
export const statedReasons = ['feedback', 'staff-away', 'arranging-support', 'quality'] as const
export type StatedReason = (typeof statedReasons)[number]

/**
 * Why a member of staff looked: coaches the client, decides on the client's application, coordinates the coaching, took the copy that the client
 * asked for, or what was stated. Lines of old have no ground.
 */
export const lookReasons = ['relation', 'application', 'coordination', 'copy', 'no-ground', ...statedReasons] as const
export type LookReason = (typeof lookReasons)[number]

type From = { readonly sessionId?: string | null; readonly address?: string }

/** Who: any actor of a request, or a command of whoever runs the service. */
export type AuditBy =
  | 'command'
  | ({ readonly kind: 'staff' | 'machine'; readonly accountId: string } & From)
  | ({ readonly kind: 'client'; readonly clientId: string } & From)

export type NewAuditEvent = {
  readonly tenant: string
  readonly at: Date
  readonly kind: AuditKind
  readonly by: AuditBy
  /** Whom it is about. */
  readonly clientId?: string | null
  /** The award, application, key or request that it is about. */
  readonly ref?: string | null
  readonly reason?: LookReason
  /** A role, a key's name of ours, a route's pattern. Never words of a person (S-52: a line outlives the client). */
  readonly what?: string
}

/**
 * Writes one line of the audit in the caller's transaction (S-53): the act and its line come together or not at all. From where is kept
 * apart, for 14 days (S-50).
 */
export async function recordAudit(trx: Trx, event: NewAuditEvent): Promise<void> {
  await auditStatement(event).execute(trx)
}

/** The same in a transaction of its own, for what writes nothing else: a look, a refusal. */
export async function recordAuditAlone(db: Db, event: NewAuditEvent): Promise<void> {
  await asTenant(db, event.tenant, async (trx) => await recordAudit(trx, event))
}

/** From where a person's acts of this moment on keys or on the stop switch were done: their lines come from the history's. */
export async function recordOrigin(
  trx: Trx,
  { tenant, at, accountId, address }: { tenant: string; at: Date; accountId: string; address: string },
): Promise<void> {
  await sql`
    insert into audit_origin (tenant_id, at, event_id, address)
    select e.tenant_id, e.at, e.id, ${address}::inet from audit_event e
    where e.tenant_id = ${tenant} and e.at = ${at} and e.actor_id = ${accountId} and e.kind ~ '^(key|issuing)[.]'
    on conflict do nothing`.execute(trx)
}

function auditStatement(event: NewAuditEvent): RawBuilder<unknown> {
  const { tenant, at, kind, by } = event
  const address = by === 'command' ? null : (by.address ?? null)
  return sql`
    with event as (
      insert into audit_event (tenant_id, at, kind, actor_kind, actor_id, session_id, client_id, ref, reason, what)
      values (${tenant}, ${at}, ${kind}, ${by === 'command' ? by : by.kind}, ${actorIdOf(by)},
        ${by === 'command' ? null : (by.sessionId ?? null)}, ${event.clientId ?? null}, ${event.ref ?? null},
        ${event.reason ?? null}, ${event.what ?? null})
      returning tenant_id, at, id
    )
    insert into audit_origin (tenant_id, at, event_id, address)
    select tenant_id, at, id, ${address}::inet from event where ${address}::inet is not null`
}

function actorIdOf(by: AuditBy): string | null {
  if (by === 'command') return null
  return by.kind === 'client' ? by.clientId : by.accountId
}
