import { describe, expect, test } from 'vitest'
import { contentTypes } from '../../../src/credentials/content-types.ts'
import { achievementDocument, credential } from '../../../src/credentials/ob3/build.ts'
import {
  didDocument,
  didOf,
  issuerDocument,
  jwkDocument,
  jwks,
  keyDocument,
  revokedCredentials,
} from '../../../src/credentials/ob3/publish.ts'
import { encodeMultikey } from '../../../src/credentials/proofs/multikey.ts'
import { checkSafeJsonLd } from '../../../src/credentials/safe-json-ld.ts'
import { awardFacts, badgeClass, ecKey, edKey, issuer, issuerId, rsaKey } from '../../support/award-facts.ts'
import { objectAt } from '../../support/json.ts'

const leakedAt = new Date('2026-01-01T00:00:00Z')
const keys = [rsaKey, ecKey, edKey]

test('CONFORMANCE 2.9, T18: every JSON-LD document of ours is read in safe mode with the bundled contexts', async () => {
  const documents = {
    issuer: issuerDocument(issuer, keys),
    key: keyDocument(issuer, edKey),
    did: didDocument(issuer, keys),
    achievement: achievementDocument(badgeClass),
    credential: credential(awardFacts),
  }
  for (const [name, document] of Object.entries(documents)) {
    expect({ name, faults: await checkSafeJsonLd(document) }).toEqual({ name, faults: [] })
  }
})

test('CONFORMANCE T18, 3.10, 9.9: the issuer document is Profile and controller document, and names the 2.0 Profile', () => {
  const method = `${issuerId}#${encodeMultikey(edKey.publicKey)}`
  expect(issuerDocument(issuer, keys)).toEqual({
    '@context': [
      'https://www.w3.org/ns/credentials/v2',
      'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
      'https://www.w3.org/ns/cid/v1',
    ],
    id: issuerId,
    type: ['Profile'],
    name: issuer.name,
    url: issuer.url,
    email: issuer.email,
    otherIdentifier: [{ type: 'IdentifierEntry', identifier: `${issuerId}/ob2`, identifierType: 'identifier' }],
    verificationMethod: [
      {
        id: method,
        type: 'Multikey',
        controller: issuerId,
        publicKeyMultibase: encodeMultikey(edKey.publicKey),
      },
    ],
    assertionMethod: [method],
  })
})

