import type { Json, JsonObject } from '../json.ts'
import { isJsonObject } from '../json.ts'
import type { Canonize } from '../proofs/canonize.ts'
import { eddsaRdfc2022, verifyEddsa } from '../proofs/eddsa-rdfc-2022.ts'
import { checkSafeJsonLd } from '../safe-json-ld.ts'
import type { Check } from '../verdict.ts'
import { innerCredentials } from './carried.ts'
import { allPassed, failed, notChecked, passed } from './checks.ts'
import { controllerOf, judgeMethod, keyWithoutController } from './controller.ts'
import { endOfKey, judgeEnd, signedDocument } from './key-end.ts'
import { instantOf, listOf, textOf, valuesIn } from './members.ts'
import type { Proven } from './proven.ts'
import { issuerNotShown, keyNotReached } from './proven.ts'
import type { KeyFault, PublicKey } from './public-key.ts'
import { keyOfMultibase } from './public-key.ts'
import type { World } from './world.ts'

/** A badge has one proof, sometimes two. More are only work. */
const maxProofs = 4
/**
 * The work on a canonical form grows with the values of a document more than with its bytes (CONFORMANCE T13). A badge of ours has 140, one
 * with four endorsements 300; a passport has some for each badge beside the badges themselves.
 */
const mostValues = { ofOne: 2000, ofCollection: 8000, inAll: 20_000 }
/** An Ed25519 Multikey by its looks; whether it is one is found when it is used (CONFORMANCE 3.10). */
const multikey = /^z6Mk[1-9A-HJ-NP-Za-km-z]{44}$/

type Judged = { readonly document: JsonObject; readonly text: string; readonly check: Check }

// By the identity of proof and document (both of one parsing) and key: a status list that the caller keeps is proved once (see `Look`).
const judged = new WeakMap<JsonObject, Judged>()

async function judgeSignature(
  document: JsonObject,
  proof: JsonObject,
  key: PublicKey | KeyFault,
  how: Canonize,
): Promise<Check> {
  if (typeof key === 'string') return failed('signature', key)
  if (key.algorithm !== 'EdDSA') return failed('signature', 'algorithm-not-of-key')
  const earlier = judged.get(proof)
  if (earlier?.text === key.text && earlier.document === document) return earlier.check
  const check = await checkSignature(document, proof, key, how)
  judged.set(proof, { document, text: key.text, check })
  return check
}

