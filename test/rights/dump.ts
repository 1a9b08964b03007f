import { sql } from 'kysely'
import type { TestService } from '../support/app.ts'

/** Every row of every table as text, the queue's too, each with its table's name before it. */
export async function dump({ database }: TestService): Promise<readonly string[]> {
  const tables = await sql<{ schema: string; name: string }>`
    select table_schema as schema, table_name as name from information_schema.tables
    where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`.execute(
    database.ownerDb,
  )
  const found: string[] = []
  for (const { schema, name } of tables.rows) {
    const table = sql.table(`${schema}.${name}`)
    const { rows } = await sql<{ row: string }>`select t::text as row from ${table} t`.execute(database.ownerDb)
    found.push(...rows.map(({ row }) => `${schema}.${name} ${row}`))
  }
  return found
}

/** The lines that hold a word as it is, or as the bytes of it. */
export function holding(lines: readonly string[], word: string): readonly string[] {
  const forms = [word, Buffer.from(word).toString('hex'), Buffer.from(word).toString('base64')]
  return lines.filter((line) => forms.some((form) => line.toLowerCase().includes(form.toLowerCase())))
}
