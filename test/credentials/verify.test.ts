import { Buffer } from 'node:buffer'
import { beforeAll, describe, expect, test } from 'vitest'
import { bakePng } from '../../src/credentials/bake/png.ts'
import type { Json, JsonObject } from '../../src/credentials/json.ts'
import { checkCodes } from '../../src/credentials/verdict.ts'
import type { Check, CheckId, Look, Verdict } from '../../src/credentials/verdict.ts'
import { verify } from '../../src/credentials/verify.ts'
import { awardFacts, issuerId, now, rsaKey } from '../support/award-facts.ts'
import type { Badges, Documents } from '../support/badge-world.ts'
import {
  badgesOf,
  bytesOf,
  closed,
  jwsOf,
  keys,
  lookIn,
  payloadOf,
  publicDocuments,
  smallPng,
  statusListAddress,
} from '../support/badge-world.ts'
import { signEmbedded } from '../../src/credentials/issue.ts'

let badges: Badges
let documents: Documents
let forms: readonly [string, Uint8Array][]

beforeAll(async () => {
  badges = await badgesOf()
  documents = await publicDocuments()
  const { ob2, ob3, json } = badges
  forms = [
    ['OB 2.0 JWS', bytesOf(ob2)],
    ['OB 3.0 JWT', bytesOf(ob3)],
    ['OB 3.0 JSON', bytesOf(json)],
    ['PNG with both', bakePng(smallPng(), { ob3, ob2 })],
    ['PNG with 2.0', bakePng(smallPng(), { ob2 })],
    ['PNG with 3.0 JSON', bakePng(smallPng(), { ob3: JSON.stringify(json) })],
  ]
})

const header = { alg: 'RS256', kid: rsaKey.kid, typ: 'JWT' }

function check(verdict: Verdict, id: CheckId): Check | undefined {
  return verdict.checks.find((one) => one.id === id)
}

async function judge(badge: string | JsonObject | Uint8Array, at = now, recipient?: string): Promise<Verdict> {
  const bytes = badge instanceof Uint8Array ? badge : bytesOf(badge)
  return await verify(bytes, lookIn(documents), { at, ...(recipient === undefined ? {} : { recipient }) })
}

/** The JWT with these members changed, rightly signed by its issuer; `undefined` takes a member away. */
function signedWith(change: Readonly<Record<string, Json | undefined>>): string {
  const entries = Object.entries({ ...payloadOf(badges.ob3), ...change }).filter(([, value]) => value !== undefined)
  return jwsOf(header, JSON.stringify(Object.fromEntries(entries)), rsaKey)
}

function assertionWith(change: Readonly<Record<string, Json | undefined>>): string {
  const entries = Object.entries({ ...payloadOf(badges.ob2), ...change }).filter(([, value]) => value !== undefined)
  return jwsOf({ alg: 'RS256' }, JSON.stringify(Object.fromEntries(entries)), rsaKey)
}

