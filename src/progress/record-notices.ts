import type { ClientOnList } from '../clients/client.ts'
import type { PageContext } from '../http/pages.ts'
import { pickText } from '../i18n/index.ts'
import { button } from '../web/components/button.ts'
import { buttonForm } from '../web/components/form.ts'
import { notice } from '../web/components/notice.ts'
import { type Html, html } from '../web/html.ts'
import { paths } from '../web/paths.ts'
import type { ObservationView } from './observation-list.ts'

type Saved = {
  /** What the form or the button said of itself: the save's key or one record's id. */
  readonly key: string
  readonly rows: readonly ObservationView[]
  readonly people: readonly ClientOnList[]
  readonly now: Date
}

/** "Tallennettu: Maija K., Hionta" with Kumoa for 10 minutes; after Kumoa the same as taken back. Nothing when there is nothing to tell. */
export function savedNotice(context: PageContext, { key, rows, people, now }: Saved): Html | undefined {
  const { t, lang, csrf } = context
  const [first] = rows
  if (!first) return undefined
  const task = pickText(first.taskName, lang).text
  const count = rows.length
  const name = people.find(({ id }) => id === first.clientId)?.shortName ?? '–'
  const isUndone = rows.every(({ state }) => state === 'undone')
  if (isUndone) {
    const text = count === 1 ? t.record.undone({ name, task }) : t.record.undoneMany({ count, task })
    return notice({ text, kind: 'info' })
  }
  const text = count === 1 ? t.record.saved({ name, task }) : t.record.savedMany({ count, task })
  const add = count === 1 && html`<p class="tapline"><a href="${paths.evidence(first.id)}">${t.evidence.add}</a></p>`
  const undo = buttonForm({ action: paths.undoRecord(key), csrf, button: button({ label: t.app.undo, look: 'link' }) })
  return notice({ text, action: html`${first.undoUntil >= now && undo}${add}` })
}
