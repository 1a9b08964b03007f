import type { Json, JsonObject } from '../json.ts'
import type { Check } from '../verdict.ts'
import { checkIssuedAndExpires } from './dates.ts'

/** Of the schema of Open Badges 1.1: time, fractions and zone may be missing, the zone may lack its colon and its minutes. */
const dateTime =
  /^(\d{4}-[01]\d-[0-3]\d)(?:T([0-2]\d:[0-5]\d)(:[0-5]\d)?(?:[.,](\d{1,9}))?(?:(Z)|([+-][0-2]\d)(?::?([0-5]\d))?)?)?$/
/** Ten digits of seconds: more are milliseconds by mistake, or a date that nobody reads alike. */
const unixTime = /^\d{1,10}$/

/**
 * Milliseconds of an instant as Open Badges 0.5–1.1 wrote them: seconds since 1970, a day, or ISO 8601; UTC where no zone is given. Undefined
 * for everything else.
 */
export function ob1InstantOf(value: Json | undefined): number | undefined {
  const text = typeof value === 'number' ? String(value) : value
  if (typeof text !== 'string') return undefined
  if (unixTime.test(text)) return Number(text) * 1000
  const parts = dateTime.exec(text)
  if (parts === null) return undefined
  const [, day = '', time = '00:00', seconds = ':00', fraction = '0', , hours, minutes = '00'] = parts
  const zone = hours === undefined ? 'Z' : `${hours}:${minutes}`
  const milliseconds = Date.parse(`${day}T${time}${seconds}.${fraction}${zone}`)
  return Number.isNaN(milliseconds) ? undefined : milliseconds
}

/** When an old Assertion says that it was issued: 0.5 had another word for it. */
export function ob1IssuedOf(assertion: JsonObject): Json | undefined {
  return assertion['issuedOn'] ?? assertion['issued_on']
}

/** From when until when an old badge is in force; the second opinion does not look at it (S-29). */
export function checkOb1Dates(assertion: JsonObject, at: Date): Check {
  return checkIssuedAndExpires(ob1InstantOf(ob1IssuedOf(assertion)), ob1InstantOf(assertion['expires']), at)
}
