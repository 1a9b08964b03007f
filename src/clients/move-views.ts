import type { PageContext } from '../http/pages.ts'
import { formatDay } from '../i18n/index.ts'
import { spellCode } from '../accounts/sign-in-code.ts'
import { button, buttons, linkButton } from '../web/components/button.ts'
import { pageTitle } from '../web/components/card.ts'
import { choices } from '../web/components/choices.ts'
import { errorOf, type FieldError } from '../web/components/error-summary.ts'
import { input } from '../web/components/field.ts'
import { form, hiddenField } from '../web/components/form.ts'
import { inset } from '../web/components/notice.ts'
import { html } from '../web/html.ts'
import { paths } from '../web/paths.ts'
import type { Coach } from './coaches.ts'
import type { View } from './group-views.ts'
import { type HandoverPart, handoverParts } from './handover.ts'
import type { Invitation } from './invitation.ts'
import type { OtherFoundation } from './others.ts'
import { othersCard } from './others-card.ts'
import { coachField } from './relation-views.ts'

/** `/hallinta/kutsut`: a code for somebody who comes from another foundation. */
export function invitePage(
  { t, csrf }: PageContext,
  shown: { readonly coaches: readonly Coach[]; readonly chosen: string; readonly errors: readonly FieldError[] },
): View {
  const words = t.relations
  const { coaches, chosen, errors } = shown
  const content = html`${coachField({ t, name: 'coachId', label: words.inviteCoach, coaches, chosen, error: errorOf(errors, 'coachId') })}${buttons(
    button({ label: words.inviteAction }),
    linkButton({ label: words.back, href: paths.relations(), look: 'plain' }),
  )}`
  return {
    title: words.invite,
    main: html`${pageTitle({ title: words.invite, lead: words.inviteLead })}${form({ action: paths.invitations(), csrf, content })}`,
  }
}

/** The code, once. */
export function invitedPage({ t, lang }: PageContext, { code, expiresAt }: Invitation): View {
  const words = t.relations
  return {
    title: words.inviteTitle,
    main: html`${pageTitle({ title: words.inviteTitle, lead: words.inviteTell })}
<div class="card stack"><p><strong class="one-time-code">${spellCode(code)}</strong></p>
<p>${words.inviteUntil({ day: formatDay(expiresAt, lang) })}</p></div>
${buttons(linkButton({ label: words.back, href: paths.relations(), look: 'plain' }))}`,
  }
}

/** `/tiedot/siirto`: the client types the code of the new foundation. */
export function movePage(
  context: PageContext,
  shown: { readonly others: readonly OtherFoundation[]; readonly code: string; readonly errors: readonly FieldError[] },
): View {
  const { t, csrf } = context
  const words = t.relations
  const content = html`${input({
    t,
    name: 'code',
    label: words.moveCode,
    value: shown.code,
    error: errorOf(shown.errors, 'code'),
    code: true,
    spellcheck: false,
    autocomplete: 'off',
  })}${buttons(button({ label: words.moveNext }))}`
  return {
    title: words.moveTitle,
    main: html`${pageTitle({ title: words.moveTitle, lead: words.moveLead })}
<div class="card">${form({ action: paths.move(), csrf, content })}</div>
${othersCard(context, shown.others)}`,
  }
}

export type MoveForm = { readonly code: string; readonly which: string; readonly take: readonly string[] }

/** What it means, before anything happens: whether to stay too, what to take along, and the answer. */
export function moveCheckPage(
  { t, csrf }: PageContext,
  shown: {
    readonly from: string
    readonly to: string
    readonly form: MoveForm
    readonly errors: readonly FieldError[]
  },
): View {
  const words = t.relations
  const { from, to, form: given, errors } = shown
  const title = words.moveCheckTitle({ name: to })
  const which = choices({
    t,
    kind: 'radio',
    name: 'which',
    legend: words.moveWhich,
    error: errorOf(errors, 'which'),
    choices: [
      { value: 'move', label: words.moveAll({ name: from }), checked: given.which === 'move' },
      { value: 'join', label: words.moveBoth, checked: given.which === 'join' },
    ],
  })
  const take = choices({
    t,
    kind: 'checkbox',
    name: 'take',
    legend: words.moveWhat,
    hint: words.moveWhatHint,
    optional: true,
    choices: handoverParts.map((value: HandoverPart) => ({
      value,
      label: words.moveChoices[value],
      checked: given.take.includes(value),
    })),
  })
  const content = html`${hiddenField('code', given.code)}${which}${take}
${inset({ text: html`<p>${words.moveStays} ${words.moveNoEffect}</p>` })}
${buttons(button({ label: words.moveYes }), linkButton({ label: words.moveNo, href: paths.move(), look: 'plain' }))}`
  return {
    title,
    main: html`${pageTitle({ title, lead: words.moveCheckLead })}${form({ action: paths.agreeToMove(), csrf, content })}`,
  }
}
