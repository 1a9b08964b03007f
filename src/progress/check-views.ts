import type { ClientOnList } from '../clients/client.ts'
import type { PageContext } from '../http/pages.ts'
import { formatDay } from '../i18n/index.ts'
import { button, buttons } from '../web/components/button.ts'
import { pageTitle } from '../web/components/card.ts'
import { form, hiddenField } from '../web/components/form.ts'
import { summaryList } from '../web/components/summary-list.ts'
import { localText } from '../web/components/text.ts'
import { type Html, html } from '../web/html.ts'
import { paths } from '../web/paths.ts'
import type { TaskChoice } from './record-data.ts'
import { type RecordForm, readDay } from './record-form.ts'
import { levels, type View } from './record-views.ts'

/** One person on the check page and the level that is chosen for that person. */
export type Checked = { readonly client: ClientOnList; readonly level: string }

/** `/kirjaa/tarkista`: a row for each person, where one person's support can be changed (PRODUCT C2). Everything else travels along. */
export function checkPage(
  context: PageContext,
  given: { readonly form: RecordForm; readonly task: TaskChoice | undefined; readonly rows: readonly Checked[] },
): View {
  const { t, lang, csrf } = context
  const { form: sent, task, rows } = given
  const day = readDay(sent.date)
  const summary = summaryList({
    t,
    rows: [
      { label: t.record.checkTask, value: task ? localText(task.name, lang) : '' },
      { label: t.record.date, value: day === undefined ? sent.date : formatDay(day, lang) },
      ...(sent.note.trim() === '' ? [] : [{ label: t.record.note, value: sent.note }]),
      ...(sent.lateReason.trim() === '' ? [] : [{ label: t.record.late, value: sent.lateReason }]),
    ],
  })
  const kept = (['task', 'support', 'date', 'note', 'lateReason', 'search'] as const).map((name) =>
    hiddenField(name, sent[name]),
  )
  return {
    title: t.record.check,
    main: html`${pageTitle({ title: t.record.check, lead: t.record.checkLead })}
${form({
  action: paths.recordCheck(),
  csrf,
  idempotencyKey: sent.idempotencyKey,
  content: html`${kept}<div class="card stack">${summary}${rows.map((row, index) => personLevel(context, row, index))}</div>
${buttons(
  button({ label: t.record.saveFor({ count: rows.length }) }),
  button({ label: t.app.change, look: 'plain', name: 'action', value: 'change' }),
)}`,
})}`,
  }
}

/** A native list: eight of them stay short on a phone, and it always sends a value. */
function personLevel({ t }: PageContext, { client, level }: Checked, index: number): Html {
  const id = `level-${index + 1}`
  return html`<div class="field level">${hiddenField('people', client.id)}
<label for="${id}"><span class="visually-hidden">${t.record.how} </span>${client.shortName}</label>
<select class="input" id="${id}" name="level">${levels.map(
    (one) => html`<option value="${one}"${one === level && html` selected`}>${t.supportLevel[one]}</option>`,
  )}</select></div>`
}
