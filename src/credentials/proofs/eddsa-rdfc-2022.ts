import { createHash, sign, verify } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { instant } from '../instant.ts'
import { isJsonObject } from '../json.ts'
import type { Json, JsonObject } from '../json.ts'
import { decodeBase58btc, encodeBase58btc } from './base58btc.ts'
import { type Canonize, canonize } from './canonize.ts'

/** Name of the cryptosuite in a proof. */
export const eddsaRdfc2022 = 'eddsa-rdfc-2022'

export type EddsaOptions = {
  readonly privateKey: KeyObject
  /** `{issuer id}#{publicKeyMultibase}` (CONFORMANCE 3.10). */
  readonly verificationMethod: string
  readonly created: Date
  /** Another way to the same canonical form, for many documents of one shape. */
  readonly canonize?: Canonize
}

export type DataIntegrityProof = {
  readonly type: 'DataIntegrityProof'
  readonly cryptosuite: typeof eddsaRdfc2022
  readonly created: string
  readonly verificationMethod: string
  readonly proofPurpose: 'assertionMethod'
  readonly proofValue: string
}

async function sha256OfCanonical(document: JsonObject, how: Canonize): Promise<Buffer> {
  return createHash('sha256')
    .update(await how(document))
    .digest()
}

/**
 * The 64 bytes that an eddsa-rdfc-2022 proof signs: SHA-256 of the canonical proof options, then of the canonical document
 * (CONFORMANCE 3.9). Takes the document without its proof and the proof without its value, the context already in both.
 * Throws when either cannot be canonised in safe mode.
 */
export async function eddsaHashData(
  document: JsonObject,
  proofOptions: JsonObject,
  how: Canonize = canonize,
): Promise<Buffer> {
  const [ofProof, ofDocument] = await Promise.all([
    sha256OfCanonical(proofOptions, how),
    sha256OfCanonical(document, how),
  ])
  return Buffer.concat([ofProof, ofDocument])
}

/**
 * Adds an embedded eddsa-rdfc-2022 proof (CONFORMANCE 3.9). Takes a document without a proof, the Ed25519 key, its
 * verification method and the time; gives the document with `proof`. Throws in safe mode for an undefined term or context.
 */
export async function signEddsa<D extends JsonObject>(
  document: D,
  options: EddsaOptions,
): Promise<D & { readonly proof: DataIntegrityProof }> {
  const proof = {
    type: 'DataIntegrityProof',
    cryptosuite: eddsaRdfc2022,
    created: instant(options.created),
    verificationMethod: options.verificationMethod,
    proofPurpose: 'assertionMethod',
  } as const
  const context: Json = document['@context'] ?? []
  const data = await eddsaHashData(document, { '@context': context, ...proof }, options.canonize)
  const proofValue = `z${encodeBase58btc(sign(null, data, options.privateKey))}`
  return { ...document, proof: { ...proof, proofValue } }
}

// vc-di-eddsa 3.2.2: a context inside the proof must be how the document's own contexts begin, and then stands for both.
function contextFor(document: JsonObject, proof: JsonObject): Json | undefined {
  const ofDocument = document['@context'] ?? []
  const ofProof = proof['@context']
  if (ofProof === undefined) return ofDocument
  const wanted = [ofProof].flat()
  const present = [ofDocument].flat()
  const agrees = wanted.every((context, place) => JSON.stringify(context) === JSON.stringify(present[place]))
  return agrees ? ofProof : undefined
}

/**
 * Is the proof's signature over this document good? Takes the document as received, the Ed25519 public key that the
 * caller has tied to the issuer (CONFORMANCE 3.11), and the proof when the document holds several. Gives false also for
 * another suite, a malformed value, and a document that safe mode refuses: `checkSafeJsonLd` tells those reasons.
 */
export async function verifyEddsa(
  document: JsonObject,
  publicKey: KeyObject,
  proof: Json | undefined = document['proof'],
  how: Canonize = canonize,
): Promise<boolean> {
  if (!isJsonObject(proof) || proof['type'] !== 'DataIntegrityProof') return false
  if (proof['cryptosuite'] !== eddsaRdfc2022 || publicKey.asymmetricKeyType !== 'ed25519') return false
  const { proofValue, ...options } = proof
  const signature = typeof proofValue === 'string' && proofValue.startsWith('z') && decodeBase58btc(proofValue.slice(1))
  const context = contextFor(document, proof)
  if (!signature || signature.length !== 64 || context === undefined) return false
  const { proof: _removed, ...unsecured } = document
  try {
    const data = await eddsaHashData({ ...unsecured, '@context': context }, { ...options, '@context': context }, how)
    return verify(null, data, publicKey, signature)
  } catch {
    return false // safe mode refused it: what cannot be hashed whole cannot be verified
  }
}
