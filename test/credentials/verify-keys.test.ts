import { generateKeyPairSync } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { signEmbedded } from '../../src/credentials/issue.ts'
import type { Json, JsonObject } from '../../src/credentials/json.ts'
import type { SigningKey } from '../../src/credentials/keys.ts'
import { cryptographicKey } from '../../src/credentials/ob2/build.ts'
import { issuerDocument, jwkDocument } from '../../src/credentials/ob3/publish.ts'
import { signEddsa, verifyEddsa } from '../../src/credentials/proofs/eddsa-rdfc-2022.ts'
import { encodeMultikey } from '../../src/credentials/proofs/multikey.ts'
import type { Check, CheckId, Verdict } from '../../src/credentials/verdict.ts'
import { verify } from '../../src/credentials/verify.ts'
import { awardFacts, ecKey, edKey, issuer, issuerId, now, rsaKey } from '../support/award-facts.ts'
import type { Badges, Documents } from '../support/badge-world.ts'
import {
  badgesOf,
  bytesOf,
  jwsOf,
  keys,
  lookIn,
  payloadOf,
  publicDocuments,
  stranger,
  strangerKeys,
} from '../support/badge-world.ts'

const keySet = 'https://merkit.example/.well-known/jwks.json'
const strangerId = 'https://merkit.example/o/tor2'

let badges: Badges
let documents: Documents
beforeAll(async () => {
  badges = await badgesOf()
  documents = await publicDocuments()
})

function check(verdict: Verdict, id: CheckId): Check | undefined {
  return verdict.checks.find((one) => one.id === id)
}

async function judge(
  badge: string | JsonObject,
  changes: Readonly<Record<string, Json | undefined>> = {},
): Promise<Verdict> {
  const entries = Object.entries({ ...documents, ...changes }).flatMap(([address, document]) =>
    document === undefined ? [] : [[address, document] as const],
  )
  return await verify(bytesOf(badge), lookIn(Object.fromEntries(entries)), { at: now })
}

function codes(verdict: Verdict): readonly (string | undefined)[] {
  return [verdict.verdict, check(verdict, 'signature')?.code, check(verdict, 'key')?.code]
}

const jwt = (header: JsonObject, key: SigningKey): string =>
  jwsOf({ typ: 'JWT', ...header }, payloadOf(badges.ob3), key)
const set = (...jwks: readonly JsonObject[]): JsonObject => ({ keys: jwks })
const bare = (jwk: JsonObject, ...left: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(jwk).filter(([member]) => !left.includes(member)))
const ownJwk = jwkDocument(issuer, rsaKey)

