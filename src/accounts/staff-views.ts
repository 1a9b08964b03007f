import type { PageContext } from '../http/pages.ts'
import { formatDay, type Messages } from '../i18n/index.ts'
import { button, buttons, linkButton } from '../web/components/button.ts'
import { card, pageTitle } from '../web/components/card.ts'
import { choices } from '../web/components/choices.ts'
import { errorOf, type FieldError } from '../web/components/error-summary.ts'
import { input } from '../web/components/field.ts'
import { buttonForm, form } from '../web/components/form.ts'
import { list, personRow } from '../web/components/list.ts'
import { inset } from '../web/components/notice.ts'
import { tag } from '../web/components/tag.ts'
import { type Html, html } from '../web/html.ts'
import { paths } from '../web/paths.ts'
import type { Staff } from './staff.ts'
import type { MadeLink } from './staff-link.ts'
import type { StaffRole, StaffRow } from './staff-store.ts'

export type View = { readonly title: string; readonly main: Html }

/** The form for a new member of staff, as it was sent. */
export type GivenStaff = { readonly name: string; readonly email: string; readonly roles: readonly string[] }

/** `/hallinta/kayttajat`: everybody who has an account. */
export function staffPage(
  context: PageContext,
  staff: Staff,
  me: { readonly id: string; readonly may: boolean },
): View {
  const words = context.t.staff
  const rows = (closed: boolean): readonly Html[] =>
    staff.people.filter(({ closedAt }) => (closedAt !== null) === closed).map((one) => row(context, one, me))
  const closed = rows(true)
  return {
    title: words.title,
    main: html`${pageTitle({ title: words.title, lead: words.lead })}
${me.may && buttons(linkButton({ label: words.add, href: paths.newStaff() }))}
${card({ id: 'open', title: words.list, content: list(rows(false)) })}
${closed.length > 0 && card({ id: 'closed', title: words.closedList, content: list(closed) })}
${buttons(linkButton({ label: context.t.administration.back, href: paths.administration(), look: 'plain' }))}`,
  }
}

function row({ t }: PageContext, person: StaffRow, me: { readonly id: string; readonly may: boolean }): Html {
  return personRow({
    name: person.name,
    detail: roleNames(t, person.roles),
    end: stateTag(t, person, me.id),
    ...(me.may && { href: paths.staffMember(person.id) }),
  })
}

function roleNames({ audit, staff }: Messages, roles: readonly StaffRole[]): string {
  const names: Readonly<Partial<Record<StaffRole, string>>> = audit.roles
  // One sentence: the first role begins it.
  const [first = staff.noRoles, ...others] = roles.map((role) => names[role] ?? role)
  return [first, ...others.map((name) => name.toLowerCase())].join(', ')
}

function stateTag({ staff: words }: Messages, { id, closedAt, linkUntil }: StaffRow, me: string): Html {
  if (closedAt !== null) return tag({ label: words.closed })
  if (id === me) return tag({ label: words.you, kind: 'info' })
  return linkUntil === null ? tag({ label: words.open, kind: 'done' }) : tag({ label: words.waiting, kind: 'now' })
}

/** `/hallinta/kayttajat/uusi`: name, sign-in name, roles. */
export function newStaffPage(
  { t, csrf }: PageContext,
  roles: readonly StaffRole[],
  given: GivenStaff,
  errors: readonly FieldError[],
): View {
  const words = t.staff
  const content = html`<div class="stack">${input({ t, name: 'name', label: words.name, hint: words.nameHint, value: given.name, autocomplete: 'off', error: errorOf(errors, 'name') })}
${input({ t, name: 'email', type: 'email', label: words.email, hint: words.emailHint, value: given.email, autocomplete: 'off', spellcheck: false, error: errorOf(errors, 'email') })}
${roleChoices(t, roles, given.roles, errors)}${buttons(
  button({ label: words.addAction }),
  linkButton({ label: words.back, href: paths.staff(), look: 'plain' }),
)}</div>`
  return {
    title: words.addTitle,
    main: html`${pageTitle({ title: words.addTitle, lead: words.addLead })}${form({ action: paths.newStaff(), csrf, content })}`,
  }
}

function roleChoices(
  t: Messages,
  roles: readonly StaffRole[],
  chosen: readonly string[],
  errors: readonly FieldError[],
): Html {
  const names: Readonly<Record<string, string>> = t.audit.roles
  const hints: Readonly<Record<string, string>> = t.staff.roleHints
  return choices({
    t,
    kind: 'checkbox',
    name: 'roles',
    legend: t.staff.rolesLegend,
    hint: t.staff.rolesHint,
    error: errorOf(errors, 'roles'),
    choices: roles.map((role) => ({
      value: role,
      label: names[role] ?? role,
      detail: hints[role] ?? '',
      checked: chosen.includes(role),
    })),
  })
}

export type Shown = {
  readonly person: StaffRow
  readonly roles: readonly StaffRole[]
  /** As they were sent, where the form came back. */
  readonly chosen?: readonly string[]
  readonly errors: readonly FieldError[]
  readonly isMe: boolean
}