describe('a good badge', () => {
  test('S-28, CONFORMANCE 6.8: is valid in every form, and then every check passed', async () => {
    for (const [form, bytes] of forms) {
      const verdict = await judge(bytes)
      expect(
        verdict.checks.filter((one) => one.outcome !== 'passed'),
        form,
      ).toEqual([])
      expect(verdict.verdict, form).toBe('valid')
    }
  })

  test('DESIGN, Words: each check has its own code', async () => {
    const codes = async (badge: string | JsonObject): Promise<readonly string[]> =>
      (await judge(badge)).checks.map(({ id, code }) => `${id} ${code}`)
    const rest = ['dates dates-right', 'status not-revoked']
    const proven = ['signature signature-right', 'key key-of-issuer', 'issuer issuer-right']
    const [signature = '', ...ofKey] = proven
    const ofJson = ['structure structure-right', 'schema schema-met']
    expect(await codes(badges.ob3)).toEqual([
      'format read-ob3-jwt',
      ...ofJson,
      signature,
      'binding binding-right',
      ...ofKey,
      ...rest,
    ])
    expect(await codes(badges.json)).toEqual(['format read-ob3-json', ...ofJson, ...proven, ...rest])
    expect(await codes(badges.ob2)).toEqual([
      'format read-ob2-jws',
      'structure structure-right',
      signature,
      'binding badge-class-right',
      ...ofKey,
      ...rest,
    ])
    const both = await judge(bakePng(smallPng(), { ob3: badges.ob3, ob2: badges.ob2 }))
    expect(check(both, 'companion')).toEqual({ id: 'companion', outcome: 'passed', code: 'companion-valid' })
  })

  test('CONFORMANCE 6.9: what it says is told beside the verdict', async () => {
    expect((await judge(badges.ob3)).credential).toMatchObject({
      format: 'ob3-jwt',
      id: awardFacts.credentialId,
      name: 'Polkupyörän huolto',
      tier: 'Edistynyt',
      language: 'fi',
      awardedOn: '2026-11-22T10:00:00Z',
      issuer: { id: issuerId, name: 'Meriharjun työpajasäätiö', host: 'merkit.example' },
      alignments: [{ targetCode: 'tutkinnonosat_106889' }],
    })
    expect((await judge(badges.ob2)).credential).toMatchObject({
      format: 'ob2-jws',
      id: awardFacts.assertionId,
      name: 'Polkupyörän huolto',
      issuer: { id: `${issuerId}/ob2`, name: 'Meriharjun työpajasäätiö' },
    })
  })

  test('lies at an address as well', async () => {
    const address = 'https://merkit.example/b/mer1k3v9s0a7c2m5q8x1z4w6.jwt'
    documents = { ...documents, [address]: badges.ob3 }
    expect((await judge(` ${address}\n`)).verdict).toBe('valid')
    expect((await judge('https://merkit.example/b/none')).checks).toEqual([
      { id: 'format', outcome: 'failed', code: 'badge-not-at-address' },
    ])
    documents = { ...documents, 'https://merkit.example/loop': 'https://merkit.example/loop' }
    expect(check(await judge('https://merkit.example/loop'), 'format')?.code).toBe('badge-not-at-address')
    const shut = await verify(bytesOf(address), closed, { at: now })
    expect(shut).toMatchObject({ verdict: 'could-not-check', checks: [{ code: 'badge-not-fetched' }] })
  })
})

describe('CONFORMANCE 6.3: nothing that a badge names is asked for before its signature allows it, the key excepted', () => {
  const asked = async (badge: string | JsonObject): Promise<readonly string[]> => {
    const look = lookIn(documents)
    await verify(bytesOf(badge), look, { at: now })
    return look.asked.map(({ purpose }) => purpose)
  }

  test('good badges', async () => {
    expect(await asked(badges.ob3)).toEqual(['key-set', 'status-list', 'issuer'])
    expect(await asked(badges.json)).toEqual(['issuer', 'status-list'])
    expect(await asked(badges.ob2)).toEqual(['key', 'badge-class', 'issuer', 'revocation-list'])
  })

  test('changed badges', async () => {
    const changed = (text: string): string => text.replace(/\.([^.]{20})./, (_, start: string) => `.${start}A`)
    const alter = (jws: string): string => {
      const [first, , last] = jws.split('.')
      const payload = JSON.stringify(payloadOf(jws)).replace('urn:uuid:019', 'urn:uuid:01a')
      return `${first}.${Buffer.from(payload).toString('base64url')}.${last}`
    }
    expect(changed(badges.ob3)).not.toBe(badges.ob3)
    expect(await asked(alter(badges.ob3))).toEqual(['key-set'])
    expect(await asked(alter(badges.ob2))).toEqual(['key'])
    // The key is in the name of the method: not even that is asked for.
    expect(await asked({ ...badges.json, name: 'Toinen' })).toEqual([])
  })

  test('S-46: never more than eight addresses', async () => {
    const look = lookIn(documents)
    await verify(bakePng(smallPng(), badges), look, { at: now })
    expect(look.asked.length).toBeLessThanOrEqual(8)
    expect(new Set(look.asked.map(({ address }) => address)).size).toBe(look.asked.length)
  })
})

