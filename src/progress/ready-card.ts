import type { Language, Messages } from '../i18n/index.ts'
import { pickText } from '../i18n/index.ts'
import { linkButton } from '../web/components/button.ts'
import { card } from '../web/components/card.ts'
import { list, personRow } from '../web/components/list.ts'
import { localText } from '../web/components/text.ts'
import { type Html, html } from '../web/html.ts'
import { paths } from '../web/paths.ts'
import type { ClientOnList } from '../clients/client.ts'
import type { ReadinessOfClients } from './readiness.ts'
import { nearestPeople, neededWords, type PersonAndBadge, readyPeople } from './ready.ts'

type Words = { readonly t: Messages; readonly lang: Language }

/** "Valmiina merkkiin": who is ready and why, with the way to propose; else who is nearest and what they still need (PRODUCT C3). */
export function readyCard(
  { t, lang }: Words,
  people: readonly ClientOnList[],
  readiness: ReadinessOfClients,
  mayPropose: boolean,
): Html {
  const ready = readyPeople(people, readiness)
  const content =
    ready.length > 0
      ? list(ready.map((row) => readyRow({ t, lang }, row, mayPropose)))
      : nobodyReady({ t, lang }, people, readiness)
  return card({ id: 'ready', title: t.group.ready, content })
}

function readyRow({ t, lang }: Words, { client, one }: PersonAndBadge, mayPropose: boolean): Html {
  const { badge, records, days } = one
  const reason = t.evidenceRule.readyReason({ records, days })
  const propose = linkButton({
    label: t.group.proposeShort,
    hidden: `${client.shortName}, ${pickText(badge.name, lang).text}`,
    href: paths.proposeBadge(client.id, badge.classId),
    look: 'plain',
  })
  return personRow({
    name: client.shortName,
    href: paths.client(client.id),
    detail: html`${localText(badge.name, lang)}<span class="block">${reason}</span>`,
    end: mayPropose && propose,
  })
}

function nobodyReady({ t, lang }: Words, people: readonly ClientOnList[], readiness: ReadinessOfClients): Html {
  const nearest = nearestPeople(people, readiness, 2)
  if (nearest.length === 0) return html`<p>${t.group.readyEmpty}</p>`
  return html`<p>${t.group.readyEmpty}</p><h3>${t.group.nearest}</h3>${list(
    nearest.map(({ client, one }) =>
      personRow({
        name: client.shortName,
        href: paths.client(client.id),
        detail: html`${localText(one.badge.name, lang)}<span class="block">${neededWords(one, readiness, t, lang)}</span>`,
      }),
    ),
  )}`
}
