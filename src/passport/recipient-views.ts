import type { AwardView } from '../awards/list.ts'
import type { RecipientKind } from '../awards/recipient.ts'
import type { PageContext } from '../http/pages.ts'
import { button, buttons } from '../web/components/button.ts'
import { card, details } from '../web/components/card.ts'
import { errorOf, type FieldError } from '../web/components/error-summary.ts'
import { input } from '../web/components/field.ts'
import { buttonForm, form } from '../web/components/form.ts'
import { type Html, html } from '../web/html.ts'
import { paths } from '../web/paths.ts'

/** The form for the e-mail address as the client sent it, with what to mend. */
export type RecipientForm = { readonly email: string; readonly errors: readonly FieldError[] }

/**
 * On the page of an offered badge: the hash of an e-mail address, closed until somebody needs it, and once it is there the way to take it out
 * (DESIGN, Recipient). It says that the hash can be tested by who guesses the address (CONFORMANCE 5.5).
 */
export function recipientSection(
  context: PageContext,
  award: AwardView,
  props: { readonly recipient: RecipientKind; readonly form?: RecipientForm | undefined },
): Html {
  const { t, csrf } = context
  if (props.recipient === 'urn') return askSection(context, award, props.form)
  const remove = button({ label: t.badges.emailRemove, look: 'plain', name: 'remove', value: 'yes' })
  const content = html`<p>${t.badges.emailGuess}</p><p>${t.badges.emailFinal}</p>${buttons(
    buttonForm({ action: paths.badgeRecipient(award.id), csrf, button: remove }),
  )}`
  // The id is that of the field, where the error summary of an old form leads.
  return card({ id: 'email', title: t.badges.emailMark, content })
}

function askSection({ t, csrf }: PageContext, award: AwardView, given: RecipientForm | undefined): Html {
  const field = input({
    t,
    name: 'email',
    type: 'email',
    label: t.badges.emailLabel,
    hint: t.badges.emailHint,
    autocomplete: 'email',
    spellcheck: false,
    value: given?.email,
    error: errorOf(given?.errors, 'email'),
  })
  const action = paths.badgeRecipient(award.id)
  const add = buttons(button({ label: t.badges.emailAdd, look: 'plain' }))
  const content = html`<p>${t.badges.emailLead}</p>
<ul class="points"><li>${t.badges.emailHow}</li><li>${t.badges.emailGuessBefore}</li><li>${t.badges.emailFinal}</li></ul>
${form({ action, csrf, content: html`${field}${add}` })}`
  return html`<section class="card">${details({ summary: t.badges.emailSummary, content, open: given !== undefined })}</section>`
}