test('S-28: with everything closed no badge is valid, and none is called false', async () => {
  for (const [form, bytes] of forms) {
    const verdict = await verify(bytes, closed, { at: now })
    expect(verdict.verdict, form).toBe('could-not-check')
    expect(
      verdict.checks.filter(({ outcome }) => outcome === 'failed'),
      form,
    ).toEqual([])
  }
  const codes = async (badge: string | JsonObject): Promise<readonly string[]> =>
    (await verify(bytesOf(badge), closed, { at: now })).checks
      .filter(({ outcome }) => outcome === 'not-checked')
      .map(({ id, code }) => `${id} ${code}`)
  const unknown = ['signature no-key', 'key key-not-fetched', 'issuer issuer-not-shown', 'status not-reached']
  expect(await codes(badges.ob3)).toEqual(unknown)
  expect(await codes(badges.json)).toEqual(['key key-not-fetched', 'issuer issuer-not-fetched', 'status not-reached'])
  expect(await codes(badges.ob2)).toEqual([
    'signature no-key',
    'binding not-reached',
    'key key-not-fetched',
    'issuer not-reached',
    'status not-reached',
  ])
})

describe('S-27, CONFORMANCE 3.4, 3.6: the claims are bound to the credential', () => {
  test.each([
    ['iss', 'https://merkit.example/o/tor2', 'iss-wrong'],
    ['jti', 'urn:uuid:019ab000-0000-7000-8000-00000000ffff', 'jti-wrong'],
    ['sub', 'urn:uuid:019ab000-0000-7000-8000-00000000ffff', 'sub-wrong'],
    ['nbf', 1_795_341_601, 'nbf-wrong'],
    ['nbf', 1_795_341_600_000, 'nbf-wrong'],
    ['nbf', '1795341600', 'nbf-wrong'],
    ['exp', 1_890_036_001, 'exp-wrong'],
    ['exp', 1_890_036_000_000, 'exp-wrong'],
    ['iss', undefined, 'claim-missing'],
    ['jti', undefined, 'claim-missing'],
    ['nbf', undefined, 'claim-missing'],
    ['exp', undefined, 'claim-missing'],
    ['validUntil', undefined, 'exp-wrong'],
    ['validFrom', '2026-11-22T10:00:00+02:00', 'nbf-wrong'],
    ['id', 'urn:uuid:019ab000-0000-7000-8000-00000000ffff', 'jti-wrong'],
  ])('%s = %s', async (member, value, code) => {
    const verdict = await judge(signedWith({ [member]: value }))
    expect(check(verdict, 'signature')?.outcome).toBe('passed')
    expect(check(verdict, 'binding')).toMatchObject({ outcome: 'failed', code })
    expect(verdict.verdict).toBe('invalid')
  })

  test('a missing sub alone is a note', async () => {
    const verdict = await judge(signedWith({ sub: undefined }))
    expect(check(verdict, 'binding')).toMatchObject({ outcome: 'passed', code: 'binding-without-sub' })
    expect(verdict.verdict).toBe('valid')
  })
})

