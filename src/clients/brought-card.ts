import type { PageContext } from '../http/pages.ts'
import { formatDay } from '../i18n/index.ts'
import { choiceWords } from '../progress/choice-words.ts'
import { card } from '../web/components/card.ts'
import { day, localText } from '../web/components/text.ts'
import { type Html, html } from '../web/html.ts'
import type { Handover } from './handover.ts'

type Brought = { readonly from: string; readonly at: Date; readonly content: Handover }

/** What the person chose to bring from another foundation; nothing when that is nothing. */
export function broughtCard(context: PageContext, brought: readonly Brought[]): Html | false {
  if (brought.length === 0) return false
  return card({
    id: 'brought',
    title: context.t.relations.brought,
    content: brought.map((one) => broughtPart(context, one)),
  })
}

function broughtPart({ t, lang }: PageContext, { from, at, content }: Brought): Html {
  const words = t.relations
  const { badges = [], work = [], own = [] } = content
  const part = (title: string, rows: readonly Html[]): Html | false =>
    rows.length > 0 && html`<h4>${title}</h4><ul class="points">${rows.map((row) => html`<li>${row}</li>`)}</ul>`
  return html`<h3>${words.broughtFrom({ name: from, day: formatDay(at, lang) })}</h3>
${part(
  words.broughtBadges,
  badges.map((one) => html`${localText(one.name, lang)}, ${one.issuer}, ${day(one.awardedAt, lang)}`),
)}${part(
  words.broughtWork,
  work.map(
    (one) => html`${localText(one.task, lang)}: ${words.broughtTimes({ count: one.times })}, ${day(one.lastDay, lang)}`,
  ),
)}${part(
  words.broughtOwn,
  own.map((one) => html`${localText(one.task, lang)}: ${choiceWords(one.choice, t)}`),
)}`
}
