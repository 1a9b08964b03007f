import type { AwardView } from '../awards/list.ts'
import type { NextStep } from './next-step.ts'
import type { Standing } from './standing.ts'

/** One badge on the client's way. No step says that something went wrong. */
export type PathBadge = { readonly standing: Standing; readonly state: 'done' | 'current' | 'next' | 'later' }

/** The client's way through one module, badge by badge. */
export type BadgePath = { readonly moduleName: Standing['badge']['moduleName']; readonly badges: readonly PathBadge[] }

/**
 * The way that the client is on: the module of the next step, else of the newest award, else the first. Held badges are done, the badge
 * of the next step is where the client stands, the first one after it is next. Pure; undefined where there is no badge.
 */
export function pathOf(
  standings: readonly Standing[],
  step: NextStep,
  awards: readonly AwardView[],
): BadgePath | undefined {
  const here = badgeOfStep(step) ?? awards.find(({ state }) => state === 'accepted')?.badgeClassId
  const onPath = standings.find(({ badge }) => badge.classId === here) ?? standings[0]
  if (!onPath) return undefined
  const { moduleVersionId, moduleName } = onPath.badge
  const badges = standings.filter(({ badge }) => badge.moduleVersionId === moduleVersionId)
  const isDone = (standing: Standing): boolean => standing.award?.state === 'accepted'
  const current =
    badges.find((standing) => standing.badge.classId === here && !isDone(standing)) ??
    badges.find((standing) => !isDone(standing))
  const ahead = badges.filter((standing) => !isDone(standing) && standing !== current)
  const next = ahead.find((standing) => badges.indexOf(standing) > badges.indexOf(current ?? standing)) ?? ahead[0]
  const stateOf = (standing: Standing): PathBadge['state'] => {
    if (isDone(standing)) return 'done'
    if (standing === current) return 'current'
    return standing === next ? 'next' : 'later'
  }
  return { moduleName, badges: badges.map((standing) => ({ standing, state: stateOf(standing) })) }
}

function badgeOfStep(step: NextStep): string | undefined {
  switch (step.kind) {
    case 'answer':
      return step.award.badgeClassId
    case 'proposal':
      return step.application.badgeClassId
    case 'task':
    case 'badge':
    case 'wait':
      return step.standing.badge.classId
    case 'nothing':
      return undefined
  }
}