describe('CONFORMANCE 6.5, R-09: dates', () => {
  const times: readonly [string, string, string][] = [
    ['2026-11-22T09:59:00Z', 'valid', 'dates-right'],
    ['2026-11-22T09:58:59Z', 'not-yet-valid', 'not-yet-valid'],
    ['2029-11-22T10:01:00Z', 'valid', 'dates-right'],
    ['2029-11-22T10:01:01Z', 'expired', 'expired'],
  ]

  test.each(times)('at %s the 3.0 badge is %s', async (at, word, code) => {
    // The status list begins with the badge and has no end.
    for (const badge of [badges.ob3, badges.json]) {
      const verdict = await judge(badge, new Date(at))
      expect(check(verdict, 'dates')?.code).toBe(code)
      expect(verdict.verdict).toBe(word)
    }
  })

  test.each(times)('at %s the 2.0 badge is %s', async (at, word, code) => {
    const verdict = await judge(badges.ob2, new Date(at))
    expect(check(verdict, 'dates')?.code).toBe(code === 'not-yet-valid' ? 'issued-in-future' : code)
    expect(verdict.verdict).toBe(word)
  })

  test('CONFORMANCE 6.10: expires before issuedOn is an error', async () => {
    const verdict = await judge(assertionWith({ expires: '2026-11-22T09:00:00Z' }))
    expect(check(verdict, 'dates')?.code).toBe('expires-before-issued')
    expect(verdict.verdict).toBe('invalid')
  })

  test('a proof may end before its badge', async () => {
    const signed = await signEmbedded({ ...withoutProof(badges.json) }, keys.ed, awardFacts.validFrom)
    const verdict = await judge({ ...signed, proof: { ...signed.proof, expires: '2026-11-23T00:00:00Z' } })
    expect(check(verdict, 'dates')?.code).toBe('expired')
  })
})

function withoutProof(document: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(document).filter(([member]) => member !== 'proof'))
}

describe('CONFORMANCE 6.2, T1, T2: structure', () => {
  const v2 = 'https://www.w3.org/ns/credentials/v2'
  const ob = 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json'
  test.each<[string, Readonly<Record<string, Json | undefined>>, string]>([
    ['contexts in the wrong order', { '@context': [ob, v2] }, 'context-wrong'],
    ['one context', { '@context': [v2] }, 'context-wrong'],
    ['a bare context', { '@context': v2 }, 'context-wrong'],
    ['the 2.0 context beside', { '@context': [v2, ob, 'https://w3id.org/openbadges/v2'] }, 'versions-mixed'],
    ['a stranger’s context', { '@context': [v2, ob, 'https://stranger.example/c'] }, 'context-unknown'],
    ['a context of its own', { '@context': [v2, ob, { x: 'https://x.example/' }] }, 'context-not-plain'],
    ['type as text', { type: 'OpenBadgeCredential' }, 'type-wrong'],
    ['no VerifiableCredential', { type: ['OpenBadgeCredential'] }, 'type-wrong'],
    ['no validFrom', { validFrom: undefined }, 'member-missing'],
    ['validFrom without a zone', { validFrom: '2026-11-22T10:00:00' }, 'member-wrong'],
    ['validUntil as a list', { validUntil: ['2029-11-22T10:00:00Z'] }, 'member-wrong'],
    ['no issuer', { issuer: undefined }, 'member-missing'],
    ['issuer that is no address', { issuer: { id: 'mer1', type: ['Profile'] } }, 'member-wrong'],
    ['no subject', { credentialSubject: undefined }, 'member-missing'],
    ['subject of nobody', { credentialSubject: { type: ['AchievementSubject'] } }, 'subject-not-identified'],
    ['subject of another type', { credentialSubject: { id: 'urn:x', type: ['Person'] } }, 'type-wrong'],
    [
      'subject without achievement',
      { credentialSubject: { id: 'urn:x', type: ['AchievementSubject'] } },
      'member-missing',
    ],
    ['a vc claim beside VC 2.0 (3.5)', { vc: {} }, 'versions-mixed'],
  ])('%s', async (_, change, code) => {
    const verdict = await judge(signedWith(change))
    expect(check(verdict, 'structure')).toMatchObject({ code })
    expect(check(verdict, 'structure')?.outcome).not.toBe('passed')
    expect(check(verdict, 'status')?.code).toBe('not-reached')
    expect(['invalid', 'could-not-check']).toContain(verdict.verdict)
  })

  test.each<[string, Readonly<Record<string, Json | undefined>>, string]>([
    ['no 2.0 context', { '@context': 'https://stranger.example/' }, 'context-wrong'],
    ['no recipient', { recipient: undefined }, 'member-missing'],
    ['recipient as text', { recipient: 'a@example.com' }, 'member-wrong'],
    ['issuedOn as a number', { issuedOn: 1_795_341_600 }, 'member-wrong'],
    ['issuedOn without a time (1.2)', { issuedOn: '2026-11-22' }, 'member-wrong'],
    ['an empty id', { id: '' }, 'member-wrong'],
    ['a type of another thing', { type: 'BadgeClass' }, 'type-wrong'],
  ])('CONFORMANCE 1.1, 6.10: an Assertion with %s', async (_, change, code) => {
    const verdict = await judge(assertionWith(change))
    expect(check(verdict, 'structure')).toMatchObject({ outcome: 'failed', code })
    expect(verdict.verdict).toBe('invalid')
  })

  test('CONFORMANCE 6.2: the bundled schema is applied, an unknown one is never fetched', async () => {
    const asText = await judge(
      signedWith({ issuer: { id: issuerId, type: ['Profile'], image: 'https://x.example/i.png' } }),
    )
    expect(check(asText, 'schema')).toMatchObject({ outcome: 'failed', code: 'schema-not-met' })
    expect(asText.verdict).toBe('invalid')
    const look = lookIn(documents)
    const type = '1EdTechJsonSchemaValidator2019'
    const unknown = signedWith({ credentialSchema: [{ id: 'https://stranger.example/schema.json', type }] })
    const verdict = await verify(bytesOf(unknown), look, { at: now })
    expect(check(verdict, 'schema')).toMatchObject({ outcome: 'not-checked', code: 'schema-unknown' })
    expect(verdict.verdict).toBe('could-not-check')
    expect(look.asked.map(({ address }) => address)).not.toContain('https://stranger.example/schema.json')
  })
})

