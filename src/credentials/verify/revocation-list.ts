import { oncePer } from '../once.ts'
import type { Json, JsonObject } from '../json.ts'
import { isJsonList, isJsonObject } from '../json.ts'
import type { Check, LookPurpose } from '../verdict.ts'
import { failed, notChecked, passed } from './checks.ts'
import { idOf, listOf, textOf } from './members.ts'
import type { World } from './world.ts'
import { documentOf, httpUrl } from './world.ts'

/** Whose status is asked for, and when. */
export type StatusQuestion = { readonly credentialId: string; readonly issuerId: string; readonly at: Date }

/** Found on a list of revoked ones. The reason, also none, changes nothing (S-28). */
export function revoked(reason: string | undefined): Check {
  return failed('status', 'revoked', { reason: reason ?? '' })
}

function addEntry(reasons: Map<string, string>, entry: Json): void {
  if (typeof entry === 'string') reasons.set(entry, '')
  if (!isJsonObject(entry) || entry['revoked'] === false) return
  const id = textOf(entry, 'id') ?? textOf(entry, 'uid')
  if (id !== undefined) reasons.set(id, textOf(entry, 'revocationReason') ?? '')
}

// By the identity of the list's document, so that a long list is gone through once (see `Look`); a document may be a list of either format.
const reasonsOf = {
  revokedCredential: oncePer((list: JsonObject) => reasonsIn(list['revokedCredential'])),
  revokedAssertions: oncePer((list: JsonObject) => reasonsIn(list['revokedAssertions'])),
}

function reasonsIn(entries: Json | undefined): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const entry of listOf(entries)) addEntry(found, entry)
  return found
}

async function askList(
  address: string,
  purpose: LookPurpose,
  member: keyof typeof reasonsOf,
  question: StatusQuestion,
  world: World,
): Promise<Check> {
  if (httpUrl(address) === undefined) return notChecked('status', 'status-unreadable')
  const answer = await world.ask(address, purpose)
  if (answer.outcome !== 'found') return notChecked('status', 'status-not-fetched')
  const list = documentOf(answer.body)
  if (list === 'unreadable' || !isJsonList(list[member])) return notChecked('status', 'status-unreadable')
  if (idOf(list['issuer']) !== question.issuerId) return notChecked('status', 'status-list-of-another-issuer')
  if (list['id'] !== address) return notChecked('status', 'status-list-of-another-address')
  const reason = reasonsOf[member](list).get(question.credentialId)
  return reason === undefined ? passed('status', 'not-revoked') : revoked(reason)
}

/** The 1EdTechRevocationList of an OB 3.0 credential: on it, and `revoked` true or absent (CONFORMANCE 7.1). */
export async function checkRevocationEntry(entry: JsonObject, question: StatusQuestion, world: World): Promise<Check> {
  return await askList(idOf(entry) ?? '', 'status-list', 'revokedCredential', question, world)
}

/** The RevocationList that an OB 2.0 Profile names; without one the issuer promised none (CONFORMANCE 1.9, 6.10). */
export async function checkOb2Revocation(profile: JsonObject, question: StatusQuestion, world: World): Promise<Check> {
  const list = idOf(profile['revocationList'])
  if (profile['revocationList'] === undefined) return passed('status', 'no-status')
  return await askList(list ?? '', 'revocation-list', 'revokedAssertions', question, world)
}
