import type { JsonObject } from '../json.ts'
import type { Check } from '../verdict.ts'
import { notChecked, passed } from './checks.ts'
import { textOf } from './members.ts'
import { revoked } from './revocation-list.ts'
import { documentOf, httpUrl, type World } from './world.ts'

/** The list that an old issuer names: an object whose members are the uids of revoked badges, each with a reason. */
async function checkList(issuer: JsonObject, uid: string, world: World): Promise<Check> {
  const address = issuer['revocationList']
  if (address === undefined) return passed('status', 'no-status')
  if (typeof address !== 'string' || httpUrl(address) === undefined) return notChecked('status', 'status-unreadable')
  const answer = await world.ask(address, 'revocation-list')
  if (answer.outcome !== 'found') return notChecked('status', 'status-not-fetched')
  const list = documentOf(answer.body)
  // A list of 2.0 is no list of uids: nothing would ever be found on it.
  if (list === 'unreadable' || 'revokedAssertions' in list || '@context' in list) {
    return notChecked('status', 'status-unreadable')
  }
  // S-28, S-29: on the list is on the list, also with an empty reason.
  return Object.hasOwn(list, uid) ? revoked(textOf(list, uid)) : passed('status', 'not-revoked')
}

/** Is a signed badge of Open Badges 1.0 or 1.1 revoked (S-28, S-29)? */
export async function checkOb1Revocation(assertion: JsonObject, issuer: JsonObject, world: World): Promise<Check> {
  return await checkList(issuer, textOf(assertion, 'uid') ?? '', world)
}

/** A hosted one says itself that it is revoked, or is gone (CONFORMANCE 1.6). A list is looked at where there is one, and not asked of it. */
export async function checkOb1HostedStatus(assertion: JsonObject, issuer: JsonObject, world: World): Promise<Check> {
  if (assertion['revoked'] === true) return revoked(textOf(assertion, 'revocationReason'))
  const uid = textOf(assertion, 'uid')
  const listed = uid === undefined ? undefined : await checkList(issuer, uid, world)
  return listed?.outcome === 'failed' ? listed : passed('status', 'not-revoked')
}
