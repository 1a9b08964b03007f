import type { PageContext } from '../http/pages.ts'
import type { Messages } from '../i18n/index.ts'
import { button, buttons, linkButton } from '../web/components/button.ts'
import { card, halves, pageTitle } from '../web/components/card.ts'
import { type FieldError, errorOf } from '../web/components/error-summary.ts'
import { input } from '../web/components/field.ts'
import { form, hiddenField } from '../web/components/form.ts'
import { type Html, html } from '../web/html.ts'
import type { Viewer } from '../web/layout.ts'
import { asset, paths } from '../web/paths.ts'

type View = { readonly title: string; readonly main: Html }

/** `/`: what this is, sign in, check a badge; a signed-in person finds the way to the own first page instead of the sign-in. */
export function frontPage(t: Messages, viewer: Viewer): View {
  return {
    title: t.landing.title,
    main: html`<div class="card hero">${pageTitle({ title: t.landing.title, lead: t.landing.lead })}<img class="land" src="${asset('landscape.svg')}" alt="" width="900" height="170"></div>
${halves(
  viewer ? ownCard(t, viewer) : signInCard(t),
  card({
    id: 'check',
    title: t.landing.verify,
    content: html`<p>${t.landing.verifyLead}</p>${buttons(linkButton({ label: t.landing.verify, href: paths.verify(), look: 'plain' }))}`,
  }),
)}
${card({ id: 'how', title: t.landing.whatTitle, content: html`<ol class="points">${t.landing.what.map((step) => html`<li>${step}</li>`)}</ol>` })}`,
  }
}

function signInCard(t: Messages): Html {
  const content = html`<p>${t.landing.signInLead}</p>${buttons(
    linkButton({ label: t.signIn.clientAction, href: paths.signInCode() }),
    linkButton({ label: t.signIn.staffTitle, href: paths.signIn(), look: 'plain' }),
  )}`
  return card({ id: 'sign-in', title: t.landing.signIn, content })
}

function ownCard(t: Messages, { name, role }: NonNullable<Viewer>): Html {
  const content = html`<p>${t.app.loggedInAs({ name })}</p>${buttons(
    linkButton({ label: t.landing.first[role], href: firstPage(role) }),
  )}`
  return card({ id: 'own', title: t.app.continue, content })
}

function firstPage(role: NonNullable<Viewer>['role']): string {
  switch (role) {
    case 'client':
      return paths.passport()
    case 'coach':
      return paths.record()
    case 'coordinator':
    case 'foundation_lead':
      return paths.applications()
    case 'school':
      return paths.verify()
    case 'admin':
      return paths.modules()
  }
}

/** `/kirjaudu`: the way for those with a code, and the form for staff. */
export function staffPage(
  context: PageContext,
  given: {
    readonly next: string
    readonly email?: string
    readonly errors?: readonly FieldError[]
    /** Staff may sign in by the organisation's own provider: by a link, because a form may not lead away (S-41). */
    readonly hasProvider?: boolean
  },
): View {
  const { t, csrf } = context
  const fields = html`${input({ t, name: 'email', label: t.signIn.email, value: given.email, autocomplete: 'username', spellcheck: false, error: errorOf(given.errors, 'email') })}
${input({ t, name: 'password', type: 'password', label: t.signIn.password, autocomplete: 'current-password' })}
${hiddenField('next', given.next)}${buttons(button({ label: t.signIn.title }))}`
  const provider =
    given.hasProvider === true &&
    buttons(
      linkButton({
        label: t.account.providerAction,
        href: `${paths.signInByProvider()}?next=${encodeURIComponent(given.next)}`,
        look: 'plain',
      }),
    )
  return {
    title: t.signIn.title,
    main: html`${pageTitle({ title: t.signIn.title })}
${halves(
  card({
    id: 'client',
    title: t.signIn.clientTitle,
    content: html`<p>${t.signIn.clientHint}. ${t.signIn.codeHint}</p>${buttons(linkButton({ label: t.signIn.clientAction, href: paths.signInCode() }))}`,
  }),
  card({
    id: 'staff',
    title: t.signIn.staffTitle,
    content: html`<p>${t.signIn.staffHint}.</p>${form({ action: paths.signIn(), csrf, content: html`<div class="stack">${fields}</div>` })}${provider}`,
  }),
)}`,
  }
}

/** `/kirjaudu/koodi`: one field, and whether the computer is shared (PRODUCT A8, A9). */
export function codePage(
  context: PageContext,
  given: { readonly code?: string; readonly shared?: boolean; readonly errors?: readonly FieldError[] },
): View {
  const { t, csrf } = context
  const fields = html`${input({
    t,
    name: 'code',
    label: t.signIn.code,
    hint: html`${t.signIn.codeHint} ${t.signIn.codeValid}`,
    value: given.code,
    autocomplete: 'one-time-code',
    spellcheck: false,
    code: true,
    error: errorOf(given.errors, 'code'),
  })}${sharedChoice(t, given.shared)}${buttons(button({ label: t.signIn.title }))}`
  return {
    title: t.signIn.clientTitle,
    main: html`${pageTitle({ title: t.signIn.clientTitle })}
<div class="card">${form({ action: paths.signInCode(), csrf, content: html`<div class="stack">${fields}</div>` })}</div>`,
  }
}

/** `/kirjaudu/kortti/{card}`: the PIN of a printed card (S-17). The card itself travels unseen. */
export function pinPage(
  context: PageContext,
  given: { readonly card: string; readonly shared?: boolean; readonly errors?: readonly FieldError[] },
): View {
  const { t, csrf } = context
  const fields = html`${input({
    t,
    name: 'pin',
    label: t.account.pin,
    hint: t.account.pinHint,
    type: 'password',
    autocomplete: 'off',
    numeric: true,
    code: true,
    error: errorOf(given.errors, 'pin'),
  })}${sharedChoice(t, given.shared)}${hiddenField('card', given.card)}${buttons(button({ label: t.signIn.title }))}`
  return {
    title: t.account.cardSignIn,
    main: html`${pageTitle({ title: t.account.cardSignIn, lead: t.account.cardLead })}
<div class="card">${form({ action: paths.signInCard(), csrf, content: html`<div class="stack">${fields}</div>` })}</div>`,
  }
}

function sharedChoice(t: Messages, isChosen: boolean | undefined): Html {
  return html`<label class="choice"><input type="checkbox" name="shared" value="1"${isChosen && html` checked`}><span><b>${t.signIn.shared}</b><span class="small">${t.signIn.sharedHint}</span></span></label>`
}
