import { sql } from 'kysely'
import { z } from 'zod'
import { inOneTrip } from '../db/connect.ts'
import type { Db, Trx } from '../db/database.ts'
import { statement } from '../db/statement.ts'
import type { EvidenceRule } from '../badges/evidence-rule.ts'
import { recordAudit } from '../audit/record.ts'
import { isSigningAct, type NewHistoryLine } from './history.ts'

/** What the writing statement puts down, and what must still hold of what was read. */
export type NewAward = {
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
  /** To the millisecond; the award itself speaks in whole seconds. */
  readonly decidedAt: Date
  readonly validUntil: Date | null
  readonly rule: EvidenceRule
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

/** Several awards wait together for a lock so long, in milliseconds; then each waits by itself, and only one of them for long. */
const lockTimeout = 250

/**
 * Writes whole awards of a tenant in one statement (DESIGN, The award path 4; S-24, S-31, S-33): for each of them the guard sees that everything
 * read still holds; the award takes its cycle, then idempotency row and application, the history head last, and the job for the embedded
 * proof. Everybody who locks these takes them in one order: all applications by their ids, all evidence by its clients, the head last. The head
 * says whether keys or the stop switch moved since they were read: award and rotation come one after the other (S-22, S-25).
 * Tells of each whether it was written: one whose guard no longer holds is left out. When an Idempotency-Key is taken or keys moved nothing is
 * written: false for one, an error for several, who then ask each for itself; as they do when one of them waits for a lock.
 */
export async function writeAwards(db: Db, tenant: string, awards: readonly NewAward[]): Promise<readonly boolean[]> {
  const writing = statement<{ written: readonly string[] }>('award.write')`
    with recursive wanted as materialized (
      select * from json_to_recordset(${JSON.stringify(rowsOf(tenant, awards))}) as given (tenant_id text, place integer, id uuid,
        public_id text, application_id uuid, decided_by uuid, session_id uuid, revision bigint, kids text[], key_seq bigint, awarded_at timestamptz, decided_at timestamptz,
        valid_until timestamptz, rule jsonb, credential_id text, assertion_id text, recipient_urn text, recipient_salt text,
        status_list integer, status_index integer, ob2_jws text, ob3_jwt text, history_id uuid, history_kind text, history_at timestamptz,
        history_salt bytea, history_content text, commitment bytea, holder uuid, idempotency_key text, digest bytea, address inet)
      where given.tenant_id = ${tenant}
    ), waiting as materialized (
      select wanted.place, ap.tenant_id, ap.client_id, ap.badge_class_id, ap.badge_class_version_id, ap.language
      from wanted join application ap on ap.tenant_id = ${tenant} and ap.id = wanted.application_id
      where ap.state = 'submitted'
      order by ap.id
      for update of ap
    ), guard as materialized (
      select wanted.place, ap.tenant_id, ap.client_id, ap.badge_class_id, ap.badge_class_version_id, ap.language, last.cycle
      from waiting ap
        join wanted on wanted.place = ap.place
        join client_evidence e on e.tenant_id = ap.tenant_id and e.client_id = ap.client_id
        cross join lateral (
          select coalesce(max(aw.cycle), 0) + 1 as cycle,
            coalesce(bool_and(aw.state = 'declined'
              or coalesce(aw.valid_until <= wanted.awarded_at + make_interval(days => ${renewalDays}), false)
              or exists (select from revocation r where r.tenant_id = aw.tenant_id and r.award_id = aw.id)), true) as is_over
          from award aw
          where aw.tenant_id = ap.tenant_id and aw.client_id = ap.client_id and aw.badge_class_id = ap.badge_class_id) last
      where last.is_over and e.revision = wanted.revision
        and exists (select from session s where s.tenant_id = ${tenant} and s.id = wanted.session_id and s.ended_at is null
          and s.ends_at > wanted.awarded_at)
        and exists (select from role_grant g where g.tenant_id = ${tenant} and g.account_id = wanted.decided_by
          and g.role = 'coordinator' and g.ended_at is null)
        and exists (select from organisation o where o.tenant_id = ${tenant} and o.issuing_stopped_at is null)
        and not exists (select from app.issuance where stopped_at is not null)
        and exists (select from badge_class_version v where v.tenant_id = ${tenant} and v.id = ap.badge_class_version_id
          and v.state in ('published', 'retired'))
        and (select count(*) from signing_key k where k.tenant_id = ${tenant} and k.kid = any(wanted.kids) and k.state = 'active')
          = cardinality(wanted.kids)
      order by e.client_id
      for update of e
    ), made as (
      insert into award (tenant_id, id, public_id, client_id, badge_class_id, badge_class_version_id, cycle, application_id, language,
        state, decided_by, awarded_at, valid_from, valid_until, rule, credential_id, assertion_id, recipient_urn, recipient_salt,
        status_list, status_index, ob2_jws, ob3_jwt)
      select guard.tenant_id, wanted.id, wanted.public_id, guard.client_id, guard.badge_class_id, guard.badge_class_version_id,
        guard.cycle, wanted.application_id, guard.language, 'offered', wanted.decided_by, wanted.awarded_at, wanted.awarded_at,
        wanted.valid_until, wanted.rule, wanted.credential_id, wanted.assertion_id, wanted.recipient_urn, wanted.recipient_salt,
        wanted.status_list, wanted.status_index, wanted.ob2_jws, wanted.ob3_jwt
      from guard join wanted on wanted.place = guard.place
      on conflict (tenant_id, client_id, badge_class_id, cycle) do nothing
      returning id, client_id
    ), remembered as (
      insert into idempotency (tenant_id, holder, key, digest, status, ref, at)
      select ${tenant}, wanted.holder, wanted.idempotency_key, wanted.digest, 201, made.id::text, wanted.awarded_at
      from made join wanted on wanted.id = made.id
      on conflict (tenant_id, holder, key) do nothing
      returning ref
    ), decided as (
      update application ap set state = 'awarded', award_id = wanted.id, decided_by = wanted.decided_by, decided_at = wanted.decided_at
      from remembered join wanted on wanted.id = remembered.ref::uuid
      where ap.tenant_id = ${tenant} and ap.id = wanted.application_id
      returning wanted.place, ap.client_id
    ), head as (
      select h.tenant_id, h.seq, h.hash, h.key_seq from history_head h
      where h.tenant_id = ${tenant} and (select count(*) from decided) > 0
      for update
    ), entering as materialized (
      select wanted.*, decided.client_id, row_number() over (order by wanted.place) as number
      from head, decided join wanted on wanted.place = decided.place where wanted.key_seq = head.key_seq
    ), chain as (
      select 0::bigint as number, head.seq, null::bytea as prev, head.hash from head
      union all
      select entering.number, chain.seq + 1, chain.hash, app.history_hash(chain.hash, chain.seq + 1, ${tenant}, entering.history_id,
        entering.history_kind, entering.history_at, entering.commitment)
      from chain join entering on entering.number = chain.number + 1
    ), moved as (
      update history_head h set seq = last.seq, prev = last.prev, hash = last.hash
      from (select * from chain order by number desc limit 1) last where h.tenant_id = ${tenant} and last.number > 0
      returning h.seq
    ), line as (
      insert into history (tenant_id, seq, id, kind, at, prev, hash, commitment)
      select ${tenant}, chain.seq, entering.history_id, entering.history_kind, entering.history_at, chain.prev, chain.hash,
        entering.commitment
      from chain join entering on entering.number = chain.number
      returning id
    ), content as (
      insert into history_content (tenant_id, history_id, salt, content)
      select ${tenant}, history_id, history_salt, history_content from entering
    ), audited as (
      insert into audit_event (tenant_id, at, id, kind, actor_kind, actor_id, session_id, client_id, ref)
      select ${tenant}, history_at, history_id, 'award', 'staff', decided_by, session_id, client_id, id from entering
    ), origin as (
      insert into audit_origin (tenant_id, at, event_id, address)
      select ${tenant}, history_at, history_id, address from entering where address is not null
    ), job as materialized (
      select app.add_first_job('award.embed', jsonb_build_object('tenant', ${tenant}::text, 'award', id::text), 'award.embed ' || id)
      from entering
    )
    select array(select id from line) as written, (select count(*) from job) as jobs,
      app.must((select count(*) from made) = (select count(*) from line)
        and (not exists (select from line) or exists (select from moved)), 'a key is taken or moved') as whole`
  try {
    const [answer] = await inOneTrip(db, tenant, writing, awards.length > 1 ? { lockTimeout } : {})
    const written = new Set(answer?.written)
    return awards.map(({ history }) => written.has(history.id))
  } catch (error) {
    // Another request took the same Idempotency-Key, or a signing key was changed: all of it is rolled back, and the caller reads again.
    if (awards.length === 1 && error instanceof Error && 'code' in error && error.code === 'OP001') return [false]
    throw error
  }
}

/** The awards as the statement reads them. */
function rowsOf(tenant: string, awards: readonly NewAward[]): readonly object[] {
  const bytes = (value: Buffer): string => `\\x${value.toString('hex')}`
  return awards.map((award, place) => ({
    tenant_id: tenant,
    place,
    id: award.id,
    public_id: award.publicId,
    application_id: award.applicationId,
    decided_by: award.decidedBy,
    session_id: award.sessionId,
    revision: award.evidenceRevision,
    kids: award.kids,
    key_seq: award.keySeq,
    awarded_at: award.awardedAt,
    decided_at: award.decidedAt,
    valid_until: award.validUntil,
    rule: award.rule,
    credential_id: award.credentialId,
    assertion_id: award.assertionId,
    recipient_urn: award.recipient.urn,
    recipient_salt: award.recipient.salt,
    status_list: award.status.list,
    status_index: award.status.index,
    ob2_jws: award.ob2Jws,
    ob3_jwt: award.ob3Jwt,
    history_id: award.history.id,
    history_kind: award.history.kind,
    history_at: award.history.at,
    history_salt: bytes(award.history.salt),
    history_content: award.history.content,
    commitment: bytes(award.history.commitment),
    holder: award.idempotency.holder,
    idempotency_key: award.idempotency.key,
    digest: bytes(award.idempotency.digest),
    address: award.address,
  }))
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
