import { type RawBuilder, sql } from 'kysely'
import { clientKey, type ClientPurpose, openFor } from '../clients/client-key.ts'
import { requireClient } from '../clients/client.ts'
import { isCoachedBy } from '../clients/relation.ts'
import { asTenant } from '../db/connect.ts'
import type { Trx } from '../db/database.ts'
import type { Deps } from '../deps.ts'
import type { Actor, MachineActor } from '../http/actor.ts'
import { dayInHelsinki } from '../i18n/index.ts'
import type { Vault } from '../keys/vault.ts'
import type { Permission } from '../matrix/matrix.ts'
import type { SupportLevel } from '../modules/tables.ts'
import type { Text } from '../qualifications/tables.ts'
import { Refusal } from '../refusal.ts'
import { undoTime } from './observation.ts'
import { savedIds } from './store.ts'

/** An observation as it is read, its words opened. */
export type ObservationView = {
  readonly id: string
  readonly clientId: string
  readonly taskId: string
  readonly taskName: Text
  readonly supportLevel: SupportLevel
  readonly observedOn: string
  readonly recordedAt: Date
  readonly recordedBy: { readonly id: string; readonly name: string }
  readonly recordedLate: boolean
  readonly undoUntil: Date
  readonly state: 'current' | 'replaced' | 'undone'
  readonly note: string | null
  readonly lateReason: string | null
  readonly replaces: string | null
  readonly replaceReason: string | null
}

type ReadDeps = Pick<Deps, 'db' | 'vault'>
type Coach = { readonly tenant: string; readonly accountId: string }

/**
 * A client's observations, newest record first; with `withoutUndone` only what was not taken back. The caller has looked that the client is
 * in the reader's reach.
 */
export async function listObservations(
  deps: ReadDeps,
  tenant: string,
  wanted: {
    readonly clientId: string
    readonly before?: string | undefined
    readonly limit: number
    readonly withoutUndone?: boolean
  },
): Promise<readonly ObservationView[]> {
  const standing = wanted.withoutUndone === true ? sql`and o.undone_at is null` : sql``
  const before = wanted.before === undefined ? sql`` : sql`and o.id < ${wanted.before}`
  return await asTenant(
    deps.db,
    tenant,
    async (trx) =>
      await read(
        deps.vault,
        trx,
        tenant,
        sql`o.client_id = ${wanted.clientId} ${before} ${standing} order by o.id desc limit ${wanted.limit}`,
      ),
  )
}

/** One observation, for its client, the own coaches and the coordinator. Refuses `not-found` else (S-11, S-12). */
export async function getObservation(
  deps: ReadDeps,
  actor: Actor | MachineActor,
  id: string,
  now: Date,
  permission: Permission = 'observation:read',
): Promise<ObservationView> {
  const [found] = await asTenant(
    deps.db,
    actor.tenant,
    async (trx) => await read(deps.vault, trx, actor.tenant, sql`o.id = ${id}`),
  )
  const missing = 'There is no such record'
  if (!found) throw new Refusal('not-found', missing)
  await requireReach(deps, actor, found.clientId, now, missing, permission)
  return found
}

/** Refuses `not-found` unless the client is the actor, one whom the staff member works with today, or one of the program's organisation (S-11, S-12). */
export async function requireReach(
  deps: ReadDeps,
  actor: Actor | MachineActor,
  clientId: string,
  now: Date,
  missing = 'There is no such client',
  permission: Permission = 'observation:read',
): Promise<void> {
  if (actor.kind !== 'client') {
    await requireClient(deps, actor, clientId, dayInHelsinki(now), missing, permission)
  } else if (actor.clientId !== clientId) {
    throw new Refusal('not-found', missing)
  }
}

/** Are there words in these records that only who works with the client reads (DESIGN, At rest)? */
export function hasNotes(records: readonly ObservationView[]): boolean {
  return records.some(({ note, lateReason, replaceReason }) => (note ?? lateReason ?? replaceReason) !== null)
}

