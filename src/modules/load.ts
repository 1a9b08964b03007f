import type { EvidenceRule } from '../badges/evidence-rule.ts'
import { badgeClassFacts } from '../badges/facts.ts'
import { checkPublishable, drawPictures } from '../badges/publish.ts'
import type { StoredAlignment } from '../badges/tables.ts'
import { templateForScope } from '../badges/templates.ts'
import type { IssuerFacts } from '../credentials/facts.ts'
import { asTenant } from '../db/connect.ts'
import type { Deps } from '../deps.ts'
import { pickText } from '../i18n/index.ts'
import { contentRefusal } from '../qualifications/content-fault.ts'
import { findUnitForModule, type FoundUnit } from '../qualifications/find-unit.ts'
import { Refusal } from '../refusal.ts'
import type { ParsedBadge, ParsedModule } from './module-file.ts'
import {
  ensureModule,
  findIssuer,
  findModuleVersion,
  insertBadge,
  insertModuleVersion,
  insertTasks,
  type ReadyBadge,
  retireOlder,
  type RowIds,
} from './store.ts'

export type Loaded = {
  readonly outcome: 'loaded' | 'already-there'
  readonly moduleVersionId: string
  readonly tasks: number
  readonly badges: number
  readonly requirements: number
  readonly uncovered: number
}

export type LoadOptions = {
  readonly tenant: string
  readonly now: Date
  readonly onProgress?: (done: number, total: number) => void
}

/**
 * Takes a module into use in one foundation: module version, tasks, requirement map, badge classes with their pictures, all published, or
 * nothing. The same version again changes nothing; a higher one retires the one before. Refuses with `not-found` (no such foundation),
 * `content` (criteria not imported, a requirement that they do not have, a text that does not fit the picture) and `unfit-to-sign`.
 */
export async function loadModule(
  deps: Pick<Deps, 'db' | 'newId' | 'config'>,
  module: ParsedModule,
  options: LoadOptions,
): Promise<Loaded> {
  const { tenant, now } = options
  const there = await asTenant(deps.db, tenant, async (trx) => ({
    issuer: await findIssuer(trx, tenant),
    version: await findModuleVersion(trx, module.slug, module.version),
  }))
  if (!there.issuer) throw new Refusal('not-found', `There is no foundation with the code ${tenant}`)
  if (there.version) return loadedAs('already-there', there.version.id, module)

  const unit = await getUnit(deps, module)
  const ids: RowIds = {
    tasks: new Map(module.tasks.map((task) => [task.key, deps.newId()])),
    requirements: requirementIds(module, unit),
  }
  const issuer = { origin: deps.config.publicOrigin, code: tenant, ...there.issuer }
  // Drawing takes most of the time: outside any transaction.
  const badges: ReadyBadge[] = []
  for (const badge of module.badges) {
    options.onProgress?.(badges.length, module.badges.length)
    badges.push(await makeReady(badge, module, unit, ids, issuer, now))
  }
  const id = deps.newId()
  const version = { tenant, id, unitRow: unit.id, module, at: now }
  return await asTenant(deps.db, tenant, async (trx) => {
    const moduleId = await ensureModule(trx, { tenant, id: deps.newId(), slug: module.slug, at: now })
    if (!(await insertModuleVersion(trx, moduleId, version))) {
      const other = await findModuleVersion(trx, module.slug, module.version)
      return loadedAs('already-there', other?.id ?? id, module)
    }
    await retireOlder(trx, moduleId, module.version)
    await insertTasks(trx, version, ids)
    for (const badge of badges) await insertBadge(trx, version, badge, deps.newId)
    options.onProgress?.(badges.length, badges.length)
    return loadedAs('loaded', id, module)
  })
}

function loadedAs(outcome: Loaded['outcome'], moduleVersionId: string, module: ParsedModule): Loaded {
  return {
    outcome,
    moduleVersionId,
    tasks: module.tasks.length,
    badges: module.badges.length,
    requirements: module.requirements.length,
    uncovered: module.uncoveredRequirements.length,
  }
}

