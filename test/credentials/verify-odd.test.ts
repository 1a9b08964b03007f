import { generateKeyPairSync } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { publicAddresses } from '../../src/credentials/addresses.ts'
import { bakePng } from '../../src/credentials/bake/png.ts'
import { clrCredential } from '../../src/credentials/clr/build.ts'
import { numericDate } from '../../src/credentials/instant.ts'
import { signEmbedded } from '../../src/credentials/issue.ts'
import type { Json, JsonObject } from '../../src/credentials/json.ts'
import { publicJwk } from '../../src/credentials/keys.ts'
import { hostedAssertion } from '../../src/credentials/ob2/build.ts'
import { ob2Type } from '../../src/credentials/ob3/build.ts'
import { canonize } from '../../src/credentials/proofs/canonize.ts'
import { createCanonizeByShape } from '../../src/credentials/proofs/canonize-by-shape.ts'
import type { Check, CheckId, Look, Verdict } from '../../src/credentials/verdict.ts'
import { verify } from '../../src/credentials/verify.ts'
import { isCanonicalEd25519, keyOfJwk, keyOfMultibase, keyOfPem } from '../../src/credentials/verify/public-key.ts'
import { awardFacts, edKey, issuer, issuerId, now, rsaKey } from '../support/award-facts.ts'
import {
  type Badges,
  badgesOf,
  bytesOf,
  closed,
  type Documents,
  jwsOf,
  lookIn,
  payloadOf,
  publicDocuments,
  smallPng,
  statusListAddress,
} from '../support/badge-world.ts'
import { passportOf } from '../support/endorsed.ts'
import { objectAt, textAt, without } from '../support/json.ts'
import { assertion11, lookAt, oldJws, oldWorld } from '../support/old-badges.ts'
import { type Change, payloadWith, signedWith } from '../support/signed-with.ts'

// What others may have written oddly, or an attacker on purpose: it is answered with its own reason, never with an error.

let badges: Badges
let documents: Documents
beforeAll(async () => {
  badges = await badgesOf()
  documents = await publicDocuments()
})

const subjectOf = (change: Change): Change => ({
  sub: undefined,
  credentialSubject: Object.fromEntries(
    Object.entries({ ...objectAt(payloadOf(badges.ob3), 'credentialSubject'), ...change }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const],
    ),
  ),
})

async function judge(
  badge: string | JsonObject | Uint8Array,
  more: Documents = {},
  recipient?: string,
): Promise<Verdict> {
  const bytes = badge instanceof Uint8Array ? badge : bytesOf(badge)
  const options = { at: now, ...(recipient === undefined ? {} : { recipient }) }
  return await verify(bytes, lookIn({ ...documents, ...more }), options)
}

const check = (verdict: Verdict, id: CheckId): Check | undefined => verdict.checks.find((one) => one.id === id)

describe('CONFORMANCE 4.6, 9.9: beside a 3.0 badge in a picture', () => {
  const hosted = hostedAssertion(awardFacts)
  const home = publicAddresses.awardOb2(issuer.origin, awardFacts.publicId)
  const naming = (id: string): string =>
    signedWith(badges.ob3, { evidence: [{ id, type: ['Evidence', ob2Type.assertion], name: 'Open Badges 2.0' }] })

  test('a hosted Assertion, as copy or as address, when the other names it', async () => {
    for (const ob2 of [JSON.stringify(hosted), home]) {
      const linked = await judge(bakePng(smallPng(), { ob3: naming(home), ob2 }), { [home]: hosted })
      expect([linked.verdict, check(linked, 'companion')?.code]).toEqual(['valid', 'companion-valid'])
      const another = await judge(bakePng(smallPng(), { ob3: naming('urn:x:y'), ob2 }), { [home]: hosted })
      expect([another.verdict, check(another, 'companion')?.code]).toEqual(['invalid', 'companion-of-another-award'])
    }
  })

  test('a badge of Open Badges 1.1', async () => {
    const old = assertion11('signed')
    const look = lookIn(documents)
    const oldLook = lookAt(oldWorld(assertion11('hosted')))
    const both: Look = async (address, purpose) =>
      await (address.startsWith(issuer.origin) ? look : oldLook)(address, purpose)
    const picture = bakePng(smallPng(), { ob3: naming(textAt(old, 'id')), ob2: oldJws(old) })
    const verdict = await verify(picture, both, { at: now })
    expect([verdict.verdict, check(verdict, 'companion')?.code]).toEqual(['valid', 'companion-valid'])
  })

  test('something that is nothing: the reason is its own', async () => {
    const verdict = await judge(bakePng(smallPng(), { ob3: badges.ob3, ob2: 'ei mitään' }))
    expect(check(verdict, 'companion')).toMatchObject({
      code: 'companion-not-valid',
      values: { verdict: 'invalid', check: 'format', code: 'unknown-format' },
    })
  })
})

