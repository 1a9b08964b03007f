import { sql } from 'kysely'
import { recordAudit } from '../audit/record.ts'
import { newHistoryLine } from '../awards/history.ts'
import { addHistoryLine } from '../awards/write.ts'
import { asTenant } from '../db/connect.ts'
import type { Trx } from '../db/database.ts'
import type { Deps } from '../deps.ts'
import type { StaffActor } from '../http/actor.ts'
import { Refusal } from '../refusal.ts'
import { clientKey } from './client-key.ts'
import { chosenRows, resealFiles, rowsOfClient } from './merge-rows.ts'
import { lockedClient } from './relation.ts'

type MergeDeps = Pick<Deps, 'db' | 'vault' | 'now' | 'newId'>

/** So long two joined rows can be taken apart again (PRODUCT K7), milliseconds. */
const splitTime = 30 * 86_400_000

/** Rows that were joined and can still be taken apart. */
export type Merge = { readonly id: string; readonly at: Date; readonly until: Date }

/**
 * Two rows of one person become one: everything of `fromId` goes to `clientId`, its words sealed anew under the other key, in one transaction
 * with a line in the history (PRODUCT K7). Awards keep their ids and bytes; only whose they are, and the cycle where both held the same badge, changes.
 * The other row leaves every list; its codes, cards, shares and sessions end. Refuses `not-found`, and `conflict` for what has to be settled first:
 * an open application of both for one badge, a wish to be erased, a mark of protected identity on one alone, a passport elsewhere.
 */
export async function mergeClients(
  deps: MergeDeps,
  actor: StaffActor,
  wanted: { readonly clientId: string; readonly fromId: string },
): Promise<Merge> {
  const { tenant } = actor
  const { clientId, fromId } = wanted
  if (clientId === fromId) throw new Refusal('content', 'Choose two different rows', { code: 'same-person' })
  const now = deps.now()
  const id = deps.newId()
  await asTenant(deps.db, tenant, async (trx) => {
    const both = await lockBoth(trx, tenant, [clientId, fromId])
    const [into, from] = [both.get(clientId), both.get(fromId)]
    if (!into || !from) throw new Refusal('not-found', 'There is no such client')
    await lockedClient(trx, tenant, clientId, 'look')
    await lockedClient(trx, tenant, fromId, 'look')
    await refuseUnsettled(trx, tenant, clientId, fromId)
    const cycles = await newCycles(trx, tenant, clientId, fromId)
    const move = { client: fromId, from: clientKey(from), to: clientKey(into) }
    const rows = await rowsOfClient(trx, deps.vault, tenant, move, cycles)
    await sql`select app.merge_clients(${id}, ${clientId}, ${fromId}, ${actor.accountId}, ${now}, ${JSON.stringify(rows)}::jsonb)`.execute(
      trx,
    )
    await resealFiles(trx, deps.vault, tenant, move, rows)
    await recordAudit(trx, { tenant, at: now, kind: 'client.merged', by: actor, clientId, ref: fromId })
    const facts = { merge: id, by: actor.accountId }
    await addHistoryLine(trx, tenant, newHistoryLine(deps.newId(), 'client.merged', now, facts))
  })
  return { id, at: now, until: new Date(now.getTime() + splitTime) }
}

/**
 * Takes two joined rows apart within 30 days: what came goes back, with what hangs on it since; what was new stays. Refuses `not-found`, and
 * `conflict` when the time is over, it was done meanwhile, or the row went into another since (`split-chain`). Who was marked as protected meanwhile
 * is so in both rows; who went to another foundation is not taken apart (`not-found`).
 */
