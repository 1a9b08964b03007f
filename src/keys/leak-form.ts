import { z } from 'zod'
import { dayInHelsinki, formatTime, type Messages } from '../i18n/index.ts'
import { readDay } from '../progress/record-form.ts'
import type { FieldError } from '../web/components/error-summary.ts'
import type { KeyView } from './list.ts'

/** As the page sends it: anything that is typed comes back to be mended. */
export const LeakForm = z.object({
  day: z.string().max(100).default(''),
  time: z.string().max(100).default(''),
  step: z.string().max(20).default('check'),
  confirm: z.string().max(200).default(''),
})
export type LeakForm = z.infer<typeof LeakForm>

/** Since when the key may have been somebody else's, or what is to be mended. Days and times are those of Finland. */
export function readLeak(
  form: LeakForm,
  key: KeyView,
  now: Date,
  { signingKeys: words }: Messages,
): { readonly since: Date } | { readonly errors: readonly FieldError[] } {
  const day = readDay(form.day)
  const time = timeOf(form.time)
  const errors = [
    ...(day === undefined ? [{ field: 'day', message: words.dayMissing }] : []),
    ...(time === undefined ? [{ field: 'time', message: words.timeWrong }] : []),
  ]
  if (day === undefined || time === undefined) return { errors }
  const begin = instantInHelsinki(day, time === '' ? '0:00' : time)
  // The day on which it was made, and no time: nobody can have had it before.
  const isMadeThen = time === '' && day === dayInHelsinki(key.createdAt)
  const since = isMadeThen ? key.createdAt : begin
  const fault = timeFault(since, key, now, words)
  return fault === undefined ? { since } : { errors: [{ field: 'day', message: fault }] }
}

function timeFault(since: Date, key: KeyView, now: Date, words: Messages['signingKeys']): string | undefined {
  if (since > now) return words.tooLate
  if (since < key.createdAt) return words.tooEarly
  return key.compromisedAt !== null && key.compromisedAt < since ? words.notEarlier : undefined
}

function timeOf(text: string): string | undefined {
  if (text.trim() === '') return ''
  const [, hour = '', minute = ''] = /^(\d{1,2})[.:](\d{2})$/.exec(text.trim()) ?? []
  return hour !== '' && Number(hour) < 24 && Number(minute) < 60 ? `${Number(hour)}:${minute}` : undefined
}

/** The instant that is this day and time in Finland; in the hour that is skipped in spring, an hour later. */
function instantInHelsinki(day: string, time: string): Date {
  const [hour = '0', minute = '00'] = time.split(':')
  const plain = Date.parse(`${day}T${hour.padStart(2, '0')}:${minute}:00Z`)
  const found = [3, 2]
    .map((hours) => new Date(plain - hours * 3_600_000))
    .find((one) => dayInHelsinki(one) === day && formatTime(one, 'en') === time)
  return found ?? new Date(plain - 2 * 3_600_000)
}
