import type { DrawnPicture } from '../badges/publish.ts'
import type { EvidenceRule } from '../badges/evidence-rule.ts'
import type { StoredAlignment } from '../badges/tables.ts'
import type { Trx } from '../db/database.ts'
import type { ParsedBadge, ParsedModule } from './module-file.ts'

/** A badge class version that is ready to be stored: everything named by row ids, its pictures drawn. */
export type ReadyBadge = {
  readonly badge: ParsedBadge
  readonly template: string
  readonly rule: EvidenceRule
  readonly alignments: readonly StoredAlignment[]
  readonly pictures: readonly DrawnPicture[]
}

/** Row ids by what the file calls them. */
export type RowIds = { readonly tasks: ReadonlyMap<string, string>; readonly requirements: ReadonlyMap<string, string> }

type NewVersion = {
  readonly tenant: string
  readonly id: string
  readonly unitRow: string
  readonly module: ParsedModule
  readonly at: Date
}

/** Which version of a module the tenant has, if any. */
export async function findModuleVersion(
  trx: Trx,
  slug: string,
  version: number,
): Promise<{ id: string; moduleId: string } | undefined> {
  return await trx
    .selectFrom('module_version as v')
    .innerJoin('module as m', (join) => join.onRef('m.tenant_id', '=', 'v.tenant_id').onRef('m.id', '=', 'v.module_id'))
    .select(['v.id', 'm.id as moduleId'])
    .where('m.slug', '=', slug)
    .where('v.version', '=', version)
    .executeTakeFirst()
}

/** The foundation's public name: it stands on the pictures. */
export async function findIssuer(
  trx: Trx,
  tenant: string,
): Promise<{ name: string; url: string; email: string } | undefined> {
  return await trx
    .selectFrom('organisation')
    .select(['name', 'url', 'email'])
    .where('tenant_id', '=', tenant)
    .where('kind', '=', 'foundation')
    .executeTakeFirst()
}

/** The module by its slug, made when it is new. */
export async function ensureModule(
  trx: Trx,
  row: { tenant: string; id: string; slug: string; at: Date },
): Promise<string> {
  const made = await trx
    .insertInto('module')
    .values({ tenant_id: row.tenant, id: row.id, slug: row.slug, created_at: row.at })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'slug']).doNothing())
    .returning('id')
    .executeTakeFirst()
  if (made) return made.id
  const there = await trx.selectFrom('module').select('id').where('slug', '=', row.slug).executeTakeFirstOrThrow()
  return there.id
}

/** The version, published; false when somebody stored the same one meanwhile. */
export async function insertModuleVersion(trx: Trx, moduleId: string, wanted: NewVersion): Promise<boolean> {
  const { tenant, id, unitRow, module, at } = wanted
  const row = await trx
    .insertInto('module_version')
    .values({
      tenant_id: tenant,
      id,
      module_id: moduleId,
      version: module.version,
      state: 'published',
      name: JSON.stringify(module.name),
      workplace: JSON.stringify(module.workplace),
      disclaimer: JSON.stringify(module.disclaimer),
      unit_id: unitRow,
      created_at: at,
      published_at: at,
    })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'module_id', 'version']).doNothing())
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** Tasks with their steps and the requirements they cover, and what the module can never cover. */
export async function insertTasks(trx: Trx, wanted: NewVersion, ids: RowIds): Promise<void> {
  const { tenant, id: versionId, module } = wanted
  const tasks = module.tasks.map((task) => ({ task, id: idOf(ids.tasks, task.key) }))
  await trx
    .insertInto('task')
    .values(
      tasks.map(({ task, id }) => ({
        tenant_id: tenant,
        id,
        key: task.key,
        name: JSON.stringify(task.name),
        easy_fi: task.easyFi,
        difficulty: task.difficulty,
        support_criteria: JSON.stringify(task.supportCriteria),
        prerequisites: [...task.prerequisites],
      })),
    )
    .execute()
  const steps = tasks.flatMap(({ task, id }) =>
    task.steps.map(({ position, text }) => ({ tenant_id: tenant, task_id: id, position, text: JSON.stringify(text) })),
  )
  await trx.insertInto('step').values(steps).execute()
  await trx
    .insertInto('module_task')
    .values(
      tasks.map(({ task, id }) => ({
        tenant_id: tenant,
        module_version_id: versionId,
        task_id: id,
        position: task.position,
      })),
    )
    .execute()
  const covered = tasks.flatMap(({ task, id }) =>
    task.requirements.map((ref) => ({ tenant_id: tenant, task_id: id, requirement_id: idOf(ids.requirements, ref) })),
  )
  if (covered.length > 0) await trx.insertInto('task_requirement').values(covered).execute()
  const gaps = module.uncoveredRequirements.map(({ ref, reason }) => ({
    tenant_id: tenant,
    module_version_id: versionId,
    requirement_id: idOf(ids.requirements, ref),
    reason: JSON.stringify(reason),
  }))
  if (gaps.length > 0) await trx.insertInto('module_gap').values(gaps).execute()
}

