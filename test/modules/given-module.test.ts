import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { startService, type TestService } from '../support/app.ts'
import { givenFoundation } from '../support/given.ts'
import { loadWoodModule } from '../support/loaded-once.ts'

// Most tests get the module's rows as a copy of what the first foundation of the run loaded: it has to be the same in every table.

const Tables = z.array(z.object({ table_name: z.string() }))
let service: TestService

beforeAll(async () => {
  service = await startService()
})
afterAll(async () => await service?.close())

/** Every tenant table's rows of one foundation, with its code and all ids made alike. */
async function rowsOf(code: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const { ownerDb } = service.database
  const found = await sql`
    select c.table_name from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
    where c.table_schema = 'public' and c.column_name = 'tenant_id' and t.table_type = 'BASE TABLE'`.execute(ownerDb)
  const rows = new Map<string, readonly string[]>()
  for (const { table_name: table } of Tables.parse(found.rows)) {
    const read = await sql<{ row: string }>`
      select to_jsonb(r)::text as row from ${sql.table(table)} r where tenant_id = ${code}`.execute(ownerDb)
    const alike = read.rows.map(({ row }) =>
      row.replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'id').replaceAll(`"${code}"`, '"code"'),
    )
    rows.set(table, alike.toSorted())
  }
  return rows
}

test('a foundation that is given the module has row for row what loading it writes, under ids of its own', async () => {
  await givenFoundation(service)
  service.at('2026-11-23T10:11:12Z')
  const copied = await givenFoundation(service)
  const loaded = await givenFoundation(service, { module: false })
  const before = await rowsOf(loaded.code)
  await loadWoodModule(service.deps, loaded.code)
  const after = await rowsOf(loaded.code)
  const written = [...after.keys()].filter((table) => after.get(table)?.length !== before.get(table)?.length)
  expect(written).toContain('badge_picture')
  const copy = await rowsOf(copied.code)
  for (const table of written) expect(copy.get(table), table).toEqual(after.get(table))

  const other = await givenFoundation(service)
  expect(other.task('t1').id).not.toBe(copied.task('t1').id)
  expect(other.badge('hionta').classId).not.toBe(copied.badge('hionta').classId)
  expect(other.badge('hionta').versionId).not.toBe(copied.badge('hionta').versionId)
})