describe('S-23, CONFORMANCE 3.7: a key of another foundation never verifies this issuer', () => {
  const notRecognised = ['issuer-not-recognised', 'signature-right', 'key-of-another-issuer']

  test('by its own kid', async () => {
    const verdict = await judge(jwt({ alg: 'RS256', kid: strangerKeys.rsa.kid }, strangerKeys.rsa))
    expect(codes(verdict)).toEqual(notRecognised)
    expect(check(verdict, 'key')?.values).toEqual({ owner: strangerId })
    expect(codes(await judge(jwt({ alg: 'ES256', kid: strangerKeys.ec.kid }, strangerKeys.ec)))).toEqual(notRecognised)
  })

  test('by its jwk in the header', async () => {
    const jwk = bare(jwkDocument(stranger, strangerKeys.rsa), 'kid', 'iss')
    expect(codes(await judge(jwt({ alg: 'RS256', jwk }, strangerKeys.rsa)))).toEqual(notRecognised)
  })

  test('by the issuer’s kid: then the signature is wrong', async () => {
    const verdict = await judge(jwt({ alg: 'RS256', kid: rsaKey.kid }, strangerKeys.rsa))
    expect(codes(verdict)).toEqual(['invalid', 'signature-wrong', 'key-of-issuer'])
  })

  test('by a kid that the set lacks, whose document names its own issuer', async () => {
    const jwks = set(ownJwk)
    const verdict = await judge(jwt({ alg: 'RS256', kid: strangerKeys.rsa.kid }, strangerKeys.rsa), { [keySet]: jwks })
    expect(codes(verdict)).toEqual(notRecognised)
  })

  test('by an embedded proof', async () => {
    const { proof: _proof, ...unsigned } = badges.json
    const verificationMethod = `${strangerId}#${encodeMultikey(strangerKeys.ed.publicKey)}`
    const forged = await signEddsa(unsigned, {
      privateKey: strangerKeys.ed.privateKey,
      verificationMethod,
      created: now,
    })
    const verdict = await judge(forged)
    expect(codes(verdict)).toEqual(notRecognised)
    expect(check(verdict, 'key')?.values).toEqual({ owner: strangerId })
  })

  test('by an embedded proof that calls the key the issuer’s', async () => {
    const { proof: _proof, ...unsigned } = badges.json
    const verificationMethod = `${issuerId}#${encodeMultikey(strangerKeys.ed.publicKey)}`
    const forged = await signEddsa(unsigned, {
      privateKey: strangerKeys.ed.privateKey,
      verificationMethod,
      created: now,
    })
    expect(codes(await judge(forged))).toEqual(['issuer-not-recognised', 'signature-right', 'key-not-listed'])
  })

  test('CONFORMANCE 1.8, 6.10: by its 2.0 key as creator', async () => {
    const forged = {
      ...payloadOf(badges.ob2),
      verification: { type: 'SignedBadge', creator: `${strangerKeys.rsa.kid}/ob2` },
    }
    const verdict = await judge(jwsOf({ alg: 'RS256' }, forged, strangerKeys.rsa))
    expect(codes(verdict)).toEqual(notRecognised)
    expect(check(verdict, 'binding')?.code).toBe('badge-class-of-another-issuer')
  })

  test('CONFORMANCE 1.8: by a 2.0 key that calls this issuer its owner, which the Profile does not list', async () => {
    const creator = 'https://stranger.example/key'
    const key = { ...cryptographicKey(issuer, strangerKeys.rsa), id: creator }
    const forged = { ...payloadOf(badges.ob2), verification: { type: 'SignedBadge', creator } }
    const verdict = await judge(jwsOf({ alg: 'RS256' }, forged, strangerKeys.rsa), { [creator]: key })
    expect(codes(verdict)).toEqual(['issuer-not-recognised', 'signature-right', 'key-not-listed'])
  })
})

describe('S-26: kid and jwk lead nowhere but to the issuer’s own keys', () => {
  test('a kid on another host is not opened', async () => {
    const look = lookIn(documents)
    for (const kid of [
      'https://evil.example/key',
      'http://169.254.169.254/',
      'file:///etc/passwd',
      '../../keys/rsa-1',
      '',
    ]) {
      const verdict = await verify(bytesOf(jwt({ alg: 'RS256', kid }, strangerKeys.rsa)), look, { at: now })
      expect(codes(verdict), kid).toEqual(['issuer-not-recognised', 'no-key', 'key-not-listed'])
    }
    expect(new Set(look.asked.map(({ address }) => address))).toEqual(new Set([keySet]))
  })

  test('a kid that is nowhere, or leads to a set or to rubbish', async () => {
    const kid = `${issuerId}/keys/none`
    const badge = jwt({ alg: 'RS256', kid }, rsaKey)
    expect(codes(await judge(badge))).toEqual(['issuer-not-recognised', 'no-key', 'key-unknown'])
    expect(codes(await judge(badge, { [kid]: set(ownJwk) }))).toEqual([
      'issuer-not-recognised',
      'no-key',
      'key-unreadable',
    ])
    expect(codes(await judge(badge, { [kid]: 'rubbish' }))).toEqual([
      'issuer-not-recognised',
      'no-key',
      'key-unreadable',
    ])
  })

  test('a document that looks like an answer of ours is still only a document', async () => {
    const kid = `${issuerId}/keys/none`
    const passed = { id: 'key', outcome: 'passed', code: 'key-of-issuer', check: { outcome: 'passed' } }
    expect((await judge(jwt({ alg: 'RS256', kid }, strangerKeys.rsa), { [kid]: passed })).verdict).not.toBe('valid')
    expect((await judge(badges.json, { [issuerId]: { ...passed, id: issuerId } })).verdict).toBe(
      'issuer-not-recognised',
    )
  })

  test('CONFORMANCE 3.2: a jwk of the issuer’s set is taken, with private members or unlisted it is not', async () => {
    const jwk = bare(ownJwk, 'kid', 'iss')
    expect(codes(await judge(jwt({ alg: 'RS256', jwk }, rsaKey)))).toEqual([
      'valid',
      'signature-right',
      'key-of-issuer',
    ])
    const unusable = await judge(jwt({ alg: 'RS256', jwk: { ...jwk, d: 'AQAB' } }, rsaKey))
    expect(codes(unusable)).toEqual(['invalid', 'key-unusable', 'not-reached'])
    const own = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const unlisted: SigningKey = { kid: 'x', alg: 'RS256', ...own }
    const selfSigned = jwt({ alg: 'RS256', jwk: bare(jwkDocument(issuer, unlisted), 'kid') }, unlisted)
    expect(codes(await judge(selfSigned))).toEqual(['issuer-not-recognised', 'signature-right', 'key-not-listed'])
  })

  test('the algorithm is the key’s, whatever the header says', async () => {
    const verdict = await judge(jwt({ alg: 'ES256', kid: rsaKey.kid }, rsaKey))
    expect(codes(verdict)).toEqual(['invalid', 'algorithm-not-of-key', 'key-of-issuer'])
  })

  test('CONFORMANCE 3.1: a weak RSA key is refused also when the issuer lists it', async () => {
    const weak: SigningKey = { ...rsaKey, ...generateKeyPairSync('rsa', { modulusLength: 1024 }) }
    const verdict = await judge(jwt({ alg: 'RS256', kid: weak.kid }, weak), {
      [keySet]: set(jwkDocument(issuer, weak)),
    })
    expect(codes(verdict)).toEqual(['invalid', 'key-too-weak', 'key-of-issuer'])
  })

  test('CONFORMANCE 3.1: ES256 and EdDSA JWTs of listed keys are taken', async () => {
    const edJwk = { ...jwkDocument(issuer, edKey), kid: edKey.kid }
    const jwks = set(jwkDocument(issuer, ecKey), edJwk)
    expect((await judge(jwt({ alg: 'ES256', kid: ecKey.kid }, ecKey), { [keySet]: jwks })).verdict).toBe('valid')
    expect((await judge(jwt({ alg: 'EdDSA', kid: edKey.kid }, edKey), { [keySet]: jwks })).verdict).toBe('valid')
  })
})

