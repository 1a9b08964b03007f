import { sql } from 'kysely'
import { asTenant } from '../../src/db/connect.ts'
import type { Db, Trx } from '../../src/db/database.ts'
import type { Deps } from '../../src/deps.ts'
import { loadedOnce, type LoadedRows } from './loaded-once.ts'

/** Rows of the module that a test works in. */
export type GivenModule = {
  readonly moduleVersionId: string
  /** By the file's own keys: `t1` … `t7`. */
  readonly tasks: ReadonlyMap<string, { readonly id: string; readonly name: string }>
  /** By slug. */
  readonly badges: ReadonlyMap<string, { readonly classId: string; readonly versionId: string }>
}

/**
 * The real module of the wood workshop on the real criteria. The first foundation of the run that bears this name loads it by the way that
 * the demo and the commands take; every other one gets the same rows under ids of its own, because reading, drawing and checking take a
 * worker two seconds and give the same bytes each time.
 */
export async function givenWoodModule(
  deps: Pick<Deps, 'db' | 'newId' | 'now' | 'config'>,
  ownerDb: Db,
  foundation: { readonly code: string; readonly name: string },
): Promise<GivenModule> {
  const { code } = foundation
  const loaded = await loadedOnce(deps, ownerDb, foundation)
  if (loaded.by !== code) await copyRows(deps, ownerDb, loaded, code)
  return await asTenant(deps.db, code, async (trx) => await rowsOf(trx))
}

async function rowsOf(trx: Trx): Promise<GivenModule> {
  const { id: moduleVersionId } = await trx.selectFrom('module_version').select('id').executeTakeFirstOrThrow()
  const tasks = await trx.selectFrom('task').select(['key', 'id', 'name']).execute()
  const badges = await trx
    .selectFrom('badge_class_version as bv')
    .innerJoin('badge_class as bc', (j) =>
      j.onRef('bc.tenant_id', '=', 'bv.tenant_id').onRef('bc.id', '=', 'bv.badge_class_id'),
    )
    .select(['bc.slug', 'bc.id as classId', 'bv.id as versionId'])
    .execute()
  return {
    moduleVersionId,
    tasks: new Map(tasks.map((row) => [row.key, { id: row.id, name: row.name['fi'] ?? row.key }])),
    badges: new Map(badges.map(({ slug, classId, versionId }) => [slug, { classId, versionId }])),
  }
}

/** Another foundation's rows, with this one's code, the time now and new ids in the same order. The criteria belong to nobody. */
async function copyRows(
  deps: Pick<Deps, 'newId' | 'now'>,
  ownerDb: Db,
  loaded: LoadedRows,
  code: string,
): Promise<void> {
  const ids = new Map([...loaded.ids].toSorted().map((id) => [id, deps.newId()]))
  const own = (rows: string): string =>
    rows
      .replaceAll(/(?<=")[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?=")/g, (id) => ids.get(id) ?? id)
      .replaceAll(`"tenant_id": "${loaded.by}"`, `"tenant_id": "${code}"`)
      .replaceAll(`"${loaded.at}"`, `"${deps.now().toISOString()}"`)
  await ownerDb.transaction().execute(async (trx) => {
    const unit = await trx.selectFrom('unit').select('id').where('id', '=', loaded.unitId).executeTakeFirst()
    if (!unit) for (const { table, rows } of loaded.criteria) await insertRows(trx, table, rows)
    for (const { table, rows } of loaded.module) await insertRows(trx, table, own(rows))
  })
}

async function insertRows(trx: Trx, table: string, rows: string): Promise<void> {
  const name = sql.table(table)
  await sql`insert into ${name} select * from jsonb_populate_recordset(null::${name}, ${rows}::jsonb)`.execute(trx)
}
