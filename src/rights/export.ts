import { sql } from 'kysely'
import { recordAudit } from '../audit/record.ts'
import { clientKey, openFor } from '../clients/client-key.ts'
import { idsOfPerson } from '../clients/merge-ids.ts'
import { asTenant } from '../db/connect.ts'
import type { Trx } from '../db/database.ts'
import type { Deps } from '../deps.ts'
import type { ClientActor } from '../http/actor.ts'
import type { Text } from '../qualifications/tables.ts'
import type { Vault, WrappedKey } from '../keys/vault.ts'
import { Refusal } from '../refusal.ts'
import { type Field, type OwnTable, ownData } from './fields.ts'

/** One row of the copy: names as the copy calls them. An id with a name is `{id, name}`. */
export type OwnRow = Readonly<Record<string, unknown>>

/** A client's own data, whole (S-51). */
export type OwnCopy = {
  readonly format: 'osaamispassi-own-data'
  readonly version: 1
  readonly madeAt: string
  readonly organisation: { readonly code: string; readonly name: string }
  readonly sections: Readonly<Record<string, readonly OwnRow[]>>
}

export const copyForms = ['json', 'pdf'] as const
export type CopyForm = (typeof copyForms)[number]

/**
 * Everything that the organisation keeps about the client, read at one moment (S-51): each table of `ownData`, words opened, ids of tasks,
 * badges and staff with their names, and what schools say of the badges; with what stands under rows of the same person that went into this
 * one (PRODUCT K7). That a copy was taken is recorded (S-53).
 */
export async function readOwnCopy(
  deps: Pick<Deps, 'db' | 'vault' | 'now'>,
  actor: ClientActor,
  form: CopyForm,
): Promise<OwnCopy> {
  return await readCopy(deps, actor, async (trx, now) => {
    const { tenant, clientId } = actor
    await recordAudit(trx, { tenant, at: now, kind: 'export', by: actor, clientId, what: form })
  })
}

type Whose = Pick<ClientActor, 'tenant' | 'clientId'>

/** The same, whoever takes it: `record` writes down who did, in the same transaction. */
export async function readCopy(
  deps: Pick<Deps, 'db' | 'vault' | 'now'>,
  whose: Whose,
  record: (trx: Trx, now: Date) => Promise<void>,
): Promise<OwnCopy> {
  const { tenant } = whose
  const now = deps.now()
  return await asTenant(deps.db, tenant, async (trx) => {
    // One moment for all tables: nothing falls between two of them.
    await sql`set transaction isolation level repeatable read`.execute(trx)
    const keys = await readKeys(trx, whose)
    const names = await readNames(trx, tenant)
    const sections: Record<string, readonly OwnRow[]> = {}
    for (const table of Object.keys(ownData).filter(isOwnTable)) {
      const rows = await readRows(trx, tenant, [...keys.keys()], table)
      sections[ownData[table].as] = rows.map((row) =>
        rowOf(row, ownData[table].fields, names, opener(deps.vault, keys.get(row[ownerColumn]))),
      )
    }
    sections['endorsements'] = await readEndorsements(trx, tenant, [...keys.keys()])
    await record(trx, now)
    return {
      format: 'osaamispassi-own-data',
      version: 1,
      madeAt: now.toISOString(),
      organisation: { code: tenant, name: await organisationName(trx, tenant) },
      sections,
    }
  })
}

function isOwnTable(name: string): name is OwnTable {
  return Object.hasOwn(ownData, name)
}

type Open = (field: Extract<Field, { sealed: unknown }>, sealed: Buffer) => unknown

/** The key of each row of the person, by the row's id. Refuses `not-found`. */
async function readKeys(trx: Trx, { tenant, clientId }: Whose): Promise<ReadonlyMap<unknown, WrappedKey>> {
  const clients = await trx
    .selectFrom('client')
    .select(['tenant_id', 'id', 'data_key', 'kek_version'])
    .where('tenant_id', '=', tenant)
    .where(sql<boolean>`id = any(${idsOfPerson(tenant, clientId)})`)
    .execute()
  if (clients.length === 0) throw new Refusal('not-found', 'There is no such client')
  return new Map(clients.map((client) => [client.id, clientKey(client)]))
}

