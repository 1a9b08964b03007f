import type { Language } from './languages.ts'

const clock = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Europe/Helsinki',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'June', 'July', 'Aug', 'Sept', 'Oct', 'Nov', 'Dec']

const words = {
  fi: { today: 'tänään', yesterday: 'eilen', at: 'kello' },
  sv: { today: 'i dag', yesterday: 'i går', at: 'klockan' },
  en: { today: 'today', yesterday: 'yesterday', at: 'at' },
} as const satisfies Record<Language, unknown>

/** The calendar day of an instant in Finland, `YYYY-MM-DD`. */
export function dayInHelsinki(instant: Date): string {
  const place = Math.floor(instant.getTime() / quarter)
  const known = daysOfQuarters.get(place)
  if (known !== undefined) return known
  const { year, month, day } = inHelsinki(instant)
  const found = `${year}-${month}-${day}`
  if (daysOfQuarters.size >= 1000) daysOfQuarters.clear()
  daysOfQuarters.set(place, found)
  return found
}

/** A day for people: `21.11.2026`, in English `21 Nov 2026`. A string is a calendar day `YYYY-MM-DD`; an instant is taken in Finland. */
export function formatDay(day: Date | string, lang: Language): string {
  const [year = '', month = '', date = ''] = (typeof day === 'string' ? day.slice(0, 10) : dayInHelsinki(day)).split(
    '-',
  )
  if (lang === 'en') return `${Number(date)} ${months[Number(month) - 1] ?? month} ${year}`
  return `${Number(date)}.${Number(month)}.${year}`
}

/** Time of day in Finland: `9.12`, in English `9:12`. */
export function formatTime(instant: Date, lang: Language): string {
  const { hour, minute } = inHelsinki(instant)
  return `${Number(hour)}${lang === 'en' ? ':' : '.'}${minute}`
}

/** Day and time: `tänään kello 9.12`, `eilen kello 14.03`, `21.11.2026 kello 9.12`. Without `now` always the date. */
export function formatInstant(instant: Date, lang: Language, now?: Date): string {
  const { today, yesterday, at } = words[lang]
  const day = dayInHelsinki(instant)
  const named =
    now && day === dayInHelsinki(now) ? today : now && isDayBefore(day, dayInHelsinki(now)) ? yesterday : undefined
  return `${named ?? formatDay(day, lang)} ${at} ${formatTime(instant, lang)}`
}

function isDayBefore(day: string, next: string): boolean {
  return Date.parse(next) - Date.parse(day) === 24 * 60 * 60 * 1000
}

type Parts = Readonly<Record<'year' | 'month' | 'day' | 'hour' | 'minute', string>>

// Offsets and days change on whole quarters of an hour only, in UTC as in Finland; the formatter costs a hundred times a look here.
const quarter = 15 * 60 * 1000
const daysOfQuarters = new Map<number, string>()

function inHelsinki(instant: Date): Parts {
  const parts = { year: '', month: '', day: '', hour: '', minute: '' }
  for (const { type, value } of clock.formatToParts(instant)) {
    if (type === 'year' || type === 'month' || type === 'day' || type === 'hour' || type === 'minute')
      parts[type] = value
  }
  return parts
}
