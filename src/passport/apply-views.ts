import type { ApplicationView } from '../awards/list.ts'
import { readinessSentence, type ReadinessLine } from '../badges/evidence-words.ts'
import type { Language } from '../credentials/facts.ts'
import type { PageContext } from '../http/pages.ts'
import { languageNames, pickText } from '../i18n/index.ts'
import { button, buttons, linkButton } from '../web/components/button.ts'
import { card, pageTitle } from '../web/components/card.ts'
import { choices } from '../web/components/choices.ts'
import { buttonForm, form } from '../web/components/form.ts'
import { inset } from '../web/components/notice.ts'
import { summaryList } from '../web/components/summary-list.ts'
import { doneTag } from '../web/components/tag.ts'
import { localText } from '../web/components/text.ts'
import { type Child, type Html, html } from '../web/html.ts'
import { paths } from '../web/paths.ts'
import type { Passport } from './passport.ts'
import type { View } from './passport-views.ts'
import type { Standing } from './standing.ts'
import { answerDay, namesOf, pictureOfBadge, sentence, suggestedLanguage } from './words.ts'

type ApplyProps = {
  readonly tenant: string
  readonly issuerName: string
  readonly passport: Passport
  readonly standing: Standing
  /** Words of the coordinator who returned or rejected the last application. */
  readonly reason: string | undefined
  /** The client's own language. */
  readonly language: Language
  readonly now: Date
}

/** `/merkit/{id}/hae`: what the badge is, how far I am, and what I can do about it now (PRODUCT A3). */
export function applyView(context: PageContext, props: ApplyProps): View {
  const { t, lang } = context
  const { standing, tenant, issuerName } = props
  const { badge } = standing
  const name = pickText(badge.name, lang).text
  return {
    title: name,
    main: html`${pageTitle({ title: localText(badge.name, lang), lead: localText(badge.description, lang) })}
${answerInset(context, props)}
${todo(context, props)}
<section class="card"><div class="badge-face"><img src="${pictureOfBadge(tenant, badge, lang)}" alt="${t.badges.pictureAlt({ name, issuer: issuerName })}" width="400" height="400">
<div>${summaryList({
      t,
      rows: [
        { label: t.badges.criteria, value: localText(badge.criteria, lang) },
        { label: t.tier.word, value: t.tier[badge.tier] },
        { label: t.badges.awardedBy, value: issuerName },
      ],
    })}</div></div></section>
<p class="tapline"><a href="${paths.badges()}">${t.passport.allBadges}</a></p>`,
  }
}

/** The answer to the last application, in the coordinator's own words, until there is a new one. */
function answerInset({ t }: PageContext, { standing, reason }: ApplyProps): Html | undefined {
  const state = standing.application?.state
  if (reason === undefined) return undefined
  if (state === 'returned')
    return inset({
      text: html`<div class="stack-s"><p><b>${t.badges.returned}</b></p><p>${t.badges.returnReason({ what: reason })}</p></div>`,
    })
  return state === 'rejected' ? inset({ text: t.badges.rejected({ reason }) }) : undefined
}

function todo(context: PageContext, props: ApplyProps): Html {
  const { application } = props.standing
  if (application?.state === 'submitted') return sentCard(context, application)
  if (application?.state === 'proposed') return proposalCard(context, application)
  return standingCard(context, props)
}

function sentCard({ t, lang, csrf }: PageContext, application: ApplicationView): Html {
  const date = answerDay(application.submittedAt ?? application.createdAt, lang)
  const withdraw = button({ label: t.badges.withdraw, look: 'plain' })
  const content = html`<p>${t.badges.appliedNext({ date })}</p>${buttons(
    buttonForm({ action: paths.withdrawApplication(application.id), csrf, button: withdraw }),
  )}`
  return card({ id: 'sent', title: t.badges.appliedTitle, content })
}

/** A coach's proposal: agree with the language that the badge shall have, or not. */
function proposalCard(context: PageContext, application: ApplicationView): Html {
  const { t, csrf } = context
  const content = html`${languageChoice(context, application.languages, application.language)}${buttons(
    button({ label: t.badges.proposalAgree, name: 'answer', value: 'agree' }),
    button({ label: t.badges.proposalDecline, name: 'answer', value: 'decline', look: 'plain' }),
  )}`
  const action = paths.answerProposal(application.id)
  return card({
    id: 'proposal',
    title: t.badges.proposal,
    content: html`<p>${t.badges.proposalLead}</p>${form({ action, csrf, content })}`,
  })
}

