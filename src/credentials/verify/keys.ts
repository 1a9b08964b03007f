import type { JsonObject } from '../json.ts'
import { isJsonObject } from '../json.ts'
import type { Jws } from '../jws.ts'
import type { Check } from '../verdict.ts'
import { failed, notChecked } from './checks.ts'
import { controllerOf, keyOfMethod, methodIn } from './controller.ts'
import { proveByDid } from './did-jwt.ts'
import { isDid } from './did.ts'
import type { JudgedSignature } from './jws-signature.ts'
import { judgeSignature } from './jws-signature.ts'
import type { Question } from './jwt-question.ts'
import { heedEnd } from './jwt-question.ts'
import { endOfKey } from './key-end.ts'
import type { JudgedKey } from './key-set.ts'
import { judgeByKid, judgeBySameKey, keySetOf } from './key-set.ts'
import { textOf } from './members.ts'
import type { Proven } from './proven.ts'
import { issuerNotShown, keyNotReached, withoutKey } from './proven.ts'
import { keyOfJwk } from './public-key.ts'
import type { World } from './world.ts'
import { documentOf, httpUrl } from './world.ts'

/** A JWK, or the check that says why there is none. Kept apart by name: the JWK is a stranger's object and may look like anything. */
type Found = { readonly jwk: JsonObject } | { readonly check: Check }

/** The JWK at the address that kid is. Only on the issuer's own host: kid is never an address to open blindly (S-26). */
async function jwkAt(kid: string, issuer: URL, world: World): Promise<Found> {
  if (httpUrl(kid)?.origin !== issuer.origin) return { check: failed('key', 'key-not-listed', { key: kid }) }
  const answer = await world.ask(kid, 'key')
  if (answer.outcome === 'missing') return { check: failed('key', 'key-unknown', { key: kid }) }
  if (answer.outcome === 'not-fetched') return { check: notChecked('key', 'key-not-fetched', { key: kid }) }
  const jwk = documentOf(answer.body)
  // CONFORMANCE 3.2: one JWK, not a set.
  if (jwk === 'unreadable' || jwk['keys'] !== undefined) return { check: failed('key', 'key-unreadable', { key: kid }) }
  return { jwk }
}

/** A key that has left the set: the issuer's controller document may still hold it, with the time of its end (S-22). */
async function proveByEndedKey(question: Question, kid: string, missing: Check, world: World): Promise<Proven> {
  const { jws, issuerId, at } = question
  const controller = await controllerOf(issuerId, world)
  const method = controller.document === undefined ? undefined : methodIn(controller.document, kid)
  const publicKey = method === undefined ? undefined : keyOfMethod(method)
  const isOfIssuer = method?.['controller'] === issuerId && endOfKey(method, at) !== undefined
  if (method === undefined || publicKey === undefined || !isOfIssuer) return withoutKey(missing)
  const { signature } = judgeSignature(jws, publicKey)
  const key = failed('key', 'key-not-listed', { key: kid })
  return await heedEnd({ signature, key, issuer: controller.issuer }, method, question, world)
}

async function proveByKid(question: Question, kid: string, issuer: URL, world: World): Promise<Proven> {
  const { jws, issuerId } = question
  const set = await keySetOf(issuer, world)
  const entry = judgeByKid(kid, set, issuerId)
  if (entry !== undefined)
    return await withListed(question, judgeSignature(jws, keyOfJwk(entry.jwk)), entry.judged, world)
  const found = await jwkAt(kid, issuer, world)
  if ('check' in found) {
    const isGone = found.check.code === 'key-unknown'
    return isGone ? await proveByEndedKey(question, kid, found.check, world) : withoutKey(found.check)
  }
  const { jwk } = found
  const judged = judgeSignature(jws, keyOfJwk(jwk))
  if (judged.publicKey === undefined) return { signature: judged.signature, key: keyNotReached, issuer: issuerNotShown }
  const owner = textOf(jwk, 'iss')
  if (owner === undefined || owner === issuerId) {
    return await withListed(question, judged, judgeBySameKey(judged.publicKey, set, issuerId), world)
  }
  // The document at kid may itself name another owner; then it does not matter who else lists the key.
  const key = failed('key', 'key-of-another-issuer', { owner })
  return { signature: judged.signature, key, issuer: issuerNotShown }
}

async function withListed(
  question: Question,
  { signature }: JudgedSignature,
  { key, issuer, listed }: JudgedKey,
  world: World,
): Promise<Proven> {
  const proven = { signature, key, issuer }
  return listed === undefined ? proven : await heedEnd(proven, listed, question, world)
}

/** The key is in the header itself: the signature first, then whether the issuer has that key (CONFORMANCE 3.2, 3.7). */
async function proveByJwk(question: Question, jwk: JsonObject, issuer: URL, world: World): Promise<Proven> {
  const judged = judgeSignature(question.jws, keyOfJwk(jwk))
  if (judged.publicKey === undefined || judged.signature.outcome !== 'passed') {
    return { signature: judged.signature, key: keyNotReached, issuer: issuerNotShown }
  }
  const set = await keySetOf(issuer, world)
  return await withListed(question, judged, judgeBySameKey(judged.publicKey, set, question.issuerId), world)
}

/**
 * Checks the signature of a VC-JWT and whether its key is the issuer's: the key must be in the key set of the issuer's own host and,
 * where the set says whose it is, be this issuer's; for a DID, in its document (CONFORMANCE 3.2, 3.6, 3.7, 3.14; S-23, S-26). Asks for
 * the key set and, when kid is not in it, for kid and the issuer's controller document; or for the DID document; nothing else.
 */
export async function proveJwt(jws: Jws, issuerId: string, at: Date, world: World): Promise<Proven> {
  const question = { jws, issuerId, at }
  if (isDid(issuerId)) return await proveByDid(question, world)
  const { kid, jwk } = jws.header
  const issuer = httpUrl(issuerId)
  if (issuer === undefined) return withoutKey(notChecked('key', 'key-not-fetched'))
  if (typeof kid === 'string') return await proveByKid(question, kid, issuer, world)
  return isJsonObject(jwk) ? await proveByJwk(question, jwk, issuer, world) : withoutKey(failed('key', 'key-not-named'))
}
