import { type EvidenceRule, supportLevels } from '../badges/evidence-rule.ts'
import type { Language, Scope, Tier } from '../credentials/facts.ts'
import { contentRefusal, faultOf } from '../qualifications/content-fault.ts'
import { readJsonFile } from '../qualifications/json-file.ts'
import type { Text } from '../qualifications/tables.ts'
import { ModuleFile, ShortNames } from './file-schema.ts'
import { refuseInconsistent } from './module-consistency.ts'
import type { SupportLevel } from './tables.ts'

/** A requirement as the module sees it. `ref` holds inside the file; `key` is the identity inside the unit (FORMAT, Identity). */
export type ParsedModuleRequirement = {
  readonly ref: string
  readonly key: string
  readonly area: Text | null
  readonly text: Text
  readonly untrustedCode: string | null
  readonly coveredBy: readonly string[]
}

/** Work task (työtehtävä) with its steps and what it looks like at each support level. */
export type ParsedTask = {
  readonly key: string
  readonly position: number
  readonly difficulty: number
  readonly name: Text
  readonly easyFi: string | null
  readonly requirements: readonly string[]
  readonly prerequisites: readonly string[]
  readonly steps: readonly { readonly position: number; readonly text: Text }[]
  readonly supportCriteria: Readonly<Record<SupportLevel, Text>>
}

export type ParsedBadge = {
  readonly slug: string
  readonly position: number
  readonly scope: Scope
  readonly tier: Tier
  readonly parent: string | null
  readonly name: Text
  readonly shortName: Readonly<Partial<Record<Language, readonly string[]>>>
  readonly description: Text
  /** Public criteria; for a unit also what is shown at school, with its reason. */
  readonly criteria: Text
  /** Languages in which all of it exists. */
  readonly languages: readonly Language[]
  /** Tasks by their keys, requirements by their refs: both become row ids when the module is loaded. */
  readonly rule: EvidenceRule
  readonly alignments: readonly {
    readonly targetCode: string
    readonly targetUrl: string
    readonly targetFramework: string
  }[]
  readonly validMonths: number | null
}

export type ParsedModule = {
  readonly slug: string
  readonly version: number
  readonly name: Text
  readonly workplace: Text
  readonly disclaimer: Text
  /** Which unit of which version of which criteria. */
  readonly source: {
    readonly perusteId: number
    readonly globalVersion: number
    readonly diaryNumber: string
    readonly qualificationName: Text
    readonly unitId: string
    readonly unitCode: string
    readonly unitName: Text
    readonly isHtmlShape: boolean
  }
  readonly supportVariants: readonly { readonly level: SupportLevel; readonly name: Text; readonly meaning: Text }[]
  readonly requirements: readonly ParsedModuleRequirement[]
  /** What the module can never cover, with the reason: shown at school. */
  readonly uncoveredRequirements: readonly { readonly ref: string; readonly key: string; readonly reason: Text }[]
  readonly tasks: readonly ParsedTask[]
  readonly badges: readonly ParsedBadge[]
}

export const moduleBounds = { maxBytes: 1024 * 1024, maxDepth: 20 } as const

/**
 * Reads a module file and turns its Finnish codes into ours (DESIGN, Words). Pure. Refuses with `unreadable` or `content`, with the place
 * and what is wrong there: also for a key that points nowhere, a circle, or a requirement that nothing covers and nothing explains.
 */
export function parseModuleFile(bytes: Uint8Array, shortNames: ShortNames = {}): ParsedModule {
  const read = ModuleFile.safeParse(readJsonFile(bytes, moduleBounds))
  if (!read.success) throw contentRefusal(faultOf(read.error))
  const file = read.data
  refuseInconsistent(file)
  const { source } = file
  const requirements = file.requirements.map((one) => requirementOf(one, file))
  return {
    slug: file.id,
    version: file.version,
    name: file.name,
    workplace: file.workplace,
    disclaimer: file.disclaimer,
    source: {
      perusteId: source.perusteId,
      globalVersion: source.globalVersion,
      diaryNumber: source.diaarinumero,
      qualificationName: source.perusteName,
      unitId: source.unitId,
      unitCode: source.unitCode,
      unitName: source.unitName,
      isHtmlShape: file.legacyCriteria,
    },
    supportVariants: supportLevels.flatMap((level) =>
      file.supportLevels
        .filter((one) => levelOf[one.id] === level)
        .map(({ name, meaning }) => ({ level, name, meaning })),
    ),
    requirements,
    uncoveredRequirements: requirements.flatMap(({ ref, key }) => {
      const reason = file.uncoveredRequirements[ref]
      return reason ? [{ ref, key, reason }] : []
    }),
    tasks: file.tasks.map(taskOf),
    badges: file.badges.map((badge, index) => badgeOf(badge, index, file, shortNames)),
  }
}

/** Reads the file of short names. Refuses as `parseModuleFile` does. */
export function parseShortNames(bytes: Uint8Array): ShortNames {
  const read = ShortNames.safeParse(readJsonFile(bytes, moduleBounds))
  if (!read.success) throw contentRefusal(faultOf(read.error))
  return read.data
}