async function checkSignature(
  document: JsonObject,
  proof: JsonObject,
  { key }: PublicKey,
  how: Canonize,
): Promise<Check> {
  if (await verifyEddsa(document, key, proof, how)) {
    return passed('signature', 'signature-right', { cryptosuite: eddsaRdfc2022 })
  }
  // Safe mode refuses what it would have to leave out: then nothing was compared (CONFORMANCE T4).
  if ((await checkSafeJsonLd(document, how)).length > 0) return failed('signature', 'term-undefined')
  // VC 1.1 does not define the words of this proof; the context that does must be there (CONFORMANCE 3.12).
  const context = proof['@context'] ?? document['@context'] ?? []
  const isDefined = (await checkSafeJsonLd({ ...proof, '@context': context }, how)).length === 0
  return failed('signature', isDefined ? 'signature-wrong' : 'proof-context-missing')
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

/** One document, one of its proofs, and by whom it should be. */
type Proof = {
  readonly document: JsonObject
  readonly proof: JsonObject
  readonly issuerId: string
  readonly at: Date
}

async function proveOne(asked: Proof, world: World): Promise<Proven> {
  const { document, proof, issuerId } = asked
  const malformed = shapeFault(proof)
  if (malformed !== undefined) return { signature: malformed, key: keyNotReached, issuer: issuerNotShown }
  const methodId = textOf(proof, 'verificationMethod') ?? ''
  // `{controller}#{multibase}`: the key is in its own name, so the signature is checked before anything is asked for.
  const name = methodId.slice(methodId.indexOf('#') + 1)
  const named = multikey.test(name) ? keyOfMultibase(name) : undefined
  const early = named === undefined ? undefined : await judgeSignature(document, proof, named, world.canonize)
  if (early?.outcome === 'failed') return { signature: early, key: keyNotReached, issuer: issuerNotShown }
  const controller = await controllerOf(issuerId, world)
  if (controller.document === undefined) {
    const signature = early ?? notChecked('signature', 'no-key')
    return { signature, key: keyWithoutController(controller.issuer), issuer: controller.issuer }
  }
  return { ...(await proveByMethod(asked, controller.document, methodId, early, world)), issuer: controller.issuer }
}

async function proveByMethod(
  { document, proof, issuerId, at }: Proof,
  controller: JsonObject,
  methodId: string,
  early: Check | undefined,
  world: World,
): Promise<Pick<Proven, 'signature' | 'key'>> {
  const { key, publicKey, method } = await judgeMethod(controller, methodId, world)
  if (publicKey === undefined) return { signature: early ?? notChecked('signature', 'no-key'), key }
  // Another key than its name says would be a key that the signature was not checked with.
  const signature = await judgeSignature(document, proof, publicKey, world.canonize)
  const end = method === undefined ? undefined : endOfKey(method, at)
  const isOfIssuer = key.outcome === 'passed' || key.code === 'key-not-listed'
  if (end === undefined || !isOfIssuer || signature.outcome !== 'passed') return { signature, key }
  return { signature, key: await judgeEnd(end, methodId, signedDocument(issuerId, document), world) }
}

/** How many values there may be, when there are more: in the document itself, in one of the credentials inside it, in all, or in all so far. */
function exceededLimit(document: JsonObject, world: World): number | undefined {
  const { ofOne, ofCollection, inAll } = mostValues
  const inside = innerCredentials(document).map(valuesIn)
  const all = valuesIn(document)
  const own = all - inside.reduce((sum, values) => sum + values, 0)
  if (inside.some((values) => values > ofOne) || (inside.length === 0 && own > ofOne)) return ofOne
  if (own > ofCollection) return ofCollection
  return all > inAll || !world.spend(all) ? inAll : undefined
}

/**
 * Checks the embedded proofs of a document: eddsa-rdfc-2022 by a key that the issuer's controller document lists for assertions
 * (CONFORMANCE 3.9–3.13). One good proof of several is enough; without a good one the first tells why.
 */
export async function proveEmbedded(document: JsonObject, issuerId: string, at: Date, world: World): Promise<Proven> {
  const proofs = listOf(document['proof'])
  const [first] = proofs
  if (first === undefined) {
    return { signature: failed('signature', 'no-proof'), key: keyNotReached, issuer: issuerNotShown }
  }
  const limit = exceededLimit(document, world)
  if (limit !== undefined) {
    const signature = notChecked('signature', 'too-many-values', { limit: String(limit) })
    return { signature, key: keyNotReached, issuer: issuerNotShown }
  }
  const known = proofs
    .filter(isJsonObject)
    .filter((proof) => proof['type'] === 'DataIntegrityProof' && proof['cryptosuite'] === eddsaRdfc2022)
    // A chain of proofs signs other proofs too, which is not what is checked here.
    .filter((proof) => proof['previousProof'] === undefined)
    .slice(0, maxProofs)
  let answer: Proven | undefined
  for (const proof of known) {
    const proven = await proveOne({ document, proof, issuerId, at }, world)
    if (allPassed(proven.signature, proven.key, proven.issuer)) return proven
    answer ??= proven
  }
  return answer ?? { signature: unsupported(first), key: keyNotReached, issuer: issuerNotShown }
}

function unsupported(proof: Json): Check {
  if (!isJsonObject(proof)) return failed('signature', 'proof-malformed')
  const name = textOf(proof, 'cryptosuite') ?? textOf(proof, 'type') ?? ''
  return notChecked('signature', 'unsupported-proof', { proof: name })
}