describe('keys', () => {
  test('CONFORMANCE 3.2, 3.8, S-23: a JWK says its address, algorithm, use and issuer, and nothing private', () => {
    const jwk = jwkDocument(issuer, rsaKey)
    expect(Object.keys(jwk).sort()).toEqual(['alg', 'e', 'iss', 'kid', 'kty', 'n', 'use'])
    expect(jwk).toMatchObject({ kid: rsaKey.kid, alg: 'RS256', use: 'sig', iss: issuerId, kty: 'RSA' })
    expect(Object.keys(jwkDocument(issuer, ecKey)).sort()).toEqual(['alg', 'crv', 'iss', 'kid', 'kty', 'use', 'x', 'y'])
    const mistaken = { ...rsaKey, publicKey: rsaKey.privateKey }
    expect(jwkDocument(issuer, mistaken)).not.toHaveProperty('d')
  })

  test('CONFORMANCE 3.8, S-22, S-23: the set has active and retired JWT keys of each issuer, not the compromised', () => {
    const other = { ...issuer, code: 'kot2' }
    const old = { ...rsaKey, kid: `${issuerId}/keys/rsa-0` }
    const leaked = { ...rsaKey, kid: `${issuerId}/keys/rsa-x`, revoked: leakedAt }
    const theirs = { ...ecKey, kid: 'https://merkit.example/o/kot2/keys/ec-1' }
    const set = jwks([
      { issuer, keys: [rsaKey, old, leaked, edKey] },
      { issuer: other, keys: [theirs] },
    ])
    expect(set).toMatchObject({
      keys: [
        { kid: rsaKey.kid, iss: issuerId },
        { kid: old.kid, iss: issuerId },
        { kid: theirs.kid, iss: 'https://merkit.example/o/kot2' },
      ],
    })
    expect(set['keys']).toHaveLength(3)
  })

  test('CONFORMANCE 3.10: an Ed25519 key answers as a Multikey, with the same id as in the issuer document', () => {
    expect(keyDocument(issuer, edKey)).toMatchObject({
      id: `${issuerId}#${encodeMultikey(edKey.publicKey)}`,
      type: 'Multikey',
      controller: issuerId,
    })
    expect(keyDocument(issuer, rsaKey)).toEqual(jwkDocument(issuer, rsaKey))
  })

  test('S-22: a compromised embedded-proof key is marked revoked and is no assertion method', () => {
    expect(issuerDocument(issuer, [{ ...edKey, revoked: leakedAt }])).toMatchObject({
      verificationMethod: [{ type: 'Multikey', revoked: '2026-01-01T00:00:00Z' }],
      assertionMethod: [],
    })
  })

  test('CONFORMANCE 3.14: did:web, with the port’s colon escaped, lists the keys under the DID', () => {
    expect(didOf(issuer)).toBe('did:web:merkit.example:o:mer1')
    expect(didOf({ ...issuer, origin: 'http://localhost:4000' })).toBe('did:web:localhost%3A4000:o:mer1')
    const did = didDocument(issuer, [rsaKey, edKey, { ...ecKey, revoked: leakedAt }])
    const ids = [
      'did:web:merkit.example:o:mer1#rsa-1',
      `did:web:merkit.example:o:mer1#${encodeMultikey(edKey.publicKey)}`,
    ]
    expect(did).toMatchObject({ alsoKnownAs: [issuerId], assertionMethod: ids })
    expect(JSON.stringify(did)).not.toContain('"d"')
  })
})

test('CONFORMANCE 7.1: the 1EdTech list names the credential, with a reason where there is one', () => {
  expect(revokedCredentials(issuer, [{ ...awardFacts, reason: 'Myönnetty vahingossa' }])).toEqual({
    id: `${issuerId}/revoked`,
    issuer: issuerId,
    revokedCredential: [{ id: awardFacts.credentialId, revoked: true, revocationReason: 'Myönnetty vahingossa' }],
  })
})

test('CONFORMANCE 9.3, 9.9: tier as a result, and the 2.0 documents named', () => {
  const subject = objectAt(credential(awardFacts), 'credentialSubject')
  const achievement = `${issuerId}/badges/polkupyoran-huolto/2/fi`
  expect(subject['result']).toEqual([
    { type: ['Result'], resultDescription: `${achievement}#tier`, achievedLevel: `${achievement}#tier-advanced` },
  ])
  expect(objectAt(subject, 'achievement')['related']).toEqual([
    { id: `${issuerId}/badges/polkupyoran-huolto/2/sv`, type: ['Related'], inLanguage: 'sv', version: '2' },
    { id: `${issuerId}/badges/polkupyoran-huolto/2/en`, type: ['Related'], inLanguage: 'en', version: '2' },
    {
      id: `${achievement}/ob2`,
      type: ['Related', 'https://w3id.org/openbadges#BadgeClass'],
      inLanguage: 'fi',
      version: '2',
    },
  ])
  expect(credential(awardFacts)['evidence']).toContainEqual({
    id: awardFacts.assertionId,
    type: ['Evidence', 'https://w3id.org/openbadges#Assertion'],
    name: 'Open Badges 2.0',
  })
})

test('CONFORMANCE 1.5, 2.8, 3.7, 3.8: the first content type of each kind of document', () => {
  expect(Object.fromEntries(Object.entries(contentTypes).map(([kind, [first]]) => [kind, first]))).toEqual({
    ob2: 'application/ld+json',
    ob3: 'application/ld+json',
    credential: 'application/vc+ld+json',
    jws: 'text/plain',
    jwk: 'application/json',
    multikey: 'application/ld+json',
    jwks: 'application/jwk-set+json',
    did: 'application/did+ld+json',
    historyHead: 'application/jose',
    revokedCredentials: 'application/json',
  })
})
