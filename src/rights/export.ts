import { sql } from 'kysely'
import { recordAudit } from '../audit/record.ts'
import { clientKey, openFor } from '../clients/client-key.ts'
import { asTenant } from '../db/connect.ts'
import type { Trx } from '../db/database.ts'
import type { Deps } from '../deps.ts'
import type { ClientActor } from '../http/actor.ts'
import type { Text } from '../qualifications/tables.ts'
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
 * badges and staff with their names, and what schools say of the badges. That a copy was taken is recorded (S-53).
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
  const { tenant, clientId } = whose
  const now = deps.now()
  return await asTenant(deps.db, tenant, async (trx) => {
    // One moment for all tables: nothing falls between two of them.
    await sql`set transaction isolation level repeatable read`.execute(trx)
    const open = await opener(trx, deps, whose)
    const names = await readNames(trx, tenant)
    const sections: Record<string, readonly OwnRow[]> = {}
    for (const table of Object.keys(ownData).filter(isOwnTable)) {
      const rows = await readRows(trx, tenant, clientId, table)
      sections[ownData[table].as] = rows.map((row) => rowOf(row, ownData[table].fields, names, open))
    }
    sections['endorsements'] = await readEndorsements(trx, tenant, clientId)
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

async function opener(trx: Trx, { vault }: Pick<Deps, 'vault'>, { tenant, clientId }: Whose): Promise<Open> {
  const client = await trx
    .selectFrom('client')
    .select(['tenant_id', 'id', 'data_key', 'kek_version'])
    .where('tenant_id', '=', tenant)
    .where('id', '=', clientId)
    .executeTakeFirst()
  if (!client) throw new Refusal('not-found', 'There is no such client')
  const key = clientKey(client)
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

async function readRows(trx: Trx, tenant: string, clientId: string, table: OwnTable): Promise<readonly OwnRow[]> {
  const { fields, whose, order } = ownData[table]
  const columns = Object.keys(fields).map((column) => sql.ref(column))
  const result = await sql<OwnRow>`select ${sql.join(columns)} from ${sql.table(table)}
    where tenant_id = ${tenant} and ${sql.ref(whose)} = ${clientId} order by ${sql.ref(order)}`.execute(trx)
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

async function readEndorsements(trx: Trx, tenant: string, clientId: string): Promise<readonly OwnRow[]> {
  const result = await sql<OwnRow>`
    select e.award_id as "awardId", e.endorser, e.given_at as "givenAt", e.withdrawn_at as "withdrawnAt", e.document
    from received_endorsement e join award aw on aw.tenant_id = e.tenant_id and aw.id = e.award_id
    where e.tenant_id = ${tenant} and aw.client_id = ${clientId} order by e.given_at`.execute(trx)
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
