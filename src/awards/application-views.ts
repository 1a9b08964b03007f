import { readinessSentence, type ReadinessLine } from '../badges/evidence-words.ts'
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
  const met = view.isMet ? doneTag(words.ruleMet) : tag({ label: words.ruleUnmet, kind: 'now' })
  return {
    title,
    main: html`${pageTitle({ title })}
${columns({
  main: html`${view.marks.length > 0 && card({ id: 'marks', title: words.marks, content: markList(context, view.marks) })}
${card({ id: 'rule', title: words.rule, aside: met, content: ruleList(context, view) })}
${card({ id: 'evidence', title: words.evidence, content: observationList(context, view.observations) })}
${card({ id: 'self', title: words.selfAssessment, content: assessmentList(context, view.assessments) })}`,
  side: html`${aboutCard(context, view)}${decision(context, view, form)}${awardCard(context, view)}`,
})}`,
  }
}

function aboutCard(context: PageContext, { application, award, reason }: DecisionView): Html {
  const { t, lang } = context
  const words = t.applications
  const { proposedBy, submittedAt, decidedAt, badgeName, tier } = application
  const rows = [
    { label: words.state, value: stateTag(context, application, award?.revokedAt instanceof Date) },
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

/** Line by line what the badge asks and how far the client is, in the words that the client has. */
function ruleList({ t, lang }: PageContext, { lines, taskNames, badgeNames }: DecisionView): Html {
  const names = {
    task: (id: string): string => pickText(taskNames.get(id) ?? {}, lang).text,
    badge: (slug: string): string => pickText(badgeNames.get(slug) ?? {}, lang).text,
  }
  const subject = (line: ReadinessLine): string => {
    switch (line.kind) {
      case 'task':
        return names.task(line.taskId)
      case 'badge':
        return t.applications.childBadge({ name: names.badge(line.slug) })
      case 'requirements':
        return t.evidenceRule.requirements({ count: line.needed })
      case 'self-assessment':
        return t.applications.selfAssessment
    }
  }
  const detail = (line: ReadinessLine): string => {
    if (line.kind === 'badge') return line.met ? '' : t.applications.notHeld
    if (line.kind !== 'self-assessment') return readinessSentence(line, t.evidenceRule, names)
    const missing = line.taskIds.map((id) => names.task(id)).join(', ')
    return line.met ? '' : t.applications.missingViews({ tasks: missing })
  }
  return list(
    lines.map(
      (line) =>
        html`<div class="row"><span class="record"><b>${subject(line)}</b><span class="block small soft">${detail(line)}</span></span>${line.met && doneTag(t.badges.lineDone)}</div>`,
    ),
  )
}

function observationList({ t, lang }: PageContext, observations: readonly SeenObservation[]): Html {
  if (observations.length === 0) return html`<p>${t.applications.noEvidence}</p>`
  return list(
    observations.map((one) => {
      const marks = [one.isLate && t.record.late, one.isCorrection && t.record.corrected].filter((mark) => mark !== false)
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

/** S-15: who decides sees in which session and on whose browser the client's part was done. The same thing is told once for all acts. */
function markList({ t, lang }: PageContext, marks: readonly Mark[]): Html {
  const words = t.applications
  const alike = Map.groupBy(marks, ({ kind, by, day: worked }) => `${kind} ${by?.id ?? ''} ${worked ?? ''}`)
  const sentences = [...alike.values()].map((same) => {
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