describe('CONFORMANCE 3.7: the key set of the issuer’s host', () => {
  test('missing, unreadable or shut: the signature may be right, the issuer is not recognised', async () => {
    const recognised = async (jwks: Json | undefined): Promise<readonly unknown[]> =>
      codes(await judge(badges.ob3, { [keySet]: jwks }))
    expect(await recognised(undefined)).toEqual(['issuer-not-recognised', 'signature-right', 'key-set-missing'])
    expect(await recognised('<html>')).toEqual(['issuer-not-recognised', 'signature-right', 'key-set-unreadable'])
    expect(await recognised({ keys: 'none' })).toEqual([
      'issuer-not-recognised',
      'signature-right',
      'key-set-unreadable',
    ])
    expect(await recognised(set())).toEqual(['issuer-not-recognised', 'signature-right', 'key-not-listed'])
  })

  test('not fetched: could not be checked', async () => {
    const open = lookIn(documents)
    const verdict = await verify(
      bytesOf(badges.ob3),
      async (address, purpose) =>
        purpose === 'key-set' ? { outcome: 'not-fetched', why: 'unreachable' } : await open(address, purpose),
      { at: now },
    )
    expect(codes(verdict)).toEqual(['could-not-check', 'signature-right', 'key-set-not-fetched'])
  })

  test('a key without iss shows its host only; two under one kid are told apart by iss', async () => {
    const hostOnly = await judge(badges.ob3, { [keySet]: set(bare(ownJwk, 'iss')) })
    expect(hostOnly.verdict).toBe('valid')
    expect(check(hostOnly, 'issuer')).toMatchObject({ outcome: 'passed', code: 'issuer-host-only' })
    const other = { ...jwkDocument(stranger, strangerKeys.rsa), kid: rsaKey.kid }
    expect((await judge(badges.ob3, { [keySet]: set(other, ownJwk) })).verdict).toBe('valid')
    expect((await judge(badges.ob3, { [keySet]: set(other) })).verdict).toBe('invalid')
  })

  test('the same key under a short kid is found by itself', async () => {
    expect((await judge(badges.ob3, { [keySet]: set({ ...ownJwk, kid: 'rsa-1' }) })).verdict).toBe('valid')
  })

  test('CONFORMANCE 3.8: a retired key verifies for as long as it is listed', async () => {
    const newer: SigningKey = {
      ...rsaKey,
      kid: `${issuerId}/keys/rsa-2`,
      ...generateKeyPairSync('rsa', { modulusLength: 2048 }),
    }
    const jwks = set(jwkDocument(issuer, newer), ownJwk)
    expect((await judge(badges.ob3, { [keySet]: jwks })).verdict).toBe('valid')
  })
})

