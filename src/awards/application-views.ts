import type { PageContext } from '../http/pages.ts'
import { formatDay, pickText } from '../i18n/index.ts'
import { choiceWords } from '../progress/choice-words.ts'
import { buttons, linkButton } from '../web/components/button.ts'
import { card, columns, pageTitle } from '../web/components/card.ts'
import type { FieldError } from '../web/components/error-summary.ts'
import { list } from '../web/components/list.ts'
import { meter } from '../web/components/meter.ts'
import { inset } from '../web/components/notice.ts'
import { summaryList } from '../web/components/summary-list.ts'
import { doneTag, tag } from '../web/components/tag.ts'
import { day, localText, moment } from '../web/components/text.ts'
import { type Html, html } from '../web/html.ts'
import { paths } from '../web/paths.ts'
import { decisionForm, type DecisionDraft } from './decision-form.ts'
import type { DecisionView, SeenAssessment, SeenObservation } from './decision-view.ts'
import { levelCard } from './level-views.ts'
import { ruleList } from './rule-list.ts'
import type { Mark } from './schema.ts'
import { fullName, stateTag, type View } from './views.ts'

/** `/hakemukset/{id}`: what is asked, what to notice, what it rests on, and the decision. */
export function applicationView(
  context: PageContext,
  view: DecisionView,
  form: { readonly draft: DecisionDraft; readonly errors?: readonly FieldError[] },
): View {
  const { t, lang } = context
  const words = t.applications
  const { application } = view
  const title = words.detailTitle({
    name: fullName(application.clientName),
    badge: pickText(application.badgeName, lang).text,
  })
  return {
    title,
    main: html`${pageTitle({ title })}
${columns({
  main: html`${view.marks.length > 0 && card({ id: 'marks', title: words.marks, content: markList(context, view.marks) })}
${ruleCard(context, view)}
${card({ id: 'evidence', title: words.evidence, content: observationList(context, view.observations) })}
${card({ id: 'self', title: words.selfAssessment, content: assessmentList(context, view.assessments) })}`,
  side: html`${aboutCard(context, view)}${decision(context, view, form)}${levelCard(context, view, form.errors)}${awardCard(context, view)}`,
})}`,
  }
}

function aboutCard(context: PageContext, { application, reason }: DecisionView): Html {
  const { t, lang } = context
  const words = t.applications
  const { proposedBy, submittedAt, decidedAt, badgeName, tier } = application
  const rows = [
    { label: words.state, value: stateTag(context, application) },
    { label: words.badge, value: localText(badgeName, lang) },
    { label: t.tier.word, value: t.tier[tier] },
    { label: words.applicant, value: proposedBy ? words.proposedBy({ name: proposedBy.name }) : words.appliedBySelf },
    ...(submittedAt ? [{ label: words.sentOn, value: moment(submittedAt, lang) }] : []),
    ...(decidedAt ? [{ label: words.decidedOn, value: moment(decidedAt, lang) }] : []),
    ...(reason === undefined ? [] : [{ label: words.reason, value: reason }]),
  ]
  return card({ id: 'about', title: words.about, content: summaryList({ t, rows }) })
}

function decision(
  context: PageContext,
  view: DecisionView,
  form: { readonly draft: DecisionDraft; readonly errors?: readonly FieldError[] },
): Html | false {
  const words = context.t.applications
  if (!view.mayDecide) return false
  if (view.notYou === null) return decisionForm(context, view, form)
  return inset({ text: view.notYou === 'proposer' ? words.youProposed : words.youObservedAll, kind: 'warning' })
}

function awardCard({ t, viewer }: PageContext, { award }: DecisionView): Html | false {
  if (!award || award.revokedAt !== null || viewer?.role !== 'coordinator') return false
  const revoke = linkButton({ label: t.awards.revoke, href: paths.revocation(award.id), look: 'danger' })
  const content = html`<p>${t.awards.standing[award.state]}</p>${buttons(revoke)}`
  return card({ id: 'award', title: t.awards.one, content })
}

function ruleCard(context: PageContext, view: DecisionView): Html {
  const { lines, isMet, taskNames, badgeNames } = view
  const { t, lang } = context
  const words = t.applications
  if (lines.length === 0) {
    const why = view.mayAskLevels ? t.levels.sayWhy : t.levels.hidden
    return card({ id: 'rule', title: words.rule, content: html`<p class="soft">${why}</p>` })
  }
  return card({
    id: 'rule',
    title: words.rule,
    aside: isMet ? doneTag(words.ruleMet) : tag({ label: words.ruleUnmet, kind: 'now' }),
    content: ruleList(context, lines, {
      task: (id) => pickText(taskNames.get(id) ?? {}, lang).text,
      badge: (slug) => pickText(badgeNames.get(slug) ?? {}, lang).text,
    }),
  })
}

function observationList({ t, lang }: PageContext, observations: readonly SeenObservation[]): Html {
  if (observations.length === 0) return html`<p>${t.applications.noEvidence}</p>`
  return list(
    observations.map((one) => {
      const marks = [one.isLate && t.record.late, one.isCorrection && t.record.corrected].filter(
        (mark) => mark !== false,
      )
      const { supportLevel: level } = one
      return html`<div class="row"><div class="record"><b>${localText(one.taskName, lang)}</b>
<span class="block small soft">${day(one.observedOn, lang)}, ${t.applications.observer}: ${one.recordedBy.name}</span>
${marks.map((label) => tag({ label, kind: 'now' }))}</div>${level !== null && tag({ label: t.supportLevel[level], kind: 'info' })}</div>`
    }),
  )
}

function assessmentList({ t, lang }: PageContext, assessments: readonly SeenAssessment[]): Html {
  if (assessments.length === 0) return html`<p>${t.applications.noSelfAssessment}</p>`
  return list(
    assessments.map(({ taskName, choice, at }) => {
      const label = choiceWords(choice, t)
      const said = choice === null ? label : meter({ whose: 'own', value: choice, of: 4, label })
      return html`<div class="row"><div class="record"><b>${localText(taskName, lang)}</b>
<span class="block small soft">${day(at, lang)}</span></div>${said}</div>`
    }),
  )
}

const kinds = ['opened-by-code', 'same-browser', 'recorded-late', 'corrected'] as const

function byKind([a]: readonly Mark[], [b]: readonly Mark[]): number {
  return kinds.indexOf(a?.kind ?? 'corrected') - kinds.indexOf(b?.kind ?? 'corrected')
}

/** S-15: who decides sees in which session and on whose browser the client's part was done. The same thing is told once for all acts. */
function markList({ t, lang }: PageContext, marks: readonly Mark[]): Html {
  const words = t.applications
  const alike = Map.groupBy(marks, ({ kind, by, day: worked }) => `${kind} ${by?.id ?? ''} ${worked ?? ''}`)
  const sentences = [...alike.values()].toSorted(byKind).map((same) => {
    const [{ kind, by, day: worked } = { kind: 'corrected' as const, by: null, day: null }] = same
    const acts = same.map(({ act }) => words.markActs[act]).join(', ')
    const facts = { acts, name: by?.name ?? '', day: worked === null ? '' : formatDay(worked, lang) }
    switch (kind) {
      case 'opened-by-code':
        return words.markCodeSession(facts)
      case 'same-browser':
        return words.markStaffBrowser(facts)
      case 'recorded-late':
        return words.markLate(facts)
      case 'corrected':
        return words.markCorrected(facts)
    }
  })
  return html`<ul class="points">${sentences.map((sentence) => html`<li>${sentence}</li>`)}</ul>`
}
