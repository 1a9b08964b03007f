import { sql } from 'kysely'
import { asTenant } from '../db/connect.ts'
import type { Db, Trx } from '../db/database.ts'
import type { Deps } from '../deps.ts'
import type { WrappedKey } from './vault.ts'

const firstUuid = '00000000-0000-0000-0000-000000000000'

/**
 * Every table with data keys in it: the column that says whose each is, its type, and what sorts before all. A table with a `kek_version` that
 * is not here fails a test.
 */
export const wrappedTables = [
  { table: 'signing_key', owner: 'kid', type: 'text', first: '' },
  { table: 'client', owner: 'id', type: 'uuid', first: firstUuid },
  { table: 'second_factor', owner: 'account_id', type: 'uuid', first: firstUuid },
] as const
type WrappedTable = (typeof wrappedTables)[number]

export type RewrapProgress = (done: number, total: number) => void

/** How many rows change in one transaction: what a kill can undo. */
const batch = 100

/**
 * Wraps every data key by the current KEK, in small transactions (S-21). Signing keys and clients' words are not opened, only the data keys
 * in memory. Killed at any moment it has changed whole rows or none, and goes on where it was; run beside the service it disturbs nobody.
 * Gives how many it wrapped; afterwards nothing needs another KEK. Throws `NoSuchKek` when one is missing that wraps something.
 */
export async function rewrapKeys(
  deps: Pick<Deps, 'db' | 'vault'>,
  tenants: readonly string[],
  onProgress: RewrapProgress = () => undefined,
): Promise<number> {
  const counts = await Promise.all(tenants.map(async (tenant) => await countOld(deps, tenant)))
  const total = counts.reduce((sum, count) => sum + count, 0)
  let done = 0
  onProgress(done, total)
  for (const tenant of tenants) {
    for (const place of wrappedTables) {
      for (let after: string | undefined = place.first; after !== undefined; ) {
        const some = await rewrapSome(deps, tenant, place, after)
        after = some.last
        done += some.count
        onProgress(Math.min(done, total), total)
      }
    }
  }
  return done
}

/** How many data keys each KEK wraps, by its version: what `keys list` tells. */
export async function countByKek(db: Db, tenants: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>()
  for (const tenant of tenants) {
    for (const { version, count } of await asTenant(db, tenant, async (trx) => await versions(trx, tenant)))
      counts.set(version, (counts.get(version) ?? 0) + count)
  }
  return counts
}

type Version = { readonly version: string; readonly count: number }

async function versions(trx: Trx, tenant: string): Promise<readonly Version[]> {
  const parts = wrappedTables.map(
    ({ table }) =>
      sql`select kek_version from ${sql.table(table)} where tenant_id = ${tenant} and octet_length(data_key) > 0`,
  )
  const { rows } = await sql<Version>`select kek_version as version, count(*)::integer as count
    from (${sql.join(parts, sql` union all `)}) as wrapped group by kek_version`.execute(trx)
  return rows
}

async function countOld({ db, vault }: Pick<Deps, 'db' | 'vault'>, tenant: string): Promise<number> {
  const all = await asTenant(db, tenant, async (trx) => await versions(trx, tenant))
  return all.reduce((sum, { version, count }) => (version === vault.kekVersion ? sum : sum + count), 0)
}

type OldRow = { readonly owner: string; readonly data_key: Buffer; readonly kek_version: string }

/** One transaction's worth. An erased client's key is empty: there is nothing left to wrap. */
async function rewrapSome(
  { db, vault }: Pick<Deps, 'db' | 'vault'>,
  tenant: string,
  { table, owner, type }: WrappedTable,
  after: string,
): Promise<{ readonly count: number; readonly last: string | undefined }> {
  const [from, name] = [sql.table(table), sql.ref(owner)]
  return await asTenant(db, tenant, async (trx) => {
    const { rows } = await sql<OldRow>`select ${name}::text as owner, data_key, kek_version from ${from}
      where tenant_id = ${tenant} and ${name} > ${after} and kek_version <> ${vault.kekVersion} and octet_length(data_key) > 0
      order by ${name} limit ${batch} for no key update`.execute(trx)
    const wrapped = rows.map((row) => vault.rewrap(wrappedOf(tenant, row)))
    await sql`update ${from} set data_key = decode(new.data_key, 'hex'), kek_version = ${vault.kekVersion}
      from unnest(${wrapped.map((key) => key.owner)}::text[], ${wrapped.map((key) => key.dataKey.toString('hex'))}::text[])
        as new (owner, data_key)
      where tenant_id = ${tenant} and ${name} = new.owner::${sql.raw(type)}`.execute(trx)
    return { count: rows.length, last: rows.at(-1)?.owner }
  })
}

function wrappedOf(tenant: string, row: OldRow): WrappedKey {
  return { tenant, owner: row.owner, dataKey: row.data_key, kekVersion: row.kek_version }
}
