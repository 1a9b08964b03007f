import type { JsonObject } from '../json.ts'
import { isJsonObject } from '../json.ts'
import type { Check } from '../verdict.ts'
import { failed, passed } from './checks.ts'
import { instantOf, listOf, textOf } from './members.ts'
import { periodOf } from './vc.ts'

/** clocks differ by up to a minute. */
const tolerance = 60_000

function isAfter(instant: number | undefined, at: Date): boolean {
  return instant !== undefined && instant > at.getTime() + tolerance
}

function isBefore(instant: number | undefined, at: Date): boolean {
  return instant !== undefined && instant < at.getTime() - tolerance
}

/** Is a credential in force at this instant? Instants that cannot be read are for its structure to refuse. */
export function isCurrent(document: JsonObject, at: Date): boolean {
  const { from, until } = periodOf(document)
  return !isAfter(instantOf(document[from]), at) && !isBefore(instantOf(document[until]), at)
}

/** The credential's own end, and that of an embedded proof: whichever comes first ends the badge. */
function endsOf(document: JsonObject): readonly string[] {
  const ofProofs = listOf(document['proof'])
    .filter(isJsonObject)
    .map((proof) => proof['expires'])
  // VC 1.1 has words for both; whichever is written counts.
  const ends = [document[periodOf(document).until], document['validUntil'], ...ofProofs]
  return ends.filter((end) => typeof end === 'string')
}

/** From when until when an OB 3.0 credential is in force, in the words of its version (CONFORMANCE 0, 6.5). */
export function checkOb3Dates(document: JsonObject, at: Date): Check {
  const begins = [periodOf(document).from, 'validFrom'].map((member) => textOf(document, member) ?? '')
  const until = endsOf(document).find((end) => isBefore(instantOf(end), at))
  if (until !== undefined) return failed('dates', 'expired', { until })
  const from = begins.find((begin) => isAfter(instantOf(begin), at))
  return from === undefined ? passed('dates', 'dates-right') : failed('dates', 'not-yet-valid', { from })
}

/** issuedOn and expires of an OB 2.0 Assertion (CONFORMANCE 6.10). */
export function checkOb2Dates(assertion: JsonObject, at: Date): Check {
  return checkIssuedAndExpires(instantOf(assertion['issuedOn']), instantOf(assertion['expires']), at)
}

function written(instant: number | undefined): string {
  return instant === undefined ? '' : new Date(instant).toISOString()
}

/** When it was issued and when it ends, in milliseconds; instants that cannot be read are for its structure to refuse (CONFORMANCE 6.10). */
export function checkIssuedAndExpires(issued: number | undefined, expires: number | undefined, at: Date): Check {
  const [from, until] = [written(issued), written(expires)]
  if (issued !== undefined && expires !== undefined && expires < issued) return failed('dates', 'expires-before-issued')
  if (isBefore(expires, at)) return failed('dates', 'expired', { until })
  if (isAfter(issued, at)) return failed('dates', 'issued-in-future', { from })
  return passed('dates', 'dates-right')
}
