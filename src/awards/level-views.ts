import type { PageContext } from '../http/pages.ts'
import { statedReasons } from '../audit/record.ts'
import { button, buttons } from '../web/components/button.ts'
import { card } from '../web/components/card.ts'
import { choices } from '../web/components/choices.ts'
import { errorOf, type FieldError } from '../web/components/error-summary.ts'
import { form } from '../web/components/form.ts'
import { type Html, html } from '../web/html.ts'
import { paths } from '../web/paths.ts'
import type { DecisionView } from './decision-view.ts'

/** What a lead says before the support levels are shown (S-12). Nothing where they are shown, or where no reason would do. */
export function levelCard(
  { t, csrf }: PageContext,
  { mayAskLevels, application }: DecisionView,
  errors: readonly FieldError[] = [],
): Html | false {
  if (!mayAskLevels) return false
  const words = t.levels
  const question = choices({
    t,
    kind: 'radio',
    name: 'why',
    legend: words.why,
    error: errorOf(errors, 'why'),
    choices: statedReasons.map((reason) => ({ value: reason, label: words.reasons[reason] })),
  })
  const content = html`<p>${words.lead}</p>${form({
    action: paths.supportLevels(application.id),
    csrf,
    content: html`${question}${buttons(button({ label: words.show }))}`,
  })}`
  return card({ id: 'levels', title: words.title, content })
}
