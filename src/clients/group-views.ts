import type { PageContext } from '../http/pages.ts'
import { formatDay } from '../i18n/index.ts'
import { nearestBadge, neededWords } from '../progress/ready.ts'
import { readyCard } from '../progress/ready-card.ts'
import type { ReadinessOfClients } from '../progress/readiness.ts'
import { button } from '../web/components/button.ts'
import { card, columns, pageTitle } from '../web/components/card.ts'
import { emptyState } from '../web/components/empty-state.ts'
import { buttonForm } from '../web/components/form.ts'
import { list, personRow } from '../web/components/list.ts'
import { localText } from '../web/components/text.ts'
import { type Html, html } from '../web/html.ts'
import { paths } from '../web/paths.ts'
import type { ClientOnList } from './client.ts'
import type { GroupData } from './group-data.ts'

export type View = { readonly title: string; readonly main: Html }
/** What the reader may do, so that a button stands only where it works. */
export type May = { readonly propose: boolean; readonly record: boolean; readonly seeAll: boolean }

/** `/ryhma`: the people, who is ready for a badge and why (PRODUCT C3). */
export function groupPage(context: PageContext, { people, readiness, lastDays }: GroupData, may: May): View {
  const { t } = context
  const { title } = t.group
  const count = people.length
  if (count === 0) {
    const empty = emptyState({ why: t.group.empty, what: t.group.emptyHelp })
    return { title, main: html`${pageTitle({ title })}<div class="card">${empty}</div>` }
  }
  const lead = may.seeAll ? t.group.leadAll({ count }) : t.group.lead({ count })
  const rows = people.map((client) => row(context, client, lastDays.get(client.id), readiness))
  return {
    title,
    main: columns({
      main: html`${pageTitle({ title, lead })}${card({ id: 'people', title: t.group.people, content: list(rows) })}`,
      side: readyCard(context, people, readiness, may.propose),
    }),
  }
}

function row(
  context: PageContext,
  client: ClientOnList,
  lastDay: string | undefined,
  readiness: ReadinessOfClients,
): Html {
  const { t, lang } = context
  const last = lastDay === undefined ? t.group.noRecords : t.group.lastRecord({ day: formatDay(lastDay, lang) })
  return personRow({
    name: client.shortName,
    href: paths.client(client.id),
    detail: html`${last}${standing(context, client, readiness)}`,
    end: codeButton(context, client),
  })
}

/** Ready for a badge and why, or on the way to the nearest one and what is still needed. */
function standing({ t, lang }: PageContext, client: ClientOnList, readiness: ReadinessOfClients): Html | false {
  const all = readiness.of(client.id)
  const ready = all.find((one) => one.state === 'open' && one.readiness.met)
  if (ready) {
    const { badge, records, days } = ready
    return html`<span class="block"><b>${localText(badge.name, lang)}</b> ${t.evidenceRule.ready}: ${t.evidenceRule.readyReason({ records, days })}</span>`
  }
  const near = nearestBadge(all)
  return (
    near !== undefined &&
    html`<span class="block"><b>${localText(near.badge.name, lang)}</b> ${neededWords(near, readiness, t, lang)}</span>`
  )
}

/** Makes a one-time code, which is then shown once. */
export function codeButton({ t, csrf }: PageContext, client: ClientOnList): Html {
  return buttonForm({
    action: paths.clientCode(client.id),
    csrf,
    button: button({ label: t.group.code, look: 'plain', hidden: client.shortName }),
  })
}
