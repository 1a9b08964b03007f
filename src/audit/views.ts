import type { PageContext } from '../http/pages.ts'
import { button, buttons, linkButton } from '../web/components/button.ts'
import { pageTitle } from '../web/components/card.ts'
import { emptyState } from '../web/components/empty-state.ts'
import { errorOf, type FieldError } from '../web/components/error-summary.ts'
import { input } from '../web/components/field.ts'
import { table } from '../web/components/table.ts'
import { moment } from '../web/components/text.ts'
import { type Child, type Html, html } from '../web/html.ts'
import { paths } from '../web/paths.ts'
import type { AuditLine } from './read.ts'
import { auditKinds } from './record.ts'

export type Filter = { readonly kind: string; readonly who: string; readonly from: string; readonly until: string }

type Shown = {
  readonly lines: readonly AuditLine[]
  /** Address of the next page, with the same filter. */
  readonly older: string | undefined
  readonly filter: Filter
  readonly errors: readonly FieldError[]
  readonly isOwnOnly: boolean
  /** Staff whose lines may be picked out; none for who reads the own ones. */
  readonly people: readonly { readonly id: string; readonly name: string }[]
  readonly now: Date
}

/** `/hallinta/loki`: who did and looked at what, by kind and day (S-53). */
export function auditPage(context: PageContext, shown: Shown): { readonly title: string; readonly main: Html } {
  const words = context.t.audit
  const { lines, older, isOwnOnly } = shown
  const toFront = linkButton({ label: context.t.administration.back, href: paths.administration(), look: 'plain' })
  // A coach has no front page of administration.
  const back = !isOwnOnly && html`${buttons(toFront)}`
  const found =
    lines.length === 0
      ? emptyState({ why: words.none, what: words.noneHelp })
      : html`${linesTable(context, shown)}${older !== undefined && html`<p class="tapline"><a href="${older}">${words.older}</a></p>`}`
  return {
    title: words.title,
    main: html`${pageTitle({ title: words.title, lead: isOwnOnly ? words.leadOwn : words.lead })}
${filterForm(context, shown)}
<div class="card">${found}</div>${back}`,
  }
}

function filterForm({ t }: PageContext, { filter, errors, people }: Shown): Html {
  const words = t.audit
  const date = (name: 'from' | 'until'): Html =>
    input({ t, name, label: words[name], type: 'date', value: filter[name], error: errorOf(errors, name) })
  const who =
    people.length > 0 &&
    html`<div class="field"><label for="who">${words.columns.who}</label><select class="input" id="who" name="who"><option value="">${words.all}</option>${people.map(
      ({ id, name }) => html`<option value="${id}"${id === filter.who && html` selected`}>${name}</option>`,
    )}</select></div>`
  return html`<form method="get" action="${paths.audit()}" novalidate class="card stack"><div class="grid filters">
<div class="field"><label for="kind">${words.kind}</label><select class="input" id="kind" name="kind"><option value="">${words.all}</option>${auditKinds.map(
    (kind) => html`<option value="${kind}"${kind === filter.kind && html` selected`}>${words.kinds[kind]}</option>`,
  )}</select></div>
${who}${date('from')}${date('until')}</div>${buttons(button({ label: words.show }))}</form>`
}

function linesTable({ t, lang }: PageContext, { lines, now }: Shown): Html {
  const words = t.audit
  const { at, who, what, whom, where } = words.columns
  return table({
    caption: words.title,
    columns: [at, who, what, whom, where],
    rows: lines.map((line): readonly Child[] => [
      moment(line.at, lang, now),
      whoIs(line, words),
      html`${words.kinds[line.kind]}${line.unit !== null && html`<span class="block small soft">${line.unit}</span>`}${line.reason !== null && html`<span class="block small soft">${words.reasons[line.reason]}</span>`}${line.unit === null && line.what !== null && html`<span class="block small soft break">${whatIs(line.what, t)}</span>`}`,
      whomIs(line, words),
      line.address && addressOf(line.address),
    ]),
  })
}

/** A long one (IPv6) may go on at its colons. */
function addressOf(address: string): Html {
  return html`${address.split(':').map((part, index) => html`${index > 0 && html`:<wbr>`}${part}`)}`
}

type Words = PageContext['t']['audit']

/** A role or a way of being sure by its name; a key or a route as it is. */
function whatIs(what: string, { audit, paperRequests }: PageContext['t']): string {
  const names: Readonly<Record<string, string>> = { ...audit.roles, ...paperRequests.sureChoices }
  return Object.hasOwn(names, what) ? (names[what] ?? what) : what
}

function whoIs({ actorKind, actor }: AuditLine, words: Words): string {
  if (actorKind === 'command') return words.command
  return actorKind === 'client' ? words.client : (actor ?? words.someone)
}

function whomIs({ clientId, client, isErased, subject }: AuditLine, words: Words): string | null {
  if (clientId === null) return subject
  if (isErased) return words.erased
  return client ?? words.person({ id: clientId.slice(-8) })
}