/** How far I am, line by line; the way on where the rule is met or one short, else what is missing. */
function standingCard(context: PageContext, props: ApplyProps): Html {
  const { t } = context
  const { standing } = props
  const { badge, isMet, mayApply, lines } = standing
  const unassessed = lines.flatMap((line) => (line.kind === 'self-assessment' && !line.met ? line.taskIds : []))
  const [task] = standing.badgesFirst > 0 ? [] : unassessed
  const words = isMet ? t.badges.allThere : mayApply ? t.badges.oneShort : t.badges.notYet
  const content = html`<p>${words}</p>${lineList(context, props)}${buttons(
    mayApply && linkButton({ label: t.badges.apply, href: paths.applyCheck(badge.classId) }),
    task !== undefined &&
      linkButton({ label: t.selfAssessment.title, href: paths.assess(task), look: mayApply ? 'plain' : 'main' }),
  )}`
  return card({ id: 'standing', title: t.evidenceRule.title, content })
}

function lineList(context: PageContext, { passport, standing }: ApplyProps): Html {
  const { t, lang } = context
  const names = namesOf(passport, lang)
  const title = (line: ReadinessLine): Child => {
    switch (line.kind) {
      case 'task':
        return names.task(line.taskId)
      case 'badge':
        return badgeTitle(context, passport, line.slug, line.met)
      case 'requirements':
        return t.evidenceRule.requirements({ count: line.needed })
      case 'self-assessment':
        return t.evidenceRule.selfAssessment
    }
  }
  // A badge's name says all; the sentence would only repeat it.
  const detail = (line: ReadinessLine): Child =>
    line.kind === 'badge' || (line.kind === 'self-assessment' && line.met)
      ? undefined
      : sentence(readinessSentence(line, t.evidenceRule, names))
  return html`<ul class="list">${standing.lines.map(
    (line) =>
      html`<li><div class="row"><span><b>${title(line)}</b><span class="block soft">${detail(line)}</span></span>${line.met && doneTag(t.badges.lineDone)}</div></li>`,
  )}</ul>`
}

/** A badge that comes first: its name, and where to go for it while it is missing. */
function badgeTitle({ t, lang }: PageContext, passport: Passport, slug: string, isMet: boolean): Child {
  const name = t.passport.forBadge({ name: namesOf(passport, lang).badge(slug) })
  const standing = passport.standings.find(({ badge }) => badge.slug === slug)
  if (isMet || !standing) return name
  return html`<a class="row-link" href="${paths.applyForBadge(standing.badge.classId)}">${name}</a>`
}

/** `/merkit/{id}/hae/tarkista`: what will be sent, to whom, and in which language the badge will be (DESIGN, Language of a badge). */
export function applyCheckView(context: PageContext, props: ApplyProps): View {
  const { t, lang, csrf } = context
  const { badge } = props.standing
  const title = t.badges.applyCheck
  const rows = [
    { label: t.applications.badge, value: localText(badge.name, lang) },
    { label: t.badges.awardedBy, value: props.issuerName },
    { label: t.badges.whoAnswers, value: t.badges.coordinator },
    { label: t.badges.answerBy, value: answerDay(props.now, lang) },
  ]
  const content = html`<div class="card">${summaryList({ t, rows })}</div>${languageChoice(context, badge.languages, suggestedLanguage(badge.languages, props.language))}${buttons(
    button({ label: t.badges.applySend }),
    linkButton({ label: t.app.back, href: paths.applyForBadge(badge.classId), look: 'plain' }),
  )}`
  return {
    title,
    main: html`${pageTitle({ title, lead: t.badges.applyLead })}
${form({ action: paths.applyForBadge(badge.classId), csrf, content })}`,
  }
}

/** Asked where there is something to choose; the suggested one is chosen already. */
function languageChoice({ t }: PageContext, languages: readonly Language[], suggested: Language): Html | undefined {
  if (languages.length < 2) return undefined
  return choices({
    t,
    kind: 'radio',
    name: 'language',
    legend: t.badges.language,
    hint: t.badges.languageHint,
    narrow: true,
    choices: languages.map((one) => ({ value: one, label: languageNames[one], checked: one === suggested })),
  })
}
