import type { PageContext } from '../http/pages.ts'
import { formatDay } from '../i18n/index.ts'
import { button, buttons, linkButton } from '../web/components/button.ts'
import { card, pageTitle } from '../web/components/card.ts'
import { emptyState } from '../web/components/empty-state.ts'
import { errorOf, type FieldError } from '../web/components/error-summary.ts'
import { input } from '../web/components/field.ts'
import { buttonForm, form, hiddenField } from '../web/components/form.ts'
import { list, personRow } from '../web/components/list.ts'
import { table } from '../web/components/table.ts'
import { tag } from '../web/components/tag.ts'
import { day } from '../web/components/text.ts'
import { type Child, type Html, html } from '../web/html.ts'
import { paths } from '../web/paths.ts'
import type { ClientOnList } from './client.ts'
import type { Coach } from './coaches.ts'
import type { View } from './group-views.ts'
import type { Relation } from './relation.ts'
import type { PersonWithCoaches } from './relation-list.ts'

/** What stands in the forms of the page, as it was sent. */
export type RelationForm = {
  readonly coachId: string
  readonly fromDay: string
  readonly untilDay: string
  readonly given: string
  readonly family: string
}

/** `/hallinta/suhteet`: everybody with the coaches of today. */
export function relationsPage({ t }: PageContext, people: readonly PersonWithCoaches[]): View {
  const words = t.relations
  const rows = people.map((one) =>
    personRow({
      name: one.name ? `${one.name.given} ${one.name.family}` : words.protectedTag,
      href: paths.relationsOf(one.id),
      // Those whose names are not shown are told apart by the end of a random number, for this list only.
      ...(one.name ? {} : { hidden: one.id.slice(-8) }),
      detail: one.coaches.length > 0 ? words.coachedBy({ names: one.coaches.join(', ') }) : words.noCoach,
      ...(one.name ? {} : { end: html`<span class="small soft">${one.id.slice(-8)}</span>` }),
    }),
  )
  const content = rows.length > 0 ? list(rows) : emptyState({ why: words.none, what: words.noneHelp })
  const links = buttons(
    linkButton({ label: words.standIns, href: paths.standIns(), look: 'plain' }),
    linkButton({ label: words.invite, href: paths.invitations(), look: 'plain' }),
  )
  return {
    title: words.title,
    main: html`<div class="stack">${pageTitle({ title: words.title, lead: words.lead })}${links}</div>
${card({ id: 'people', title: words.people, content })}`,
  }
}

type Person = {
  readonly client: ClientOnList
  readonly protectedSince: Date | null
  readonly relations: readonly Relation[]
  readonly coaches: readonly Coach[]
  readonly form: RelationForm
  readonly errors: readonly FieldError[]
  /** The work unit, and the way to another. */
  readonly unit: Html
  /** Two rows of one person: what was joined, and the way to join. */
  readonly merging: Html
}

/** `/hallinta/suhteet/{person}`: coaches and days, the name, the mark of protected identity. */
export function personRelationsPage(context: PageContext, person: Person): View {
  const { t } = context
  const words = t.relations
  const title = `${person.client.name.given} ${person.client.name.family}`
  const mark = person.protectedSince === null ? undefined : tag({ label: words.protectedTag, kind: 'bad' })
  return {
    title,
    main: html`<div class="stack">${pageTitle({ title, lead: mark })}</div>
${card({ id: 'coaches', title: words.coaches, content: coachesPart(context, person) })}
${card({ id: 'add', title: words.add, content: addForm(context, person) })}
${person.unit}
${card({ id: 'name', title: words.name, content: nameForm(context, person) })}
${card({ id: 'protection', title: words.protection, content: protectionForm(context, person) })}
${person.merging}
${buttons(
  linkButton({ label: t.paperRequests.add, href: `${paths.paperRequest()}?kuka=${person.client.id}`, look: 'plain' }),
  linkButton({ label: words.back, href: paths.relations(), look: 'plain' }),
)}`,
  }
}

