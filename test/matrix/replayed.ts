import { CompiledQuery, sql } from 'kysely'
import { asTenant } from '../../src/db/connect.ts'
import type { Db } from '../../src/db/database.ts'
import type { Asked } from '../support/app.ts'

/** Those that only read, each once. */
export function readsOf(asked: readonly Asked[]): readonly Asked[] {
  const reads = asked.filter(
    ({ text }) =>
      /^\s*(?:select|with)\b/i.test(text) &&
      !/\b(?:insert into|update|delete from|app\.add_job|pg_notify)\b/i.test(text),
  )
  return [...new Map(reads.map((one) => [JSON.stringify([one.text, one.values]), one])).values()]
}

/**
 * Sends the statements again, word for word with the ids and the tenant that they had, in another tenant's transaction: as if nothing in the
 * application were looked at. What each finds, as text.
 */
export async function replayAs(db: Db, tenant: string, asked: readonly Asked[]): Promise<readonly string[]> {
  const found: string[] = []
  for (const { text, values } of asked) {
    const { rows } = await asTenant(
      db,
      tenant,
      async (trx) => await trx.executeQuery(CompiledQuery.raw(text, [...values])),
    )
    found.push(JSON.stringify(rows))
  }
  return found
}

/** Names of every table with a tenant, from the catalogue. */
export async function tablesWithTenant(ownerDb: Db): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`
    select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
    where n.nspname = 'public' and c.relkind in ('r', 'p') order by 1`.execute(ownerDb)
  return rows.map(({ name }) => name)
}