describe('CONFORMANCE 3.9–3.11: the controller document', () => {
  const document = issuerDocument(issuer, [rsaKey, edKey])
  const methodId = `${issuerId}#${encodeMultikey(edKey.publicKey)}`
  const method = (change: JsonObject): JsonObject => ({
    ...document,
    verificationMethod: [
      {
        id: methodId,
        type: 'Multikey',
        controller: issuerId,
        publicKeyMultibase: encodeMultikey(edKey.publicKey),
        ...change,
      },
    ],
  })

  test.each<[string, Json, readonly string[]]>([
    [
      'does not list the key for assertions',
      { ...document, assertionMethod: [] },
      ['issuer-not-recognised', 'key-not-listed'],
    ],
    [
      'lists it for something else only',
      { ...document, assertionMethod: [], authentication: [methodId] },
      ['issuer-not-recognised', 'key-not-listed'],
    ],
    [
      'names another controller',
      method({ controller: strangerId }),
      ['issuer-not-recognised', 'key-of-another-issuer'],
    ],
    ['has revoked the key', method({ revoked: '2026-11-30T00:00:00Z' }), ['issuer-not-recognised', 'key-revoked']],
    ['let the key expire', method({ expires: '2026-11-30T00:00:00Z' }), ['issuer-not-recognised', 'key-expired']],
    ['has an unreadable end', method({ expires: 'soon' }), ['issuer-not-recognised', 'key-expired']],
    ['will end the key later', method({ expires: '2027-11-30T00:00:00Z' }), ['valid', 'key-of-issuer']],
    ['has another type of key', method({ type: 'JsonWebKey' }), ['issuer-not-recognised', 'key-unreadable']],
    [
      'has another key under the name',
      method({ publicKeyMultibase: encodeMultikey(strangerKeys.ed.publicKey) }),
      ['invalid', 'key-of-issuer'],
    ],
    ['has no key', method({ publicKeyMultibase: 7 }), ['issuer-not-recognised', 'key-unreadable']],
    [
      'has the method written out under assertionMethod',
      { id: issuerId, assertionMethod: method({})['verificationMethod'] ?? [] },
      ['valid', 'key-of-issuer'],
    ],
    ['is another’s', { ...document, id: strangerId }, ['issuer-not-recognised', 'key-not-listed']],
    ['is no JSON', '<html>', ['issuer-not-recognised', 'key-not-listed']],
  ])('%s', async (_, controller, [word, code]) => {
    const verdict = await judge(badges.json, { [issuerId]: controller })
    expect([verdict.verdict, check(verdict, 'key')?.code]).toEqual([word, code])
  })

  test('S-22: a compromised key of ours is marked in the document and verifies nothing', async () => {
    const compromised = issuerDocument(issuer, [{ ...edKey, revoked: new Date('2026-11-25T00:00:00Z') }])
    expect(check(await judge(badges.json, { [issuerId]: compromised }), 'key')?.code).toBe('key-revoked')
  })

  test('gone: not recognised, with the reason under issuer', async () => {
    const verdict = await judge(badges.json, { [issuerId]: undefined })
    expect(verdict.verdict).toBe('issuer-not-recognised')
    expect(check(verdict, 'issuer')?.code).toBe('issuer-missing')
    expect(check(await judge(badges.json, { [issuerId]: '<html>' }), 'issuer')?.code).toBe('issuer-unreadable')
    const another = await judge(badges.json, { [issuerId]: { ...document, id: strangerId } })
    expect(check(another, 'issuer')?.code).toBe('issuer-of-another-id')
  })

  test('CONFORMANCE 3.10: the method may be an address of its own that the issuer lists', async () => {
    const { proof: _proof, ...unsigned } = badges.json
    const signed = await signEddsa(unsigned, {
      privateKey: edKey.privateKey,
      verificationMethod: edKey.kid,
      created: now,
    })
    const multikey = { ...(documents[edKey.kid] as JsonObject), id: edKey.kid }
    const listing = { ...document, assertionMethod: [methodId, edKey.kid] }
    expect((await judge(signed, { [issuerId]: listing, [edKey.kid]: multikey })).verdict).toBe('valid')
    expect(codes(await judge(signed))).toEqual(['issuer-not-recognised', 'no-key', 'key-of-another-issuer'])
    expect(codes(await judge(signed, { [issuerId]: listing, [edKey.kid]: undefined }))).toEqual([
      'issuer-not-recognised',
      'no-key',
      'key-unknown',
    ])
    expect(codes(await judge(signed, { [issuerId]: listing, [edKey.kid]: '<' }))[2]).toBe('key-unreadable')
  })
})

