import { publicAddresses } from './addresses.ts'
import type { IssuerFacts } from './facts.ts'
import { type Fault, under } from './faults.ts'
import type { JsonObject } from './json.ts'
import type { PublishedKey } from './keys.ts'
import { cryptographicKey, issuerProfile } from './ob2/build.ts'
import { checkCryptographicKey, checkIssuerProfile } from './ob2/check.ts'
import { checkIssuerDocument } from './ob3/check.ts'
import { checkDidDocument, checkKeyDocument } from './ob3/key-check.ts'
import { didDocument, issuerDocument, keyDocument } from './ob3/publish.ts'
import { checkSafeJsonLd } from './safe-json-ld.ts'

type Checked = { readonly at: string; readonly document: JsonObject; readonly faults: readonly Fault[] }

function documentsOf(issuer: IssuerFacts, keys: readonly PublishedKey[]): readonly Checked[] {
  const id = publicAddresses.issuer(issuer.origin, issuer.code)
  const nameOf = (key: PublishedKey): string => `/keys/${key.kid.slice(key.kid.lastIndexOf('/') + 1)}`
  const [ob3, ob2, did] = [issuerDocument(issuer, keys), issuerProfile(issuer, keys), didDocument(issuer, keys)]
  return [
    { at: '/issuer', document: ob3, faults: checkIssuerDocument(ob3) },
    { at: '/ob2', document: ob2, faults: checkIssuerProfile(ob2) },
    { at: '/did', document: did, faults: checkDidDocument(did) },
    ...keys.map((key) => {
      const document = keyDocument(issuer, key)
      return { at: nameOf(key), document, faults: checkKeyDocument(document, id) }
    }),
    ...keys
      .filter((key) => key.alg === 'RS256')
      .map((key) => {
        const document = cryptographicKey(issuer, key)
        return { at: `${nameOf(key)}/ob2`, document, faults: checkCryptographicKey(document) }
      }),
  ]
}

/** Without RSA there is no OB 2.0, without Ed25519 no embedded proof and no status list (DESIGN, Keys). */
function missingKeys(keys: readonly PublishedKey[]): readonly Fault[] {
  return (['RS256', 'EdDSA'] as const)
    .filter((alg) => !keys.some((key) => key.alg === alg && key.revoked === undefined))
    .map((alg) => ({ pointer: '/keys', code: 'missing-member', detail: `There is no ${alg} key` }))
}

/**
 * Faults of everything that an organisation will answer about itself, before its first badge (S-24; CONFORMANCE 1.8, 2.3, 3.2, 3.8, 3.10,
 * 3.14, T18): the issuer documents of both versions, the did:web document, each key; exact members, JSON Schema, texts, and safe-mode
 * JSON-LD of those that have a context. Pointers begin with the document: `/issuer/name`, `/ob2/email`, `/keys/rsa-1/n`.
 */
export async function checkIssuer(issuer: IssuerFacts, keys: readonly PublishedKey[]): Promise<readonly Fault[]> {
  const documents = documentsOf(issuer, keys)
  const faults = [...missingKeys(keys), ...documents.flatMap(({ at, faults: found }) => under(at, found))]
  if (faults.length > 0) return faults
  const linked = documents.filter(({ document }) => document['@context'] !== undefined)
  const found = await Promise.all(linked.map(async ({ at, document }) => under(at, await checkSafeJsonLd(document))))
  return found.flat()
}
