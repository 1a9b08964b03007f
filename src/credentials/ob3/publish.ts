import { publicAddresses } from '../addresses.ts'
import { contextAddress } from '../contexts.ts'
import type { IssuerFacts } from '../facts.ts'
import { instant } from '../instant.ts'
import type { JsonObject } from '../json.ts'
import type { PublishedKey } from '../keys.ts'
import { publicJwk } from '../keys.ts'
import type { RevokedAward } from '../ob2/build.ts'
import { encodeMultikey } from '../proofs/multikey.ts'
import { issuerProfile } from './build.ts'

const isTrusted = (key: PublishedKey): boolean => key.revoked === undefined
const isEmbedded = (key: PublishedKey): boolean => key.alg === 'EdDSA'

/** The verification method of an Ed25519 key: `{issuer}#{publicKeyMultibase}` (CONFORMANCE 3.10). */
export function verificationMethodId(issuer: string, key: PublishedKey): string {
  return `${issuer}#${encodeMultikey(key.publicKey)}`
}

function multikey(controller: string, key: PublishedKey): JsonObject & { readonly id: string } {
  const publicKeyMultibase = encodeMultikey(key.publicKey)
  return {
    id: `${controller}#${publicKeyMultibase}`,
    type: 'Multikey',
    controller,
    publicKeyMultibase,
    ...(key.revoked === undefined ? {} : { revoked: instant(key.revoked) }),
  }
}

/** A JWT key that has left the key set stays here, with its time. Its id is the address that JWTs name, which no longer answers (S-22). */
function compromised(controller: string, key: PublishedKey): readonly JsonObject[] {
  if (isEmbedded(key) || key.revoked === undefined) return []
  const { kid: id, publicKey, revoked } = key
  return [{ id, type: 'JsonWebKey', controller, publicKeyJwk: publicJwk(publicKey), revoked: instant(revoked) }]
}

/**
 * What `issuer.id` answers: the OB Profile and the controller document of its embedded-proof keys in one, with the contexts
 * that let both be read in safe mode (CONFORMANCE T18, 3.10, 3.11). Takes all keys, active, retired and compromised: a
 * compromised one, also one for JWT, is marked `revoked` and is no assertion method (S-22).
 */
export function issuerDocument(issuer: IssuerFacts, keys: readonly PublishedKey[]): JsonObject {
  const id = publicAddresses.issuer(issuer.origin, issuer.code)
  const embedded = keys.filter(isEmbedded)
  return {
    '@context': [contextAddress.credentials, contextAddress.openBadges, contextAddress.controlledIdentifiers],
    ...issuerProfile(issuer),
    verificationMethod: [...embedded.map((key) => multikey(id, key)), ...keys.flatMap((key) => compromised(id, key))],
    assertionMethod: embedded.filter(isTrusted).map((key) => verificationMethodId(id, key)),
  }
}

/** A key as its own address answers it, for an Ed25519 key (CONFORMANCE 3.10). */
export function multikeyDocument(issuer: IssuerFacts, key: PublishedKey): JsonObject {
  const controller = publicAddresses.issuer(issuer.origin, issuer.code)
  return { '@context': contextAddress.multikey, ...multikey(controller, key) }
}

/** A key as a single JWK with its address, algorithm, use and issuer (CONFORMANCE 3.2, 3.8, S-23). Public members only. */
export function jwkDocument(issuer: IssuerFacts, key: PublishedKey): JsonObject {
  return {
    ...publicJwk(key.publicKey),
    kid: key.kid,
    alg: key.alg,
    use: 'sig',
    iss: publicAddresses.issuer(issuer.origin, issuer.code),
  }
}

/** What a key's address answers: a Multikey for an embedded-proof key, otherwise a JWK. */
export function keyDocument(issuer: IssuerFacts, key: PublishedKey): JsonObject {
  return isEmbedded(key) ? multikeyDocument(issuer, key) : jwkDocument(issuer, key)
}

/**
 * The key set of one issuer, or of all that share the host: every active and retired JWT key, each naming its issuer
 * (CONFORMANCE 3.7, 3.8, S-23). Embedded-proof keys are in the issuer document, since their address answers a Multikey.
 */
export function jwks(
  issuers: readonly { readonly issuer: IssuerFacts; readonly keys: readonly PublishedKey[] }[],
): JsonObject {
  return {
    keys: issuers.flatMap(({ issuer, keys }) =>
      keys.filter((key) => isTrusted(key) && !isEmbedded(key)).map((key) => jwkDocument(issuer, key)),
    ),
  }
}

/** `did:web` of an issuer, from its address (CONFORMANCE 3.14). */
export function didOf(issuer: IssuerFacts): string {
  const { host } = new URL(issuer.origin)
  return `did:web:${host.replace(':', '%3A')}:o:${issuer.code}`
}

/** The did:web document: the same keys under the DID, which is also known as the issuer's address (CONFORMANCE 3.14). */
export function didDocument(issuer: IssuerFacts, keys: readonly PublishedKey[]): JsonObject {
  const id = didOf(issuer)
  const methods = keys.filter(isTrusted).map((key): JsonObject & { readonly id: string } => {
    if (isEmbedded(key)) return multikey(id, key)
    const { kid: _kid, iss: _iss, ...publicKeyJwk } = jwkDocument(issuer, key)
    return {
      id: `${id}#${key.kid.slice(key.kid.lastIndexOf('/') + 1)}`,
      type: 'JsonWebKey',
      controller: id,
      publicKeyJwk,
    }
  })
  return {
    '@context': [contextAddress.did, contextAddress.multikey, contextAddress.jwk],
    id,
    alsoKnownAs: [publicAddresses.issuer(issuer.origin, issuer.code)],
    verificationMethod: methods,
    assertionMethod: methods.map((method) => method.id),
  }
}

/** The 1EdTechRevocationList: plain JSON, beside the bitstring list, from the same fact (CONFORMANCE 7.1, 7.6). */
export function revokedCredentials(issuer: IssuerFacts, revoked: readonly RevokedAward[]): JsonObject {
  return {
    id: publicAddresses.revoked(issuer.origin, issuer.code),
    issuer: publicAddresses.issuer(issuer.origin, issuer.code),
    revokedCredential: revoked.map((award) => ({
      id: award.credentialId,
      revoked: true,
      ...(award.reason === undefined ? {} : { revocationReason: award.reason }),
    })),
  }
}
