import { publicAddresses } from './addresses.ts'
import type { AwardFacts } from './facts.ts'
import { type Fault, under } from './faults.ts'
import { numericDate } from './instant.ts'
import { isJsonObject } from './json.ts'
import type { JsonObject } from './json.ts'
import type { SigningKey } from './keys.ts'
import { ob2KeyAddress, signedAssertion } from './ob2/build.ts'
import { checkAssertion } from './ob2/check.ts'
import { credential } from './ob3/build.ts'
import { checkCredential } from './ob3/check.ts'
import { verificationMethodId } from './ob3/publish.ts'
import type { Canonize } from './proofs/canonize.ts'
import { signEddsa } from './proofs/eddsa-rdfc-2022.ts'
import type { DataIntegrityProof } from './proofs/eddsa-rdfc-2022.ts'
import { signPart, UnfitKey } from './proofs/sign-jws.ts'
import { type Payload, payloadOf } from './strict-json.ts'

export type { SigningKey } from './keys.ts'

/** The credential would be wrong: nothing was signed (S-24). `faults` says what and where, under `/ob2` and `/ob3`. */
export class UnfitToSign extends Error {
  readonly faults: readonly Fault[]

  constructor(faults: readonly Fault[]) {
    super(`Not fit to sign: ${faults.map((fault) => `${fault.pointer} ${fault.code}`).join(', ')}`.slice(0, 500))
    this.name = 'UnfitToSign'
    this.faults = faults
  }
}

/** The addresses (JOSE `kid`) of the keys that will sign. `ob2` is an RSA key; `ob3` may be another where ES256 was chosen. */
export type KeyAddresses = { readonly ob2: string; readonly ob3: string }

/** Claims of the VC-JWT: the credential's values under JOSE names, times in seconds (CONFORMANCE 3.4). */
export type Claims = {
  readonly iss: string
  readonly jti: string
  readonly nbf: number
  readonly sub: string
  readonly exp?: number
}

/** Both documents of an award, checked; made only by `prepare` and `prepareAgain`. */
export type Prepared = AwardDocuments & {
  readonly keys: KeyAddresses
  readonly claims: Claims
  readonly payloads: { readonly ob2: Payload; readonly ob3: Payload }
}

export type Signed = { readonly ob2Jws: string; readonly ob3Jwt: string }

const claimNames: ReadonlySet<string> = new Set(['iss', 'jti', 'nbf', 'sub', 'exp'])

// Documents have whole seconds, so a fraction in the facts would be lost without a word (CONFORMANCE T5).
function checkInstants(facts: AwardFacts): readonly Fault[] {
  const instants = { awardedAt: facts.awardedAt, validFrom: facts.validFrom, validUntil: facts.validUntil }
  return Object.entries(instants)
    .filter(([, date]) => date !== undefined && (Number.isNaN(date.getTime()) || date.getTime() % 1000 !== 0))
    .map(([name]) => ({ pointer: `/${name}`, code: 'date', detail: 'Not an instant of whole seconds' }))
}

// The key must be of the issuer the badge names, or nobody could tie them together (CONFORMANCE 3.7, S-23).
function checkKeyAddresses(keys: KeyAddresses, issuer: string): readonly Fault[] {
  return Object.entries(keys)
    .filter(([, kid]) => !kid.startsWith(`${issuer}/keys/`))
    .map(([name]) => ({ pointer: `/keys/${name}`, code: 'reference', detail: 'The key is not of this issuer' }))
}

// What a credential says, under JOSE names (CONFORMANCE 3.4).
function claimsOf(document: JsonObject, issuer: string): Claims {
  const { credentialSubject } = document
  const text = (from: JsonObject, member: string): string => {
    const value = from[member]
    return typeof value === 'string' ? value : ''
  }
  return {
    iss: issuer,
    jti: text(document, 'id'),
    nbf: numericDate(new Date(text(document, 'validFrom'))),
    sub: isJsonObject(credentialSubject) ? text(credentialSubject, 'id') : '',
    ...('validUntil' in document ? { exp: numericDate(new Date(text(document, 'validUntil'))) } : {}),
  }
}

/**
 * Builds the OB 2.0 Assertion, the OB 3.0 credential and its JWT claims, and checks them before any key is used (S-24;
 * CONFORMANCE 1, 2, 3.4, 5.1, 9). Takes the facts and the addresses of the keys that will sign: one address for both, or one
 * for each. Throws `UnfitToSign` with every fault.
 */