/** One member of staff: roles, a new link, the second factor, the end. */
export function staffMemberPage(context: PageContext, shown: Shown): View {
  const { t, lang } = context
  const words = t.staff
  const { person } = shown
  const facts = [
    words.since({ day: formatDay(person.createdAt, lang) }),
    person.closedAt === null ? undefined : words.closedSince({ day: formatDay(person.closedAt, lang) }),
    person.hasFactor ? words.factorOn : words.factorOff,
    person.linkUntil === null ? undefined : words.linkUntil({ day: formatDay(person.linkUntil, lang) }),
  ].filter((fact) => fact !== undefined)
  return {
    title: person.name,
    main: html`${pageTitle({ title: person.name, lead: roleNames(t, person.roles) })}
<div class="card stack-s">${facts.map((fact) => html`<p>${fact}</p>`)}</div>
${person.closedAt === null ? openParts(context, shown) : reopenPart(context, person)}
${buttons(linkButton({ label: words.back, href: paths.staff(), look: 'plain' }))}`,
  }
}

function openParts(context: PageContext, { person, roles, chosen, errors, isMe }: Shown): Html {
  const { t, csrf } = context
  const words = t.staff
  // Nobody gives oneself a role, so only what may be given up is there.
  const mine = isMe ? roles.filter((role) => person.roles.includes(role)) : roles
  const rolesForm = form({
    action: paths.staffRoles(person.id),
    csrf,
    content: html`${roleChoices(t, mine, chosen ?? person.roles, errors)}${buttons(button({ label: words.rolesAction }))}`,
  })
  if (isMe)
    return html`<section class="stack" aria-labelledby="roles-of"><h2 id="roles-of">${words.rolesCard}</h2><p>${words.ownRoles}</p>${rolesForm}</section>`
  const link = buttonForm({
    action: paths.staffLink(person.id),
    csrf,
    button: button({ label: words.linkAction, look: 'plain' }),
  })
  const factor =
    person.hasFactor && linkButton({ label: words.factorAction, href: paths.staffFactor(person.id), look: 'plain' })
  const close = html`<p>${words.closeLead}</p>${buttons(linkButton({ label: words.closeLink, href: paths.closeStaff(person.id), look: 'plain' }))}`
  return html`<section class="stack" aria-labelledby="roles-of"><h2 id="roles-of">${words.rolesCard}</h2><p>${words.rolesLead}</p>${rolesForm}</section>
${card({ id: 'sign-in', title: words.signInCard, content: html`<p>${words.linkLead}</p>${buttons(link, factor)}` })}
${card({ id: 'close', title: words.closeCard, content: close })}`
}

function reopenPart({ t, csrf }: PageContext, { id }: StaffRow): Html {
  return buttons(buttonForm({ action: paths.openStaff(id), csrf, button: button({ label: t.staff.openAction }) }))
}

/** The link, once: nothing keeps it. */
export function madeLinkPage(
  { t, lang }: PageContext,
  made: MadeLink & { readonly id: string; readonly name: string; readonly origin: string },
): View {
  const words = t.staff
  const title = words.made({ name: made.name })
  return {
    title,
    main: html`${pageTitle({ title })}${inset({ text: html`<p>${words.madeLead}</p>`, kind: 'warning' })}
${card({ id: 'link', title: words.link, content: html`<p><code class="break">${made.origin}${paths.staffSetup(made.link)}</code></p><p>${words.madeUntil({ day: formatDay(made.expiresAt, lang) })}</p><p>${words.madeHow}</p>` })}
${buttons(linkButton({ label: words.back, href: paths.staff(), look: 'plain' }))}`,
  }
}

/** The check page before an account is closed (PRODUCT, Principles 7). */
export function closeStaffPage(context: PageContext, person: StaffRow): View {
  const words = context.t.staff
  const points = [words.closeEnds, words.closeStays, words.closeUndo]
  const title = words.closeTitle({ name: person.name })
  return checkPage(context, person, { title, points, action: paths.closeStaff(person.id), label: words.closeAction })
}

/** The check page before a second factor is taken away. */
export function dropFactorPage(context: PageContext, person: StaffRow): View {
  const words = context.t.staff
  const points = [words.factorLead, words.factorEnds, words.factorNext]
  const title = words.factorTitle({ name: person.name })
  return checkPage(context, person, { title, points, action: paths.staffFactor(person.id), label: words.factorAction })
}

function checkPage(
  { t, csrf }: PageContext,
  person: StaffRow,
  check: {
    readonly title: string
    readonly points: readonly string[]
    readonly action: string
    readonly label: string
  },
): View {
  const content = html`<div class="card"><ul class="points">${check.points.map((point) => html`<li>${point}</li>`)}</ul></div>${buttons(
    button({ label: check.label, look: 'danger' }),
    linkButton({ label: t.staff.backToPerson, href: paths.staffMember(person.id), look: 'plain' }),
  )}`
  return {
    title: check.title,
    main: html`${pageTitle({ title: check.title })}${form({ action: check.action, csrf, content })}`,
  }
}

/** `/kayttoonotto/tili/{link}`: the member's own password. */
export function staffSetupPage(
  { t, csrf }: PageContext,
  given: { readonly link: string; readonly name: string; readonly errors: readonly FieldError[] },
): View {
  const words = t.staff
  const title = words.welcome({ name: given.name })
  const content = html`<div class="stack">${input({ t, name: 'password', type: 'password', label: t.signIn.password, hint: t.account.passwordHint, autocomplete: 'new-password', error: errorOf(given.errors, 'password') })}${buttons(
    button({ label: words.welcomeAction }),
  )}</div>`
  return {
    title,
    main: html`${pageTitle({ title, lead: words.welcomeLead })}<div class="card">${form({ action: paths.staffSetup(given.link), csrf, content })}</div>`,
  }
}
