import type { ApplicationView, AwardView } from '../awards/list.ts'
import type { ReadinessLine } from '../badges/evidence-words.ts'
import type { Standing } from './standing.ts'

type TaskLine = Extract<ReadinessLine, { kind: 'task' }>

/** The one next step on top of the passport (PRODUCT A1). */
export type NextStep =
  /** A badge is offered: take it or not. */
  | { readonly kind: 'answer'; readonly award: AwardView }
  /** A coach proposes a badge: agree or not. */
  | { readonly kind: 'proposal'; readonly application: ApplicationView; readonly standing: Standing | undefined }
  /** A task to do once more, or to look at oneself. `assess` says that the own view of it is missing. */
  | {
      readonly kind: 'task'
      readonly standing: Standing
      readonly taskId: string
      readonly line: TaskLine | undefined
      readonly assess: boolean
    }
  /** Everything else is there, or all but one step that no task of the rule has: a badge to get, a requirement to show. */
  | { readonly kind: 'badge'; readonly standing: Standing; readonly line: ReadinessLine | undefined }
  /** The application is sent. */
  | { readonly kind: 'wait'; readonly standing: Standing; readonly application: ApplicationView }
  | { readonly kind: 'nothing' }

/**
 * Chooses the next step: first what waits for the client's answer, else the nearest badge not yet held. A sent application waits in the
 * background while other work has begun. Pure.
 */
export function nextStepOf(
  standings: readonly Standing[],
  offered: readonly AwardView[],
  proposals: readonly ApplicationView[],
  doneTasks: ReadonlySet<string>,
): NextStep {
  const [award] = offered
  if (award) return { kind: 'answer', award }
  const [application] = proposals
  if (application) {
    const standing = standings.find(({ badge }) => badge.classId === application.badgeClassId)
    return { kind: 'proposal', application, standing }
  }
  const waiting = standings.find((standing) => !standing.award && standing.application?.state === 'submitted')
  const nearest = nearestFirst(standings, doneTasks).find((standing) => standing.application?.state !== 'submitted')
  if (waiting?.application && !(nearest && isBegun(nearest, doneTasks)))
    return { kind: 'wait', standing: waiting, application: waiting.application }
  return nearest ? stepOf(nearest, doneTasks) : { kind: 'nothing' }
}

/**
 * The badges not yet held, the nearest first: what needs no other badge first goes before what does, what was begun before what was not, a
 * module where the client holds a badge or has records before others, and few missing steps before many. Pure.
 */
export function nearestFirst(standings: readonly Standing[], doneTasks: ReadonlySet<string>): readonly Standing[] {
  const known = new Set(
    standings
      .filter((standing) => standing.award !== undefined || hasWork(standing, doneTasks))
      .map(({ badge }) => badge.moduleVersionId),
  )
  const rank = (standing: Standing): number => {
    const isKnown = known.has(standing.badge.moduleVersionId)
    if (standing.badgesFirst > 0) return isKnown ? 3 : 4
    if (isBegun(standing, doneTasks)) return 0
    return isKnown ? 1 : 2
  }
  // A stable sort: among equals the first of the path stays first.
  return standings
    .filter((standing) => !standing.award)
    .toSorted((a, b) => rank(a) - rank(b) || stepsLeft(a, standings) - stepsLeft(b, standings))
}

/** What is missing, with all that the badges that come first still miss. */
function stepsLeft(standing: Standing, all: readonly Standing[]): number {
  const first = standing.lines.flatMap((line) => (line.kind === 'badge' && !line.met ? [line.slug] : []))
  return all
    .filter(({ badge }) => first.includes(badge.slug))
    .reduce((sum, child) => sum + stepsLeft(child, all), standing.missing)
}

/** Work of the badge was recorded, and no other badge has to come first. */
function isBegun(standing: Standing, doneTasks: ReadonlySet<string>): boolean {
  return standing.badgesFirst === 0 && taskLines(standing).some(({ taskId }) => doneTasks.has(taskId))
}

function hasWork({ badge: { rule } }: Standing, doneTasks: ReadonlySet<string>): boolean {
  const tasks = [...rule.tasks.map(({ taskKey }) => taskKey), ...rule.requirements.flatMap((one) => one.tasks)]
  return tasks.some((task) => doneTasks.has(task))
}

function stepOf(standing: Standing, doneTasks: ReadonlySet<string>): NextStep {
  const unassessed = standing.lines.flatMap((line) => (line.kind === 'self-assessment' ? line.taskIds : []))
  const tasks = standing.badgesFirst > 0 ? [] : taskLines(standing)
  const line =
    tasks.find(({ taskId }) => doneTasks.has(taskId) && unassessed.includes(taskId)) ??
    tasks.find(({ taskId, met }) => doneTasks.has(taskId) && !met) ??
    tasks.find(({ met }) => !met)
  if (line) {
    const { taskId } = line
    return { kind: 'task', standing, taskId, line, assess: unassessed.includes(taskId) }
  }
  const [taskId] = standing.badgesFirst > 0 ? [] : unassessed
  if (taskId !== undefined) {
    return { kind: 'task', standing, taskId, line: tasks.find((one) => one.taskId === taskId), assess: true }
  }
  return { kind: 'badge', standing, line: standing.lines.find(({ met }) => !met) }
}

function taskLines(standing: Standing): readonly TaskLine[] {
  return standing.lines.filter((line) => line.kind === 'task')
}
