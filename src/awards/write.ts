import { sql } from 'kysely'
import { z } from 'zod'
import { inOneTrip } from '../db/connect.ts'
import type { Db, Trx } from '../db/database.ts'
import { statement } from '../db/statement.ts'
import { recordAudit } from '../audit/record.ts'
import { isSigningAct, type NewHistoryLine } from './history.ts'

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
  /** Place of the latest line about keys when they were read. */
  readonly keySeq: number
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
  /** From which network address it was decided, for the audit. */
  readonly address: string | null
}

/** A year's badge may be renewed when it ends within so many days (DESIGN, The award path 5; PRODUCT A3). */
const renewalDays = 60

/**
 * Writes a whole award in one statement (DESIGN, The award path 4; S-24, S-31, S-33): the guard sees that everything read still holds and locks
 * the application, the award takes its cycle, then idempotency row and application, the history head last, and the job for the embedded proof.
 * Each part runs from the one before, so that the order of locks is always the same. The head is the last lock and says whether keys or the
 * stop switch moved since they were read: award and rotation come one after the other (S-22, S-25). Tells whether it was written; when
 * not, nothing was.
 */
export async function writeAward(db: Db, award: NewAward): Promise<boolean> {
  const { tenant, history, idempotency } = award
  // Each is written in several places: as a text it is made once.
  const [awardedAt, lineAt] = [award.awardedAt.toISOString(), history.at.toISOString()]
  const writing = statement<{ seq: number | null }>('award.write')`
    with guard as (
      select ap.tenant_id, ap.client_id, ap.badge_class_id, ap.badge_class_version_id, ap.language, last.cycle
      from application ap
        join client_evidence e on e.tenant_id = ap.tenant_id and e.client_id = ap.client_id
        cross join lateral (
          select coalesce(max(aw.cycle), 0) + 1 as cycle,
            coalesce(bool_and(aw.state = 'declined'
              or coalesce(aw.valid_until <= ${awardedAt}::timestamptz + make_interval(days => ${renewalDays}), false)
              or exists (select from revocation r where r.tenant_id = aw.tenant_id and r.award_id = aw.id)), true) as is_over
          from award aw
          where aw.tenant_id = ap.tenant_id and aw.client_id = ap.client_id and aw.badge_class_id = ap.badge_class_id) last
      where ap.tenant_id = ${tenant} and ap.id = ${award.applicationId} and ap.state = 'submitted' and last.is_over
        and e.revision = ${award.evidenceRevision}
        and exists (select from session s where s.tenant_id = ${tenant} and s.id = ${award.sessionId} and s.ended_at is null
          and s.ends_at > ${awardedAt})
        and exists (select from role_grant g where g.tenant_id = ${tenant} and g.account_id = ${award.decidedBy}
          and g.role = 'coordinator' and g.ended_at is null)
        and exists (select from organisation o where o.tenant_id = ${tenant} and o.issuing_stopped_at is null)
        and not exists (select from app.issuance where stopped_at is not null)
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
        guard.cycle, ${award.applicationId}, guard.language, 'offered', ${award.decidedBy}, ${awardedAt}, ${awardedAt},
        ${award.validUntil}, ${award.rule}, ${award.credentialId}, ${award.assertionId}, ${award.recipient.urn}, ${award.recipient.salt},
        ${award.status.list}, ${award.status.index}, ${award.ob2Jws}, ${award.ob3Jwt}
      from guard
      on conflict (tenant_id, client_id, badge_class_id, cycle) do nothing
      returning tenant_id, id
    ), remembered as (
      insert into idempotency (tenant_id, holder, key, digest, status, ref, at)
      select made.tenant_id, ${idempotency.holder}, ${idempotency.key}, ${idempotency.digest}, 201, made.id::text, ${awardedAt} from made
      on conflict (tenant_id, holder, key) do nothing
      returning tenant_id
    ), decided as (
      update application ap set state = 'awarded', award_id = made.id, decided_by = ${award.decidedBy}, decided_at = ${awardedAt}
      from made where ap.tenant_id = made.tenant_id and ap.id = ${award.applicationId} and exists (select from remembered)
      returning ap.tenant_id
    ), head as (
      update history_head h set seq = h.seq + 1, prev = h.hash, hash = app.history_hash(h.hash, h.seq + 1, h.tenant_id, ${history.id},
        ${history.kind}, ${lineAt}, ${history.commitment})
      from decided where h.tenant_id = decided.tenant_id and h.key_seq = ${award.keySeq}
      returning h.tenant_id, h.seq, h.prev, h.hash
    ), line as (
      insert into history (tenant_id, seq, id, kind, at, prev, hash, commitment)
      select head.tenant_id, head.seq, ${history.id}, ${history.kind}, ${lineAt}, head.prev, head.hash, ${history.commitment} from head
      returning seq
    ), content as (
      insert into history_content (tenant_id, history_id, salt, content)
      select head.tenant_id, ${history.id}, ${history.salt}, ${history.content} from head
    ), audited as (
      insert into audit_event (tenant_id, at, id, kind, actor_kind, actor_id, session_id, client_id, ref)
      select decided.tenant_id, ${lineAt}, ${history.id}, 'award', 'staff', ${award.decidedBy}, ${award.sessionId}, guard.client_id,
        ${award.id}
      from decided, guard
    ), origin as (
      insert into audit_origin (tenant_id, at, event_id, address)
      select decided.tenant_id, ${lineAt}, ${history.id}, ${award.address}::inet from decided where ${award.address}::inet is not null
    ), job as materialized (
      select app.add_first_job('award.embed', jsonb_build_object('tenant', head.tenant_id, 'award', ${award.id}::text), ${`award.embed ${award.id}`})
      from head
    )
    select (select seq from line) as seq, (select count(*) from job) as jobs,
      app.must(not exists (select from made) or exists (select from line), 'a key is taken or moved') as whole`
  try {
    const [written] = await inOneTrip(db, tenant, writing)
    return (written?.seq ?? null) !== null
  } catch (error) {
    // Another request took the same Idempotency-Key, or a signing key was changed: all of it is rolled back, and the caller reads again.
    if (error instanceof Error && 'code' in error && error.code === 'OP001') return false
    throw error
  }
}

