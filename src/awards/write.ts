import { sql } from 'kysely'
import { inOneTrip } from '../db/connect.ts'
import type { Db, Trx } from '../db/database.ts'
import { statement } from '../db/statement.ts'
import type { NewHistoryLine } from './history.ts'

/** What the writing statement puts down, and what must still hold of what was read. */
export type NewAward = {
  readonly tenant: string
  readonly id: string
  readonly publicId: string
  readonly applicationId: string
  readonly decidedBy: string
  readonly sessionId: string
  readonly evidenceRevision: number
  readonly kids: readonly string[]
  readonly awardedAt: Date
  readonly validUntil: Date | null
  readonly rule: string
  readonly credentialId: string
  readonly assertionId: string
  readonly recipient: { readonly urn: string; readonly salt: string }
  readonly status: { readonly list: number; readonly index: number }
  readonly ob2Jws: string
  readonly ob3Jwt: string
  readonly history: NewHistoryLine
  readonly idempotency: { readonly holder: string; readonly key: string; readonly digest: Buffer }
}

/** A year's badge may be renewed when it ends within so many days (DESIGN, The award path 5; PRODUCT A3). */
const renewalDays = 60

/**
 * Writes a whole award in one statement (DESIGN, The award path 4; S-24, S-31, S-33): the guard sees that everything read still holds and locks
 * the application, the award takes its cycle, then idempotency row and application, the history head last, and the job for the embedded proof.
 * Each part runs from the one before, so that the order of locks is always the same. Tells whether it was written; when not,
 * nothing was.
 */