const levelOf = { tehostettu: 'enhanced', yleinen: 'general', vahainen: 'minor' } as const
const tierOf = { perus: 'basic', edistynyt: 'advanced', mestari: 'master' } as const

function requirementOf(one: ModuleFile['requirements'][number], file: ModuleFile): ParsedModuleRequirement {
  return {
    ref: one.key,
    // refuseInconsistent has seen that there is one of them.
    key: one.tunniste ?? one.codeUri ?? one.textId ?? one.key,
    area: one.area?.text ?? null,
    text: one.text,
    untrustedCode: one.untrustedCode ?? null,
    coveredBy: file.tasks.filter((task) => task.requirements.includes(one.key)).map((task) => task.id),
  }
}

function taskOf(task: ModuleFile['tasks'][number], index: number): ParsedTask {
  const { tehostettu, yleinen, vahainen } = task.supportCriteria
  return {
    key: task.id,
    position: index + 1,
    difficulty: task.difficulty,
    name: task.name,
    easyFi: task.easyFi ?? null,
    requirements: task.requirements,
    prerequisites: task.prerequisites,
    steps: task.steps.toSorted((a, b) => a.order - b.order).map(({ text }, at) => ({ position: at + 1, text })),
    supportCriteria: { enhanced: tehostettu, general: yleinen, minor: vahainen },
  }
}

type FileBadge = ModuleFile['badges'][number]

function badgeOf(badge: FileBadge, index: number, file: ModuleFile, shortNames: ShortNames): ParsedBadge {
  const shortName = badge.shortName ?? shortNames[file.id]?.[badge.id]
  const detail = 'a badge needs a shortName in Finnish for its picture, at most 2 lines of 18 characters'
  if (!shortName) throw contentRefusal({ pointer: `/badges/${index}/shortName`, code: 'missing', detail })
  const criteria = badge.requires.allRequirements ? criteriaOfUnit(badge, file) : badge.publicCriteria
  return {
    slug: slugOf(file, badge.id),
    position: index + 1,
    scope: badge.kind,
    tier: tierOf[badge.tier],
    parent: badge.parent === null ? null : slugOf(file, badge.parent),
    name: badge.name,
    shortName: {
      fi: shortName.fi,
      ...(shortName.sv ? { sv: shortName.sv } : {}),
      ...(shortName.en ? { en: shortName.en } : {}),
    },
    description: badge.description,
    criteria,
    languages: (['fi', 'sv', 'en'] as const).filter((language) =>
      [badge.name, badge.description, criteria, shortName].every((texts) => texts[language] !== undefined),
    ),
    rule: ruleOf(badge, file),
    alignments: badge.alignment.map(({ targetCode, targetUrl, targetFramework }) => ({
      targetCode,
      targetUrl,
      targetFramework,
    })),
    validMonths: badge.validFor?.months ?? null,
  }
}

/** The file's badge ids hold inside it only; a slug holds inside the foundation, for ever (DESIGN, Public addresses). */
function slugOf(file: ModuleFile, badgeId: string): string {
  return `${file.id}-${badgeId.replace(/^b-/, '')}`
}

/** The examples' rule: 2 observations of each task on 2 days, at general support at most, within 12 months. */
function ruleOf(badge: FileBadge, file: ModuleFile): EvidenceRule {
  const { tasks, badges, allRequirements } = badge.requires
  const covered = file.requirements.map((one) => ({
    requirementKey: one.key,
    tasks: file.tasks.filter((task) => task.requirements.includes(one.key)).map((task) => task.id),
    maxSupport: 'general' as const,
  }))
  return {
    tasks: tasks.map((taskKey) => ({ taskKey, observations: 2, days: 2, maxSupport: 'general', withinMonths: 12 })),
    badges: badges.map((id) => slugOf(file, id)),
    allRequirements,
    requirements: allRequirements ? covered.filter((one) => one.tasks.length > 0) : [],
    selfAssessment: badge.selfAssessmentRequired,
    recognisedEnvironment: false,
  }
}

const shownAtSchool = { fi: 'Näytetään oppilaitoksessa', sv: 'Visas i läroanstalten', en: 'Shown at school' } as const

/** A unit's criteria name what can never be covered at work, in each language that has the reason. */
function criteriaOfUnit(badge: FileBadge, file: ModuleFile): Text {
  const criteria: Record<string, string> = {}
  for (const [language, text] of Object.entries(badge.publicCriteria)) {
    const label = language === 'sv' || language === 'en' ? shownAtSchool[language] : shownAtSchool.fi
    const lines = Object.entries(file.uncoveredRequirements).map(([ref, reason]) => {
      const requirement = file.requirements.find((one) => one.key === ref)?.text[language]
      const why = reason[language] ?? reason['fi'] ?? ''
      return requirement ? `${label}: ${requirement}. ${why}` : `${label}: ${why}`
    })
    criteria[language] = [text, ...lines].join('\n')
  }
  return criteria
}
