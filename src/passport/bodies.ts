import { applicationBody } from '../awards/bodies.ts'
import { awardBody } from '../awards/list.ts'
import { type Language, pickText } from '../i18n/index.ts'
import type { NextStep } from './next-step.ts'
import type { Passport } from './passport.ts'
import type { PassportBody } from './schema.ts'

/** The passport as the API answers it: what the page shows, in codes (PRODUCT, Principles 10). Names are in the wanted language. */
export function passportBody(passport: Passport, language: Language): PassportBody {
  const onPath = new Map(passport.path?.badges.map(({ standing, state }) => [standing.badge.classId, state]))
  return {
    nextStep: nextStepBody(passport.step),
    badgeClasses: passport.standings.map(({ badge, isMet, mayApply, missing, progress }) => ({
      badgeClassId: badge.classId,
      slug: badge.slug,
      name: pickText(badge.name, language).text,
      tier: badge.tier,
      scope: badge.scope,
      languages: [...badge.languages],
      path: onPath.get(badge.classId) ?? null,
      met: isMet,
      mayApply,
      missingSteps: missing,
      progress,
    })),
    skills: passport.skills.map(({ taskId, name, own, coach }) => ({
      taskId,
      name: pickText(name, language).text,
      ownView: own && { choice: own.choice, at: new Date(own.at).toISOString() },
      coachView: coach,
    })),
    awards: passport.awards.map(awardBody),
    applications: passport.applications.map(applicationBody),
  }
}

function nextStepBody(step: NextStep): PassportBody['nextStep'] {
  const nothing = {
    kind: step.kind,
    awardId: null,
    applicationId: null,
    badgeClassId: null,
    taskId: null,
    progress: null,
    assess: false,
    mayApply: false,
  }
  switch (step.kind) {
    case 'answer':
      return { ...nothing, awardId: step.award.id, badgeClassId: step.award.badgeClassId }
    case 'proposal':
      return { ...nothing, applicationId: step.application.id, badgeClassId: step.application.badgeClassId }
    case 'task': {
      const { standing, taskId, line, assess } = step
      const progress = line ? { done: line.done, of: line.needed } : null
      return { ...nothing, badgeClassId: standing.badge.classId, taskId, progress, assess, mayApply: standing.mayApply }
    }
    case 'badge': {
      const { badge, progress, mayApply } = step.standing
      return { ...nothing, badgeClassId: badge.classId, progress, mayApply }
    }
    case 'wait':
      return { ...nothing, applicationId: step.application.id, badgeClassId: step.standing.badge.classId }
    case 'nothing':
      return nothing
  }
}
