import { dayInHelsinki } from '../i18n/dates.ts'
import type { SupportLevel } from '../modules/tables.ts'
import { type EvidenceRule, type RequirementEvidence, supportLevels, type TaskEvidence } from './evidence-rule.ts'

/** One observation (kirjaus) as the rule sees it. */
export type EvidenceObservation = {
  readonly taskId: string
  /** Calendar day of the work in Finland, `YYYY-MM-DD`. */
  readonly observedOn: string
  readonly supportLevel: SupportLevel
  /** Recorded so late that a reason was asked: counts, and is shown to who decides. */
  readonly recordedLate?: boolean
  readonly environmentRecognised?: boolean
}

/** What one client has. Undone and replaced observations are left out by the caller. */
export type Evidence = {
  readonly observations: readonly EvidenceObservation[]
  /** Slugs of the badges that the client holds now. */
  readonly badges: readonly string[]
  readonly selfAssessedTasks: ReadonlySet<string>
}

/**
 * What is missing most, in the order in which a person can do something about it: `another-day` (enough work, one more on another day),
 * `support` (done, but with more help than the badge allows), `recent` (done too long ago), `environment`, `observations`.
 */
export type Missing = 'observations' | 'another-day' | 'support' | 'recent' | 'environment'

export type TaskPart = {
  readonly kind: 'task'
  readonly taskId: string
  /** Observations that count, at most `needed`. */
  readonly done: number
  readonly needed: number
  readonly daysDone: number
  readonly daysNeeded: number
  /** How many more observations at least, and whether each of them must be on a day of its own. */
  readonly stillNeeded: number
  readonly onAnotherDay: boolean
  readonly met: boolean
  readonly missing: Missing | null
  /** Counting observations that were recorded late: for who decides. */
  readonly late: number
}

export type ReadinessPart =
  | TaskPart
  | { readonly kind: 'badge'; readonly slug: string; readonly met: boolean }
  | {
      readonly kind: 'requirements'
      readonly done: number
      readonly needed: number
      readonly missing: readonly string[]
      readonly met: boolean
    }
  | { readonly kind: 'self-assessment'; readonly missing: readonly string[]; readonly met: boolean }

export type Readiness = { readonly met: boolean; readonly parts: readonly ReadinessPart[] }

/**
 * Tells how far a client is by a badge's evidence rule. Pure; proposes only, people decide (DESIGN, The award path 2). Days are those of
 * Finland; `at` is the moment of asking. Levels go in and never come out.
 */
export function assessEvidence(rule: EvidenceRule, evidence: Evidence, at: Date): Readiness {
  const today = dayInHelsinki(at)
  const past = evidence.observations.filter((one) => one.observedOn <= today)
  const parts: ReadinessPart[] = [
    ...rule.tasks.map((task) => taskPart(task, past, today, rule.recognisedEnvironment)),
    ...rule.badges.map((slug) => ({ kind: 'badge' as const, slug, met: evidence.badges.includes(slug) })),
    ...(rule.allRequirements ? [requirementsPart(rule, past)] : []),
    ...(rule.selfAssessment ? [selfAssessmentPart(rule, evidence.selfAssessedTasks)] : []),
  ]
  return { met: parts.every((part) => part.met), parts }
}

/** The calendar day `months` before `day`; the last of the month when there is no such day (31 March − 1 = 28 or 29 February). */
export function monthsBefore(day: string, months: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  const count = year * 12 + (month - 1) - months
  const toYear = Math.floor(count / 12)
  const toMonth = count - toYear * 12
  const last = new Date(Date.UTC(toYear, toMonth + 1, 0)).getUTCDate()
  return `${pad(toYear, 4)}-${pad(toMonth + 1, 2)}-${pad(Math.min(date, last), 2)}`
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0')
}

type Wanted = Pick<TaskEvidence, 'maxSupport'>

function helpFits(wanted: Wanted, one: EvidenceObservation): boolean {
  return supportLevels.indexOf(one.supportLevel) >= supportLevels.indexOf(wanted.maxSupport)
}

function taskPart(
  task: TaskEvidence,
  past: readonly EvidenceObservation[],
  today: string,
  environment: boolean,
): TaskPart {
  const since = task.withinMonths === null ? '' : monthsBefore(today, task.withinMonths)
  const tests: readonly (readonly [Missing, (one: EvidenceObservation) => boolean])[] = [
    ['support', (one) => helpFits(task, one)],
    ['recent', (one) => one.observedOn >= since],
    ['environment', (one) => !environment || one.environmentRecognised === true],
  ]
  const all = past.filter((one) => one.taskId === task.taskKey)
  const counting = all.filter((one) => tests.every(([, test]) => test(one)))
  const { stillNeeded, missingDays, days } = lack(task, counting)
  // What would be enough if this one test were left out.
  const waived = (name: Missing): boolean =>
    lack(
      task,
      all.filter((one) => tests.every(([other, test]) => other === name || test(one))),
    ).stillNeeded === 0
  return {
    kind: 'task',
    taskId: task.taskKey,
    done: Math.min(counting.length, task.observations),
    needed: task.observations,
    daysDone: Math.min(days, task.days),
    daysNeeded: task.days,
    stillNeeded,
    onAnotherDay: stillNeeded > 0 && counting.length > 0 && missingDays === stillNeeded,
    met: stillNeeded === 0,
    missing:
      stillNeeded === 0
        ? null
        : whatIsMissing(tests.map(([name]) => name).find(waived), counting.length, missingDays === stillNeeded),
    late: counting.filter((one) => one.recordedLate === true).length,
  }
}

function whatIsMissing(waived: Missing | undefined, counting: number, byDays: boolean): Missing {
  if (waived) return waived
  return counting > 0 && byDays ? 'another-day' : 'observations'
}

function lack(
  task: TaskEvidence,
  counting: readonly EvidenceObservation[],
): { stillNeeded: number; missingDays: number; days: number } {
  const days = new Set(counting.map((one) => one.observedOn)).size
  const missingDays = Math.max(0, task.days - days)
  return { stillNeeded: Math.max(0, task.observations - counting.length, missingDays), missingDays, days }
}

function requirementsPart(rule: EvidenceRule, past: readonly EvidenceObservation[]): ReadinessPart {
  const isObserved = (wanted: RequirementEvidence): boolean =>
    past.some(
      (one) =>
        wanted.tasks.includes(one.taskId) &&
        helpFits(wanted, one) &&
        (!rule.recognisedEnvironment || one.environmentRecognised === true),
    )
  const missing = rule.requirements.filter((one) => !isObserved(one)).map((one) => one.requirementKey)
  const needed = rule.requirements.length
  return { kind: 'requirements', done: needed - missing.length, needed, missing, met: missing.length === 0 }
}

/** Each task of the rule, and for each requirement at least one task that covers it. */
function selfAssessmentPart(rule: EvidenceRule, assessed: ReadonlySet<string>): ReadinessPart {
  const tasks = rule.tasks.map((task) => task.taskKey).filter((task) => !assessed.has(task))
  const uncovered = rule.requirements.filter((one) => !one.tasks.some((task) => assessed.has(task)))
  const missing = [...new Set([...tasks, ...uncovered.flatMap((one) => one.tasks.slice(0, 1))])]
  return { kind: 'self-assessment', missing, met: missing.length === 0 }
}
