import type { Json, JsonObject } from '../json.ts'
import { isJsonObject } from '../json.ts'
import { eddsaRdfc2022, verifyEddsa } from '../proofs/eddsa-rdfc-2022.ts'
import { decodeMultikey } from '../proofs/multikey.ts'
import { checkSafeJsonLd } from '../safe-json-ld.ts'
import type { Check } from '../verdict.ts'
import { allPassed, failed, notChecked, passed } from './checks.ts'
import type { Proven } from './keys.ts'
import { idOf, instantOf, listOf, textOf } from './members.ts'
import type { World } from './world.ts'
import { documentOf, httpUrl } from './world.ts'

/** A badge has one proof, sometimes two. More are only work. */
const maxProofs = 4
/** An Ed25519 Multikey by its looks; whether it is one is found when it is used (CONFORMANCE 3.10). */
const multikey = /^z6Mk[1-9A-HJ-NP-Za-km-z]{44}$/
const notReached = notChecked('key', 'not-reached')
const issuerNotShown = notChecked('issuer', 'issuer-not-shown')

/** The controller document of the issuer, or the check that says why there is none (CONFORMANCE 3.11). */
type Controller = { readonly document?: JsonObject; readonly issuer: Check }

async function controllerOf(issuerId: string, world: World): Promise<Controller> {
  const answer = await world.ask(issuerId, 'issuer')
  if (answer.outcome === 'missing') return { issuer: failed('issuer', 'issuer-missing') }
  if (answer.outcome === 'not-fetched') return { issuer: notChecked('issuer', 'issuer-not-fetched') }
  const document = documentOf(answer.body)
  if (document === 'unreadable') return { issuer: failed('issuer', 'issuer-unreadable') }
  const id = textOf(document, 'id')
  if (id !== issuerId) return { issuer: failed('issuer', 'issuer-of-another-id', { id: id ?? '' }) }
  return { document, issuer: passed('issuer', 'issuer-right') }
}

function withId(entries: Json | undefined, id: string): JsonObject | undefined {
  return listOf(entries)
    .filter(isJsonObject)
    .find((entry) => entry['id'] === id)
}

/** `revoked` and `expires` end the trust in a key, also for what it signed before: when that was, only its holder says (CONFORMANCE 3.11). */
function endOfKey(method: JsonObject, at: number): Check | undefined {
  for (const [member, code] of [
    ['revoked', 'key-revoked'],
    ['expires', 'key-expired'],
  ] as const) {
    const value = method[member]
    // An unreadable time ends the trust as well.
    if (value !== undefined && (instantOf(value) ?? 0) <= at) {
      return failed('key', code, { since: typeof value === 'string' ? value : '' })
    }
  }
  return undefined
}

/** A method, or the check that says why there is none. Kept apart by name: the method is a stranger's object and may look like anything. */
type Found = { readonly method: JsonObject } | { readonly check: Check }

/** The Multikey of a verification method, from the issuer's document or, when that lists only its address, from there. */
async function methodOf(controller: JsonObject, methodId: string, world: World): Promise<Found> {
  const inside = withId(controller['verificationMethod'], methodId) ?? withId(controller['assertionMethod'], methodId)
  if (inside !== undefined) return { method: inside }
  if (!listOf(controller['assertionMethod']).some((entry) => idOf(entry) === methodId)) {
    return { check: failed('key', 'key-not-listed', { key: methodId }) }
  }
  const answer = await world.ask(methodId, 'key')
  if (answer.outcome === 'missing') return { check: failed('key', 'key-unknown', { key: methodId }) }
  if (answer.outcome === 'not-fetched') return { check: notChecked('key', 'key-not-fetched', { key: methodId }) }
  const document = documentOf(answer.body)
  if (document === 'unreadable') return { check: failed('key', 'key-unreadable', { key: methodId }) }
  return { method: document }
}

type Judged = { readonly key: Check; readonly multibase?: string }

/** Is the method the issuer's, listed for assertions, and not ended (CONFORMANCE 3.10, 3.11)? */
async function judgeMethod(controller: JsonObject, methodId: string, at: number, world: World): Promise<Judged> {
  const issuerId = textOf(controller, 'id')
  const found = await methodOf(controller, methodId, world)
  if ('check' in found) {
    const owner = methodId.split('#')[0] ?? ''
    const isForeign = found.check.code === 'key-not-listed' && owner !== issuerId
    return { key: isForeign ? failed('key', 'key-of-another-issuer', { owner }) : found.check }
  }
  const { method } = found
  const multibase = textOf(method, 'publicKeyMultibase')
  if (multibase === undefined || method['type'] !== 'Multikey' || method['id'] !== methodId) {
    return { key: failed('key', 'key-unreadable', { key: methodId }) }
  }
  const owner = textOf(method, 'controller')
  if (owner !== issuerId) return { key: failed('key', 'key-of-another-issuer', { owner: owner ?? '' }) }
  const ended = endOfKey(method, at)
  if (ended !== undefined) return { key: ended, multibase }
  const isListed = listOf(controller['assertionMethod']).some((entry) => idOf(entry) === methodId)
  if (!isListed) return { key: failed('key', 'key-not-listed', { key: methodId }), multibase }
  return { key: passed('key', 'key-of-issuer', { key: methodId }), multibase }
}

