import { readFileSync } from 'node:fs'
import { sql } from 'kysely'
import pg from 'pg'
import { inject } from 'vitest'
import { z } from 'zod'
import type { Db } from '../../src/db/database.ts'
import type { Deps } from '../../src/deps.ts'
import { loadModule } from '../../src/modules/load.ts'
import { parseModuleFile, parseShortNames } from '../../src/modules/module-file.ts'
import { parseCriteria } from '../../src/qualifications/eperusteet/parse.ts'
import { importCriteria } from '../../src/qualifications/import.ts'

const Table = z.object({ table: z.string(), rows: z.string() })
const LoadedRows = z.object({
  /** Code of the foundation that loaded it. */
  by: z.string(),
  /** When, as its rows write it. */
  at: z.string(),
  /** The unit of the criteria that the module stands on. */
  unitId: z.string(),
  /** Every row's own id, so that another foundation's copy can have others. */
  ids: z.array(z.string()),
  /** Rows of each table as JSON, in the order in which they can be inserted. */
  criteria: z.array(Table),
  module: z.array(Table),
})

/** What `loadModule` wrote in the first foundation of the run that bears a name (the name stands on the pictures). */
export type LoadedRows = z.infer<typeof LoadedRows>

const tables = [
  'module',
  'module_version',
  'task',
  'step',
  'module_task',
  'task_requirement',
  'module_gap',
  'badge_class',
  'badge_class_version',
  'badge_picture',
]

const demo = (name: string): Buffer => readFileSync(new URL(`../../demo/${name}`, import.meta.url))
const known = new Map<string, LoadedRows>()

/**
 * The module's rows, loaded in this foundation when it is the first of its name in the run, and kept on the run's server for the files
 * that come after. A database that has the criteria from elsewhere keeps them: its foundations load the module themselves.
 */
export async function loadedOnce(
  deps: Pick<Deps, 'db' | 'newId' | 'now' | 'config'>,
  ownerDb: Db,
  foundation: { readonly code: string; readonly name: string },
): Promise<LoadedRows> {
  const loaded = known.get(foundation.name) ?? (await fromServer(foundation.name, async () => await load()))
  known.set(foundation.name, loaded)
  const units = await ownerDb.selectFrom('unit').select('id').execute()
  const hasOthers = units.length > 0 && !units.some(({ id }) => id === loaded.unitId)
  return hasOthers ? await load() : loaded

  async function load(): Promise<LoadedRows> {
    await loadWoodModule(deps, foundation.code)
    return await readRows(ownerDb, foundation.code)
  }
}

/** By the way that the demo and the commands take. */
export async function loadWoodModule(deps: Pick<Deps, 'db' | 'newId' | 'now' | 'config'>, code: string): Promise<void> {
  const now = deps.now()
  await importCriteria(deps, parseCriteria(demo('criteria/puuteollisuus-OPH-2455-2017.json')), { now })
  const parsed = parseModuleFile(demo('modules/puupintojen-kasittely.json'), parseShortNames(demo('short-names.json')))
  await loadModule(deps, parsed, { tenant: code, now })
}

/** One file at a time asks, so that nobody loads what another is loading. */
async function fromServer(name: string, load: () => Promise<LoadedRows>): Promise<LoadedRows> {
  const client = new pg.Client({ connectionString: inject('server').ownerUrl })
  await client.connect()
  try {
    await client.query(`select pg_advisory_lock(hashtext('loaded_once'))`)
    await client.query('create table if not exists loaded_once (name text primary key, rows json not null)')
    const { rows } = await client.query('select rows from loaded_once where name = $1', [name])
    if (rows.length > 0) return z.tuple([z.object({ rows: LoadedRows })]).parse(rows)[0].rows
    const loaded = await load()
    await client.query('insert into loaded_once values ($1, $2)', [name, JSON.stringify(loaded)])
    return loaded
  } finally {
    await client.end()
  }
}

async function readRows(ownerDb: Db, code: string): Promise<LoadedRows> {
  const read = async (table: string, where = sql`tenant_id = ${code}`): Promise<{ table: string; rows: string }> => {
    const rows = sql<{ rows: string }>`
      select coalesce(jsonb_agg(to_jsonb(r)), '[]')::text as rows from (select * from ${sql.table(table)} where ${where}) r`
    return { table, rows: (await rows.execute(ownerDb)).rows[0]?.rows ?? '[]' }
  }
  const {
    unit_id: unitId,
    qualification_id,
    at,
  } = await ownerDb
    .selectFrom('module_version as v')
    .innerJoin('unit as u', 'u.id', 'v.unit_id')
    .select(['v.unit_id', 'u.qualification_id', sql<string>`to_jsonb(v) ->> 'published_at'`.as('at')])
    .where('v.tenant_id', '=', code)
    .executeTakeFirstOrThrow()
  const module = await Promise.all(tables.map(async (table) => await read(table)))
  const criteria = await Promise.all([
    read('qualification', sql`id = ${qualification_id}`),
    read('unit', sql`qualification_id = ${qualification_id}`),
    read('requirement', sql`unit_id in (select id from unit where qualification_id = ${qualification_id})`),
  ])
  const ids = module.flatMap(({ rows }) => [...rows.matchAll(/"id": "([^"]+)"/g)].map(([, id = '']) => id))
  return { by: code, at, unitId, ids, criteria, module }
}
