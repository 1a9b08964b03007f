import type { WorkUnit } from '../foundations/work-unit.ts'
import type { PageContext } from '../http/pages.ts'
import { formatDay } from '../i18n/index.ts'
import { button, buttons, linkButton } from '../web/components/button.ts'
import { card, pageTitle } from '../web/components/card.ts'
import { errorOf, type FieldError } from '../web/components/error-summary.ts'
import { describe, hintAndError, input } from '../web/components/field.ts'
import { buttonForm, form } from '../web/components/form.ts'
import { table } from '../web/components/table.ts'
import { tag } from '../web/components/tag.ts'
import { day } from '../web/components/text.ts'
import { type Child, type Html, html } from '../web/html.ts'
import { paths } from '../web/paths.ts'
import type { ClientUnit } from './client-unit.ts'
import type { Coach } from './coaches.ts'
import type { View } from './group-views.ts'
import { coachField } from './relation-views.ts'
import type { UnitCoach } from './unit-coach.ts'

type ClientsUnit = {
  readonly clientId: string
  readonly unit: ClientUnit | undefined
  /** Units of the foundation that are open. */
  readonly units: readonly WorkUnit[]
  readonly errors: readonly FieldError[]
}

/** On a person's page of relations: the work unit, and the way to another. */
export function clientUnitCard({ t, lang, csrf }: PageContext, { clientId, unit, units, errors }: ClientsUnit): Html {
  const words = t.relations
  const names = unit?.coaches.join(', ') ?? ''
  const now =
    unit === undefined
      ? html`<p>${words.unitNone}</p>`
      : html`<p><a href="${paths.unitCoaches(unit.unitId)}"><b class="break">${unit.unit}</b></a> <span class="small soft">${words.unitSince({ day: formatDay(unit.fromDay, lang) })}</span></p>
<p>${names === '' ? words.unitNoCoach : words.unitCoachedBy({ names })}</p>`
  const error = errorOf(errors, 'unitId')
  const about = { t, name: 'unitId', hint: words.unitMoveHint, error }
  const field = html`<div class="field${error !== undefined && ' in-error'}"><label for="unitId">${words.unitMove}</label>
${hintAndError(about)}<select class="input" id="unitId" name="unitId"${describe(about)}><option value="">${words.unitNo}</option>${units.map(
    (one) => html`<option value="${one.id}"${one.id === unit?.unitId && html` selected`}>${one.name}</option>`,
  )}</select></div>`
  const move = html`${field}${buttons(button({ label: words.unitMoveAction, look: 'plain' }))}`
  return card({
    id: 'unit',
    title: words.unit,
    content: html`${now}${form({ action: paths.moveToUnit(clientId), csrf, content: move })}`,
  })
}

export type UnitCoachForm = { readonly coachId: string; readonly fromDay: string; readonly untilDay: string }

type Shown = {
  readonly unit: WorkUnit
  readonly members: readonly UnitCoach[]
  readonly coaches: readonly Coach[]
  readonly form: UnitCoachForm
  readonly errors: readonly FieldError[]
  readonly mayWrite: boolean
}

/** `/hallinta/yksikot/{unit}/valmentajat`: who works with everybody of the unit, by days. */
export function unitCoachesPage(context: PageContext, shown: Shown): View {
  const { t, csrf } = context
  const words = t.relations
  const { unit, coaches, form: given, errors, mayWrite } = shown
  const fields = html`${coachField({ t, name: 'coachId', label: words.coach, coaches, chosen: given.coachId, error: errorOf(errors, 'coachId') })}
${input({ t, name: 'fromDay', label: words.firstDay, type: 'date', value: given.fromDay, error: errorOf(errors, 'fromDay') })}
${input({ t, name: 'untilDay', label: words.lastDay, hint: words.untilHint, optional: true, type: 'date', value: given.untilDay, error: errorOf(errors, 'untilDay') })}
${buttons(button({ label: words.addAction }))}`
  const add = form({ action: paths.unitCoaches(unit.id), csrf, content: fields })
  const title = words.unitCoachesOf({ name: unit.name })
  return {
    title,
    main: html`${pageTitle({ title, lead: words.unitCoachesLead })}
${card({ id: 'coaches', title: words.unitCoaches, content: membersPart(context, shown) })}
${mayWrite && unit.closed_at === null && card({ id: 'add', title: words.add, content: add })}
${buttons(linkButton({ label: t.administration.unitsBack, href: paths.units(), look: 'plain' }))}`,
  }
}

function membersPart(context: PageContext, { unit, members, mayWrite }: Shown): Html {
  const words = context.t.relations
  if (members.length === 0) return html`<p>${words.unitCoachesNone}</p>`
  const columns = [words.coach, words.from, words.until, words.state, ...(mayWrite ? [words.act] : [])]
  const rows = members.map((one) => memberRow(context, unit.id, one, mayWrite))
  return html`${table({ caption: words.unitCoaches, columns, rows })}${mayWrite && html`<p class="small soft">${words.unitCoachEndHint}</p>`}`
}

function memberRow(
  { t, lang, csrf }: PageContext,
  unitId: string,
  one: UnitCoach,
  mayWrite: boolean,
): readonly Child[] {
  const words = t.relations
  const end = buttonForm({
    action: paths.endUnitCoach(unitId, one.id),
    csrf,
    button: button({ label: words.end, look: 'plain', hidden: one.coach }),
  })
  return [
    one.coach,
    day(one.fromDay, lang),
    one.untilDay === null ? words.goesOn : day(one.endedAt ?? one.untilDay, lang),
    tag({ label: words.states[one.state], kind: one.state === 'current' ? 'done' : 'plain' }),
    ...(mayWrite ? [one.state === 'ended' ? '–' : end] : []),
  ]
}
