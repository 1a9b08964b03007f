import type { Look } from '../audit/read.ts'
import type { PageContext } from '../http/pages.ts'
import { formatInstant } from '../i18n/index.ts'
import { button, buttons } from '../web/components/button.ts'
import { card, pageTitle } from '../web/components/card.ts'
import { buttonForm } from '../web/components/form.ts'
import { list } from '../web/components/list.ts'
import { tag } from '../web/components/tag.ts'
import { type Html, html } from '../web/html.ts'
import { paths } from '../web/paths.ts'
import type { Crossing } from './crossings.ts'
import type { HandOut } from './hand-outs.ts'

/** `/katselut`: who looked, and each code and card that can open the passport, who gave it, and when it was used (S-15). */
export function handOutsPage(
  context: PageContext,
  seen: {
    readonly handOuts: readonly HandOut[]
    readonly looks: readonly Look[]
    readonly crossings: readonly Crossing[]
  },
  now: Date,
): { readonly title: string; readonly main: Html } {
  const { t, csrf } = context
  const { handOuts, looks, crossings } = seen
  const title = t.account.handOutsTitle
  const hasCard = handOuts.some(({ what, state }) => what === 'card' && state === 'open')
  const end = buttonForm({
    action: paths.endOwnCard(),
    csrf,
    button: button({ label: t.account.ownCardEnd, look: 'danger' }),
  })
  const content =
    handOuts.length === 0
      ? html`<p>${t.account.handOutsNone} ${t.account.handOutsNoneHelp}</p>`
      : list(handOuts.map((one) => row(context, one, now)))
  return {
    title,
    main: html`${pageTitle({ title, lead: t.account.handOutsLead })}
${looksCard(context, looks, now)}
${card({ id: 'hand-outs', title: t.account.handOutsCard, content: html`${content}${hasCard && buttons(end)}` })}
${crossings.length > 0 && crossingsCard(context, crossings, now)}
${card({ id: 'links', title: t.share.links, content: html`<p>${t.share.whoOpened}</p><p class="tapline"><a href="${paths.shares()}">${t.share.links}</a></p>` })}`,
  }
}

/** Who of the staff looked at levels, notes and files, and why (S-53). */
function looksCard({ t, lang }: PageContext, looks: readonly Look[], now: Date): Html {
  const words = t.ownData
  const rows = looks.map(({ kind, at, by, times, reason }) => {
    const when = formatInstant(at, lang, now)
    const often = times > 1 && html`<span class="block small soft">${words.looksMany({ count: times })}</span>`
    return html`<div class="row"><span><b>${by ?? t.audit.someone}</b><span class="block small">${words.lookKinds[kind]}</span><span class="block small soft">${when}</span>${often}</span>${tag({ label: words.lookReasons[reason], kind: reason === 'no-ground' ? 'bad' : 'plain' })}</div>`
  })
  const content = rows.length > 0 ? list(rows) : html`<p>${words.looksNone} ${words.looksNoneHelp}</p>`
  return card({ id: 'looks', title: words.looksTitle, content: html`<p>${words.looksLead}</p>${content}` })
}

/** Goings between this passport and the one in another foundation (S-15). */
function crossingsCard({ t, lang }: PageContext, crossings: readonly Crossing[], now: Date): Html {
  const rows = crossings.map(({ at, way, organisation: name }) => {
    const when = formatInstant(at, lang, now)
    return html`<div class="row"><span><b>${t.account.crossing[way]({ name })}</b><span class="block small soft">${when}</span></span></div>`
  })
  return card({ id: 'crossings', title: t.account.crossingsTitle, content: list(rows) })
}

function row({ t, lang }: PageContext, { what, at, by, usedAt, times, state }: HandOut, now: Date): Html {
  const day = usedAt && formatInstant(usedAt, lang, now)
  const used =
    day === null
      ? t.account.handOutUnused
      : what === 'card'
        ? t.account.handOutTimes({ count: times, day })
        : t.account.handOutUsed({ day })
  const given = t.account.handOutBy({ name: by, day: formatInstant(at, lang, now) })
  return html`<div class="row"><span><b>${t.account.handOut[what]}</b><span class="block small soft">${given}</span><span class="block small soft">${used}</span></span>${tag(
    { label: t.account.handOutState[state], kind: state === 'open' ? 'info' : 'plain' },
  )}</div>`
}
