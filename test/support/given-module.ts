import { readFile } from 'node:fs/promises'
import type { Db } from '../../src/db/database.ts'
import { asTenant } from '../../src/db/connect.ts'
import type { Deps } from '../../src/deps.ts'
import { parseModuleFile, parseShortNames, type ParsedModule } from '../../src/modules/module-file.ts'

/** Rows of the module that the tests work in. */
export type GivenModule = {
  readonly moduleVersionId: string
  /** By the file's own keys: `t1` … `t7`. */
  readonly tasks: ReadonlyMap<string, { readonly id: string; readonly name: string }>
  /** By slug. */
  readonly badges: ReadonlyMap<string, { readonly classId: string; readonly versionId: string }>
}

const file = (name: string): URL => new URL(`../../demo/${name}`, import.meta.url)

export async function givenModule(
  deps: Pick<Deps, 'db' | 'newId' | 'now'>,
  ownerDb: Db,
  code: string,
  slug: string,
): Promise<GivenModule> {
  const shortNames = parseShortNames(await readFile(file('short-names.json')))
  const parsed = parseModuleFile(await readFile(file(`modules/${slug}.json`)), shortNames)
  const unit = await givenUnit(deps, ownerDb, parsed)
  return await insertModule(deps, code, parsed, unit)
}

async function givenUnit(
  deps: Pick<Deps, 'newId' | 'now'>,
  ownerDb: Db,
  { source, requirements }: ParsedModule,
): Promise<{ readonly id: string; readonly requirements: ReadonlyMap<string, string> }> {
  const there = await ownerDb
    .selectFrom('unit')
    .innerJoin('qualification', 'qualification.id', 'unit.qualification_id')
    .select('unit.id')
    .where('peruste_id', '=', source.perusteId)
    .where('unit.unit_id', '=', source.unitId)
    .executeTakeFirst()
  const unitId = there?.id ?? deps.newId()
  if (!there) {
    const qualificationId = deps.newId()
    await ownerDb
      .insertInto('qualification')
      .values({
        id: qualificationId,
        peruste_id: source.perusteId,
        global_version: source.globalVersion,
        diary_number: source.diaryNumber,
        name: JSON.stringify(source.qualificationName),
        state: 'VALMIS',
        valid_from: null,
        valid_until: null,
        transition_until: null,
        languages: ['fi', 'sv'],
        qualification_codes: '[]',
        competence_areas: '[]',
        titles: '[]',
        scope_unit: 'osp',
        imported_at: deps.now(),
      })
      .execute()
    await ownerDb
      .insertInto('unit')
      .values({
        id: unitId,
        qualification_id: qualificationId,
        unit_id: source.unitId,
        code: source.unitCode,
        name: JSON.stringify(source.unitName),
        kind: 'normaali',
        position: 1,
        shape: 'coded',
      })
      .execute()
    for (const [position, one] of requirements.entries()) {
      await ownerDb
        .insertInto('requirement')
        .values({
          id: deps.newId(),
          unit_id: unitId,
          key: one.key,
          position,
          area: null,
          text: JSON.stringify(one.text),
          code: null,
          untrusted_code: null,
          criteria: '[]',
        })
        .execute()
    }
  }
  const rows = await ownerDb.selectFrom('requirement').select(['id', 'key']).where('unit_id', '=', unitId).execute()
  const byKey = new Map(rows.map((row) => [row.key, row.id]))
  return { id: unitId, requirements: new Map(requirements.map((one) => [one.ref, byKey.get(one.key) ?? ''])) }
}

async function insertModule(
  deps: Pick<Deps, 'db' | 'newId' | 'now'>,
  code: string,
  parsed: ParsedModule,
  unit: { readonly id: string; readonly requirements: ReadonlyMap<string, string> },
): Promise<GivenModule> {
  const now = deps.now()
  const moduleId = deps.newId()
  const moduleVersionId = deps.newId()
  const taskId = new Map(parsed.tasks.map((task) => [task.key, deps.newId()]))
  const idOf = (key: string): string => taskId.get(key) ?? key
  const badges = new Map(parsed.badges.map((badge) => [badge.slug, { classId: deps.newId(), versionId: deps.newId() }]))
  await asTenant(deps.db, code, async (trx) => {
    await trx
      .insertInto('module')
      .values({ tenant_id: code, id: moduleId, slug: parsed.slug, created_at: now })
      .execute()
    await trx
      .insertInto('module_version')
      .values({
        tenant_id: code,
        id: moduleVersionId,
        module_id: moduleId,
        version: 1,
        state: 'published',
        name: JSON.stringify(parsed.name),
        workplace: JSON.stringify(parsed.workplace),
        disclaimer: JSON.stringify(parsed.disclaimer),
        unit_id: unit.id,
        created_at: now,
        published_at: now,
      })
      .execute()
    for (const task of parsed.tasks) {
      const id = idOf(task.key)
      await trx
        .insertInto('task')
        .values({
          tenant_id: code,
          id,
          key: task.key,
          name: JSON.stringify(task.name),
          easy_fi: task.easyFi,
          difficulty: task.difficulty,
          support_criteria: JSON.stringify(task.supportCriteria),
          prerequisites: [...task.prerequisites],
        })
        .execute()
      await trx
        .insertInto('step')
        .values(
          task.steps.map((step) => ({
            tenant_id: code,
            task_id: id,
            position: step.position,
            text: JSON.stringify(step.text),
          })),
        )
        .execute()
      await trx
        .insertInto('module_task')
        .values({ tenant_id: code, module_version_id: moduleVersionId, task_id: id, position: task.position })
        .execute()
    }
    for (const badge of parsed.badges) {
      const ids = badges.get(badge.slug) ?? { classId: '', versionId: '' }
      await trx
        .insertInto('badge_class')
        .values({ tenant_id: code, id: ids.classId, slug: badge.slug, scope: badge.scope, created_at: now })
        .execute()
      const rule = {
        ...badge.rule,
        tasks: badge.rule.tasks.map((task) => ({ ...task, taskKey: idOf(task.taskKey) })),
        requirements: badge.rule.requirements.map((one) => ({
          ...one,
          requirementKey: unit.requirements.get(one.requirementKey) ?? '',
          tasks: one.tasks.map(idOf),
        })),
      }
      await trx
        .insertInto('badge_class_version')
        .values({
          tenant_id: code,
          id: ids.versionId,
          badge_class_id: ids.classId,
          version: 1,
          module_version_id: moduleVersionId,
          state: 'published',
          tier: badge.tier,
          template: 'taito-hilla',
          name: JSON.stringify(badge.name),
          short_name: JSON.stringify(badge.shortName),
          description: JSON.stringify(badge.description),
          criteria: JSON.stringify(badge.criteria),
          languages: [...badge.languages],
          parent_slug: badge.parent,
          position: badge.position,
          rule: JSON.stringify(rule),
          alignments: '[]',
          valid_months: badge.validMonths,
          published_at: now,
        })
        .execute()
    }
  })
  const tasks = new Map(
    parsed.tasks.map((task) => [task.key, { id: idOf(task.key), name: task.name['fi'] ?? task.key }]),
  )
  return { moduleVersionId, tasks, badges }
}
