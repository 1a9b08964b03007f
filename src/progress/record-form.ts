import { z } from 'zod'
import { supportLevels } from '../badges/evidence-rule.ts'
import type { Messages } from '../i18n/index.ts'
import { Refusal } from '../refusal.ts'
import type { FieldError } from '../web/components/error-summary.ts'
import { maxWords, type NewObservation, WorkDay } from './schema.ts'

/** A field that a browser sends once, several times or not at all. */
const Several = z
  .union([z.string().max(100), z.array(z.string().max(100)).max(500)])
  .default([])
  .transform((given) => [...new Set([given].flat().filter((one) => one !== ''))])

const Text = z.string().max(10_000).default('')

/** The form of `/kirjaa` as a browser sends it; nothing is refused here, so that nothing typed is lost (PRODUCT §2.8). */
export const RecordForm = z.object({
  people: Several,
  task: Text,
  support: Text,
  date: Text,
  note: Text,
  lateReason: Text,
  search: Text,
  idempotencyKey: z.string().max(255).default(''),
  /** Which button: `search` looks for tasks, `all` and `none` choose people, `change` goes back from the check page; anything else saves. */
  action: z.string().max(20).default(''),
})
export type RecordForm = z.infer<typeof RecordForm>

/** The check page sends one level for each person, in the order of `people`. */
export const CheckForm = RecordForm.extend({
  level: z
    .union([z.string(), z.array(z.string()).max(500)])
    .default([])
    .transform((given) => [given].flat()),
})
export type CheckForm = z.infer<typeof CheckForm>

export const CorrectForm = z.object({
  task: Text,
  support: Text,
  date: Text,
  note: Text,
  lateReason: Text,
  replaceReason: Text,
  idempotencyKey: z.string().max(255).default(''),
})
export type CorrectForm = z.infer<typeof CorrectForm>

/** An empty form: nobody and nothing is chosen before the coach does it (PRODUCT C1). */
export function emptyForm(today: string, idempotencyKey: string, people: readonly string[] = []): RecordForm {
  return {
    people: [...people],
    task: '',
    support: '',
    date: today,
    note: '',
    lateReason: '',
    search: '',
    idempotencyKey,
    action: '',
  }
}

/** Was it a button that only changes what the form shows? */
export function savesNothing({ action }: RecordForm): boolean {
  return ['search', 'all', 'none'].includes(action)
}

/** Everybody or nobody is chosen where the button says so; all else stays. */
export function withPeople(form: RecordForm, everybody: readonly string[]): RecordForm {
  if (form.action === 'all') return { ...form, people: [...everybody] }
  return form.action === 'none' ? { ...form, people: [] } : form
}

type WorkFields = Pick<RecordForm, 'task' | 'support' | 'date' | 'note' | 'lateReason'>

/** What is missing or cannot be read, field by field; the rule looks at the rest. */
export function formErrors(
  form: WorkFields & { readonly people?: readonly string[]; readonly replaceReason?: string },
  t: Messages,
): readonly FieldError[] {
  const errors: FieldError[] = []
  const need = (field: string, isThere: boolean, message: string): void => {
    if (!isThere) errors.push({ field, message })
  }
  if (form.people) need('people', form.people.length > 0 && form.people.every(isId), t.error.choosePerson)
  need('task', isId(form.task), t.error.chooseTask)
  need('support', isLevel(form.support), t.error.chooseSupport)
  need('date', readDay(form.date) !== undefined, t.error.dateUnreadable)
  for (const field of ['note', 'lateReason', 'replaceReason'] as const) {
    need(field, (form[field] ?? '').trim().length <= maxWords, t.error.tooLong({ count: maxWords }))
  }
  if (form.replaceReason !== undefined) need('replaceReason', form.replaceReason.trim() !== '', t.error.writeReason)
  return errors
}

/** The work that a form without errors tells of, for one client. */
export function observationOf(form: WorkFields, clientId: string, support: string = form.support): NewObservation {
  const observedOn = readDay(form.date)
  if (observedOn === undefined || !isLevel(support)) throw new Refusal('unreadable', 'The form could not be read')
  const note = form.note.trim()
  const lateReason = form.lateReason.trim()
  return {
    clientId,
    taskId: form.task,
    supportLevel: support,
    observedOn,
    ...(note === '' ? {} : { note }),
    ...(lateReason === '' ? {} : { lateReason }),
  }
}

/** What no choice of ours has is no choice. */
function isId(text: string): boolean {
  return z.uuid().safeParse(text).success
}

export function isLevel(word: string): word is NewObservation['supportLevel'] {
  return supportLevels.some((level) => level === word)
}

/** `2026-11-22` as a date field sends it, or `22.11.2026` as a person types where there is no such field. */
export function readDay(text: string): string | undefined {
  const typed = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(text.trim())
  const day = typed ? `${typed[3]}-${typed[2]?.padStart(2, '0')}-${typed[1]?.padStart(2, '0')}` : text.trim()
  return WorkDay.safeParse(day).data
}

/** What the rule said, at the fields where a person can mend it. Throws on what no field of the form can mend. */
export function errorsOf(error: unknown, t: Messages): readonly FieldError[] {
  if (!(error instanceof Refusal)) throw error
  const errors = (error.details.fields ?? []).flatMap((fault) => fieldError(fault, t))
  if (errors.length === 0) throw error
  // Eight people with one wrong day are one thing to mend.
  return errors.filter(({ field }, index) => errors.findIndex((other) => other.field === field) === index)
}

function fieldError({ pointer, code }: { readonly pointer: string; readonly code: string }, t: Messages): FieldError[] {
  const name = pointer.split('/').at(-1) ?? ''
  switch (code) {
    case 'future-day':
      return [{ field: 'date', message: t.error.dateFuture }]
    case 'late-reason-needed':
      return [{ field: 'lateReason', message: t.error.dateReason }]
    case 'identity-code':
      return [{ field: name, message: t.error.identityCode }]
    case 'unknown-client':
      return [{ field: 'people', message: t.error.choosePerson }]
    case 'unknown-task':
      return [{ field: 'task', message: t.error.chooseTask }]
    default:
      return []
  }
}
