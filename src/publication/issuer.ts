import { createPublicKey } from 'node:crypto'
import { publicAddresses } from '../credentials/addresses.ts'
import type { IssuerFacts } from '../credentials/facts.ts'
import type { PublishedKey } from '../credentials/keys.ts'
import type { StoredIssuer, StoredPublicKey } from './store.ts'

/** An organisation as its documents show it: public facts and public keys only. */
export type Issuer = { readonly issuer: IssuerFacts; readonly keys: readonly PublishedKey[] }

/** An issuer for documents that hold its addresses only, such as lists. */
export function addressedIssuer(origin: string, code: string): IssuerFacts {
  return { origin, code, name: '', url: '', email: '' }
}

export function issuerOf(stored: StoredIssuer, origin: string, code: string): Issuer {
  const { name, url, email } = stored
  return {
    issuer: { origin, code, name, url, email },
    keys: stored.keys.map((key) => publishedKey(key, origin, code)),
  }
}

function publishedKey(stored: StoredPublicKey, origin: string, code: string): PublishedKey {
  return {
    kid: publicAddresses.key(origin, code, stored.kid),
    alg: stored.algorithm,
    publicKey: createPublicKey({ key: { ...stored.jwk }, format: 'jwk' }),
    ...(stored.compromisedAt === null ? {} : { revoked: new Date(stored.compromisedAt) }),
  }
}
