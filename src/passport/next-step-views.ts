import { missingWords } from '../badges/evidence-words.ts'
import type { PageContext } from '../http/pages.ts'
import { pickText } from '../i18n/index.ts'
import { buttons, linkButton } from '../web/components/button.ts'
import { nextStep } from '../web/components/next-step.ts'
import { localText } from '../web/components/text.ts'
import { type Child, type Html, html } from '../web/html.ts'
import { paths } from '../web/paths.ts'
import type { NextStep } from './next-step.ts'
import type { Passport } from './passport.ts'
import type { Standing } from './standing.ts'
import { answerDay, namesOf, sentence } from './words.ts'

type Parts = {
  readonly what: Child
  readonly text: Child
  readonly progress?: { readonly done: number; readonly of: number }
  readonly actions?: Html
}

/** The card on top of the passport: one step, how far it is, one main button. */
export function nextStepCard(context: PageContext, passport: Passport): Html {
  return nextStep({ id: 'next', heading: context.t.passport.next, ...partsOf(context, passport, passport.step) })
}

function partsOf(context: PageContext, passport: Passport, step: NextStep): Parts {
  const { t, lang } = context
  switch (step.kind) {
    case 'answer':
      return {
        what: localText(step.award.name, lang),
        text: t.passport.nextAnswer,
        actions: buttons(linkButton({ label: t.passport.seeBadge, href: paths.badge(step.award.id) })),
      }
    case 'proposal': {
      const href = paths.applyForBadge(step.application.badgeClassId)
      return {
        what: localText(step.application.badgeName, lang),
        text: t.passport.nextProposal,
        actions: buttons(linkButton({ label: t.passport.seeProposal, href })),
      }
    }
    case 'task':
      return taskParts(context, passport, step)
    case 'badge':
      return badgeParts(context, passport, step)
    case 'wait': {
      const href = paths.applyForBadge(step.standing.badge.classId)
      const date = answerDay(step.application.submittedAt ?? step.application.createdAt, lang)
      return {
        what: localText(step.standing.badge.name, lang),
        text: t.passport.nextWait({ date }),
        actions: buttons(linkButton({ label: t.passport.seeApplication, href, look: 'plain' })),
      }
    }
    case 'nothing':
      return { what: t.passport.nextNothing, text: t.passport.nextNothingHelp }
  }
}

function taskParts(
  context: PageContext,
  passport: Passport,
  { standing, taskId, line, assess }: Extract<NextStep, { kind: 'task' }>,
): Parts {
  const { t, lang } = context
  const names = namesOf(passport, lang)
  const isWorkDone = line === undefined || line.met
  const what = isWorkDone ? t.passport.nextAssess : `${sentence(missingWords(line, t.evidenceRule, names))}.`
  const counted = line && line.done > 0 ? t.passport.progress({ done: line.done, total: line.needed }) : undefined
  return {
    what: names.task(taskId),
    ...(line ? { progress: { done: line.done, of: line.needed } } : {}),
    text: html`${counted !== undefined && html`<b>${counted}.</b> `}${what}${badgeLine(context, standing)}`,
    actions: taskButtons(context, passport, standing, assess ? taskId : undefined),
  }
}

/** The own view first; else the application where it may be sent; on a first visit just one button (PRODUCT A1). */
function taskButtons(
  { t }: PageContext,
  passport: Passport,
  { badge, mayApply }: Standing,
  toAssess: string | undefined,
): Html {
  const href = paths.applyForBadge(badge.classId)
  const meaning = linkButton({ label: t.passport.whatDoesThisMean, href, look: 'plain' })
  const isFirstVisit = passport.skills.length === 0 && passport.awards.length === 0
  if (toAssess !== undefined) {
    const assess = linkButton({ label: t.selfAssessment.title, href: paths.assess(toAssess) })
    return buttons(assess, !isFirstVisit && meaning)
  }
  return mayApply ? buttons(linkButton({ label: t.badges.apply, href }), meaning) : buttons(meaning)
}

function badgeParts(
  context: PageContext,
  passport: Passport,
  { standing, line }: Extract<NextStep, { kind: 'badge' }>,
): Parts {
  const { t, lang } = context
  const href = paths.applyForBadge(standing.badge.classId)
  const name = localText(standing.badge.name, lang)
  if (!line) {
    return { what: name, text: t.passport.nextApply, actions: buttons(linkButton({ label: t.badges.apply, href })) }
  }
  const missing = `${sentence(missingWords(line, t.evidenceRule, namesOf(passport, lang)))}.`
  return {
    what: name,
    text: standing.mayApply ? html`${t.passport.nextApplyShort} ${missing}` : missing,
    actions: buttons(
      standing.mayApply && linkButton({ label: t.badges.apply, href }),
      linkButton({ label: t.passport.whatDoesThisMean, href, look: 'plain' }),
    ),
  }
}

function badgeLine({ t, lang }: PageContext, { badge }: Standing): Html {
  return html`<span class="block small">${t.passport.forBadge({ name: pickText(badge.name, lang).text })}</span>`
}