// By the identity of proof (a part of one parsed document) and key: a status list that the caller keeps is proved once (see `Look`).
const judged = new WeakMap<JsonObject, { readonly multibase: string; readonly check: Check }>()

async function judgeSignature(document: JsonObject, proof: JsonObject, multibase: string): Promise<Check> {
  const earlier = judged.get(proof)
  if (earlier?.multibase === multibase) return earlier.check
  const check = await checkSignature(document, proof, multibase)
  judged.set(proof, { multibase, check })
  return check
}

async function checkSignature(document: JsonObject, proof: JsonObject, multibase: string): Promise<Check> {
  const publicKey = decodeMultikey(multibase)
  if (publicKey === undefined) return failed('signature', 'key-unusable')
  if (await verifyEddsa(document, publicKey, proof)) {
    return passed('signature', 'signature-right', { cryptosuite: eddsaRdfc2022 })
  }
  // Safe mode refuses what it would have to leave out: then nothing was compared (CONFORMANCE T4).
  const [undefinedTerm] = await checkSafeJsonLd(document)
  return undefinedTerm === undefined ? failed('signature', 'signature-wrong') : failed('signature', 'term-undefined')
}

function shapeFault(proof: JsonObject): Check | undefined {
  const value = textOf(proof, 'proofValue')
  if (value === undefined || textOf(proof, 'verificationMethod') === undefined)
    return failed('signature', 'proof-malformed')
  if (proof['proofPurpose'] !== 'assertionMethod') return failed('signature', 'proof-purpose-wrong')
  for (const member of ['created', 'expires']) {
    if (proof[member] !== undefined && instantOf(proof[member]) === undefined)
      return failed('signature', 'proof-malformed')
  }
  return undefined
}

async function proveOne(
  document: JsonObject,
  proof: JsonObject,
  issuerId: string,
  at: number,
  world: World,
): Promise<Proven> {
  const malformed = shapeFault(proof)
  if (malformed !== undefined) return { signature: malformed, key: notReached, issuer: issuerNotShown }
  const methodId = textOf(proof, 'verificationMethod') ?? ''
  // `{controller}#{multibase}`: the key is in its own name, so the signature is checked before anything is asked for.
  const named = methodId.slice(methodId.indexOf('#') + 1)
  const early = multikey.test(named) ? await judgeSignature(document, proof, named) : undefined
  if (early?.outcome === 'failed') return { signature: early, key: notReached, issuer: issuerNotShown }
  const without = early ?? notChecked('signature', 'no-key')
  if (httpUrl(issuerId) === undefined) {
    return {
      signature: without,
      key: notChecked('key', 'did-not-supported-yet', { issuer: issuerId }),
      issuer: issuerNotShown,
    }
  }
  const controller = await controllerOf(issuerId, world)
  if (controller.document === undefined) {
    const { outcome, code } = controller.issuer
    const key =
      outcome === 'failed' ? failed('key', 'key-not-listed', { why: code }) : notChecked('key', 'key-not-fetched')
    return { signature: without, key, issuer: controller.issuer }
  }
  const { key, multibase } = await judgeMethod(controller.document, methodId, at, world)
  if (multibase === undefined || (early !== undefined && multibase === named)) {
    return { signature: without, key, issuer: controller.issuer }
  }
  // Another key than its name says would be a key that the signature was not checked with.
  return { signature: await judgeSignature(document, proof, multibase), key, issuer: controller.issuer }
}

/**
 * Checks the embedded proofs of a document: eddsa-rdfc-2022 by a key that the issuer's controller document lists for assertions
 * (CONFORMANCE 3.9–3.13). One good proof of several is enough; without a good one the first tells why.
 */
export async function proveEmbedded(document: JsonObject, issuerId: string, at: Date, world: World): Promise<Proven> {
  const proofs = listOf(document['proof'])
  const [first] = proofs
  if (first === undefined) {
    return { signature: failed('signature', 'no-proof'), key: notReached, issuer: issuerNotShown }
  }
  const known = proofs
    .filter(isJsonObject)
    .filter((proof) => proof['type'] === 'DataIntegrityProof' && proof['cryptosuite'] === eddsaRdfc2022)
    // A chain of proofs signs other proofs too, which is not what is checked here.
    .filter((proof) => proof['previousProof'] === undefined)
    .slice(0, maxProofs)
  let answer: Proven | undefined
  for (const proof of known) {
    const proven = await proveOne(document, proof, issuerId, at.getTime(), world)
    if (allPassed(proven.signature, proven.key, proven.issuer)) return proven
    answer ??= proven
  }
  return answer ?? { signature: unsupported(first), key: notReached, issuer: issuerNotShown }
}

function unsupported(proof: Json): Check {
  if (!isJsonObject(proof)) return failed('signature', 'proof-malformed')
  const name = textOf(proof, 'cryptosuite') ?? textOf(proof, 'type') ?? ''
  return notChecked('signature', 'unsupported-proof', { proof: name })
}
