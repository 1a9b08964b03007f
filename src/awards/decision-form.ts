import type { PageContext } from '../http/pages.ts'
import { button, buttons, linkButton } from '../web/components/button.ts'
import { pageTitle } from '../web/components/card.ts'
import { choices } from '../web/components/choices.ts'
import { type FieldError, errorOf } from '../web/components/error-summary.ts'
import { textArea } from '../web/components/field.ts'
import { form, hiddenField } from '../web/components/form.ts'
import { summaryList } from '../web/components/summary-list.ts'
import { localText } from '../web/components/text.ts'
import { type Html, html } from '../web/html.ts'
import { paths } from '../web/paths.ts'
import type { DecisionView } from './decision-view.ts'
import type { ApplicationView } from './list.ts'
import { fullName, type View } from './views.ts'

/** What the coordinator has chosen and written so far. */
export type DecisionDraft = {
  readonly outcome?: 'award' | 'return' | 'reject' | undefined
  readonly reason?: string | undefined
  readonly idempotencyKey: string
}

/** Award, return or not, and why (PRODUCT K4). Awarding can be chosen only when the rule is met; the next page asks once more. */
export function decisionForm(
  { t, csrf }: PageContext,
  view: Pick<DecisionView, 'application' | 'isMet'>,
  { draft, errors }: { readonly draft: DecisionDraft; readonly errors?: readonly FieldError[] },
): Html {
  const words = t.applications
  const possible = (['award', 'return', 'reject'] as const).filter((outcome) => outcome !== 'award' || view.isMet)
  const question = choices({
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
  })
  return form({
    action: paths.decision(view.application.id),
    csrf,
    idempotencyKey: draft.idempotencyKey,
    content: html`${question}${buttons(button({ label: words.check, name: 'step', value: 'check' }))}`,
  })
}

/** The check page before a decision: what will happen, and the button that names the act (PRODUCT §5). What was written travels in the form, never in an address. */
export function decisionCheckView(
  context: PageContext,
  application: ApplicationView,
  draft: DecisionDraft & { readonly outcome: 'award' | 'return' | 'reject' },
): View {
  const { t, lang, csrf } = context
  const words = t.applications
  const { outcome, reason = '', idempotencyKey } = draft
  const happens = { award: words.checkAward, return: words.checkReturn, reject: words.checkReject }[outcome]
  const summary = summaryList({
    t,
    rows: [
      { label: words.name, value: fullName(application.clientName) },
      { label: words.badge, value: localText(application.badgeName, lang) },
      { label: words.outcome, value: words.outcomes[outcome] },
      ...(reason === '' ? [] : [{ label: words.reason, value: reason }]),
    ],
  })
  const content = html`${hiddenField('outcome', outcome)}${hiddenField('reason', reason)}${summary}${buttons(
    button({ label: words.confirm[outcome], name: 'step', value: 'send' }),
    button({ label: t.app.change, name: 'step', value: 'change', look: 'plain' }),
    linkButton({ label: t.app.cancel, href: paths.application(application.id), look: 'plain' }),
  )}`
  return {
    title: words.check,
    main: html`${pageTitle({ title: words.check, lead: happens })}
<div class="card">${form({ action: paths.decision(application.id), csrf, idempotencyKey, content })}</div>`,
  }
}
