import type { PageContext } from '../http/pages.ts'
import { languageNames, type Messages } from '../i18n/index.ts'
import { button, buttons, linkButton } from '../web/components/button.ts'
import { pageTitle } from '../web/components/card.ts'
import { errorOf, type FieldError } from '../web/components/error-summary.ts'
import { textArea } from '../web/components/field.ts'
import { buttonForm, form, hiddenField } from '../web/components/form.ts'
import { inset } from '../web/components/notice.ts'
import { summaryList, type SummaryRow } from '../web/components/summary-list.ts'
import { html } from '../web/html.ts'
import { paths } from '../web/paths.ts'
import type { EndorsementRow } from './store.ts'
import type { Subject } from './subject.ts'
import type { View } from './views.ts'

/** As the person has written it so far. */
export type Draft = { readonly badge: string; readonly comment: string }

/** What is endorsed and why (CONFORMANCE 9.6). A badge that was chosen from a list is not typed again. */
export function endorseForm(
  { t, csrf }: PageContext,
  {
    draft,
    subject,
    errors,
  }: { readonly draft: Draft; readonly subject: Subject | undefined; readonly errors: readonly FieldError[] },
): View {
  const words = t.endorsements
  const chosen = subject?.kind === 'achievement' ? subject : undefined
  const badge = chosen
    ? html`${hiddenField('badge', draft.badge)}${summaryList({ t, rows: subjectRows(t, chosen) })}`
    : textArea({
        t,
        name: 'badge',
        label: words.badge,
        hint: words.badgeHint,
        value: draft.badge,
        rows: 5,
        mono: true,
        error: errorOf(errors, 'badge'),
      })
  const comment = textArea({
    t,
    name: 'comment',
    label: words.comment,
    hint: words.commentHint,
    value: draft.comment,
    rows: 4,
    error: errorOf(errors, 'comment'),
  })
  const content = html`<div class="stack">${badge}${comment}${buttons(
    button({ label: words.check, name: 'step', value: 'check' }),
    linkButton({ label: t.app.cancel, href: paths.endorsements(), look: 'plain' }),
  )}</div>`
  return {
    title: words.newTitle,
    main: html`${pageTitle({ title: words.newTitle, lead: words.newLead })}
<div class="card">${form({ action: paths.newEndorsement(), csrf, content })}</div>`,
  }
}

function subjectRows(t: Messages, { name, language, organisation, organisationName }: Subject): readonly SummaryRow[] {
  const words = t.endorsements
  return [
    { label: words.ofBadge, value: html`<span lang="${language}">${name}</span>` },
    { label: words.foundation, value: html`<a href="${paths.publicIssuer(organisation)}">${organisationName}</a>` },
    { label: words.language, value: languageNames[language] },
  ]
}

/** The check page: what others will see, and the button that names the act (PRODUCT §5). */
export function endorseCheckView(
  { t, csrf }: PageContext,
  { draft, subject }: { readonly draft: Draft; readonly subject: Subject },
): View {
  const words = t.endorsements
  const rows = [...subjectRows(t, subject), { label: words.comment, value: draft.comment }]
  const content = html`${hiddenField('badge', draft.badge)}${hiddenField('comment', draft.comment)}${summaryList({ t, rows })}${buttons(
    button({ label: words.send, name: 'step', value: 'send' }),
    button({ label: t.app.change, name: 'step', value: 'change', look: 'plain' }),
    linkButton({ label: t.app.cancel, href: paths.endorsements(), look: 'plain' }),
  )}`
  return {
    title: words.checkTitle,
    main: html`${pageTitle({ title: words.checkTitle, lead: subject.kind === 'award' ? words.checkAward : words.checkBadge })}
<div class="card">${form({ action: paths.newEndorsement(), csrf, content })}</div>`,
  }
}

/** Asks once before an endorsement is taken back. */
export function withdrawView({ t, csrf }: PageContext, one: EndorsementRow): View {
  const words = t.endorsements
  const title = words.withdrawTitle({ name: one.subject_name })
  const back = linkButton({ label: t.app.back, href: paths.endorsements(), look: 'plain' })
  if (one.withdrawn_at) {
    return { title, main: html`${pageTitle({ title })}${inset({ text: words.alreadyWithdrawn })}${buttons(back)}` }
  }
  const withdraw = button({ label: words.withdraw, look: 'danger' })
  return {
    title,
    main: html`${pageTitle({ title, lead: words.withdrawLead })}
<div class="card stack"><p class="break">${one.comment}</p>${buttons(
      buttonForm({ action: paths.withdrawEndorsement(one.id), csrf, button: withdraw }),
      back,
    )}</div>`,
  }
}