export async function splitClients(
  deps: MergeDeps,
  actor: StaffActor,
  wanted: { readonly clientId: string; readonly id: string },
): Promise<void> {
  const { tenant } = actor
  const { clientId, id } = wanted
  const now = deps.now()
  await asTenant(deps.db, tenant, async (trx) => {
    const merge = await trx
      .selectFrom('client_merge')
      .select(['from_client', 'merged_at', 'split_at'])
      .where('tenant_id', '=', tenant)
      .where('client_id', '=', clientId)
      .where('id', '=', id)
      .executeTakeFirst()
    if (!merge) throw new Refusal('not-found', 'There is no such joining')
    if (merge.split_at !== null) throw alreadySplit()
    if (merge.merged_at.getTime() + splitTime < now.getTime())
      throw new Refusal('conflict', 'The 30 days are over', { code: 'split-too-late' })
    const both = await lockBoth(trx, tenant, [clientId, merge.from_client])
    const [into, from] = [both.get(clientId), both.get(merge.from_client)]
    if (!into || !from) throw new Refusal('not-found', 'There is no such client')
    if (into.merged_into !== null)
      throw new Refusal('conflict', 'The row was joined into another since: take that apart first', {
        code: 'split-chain',
      })
    await lockedClient(trx, tenant, clientId, 'look')
    const { chosen, cycles } = await whatCame(trx, tenant, clientId, id)
    const move = { client: clientId, from: clientKey(into), to: clientKey(from) }
    const rows = await chosenRows(trx, deps.vault, tenant, move, chosen, cycles)
    const { rows: done } = await sql<{ done: boolean }>`
      select app.split_clients(${id}, ${actor.accountId}, ${now}, ${JSON.stringify(rows)}::jsonb) as done`.execute(trx)
    if (done[0]?.done !== true) throw alreadySplit()
    await resealFiles(trx, deps.vault, tenant, move, rows)
    await recordAudit(trx, { tenant, at: now, kind: 'client.split', by: actor, clientId, ref: merge.from_client })
    const facts = { merge: id, by: actor.accountId }
    await addHistoryLine(trx, tenant, newHistoryLine(deps.newId(), 'client.split', now, facts))
  })
}

/** Joinings of a client that can still be undone, the latest first. */
export async function listMerges(
  deps: Pick<Deps, 'db' | 'now'>,
  tenant: string,
  clientId: string,
): Promise<readonly Merge[]> {
  const since = new Date(deps.now().getTime() - splitTime)
  const rows = await asTenant(
    deps.db,
    tenant,
    async (trx) =>
      await trx
        .selectFrom('client_merge')
        .select(['id', 'merged_at'])
        .where('tenant_id', '=', tenant)
        .where('client_id', '=', clientId)
        .where('split_at', 'is', null)
        .where('merged_at', '>=', since)
        .orderBy('merged_at', 'desc')
        .execute(),
  )
  return rows.map((row) => ({ id: row.id, at: row.merged_at, until: new Date(row.merged_at.getTime() + splitTime) }))
}

function alreadySplit(): Refusal {
  return new Refusal('conflict', 'They were taken apart already', { code: 'split-already' })
}

type Locked = {
  readonly tenant_id: string
  readonly id: string
  readonly data_key: Buffer
  readonly kek_version: string
  readonly merged_into: string | null
}

/** Both rows in the order of the award's statement: applications, evidence, then the clients. Nothing of theirs is written until the end. */
async function lockBoth(trx: Trx, tenant: string, ids: readonly string[]): Promise<ReadonlyMap<string, Locked>> {
  const which = sql`tenant_id = ${tenant} and client_id = any(${[...ids]}::uuid[])`
  await sql`select from application where ${which} order by id for update`.execute(trx)
  await sql`select from client_evidence where ${which} order by client_id for update`.execute(trx)
  const rows = await trx
    .selectFrom('client')
    .select(['tenant_id', 'id', 'data_key', 'kek_version', 'merged_into'])
    .where('tenant_id', '=', tenant)
    .where('id', 'in', [...ids])
    .orderBy('id')
    .forUpdate()
    .execute()
  return new Map(rows.map((row) => [row.id, row]))
}

