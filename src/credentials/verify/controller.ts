import type { Json, JsonObject } from '../json.ts'
import { isJsonObject } from '../json.ts'
import type { Check } from '../verdict.ts'
import { failed, notChecked, passed } from './checks.ts'
import { didKeyDocument, didMethodOf, didWebAddress, isDid } from './did.ts'
import { hasType, idOf, listOf, objectOf, textOf } from './members.ts'
import type { KeyFault, PublicKey } from './public-key.ts'
import { keyOfJwk, keyOfMultibase } from './public-key.ts'
import { isFromHome, issuerElsewhere } from './scope.ts'
import type { World } from './world.ts'
import { documentOf } from './world.ts'

/** The controller document of an issuer, or the check that says why there is none (CONFORMANCE 3.11). */
export type Controller =
  | { readonly document: JsonObject; readonly issuer: Check }
  | { readonly document?: never; readonly issuer: Check }

/** A key as its document holds it, or the check that says why there is none. Kept apart by name: the method is a stranger's object. */
export type FoundMethod = { readonly method: JsonObject } | { readonly check: Check }

async function askController(issuerId: string, address: string, world: World): Promise<Controller> {
  const answer = await world.ask(address, 'issuer')
  if (answer.outcome === 'missing') return { issuer: failed('issuer', 'issuer-missing') }
  if (answer.outcome === 'not-fetched') return { issuer: notChecked('issuer', 'issuer-not-fetched') }
  const place = { asked: address, found: answer.address }
  if (!isFromHome(place)) return { issuer: issuerElsewhere(place) }
  const document = documentOf(answer.body)
  if (document === 'unreadable') return { issuer: failed('issuer', 'issuer-unreadable') }
  const id = textOf(document, 'id')
  if (id !== issuerId) return { issuer: failed('issuer', 'issuer-of-another-id', { id: id ?? '' }) }
  return { document, issuer: passed('issuer', 'issuer-right') }
}

/**
 * The document that lists an issuer's keys: at its own address, at the address of its did:web, or what a did:key says by itself
 * (CONFORMANCE 3.10, 3.11, 3.14). Its id must be the issuer's. Asks for that one document at most.
 */
export async function controllerOf(issuerId: string, world: World): Promise<Controller> {
  if (!isDid(issuerId)) return await askController(issuerId, issuerId, world)
  const method = didMethodOf(issuerId)
  if (method === undefined) return { issuer: notChecked('issuer', 'did-not-known', { issuer: issuerId }) }
  if (method === 'web') {
    const address = didWebAddress(issuerId)
    if (address !== undefined) return await askController(issuerId, address, world)
  }
  const document = method === 'key' ? didKeyDocument(issuerId) : undefined
  if (document === undefined) return { issuer: failed('issuer', 'did-malformed', { issuer: issuerId }) }
  return { document, issuer: passed('issuer', 'issuer-key-only') }
}

/** What the check `key` says when there is no controller document. */
export function keyWithoutController({ outcome, code }: Check): Check {
  return outcome === 'failed' ? failed('key', 'key-not-listed', { why: code }) : notChecked('key', 'key-not-fetched')
}

/** An id as its document means it: `#key-1` is relative to the document's own id (DID Core 3.2.2). */
function absolute(id: string | undefined, controller: JsonObject): string | undefined {
  return id?.startsWith('#') === true ? `${textOf(controller, 'id') ?? ''}${id}` : id
}

function withId(entries: Json | undefined, id: string, controller: JsonObject): JsonObject | undefined {
  return listOf(entries)
    .filter(isJsonObject)
    .find((entry) => absolute(textOf(entry, 'id'), controller) === id)
}

/** The verification method of this id that the document itself holds, listed for anything or nothing. */
export function methodIn(controller: JsonObject, id: string): JsonObject | undefined {
  return (
    withId(controller['verificationMethod'], id, controller) ?? withId(controller['assertionMethod'], id, controller)
  )
}

/** Does the document list the method for assertions (CONFORMANCE 3.7, 3.11)? */
export function isForAssertions(controller: JsonObject, id: string): boolean {
  return listOf(controller['assertionMethod']).some((entry) => absolute(idOf(entry), controller) === id)
}

/** Every verification method that the document holds itself. */
export function methodsIn(controller: JsonObject): readonly { readonly id: string; readonly method: JsonObject }[] {
  return [...listOf(controller['verificationMethod']), ...listOf(controller['assertionMethod'])]
    .filter(isJsonObject)
    .map((method) => ({ id: absolute(textOf(method, 'id'), controller) ?? '', method }))
}

/** A method by its id, from the document or, when that only lists its address, from there. */
export async function methodOf(controller: JsonObject, id: string, world: World): Promise<FoundMethod> {
  const inside = methodIn(controller, id)
  if (inside !== undefined) return { method: inside }
  if (!isForAssertions(controller, id)) return { check: failed('key', 'key-not-listed', { key: id }) }
  const answer = await world.ask(id, 'key')
  if (answer.outcome === 'missing') return { check: failed('key', 'key-unknown', { key: id }) }
  if (answer.outcome === 'not-fetched') return { check: notChecked('key', 'key-not-fetched', { key: id }) }
  const document = documentOf(answer.body)
  if (document === 'unreadable') return { check: failed('key', 'key-unreadable', { key: id }) }
  return { method: document }
}

/** The public key of a verification method; undefined when it is written in no way that is known (CONFORMANCE 3.10, 3.14). */
export function keyOfMethod(method: JsonObject): PublicKey | KeyFault | undefined {
  const multibase = textOf(method, 'publicKeyMultibase')
  const isMultikey = hasType(method, 'Multikey') || hasType(method, 'Ed25519VerificationKey2020')
  if (isMultikey && multibase !== undefined) return keyOfMultibase(multibase)
  const jwk = objectOf(method, 'publicKeyJwk')
  const isJwk = hasType(method, 'JsonWebKey') || hasType(method, 'JsonWebKey2020')
  return isJwk && jwk !== undefined ? keyOfJwk(jwk) : undefined
}

export type JudgedMethod = {
  readonly key: Check
  /** Undefined when there is none to check a signature with. */
  readonly publicKey?: PublicKey | KeyFault
  readonly method?: JsonObject
}

/** Is the method the issuer's and listed for assertions (CONFORMANCE 3.10, 3.11)? Whether it has ended is for the caller to ask. */
export async function judgeMethod(controller: JsonObject, id: string, world: World): Promise<JudgedMethod> {
  const issuerId = textOf(controller, 'id')
  const found = await methodOf(controller, id, world)
  if ('check' in found) {
    const owner = id.split('#')[0] ?? ''
    const isForeign = found.check.code === 'key-not-listed' && owner !== issuerId
    return { key: isForeign ? failed('key', 'key-of-another-issuer', { owner }) : found.check }
  }
  const { method } = found
  const publicKey = keyOfMethod(method)
  if (publicKey === undefined || absolute(textOf(method, 'id'), controller) !== id) {
    return { key: failed('key', 'key-unreadable', { key: id }) }
  }
  const owner = absolute(textOf(method, 'controller'), controller)
  if (owner !== issuerId) return { key: failed('key', 'key-of-another-issuer', { owner: owner ?? '' }) }
  const isListed = isForAssertions(controller, id)
  const key = isListed ? passed('key', 'key-of-issuer', { key: id }) : failed('key', 'key-not-listed', { key: id })
  return { key, publicKey, method }
}
