import { readFileSync } from 'node:fs'
import { asTenant } from '../../src/db/connect.ts'
import type { Deps } from '../../src/deps.ts'
import { loadModule } from '../../src/modules/load.ts'
import { parseModuleFile, parseShortNames } from '../../src/modules/module-file.ts'
import { parseCriteria } from '../../src/qualifications/eperusteet/parse.ts'
import { importCriteria } from '../../src/qualifications/import.ts'

/** Rows of the module that a test works in. */
export type GivenModule = {
  readonly moduleVersionId: string
  /** By the file's own keys: `t1` … `t7`. */
  readonly tasks: ReadonlyMap<string, { readonly id: string; readonly name: string }>
  /** By slug. */
  readonly badges: ReadonlyMap<string, { readonly classId: string; readonly versionId: string }>
}

const demo = (name: string): Buffer => readFileSync(new URL(`../../demo/${name}`, import.meta.url))

/** The real module of the wood workshop on the real criteria, by the way that the demo and the commands take. */
export async function givenWoodModule(
  deps: Pick<Deps, 'db' | 'newId' | 'now' | 'config'>,
  code: string,
): Promise<GivenModule> {
  const now = deps.now()
  await importCriteria(deps, parseCriteria(demo('criteria/puuteollisuus-OPH-2455-2017.json')), { now })
  const parsed = parseModuleFile(demo('modules/puupintojen-kasittely.json'), parseShortNames(demo('short-names.json')))
  const { moduleVersionId } = await loadModule(deps, parsed, { tenant: code, now })
  return await asTenant(deps.db, code, async (trx) => {
    const tasks = await trx
      .selectFrom('module_task as mt')
      .innerJoin('task as t', (j) => j.onRef('t.tenant_id', '=', 'mt.tenant_id').onRef('t.id', '=', 'mt.task_id'))
      .select(['t.key', 't.id', 't.name'])
      .where('mt.tenant_id', '=', code)
      .where('mt.module_version_id', '=', moduleVersionId)
      .execute()
    const badges = await trx
      .selectFrom('badge_class_version as bv')
      .innerJoin('badge_class as bc', (j) =>
        j.onRef('bc.tenant_id', '=', 'bv.tenant_id').onRef('bc.id', '=', 'bv.badge_class_id'),
      )
      .select(['bc.slug', 'bc.id as classId', 'bv.id as versionId'])
      .where('bv.tenant_id', '=', code)
      .where('bv.module_version_id', '=', moduleVersionId)
      .execute()
    return {
      moduleVersionId,
      tasks: new Map(tasks.map((row) => [row.key, { id: row.id, name: row.name['fi'] ?? row.key }])),
      badges: new Map(badges.map(({ slug, classId, versionId }) => [slug, { classId, versionId }])),
    }
  })
}
