import type { PageContext } from '../http/pages.ts'
import { formatTime, pickText } from '../i18n/index.ts'
import { button, linkButton, saveBar } from '../web/components/button.ts'
import { card, columns, details, pageTitle } from '../web/components/card.ts'
import { type Choice, choices } from '../web/components/choices.ts'
import { emptyState } from '../web/components/empty-state.ts'
import { errorOf, type FieldError } from '../web/components/error-summary.ts'
import { input, textArea } from '../web/components/field.ts'
import { buttonForm, form } from '../web/components/form.ts'
import { list, personRow } from '../web/components/list.ts'
import { supportPicture } from '../web/components/support-picture.ts'
import { tag } from '../web/components/tag.ts'
import { localText } from '../web/components/text.ts'
import { type Html, html } from '../web/html.ts'
import { paths } from '../web/paths.ts'
import { dayInHelsinki } from '../i18n/index.ts'
import type { ObservationView } from './observation-list.ts'
import { readyCard } from './ready-card.ts'
import type { RecordData, TaskChoice } from './record-data.ts'
import type { RecordForm } from './record-form.ts'

export type View = { readonly title: string; readonly main: Html }
export type Shown = { readonly form: RecordForm; readonly errors?: readonly FieldError[] }

/** `/kirjaa`: who, what, how; then what else the coach needs to see today (PRODUCT C1, mock-up). */
export function recordPage(context: PageContext, data: RecordData, shown: Shown): View {
  const { t } = context
  return {
    title: t.record.title,
    main: columns({
      main: html`${pageTitle({ title: t.record.title })}${recordForm(context, data, shown)}`,
      side: html`${data.isLocked ? lockedCard(context) : readyCard(context, data.people, data.readiness, true)}${todayCard(context, data)}`,
    }),
  }
}

function recordForm(context: PageContext, data: RecordData, shown: Shown): Html {
  const { t, csrf } = context
  if (data.people.length === 0) return emptyState({ why: t.record.noPeople, what: t.record.noPeopleHelp })
  if (data.tasks.length === 0) return emptyState({ why: t.record.noTasks, what: t.record.noTasksHelp })
  return form({
    action: paths.record(),
    csrf,
    idempotencyKey: shown.form.idempotencyKey,
    content: html`${who(context, data, shown)}${what(context, data.tasks, shown)}${how(context, shown)}${more(context, data, shown)}
${saveBar({ button: button({ label: t.app.save }), text: t.record.undoHint })}`,
  })
}

function who({ t }: PageContext, { people, tasks }: RecordData, { form, errors }: Shown): Html {
  const isAll = form.people.length === people.length
  const count = people.length
  const all = isAll
    ? button({ label: t.record.selectNone, look: 'plain', name: 'action', value: 'none' })
    : button({ label: t.record.selectAll({ count }), look: 'plain', name: 'action', value: 'all' })
  return choices({
    t,
    kind: 'checkbox',
    name: 'people',
    legend: `1. ${t.record.who}`,
    hint: t.record.groupSize({ group: t.group.title, count }),
    error: errorOf(errors, 'people'),
    narrow: true,
    choices: people.map(({ id, shortName }) => ({ value: id, label: shortName, checked: form.people.includes(id) })),
    ...(count > 1 ? { after: html`${enterButton(t, tasks.length > shownTasks)}<p>${all}</p>` } : {}),
  })
}

/** Enter in a field presses the first button of its form: it saves, or searches where there is a search, and chooses nobody. */
function enterButton(t: PageContext['t'], searches: boolean): Html {
  return html`<span class="visually-hidden" aria-hidden="true"><button class="btn" type="submit" tabindex="-1"${
    searches && html` name="action" value="search"`
  }>${searches ? t.record.searchAction : t.app.save}</button></span>`
}

/** So many tasks are shown at once; the rest is found by words. */
const shownTasks = 8

function what(context: PageContext, tasks: readonly TaskChoice[], { form, errors }: Shown): Html {
  const { t } = context
  const found = tasksToShow(tasks, form)
  const search = html`<div class="stack-s">${input({ t, type: 'search', name: 'search', label: t.record.search, value: form.search, autocomplete: 'off' })}
<p>${button({ label: t.record.searchAction, look: 'plain', name: 'action', value: 'search' })}</p></div>`
  const none = html`<p>${t.record.noMatch({ words: form.search.trim() })}</p>`
  const isNone = found.length === 0 || (form.search.trim() !== '' && found.every(({ id }) => id === form.task))
  return choices({
    t,
    kind: 'radio',
    name: 'task',
    legend: `2. ${t.record.what}`,
    hint: t.record.recentFirst,
    error: errorOf(errors, 'task'),
    choices: found.map((task) => taskChoice(context, task, form.task)),
    ...(tasks.length > shownTasks ? { after: html`${isNone && none}${search}` } : {}),
  })
}