describe('what is not verified yet is never valid', () => {
  test('CONFORMANCE 3.13: an old or unknown suite is unsupported, not forged', async () => {
    for (const proof of [
      { type: 'Ed25519Signature2020', proofValue: 'z1' },
      { type: 'DataIntegrityProof', cryptosuite: 'eddsa-2022', proofValue: 'z1' },
      { type: 'DataIntegrityProof', cryptosuite: 'ecdsa-sd-2023', proofValue: 'u1' },
    ]) {
      const verdict = await judge({ ...badges.json, proof })
      expect(check(verdict, 'signature')).toMatchObject({ outcome: 'not-checked', code: 'unsupported-proof' })
      expect(verdict.verdict).toBe('could-not-check')
    }
  })
})

describe('rubbish', () => {
  const rubbish: readonly [string, () => string | Uint8Array, string][] = [
    ['nothing', () => '', 'empty'],
    ['spaces', () => ' \n', 'empty'],
    ['more than 1 MB (S-44)', () => new Uint8Array(1024 * 1024 + 1), 'too-large'],
    ['bytes', () => new Uint8Array([0xff, 0xd8, 0xff, 0xe0]), 'unknown-format'],
    ['words', () => 'hello there', 'unknown-format'],
    ['broken JSON', () => '{"a":', 'not-json'],
    ['JSON of something else', () => '{"name":"x"}', 'not-a-badge'],
    ['a list', () => '[1]', 'not-a-badge'],
    ['a member twice', () => '{"id":"a","\\u0069d":"b"}', 'json-duplicate-member'],
    ['too deep', () => `${'['.repeat(40)}${']'.repeat(40)}`, 'json-too-deep'],
    ['__proto__', () => '{"__proto__":{}}', 'json-forbidden-member'],
    ['a large JSON', () => JSON.stringify({ name: 'x'.repeat(70_000) }), 'too-large'],
    ['JWS in JSON', () => '{"payload":"e30","signatures":[]}', 'jws-json-serialisation'],
    ['flattened JWS in JSON', () => '{"payload":"e30","protected":"e30","signature":"AA"}', 'jws-json-serialisation'],
    ['five parts', () => 'a.b.c.d.e', 'jws-encrypted'],
    ['two parts', () => 'abc.def', 'jws-not-three-parts'],
    ['padding', () => `${badges.ob3}=`, 'jws-not-canonical'],
    ['a JWT that is no badge', () => jwsOf(header, { sub: 'x' }, rsaKey), 'not-a-badge'],
    ['a strange header', () => jwsOf({ ...header, cty: 'x' }, payloadOf(badges.ob3), rsaKey), 'jws-header-member'],
    ['no way to the key', () => jwsOf({ alg: 'RS256' }, payloadOf(badges.ob3), rsaKey), 'jws-header-key-ways'],
    ['a foreign type', () => jwsOf({ ...header, typ: 'x' }, payloadOf(badges.ob3), rsaKey), 'jws-type-refused'],
    ['a foreign type in 2.0', () => jwsOf({ ...header, typ: 'x' }, payloadOf(badges.ob2), rsaKey), 'jws-type-refused'],
    ['alg none', () => jwsOf({ alg: 'none' }, payloadOf(badges.ob2), rsaKey), 'jws-algorithm-refused'],
    ['an empty PNG', () => smallPng(), 'not-baked'],
    ['half a PNG', () => smallPng().subarray(0, 40), 'png-broken'],
  ]
  test.each(rubbish)('%s', async (_, bytes, code) => {
    const verdict = await judge(bytes())
    expect(verdict).toMatchObject({ verdict: 'invalid', checks: [{ id: 'format', outcome: 'failed', code }] })
    expect(verdict.checks).toHaveLength(1)
  })

  test('CONFORMANCE T10: 3.0 content under the 2.0 keyword, and the other way', async () => {
    for (const baked of [{ ob2: badges.ob3 }, { ob3: badges.ob2 }]) {
      const verdict = await judge(bakePng(smallPng(), baked))
      expect(verdict).toMatchObject({ verdict: 'invalid', checks: [{ id: 'structure', code: 'versions-mixed' }] })
    }
  })

  test('CONFORMANCE 6.11: a long value from a badge is cut before it reaches a sentence', async () => {
    const verdict = await judge(signedWith({ credentialStatus: { id: 'https://x.example', type: 'x'.repeat(5000) } }))
    expect(check(verdict, 'status')?.values?.['type']).toHaveLength(200)
  })
})

