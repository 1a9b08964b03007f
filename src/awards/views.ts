import { readinessSentence } from '../badges/evidence-words.ts'
import type { PersonName } from '../clients/client.ts'
import type { PageContext } from '../http/pages.ts'
import { formatDay, pickText } from '../i18n/index.ts'
import { button, buttons, linkButton } from '../web/components/button.ts'
import { card, columns, pageTitle } from '../web/components/card.ts'
import { choices } from '../web/components/choices.ts'
import { emptyState } from '../web/components/empty-state.ts'
import { type FieldError, errorOf } from '../web/components/error-summary.ts'
import { textArea } from '../web/components/field.ts'
import { form, hiddenField } from '../web/components/form.ts'
import { list, personRow } from '../web/components/list.ts'
import { inset } from '../web/components/notice.ts'
import { summaryList } from '../web/components/summary-list.ts'
import { table } from '../web/components/table.ts'
import { doneTag, tag } from '../web/components/tag.ts'
import { day, localText, moment } from '../web/components/text.ts'
import { type Child, type Html, html } from '../web/html.ts'
import { paths } from '../web/paths.ts'
import type { DecisionView } from './decision-view.ts'
import type { ApplicationView } from './list.ts'
import type { Mark } from './schema.ts'

type View = { readonly title: string; readonly main: Html }
export type DecisionDraft = {
  readonly outcome?: string | undefined
  readonly reason?: string | undefined
  readonly idempotencyKey: string
}

export const fullName = (name: PersonName): string => `${name.given} ${name.family}`

/** `/hakemukset`: what waits for a decision, oldest first (PRODUCT K4); below it what was decided lately. */
export function applicationsView(
  context: PageContext,
  waiting: readonly ApplicationView[],
  decided: readonly ApplicationView[],
  answerBy: (sent: Date) => string,
): View {
  const { t, lang } = context
  const words = t.applications
  const row = (view: ApplicationView, end: Child): Html =>
    personRow({
      name: fullName(view.clientName),
      href: paths.application(view.id),
      detail: html`${localText(view.badgeName, lang)}${view.submittedAt && html` · ${words.sentOn} ${moment(view.submittedAt, lang)}`}`,
      end,
    })
  return {
    title: words.title,
    main: html`${pageTitle({ title: words.title, lead: words.lead })}
<section class="card" aria-label="${words.title}">${
      waiting.length === 0
        ? emptyState({ why: words.empty, what: words.emptyHelp })
        : list(
            waiting.map((view) =>
              row(
                view,
                tag({
                  label: view.submittedAt ? `${words.answerBy} ${answerBy(view.submittedAt)}` : words.states.proposed,
                  kind: 'now',
                }),
              ),
            ),
          )
    }</section>
${decided.length > 0 && card({ id: 'decided', title: words.decidedTitle, content: list(decided.map((view) => row(view, stateTag(context, view)))) })}`,
  }
}

function stateTag({ t }: PageContext, view: ApplicationView): Html {
  const label = view.state === 'declined' ? t.applications.states.withdrawn : t.applications.states[view.state]
  return view.state === 'awarded' ? doneTag(label) : tag({ label })
}

/** `/hakemukset/{id}`: what is asked, what it rests on, what to notice, and the decision. */
export function applicationView(
  context: PageContext,
  view: DecisionView,
  options: { readonly mayDecide: boolean; readonly draft: DecisionDraft; readonly errors?: readonly FieldError[] },
): View {
  const { t, lang } = context
  const words = t.applications
  const { application } = view
  const badge = pickText(application.badgeName, lang).text
  const title = words.detailTitle({ name: fullName(application.clientName), badge })
  const isOpen = application.state === 'submitted'
  return {
    title,
    main: html`${pageTitle({ title })}
${columns({
  main: html`${view.marks.length > 0 && card({ id: 'marks', title: words.marks, content: markList(context, view.marks) })}
${card({ id: 'rule', title: words.rule, aside: view.isMet ? doneTag(words.ruleMet) : tag({ label: words.ruleUnmet, kind: 'now' }), content: ruleTable(context, view) })}
${card({ id: 'evidence', title: words.evidence, content: observationTable(context, view) })}
${card({ id: 'self', title: words.selfAssessment, content: assessmentTable(context, view) })}`,
  side: html`${card({ id: 'about', title: badge, content: about(context, application) })}
${isOpen && options.mayDecide && decisionForm(context, view, options)}
${
  application.state === 'awarded' &&
  application.awardId !== null &&
  options.mayDecide &&
  card({
    id: 'award',
    title: t.awards.title,
    content: buttons(
      linkButton({ label: t.awards.revoke, href: paths.revocation(application.awardId), look: 'danger' }),
    ),
  })
}`,
})}`,
  }
}