describe('CONFORMANCE 3.9, 3.11: the embedded proof', () => {
  const proofOf = (badge: JsonObject): JsonObject => badge['proof'] as JsonObject

  test.each<[string, JsonObject, string]>([
    ['for another purpose', { proofPurpose: 'authentication' }, 'proof-purpose-wrong'],
    ['without a value', { proofValue: '' }, 'signature-wrong'],
    ['with a value of another kind', { proofValue: 7 }, 'proof-malformed'],
    ['without a method', { verificationMethod: {} }, 'proof-malformed'],
    ['made at no time', { created: 'yesterday' }, 'proof-malformed'],
    ['made at another time', { created: '2026-11-23T10:00:00Z' }, 'signature-wrong'],
  ])('%s', async (_, change, code) => {
    const verdict = await judge({ ...badges.json, proof: { ...proofOf(badges.json), ...change } })
    expect(codes(verdict).slice(0, 2)).toEqual(['invalid', code])
  })

  test('none at all', async () => {
    const { proof: _proof, ...unsigned } = badges.json
    expect(codes(await judge(unsigned))).toEqual(['invalid', 'no-proof', 'not-reached'])
    expect(codes(await judge({ ...unsigned, proof: ['x'] }))).toEqual(['invalid', 'proof-malformed', 'not-reached'])
  })

  test('any one good proof of several is enough, whoever stands beside it', async () => {
    const { proof: _proof, ...unsigned } = badges.json
    const verificationMethod = `${strangerId}#${encodeMultikey(strangerKeys.ed.publicKey)}`
    const foreign = await signEddsa(unsigned, {
      privateKey: strangerKeys.ed.privateKey,
      verificationMethod,
      created: now,
    })
    const unknown = { type: 'DataIntegrityProof', cryptosuite: 'ecdsa-sd-2023', proofValue: 'u' }
    const proofs = [unknown, foreign.proof, proofOf(badges.json)]
    expect((await judge({ ...badges.json, proof: proofs })).verdict).toBe('valid')
    expect((await judge({ ...badges.json, proof: [unknown, foreign.proof] })).verdict).toBe('issuer-not-recognised')
  })

  test('CONFORMANCE T4: a term that no context defines is told apart from a wrong signature', async () => {
    const verdict = await judge({ ...badges.json, undefinedTerm: 'added' })
    expect(codes(verdict).slice(0, 2)).toEqual(['invalid', 'term-undefined'])
  })

  test('a member hidden under its full address is signed as before, and not overlooked', async () => {
    const { credentialStatus = null, validUntil = null, ...rest } = badges.json
    const hidden: readonly JsonObject[] = [
      { ...rest, validUntil, 'https://www.w3.org/2018/credentials#credentialStatus': credentialStatus },
      { ...rest, validUntil, 'cred:credentialStatus': credentialStatus },
    ]
    const [byAddress = {}] = hidden
    // The signature alone does not see it: the same statements are signed.
    expect(await verifyEddsa(byAddress, edKey.publicKey)).toBe(true)
    for (const badge of hidden) {
      const verdict = await judge(badge)
      expect(check(verdict, 'structure')).toMatchObject({ outcome: 'not-checked', code: 'member-not-plain' })
      expect(verdict.verdict).not.toBe('valid')
    }
  })

  test('a member hidden in a second node with the credential’s id is not overlooked', async () => {
    const related = { id: awardFacts.credentialId, type: ['Evidence'], name: 'Sama' }
    const { proof: _proof, ...unsigned } = badges.json
    const evidence = [...(unsigned['evidence'] as readonly Json[]), related]
    const signed = await signEmbedded({ ...unsigned, evidence }, keys.ed, now)
    const { credentialStatus = null, ...rest } = signed
    const moved = { ...rest, evidence: [...evidence.slice(0, -1), { ...related, credentialStatus }] }
    expect((await judge(moved)).verdict).not.toBe('valid')
    expect(check(await judge(moved), 'structure')?.code).toBe('member-not-plain')
  })
})

