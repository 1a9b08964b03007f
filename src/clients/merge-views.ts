import type { PageContext } from '../http/pages.ts'
import { formatDay } from '../i18n/index.ts'
import { button, buttons, linkButton } from '../web/components/button.ts'
import { card, pageTitle } from '../web/components/card.ts'
import { errorOf, type FieldError } from '../web/components/error-summary.ts'
import { buttonForm, form, hiddenField } from '../web/components/form.ts'
import { summaryList } from '../web/components/summary-list.ts'
import { type Html, html } from '../web/html.ts'
import { paths } from '../web/paths.ts'
import type { ClientOnList } from './client.ts'
import type { View } from './group-views.ts'
import type { Merge } from './merge.ts'
import type { PersonWithCoaches } from './relation-list.ts'

/** The part of a person's page about a second row of the same person: which one, and what can still be undone. */
export function mergeCard(
  { t, lang, csrf }: PageContext,
  client: ClientOnList,
  people: readonly PersonWithCoaches[],
  merges: readonly Merge[],
): Html {
  const words = t.relations
  const others = people.flatMap(({ id, name }) => (name && id !== client.id ? [{ id, name }] : []))
  const undo = merges.map(
    ({ id, at, until }) =>
      html`<p>${words.mergedOn({ day: formatDay(at, lang), until: formatDay(until, lang) })}</p>${buttons(
        buttonForm({
          action: paths.splitClient(client.id, id),
          csrf,
          button: button({ label: words.split, look: 'plain' }),
        }),
      )}`,
  )
  const choose =
    others.length > 0 &&
    html`<form method="get" action="${paths.mergeClient(client.id)}" class="section-gap"><div class="field"><label for="toinen">${words.mergeOther}</label>
<select class="input" id="toinen" name="toinen"><option value="">${words.mergeChoose}</option>${others.map(
      ({ id, name }) => html`<option value="${id}">${name.given} ${name.family}</option>`,
    )}</select></div>${buttons(button({ label: words.mergeNext, look: 'plain' }))}</form>`
  return card({ id: 'merge', title: words.merge, content: html`<p>${words.mergeLead}</p>${undo}${choose}` })
}

/** Before two rows become one: which, and what happens. */
export function mergeCheckPage(
  { t, csrf }: PageContext,
  shown: {
    readonly into: ClientOnList
    readonly from: ClientOnList
    readonly coaches: (client: ClientOnList) => string
    readonly errors: readonly FieldError[]
  },
): View {
  const words = t.relations
  const { into, from, coaches, errors } = shown
  const fullName = ({ name }: ClientOnList): string => `${name.given} ${name.family}`
  const title = words.mergeCheck({ from: fullName(from), into: fullName(into) })
  const error = errorOf(errors, 'toinen')
  const rows = [into, from].map((one) => ({ label: fullName(one), value: coaches(one) }))
  const content = html`${hiddenField('toinen', from.id)}${error !== undefined && html`<p class="error-text" id="toinen">${error}</p>`}
${buttons(button({ label: words.mergeAction }), linkButton({ label: t.app.cancel, href: paths.relationsOf(into.id), look: 'plain' }))}`
  return {
    title,
    main: html`${pageTitle({ title, lead: words.mergeCheckLead })}<div class="card">${summaryList({ t, rows })}</div>
${form({ action: paths.mergeClient(into.id), csrf, content })}`,
  }
}