async function refuseUnsettled(trx: Trx, tenant: string, clientId: string, fromId: string): Promise<void> {
  const both = [clientId, fromId]
  const { rows } = await sql<{ application: boolean; erasure: boolean; protection: boolean; linked: boolean }>`
    select
      exists (select from application a join application b on b.tenant_id = a.tenant_id and b.badge_class_id = a.badge_class_id
        where a.tenant_id = ${tenant} and a.client_id = ${clientId} and b.client_id = ${fromId}
          and a.state in ('proposed', 'submitted') and b.state in ('proposed', 'submitted')) as application,
      exists (select from rights_request q where q.tenant_id = ${tenant} and q.client_id = any(${both}::uuid[])
        and q.kind = 'erasure' and q.state = 'open') as erasure,
      (select count(distinct c.protected_at is null) > 1 from client c
        where c.tenant_id = ${tenant} and c.id = any(${both}::uuid[])) as protection,
      exists (select from client_link l where l.tenant_id = ${tenant} and l.client_id = ${fromId}) as linked`.execute(
    trx,
  )
  const [found] = rows
  if (found?.application) throw unsettled('merge-application', 'Both have applied for one badge: decide on that first')
  if (found?.erasure) throw unsettled('merge-erasure', 'One has asked to be erased: answer that first')
  if (found?.protection) throw unsettled('merge-protection', 'One is marked as protected: mark both or neither first')
  if (found?.linked) throw unsettled('merge-linked', 'The other row has a passport in another foundation: join into it')
}

function unsettled(code: string, message: string): Refusal {
  return new Refusal('conflict', message, { code })
}

/** A badge that both hold: those that come are counted on after those that are there. */
async function newCycles(
  trx: Trx,
  tenant: string,
  clientId: string,
  fromId: string,
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ id: string; cycle: number }>`
    select aw.id, (coalesce((select max(own.cycle) from award own where own.tenant_id = aw.tenant_id and own.client_id = ${clientId}
        and own.badge_class_id = aw.badge_class_id), 0)
      + row_number() over (partition by aw.badge_class_id order by aw.cycle))::integer as cycle
    from award aw where aw.tenant_id = ${tenant} and aw.client_id = ${fromId}`.execute(trx)
  return new Map(rows.map(({ id, cycle }) => [id, cycle]))
}

/** Which rows came, and what hangs on them since: corrections and files of their records, revocations of their awards. */
async function whatCame(
  trx: Trx,
  tenant: string,
  clientId: string,
  merge: string,
): Promise<{
  readonly chosen: ReadonlyMap<string, ReadonlySet<string>>
  readonly cycles: ReadonlyMap<string, number>
}> {
  const { rows } = await sql<{ table: string; key: string; cycle: number | null }>`
    with recursive came as (
      select table_name as "table", row_key as key, cycle from client_merge_row where tenant_id = ${tenant} and merge_id = ${merge}
    ), records as (
      select o.id from observation o join came on came."table" = 'observation' and came.key = o.id::text
        where o.tenant_id = ${tenant} and o.client_id = ${clientId}
      union select o.id from observation o join records r on o.replaces = r.id where o.tenant_id = ${tenant} and o.client_id = ${clientId}
    )
    select came."table", came.key, came.cycle from came
    union select 'observation', id::text, null from records where id::text not in (select key from came where "table" = 'observation')
    union select 'evidence_file', f.id::text, null from evidence_file f where f.tenant_id = ${tenant} and f.client_id = ${clientId}
      and f.observation_id in (select id from records)
    union select 'revocation', v.award_id::text, null from revocation v where v.tenant_id = ${tenant} and v.client_id = ${clientId}
      and v.award_id::text in (select key from came where "table" = 'award')`.execute(trx)
  const keys = Map.groupBy(rows, ({ table }) => table)
  return {
    chosen: new Map([...keys].map(([table, all]) => [table, new Set(all.map(({ key }) => key))])),
    cycles: new Map(rows.flatMap(({ key, cycle }) => (cycle === null ? [] : [[key, cycle] as const]))),
  }
}
