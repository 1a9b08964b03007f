import { sql } from 'kysely'
import { isCoachedBy } from '../clients/relation.ts'
import type { Trx } from '../db/database.ts'
import { dayInHelsinki } from '../i18n/index.ts'
import type { SupportLevel } from '../modules/tables.ts'

/** One row to be written. Words are sealed already. */
export type ObservationRow = {
  readonly id: string
  readonly clientId: string
  readonly taskId: string
  readonly observedOn: string
  readonly supportLevel: SupportLevel
  readonly note: Buffer | null
  readonly lateReason: Buffer | null
  readonly replaces: string | null
  readonly replaceReason: Buffer | null
}

export type ToWrite = {
  readonly tenant: string
  readonly coach: string
  readonly sessionId: string | null
  /** A program reaches every client of the tenant, and corrects only what it recorded itself. */
  readonly everyClient: boolean
  readonly today: string
  readonly now: Date
  readonly rows: readonly ObservationRow[]
  readonly idempotency: { readonly key: string; readonly digest: Buffer } | null
}

/** Why a row could not be recorded. `position` is its place in the request. */
export type RefusedRow = {
  readonly position: number
  readonly isOwn: boolean
  readonly isTask: boolean
  readonly isThere: boolean
  readonly isCurrent: boolean
}

/** What was done before with the same key. */
export type KnownRequest = { readonly digest: string; readonly ref: string; readonly at: string }

export type WriteResult = {
  readonly written: number
  readonly refused: readonly RefusedRow[]
  readonly known: KnownRequest | null
}

/**
 * Writes observations in one statement (DESIGN, The award path; PERFORMANCE): looks whether the client is the coach's own today, whether the
 * task belongs to a published module of the tenant, whether the corrected row still stands, and whether the key was used; writes all rows
 * and the idempotency row, or nothing. Nothing written, nothing refused and no known request: another request has the key just now; ask again.
 */
export async function writeObservations(trx: Trx, wanted: ToWrite): Promise<WriteResult> {
  const { tenant, coach, sessionId, everyClient, today, now, idempotency } = wanted
  const key = idempotency?.key ?? null
  const result = await sql<WriteResult>`
    with wanted as (
      select * from jsonb_to_recordset(${JSON.stringify(wanted.rows.map(asJson))}::jsonb) as w (position int, id uuid, client_id uuid,
        task_id uuid, observed_on date, support_level text, note text, late_reason text, replaces uuid, replace_reason text)
    ), judged as materialized (
      select w.*,
        exists (select from client c where c.tenant_id = ${tenant} and c.id = w.client_id and c.ended_at is null and c.moved_at is null
          and (${everyClient} or ${isCoachedBy(coach, today, sql`c.id`, sql`c.tenant_id`)})) as is_own,
        exists (select from module_task mt join module_version mv on mv.tenant_id = mt.tenant_id and mv.id = mt.module_version_id
          where mt.tenant_id = ${tenant} and mt.task_id = w.task_id and mv.state = 'published') as is_task,
        w.replaces is null or exists (select from observation old
          where old.tenant_id = ${tenant} and old.client_id = w.client_id and old.id = w.replaces
            and (not ${everyClient} or old.recorded_by = ${coach})) as is_there,
        w.replaces is null or (
          not exists (select from observation old where old.tenant_id = ${tenant} and old.client_id = w.client_id
            and old.id = w.replaces and old.undone_at is not null)
          and not exists (select from observation newer where newer.tenant_id = ${tenant} and newer.client_id = w.client_id
            and newer.replaces = w.replaces and newer.undone_at is null)) as is_current
      from wanted w
    ), known as (
      select i.digest, i.ref, i.at from idempotency i where i.tenant_id = ${tenant} and i.holder = ${coach} and i.key = ${key}
    ), go as (
      select from judged having bool_and(is_own and is_task and is_there and is_current) and not exists (select from known)
    ), remembered as (
      insert into idempotency (tenant_id, holder, key, digest, status, ref, at)
      select ${tenant}, ${coach}, ${key}, ${idempotency?.digest ?? null}::bytea, 201,
        (select string_agg(id::text, ',' order by position) from judged), ${now}::timestamptz
      from go where ${key}::text is not null
      on conflict (tenant_id, holder, key) do nothing
      returning tenant_id
    ), written as (
      insert into observation (tenant_id, id, client_id, task_id, observed_on, support_level, note_sealed, late_reason_sealed,
        recorded_by, recorded_at, session_id, replaces, replace_reason_sealed, undone_at)
      select ${tenant}, j.id, j.client_id, j.task_id, j.observed_on, j.support_level, decode(j.note, 'base64'),
        decode(j.late_reason, 'base64'), ${coach}, ${now}::timestamptz, ${sessionId}, j.replaces, decode(j.replace_reason, 'base64'), null
      from judged j, go where ${key}::text is null or exists (select from remembered)
      -- always in the same order, so that two batches wait for each other instead of locking each other out
      order by j.client_id
      returning id
    )
    select (select count(*) from written) as written,
      (select coalesce(jsonb_agg(jsonb_build_object('position', position, 'isOwn', is_own, 'isTask', is_task, 'isThere', is_there,
        'isCurrent', is_current) order by position), '[]') from judged
        where not (is_own and is_task and is_there and is_current)) as refused,
      (select jsonb_build_object('digest', encode(digest, 'hex'), 'ref', ref, 'at', at) from known) as known`.execute(
    trx,
  )
  return result.rows[0] ?? { written: 0, refused: [], known: null }
}