async function getUnit(deps: Pick<Deps, 'db'>, module: ParsedModule): Promise<FoundUnit> {
  const { source } = module
  const unit = await findUnitForModule(deps.db, source)
  if (unit) return unit
  const name = `${pickText(source.qualificationName, 'fi').text} ${source.diaryNumber} (perusteId ${source.perusteId})`
  const detail = source.isHtmlShape
    ? `it stands on ${name}, whose requirements are an HTML list: criteria of that shape are not imported yet`
    : `it stands on ${name}: import these criteria first`
  throw contentRefusal({ pointer: '/source', code: 'criteria-missing', detail }, 'criteria-missing')
}

function requirementIds(module: ParsedModule, unit: FoundUnit): ReadonlyMap<string, string> {
  return new Map(
    module.requirements.map(({ ref, key }, index) => {
      const id = unit.requirementIds.get(key)
      const detail = `the unit ${module.source.unitId} has no requirement ${key}`
      if (id === undefined)
        throw contentRefusal({ pointer: `/requirements/${index}`, code: 'unknown-requirement', detail })
      return [ref, id]
    }),
  )
}

async function makeReady(
  badge: ParsedBadge,
  module: ParsedModule,
  unit: FoundUnit,
  ids: RowIds,
  issuer: IssuerFacts,
  now: Date,
): Promise<ReadyBadge> {
  const template = templateForScope(badge.scope)
  const alignments = badge.alignments.map((one) => alignmentOf(one, badge, module, unit))
  const pictures = await Promise.all(
    badge.languages.map(async (language) => {
      const name = pickText(badge.name, language).text
      const nameLines = badge.shortName[language] ?? badge.shortName.fi ?? []
      const wanted = { template, tier: badge.tier, language, name, nameLines, issuerName: issuer.name }
      const picture = await drawPictures(wanted)
      await checkPublishable(
        badgeClassFacts({ ...badge, version: module.version, alignments, caption: picture.caption }, issuer, language),
        now,
      )
      return picture
    }),
  )
  return { badge, template, rule: withRowIds(badge.rule, ids), alignments, pictures }
}

/** A badge points to the unit that the module stands on, never to a single requirement (DOMAIN §8). */
function alignmentOf(
  one: ParsedBadge['alignments'][number],
  badge: ParsedBadge,
  module: ParsedModule,
  unit: FoundUnit,
): StoredAlignment {
  if (one.targetCode !== unit.code) {
    const pointer = `/badges/${module.badges.indexOf(badge)}/alignment`
    const detail = `${one.targetCode} is not the code of the unit ${module.source.unitId}, which has ${unit.code ?? 'none'}`
    throw contentRefusal({ pointer, code: 'other-unit', detail })
  }
  const targetFramework: Record<string, string> = {}
  for (const [language, name] of Object.entries(unit.qualificationName)) {
    targetFramework[language] = `${name} ${unit.diaryNumber ?? module.source.diaryNumber}`
  }
  return {
    unitId: unit.id,
    targetCode: one.targetCode,
    targetUrl: one.targetUrl,
    targetFramework,
    targetName: unit.name,
  }
}

/** Rules in the database name tasks and requirements by their rows: that is what observations carry. */
function withRowIds(rule: EvidenceRule, ids: RowIds): EvidenceRule {
  const taskId = (key: string): string => ids.tasks.get(key) ?? key
  return {
    ...rule,
    tasks: rule.tasks.map((task) => ({ ...task, taskKey: taskId(task.taskKey) })),
    requirements: rule.requirements.map((one) => ({
      ...one,
      requirementKey: ids.requirements.get(one.requirementKey) ?? one.requirementKey,
      tasks: one.tasks.map(taskId),
    })),
  }
}
