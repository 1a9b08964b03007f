import type { ClientOnList } from '../clients/client.ts'
import type { PageContext } from '../http/pages.ts'
import { pickText } from '../i18n/index.ts'
import { button, linkButton, buttons } from '../web/components/button.ts'
import { pageTitle } from '../web/components/card.ts'
import { choices } from '../web/components/choices.ts'
import { errorOf, type FieldError } from '../web/components/error-summary.ts'
import { textArea } from '../web/components/field.ts'
import { form } from '../web/components/form.ts'
import { html } from '../web/html.ts'
import { paths } from '../web/paths.ts'
import type { ObservationView } from './observation-list.ts'
import type { TaskChoice } from './record-data.ts'
import type { CorrectForm } from './record-form.ts'
import { moreFields, supportChoices, taskChoice, type View } from './record-views.ts'

/** The record as it was, to be changed, and why. */
export function correctPage(
  context: PageContext,
  given: {
    readonly old: ObservationView
    readonly client: ClientOnList
    readonly tasks: readonly TaskChoice[]
    readonly form: CorrectForm
    readonly errors: readonly FieldError[]
    readonly today: string
  },
): View {
  const { t, lang, csrf } = context
  const { old, client, form: sent, errors } = given
  const title = t.record.correctTitle({ name: client.shortName })
  const before = pickText(old.taskName, lang).text
  const task = choices({
    t,
    kind: 'radio',
    name: 'task',
    legend: t.record.what,
    error: errorOf(errors, 'task'),
    choices: given.tasks.map((one) => taskChoice(context, one, sent.task)),
  })
  const support = supportChoices(context, t.record.how, sent.support, errorOf(errors, 'support'))
  const why = textArea({
    t,
    name: 'replaceReason',
    label: t.record.correctReason,
    hint: t.record.correctReasonHint,
    rows: 2,
    value: sent.replaceReason,
    error: errorOf(errors, 'replaceReason'),
  })
  return {
    title,
    main: html`${pageTitle({ title, lead: html`${before}. ${t.record.correctLead}` })}
${form({
  action: paths.correctRecord(old.id),
  csrf,
  idempotencyKey: sent.idempotencyKey,
  content: html`${task}${support}<div class="card stack">${moreFields(context, sent, errors, given.today)}${why}</div>
${buttons(
  button({ label: t.record.correctSave }),
  linkButton({ label: t.app.cancel, href: paths.client(client.id), look: 'plain' }),
)}`,
})}`,
  }
}
