/** How many working days a coordinator has to answer an application (PRODUCT K4). */
export const answerWorkingDays = 10

/**
 * The calendar day, `YYYY-MM-DD`, by which an application sent on `day` is answered: so many working days later, without weekends and
 * Finnish public holidays (DOMAIN, PRODUCT K4).
 */
export function answerBy(day: string, workingDays: number = answerWorkingDays): string {
  const date = new Date(`${day}T00:00:00Z`)
  for (let left = workingDays; left > 0; ) {
    date.setUTCDate(date.getUTCDate() + 1)
    if (isWorkingDay(date)) left -= 1
  }
  return date.toISOString().slice(0, 10)
}

function isWorkingDay(date: Date): boolean {
  const weekday = date.getUTCDay()
  return weekday !== 0 && weekday !== 6 && !isHoliday(date)
}

/** Public holidays and the eves on which offices are closed: laki 388/2007 and the usual collective agreements. */
function isHoliday(date: Date): boolean {
  const fixed = ['01-01', '01-06', '05-01', '12-06', '12-24', '12-25', '12-26']
  if (fixed.includes(date.toISOString().slice(5, 10))) return true
  const sinceEaster = Math.round((date.getTime() - easterOf(date.getUTCFullYear())) / 86_400_000)
  const movable = [-2, 1, 39] // Good Friday, Easter Monday, Ascension Day
  return movable.includes(sinceEaster) || isMidsummerEve(date)
}

/** The Friday between 19 and 25 June. */
function isMidsummerEve(date: Date): boolean {
  const day = date.getUTCDate()
  return date.getUTCMonth() === 5 && date.getUTCDay() === 5 && day >= 19 && day <= 25
}

/** Easter Sunday of the Gregorian calendar (the anonymous algorithm of 1876), as an instant of UTC midnight. */
function easterOf(year: number): number {
  const a = year % 19
  const b = Math.floor(year / 100)
  const c = year % 100
  const d = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30
  const e = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - d - (c % 4)) % 7
  const f = d + e - 7 * Math.floor((a + 11 * d + 22 * e) / 451) + 114
  return Date.UTC(year, Math.floor(f / 31) - 1, (f % 31) + 1)
}