describe('CONFORMANCE 5.2, 5.4: identifiers that are written oddly', () => {
  const identifier: Json = [7, { type: 'IdentityObject' }, { type: 'IdentifierEntry', identifier: 'a-1' }]

  test('what can be compared is compared, all else passed over', async () => {
    const badge = signedWith(badges.ob3, subjectOf({ id: undefined, identifier }))
    expect(check(await judge(badge, {}, 'a-1'), 'recipient')?.code).toBe('recipient-right')
    expect(check(await judge(badge, {}, 'a-2'), 'recipient')?.code).toBe('recipient-other')
    expect(check(await judge(badge, {}, 'a@example.com'), 'recipient')?.code).toBe('recipient-not-comparable')
  })

  test('no subject, no recipient, no identity', async () => {
    const nobody = signedWith(badges.ob3, { credentialSubject: undefined })
    expect(check(await judge(nobody, {}, 'x'), 'recipient')?.code).toBe('recipient-not-comparable')
    for (const recipient of [undefined, { type: 'email', hashed: true }]) {
      const assertion = jwsOf({ alg: 'RS256' }, payloadWith(badges.ob2, { recipient }), rsaKey)
      expect(check(await judge(assertion, {}, 'x'), 'recipient')?.code).toBe('recipient-not-comparable')
    }
    const unsalted = { type: 'email', hashed: false, identity: 'a@example.com' }
    const plain = jwsOf({ alg: 'RS256' }, payloadWith(badges.ob2, { recipient: unsalted }), rsaKey)
    expect(check(await judge(plain, {}, 'A@example.com'), 'recipient')?.code).toBe('recipient-right')
  })
})

describe('CONFORMANCE 7.1, 7.2: a status that is written oddly', () => {
  test.each<[string, Json, string]>([
    ['a JSON list that is no address', { id: 'urn:x', type: '1EdTechRevocationList' }, 'status-unreadable'],
    ['a JSON list without an address', { type: '1EdTechRevocationList' }, 'status-unreadable'],
    ['no type', { id: 'https://a.example/' }, 'unsupported-status'],
    ['a bit without a list', { type: 'BitstringStatusListEntry', statusListIndex: '1' }, 'status-unreadable'],
    [
      'a bit without a purpose',
      { type: 'BitstringStatusListEntry', statusListIndex: '1', statusListCredential: statusListAddress },
      'unsupported-status',
    ],
  ])('%s', async (_, credentialStatus, code) => {
    const verdict = await judge(signedWith(badges.ob3, { credentialStatus }))
    expect(check(verdict, 'status')).toMatchObject({ outcome: 'not-checked', code })
  })

  test('a Profile whose list is no address', async () => {
    const profile = objectAt(documents, `${issuerId}/ob2`)
    for (const revocationList of [7, 'urn:x', {}]) {
      const verdict = await judge(badges.ob2, { [`${issuerId}/ob2`]: { ...profile, revocationList } })
      expect(check(verdict, 'status')).toMatchObject({ outcome: 'not-checked', code: 'status-unreadable' })
    }
  })

  test('the same list for two badges is gone through once', async () => {
    const look = lookIn(documents)
    for (let time = 0; time < 2; time += 1) {
      expect((await verify(bytesOf(badges.ob2), look, { at: now })).verdict).toBe('valid')
    }
  })
})

