import type { Json, JsonObject } from '../json.ts'
import { isJsonObject } from '../json.ts'
import type { Check } from '../verdict.ts'
import { failed, passed } from './checks.ts'
import { instantOf, listOf, textOf } from './members.ts'

/** clocks differ by up to a minute. */
const tolerance = 60_000

function isAfter(instant: number | undefined, at: Date): boolean {
  return instant !== undefined && instant > at.getTime() + tolerance
}

function isBefore(instant: number | undefined, at: Date): boolean {
  return instant !== undefined && instant < at.getTime() - tolerance
}

/** Is a VC 2.0 document in force at this instant? Instants that cannot be read are for its structure to refuse. */
export function isCurrent(document: JsonObject, at: Date): boolean {
  return !isAfter(instantOf(document['validFrom']), at) && !isBefore(instantOf(document['validUntil']), at)
}

/** The credential's own end, and that of an embedded proof: whichever comes first ends the badge. */
function endsOf(document: JsonObject): readonly Json[] {
  const ofProofs = listOf(document['proof'])
    .filter(isJsonObject)
    .map((proof) => proof['expires'])
  return [document['validUntil'], ...ofProofs].filter((end) => end !== undefined)
}

/** validFrom and validUntil of an OB 3.0 credential (CONFORMANCE 6.5). */
export function checkOb3Dates(document: JsonObject, at: Date): Check {
  const from = textOf(document, 'validFrom') ?? ''
  const until = endsOf(document).find((end) => isBefore(instantOf(end), at))
  if (until !== undefined) return failed('dates', 'expired', { until: typeof until === 'string' ? until : '' })
  if (isAfter(instantOf(from), at)) return failed('dates', 'not-yet-valid', { from })
  return passed('dates', 'dates-right')
}

/** issuedOn and expires of an OB 2.0 Assertion (CONFORMANCE 6.10). */
export function checkOb2Dates(assertion: JsonObject, at: Date): Check {
  const [from, until] = [textOf(assertion, 'issuedOn') ?? '', textOf(assertion, 'expires') ?? '']
  const [issued, expires] = [instantOf(from), instantOf(until)]
  if (issued !== undefined && expires !== undefined && expires < issued) return failed('dates', 'expires-before-issued')
  if (isBefore(expires, at)) return failed('dates', 'expired', { until })
  if (isAfter(issued, at)) return failed('dates', 'issued-in-future', { from })
  return passed('dates', 'dates-right')
}
