import { sql } from 'kysely'
import { asTenant } from '../db/connect.ts'
import type { Db } from '../db/database.ts'
import { wrappedTables } from './rewrap.ts'

/**
 * Versions of key-encryption keys that wrap something in the database and are not among `known` (S-21): what was wrapped by them cannot be
 * opened. Looks only between the known versions, by the indexes on `kek_version`, so that it costs the same however many keys there are.
 */
export async function missingKeks(
  db: Db,
  tenants: readonly string[],
  known: readonly string[],
): Promise<readonly string[]> {
  const missing = new Set<string>()
  for (const tenant of tenants) {
    for (;;) {
      const found = await unknownVersion(db, tenant, [...known, ...missing])
      if (found === undefined) break
      missing.add(found)
    }
  }
  return [...missing].toSorted()
}

async function unknownVersion(db: Db, tenant: string, known: readonly string[]): Promise<string | undefined> {
  const selects = wrappedTables.flatMap(({ table }) =>
    gaps(known).map(
      ([after, before]) => sql`(select kek_version as version from ${sql.table(table)} where tenant_id = ${tenant}
        and kek_version collate "C" > ${after} ${before === undefined ? sql`` : sql`and kek_version collate "C" < ${before}`}
        and octet_length(data_key) > 0 limit 1)`,
    ),
  )
  return await asTenant(db, tenant, async (trx) => {
    const { rows } = await sql<{ version: string }>`${sql.join(selects, sql` union all `)}`.execute(trx)
    return rows[0]?.version
  })
}

/** Before the first, between each two, and behind the last. Versions are ASCII, so that the order is that of the bytes. */
function gaps(known: readonly string[]): readonly (readonly [string, string | undefined])[] {
  const sorted = [...new Set(known)].toSorted()
  return ['', ...sorted].map((after, place) => [after, sorted[place]])
}