export function prepare(facts: AwardFacts, keyAddresses: string | KeyAddresses): Prepared {
  const keys = typeof keyAddresses === 'string' ? { ob2: keyAddresses, ob3: keyAddresses } : keyAddresses
  const ofInstants = checkInstants(facts)
  if (ofInstants.length > 0) throw new UnfitToSign(ofInstants)
  const { origin, code } = facts.badgeClass.issuer
  const documents = { assertion: signedAssertion(facts, ob2KeyAddress(keys.ob2)), credential: credential(facts) }
  return checked(documents, keys, publicAddresses.issuer(origin, code))
}

/** Both documents of an award. */
export type AwardDocuments = { readonly assertion: JsonObject; readonly credential: JsonObject }

/** What `prepare` and `prepareAgain` have in common: nothing is signed that was not checked (S-24). Throws `UnfitToSign` with every fault. */
export function checked(documents: AwardDocuments, keys: KeyAddresses, issuer: string): Prepared {
  const claims = claimsOf(documents.credential, issuer)
  const ob3 = payloadOf({ ...documents.credential, ...claims })
  const faults = [
    ...checkKeyAddresses(keys, issuer),
    ...under('/ob2', checkAssertion(documents.assertion)),
    ...under('/ob3', checkCredential(documents.credential, ob3)),
  ]
  if (faults.length > 0) throw new UnfitToSign(faults)
  return { keys, ...documents, claims, payloads: { ob2: payloadOf(documents.assertion), ob3 } }
}

/**
 * Signs both documents: OB 2.0 as a JWS by RS256 and OB 3.0 as a VC-JWT (CONFORMANCE 1.7, 3.1–3.4). Takes what `prepare` gave and
 * the key, and a second key for OB 3.0 where the issuer chose ES256. Throws `UnfitKey` when a key is not the one that was prepared
 * for, or not of its algorithm's kind.
 */
export async function sign(prepared: Prepared, key: SigningKey, ob3Key: SigningKey = key): Promise<Signed> {
  if (key.kid !== prepared.keys.ob2) throw new UnfitKey(key.kid, 'the documents name another key')
  if (ob3Key.kid !== prepared.keys.ob3) throw new UnfitKey(ob3Key.kid, 'the documents name another key')
  if (key.alg !== 'RS256') throw new UnfitKey(key.kid, 'OB 2.0 is signed by RS256')
  const [ob2Jws, ob3Jwt] = await Promise.all([
    signPart(prepared.payloads.ob2.part, key),
    signPart(prepared.payloads.ob3.part, ob3Key, 'JWT'),
  ])
  return { ob2Jws, ob3Jwt }
}

/**
 * The OB 3.0 credential inside a stored VC-JWT of our own, without the JWT claims: what the embedded proof is then put on, so
 * that both say the same (CONFORMANCE 2.5, 3.4). Takes the stored text; verifies nothing. Throws a TypeError when it is no JWT.
 */
export function embeddedDocument(ob3Jwt: string): JsonObject {
  const payload = ob3Jwt.split('.')[1] ?? ''
  const parsed: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))
  if (!isJsonObject(parsed)) throw new TypeError('The payload of a VC-JWT is an object')
  return Object.fromEntries(Object.entries(parsed).filter(([member]) => !claimNames.has(member)))
}

/**
 * Puts an eddsa-rdfc-2022 proof on a credential or on a status list (CONFORMANCE 3.9, 3.10). Takes the document, the issuer's
 * Ed25519 key, the time of signing and, for many documents of one shape, another way to their canonical form; the verification method is `{issuer id}#{publicKeyMultibase}`. Throws `UnfitKey` for another
 * kind of key, and what JSON-LD safe mode throws for an undefined term.
 */
export async function signEmbedded(
  document: JsonObject,
  key: SigningKey,
  created: Date,
  how?: Canonize,
): Promise<JsonObject & { readonly proof: DataIntegrityProof }> {
  if (key.alg !== 'EdDSA') throw new UnfitKey(key.kid, 'an embedded proof needs an Ed25519 key')
  const issuer = document['issuer']
  const issuerId = isJsonObject(issuer) ? issuer['id'] : issuer
  if (typeof issuerId !== 'string') throw new UnfitToSign([noIssuer])
  if (!key.kid.startsWith(`${issuerId}/keys/`)) throw new UnfitKey(key.kid, 'it is not a key of this issuer')
  const verificationMethod = verificationMethodId(issuerId, key)
  return await signEddsa(document, {
    privateKey: key.privateKey,
    verificationMethod,
    created,
    ...(how && { canonize: how }),
  })
}

const noIssuer: Fault = { pointer: '/issuer', code: 'missing-member', detail: 'Without an issuer there is no key' }
