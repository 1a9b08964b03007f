import type { PageContext } from '../http/pages.ts'
import { button, buttons, linkButton } from '../web/components/button.ts'
import { card, pageTitle } from '../web/components/card.ts'
import { emptyState } from '../web/components/empty-state.ts'
import { errorOf, type FieldError } from '../web/components/error-summary.ts'
import { input } from '../web/components/field.ts'
import { buttonForm, form } from '../web/components/form.ts'
import { table } from '../web/components/table.ts'
import { tag } from '../web/components/tag.ts'
import { day } from '../web/components/text.ts'
import { type Child, html } from '../web/html.ts'
import { paths } from '../web/paths.ts'
import type { Coach } from './coaches.ts'
import type { View } from './group-views.ts'
import { coachField } from './relation-views.ts'
import type { StandIn } from './stand-in.ts'

export type StandInForm = {
  readonly coachId: string
  readonly standInId: string
  readonly fromDay: string
  readonly untilDay: string
}

type Shown = {
  readonly standIns: readonly StandIn[]
  readonly coaches: readonly Coach[]
  readonly form: StandInForm
  readonly errors: readonly FieldError[]
}

/** `/hallinta/sijaiset`: who is away and who has the group so long (PRODUCT C7). */
export function standInsPage(context: PageContext, { standIns, coaches, form: given, errors }: Shown): View {
  const { t, csrf } = context
  const words = t.relations
  const shown =
    standIns.length === 0
      ? emptyState({ why: words.standInsNone, what: words.standInsNoneHelp })
      : table({
          caption: words.standIns,
          columns: [words.standIn, words.away, words.firstDay, words.lastDay, words.state, words.act],
          rows: standIns.map((one) => standInRow(context, one)),
        })
  const fields = html`${coachField({ t, name: 'coachId', label: words.away, coaches, chosen: given.coachId, error: errorOf(errors, 'coachId') })}
${coachField({ t, name: 'standInId', label: words.standIn, coaches, chosen: given.standInId, error: errorOf(errors, 'standInId') })}
${input({ t, name: 'fromDay', label: words.firstDay, type: 'date', value: given.fromDay, error: errorOf(errors, 'fromDay') })}
${input({ t, name: 'untilDay', label: words.lastDay, type: 'date', value: given.untilDay, error: errorOf(errors, 'untilDay') })}
${buttons(button({ label: words.standInAdd }))}`
  return {
    title: words.standIns,
    main: html`${pageTitle({ title: words.standIns, lead: words.standInsLead })}
<div class="card">${shown}</div>
${card({ id: 'add', title: words.standInAdd, content: form({ action: paths.standIns(), csrf, content: fields }) })}
${buttons(linkButton({ label: words.back, href: paths.relations(), look: 'plain' }))}`,
  }
}

function standInRow({ t, lang, csrf }: PageContext, one: StandIn): readonly Child[] {
  const words = t.relations
  const end = buttonForm({
    action: paths.endStandIn(one.id),
    csrf,
    button: button({ label: words.end, look: 'plain', hidden: words.standInEndHidden({ name: one.standIn }) }),
  })
  return [
    one.standIn,
    one.coach,
    day(one.fromDay, lang),
    day(one.untilDay, lang),
    tag({ label: words.standInStates[one.state], kind: one.state === 'current' ? 'done' : 'plain' }),
    one.state === 'ended' ? '–' : end,
  ]
}