function about(context: PageContext, application: ApplicationView): Html {
  const { t, lang } = context
  const words = t.applications
  const by = application.proposedBy ? words.proposedBy({ name: application.proposedBy.name }) : words.appliedBySelf
  return html`<p>${by}</p>${summaryList({
    t,
    rows: [
      { label: words.state, value: stateTag(context, application) },
      ...(application.submittedAt ? [{ label: words.sentOn, value: moment(application.submittedAt, lang) }] : []),
    ],
  })}`
}

function ruleTable(context: PageContext, view: DecisionView): Html {
  const { t, lang } = context
  const names = {
    task: (id: string): string => pickText(view.taskNames.get(id) ?? {}, lang).text,
    badge: (slug: string): string => slug,
  }
  const subject = (line: DecisionView['lines'][number]): string => {
    if (line.kind === 'task') return names.task(line.taskId)
    if (line.kind === 'badge') return t.applications.badge
    return line.kind === 'requirements' ? t.applications.rule : t.applications.selfAssessment
  }
  return table({
    caption: t.applications.rule,
    columns: [t.applications.task, t.applications.state],
    rows: view.lines.map((line) => [
      subject(line),
      line.met ? doneTag(t.applications.ruleMet) : readinessSentence(line, t.evidenceRule, names),
    ]),
  })
}

function observationTable({ t, lang }: PageContext, view: DecisionView): Html {
  const words = t.applications
  return table({
    caption: words.evidence,
    columns: [words.task, words.day, words.support, words.observer],
    rows: view.observations.map((one) => [
      localText(one.taskName, lang),
      day(one.observedOn, lang),
      t.supportLevel[one.supportLevel],
      one.recordedBy.name,
    ]),
  })
}

function assessmentTable({ t, lang }: PageContext, view: DecisionView): Html {
  if (view.assessments.length === 0) return html`<p>${t.applications.noSelfAssessment}</p>`
  const scale: Readonly<Record<number, string>> = { 1: t.scale[1], 2: t.scale[2], 3: t.scale[3], 4: t.scale[4] }
  return table({
    caption: t.applications.selfAssessment,
    columns: [t.applications.task, t.applications.selfAssessment, t.applications.day],
    rows: view.assessments.map((one) => [
      localText(one.taskName, lang),
      one.choice === null ? t.selfAssessment.skip : (scale[one.choice] ?? ''),
      moment(one.at, lang),
    ]),
  })
}

/** S-15: who decides sees in which session and on whose browser the client's part was done. */
function markList({ t, lang }: PageContext, marks: readonly Mark[]): Html {
  const words = t.applications
  const sentence = (mark: Mark): string => {
    const name = mark.by?.name ?? ''
    switch (mark.kind) {
      case 'opened-by-code':
        return `${words.markActs[mark.act]}: ${words.markCodeSession({ name })}`
      case 'same-browser':
        return `${words.markActs[mark.act]}: ${words.markStaffBrowser({ name })}`
      case 'recorded-late':
        return words.markLate({ day: mark.day === null ? '' : formatDay(mark.day, lang) })
      case 'corrected':
        return words.markCorrected
    }
  }
  return html`<ul class="marks">${marks.map((mark) => html`<li>${sentence(mark)}</li>`)}</ul>`
}

function decisionForm(
  context: PageContext,
  view: DecisionView,
  { draft, errors }: { readonly draft: DecisionDraft; readonly errors?: readonly FieldError[] },
): Html {
  const { t, csrf } = context
  const words = t.applications
  if (view.notYou)
    return inset({
      text: html`<p>${view.notYou === 'proposer' ? words.youProposed : words.youObservedAll}</p>`,
      kind: 'warning',
    })
  const possible = (['award', 'return', 'reject'] as const).filter((outcome) => outcome !== 'award' || view.isMet)
  return form({
    action: paths.decision(view.application.id),
    csrf,
    idempotencyKey: draft.idempotencyKey,
    content: html`${choices({
      t,
      kind: 'radio',
      name: 'outcome',
      legend: words.decide,
      error: errorOf(errors, 'outcome'),
      choices: possible.map((outcome) => ({
        value: outcome,
        label: words.outcomes[outcome],
        detail: words.outcomeHints[outcome],
        checked: draft.outcome === outcome,
      })),
      after: textArea({
        t,
        name: 'reason',
        label: words.reason,
        hint: words.reasonHint,
        value: draft.reason,
        error: errorOf(errors, 'reason'),
      }),
    })}${hiddenField('step', 'check')}${buttons(button({ label: words.check }))}`,
  })
}