export async function writeAward(db: Db, award: NewAward): Promise<boolean> {
  const { tenant, history, idempotency } = award
  const writing = statement<{ seq: number | null }>('award.write')`
    with guard as (
      select ap.tenant_id, ap.client_id, ap.badge_class_id, ap.badge_class_version_id, ap.language, last.cycle
      from application ap
        join client_evidence e on e.tenant_id = ap.tenant_id and e.client_id = ap.client_id
        cross join lateral (
          select coalesce(max(aw.cycle), 0) + 1 as cycle,
            coalesce(bool_and(aw.state = 'declined'
              or coalesce(aw.valid_until <= ${award.awardedAt}::timestamptz + make_interval(days => ${renewalDays}), false)
              or exists (select from revocation r where r.tenant_id = aw.tenant_id and r.award_id = aw.id)), true) as is_over
          from award aw
          where aw.tenant_id = ap.tenant_id and aw.client_id = ap.client_id and aw.badge_class_id = ap.badge_class_id) last
      where ap.tenant_id = ${tenant} and ap.id = ${award.applicationId} and ap.state = 'submitted' and last.is_over
        and e.revision = ${award.evidenceRevision}
        and exists (select from session s where s.tenant_id = ${tenant} and s.id = ${award.sessionId} and s.ended_at is null
          and s.ends_at > ${award.awardedAt})
        and exists (select from role_grant g where g.tenant_id = ${tenant} and g.account_id = ${award.decidedBy}
          and g.role = 'coordinator' and g.ended_at is null)
        and exists (select from organisation o where o.tenant_id = ${tenant} and o.issuing_stopped_at is null)
        and exists (select from badge_class_version v where v.tenant_id = ${tenant} and v.id = ap.badge_class_version_id
          and v.state in ('published', 'retired'))
        and (select count(*) from signing_key k where k.tenant_id = ${tenant} and k.kid = any(${award.kids}) and k.state = 'active')
          = ${award.kids.length}
      for update of ap, e
    ), made as (
      insert into award (tenant_id, id, public_id, client_id, badge_class_id, badge_class_version_id, cycle, application_id, language,
        state, decided_by, awarded_at, valid_from, valid_until, rule, credential_id, assertion_id, recipient_urn, recipient_salt,
        status_list, status_index, ob2_jws, ob3_jwt)
      select guard.tenant_id, ${award.id}, ${award.publicId}, guard.client_id, guard.badge_class_id, guard.badge_class_version_id,
        guard.cycle, ${award.applicationId}, guard.language, 'offered', ${award.decidedBy}, ${award.awardedAt}, ${award.awardedAt},
        ${award.validUntil}, ${award.rule}, ${award.credentialId}, ${award.assertionId}, ${award.recipient.urn}, ${award.recipient.salt},
        ${award.status.list}, ${award.status.index}, ${award.ob2Jws}, ${award.ob3Jwt}
      from guard
      on conflict (tenant_id, client_id, badge_class_id, cycle) do nothing
      returning tenant_id, id
    ), remembered as (
      insert into idempotency (tenant_id, holder, key, digest, status, ref, at)
      select made.tenant_id, ${idempotency.holder}, ${idempotency.key}, ${idempotency.digest}, 201, made.id::text, ${award.awardedAt} from made
      on conflict (tenant_id, holder, key) do nothing
      returning tenant_id
    ), decided as (
      update application ap set state = 'awarded', award_id = made.id, decided_by = ${award.decidedBy}, decided_at = ${award.awardedAt}
      from made where ap.tenant_id = made.tenant_id and ap.id = ${award.applicationId} and exists (select from remembered)
      returning ap.tenant_id
    ), head as (
      update history_head h set seq = h.seq + 1, prev = h.hash, hash = app.history_hash(h.hash, h.seq + 1, h.tenant_id, ${history.id},
        ${history.kind}, ${history.at}, ${history.commitment})
      from decided where h.tenant_id = decided.tenant_id
      returning h.tenant_id, h.seq, h.prev, h.hash
    ), line as (
      insert into history (tenant_id, seq, id, kind, at, prev, hash, commitment)
      select head.tenant_id, head.seq, ${history.id}, ${history.kind}, ${history.at}, head.prev, head.hash, ${history.commitment} from head
      returning seq
    ), content as (
      insert into history_content (tenant_id, history_id, salt, content)
      select head.tenant_id, ${history.id}, ${history.salt}, ${history.content} from head
    ), job as materialized (
      select app.add_job('award.embed', jsonb_build_object('tenant', head.tenant_id, 'award', ${award.id}::text)) from head
    )
    select (select seq from line) as seq, (select count(*) from job) as jobs,
      app.must(not exists (select from made) or exists (select from line), 'the key is taken') as whole`
  try {
    const [written] = await inOneTrip(db, tenant, writing)
    return (written?.seq ?? null) !== null
  } catch (error) {
    // Another request took the same Idempotency-Key meanwhile: all of it is rolled back, and the caller reads again.
    if (error instanceof Error && 'code' in error && error.code === 'OP001') return false
    throw error
  }
}

/**
 * Adds one entry to the tenant's chain inside the caller's transaction; for acts other than an award. The head row is locked last, so
 * call it after everything else is written (S-31).
 */
export async function addHistoryLine(trx: Trx, tenant: string, line: NewHistoryLine): Promise<void> {
  const result = await sql<{ seq: number }>`
    with head as (
      update history_head h set seq = h.seq + 1, prev = h.hash,
        hash = app.history_hash(h.hash, h.seq + 1, h.tenant_id, ${line.id}, ${line.kind}, ${line.at}, ${line.commitment})
      where h.tenant_id = ${tenant}
      returning h.tenant_id, h.seq, h.prev, h.hash
    ), entry as (
      insert into history (tenant_id, seq, id, kind, at, prev, hash, commitment)
      select head.tenant_id, head.seq, ${line.id}, ${line.kind}, ${line.at}, head.prev, head.hash, ${line.commitment} from head
      returning seq
    ), content as (
      insert into history_content (tenant_id, history_id, salt, content)
      select head.tenant_id, ${line.id}, ${line.salt}, ${line.content} from head
    )
    select seq from entry`.execute(trx)
  if (!result.rows[0]) throw new Error(`tenant ${tenant} has no history head`)
}
