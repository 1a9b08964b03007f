import type { Json, JsonObject } from '../json.ts'
import { isJsonObject } from '../json.ts'
import type { Check } from '../verdict.ts'
import { checkBitstringEntry } from './bitstring.ts'
import { notChecked, passed } from './checks.ts'
import { hasType, listOf, textOf } from './members.ts'
import type { StatusQuestion } from './revocation-list.ts'
import { checkRevocationEntry } from './revocation-list.ts'
import type { World } from './world.ts'

async function checkEntry(entry: Json, question: StatusQuestion, world: World): Promise<Check> {
  if (!isJsonObject(entry)) return notChecked('status', 'status-unreadable')
  if (hasType(entry, 'BitstringStatusListEntry')) return await checkBitstringEntry(entry, question, world)
  if (hasType(entry, '1EdTechRevocationList')) return await checkRevocationEntry(entry, question, world)
  return notChecked('status', 'unsupported-status', { type: textOf(entry, 'type') ?? '' })
}

/** A known bad status weighs more than one that could not be learnt, and that more than a good one. */
function heaviestOf(checks: readonly Check[]): Check {
  const weights: readonly ((check: Check) => boolean)[] = [
    (check) => check.code === 'revoked',
    (check) => check.outcome === 'failed',
    (check) => check.outcome === 'not-checked',
  ]
  for (const isHeavy of weights) {
    const found = checks.find(isHeavy)
    if (found !== undefined) return found
  }
  return passed('status', 'not-revoked')
}

/**
 * Is the OB 3.0 credential revoked or suspended (CONFORMANCE 6.5, 7)? Only asked when proof and key are good, since the list's address
 * comes from the badge (CONFORMANCE 6.3). A list that could not be fetched, read or trusted never means "not revoked" (7.4, S-28).
 */
export async function checkOb3Status(document: JsonObject, question: StatusQuestion, world: World): Promise<Check> {
  if (document['credentialStatus'] === undefined) return passed('status', 'no-status')
  const entries = listOf(document['credentialStatus'])
  if (entries.length === 0 || entries.length > 4) return notChecked('status', 'status-unreadable')
  const checks: Check[] = []
  for (const entry of entries) checks.push(await checkEntry(entry, question, world))
  return heaviestOf(checks)
}