describe('CONFORMANCE 6.2: members that are there and say nothing', () => {
  test.each<[string, Change, CheckId, string]>([
    ['an empty id', { id: '' }, 'structure', 'member-wrong'],
    ['a schema that is text', { credentialSchema: ['x'] }, 'schema', 'schema-not-met'],
    [
      'a schema without an address',
      { credentialSchema: [{ type: '1EdTechJsonSchemaValidator2019' }] },
      'schema',
      'schema-not-met',
    ],
    [
      'a refresh service without an address',
      { refreshService: { type: '1EdTechCredentialRefresh' } },
      'refresh',
      'refresh-not-fetched',
    ],
  ])('%s', async (_, change, id, code) => {
    expect(check(await judge(signedWith(badges.ob3, change)), id)?.code).toBe(code)
  })

  test('a proof that is not even called something', async () => {
    const verdict = await judge({ ...without(badges.json, 'proof'), proof: {} })
    expect(check(verdict, 'signature')).toMatchObject({ code: 'unsupported-proof', values: { proof: '' } })
  })

  test('a JWT with something in vc that is no credential of VC 1.1 (CONFORMANCE 3.5)', async () => {
    const header = { alg: 'RS256', kid: rsaKey.kid, typ: 'JWT' }
    for (const vc of [{}, { '@context': ['https://www.w3.org/ns/credentials/v2'] }]) {
      const { verdict, checks } = await judge(jwsOf(header, { iss: issuerId, vc }, rsaKey))
      expect([verdict, checks[0]?.code]).toEqual(['invalid', 'versions-mixed'])
    }
  })

  test('an endorsement that should be a JWT and is a number', async () => {
    const subject = objectAt(payloadOf(badges.ob3), 'credentialSubject')
    const credentialSubject = { ...subject, achievement: { ...objectAt(subject, 'achievement'), endorsementJwt: [7] } }
    const verdict = await judge(signedWith(badges.ob3, { credentialSubject }))
    expect(check(verdict, 'endorsements')).toMatchObject({
      code: 'endorsement-not-valid',
      cause: { code: 'jws-not-three-parts' },
    })
  })

  test.each<[string, Json]>([
    ['inside, of no type', { id: 'urn:x', issuer: `${issuerId}/ob2` }],
    ['a number', 7],
    ['at no address', 'urn:x'],
  ])('a 2.0 Assertion whose BadgeClass is %s', async (_, badge) => {
    const verdict = await judge(jwsOf({ alg: 'RS256' }, payloadWith(badges.ob2, { badge }), rsaKey))
    expect([verdict.verdict, check(verdict, 'binding')?.code]).toEqual(['invalid', 'badge-class-unreadable'])
  })

  test('a collection that holds what is no credential', async () => {
    const facts = await passportOf([awardFacts])
    const claims = { iss: issuerId, jti: facts.id, nbf: numericDate(now), sub: facts.subject }
    const clr = clrCredential(facts)
    const subject = objectAt(clr, 'credentialSubject')
    for (const [inside, name] of [
      [7, ''],
      [{}, ''],
      [{ id: 'urn:x' }, 'urn:x'],
    ] as const) {
      const odd = { ...clr, ...claims, credentialSubject: { ...subject, verifiableCredential: [inside] } }
      const verdict = await judge(jwsOf({ alg: 'RS256', kid: rsaKey.kid, typ: 'JWT' }, odd, rsaKey))
      expect(check(verdict, 'credentials')?.values).toMatchObject({ name })
      expect(verdict.verdict).toBe('invalid')
    }
  })
})

