import type { PageContext } from '../http/pages.ts'
import { formatDay, pickText } from '../i18n/index.ts'
import type { ObservationView } from '../progress/observation-list.ts'
import { button, buttons, linkButton } from '../web/components/button.ts'
import { card, columns, details, pageTitle } from '../web/components/card.ts'
import { choices } from '../web/components/choices.ts'
import { emptyState } from '../web/components/empty-state.ts'
import { errorOf, type FieldError } from '../web/components/error-summary.ts'
import { fileField } from '../web/components/field.ts'
import { buttonForm, form } from '../web/components/form.ts'
import { list } from '../web/components/list.ts'
import { inset } from '../web/components/notice.ts'
import { tag } from '../web/components/tag.ts'
import { day, localText } from '../web/components/text.ts'
import { type Html, html } from '../web/html.ts'
import { paths } from '../web/paths.ts'
import type { FileRow, OwnRecord } from './store.ts'

type View = { readonly title: string; readonly main: Html }

/** `/liitteet`: the client's own records of work, newest first, each leading to its files. */
export function ownRecordsPage({ t, lang }: PageContext, records: readonly OwnRecord[], hasMore: boolean): View {
  const { evidence } = t
  const rows = records.map(
    ({ id, taskName, observedOn, files }) =>
      html`<div class="row"><span><a class="row-link" href="${paths.evidence(id)}"><b>${localText(taskName, lang)}</b></a><span class="block small soft">${day(observedOn, lang)}</span></span>${files > 0 && tag({ label: evidence.count({ count: files }), kind: 'info' })}</div>`,
  )
  const last = records.at(-1)
  const older =
    hasMore &&
    last &&
    html`<p class="tapline"><a href="${paths.ownEvidence()}?ennen=${last.id}">${evidence.older}</a></p>`
  const content =
    rows.length === 0 ? emptyState({ why: evidence.ownNone, what: evidence.ownNoneHelp }) : html`${list(rows)}${older}`
  const title = evidence.ownTitle
  return { title, main: html`${pageTitle({ title, lead: evidence.ownLead })}<div class="card stack">${content}</div>` }
}

export type FilesShown = {
  readonly record: ObservationView
  readonly files: readonly FileRow[]
  readonly reader: 'client' | 'staff'
  readonly mayAdd: boolean
  readonly mayRemove: (file: FileRow) => boolean
  readonly errors: readonly FieldError[]
}

/** `/liitteet/{record}`: what was added to one record of work, and the form that adds more. */
export function filesPage(context: PageContext, shown: FilesShown): View {
  const { t, lang } = context
  const { record, files, reader } = shown
  const { evidence } = t
  const work = evidence.work({ task: pickText(record.taskName, lang).text, day: formatDay(record.observedOn, lang) })
  const rows = files.map((file) => fileRow(context, shown, file))
  const back = reader === 'client' ? paths.ownEvidence() : paths.client(record.clientId)
  return {
    title: evidence.title,
    main: html`${pageTitle({ title: evidence.title, lead: html`<bdi>${work}</bdi>` })}
${columns({
  main: html`${card({ id: 'files', title: evidence.files, content: rows.length === 0 ? html`<p>${evidence.none}</p>` : list(rows) })}${addCard(context, shown)}`,
  side: html`${reader === 'client' && inset({ text: html`<p>${evidence.seenBy}</p>` })}${buttons(linkButton({ label: t.app.back, href: back, look: 'plain' }))}`,
})}`,
  }
}

function fileRow(context: PageContext, shown: FilesShown, file: FileRow): Html {
  const { t, lang, csrf } = context
  const { evidence } = t
  const own = shown.reader === 'client' ? evidence.you : evidence.client
  const who = file.addedBy?.name ?? own
  const isPdf = file.type === 'application/pdf'
  const href = paths.evidenceFile(file.id)
  const alt = evidence.pictureAlt({ who, day: formatDay(file.addedAt, lang) })
  const remove = details({
    summary: evidence.remove,
    content: html`<p>${evidence.removeLead}</p>${buttonForm({
      action: paths.removeEvidenceFile(file.id),
      csrf,
      button: button({ label: evidence.removeAction, look: 'danger' }),
    })}`,
  })
  return html`<div class="stack-s">${!isPdf && html`<p><img src="${href}" alt="${alt}" loading="lazy"></p>`}
<div class="row"><span><b>${isPdf ? evidence.pdf : evidence.picture}</b><span class="block small soft">${evidence.addedBy({ who })}, ${day(file.addedAt, lang)}</span></span>${linkButton({ label: evidence.download, hidden: alt, href, look: 'plain', download: true })}</div>
${shown.mayRemove(file) && remove}</div>`
}

function addCard({ t, csrf }: PageContext, { record, reader, mayAdd, errors }: FilesShown): Html | undefined {
  const { evidence } = t
  if (!mayAdd) return undefined
  if (record.state !== 'current') return inset({ text: html`<p>${evidence.closed}</p>` })
  const consent = choices({
    t,
    kind: 'checkbox',
    name: 'consent',
    legend: evidence.consentTitle,
    choices: [{ value: 'yes', label: evidence.consent }],
    error: errorOf(errors, 'consent'),
  })
  const file = fileField({
    t,
    name: 'file',
    label: evidence.file,
    hint: `${evidence.fileHint} ${t.record.photoHint}`,
    accept: '.jpg,.jpeg,.png,.webp,.pdf,image/jpeg,image/png,image/webp,application/pdf',
    error: errorOf(errors, 'file'),
  })
  const content = html`<div class="stack">${file}${reader === 'staff' && consent}${buttons(button({ label: evidence.addAction, icon: 'check' }))}</div>`
  return card({
    id: 'add',
    title: evidence.add,
    content: form({ action: paths.evidence(record.id), csrf, multipart: true, content }),
  })
}
