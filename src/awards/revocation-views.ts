import type { PageContext } from '../http/pages.ts'
import { formatDay, pickText } from '../i18n/index.ts'
import { button, buttons, linkButton } from '../web/components/button.ts'
import { pageTitle } from '../web/components/card.ts'
import { choices } from '../web/components/choices.ts'
import { type FieldError, errorOf } from '../web/components/error-summary.ts'
import { textArea } from '../web/components/field.ts'
import { form } from '../web/components/form.ts'
import { inset } from '../web/components/notice.ts'
import { summaryList } from '../web/components/summary-list.ts'
import { html } from '../web/html.ts'
import { paths } from '../web/paths.ts'
import type { ApplicationView, AwardView } from './list.ts'
import { revocationReasons } from './schema.ts'
import { fullName, type View } from './views.ts'

type Given = {
  readonly reason?: (typeof revocationReasons)[number] | undefined
  readonly note: string
  readonly idempotencyKey: string
}

/** The check page before a revocation: it cannot be undone (PRODUCT, Principles 7). A revoked award tells since when and why. */
export function revocationView(
  context: PageContext,
  { award, application }: { readonly award: AwardView; readonly application: ApplicationView },
  given: Given,
  errors: readonly FieldError[],
): View {
  const { t, lang, csrf } = context
  const words = t.awards
  const name = fullName(application.clientName)
  const title = words.revokeTitle({ name, badge: pickText(award.name, lang).text })
  const back = linkButton({ label: t.app.back, href: paths.application(application.id), look: 'plain' })
  if (award.revokedAt && award.revocationReason) {
    const rows = [
      { label: words.revokedOn, value: formatDay(award.revokedAt, lang) },
      { label: words.revokeWhy, value: words.reasons[award.revocationReason] },
    ]
    // The error summary of a form that came too late leads here.
    const main = html`${pageTitle({ title })}${inset({ text: words.alreadyRevoked, kind: 'warning' })}
<div class="card" id="reason">${summaryList({ t, rows })}</div>${buttons(back)}`
    return { title, main }
  }
  const question = choices({
    t,
    kind: 'radio',
    name: 'reason',
    legend: words.revokeReason,
    hint: words.revokeReasonHint,
    error: errorOf(errors, 'reason'),
    choices: revocationReasons.map((reason) => ({
      value: reason,
      label: words.reasons[reason],
      checked: given.reason === reason,
    })),
    after: textArea({
      t,
      name: 'note',
      label: words.revokeNote,
      hint: words.revokeNoteHint,
      optional: true,
      value: given.note,
      error: errorOf(errors, 'note'),
    }),
  })
  const content = html`${question}${buttons(button({ label: words.revokeAction, look: 'danger' }), back)}`
  return {
    title,
    main: html`${pageTitle({ title, lead: words.revokeLead })}
${form({ action: paths.revocation(award.id), csrf, idempotencyKey: given.idempotencyKey, content })}`,
  }
}