describe('CONFORMANCE 3.7, 3.10, 3.11: keys that are named oddly', () => {
  const method = `${issuerId}#avain`
  const controller = (change: JsonObject): Documents => ({
    [issuerId]: {
      ...objectAt(documents, issuerId),
      verificationMethod: [{ id: method, type: 'Multikey', controller: issuerId, ...change }],
      assertionMethod: [method],
    },
  })
  const byMethod = async (): Promise<JsonObject> => {
    const { json } = badges
    return { ...json, proof: { ...objectAt(json, 'proof'), verificationMethod: method } }
  }

  test('a Multikey of the right looks that is no key', async () => {
    const broken = `z6Mk${'1'.repeat(44)}`
    const named = {
      ...badges.json,
      proof: { ...objectAt(badges.json, 'proof'), verificationMethod: `${issuerId}#${broken}` },
    }
    expect(check(await judge(named), 'signature')?.code).toBe('key-unusable')
    const listed = await judge(await byMethod(), controller({ publicKeyMultibase: broken }))
    expect(check(listed, 'signature')?.code).toBe('key-unusable')
  })

  test('a method that names no controller, and a document that does not say whose it is', async () => {
    const nobodys = await judge(await byMethod(), controller({ controller: 7, publicKeyMultibase: 'z6Mk' }))
    expect(check(nobodys, 'key')).toMatchObject({ code: 'key-of-another-issuer', values: { owner: '' } })
    const { id: _id, ...anonymous } = objectAt(documents, issuerId)
    const unsaid = await judge(badges.json, { [issuerId]: anonymous })
    expect(check(unsaid, 'issuer')).toMatchObject({ code: 'issuer-of-another-id', values: { id: '' } })
  })

  test('a method at an address of its own that was not fetched', async () => {
    const address = `${issuerId}/keys/ed-1`
    const open = lookIn({
      ...documents,
      [issuerId]: { ...objectAt(documents, issuerId), verificationMethod: [], assertionMethod: [address] },
    })
    const look: Look = async (at, purpose) =>
      purpose === 'key' ? { outcome: 'not-fetched', why: 'unreachable' } : await open(at, purpose)
    const document = { ...badges.json, proof: { ...objectAt(badges.json, 'proof'), verificationMethod: address } }
    const verdict = await verify(bytesOf(document), look, { at: now })
    expect(check(verdict, 'key')?.code).toBe('key-not-fetched')
    expect(verdict.verdict).toBe('could-not-check')
  })

  test('a method whose document nobody answers for: nothing was compared', async () => {
    const verdict = await verify(bytesOf(await byMethod()), closed, { at: now })
    expect(check(verdict, 'signature')).toMatchObject({ outcome: 'not-checked', code: 'no-key' })
    expect(verdict.verdict).toBe('could-not-check')
  })

  test('a kid of this host that is gone, and with it the issuer’s document', async () => {
    const kid = `${issuerId}/keys/rsa-0`
    const { [issuerId]: _gone, ...others } = documents
    const badge = signedWith(badges.ob3, {}, { ...rsaKey, kid })
    const verdict = await verify(bytesOf(badge), lookIn(others), { at: now })
    expect([verdict.verdict, check(verdict, 'key')?.code]).toEqual(['issuer-not-recognised', 'key-unknown'])
  })

  test('keys of other kinds, and very many keys: what is remembered of them is bounded', () => {
    const pss = generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).publicKey
    expect(keyOfPem(pss.export({ type: 'spki', format: 'pem' }).toString())).toBe('key-unusable')
    for (let count = 0; count < 2500; count += 1) expect(keyOfMultibase(`z${count}`)).toBe('key-unusable')
    expect(keyOfJwk(publicJwk(rsaKey.publicKey))).toMatchObject({ algorithm: 'RS256' })
    expect(isCanonicalEd25519(Buffer.alloc(63))).toBe(false)
  })

  test('a key set whose key has no name, and the key in the header', async () => {
    const jwk = publicJwk(rsaKey.publicKey)
    const set = { [publicAddresses.wellKnownJwks(issuer.origin)]: { keys: [jwk] } }
    const verdict = await judge(jwsOf({ alg: 'RS256', jwk, typ: 'JWT' }, payloadOf(badges.ob3), rsaKey), set)
    expect([verdict.verdict, check(verdict, 'key')?.values]).toEqual(['valid', { key: '' }])
    expect(check(verdict, 'issuer')?.code).toBe('issuer-host-only')
  })
})

test('CONFORMANCE 3.9: another way to the same canonical form signs the same', async () => {
  const document = without(badges.json, 'proof')
  const way = createCanonizeByShape(canonize)
  expect(await signEmbedded(document, edKey, now, way)).toEqual(await signEmbedded(document, edKey, now))
})