/** The check page before a decision: what will happen, and the button that names the act (PRODUCT §5). */
export function decisionCheckView(
  context: PageContext,
  application: ApplicationView,
  draft: {
    readonly outcome: 'award' | 'return' | 'reject'
    readonly reason: string | undefined
    readonly idempotencyKey: string
  },
): View {
  const { t, lang, csrf } = context
  const words = t.applications
  const happens = { award: words.checkAward, return: words.checkReturn, reject: words.checkReject }[draft.outcome]
  const back = paths.application(application.id)
  return {
    title: words.check,
    main: html`${pageTitle({ title: words.check, lead: happens })}
<div class="card">${form({
      action: paths.decision(application.id),
      csrf,
      idempotencyKey: draft.idempotencyKey,
      content: html`${summaryList({
        t,
        rows: [
          { label: words.name, value: fullName(application.clientName) },
          { label: words.badge, value: localText(application.badgeName, lang) },
          { label: words.outcome, value: words.outcomes[draft.outcome], changeHref: back },
          ...(draft.reason === undefined ? [] : [{ label: words.reason, value: draft.reason, changeHref: back }]),
        ],
      })}${hiddenField('outcome', draft.outcome)}${hiddenField('reason', draft.reason ?? '')}${hiddenField('step', 'send')}${buttons(
        button({ label: words.confirm[draft.outcome] }),
        linkButton({ label: t.app.cancel, href: back, look: 'plain' }),
      )}`,
    })}</div>`,
  }
}

/** The check page before a coach's proposal (PRODUCT C3). */
export function proposalCheckView(
  context: PageContext,
  wanted: {
    readonly clientName: string
    readonly badgeName: string
    readonly picture: string
    readonly action: string
    readonly back: string
  },
): View {
  const { t, csrf } = context
  return {
    title: t.badges.propose,
    main: html`${pageTitle({ title: t.badges.propose, lead: t.group.proposeLead })}
<div class="card stack"><img class="badge-picture" src="${wanted.picture}" alt="${t.badges.pictureAlt({ name: wanted.badgeName, issuer: '' })}" width="200" height="200">${form(
      {
        action: wanted.action,
        csrf,
        content: html`${summaryList({
          t,
          rows: [
            { label: t.applications.name, value: wanted.clientName },
            { label: t.applications.badge, value: wanted.badgeName },
          ],
        })}${buttons(button({ label: t.badges.propose }), linkButton({ label: t.app.cancel, href: wanted.back, look: 'plain' }))}`,
      },
    )}</div>`,
  }
}

/** The check page before a revocation: it cannot be undone (PRODUCT, Principles 7). */
export function revocationView(
  context: PageContext,
  wanted: {
    readonly awardId: string
    readonly name: string
    readonly badge: string
    readonly idempotencyKey: string
    readonly reasons: readonly string[]
  },
  given: { readonly reason?: string; readonly note?: string; readonly errors?: readonly FieldError[] } = {},
): View {
  const { t, csrf } = context
  const words = t.awards
  const labels: Readonly<Record<string, string>> = words.reasons
  const title = words.revokeTitle({ name: wanted.name, badge: wanted.badge })
  return {
    title,
    main: html`${pageTitle({ title, lead: words.revokeLead })}
${form({
  action: paths.revocation(wanted.awardId),
  csrf,
  idempotencyKey: wanted.idempotencyKey,
  content: html`${choices({
    t,
    kind: 'radio',
    name: 'reason',
    legend: words.revokeReason,
    error: errorOf(given.errors, 'reason'),
    choices: wanted.reasons.map((reason) => ({
      value: reason,
      label: labels[reason] ?? reason,
      checked: given.reason === reason,
    })),
    after: textArea({
      t,
      name: 'note',
      label: words.revokeNote,
      hint: words.revokeNoteHint,
      optional: true,
      value: given.note,
      error: errorOf(given.errors, 'note'),
    }),
  })}${buttons(button({ label: words.revokeAction, look: 'danger' }), linkButton({ label: t.app.cancel, href: paths.applications(), look: 'plain' }))}`,
})}`,
  }
}