function asJson(row: ObservationRow, position: number): Record<string, unknown> {
  return {
    position,
    id: row.id,
    client_id: row.clientId,
    task_id: row.taskId,
    observed_on: row.observedOn,
    support_level: row.supportLevel,
    note: row.note?.toString('base64') ?? null,
    late_reason: row.lateReason?.toString('base64') ?? null,
    replaces: row.replaces,
    replace_reason: row.replaceReason?.toString('base64') ?? null,
  }
}

export type KeyRow = {
  readonly id: string
  readonly tenant_id: string
  readonly data_key: Buffer
  readonly kek_version: string
}

/** Data keys of some clients of the tenant, to seal words with. */
export async function clientKeys(
  trx: Trx,
  tenant: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, KeyRow>> {
  const rows = await trx
    .selectFrom('client')
    .select(['id', 'tenant_id', 'data_key', 'kek_version'])
    .where('tenant_id', '=', tenant)
    .where('id', 'in', [...new Set(ids)])
    .execute()
  return new Map(rows.map((row) => [row.id, row]))
}

/** The day of an observation that is about to be corrected, and its sealed late reason. */
export async function correctedRows(
  trx: Trx,
  tenant: string,
  wanted: readonly { readonly clientId: string; readonly replaces: string }[],
): Promise<ReadonlyMap<string, { readonly observedOn: string; readonly lateReason: Buffer | null }>> {
  const rows = await trx
    .selectFrom('observation')
    .select(['id', 'observed_on', 'late_reason_sealed'])
    .where('tenant_id', '=', tenant)
    .where((is) => is.or(wanted.map(({ clientId, replaces }) => is.and({ client_id: clientId, id: replaces }))))
    .execute()
  return new Map(rows.map((row) => [row.id, { observedOn: row.observed_on, lateReason: row.late_reason_sealed }]))
}

/**
 * Takes back rows that this coach recorded after `since` and that nothing replaced; a row that was taken back before stays as it was.
 * All or nothing: gives undefined, and changes nothing, when one of them cannot be taken back any more.
 */
export async function undoRows(
  trx: Trx,
  wanted: {
    readonly tenant: string
    readonly coach: string
    readonly ids: readonly string[]
    readonly since: Date
    readonly now: Date
  },
): Promise<readonly { readonly id: string; readonly undone_at: Date }[] | undefined> {
  const { tenant, coach, ids, since, now } = wanted
  const result = await sql<{ id: string; undone_at: Date }>`
    with able as materialized (
      select o.id from observation o
      where o.tenant_id = ${tenant} and o.id = any(${[...ids]}::uuid[]) and o.recorded_by = ${coach}
        and ${isCoachedBy(coach, dayInHelsinki(now), sql`o.client_id`, sql`o.tenant_id`)}
        and (o.undone_at is not null or (o.recorded_at >= ${since} and not exists (select from observation newer
          where newer.tenant_id = o.tenant_id and newer.client_id = o.client_id and newer.replaces = o.id
            and newer.undone_at is null)))
    )
    update observation o set undone_at = coalesce(o.undone_at, ${now}) from able
    where o.tenant_id = ${tenant} and o.id = able.id and (select count(*) from able) = ${ids.length}
    returning o.id, o.undone_at`.execute(trx)
  return result.rows.length === ids.length ? result.rows : undefined
}

/** The ids that one save of this coach made, by its idempotency key; none when there was no such save. */
export async function savedIds(trx: Trx, tenant: string, coach: string, key: string): Promise<readonly string[]> {
  const row = await trx
    .selectFrom('idempotency')
    .select('ref')
    .where('tenant_id', '=', tenant)
    .where('holder', '=', coach)
    .where('key', '=', key)
    .executeTakeFirst()
  // Other requests of the same person keep one id here as well; what is no observation is simply not found later.
  return row ? row.ref.split(',') : []
}
