import type { NewCard } from '../accounts/card.ts'
import type { PageContext } from '../http/pages.ts'
import { formatDay } from '../i18n/index.ts'
import { button, buttons, linkButton } from '../web/components/button.ts'
import { card as cardPart, pageTitle } from '../web/components/card.ts'
import { buttonForm } from '../web/components/form.ts'
import { inset } from '../web/components/notice.ts'
import { qrCode } from '../web/components/qr.ts'
import { type Html, html } from '../web/html.ts'
import { paths } from '../web/paths.ts'
import type { ClientOnList } from './client.ts'
import type { View } from './group-views.ts'

/** The person's page's part about the printed card: is there one, make one, the card is lost (S-17). */
export function cardSection(
  { t, lang, csrf }: PageContext,
  client: ClientOnList,
  live: { readonly madeAt: Date; readonly expiresAt: Date } | undefined,
): Html {
  const make = buttonForm({
    action: paths.clientCard(client.id),
    csrf,
    button: button({ label: live ? t.account.cardMakeNew : t.account.cardMake, look: 'plain' }),
  })
  const end = buttonForm({
    action: paths.endClientCard(client.id),
    csrf,
    button: button({ label: t.account.cardEnd, look: 'danger' }),
  })
  const content = live
    ? html`<p>${t.account.cardMade({ day: formatDay(live.madeAt, lang), until: formatDay(live.expiresAt, lang) })} ${t.account.cardMakeNewHint}</p>${buttons(make, end)}`
    : html`<p>${t.account.cardNone}</p>${buttons(make)}`
  return cardPart({ id: 'sign-in-card', title: t.account.cardSection, content })
}

/** The new card, to be printed, and its PIN, which stays on the screen (S-17). Both are shown once. */
export function cardPage(context: PageContext, client: ClientOnList, made: NewCard, address: string): View {
  const { t, lang } = context
  const title = t.account.cardTitle({ name: client.shortName })
  return {
    title,
    main: html`<div class="no-print section-gap">${pageTitle({ title, lead: t.account.cardOnce })}
<div class="card stack"><h2>${t.account.pin}</h2><p><strong class="one-time-code">${made.pin}</strong></p>
<p>${t.account.cardPinTell({ name: client.name.given })} ${t.account.cardMarked}</p></div>
${inset({ text: html`<p>${t.account.cardPrint}</p>` })}</div>
<section class="card stack sign-in-card" aria-labelledby="printed"><h2 id="printed">${t.app.name}</h2><p><b>${client.shortName}</b></p>
${qrCode({ text: address, label: t.account.cardQr })}
<p class="key">${address}</p>
<p>${t.account.cardHow} ${t.account.cardUntil({ day: formatDay(made.expiresAt, lang) })} ${t.account.cardLost}</p></section>
<div class="no-print">${buttons(linkButton({ label: t.app.back, href: paths.client(client.id), look: 'plain' }))}</div>`,
  }
}