/** Under which of the rows something stands: its words are sealed under that one's key. */
const ownerColumn = '$owner'

function opener(vault: Vault, key: WrappedKey | undefined): Open {
  if (!key) throw new Error('a row of nobody is in the copy')
  return ({ sealed: purpose }, sealed) => {
    const words = openFor(vault, key, purpose, sealed)
    if (purpose !== 'client.name' && purpose !== 'client.handover') return words
    const whole: unknown = JSON.parse(words)
    return whole
  }
}

type Names = Readonly<Record<'account' | 'task' | 'badge' | 'unit', ReadonlyMap<string, Text | string>>>

async function readNames(trx: Trx, tenant: string): Promise<Names> {
  const accounts = await trx
    .selectFrom('account')
    .select(['id', 'display_name'])
    .where('tenant_id', '=', tenant)
    .execute()
  const tasks = await trx.selectFrom('task').select(['id', 'name']).where('tenant_id', '=', tenant).execute()
  const badges = await trx
    .selectFrom('badge_class_version')
    .select(['id', 'name'])
    .where('tenant_id', '=', tenant)
    .execute()
  const units = await trx.selectFrom('work_unit').select(['id', 'name']).where('tenant_id', '=', tenant).execute()
  return {
    account: new Map(accounts.map(({ id, display_name: name }) => [id, name])),
    task: new Map(tasks.map(({ id, name }) => [id, name])),
    badge: new Map(badges.map(({ id, name }) => [id, name])),
    unit: new Map(units.map(({ id, name }) => [id, name])),
  }
}

async function readRows(
  trx: Trx,
  tenant: string,
  ids: readonly unknown[],
  table: OwnTable,
): Promise<readonly OwnRow[]> {
  const { fields, whose, order } = ownData[table]
  const columns = Object.keys(fields).map((column) => sql.ref(column))
  const owner = sql`${sql.ref(whose)} as ${sql.id(ownerColumn)}`
  // The client's own row has gone into no other one: it comes before those that did. By the client's row, so that a table of all foundations
  // gives nothing of another one's person either (S-10).
  const result = await sql<OwnRow>`select ${sql.join([...columns, owner])} from ${sql.table(table)}
    where tenant_id = ${tenant}
      and ${sql.ref(whose)} in (select c.id from client c where c.tenant_id = ${tenant} and c.id = any(${ids}::uuid[]))
    order by ${sql.ref(order)} nulls first, ${sql.ref(whose)}`.execute(trx)
  return result.rows
}

function rowOf(row: OwnRow, fields: Readonly<Record<string, Field>>, names: Names, open: Open): OwnRow {
  const told = Object.entries(fields).flatMap(([column, field]): readonly (readonly [string, unknown])[] => {
    if ('left' in field) return []
    const value = row[column] ?? null
    if (value === null) return [[field.as, null]]
    if ('sealed' in field) return [[field.as, Buffer.isBuffer(value) ? open(field, value) : null]]
    if ('names' in field) return [[field.as, { id: value, name: nameOf(names[field.names], value) }]]
    return [[field.as, value]]
  })
  return Object.fromEntries(told)
}

function nameOf(names: ReadonlyMap<string, Text | string>, id: unknown): Text | string | null {
  return typeof id === 'string' ? (names.get(id) ?? null) : null
}

async function readEndorsements(trx: Trx, tenant: string, ids: readonly unknown[]): Promise<readonly OwnRow[]> {
  const result = await sql<OwnRow>`
    select e.award_id as "awardId", e.endorser, e.given_at as "givenAt", e.withdrawn_at as "withdrawnAt", e.document
    from received_endorsement e join award aw on aw.tenant_id = e.tenant_id and aw.id = e.award_id
    where e.tenant_id = ${tenant} and aw.client_id = any(${ids}::uuid[]) order by e.given_at`.execute(trx)
  return result.rows
}

async function organisationName(trx: Trx, tenant: string): Promise<string> {
  const row = await trx
    .selectFrom('organisation')
    .select('name')
    .where('tenant_id', '=', tenant)
    .executeTakeFirstOrThrow()
  return row.name
}
