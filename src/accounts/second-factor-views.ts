import type { PageContext } from '../http/pages.ts'
import { button, buttons, linkButton } from '../web/components/button.ts'
import { card, pageTitle } from '../web/components/card.ts'
import { errorOf, type FieldError } from '../web/components/error-summary.ts'
import { input } from '../web/components/field.ts'
import { buttonForm, form, hiddenField } from '../web/components/form.ts'
import { qrCode } from '../web/components/qr.ts'
import { type Html, html } from '../web/html.ts'
import { paths } from '../web/paths.ts'
import type { NewFactor } from './second-factor.ts'
import { spellCode } from './sign-in-code.ts'

type View = { readonly title: string; readonly main: Html }
type Given = { readonly next: string; readonly errors?: readonly FieldError[] }

/** `/kirjaudu/vahvistus`: the code of the app, or a recovery code (S-17). */
export function factorPage(context: PageContext, given: Given): View {
  const { t, csrf } = context
  const fields = html`${codeField(context, t.account.factorHint, given)}${buttons(button({ label: t.account.factorAction }))}`
  return {
    title: t.account.factorTitle,
    main: html`${pageTitle({ title: t.account.factorTitle, lead: t.account.factorLead })}
<div class="card stack">${form({ action: paths.secondFactor(), csrf, content: html`<div class="stack">${fields}</div>` })}
<p class="small soft">${t.account.factorLost}</p></div>
${stop(context)}`,
  }
}

/** `/kirjaudu/vahvistus/uusi`: the key as QR code and as text, and its first code. */
export function enrolPage(
  context: PageContext,
  factor: NewFactor,
  given: Given & { readonly isWanted: boolean },
): View {
  const { t, csrf } = context
  const key = html`<p>${t.account.enrolKey}: <strong class="key">${spellCode(factor.secret)}</strong></p>`
  const fields = html`${codeField(context, undefined, given)}${buttons(button({ label: t.account.enrolAction }))}`
  return {
    title: t.account.enrolTitle,
    main: html`${pageTitle({ title: t.account.enrolTitle, lead: given.isWanted && t.account.enrolLead })}
<div class="card stack"><ol class="points">${t.account.enrolSteps.map((step) => html`<li>${step}</li>`)}</ol>
${qrCode({ text: factor.uri, label: t.account.enrolQr })}${key}
${form({ action: paths.enrolSecondFactor(), csrf, content: html`<div class="stack">${fields}</div>` })}</div>
${given.isWanted && stop(context)}`,
  }
}

/** Shown once, on the answer itself: nothing keeps the codes. */
export function recoveryPage({ t }: PageContext, codes: readonly string[], next: string): View {
  return {
    title: t.account.recoveryTitle,
    main: html`${pageTitle({ title: t.account.recoveryTitle, lead: t.account.recoveryLead })}
<div class="card stack"><p>${t.account.recoveryOnce}</p>
<ul class="recovery">${codes.map((code) => html`<li>${spellCode(code)}</li>`)}</ul>
${buttons(linkButton({ label: t.account.recoveryNext, href: next }))}</div>`,
  }
}

/** `/kirjaudu/uudelleen`: the password again on a coach's own device that lay idle (S-14). */
export function againPage(
  context: PageContext,
  given: Given & { readonly asksCode: boolean; readonly hasProvider: boolean },
): View {
  const { t, csrf } = context
  const { next, errors, asksCode } = given
  const fields = html`${input({ t, name: 'password', type: 'password', label: t.signIn.password, autocomplete: 'current-password', error: errorOf(errors, 'password') })}
${asksCode && input({ t, name: 'code', label: t.account.againCode, hint: t.account.againCodeHint, autocomplete: 'one-time-code', spellcheck: false, code: true, error: errorOf(errors, 'code') })}
${hiddenField('next', next)}${buttons(
  button({ label: t.app.continue }),
  linkButton({ label: t.account.againRecord, href: paths.record(), look: 'plain' }),
  given.hasProvider && linkButton({ label: t.account.providerAction, href: paths.signInByProvider(), look: 'plain' }),
)}`
  return {
    title: t.account.againTitle,
    main: html`${pageTitle({ title: t.account.againTitle, lead: t.account.againLead })}
<div class="card">${form({ action: paths.signInAgain(), csrf, content: html`<div class="stack">${fields}</div>` })}</div>`,
  }
}

/** The member's own page's part about the second factor. */
export function factorCard(
  { t, csrf }: PageContext,
  security: { readonly isSet: boolean; readonly recoveryLeft: number },
  errors?: readonly FieldError[],
): Html {
  const { isSet, recoveryLeft } = security
  const content = html`<p>${isSet ? t.account.factorOn({ count: recoveryLeft }) : t.account.factorOff}</p>
${form({
  action: paths.newSecondFactor(),
  csrf,
  content: html`<div class="stack">${input({ t, name: 'password', type: 'password', label: t.account.factorPassword, autocomplete: 'current-password', error: errorOf(errors, 'password') })}${buttons(
    button({ label: isSet ? t.account.factorRenew : t.account.factorBegin, look: 'plain' }),
  )}</div>`,
})}`
  return card({ id: 'factor', title: t.account.factorSection, content })
}

function codeField({ t }: PageContext, hint: string | undefined, { next, errors }: Given): Html {
  return html`${input({
    t,
    name: 'code',
    label: t.account.factorCode,
    ...(hint !== undefined && { hint }),
    autocomplete: 'one-time-code',
    spellcheck: false,
    code: true,
    error: errorOf(errors, 'code'),
  })}${hiddenField('next', next)}`
}

function stop({ t, csrf }: PageContext): Html {
  return buttonForm({ action: paths.signOut(), csrf, button: button({ label: t.account.enrolStop, look: 'link' }) })
}