/** Keys or the stop switch moved between reading and writing: the caller's transaction is rolled back, and what was signed is thrown away. */
export class KeysMoved extends Error {
  constructor(tenant: string) {
    super(`keys of ${tenant} were changed while something was signed`)
    this.name = 'KeysMoved'
  }
}

/**
 * Adds one entry to the tenant's chain inside the caller's transaction; for acts other than an award. The head row is locked last, so
 * call it after everything else is written (S-31). `keySeq`, as `readKeySeq` gave it before the keys were read, makes it throw `KeysMoved`
 * when another act on keys came between (S-22).
 */
export async function addHistoryLine(
  trx: Trx,
  tenant: string,
  line: NewHistoryLine,
  { keySeq = null }: { readonly keySeq?: number | null } = {},
): Promise<void> {
  const result = await sql<{ seq: number }>`
    with head as (
      update history_head h set seq = h.seq + 1, prev = h.hash,
        hash = app.history_hash(h.hash, h.seq + 1, h.tenant_id, ${line.id}, ${line.kind}, ${line.at}, ${line.commitment}),
        key_seq = case when ${isSigningAct(line.kind)} then h.seq + 1 else h.key_seq end
      where h.tenant_id = ${tenant} and h.key_seq = coalesce(${keySeq}::bigint, h.key_seq)
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
  if (result.rows[0]) return await auditSigningAct(trx, tenant, line)
  throw keySeq === null ? new Error(`tenant ${tenant} has no history head`) : new KeysMoved(tenant)
}

/** Acts on keys and on the stop switch are in the audit too (S-53); by a command where the line names nobody. */
async function auditSigningAct(trx: Trx, tenant: string, { kind, at, content }: NewHistoryLine): Promise<void> {
  if (!isSigningAct(kind)) return
  const { accountId, kid } = SigningFacts.parse(JSON.parse(content))
  const by = accountId === undefined ? 'command' : ({ kind: 'staff', accountId } as const)
  await recordAudit(trx, { tenant, at, kind, by, ...(kid !== undefined && { what: kid }) })
}

const SigningFacts = z.object({ accountId: z.uuid().optional(), kid: z.string().optional() })

/** Place of the latest line about keys or the stop switch. Read it before the keys that will sign. */
export async function readKeySeq(trx: Trx, tenant: string): Promise<number> {
  const row = await trx
    .selectFrom('history_head')
    .select('key_seq')
    .where('tenant_id', '=', tenant)
    .executeTakeFirstOrThrow()
  return row.key_seq
}