describe('CONFORMANCE 6.10: the chain of a 2.0 badge', () => {
  const creator = `${rsaKey.kid}/ob2`
  const badgeClass = `${issuerId}/badges/polkupyoran-huolto/2/fi/ob2`
  const profile = `${issuerId}/ob2`
  const own = (address: string, change: JsonObject): Json => ({ ...(documents[address] as JsonObject), ...change })

  test('the key', async () => {
    expect(codes(await judge(badges.ob2, { [creator]: undefined }))).toEqual([
      'issuer-not-recognised',
      'no-key',
      'key-unknown',
    ])
    for (const wrong of [{ type: 'Key' }, { id: 'x' }, { owner: 7 }, { publicKeyPem: 7 }]) {
      const verdict = await judge(badges.ob2, { [creator]: own(creator, wrong) })
      expect(codes(verdict)).toEqual(['issuer-not-recognised', 'no-key', 'key-unreadable'])
    }
    expect(codes(await judge(badges.ob2, { [creator]: '<' }))[2]).toBe('key-unreadable')
    expect(codes(await judge(badges.ob2, { [creator]: own(creator, { publicKeyPem: 'x' }) }))).toEqual([
      'invalid',
      'key-unusable',
      'not-reached',
    ])
    const unnamed = { ...payloadOf(badges.ob2), verification: { type: 'SignedBadge' } }
    expect(codes(await judge(jwsOf({ alg: 'RS256' }, unnamed, rsaKey)))).toEqual([
      'could-not-check',
      'no-key',
      'key-not-named',
    ])
    const inward = { ...payloadOf(badges.ob2), verification: { type: 'SignedBadge', creator: 'file:///etc/passwd' } }
    expect(codes(await judge(jwsOf({ alg: 'RS256' }, inward, rsaKey)))[2]).toBe('key-unreadable')
  })

  test('the BadgeClass', async () => {
    const gone = await judge(badges.ob2, { [badgeClass]: undefined })
    expect([gone.verdict, check(gone, 'binding')?.code]).toEqual(['could-not-check', 'badge-class-not-fetched'])
    for (const wrong of ['<', own(badgeClass, { id: 'x' }), own(badgeClass, { type: 'Assertion' })]) {
      const verdict = await judge(badges.ob2, { [badgeClass]: wrong })
      expect([verdict.verdict, check(verdict, 'binding')?.code]).toEqual(['invalid', 'badge-class-unreadable'])
    }
    const inside = { ...payloadOf(badges.ob2), badge: own(badgeClass, {}) }
    expect((await judge(jwsOf({ alg: 'RS256' }, inside, rsaKey))).verdict).toBe('valid')
    const nowhere = { ...payloadOf(badges.ob2), badge: 'urn:x' }
    expect(check(await judge(jwsOf({ alg: 'RS256' }, nowhere, rsaKey)), 'binding')?.code).toBe('badge-class-unreadable')
  })

  test('the Profile', async () => {
    for (const [document, code] of [
      [undefined, 'issuer-missing'],
      ['<', 'issuer-unreadable'],
      [own(profile, { id: strangerId }), 'issuer-of-another-id'],
    ] as const) {
      const verdict = await judge(badges.ob2, { [profile]: document })
      expect([verdict.verdict, check(verdict, 'issuer')?.code]).toEqual(['issuer-not-recognised', code])
    }
    const unlisted = await judge(badges.ob2, { [profile]: own(profile, { publicKey: [] }) })
    expect(codes(unlisted)).toEqual(['issuer-not-recognised', 'signature-right', 'key-not-listed'])
    const asObject = await judge(badges.ob2, { [profile]: own(profile, { publicKey: { id: creator } }) })
    expect(asObject.verdict).toBe('valid')
  })
})
