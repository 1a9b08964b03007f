import type { PageContext } from '../http/pages.ts'
import { formatDay } from '../i18n/index.ts'
import { button, buttons, linkButton } from '../web/components/button.ts'
import { card, pageTitle } from '../web/components/card.ts'
import { emptyState } from '../web/components/empty-state.ts'
import { errorOf, type FieldError } from '../web/components/error-summary.ts'
import { input } from '../web/components/field.ts'
import { buttonForm, form } from '../web/components/form.ts'
import { list } from '../web/components/list.ts'
import { tag } from '../web/components/tag.ts'
import { type Html, html } from '../web/html.ts'
import { paths } from '../web/paths.ts'
import type { WorkUnit } from './work-unit.ts'

export type View = { readonly title: string; readonly main: Html }

type Typed = { readonly name: string; readonly errors: readonly FieldError[] }

/** `/hallinta/yksikot`: the list, and for an admin the form for a new one. */
export function unitsPage(context: PageContext, units: readonly WorkUnit[], mayWrite: boolean, typed: Typed): View {
  const { t, csrf } = context
  const words = t.administration
  const open = units.filter(({ closed_at: closed }) => closed === null)
  const closed = units.filter(({ closed_at: at }) => at !== null)
  const none = emptyState({ why: words.unitsNone, what: mayWrite ? words.unitsNoneHelp : words.unitsNoneToSee })
  const rows = (all: readonly WorkUnit[]): Html => list(all.map((unit) => unitRow(context, unit, mayWrite)))
  const add = html`${nameField(context, typed)}${buttons(button({ label: words.unitAddAction }))}`
  return {
    title: words.unitsTitle,
    main: html`${pageTitle({ title: words.unitsTitle, lead: words.unitsLead })}
${card({ id: 'units', title: words.unitsList, content: open.length === 0 ? none : rows(open) })}
${mayWrite && card({ id: 'add', title: words.unitAdd, content: form({ action: paths.units(), csrf, content: html`<div class="stack">${add}</div>` }) })}
${closed.length > 0 && card({ id: 'closed', title: words.unitsClosed, content: rows(closed) })}
${buttons(linkButton({ label: words.back, href: paths.administration(), look: 'plain' }))}`,
  }
}

function unitRow({ t, lang }: PageContext, unit: WorkUnit, mayWrite: boolean): Html {
  const words = t.administration
  const state =
    unit.closed_at === null
      ? tag({ label: words.unitOpen, kind: 'done' })
      : tag({ label: words.unitClosed({ day: formatDay(unit.closed_at, lang) }) })
  // Who does not change units comes for their coaches.
  const href = mayWrite ? paths.unit(unit.id) : paths.unitCoaches(unit.id)
  const name = html`<a href="${href}"><b>${unit.name}</b></a>`
  return html`<div class="row"><span class="break">${name}</span>${state}</div>`
}

/** One unit: another name, the end, or opening it again. */
export function unitPage(context: PageContext, unit: WorkUnit, typed: Typed): View {
  const { t, csrf, lang } = context
  const words = t.administration
  const back = buttons(linkButton({ label: words.unitsBack, href: paths.units(), look: 'plain' }))
  if (unit.closed_at !== null) {
    const label = words.unitClosed({ day: formatDay(unit.closed_at, lang) })
    const open = buttonForm({ action: paths.openUnit(unit.id), csrf, button: button({ label: words.unitOpenAction }) })
    return {
      title: unit.name,
      main: html`${pageTitle({ title: unit.name })}<p>${tag({ label })}</p>${buttons(open)}${back}`,
    }
  }
  const rename = form({
    action: paths.unit(unit.id),
    csrf,
    content: html`<div class="stack">${nameField(context, typed)}${buttons(button({ label: words.unitRenameAction }))}</div>`,
  })
  const close = buttonForm({
    action: paths.closeUnit(unit.id),
    csrf,
    button: button({ label: words.unitCloseAction, look: 'plain' }),
  })
  return {
    title: unit.name,
    main: html`${pageTitle({ title: unit.name })}
${buttons(linkButton({ label: t.relations.unitCoaches, href: paths.unitCoaches(unit.id), look: 'plain' }))}
${card({ id: 'rename', title: words.unitRename, content: html`<p>${words.unitRenameLead}</p>${rename}` })}
${card({ id: 'close', title: words.unitClose, content: html`<p>${words.unitCloseLead}</p>${buttons(close)}` })}
${back}`,
  }
}

function nameField({ t }: PageContext, { name, errors }: Typed): Html {
  return input({
    t,
    name: 'name',
    label: t.administration.unitName,
    value: name,
    autocomplete: 'off',
    error: errorOf(errors, 'name'),
  })
}
