import type { PageContext } from '../http/pages.ts'
import { formatDay } from '../i18n/index.ts'
import { button, buttons, linkButton } from '../web/components/button.ts'
import { card, pageTitle } from '../web/components/card.ts'
import { errorOf, type FieldError } from '../web/components/error-summary.ts'
import { input } from '../web/components/field.ts'
import { buttonForm, form } from '../web/components/form.ts'
import { list } from '../web/components/list.ts'
import { tag } from '../web/components/tag.ts'
import { type Html, html } from '../web/html.ts'
import { paths } from '../web/paths.ts'
import type { DeviceRow } from './device-store.ts'
import { factorCard } from './second-factor-views.ts'

type View = { readonly title: string; readonly main: Html }

export type OwnAccount = {
  readonly security: { readonly isSet: boolean; readonly recoveryLeft: number }
  /** Undefined for those who record nothing. */
  readonly devices: readonly DeviceRow[] | undefined
  /** The device that the page is looked at with. */
  readonly deviceId: string | undefined
}

/** `/tili`: password, second factor, the coach's own devices (S-14, S-17). */
export function accountPage(
  context: PageContext,
  { security, devices, deviceId }: OwnAccount,
  given: { readonly errors?: readonly FieldError[]; readonly deviceName?: string } = {},
): View {
  const { t } = context
  const password = html`<p>${t.account.passwordLead}</p>${buttons(linkButton({ label: t.account.passwordAction, href: paths.password(), look: 'plain' }))}`
  return {
    title: t.account.title,
    main: html`${pageTitle({ title: t.account.title })}
${devices && deviceCard(context, devices, deviceId, given)}
${card({ id: 'change', title: t.account.passwordSection, content: password })}
${factorCard(context, security, given.errors)}`,
  }
}

function deviceCard(
  context: PageContext,
  devices: readonly DeviceRow[],
  deviceId: string | undefined,
  given: { readonly errors?: readonly FieldError[]; readonly deviceName?: string },
): Html {
  const { t, csrf } = context
  const add =
    deviceId === undefined &&
    form({
      action: paths.devices(),
      csrf,
      content: html`<div class="stack">${input({ t, name: 'name', label: t.account.deviceName, hint: t.account.deviceNameHint, value: given.deviceName, autocomplete: 'off', error: errorOf(given.errors, 'name') })}${buttons(
        button({ label: t.account.deviceAction, look: 'plain' }),
      )}</div>`,
    })
  const content = html`<p>${t.account.deviceLead}</p>
${devices.length === 0 ? html`<p>${t.account.deviceNone}</p>` : list(devices.map((device) => deviceRow(context, device, device.id === deviceId)))}${add}`
  return card({ id: 'devices', title: t.account.deviceSection, content })
}

function deviceRow(
  { t, lang, csrf }: PageContext,
  { id, name, registered_at: since }: DeviceRow,
  isThis: boolean,
): Html {
  const remove = buttonForm({
    action: paths.removeDevice(id),
    csrf,
    button: button({ label: t.account.deviceRemove, look: 'plain', hidden: name }),
  })
  return html`<div class="row"><span><b>${name}</b> ${isThis && tag({ label: t.account.deviceThis, kind: 'info' })}<span class="block small soft">${t.account.deviceSince({ day: formatDay(since, lang) })}</span></span>${remove}</div>`
}

/** `/tili/salasana`. */
export function passwordPage(context: PageContext, errors?: readonly FieldError[]): View {
  const { t, csrf } = context
  const fields = html`${input({ t, name: 'password', type: 'password', label: t.account.passwordCurrent, autocomplete: 'current-password', error: errorOf(errors, 'password') })}
${input({ t, name: 'next', type: 'password', label: t.account.passwordNext, hint: t.account.passwordHint, autocomplete: 'new-password', error: errorOf(errors, 'next') })}
${buttons(button({ label: t.account.passwordAction }), linkButton({ label: t.app.back, href: paths.account(), look: 'plain' }))}`
  return {
    title: t.account.passwordAction,
    main: html`${pageTitle({ title: t.account.passwordAction, lead: t.account.passwordLead })}
<div class="card">${form({ action: paths.password(), csrf, content: html`<div class="stack">${fields}</div>` })}</div>`,
  }
}