describe('CONFORMANCE 4.6: two credentials in one picture', () => {
  test('a bad one beside a good one makes the file bad, and tells which', async () => {
    const expired = assertionWith({ expires: '2026-11-23T00:00:00Z' })
    const verdict = await judge(bakePng(smallPng(), { ob3: badges.ob3, ob2: expired }))
    expect(verdict.verdict).toBe('expired')
    expect(check(verdict, 'companion')).toEqual({
      id: 'companion',
      outcome: 'failed',
      code: 'companion-not-valid',
      values: { verdict: 'expired', check: 'dates', code: 'expired' },
    })
    expect(verdict.companion?.verdict).toBe('expired')
    expect(verdict.credential?.format).toBe('ob3-jwt')
  })

  test('one that could not be checked leaves the file unchecked', async () => {
    const look = lookIn(documents)
    const shut: Look = async (...asked) =>
      asked[0] === 'https://a.example/1' ? await closed(...asked) : await look(...asked)
    const both = bakePng(smallPng(), { ob3: badges.ob3, ob2: 'https://a.example/1' })
    const verdict = await verify(both, shut, { at: now })
    expect(verdict.verdict).toBe('could-not-check')
    expect(check(verdict, 'companion')).toMatchObject({ code: 'companion-could-not-check' })
  })

  test('CONFORMANCE 9.9: two rightly signed badges of different awards are no one file', async () => {
    const other = await badgesOf({ ...awardFacts, assertionId: 'urn:uuid:019ab000-0000-7000-8000-0000000000aa' })
    const verdict = await judge(bakePng(smallPng(), { ob3: badges.ob3, ob2: other.ob2 }))
    expect(verdict.companion?.verdict).toBe('valid')
    expect(check(verdict, 'companion')?.code).toBe('companion-of-another-award')
    expect(verdict.verdict).toBe('invalid')
    const alone = await judge(bakePng(smallPng(), { ob3: signedWith({ evidence: undefined }), ob2: badges.ob2 }))
    expect(check(alone, 'companion')?.code).toBe('companion-not-linked')
    expect(alone.verdict).toBe('valid')
  })
})