/** One badge class, made when it is new, and its next version, published, with its pictures. */
export async function insertBadge(trx: Trx, wanted: NewVersion, ready: ReadyBadge, newId: () => string): Promise<void> {
  const { tenant, at } = wanted
  const { badge } = ready
  const classId = await ensureBadgeClass(trx, { tenant, id: newId(), badge, at })
  const last = await trx
    .selectFrom('badge_class_version')
    .select((row) => row.fn.max('version').as('version'))
    .where('badge_class_id', '=', classId)
    .executeTakeFirst()
  const id = newId()
  await trx
    .insertInto('badge_class_version')
    .values({
      tenant_id: tenant,
      id,
      badge_class_id: classId,
      version: (last?.version ?? 0) + 1,
      module_version_id: wanted.id,
      state: 'published',
      tier: badge.tier,
      template: ready.template,
      name: JSON.stringify(badge.name),
      short_name: JSON.stringify(badge.shortName),
      description: JSON.stringify(badge.description),
      criteria: JSON.stringify(badge.criteria),
      languages: [...badge.languages],
      parent_slug: badge.parent,
      position: badge.position,
      rule: JSON.stringify(ready.rule),
      alignments: JSON.stringify(ready.alignments),
      valid_months: badge.validMonths,
      published_at: at,
    })
    .execute()
  const pictures = ready.pictures.map((picture) => ({ tenant_id: tenant, badge_class_version_id: id, ...picture }))
  await trx.insertInto('badge_picture').values(pictures).execute()
}

async function ensureBadgeClass(
  trx: Trx,
  row: { tenant: string; id: string; badge: ParsedBadge; at: Date },
): Promise<string> {
  const made = await trx
    .insertInto('badge_class')
    .values({ tenant_id: row.tenant, id: row.id, slug: row.badge.slug, scope: row.badge.scope, created_at: row.at })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'slug']).doNothing())
    .returning('id')
    .executeTakeFirst()
  if (made) return made.id
  const there = await trx
    .selectFrom('badge_class')
    .select('id')
    .where('slug', '=', row.badge.slug)
    .executeTakeFirstOrThrow()
  return there.id
}

/** Versions of a module that are no longer the newest: no new applications on their badges, awards stay. */
export async function retireOlder(trx: Trx, moduleId: string, version: number): Promise<void> {
  const older = trx
    .selectFrom('module_version')
    .select('id')
    .where('module_id', '=', moduleId)
    .where('version', '<', version)
    .where('state', '=', 'published')
  await trx
    .updateTable('badge_class_version')
    .set({ state: 'retired' })
    .where('state', '=', 'published')
    .where('module_version_id', 'in', older)
    .execute()
  await trx
    .updateTable('module_version')
    .set({ state: 'retired' })
    .where('module_id', '=', moduleId)
    .where('version', '<', version)
    .where('state', '=', 'published')
    .execute()
}

function idOf(ids: ReadonlyMap<string, string>, name: string): string {
  const id = ids.get(name)
  if (id === undefined) throw new Error(`no row for ${name}`)
  return id
}