function coachesPart(context: PageContext, { client, relations }: Person): Html {
  const words = context.t.relations
  if (relations.length === 0) return html`<p>${words.coachesNone}</p>`
  return html`${table({
    caption: words.coaches,
    columns: [words.coach, words.from, words.until, words.state, words.act],
    rows: relations.map((one) => relationRow(context, client, one)),
  })}<p class="small soft">${words.endHint}</p>`
}

function relationRow({ t, lang, csrf }: PageContext, client: ClientOnList, one: Relation): readonly Child[] {
  const words = t.relations
  const away = one.standsInFor
  const end = buttonForm({
    action: paths.endRelation(client.id, one.id),
    csrf,
    button: button({ label: words.end, look: 'plain', hidden: one.coach }),
  })
  return [
    html`${one.coach}${away !== null && html`<span class="block small soft">${words.standInFor({ name: away })}</span>`}`,
    day(one.fromDay, lang),
    one.untilDay === null ? words.goesOn : day(one.endedAt ?? one.untilDay, lang),
    tag({ label: words.states[one.state], kind: one.state === 'current' ? 'done' : 'plain' }),
    one.state === 'ended' ? '–' : end,
  ]
}

function addForm({ t, csrf }: PageContext, { client, coaches, form: given, errors }: Person): Html {
  const words = t.relations
  return form({
    action: paths.beginRelation(client.id),
    csrf,
    content: html`${coachField({ t, name: 'coachId', label: words.coach, coaches, chosen: given.coachId, error: errorOf(errors, 'coachId') })}
${input({ t, name: 'fromDay', label: words.firstDay, type: 'date', value: given.fromDay, error: errorOf(errors, 'fromDay') })}
${input({ t, name: 'untilDay', label: words.lastDay, hint: words.untilHint, optional: true, type: 'date', value: given.untilDay, error: errorOf(errors, 'untilDay') })}
${buttons(button({ label: words.addAction }))}`,
  })
}

/** One coach from a list; nobody is chosen before. */
export function coachField(props: {
  readonly t: PageContext['t']
  readonly name: string
  readonly label: string
  readonly coaches: readonly Coach[]
  readonly chosen: string
  readonly error: string | undefined
}): Html {
  const { t, name, label, coaches, chosen, error } = props
  const isWrong = error !== undefined
  return html`<div class="field${isWrong && ' in-error'}"><label for="${name}">${label}</label>
${isWrong && html`<p class="error-text" id="${name}-error"><span class="visually-hidden">${t.error.titlePrefix} </span>${error}</p>`}
<select class="input" id="${name}" name="${name}"${isWrong && html` aria-describedby="${name}-error" aria-invalid="true"`}><option value="">${t.relations.chooseCoach}</option>${coaches.map(
    (one) => html`<option value="${one.id}"${one.id === chosen && html` selected`}>${one.name}</option>`,
  )}</select></div>`
}

function nameForm({ t, csrf }: PageContext, { client, form: given, errors }: Person): Html {
  const words = t.relations
  return html`<p>${words.nameHint}</p>${form({
    action: paths.renameClient(client.id),
    csrf,
    content: html`${input({ t, name: 'given', label: words.given, value: given.given, error: errorOf(errors, 'given'), autocomplete: 'off' })}
${input({ t, name: 'family', label: words.family, value: given.family, error: errorOf(errors, 'family'), autocomplete: 'off' })}
${buttons(button({ label: words.nameAction, look: 'plain' }))}`,
  })}`
}

function protectionForm({ t, lang, csrf }: PageContext, { client, protectedSince }: Person): Html {
  const words = t.relations
  const isOn = protectedSince !== null
  return html`<p>${words.protectionLead}</p>${isOn && html`<p>${words.protectionSince({ day: formatDay(protectedSince, lang) })} ${words.protectionOffHint}</p>`}${form(
    {
      action: paths.protectClient(client.id),
      csrf,
      content: html`${hiddenField('protected', isOn ? 'no' : 'yes')}${buttons(
        button({ label: isOn ? words.protectionOff : words.protectionOn, look: 'plain' }),
      )}`,
    },
  )}`
}