describe('CONFORMANCE 5.4, 6.6: the recipient', () => {
  const { urn } = awardFacts.recipient

  test('matches in every form, and is not asked after when none is given', async () => {
    for (const badge of [badges.ob2, badges.ob3, badges.json]) {
      const verdict = await judge(badge, now, urn)
      expect(check(verdict, 'recipient')).toMatchObject({ outcome: 'passed', code: 'recipient-right' })
      expect(verdict.verdict).toBe('valid')
      expect(check(await judge(badge), 'recipient')).toBeUndefined()
    }
  })

  test('DESIGN, Words: given and not matching is invalid', async () => {
    for (const badge of [badges.ob2, badges.ob3, badges.json]) {
      const other = await judge(badge, now, urn.replace('3', '4'))
      expect(check(other, 'recipient')).toMatchObject({ outcome: 'failed', code: 'recipient-other' })
      expect(other.verdict).toBe('invalid')
      const mail = await judge(badge, now, 'a@example.com')
      expect(check(mail, 'recipient')).toMatchObject({ outcome: 'failed', code: 'recipient-not-comparable' })
    }
  })

  test('CONFORMANCE 5.1, 5.2, 5.4: hashed and plain identifiers, every one tried, e-mail in any case', async () => {
    const hashed = {
      type: 'IdentityObject',
      hashed: true,
      // The example of the model: a@example.com and Kosher.
      identityHash: 'sha256$B5809D8A92F8858436D7E6B87C12EBC0AE1EAC4BAECC2C0B913AEE2C922EF399',
      identityType: 'emailAddress',
      salt: 'Kosher',
    }
    const plain = {
      type: 'IdentityObject',
      hashed: false,
      identityHash: 'Maija@Example.com',
      identityType: 'emailAddress',
    }
    const subject = payloadOf(badges.ob3)['credentialSubject']
    const badge = signedWith({ credentialSubject: { ...(subject as JsonObject), identifier: [plain, hashed] } })
    for (const given of ['a@example.com', ' A@Example.COM ', 'mailto:a@example.com', 'maija@example.com', urn]) {
      expect(check(await judge(badge, now, given), 'recipient')?.code, given).toBe('recipient-right')
    }
    expect(check(await judge(badge, now, 'b@example.com'), 'recipient')?.code).toBe('recipient-other')
  })

  test('CONFORMANCE 5.3: the 2.0 e-mail, also by md5', async () => {
    const recipient = { type: 'email', hashed: true, salt: '', identity: 'md5$c160f8cc69a4f0bf2b0362752353d060' }
    const badge = assertionWith({ recipient })
    expect(check(await judge(badge, now, 'Alice@example.com'), 'recipient')?.code).toBe('recipient-right')
    const wrong = assertionWith({ recipient: { ...recipient, identity: 'sha1$c160' } })
    expect(check(await judge(wrong, now, 'alice@example.com'), 'recipient')?.code).toBe('recipient-other')
  })
})

test('the list of codes has no code twice', () => {
  expect(new Set(checkCodes).size).toBe(checkCodes.length)
  expect(statusListAddress).toBe('https://merkit.example/o/mer1/status/1')
})
