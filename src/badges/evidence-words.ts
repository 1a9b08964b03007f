import type { Messages } from '../i18n/index.ts'
import type { Readiness, TaskPart } from './evidence.ts'
import type { EvidenceRule, TaskEvidence } from './evidence-rule.ts'

/** How the work must have gone, without a word of support levels (DOMAIN §4): by the public grade scale's own words. */
export type Help = 'any' | 'guided' | 'alone'

/** One line of a rule, for everybody. Free of language: `t.evidenceRule` has the words. */
export type RuleLine =
  | {
      readonly kind: 'task'
      readonly taskId: string
      readonly observations: number
      readonly days: number
      readonly withinMonths: number | null
      readonly help: Help
    }
  | { readonly kind: 'badge'; readonly slug: string }
  | { readonly kind: 'requirements'; readonly count: number }
  | { readonly kind: 'self-assessment' }
  | { readonly kind: 'environment' }

/** The rule line by line, in the order in which it is shown on a badge. */
export function explainRule(rule: EvidenceRule): readonly RuleLine[] {
  return [
    ...rule.badges.map((slug) => ({ kind: 'badge' as const, slug })),
    ...rule.tasks.map((task) => ({
      kind: 'task' as const,
      taskId: task.taskKey,
      observations: task.observations,
      days: task.days,
      withinMonths: task.withinMonths,
      help: helpOf(task),
    })),
    ...(rule.allRequirements ? [{ kind: 'requirements' as const, count: rule.requirements.length }] : []),
    ...(rule.selfAssessment ? [{ kind: 'self-assessment' as const }] : []),
    ...(rule.recognisedEnvironment ? [{ kind: 'environment' as const }] : []),
  ]
}

/** One line of where a client stands: what is done, and if not met, what to do next. Goes to the client and to own staff only. */
export type ReadinessLine =
  | {
      readonly kind: 'task'
      readonly taskId: string
      readonly met: boolean
      readonly done: number
      readonly needed: number
      readonly still: number
      readonly onAnotherDay: boolean
      readonly next: Next | null
    }
  | { readonly kind: 'badge'; readonly slug: string; readonly met: boolean }
  | { readonly kind: 'requirements'; readonly met: boolean; readonly done: number; readonly needed: number }
  | { readonly kind: 'self-assessment'; readonly met: boolean; readonly taskIds: readonly string[] }

export type Next = 'once-more' | 'another-day' | 'guided' | 'alone' | 'again-lately' | 'in-recognised-place'

/** Where a client stands, line by line, in the order of the rule's own lines. */
export function explainReadiness(rule: EvidenceRule, readiness: Readiness): readonly ReadinessLine[] {
  const lines = readiness.parts.map((part): ReadinessLine => {
    switch (part.kind) {
      case 'task':
        return taskLine(rule, part)
      case 'badge':
        return { kind: 'badge', slug: part.slug, met: part.met }
      case 'requirements':
        return { kind: 'requirements', met: part.met, done: part.done, needed: part.needed }
      case 'self-assessment':
        return { kind: 'self-assessment', met: part.met, taskIds: part.missing }
    }
  })
  const order = ['badge', 'task', 'requirements', 'self-assessment']
  return lines.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
}

function taskLine(rule: EvidenceRule, part: TaskPart): ReadinessLine {
  const { taskId, met, done, needed, stillNeeded, onAnotherDay } = part
  const task = rule.tasks.find((one) => one.taskKey === taskId)
  return { kind: 'task', taskId, met, done, needed, still: stillNeeded, onAnotherDay, next: nextStep(part, task) }
}

function nextStep(part: TaskPart, task: TaskEvidence | undefined): Next | null {
  switch (part.missing) {
    case null:
      return null
    case 'observations':
      return 'once-more'
    case 'another-day':
      return 'another-day'
    case 'support':
      return task?.maxSupport === 'minor' ? 'alone' : 'guided'
    case 'recent':
      return 'again-lately'
    case 'environment':
      return 'in-recognised-place'
  }
}

function helpOf(task: TaskEvidence): Help {
  switch (task.maxSupport) {
    case 'enhanced':
      return 'any'
    case 'general':
      return 'guided'
    case 'minor':
      return 'alone'
  }
}

type Words = Messages['evidenceRule']

/** Names of tasks and badges in the reader's language. */
export type Names = { readonly task: (id: string) => string; readonly badge: (slug: string) => string }

/** One line of a rule as plain sentences: what to do, how often, how. */
export function ruleSentence(line: RuleLine, t: Words, names: Names): string {
  switch (line.kind) {
    case 'task': {
      const count = [t.times({ count: line.observations }), line.days > 1 ? t.days({ count: line.days }) : '']
      const recent = line.withinMonths === null ? '' : t.months({ count: line.withinMonths })
      const what = [...count, t.independence[levelOf[line.help]], recent].filter((words) => words !== '').join(' ')
      return t.perTask({ task: names.task(line.taskId), what })
    }
    case 'badge':
      return t.missing.childBadge({ name: names.badge(line.slug) })
    case 'requirements':
      return t.requirements({ count: line.count })
    case 'self-assessment':
      return t.selfAssessment
    case 'environment':
      return t.environment
  }
}

/** Where a client stands on one line: "2 / 3, yksi vielä toisena päivänä". The task's or badge's name stands beside it on the page. */
export function readinessSentence(line: ReadinessLine, t: Words, names: Names): string {
  const count = 'done' in line ? t.done({ done: line.done, total: line.needed }) : ''
  const what = line.met ? '' : missingWords(line, t, names)
  return [count, what].filter((words) => words !== '').join(', ') || t.ready
}

/** What a line that is not met still asks for: "yksi vielä toisena päivänä". */
export function missingWords(line: ReadinessLine, t: Words, names: Names): string {
  switch (line.kind) {
    case 'task':
      return nextWords(line, t)
    case 'badge':
      return t.missing.childBadge({ name: names.badge(line.slug) })
    case 'requirements':
      return t.missing.requirements({ count: line.needed - line.done })
    case 'self-assessment':
      return t.missing.selfAssessment
  }
}

function nextWords(line: Extract<ReadinessLine, { kind: 'task' }>, t: Words): string {
  switch (line.next) {
    case null:
      return ''
    case 'once-more':
      return line.onAnotherDay ? t.missing.days({ count: line.still }) : t.missing.records({ count: line.still })
    case 'another-day':
      return t.missing.days({ count: line.still })
    case 'guided':
    case 'alone':
      return t.missing.moreIndependent
    case 'again-lately':
      return t.missing.recent
    case 'in-recognised-place':
      return t.missing.environment
  }
}

/** The catalogue keeps these sentences by level; none of them names it. */
const levelOf = { any: 'enhanced', guided: 'general', alone: 'minor' } as const