/** What this coach recorded today and what still stands of it, newest first. */
export async function listTodays(deps: ReadDeps, actor: Coach, now: Date): Promise<readonly ObservationView[]> {
  const dayAgo = new Date(now.getTime() - 86_400_000)
  const rows = await asTenant(deps.db, actor.tenant, async (trx) => {
    const which = sql`o.recorded_by = ${actor.accountId} and o.recorded_at > ${dayAgo} and o.undone_at is null
      and ${ownStill(actor, now)} order by o.id desc limit 100`
    return await read(deps.vault, trx, actor.tenant, which)
  })
  const today = dayInHelsinki(now)
  return rows.filter(({ state, recordedAt }) => state === 'current' && dayInHelsinki(recordedAt) === today)
}

/** What one save of this coach's form made, by the form's key. Empty when there was none. */
export async function listSaved(
  deps: ReadDeps,
  actor: Coach,
  key: string,
  now: Date,
): Promise<readonly ObservationView[]> {
  return await asTenant(deps.db, actor.tenant, async (trx) => {
    const ids = await savedIds(trx, actor.tenant, actor.accountId, key)
    const which = sql`o.recorded_by = ${actor.accountId} and o.id::text = any(${[...ids]})
      and ${ownStill(actor, now)} order by o.id`
    return await read(deps.vault, trx, actor.tenant, which)
  })
}

/** The client is still the coach's: also what one recorded oneself is gone with the relation (S-12). */
function ownStill(actor: Coach, now: Date): RawBuilder<boolean> {
  return isCoachedBy(actor.accountId, dayInHelsinki(now), sql`o.client_id`, sql`o.tenant_id`)
}

type Row = {
  readonly id: string
  readonly tenant_id: string
  readonly client_id: string
  readonly task_id: string
  readonly task_name: Text
  readonly support_level: SupportLevel
  readonly observed_on: string
  readonly recorded_at: Date
  readonly recorded_by: string
  readonly recorder: string
  readonly note_sealed: Buffer | null
  readonly late_reason_sealed: Buffer | null
  readonly replaces: string | null
  readonly replace_reason_sealed: Buffer | null
  readonly undone_at: Date | null
  readonly is_replaced: boolean
  readonly data_key: Buffer
  readonly kek_version: string
}

async function read(
  vault: Vault,
  trx: Trx,
  tenant: string,
  which: RawBuilder<unknown>,
): Promise<readonly ObservationView[]> {
  const result = await sql<Row>`
    select o.id, o.tenant_id, o.client_id, o.task_id, t.name as task_name, o.support_level, o.observed_on, o.recorded_at, o.recorded_by,
      a.display_name as recorder, o.note_sealed, o.late_reason_sealed, o.replaces, o.replace_reason_sealed, o.undone_at,
      exists (select from observation newer where newer.tenant_id = o.tenant_id and newer.client_id = o.client_id
        and newer.replaces = o.id and newer.undone_at is null) as is_replaced,
      c.data_key, c.kek_version
    from observation o
      join task t on t.tenant_id = o.tenant_id and t.id = o.task_id
      join account a on a.tenant_id = o.tenant_id and a.id = o.recorded_by
      join client c on c.tenant_id = o.tenant_id and c.id = o.client_id
    where o.tenant_id = ${tenant} and ${which}`.execute(trx)
  return result.rows.map((row) => viewOf(vault, row))
}

function viewOf(vault: Vault, row: Row): ObservationView {
  const key = clientKey({ ...row, id: row.client_id })
  const open = (purpose: ClientPurpose, sealed: Buffer | null): string | null =>
    sealed && openFor(vault, key, purpose, sealed)
  return {
    id: row.id,
    clientId: row.client_id,
    taskId: row.task_id,
    taskName: row.task_name,
    supportLevel: row.support_level,
    observedOn: row.observed_on,
    recordedAt: row.recorded_at,
    recordedBy: { id: row.recorded_by, name: row.recorder },
    recordedLate: row.late_reason_sealed !== null,
    undoUntil: new Date(row.recorded_at.getTime() + undoTime),
    state: row.undone_at ? 'undone' : row.is_replaced ? 'replaced' : 'current',
    note: open('observation.note', row.note_sealed),
    lateReason: open('observation.late-reason', row.late_reason_sealed),
    replaces: row.replaces,
    replaceReason: open('observation.replace-reason', row.replace_reason_sealed),
  }
}
