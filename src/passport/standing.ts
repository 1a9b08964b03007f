import type { ApplicationView, AwardView } from '../awards/list.ts'
import { explainReadiness, type ReadinessLine } from '../badges/evidence-words.ts'
import type { BadgeReadiness, PublishedBadge } from '../progress/readiness.ts'

/** Where a client stands with one badge. */
export type Standing = {
  readonly badge: PublishedBadge
  readonly isMet: boolean
  readonly lines: readonly ReadinessLine[]
  /** How many steps are missing: a record, an own view, a badge to get first. */
  readonly missing: number
  /** The application may be sent: everything is there, or all but one step (PRODUCT A3). */
  readonly mayApply: boolean
  /** Badges that must be held first and are not. */
  readonly badgesFirst: number
  /** Work that counts, and how much the rule asks for; null where it asks for badges only. */
  readonly progress: { readonly done: number; readonly of: number } | null
  /** The award that stands: offered or accepted, neither revoked nor ended. */
  readonly award: AwardView | undefined
  /** The newest application, whatever became of it. */
  readonly application: ApplicationView | undefined
}

type Own = { readonly awards: readonly AwardView[]; readonly applications: readonly ApplicationView[] }

/** Puts together what the rule says and what the client has. `applications` are oldest first, as they are listed. Pure. */
export function standingOf({ badge, readiness }: BadgeReadiness, own: Own, now: Date): Standing {
  const lines = explainReadiness(badge.rule, readiness)
  const missing = lines.reduce((sum, line) => sum + stepsMissing(line), 0)
  return {
    badge,
    isMet: readiness.met,
    lines,
    missing,
    mayApply: missing <= 1,
    badgesFirst: lines.filter((line) => line.kind === 'badge' && !line.met).length,
    progress: progressOf(lines),
    award: own.awards.find((award) => award.badgeClassId === badge.classId && stands(award, now)),
    application: own.applications.findLast((one) => one.badgeClassId === badge.classId),
  }
}

/** Is the award offered or held: not declined, not revoked, not ended? */
export function stands(award: AwardView, now: Date): boolean {
  return award.state !== 'declined' && award.revokedAt === null && (award.validUntil === null || award.validUntil > now)
}

/** A badge that is missing is more than one step: there is work and an answer behind it. */
const stepsOfBadge = 2

function stepsMissing(line: ReadinessLine): number {
  if (line.met) return 0
  switch (line.kind) {
    case 'task':
      return line.still
    case 'badge':
      return stepsOfBadge
    case 'requirements':
      return line.needed - line.done
    case 'self-assessment':
      return line.taskIds.length
  }
}

function progressOf(lines: readonly ReadinessLine[]): Standing['progress'] {
  const counted = lines.filter((line) => line.kind === 'task' || line.kind === 'requirements')
  if (counted.length === 0) return null
  return {
    done: counted.reduce((sum, line) => sum + line.done, 0),
    of: counted.reduce((sum, line) => sum + line.needed, 0),
  }
}