export function taskChoice({ lang }: PageContext, task: TaskChoice, chosen: string): Choice {
  const { id, name, module } = task
  return { value: id, label: pickText(name, lang).text, detail: localText(module, lang), checked: id === chosen }
}

/** The first ones, or those that have the words in their name; the chosen one always. */
export function tasksToShow(
  tasks: readonly TaskChoice[],
  form: Pick<RecordForm, 'task' | 'search'>,
): readonly TaskChoice[] {
  const words = form.search.trim().toLocaleLowerCase('fi').split(/\s+/)
  const isMatch = ({ name }: TaskChoice): boolean =>
    Object.values(name).some((text) => words.every((word) => text.toLocaleLowerCase('fi').includes(word)))
  const found = form.search.trim() === '' ? tasks.slice(0, shownTasks) : tasks.filter(isMatch).slice(0, 3 * shownTasks)
  const chosen = tasks.find(({ id }) => id === form.task)
  return chosen && !found.includes(chosen) ? [chosen, ...found] : found
}

/** Least help first, as the mock-up has it. */
export const levels = ['minor', 'general', 'enhanced'] as const

function how(context: PageContext, { form, errors }: Shown): Html {
  const { t } = context
  return supportChoices(context, `3. ${t.record.how}`, form.support, errorOf(errors, 'support'))
}

/** The three support levels in words and pictures. For staff only (DOMAIN §4). */
export function supportChoices({ t }: PageContext, legend: string, chosen: string, error: string | undefined): Html {
  return choices({
    t,
    kind: 'radio',
    name: 'support',
    legend,
    error,
    choices: levels.map((level) => ({
      value: level,
      label: t.supportLevel[level],
      detail: t.supportHint[level],
      picture: supportPicture(level),
      checked: chosen === level,
    })),
  })
}

function more(context: PageContext, { now }: RecordData, { form, errors }: Shown): Html {
  const { t } = context
  const today = dayInHelsinki(now)
  const isOpen =
    form.date !== today ||
    [form.note, form.lateReason].some((words) => words !== '') ||
    ['note', 'date', 'lateReason'].some((field) => errorOf(errors, field) !== undefined)
  return html`<div class="card">${details({ summary: t.record.more, open: isOpen, content: moreFields(context, form, errors, today) })}</div>`
}

/** Note, day and the reason for a late record. */
export function moreFields(
  { t }: PageContext,
  form: Pick<RecordForm, 'note' | 'date' | 'lateReason'>,
  errors: readonly FieldError[] | undefined,
  today: string,
): Html {
  return html`${textArea({ t, name: 'note', label: t.record.note, hint: t.record.noteHint, optional: true, value: form.note, error: errorOf(errors, 'note') })}
${input({ t, type: 'date', name: 'date', label: t.record.date, hint: t.record.dateHint, value: form.date, max: today, error: errorOf(errors, 'date') })}
${textArea({ t, name: 'lateReason', label: t.record.lateReason, hint: t.record.lateReasonHint, rows: 2, value: form.lateReason, error: errorOf(errors, 'lateReason') })}`
}

/** In place of what reads history: the way to open it (S-14). */
function lockedCard({ t }: PageContext): Html {
  const open = linkButton({
    label: t.account.againTitle,
    href: `${paths.signInAgain()}?next=${encodeURIComponent(paths.record())}`,
    look: 'plain',
  })
  return card({ id: 'locked', title: t.group.ready, content: html`<p>${t.account.againLead}</p>${open}` })
}

function todayCard(context: PageContext, { todays, people, now, isLocked }: RecordData): Html {
  const { t } = context
  const names = new Map(people.map(({ id, shortName }) => [id, shortName]))
  const content =
    todays.length > 0
      ? list(todays.slice(0, 20).map((one) => todayRow(context, one, names.get(one.clientId), now, isLocked)))
      : html`<p>${t.record.todayEmpty}</p>`
  return card({ id: 'today', title: t.record.today, content })
}

function todayRow(
  { t, lang, csrf }: PageContext,
  one: ObservationView,
  name: string | undefined,
  now: Date,
  isLocked: boolean,
): Html {
  const task = pickText(one.taskName, lang).text
  const undo =
    one.undoUntil >= now &&
    buttonForm({
      action: paths.undoRecord(one.id),
      csrf,
      button: button({ label: t.app.undo, look: 'link', hidden: t.record.undoHidden({ name: name ?? '', task }) }),
    })
  return personRow({
    name: name ?? '–',
    ...(name === undefined ? {} : { href: paths.client(one.clientId) }),
    detail: html`${localText(one.taskName, lang)}, <time datetime="${one.recordedAt.toISOString()}">${formatTime(one.recordedAt, lang)}</time>${
      one.recordedLate && html`<span class="block">${t.record.late}</span>`
    }`,
    end: html`<div class="row-end">${!isLocked && tag({ label: t.supportLevel[one.supportLevel], kind: 'info' })}${undo}</div>`,
  })
}
