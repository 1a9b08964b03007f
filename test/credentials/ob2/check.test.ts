import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Json } from '../../../src/credentials/json.ts'
import {
  badgeClass as buildBadgeClass,
  hostedAssertion,
  identityHash,
  issuerProfile,
  revocationList,
  signedAssertion,
} from '../../../src/credentials/ob2/build.ts'
import { checkAssertion, checkBadgeClass, checkIssuerProfile } from '../../../src/credentials/ob2/check.ts'
import { checkSafeJsonLd } from '../../../src/credentials/safe-json-ld.ts'
import { awardFacts, badgeClass, ecKey, edKey, issuer, issuerId, rsaKey } from '../../support/award-facts.ts'
import { objectAt, pathsToObjects, textAt, withAt } from '../../support/json.ts'

const creator = `${rsaKey.kid}/ob2`
const signed = signedAssertion(awardFacts, creator)

test('our own documents have no faults and are JSON-LD without an undefined term', async () => {
  expect(checkAssertion(signed)).toEqual([])
  expect(checkAssertion(hostedAssertion(awardFacts))).toEqual([])
  expect(checkBadgeClass(buildBadgeClass(badgeClass))).toEqual([])
  expect(checkIssuerProfile(issuerProfile(issuer, [rsaKey]))).toEqual([])
  const list = revocationList(issuer, [{ ...awardFacts, reason: 'Myönnetty vahingossa' }])
  for (const document of [signed, buildBadgeClass(badgeClass), issuerProfile(issuer, [rsaKey]), list]) {
    expect(await checkSafeJsonLd(document)).toEqual([])
  }
})

test('CONFORMANCE 5.1: the identity hash of the specification’s own example', () => {
  expect(identityHash('a@example.com', 'Kosher')).toBe(
    'sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399',
  )
})

test('CONFORMANCE 1.10, 5.3; DESIGN, Recipient: the recipient is the salted hash of the award’s own urn', () => {
  const { urn, salt } = awardFacts.recipient
  expect(objectAt(signed, 'recipient')).toEqual({
    type: 'url',
    hashed: true,
    salt,
    identity: `sha256$${createHash('sha256')
      .update(urn + salt)
      .digest('hex')}`,
  })
  expect(JSON.stringify(signed)).not.toContain(urn)
})

test('CONFORMANCE 1.8, S-22: the Profile links RSA keys that may be trusted, and its own revocation list', () => {
  const old = { ...rsaKey, kid: `${issuerId}/keys/rsa-0` }
  const leaked = { ...rsaKey, kid: `${issuerId}/keys/rsa-x`, revoked: new Date('2026-01-01T00:00:00Z') }
  expect(issuerProfile(issuer, [rsaKey, old, leaked, ecKey, edKey])).toMatchObject({
    id: `${issuerId}/ob2`,
    publicKey: [`${issuerId}/keys/rsa-1/ob2`, `${issuerId}/keys/rsa-0/ob2`],
    revocationList: `${issuerId}/revoked/ob2`,
  })
})

test('CONFORMANCE 1.4: hosted Assertions are of this foundation only, though the host is shared', () => {
  const scope = objectAt(issuerProfile(issuer, []), 'verification')
  expect(scope).toMatchObject({ allowedOrigins: ['merkit.example'], startsWith: ['https://merkit.example/b/mer1'] })
  expect(textAt(hostedAssertion(awardFacts), 'id').startsWith('https://merkit.example/b/mer1')).toBe(true)
  expect(objectAt(hostedAssertion(awardFacts), 'verification')).toEqual({ type: 'HostedBadge' })
})

test('CONFORMANCE 1.9: the RevocationList names the signed Assertion, with a reason where there is one', () => {
  const { credentialId, assertionId } = awardFacts
  const list = revocationList(issuer, [
    { credentialId, assertionId, reason: 'Myönnetty vahingossa' },
    { credentialId: 'urn:uuid:1', assertionId: 'urn:uuid:2' },
  ])
  expect(list['revokedAssertions']).toEqual([
    { id: assertionId, revocationReason: 'Myönnetty vahingossa' },
    { id: 'urn:uuid:2' },
  ])
})

describe('an Assertion that is not as we write it', () => {
  const wrongs: readonly (readonly [string, readonly (string | number)[], Json | undefined, string])[] = [
    ['CONFORMANCE 1.1: another context', ['@context'], 'https://w3id.org/openbadges/v1', 'context'],
    ['CONFORMANCE 1.2: a date without a time', ['issuedOn'], '2026-11-22', 'date'],
    ['CONFORMANCE 1.2: a date as a number', ['issuedOn'], 1_795_341_600, 'date'],
    ['CONFORMANCE 6.10: an end before the beginning', ['expires'], '2026-11-22T10:00:00Z', 'date'],
    ['DESIGN, Recipient: a telephone number', ['recipient', 'type'], 'telephone', 'shape'],
    ['CONFORMANCE 5.1: an e-mail address in the open', ['recipient', 'identity'], 'maija@example.fi', 'private-text'],
    ['CONFORMANCE 1.10: a recipient in the open', ['recipient', 'hashed'], false, 'shape'],
    ['CONFORMANCE 5.1: an MD5 hash', ['recipient', 'identity'], 'md5$00', 'shape'],
    ['CONFORMANCE 1.7: no creator', ['verification'], { type: 'SignedBadge' }, 'missing-member'],
    ['CONFORMANCE 1.7: a signed Assertion at an address', ['id'], 'https://merkit.example/b/mer1x', 'reference'],
    ['CONFORMANCE 1.4: a hosted Assertion under a urn', ['verification'], { type: 'HostedBadge' }, 'reference'],
    ['CONFORMANCE 1.3: a data URI as picture', ['image'], 'data:image/png;base64,AA', 'unknown-member'],
    ['a support level', ['supportLevel'], 'x', 'unknown-member'],
    ['a support level in words', ['evidence', 0, 'narrative'], 'Intensifierat stöd', 'private-text'],
  ]
  test.each(wrongs)('%s', (_what, path, value, code) => {
    expect(checkAssertion(withAt(signed, path, value)).map((fault) => fault.code)).toContain(code)
  })

  test('no unknown member fits into any of its objects', () => {
    for (const path of pathsToObjects(signed)) {
      for (const member of ['supportLevel', 'email', 'description', 'recipientName']) {
        const faults = checkAssertion(withAt(signed, [...path, member], 'x'))
        expect({ path, member, found: faults.length > 0 }).toEqual({ path, member, found: true })
      }
    }
  })
})

test('a BadgeClass and a Profile are checked the same way', () => {
  const right = buildBadgeClass(badgeClass)
  expect(checkBadgeClass(withAt(right, ['image'], 'data:image/png;base64,AA'))).toMatchObject([{ pointer: '/image' }])
  expect(checkBadgeClass(withAt(right, ['tags'], ['minor']))).toMatchObject([
    { code: 'unknown-member' },
    { pointer: '/tags/0', code: 'private-text' },
  ])
  const profile = issuerProfile(issuer, [rsaKey])
  expect(checkIssuerProfile(withAt(profile, ['email'], 'ei ole'))).toMatchObject([{ pointer: '/email', code: 'shape' }])
  expect(checkIssuerProfile(withAt(profile, ['telephone'], '1'))).toMatchObject([{ code: 'unknown-member' }])
})
