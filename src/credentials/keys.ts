import type { KeyObject } from 'node:crypto'
import type { JsonObject } from './json.ts'

export type KeyAlgorithm = 'RS256' | 'ES256' | 'EdDSA'

/** A public key of an issuer as it is published. `kid` is the key's whole address (CONFORMANCE 3.2), never a bare name. */
export type PublishedKey = {
  readonly kid: string
  readonly alg: KeyAlgorithm
  readonly publicKey: KeyObject
  /** Set when the key was compromised: it leaves every list but stays marked in the controller document (S-22). */
  readonly revoked?: Date
}

/** A key that signs. Plain memory only: where it lies at rest is not this folder's matter (S-20). */
export type SigningKey = PublishedKey & { readonly privateKey: KeyObject }

/** The public members of a key as JWK, and no others. */
export function publicJwk(publicKey: KeyObject): JsonObject {
  const { kty, n, e, crv, x, y } = publicKey.export({ format: 'jwk' })
  const members = Object.entries({ kty, n, e, crv, x, y }).filter(([, value]) => value !== undefined)
  return Object.fromEntries(members.map(([name, value]) => [name, String(value)]))
}
