import type { PersonName } from '../clients/client.ts'
import type { PageContext } from '../http/pages.ts'
import { formatDay, pickText } from '../i18n/index.ts'
import { card, pageTitle } from '../web/components/card.ts'
import { emptyState } from '../web/components/empty-state.ts'
import { list, personRow } from '../web/components/list.ts'
import { doneTag, tag } from '../web/components/tag.ts'
import { day, localText } from '../web/components/text.ts'
import { type Child, type Html, html } from '../web/html.ts'
import { paths } from '../web/paths.ts'
import type { ApplicationView } from './list.ts'

export type View = { readonly title: string; readonly main: Html }

/** What stands on `/hakemukset`. `answerBy` is the day by which an application that was sent at an instant is answered. */
export type ApplicationLists = {
  readonly waiting: readonly ApplicationView[]
  readonly proposed: readonly ApplicationView[]
  readonly decided: readonly ApplicationView[]
  readonly today: string
  answerBy(sent: Date): string
}

export const fullName = (name: PersonName): string => `${name.given} ${name.family}`

/** `/hakemukset`: what waits for a decision, oldest first (PRODUCT K4); then what waits for the client, and what was decided lately. */
export function applicationsView(context: PageContext, lists: ApplicationLists): View {
  const { t } = context
  const words = t.applications
  const waiting = lists.waiting.map((view) => waitingRow(context, view, lists))
  return {
    title: words.title,
    main: html`${pageTitle({ title: words.title })}
${card({
  id: 'waiting',
  title: words.waitingTitle,
  content:
    waiting.length === 0
      ? emptyState({ why: words.empty, what: words.emptyHelp })
      : html`<p class="soft">${words.lead}</p>${list(waiting)}`,
})}
${more(
  'proposed',
  words.proposedTitle,
  lists.proposed.map((view) => proposedRow(context, view)),
)}
${more(
  'decided',
  words.decidedTitle,
  lists.decided.map((view) => decidedRow(context, view)),
)}`,
  }
}

function more(id: string, title: string, rows: readonly Html[]): Html | undefined {
  return rows.length === 0 ? undefined : card({ id, title, content: list(rows) })
}

function waitingRow(context: PageContext, view: ApplicationView, lists: ApplicationLists): Html {
  const { t, lang } = context
  const words = t.applications
  const sent = view.submittedAt ?? view.createdAt
  const by = lists.answerBy(sent)
  const date = formatDay(by, lang)
  const end =
    by < lists.today
      ? tag({ label: words.answerLate({ date }), kind: 'bad' })
      : tag({ label: `${words.answerBy} ${date}`, kind: 'now' })
  return row(context, view, html`${words.sentOn} ${day(sent, lang)}`, end)
}

function proposedRow(context: PageContext, view: ApplicationView): Html {
  const { t, lang } = context
  const by = view.proposedBy && t.applications.proposedBy({ name: view.proposedBy.name })
  return row(context, view, html`${t.applications.proposedOn} ${day(view.createdAt, lang)}. ${by}`, undefined)
}

function decidedRow(context: PageContext, view: ApplicationView): Html {
  const { t, lang } = context
  const when = view.decidedAt && html`${t.applications.decidedOn} ${day(view.decidedAt, lang)}`
  return row(context, view, when, stateTag(context, view))
}

function row(context: PageContext, view: ApplicationView, when: Child, end: Child): Html {
  const { t, lang } = context
  return personRow({
    name: view.isHidden ? t.relations.protectedTag : fullName(view.clientName),
    // The same person may have several applications: each link says of which badge.
    hidden: pickText(view.badgeName, lang).text,
    href: paths.application(view.id),
    detail: html`<b>${localText(view.badgeName, lang)}</b><span class="block">${when}</span>`,
    end,
  })
}

/** The state of an application in a word or two; a revoked award is told as such. */
export function stateTag({ t }: PageContext, view: ApplicationView): Html {
  if (view.isRevoked) return tag({ label: t.awards.states.revoked, kind: 'bad' })
  const label = view.state === 'declined' ? t.applications.states.withdrawn : t.applications.states[view.state]
  if (view.state === 'awarded') return doneTag(label)
  return tag({ label, kind: view.state === 'submitted' ? 'now' : 'plain' })
}
