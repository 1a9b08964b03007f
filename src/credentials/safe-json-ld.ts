import type { Fault } from './faults.ts'
import type { JsonObject } from './json.ts'
import { isJsonObject } from './json.ts'
import { type Canonize, canonize } from './proofs/canonize.ts'

// jsonld tells of the refused term in `details.event`; its form is not part of any published type.
function detailOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const details: unknown = 'details' in error ? error.details : undefined
  const event: unknown = isJsonObject(details) ? details['event'] : undefined
  if (isJsonObject(event)) return JSON.stringify([event['code'], event['details']]).slice(0, 300)
  const cause = isJsonObject(details) && details['cause'] instanceof Error ? details['cause'].message : undefined
  return (cause ?? error.message).slice(0, 300)
}

/**
 * Safe-mode JSON-LD of a whole document, its proof apart: one fault when a term or context is undefined, a relative id or
 * anything else would be left out of what a proof signs (CONFORMANCE 2.9, T4). Done once per badge class version and language,
 * at publishing, on a full example; an award adds values, never terms (DESIGN, The award path 6).
 */
export async function checkSafeJsonLd(document: JsonObject, how: Canonize = canonize): Promise<readonly Fault[]> {
  const { proof: _proof, ...unsecured } = document
  try {
    await how(unsecured)
    return []
  } catch (error) {
    return [{ pointer: '', code: 'json-ld', detail: detailOf(error) }]
  }
}
