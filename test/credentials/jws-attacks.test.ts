import { createHmac, generateKeyPairSync } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { publicAddresses } from '../../src/credentials/addresses.ts'
import { prepare, sign } from '../../src/credentials/issue.ts'
import type { JsonObject } from '../../src/credentials/json.ts'
import type { SigningKey } from '../../src/credentials/keys.ts'
import { jwkDocument, jwks } from '../../src/credentials/ob3/publish.ts'
import { decodeBase58btc, encodeBase58btc } from '../../src/credentials/proofs/base58btc.ts'
import type { VerdictWord } from '../../src/credentials/verdict.ts'
import { verify } from '../../src/credentials/verify.ts'
import { awardFacts, ecKey, edKey, issuer, issuerId, now, rsaKey } from '../support/award-facts.ts'
import {
  type Badges,
  badgesOf,
  bytesOf,
  type Documents,
  jwsOf,
  lookIn,
  payloadOf,
  publicDocuments,
  strangerKeys,
} from '../support/badge-world.ts'
import { objectAt, textAt } from '../support/json.ts'
import { payloadWith, signedWith } from '../support/signed-with.ts'

// Whole badges, as an attacker would hand them in, at the whole verifier. The pieces have tests of their own beside theirs.

let badges: Badges
let documents: Documents
const header = { alg: 'RS256', kid: rsaKey.kid, typ: 'JWT' }
const encoded = (value: JsonObject | string): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

beforeAll(async () => {
  badges = await badgesOf()
  documents = await publicDocuments()
})

type Outcome = { readonly word: VerdictWord; readonly codes: readonly string[]; readonly asked: readonly string[] }

async function judge(badge: string | JsonObject, more: Documents = {}): Promise<Outcome> {
  const look = lookIn({ ...documents, ...more })
  const { verdict, checks } = await verify(bytesOf(badge), look, { at: now })
  const codes = checks.filter(({ outcome }) => outcome !== 'passed').map(({ code }) => code)
  return { word: verdict, codes, asked: look.asked.map(({ address }) => address) }
}

/** Refused before anything is asked for, for this reason alone. */
async function expectRefused(badge: string | JsonObject, code: string): Promise<void> {
  expect(await judge(badge)).toEqual({ word: 'invalid', codes: [code], asked: [] })
}

/** Both signed forms of the award, with this header. */
function bothWith(members: JsonObject): readonly string[] {
  return [
    jwsOf({ ...header, ...members }, payloadOf(badges.ob3), rsaKey),
    jwsOf({ alg: 'RS256', ...members }, payloadOf(badges.ob2), rsaKey),
  ]
}

test('the badges that are attacked are good', async () => {
  for (const badge of [badges.ob2, badges.ob3, badges.json, ...bothWith({})]) {
    expect(await judge(badge)).toMatchObject({ word: 'valid', codes: [] })
  }
})

describe('S-26: the algorithm', () => {
  test.each(['none', 'None', 'NONE', 'nOnE', 'none '])('%j, with and without a signature', async (alg) => {
    for (const jws of [badges.ob2, badges.ob3]) {
      const [, payload = '', signature = ''] = jws.split('.')
      const head = encoded({ alg, kid: rsaKey.kid })
      await expectRefused(`${head}.${payload}.`, 'jws-algorithm-refused')
      await expectRefused(`${head}.${payload}.${signature}`, 'jws-algorithm-refused')
    }
  })

  test.each(['HS256', 'HS384', 'HS512'])('%s with the public key as its secret', async (alg) => {
    const secrets = [
      rsaKey.publicKey.export({ type: 'spki', format: 'pem' }),
      rsaKey.publicKey.export({ type: 'spki', format: 'der' }),
      JSON.stringify(jwkDocument(issuer, rsaKey)),
      textAt(jwkDocument(issuer, rsaKey), 'n'),
    ]
    for (const secret of secrets) {
      const input = `${encoded({ ...header, alg })}.${encoded(payloadOf(badges.ob3))}`
      const mac = createHmac(`sha${alg.slice(2)}`, secret)
        .update(input)
        .digest('base64url')
      await expectRefused(`${input}.${mac}`, 'jws-algorithm-refused')
    }
  })

  test('the name of another key’s algorithm: the key decides', async () => {
    for (const alg of ['ES256', 'EdDSA']) {
      const outcome = await judge(jwsOf({ ...header, alg }, payloadOf(badges.ob3), rsaKey))
      expect(outcome).toMatchObject({ word: 'invalid', codes: ['algorithm-not-of-key', 'not-reached'] })
    }
  })

  test('RSA below 2048 bits, also when the issuer lists it, and when the header brings it', async () => {
    const weak: SigningKey = {
      kid: `${issuerId}/keys/rsa-0`,
      alg: 'RS256',
      ...generateKeyPairSync('rsa', { modulusLength: 1024 }),
    }
    const listed = { [publicAddresses.wellKnownJwks(issuer.origin)]: jwks([{ issuer, keys: [weak] }]) }
    const byKid = await judge(signedWith(badges.ob3, {}, weak), listed)
    expect(byKid).toMatchObject({ word: 'invalid', codes: ['key-too-weak', 'not-reached'] })
    const jwk = jwkDocument(issuer, weak)
    const byJwk = await judge(jwsOf({ alg: 'RS256', jwk }, payloadOf(badges.ob3), weak), listed)
    expect([byJwk.word, byJwk.codes[0]]).toEqual(['invalid', 'key-too-weak'])
  })
})

describe('S-26: the way to the key', () => {
  const attacker: SigningKey = {
    kid: 'https://attacker.example/key',
    alg: 'RS256',
    ...generateKeyPairSync('rsa', { modulusLength: 2048 }),
  }
  const elsewhere = { [attacker.kid]: jwkDocument(issuer, attacker) }

  test('an embedded foreign jwk, whatever it calls itself', async () => {
    for (const name of [{}, { kid: rsaKey.kid }, { kid: rsaKey.kid, iss: issuerId }]) {
      const { kid: _kid, iss: _iss, ...jwk } = jwkDocument(issuer, attacker)
      const badge = jwsOf({ alg: 'RS256', jwk: { ...jwk, ...name } }, payloadOf(badges.ob3), attacker)
      const outcome = await judge(badge)
      expect([outcome.word, outcome.codes[0]]).toEqual(['issuer-not-recognised', 'key-not-listed'])
    }
  })

  test('a kid of another foundation of the same host', async () => {
    const outcome = await judge(signedWith(badges.ob3, {}, strangerKeys.rsa))
    expect([outcome.word, outcome.codes[0]]).toEqual(['issuer-not-recognised', 'key-of-another-issuer'])
    const asOurs = await judge(signedWith(badges.ob3, {}, { ...strangerKeys.rsa, kid: rsaKey.kid }))
    expect([asOurs.word, asOurs.codes[0]]).toEqual(['invalid', 'signature-wrong'])
  })

  test.each([
    '../../tor2/keys/rsa-1',
    '/etc/passwd',
    '/dev/null',
    'file:///etc/passwd',
    "' or '1'='1",
    'rsa-1',
    '',
    'https://attacker.example/key',
    'https://merkit.example@attacker.example/o/mer1/keys/rsa-1',
    'http://merkit.example/o/mer1/keys/rsa-1',
    'https://merkit.example:8443/o/mer1/keys/rsa-1',
    'https://merkit.example.attacker.example/o/mer1/keys/rsa-1',
  ])('a kid like %j is no path and no address to open', async (kid) => {
    for (const key of [attacker, rsaKey]) {
      const outcome = await judge(signedWith(badges.ob3, {}, { ...key, kid }), elsewhere)
      expect(['issuer-not-recognised', 'invalid', 'could-not-check']).toContain(outcome.word)
      // The set of the issuer’s own host is all that was looked at, and at most its own controller document.
      expect([publicAddresses.wellKnownJwks(issuer.origin), issuerId]).toEqual(
        expect.arrayContaining([...outcome.asked]),
      )
    }
  })

  test.each([
    'https://merkit.example/o/mer1/keys/../../../etc/passwd',
    'https://merkit.example/o/mer1/keys/rsa-1/../../../tor2/keys/rsa-1',
    'https://merkit.example/o/mer1/keys/rsa-1?x=1',
    'https://merkit.example/o/mer1/keys/rsa-1#x',
    'https://MERKIT.example/o/mer1/keys/rsa-1',
  ])('a kid that only looks like the issuer’s, %j, is another name', async (kid) => {
    const outcome = await judge(signedWith(badges.ob3, {}, { ...attacker, kid }))
    expect(outcome.word).toBe('issuer-not-recognised')
  })

  test.each(['jku', 'x5u'])('%s: is refused and never opened', async (member) => {
    for (const badge of bothWith({ [member]: 'https://attacker.example/jwks.json' })) {
      await expectRefused(badge, 'jws-header-member')
    }
  })

  test('x5c: a chain of certificates is refused', async () => {
    for (const badge of bothWith({ x5c: ['MIIB'] })) await expectRefused(badge, 'jws-header-member')
  })
})

describe('S-26: the header', () => {
  test('crit: an extension that must be understood', async () => {
    for (const crit of [['b64'], ['exp'], [], 'b64']) {
      for (const badge of bothWith({ crit })) await expectRefused(badge, 'jws-header-member')
    }
  })

  test('b64: an unencoded payload', async () => {
    for (const b64 of [false, true]) {
      for (const badge of bothWith({ b64 })) await expectRefused(badge, 'jws-header-member')
    }
    const payload = '{"iss":"x"}'
    await expectRefused(`${encoded({ ...header, b64: false, crit: ['b64'] })}.${payload}.AAAA`, 'jws-not-canonical')
  })

  test('a member twice, also escaped, in header and payload', async () => {
    const text = JSON.stringify(payloadOf(badges.ob3)).slice(1)
    for (const twice of [`"iss":"https://attacker.example"`, String.raw`"\u0069ss":"https://attacker.example"`]) {
      await expectRefused(jwsOf(header, `{${twice},${text}`, rsaKey), 'json-duplicate-member')
    }
    for (const twice of ['"alg":"none"', String.raw`"\u0061lg":"none"`]) {
      const head = `{${twice},${JSON.stringify(header).slice(1)}`
      await expectRefused(jwsOf(head, payloadOf(badges.ob3), rsaKey), 'json-duplicate-member')
    }
    const deep = JSON.stringify(payloadOf(badges.ob3)).replace('"narrative":', '"narrative":"x","narrative":')
    await expectRefused(jwsOf(header, deep, rsaKey), 'json-duplicate-member')
    await expectRefused(JSON.stringify(badges.json).replace('{', '{"id":"urn:x",'), 'json-duplicate-member')
  })
})

describe('S-26: the signature', () => {
  const parts = (jws: string): readonly [signed: string, signature: Buffer] => {
    const place = jws.lastIndexOf('.')
    return [jws.slice(0, place), Buffer.from(jws.slice(place + 1), 'base64url')]
  }

  test('ES256 with r and s swapped, or one of them zero', async () => {
    const { ob3Jwt } = await sign(prepare(awardFacts, { ob2: rsaKey.kid, ob3: ecKey.kid }), rsaKey, ecKey)
    expect((await judge(ob3Jwt)).word).toBe('valid')
    const [signed, signature] = parts(ob3Jwt)
    const [r, s, zero] = [signature.subarray(0, 32), signature.subarray(32), Buffer.alloc(32)]
    for (const [bad, code] of [
      [[s, r], 'signature-wrong'],
      [[zero, s], 'signature-malformed'],
      [[r, zero], 'signature-malformed'],
      [[zero, zero], 'signature-malformed'],
    ] as const) {
      const outcome = await judge(`${signed}.${Buffer.concat(bad).toString('base64url')}`)
      expect([outcome.word, outcome.codes[0]]).toEqual(['invalid', code])
    }
  })

  const order = 2n ** 252n + 27_742_317_777_372_353_535_851_937_790_883_648_493n
  /** The second signature of the same message that a lax verifier would take. */
  function plusOrder(signature: Uint8Array): Buffer {
    const s = BigInt(`0x${Buffer.from(signature.subarray(32)).reverse().toString('hex')}`) + order
    return Buffer.concat([signature.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse()])
  }

  test('Ed25519 with a non-canonical s, in a JWT and in an embedded proof', async () => {
    const listed = {
      [publicAddresses.wellKnownJwks(issuer.origin)]: { keys: [jwkDocument(issuer, edKey)] },
    }
    const jwt = signedWith(badges.ob3, {}, edKey)
    expect((await judge(jwt, listed)).word).toBe('valid')
    const [signed, signature] = parts(jwt)
    const outcome = await judge(`${signed}.${plusOrder(signature).toString('base64url')}`, listed)
    expect([outcome.word, outcome.codes[0]]).toEqual(['invalid', 'signature-malformed'])

    const proof = objectAt(badges.json, 'proof')
    const value = decodeBase58btc(textAt(proof, 'proofValue').slice(1)) ?? new Uint8Array()
    const second = { ...badges.json, proof: { ...proof, proofValue: `z${encodeBase58btc(plusOrder(value))}` } }
    const embedded = await judge(second)
    expect([embedded.word, embedded.codes[0]]).toEqual(['invalid', 'signature-wrong'])
  })

  test('of another badge of the same issuer, cut off, or left away', async () => {
    const [signed, signature] = parts(badges.ob3)
    const [, another] = parts(signedWith(badges.ob3, { name: 'Toinen' }))
    for (const bad of [another, signature.subarray(1), Buffer.concat([signature, Buffer.alloc(1)]), Buffer.alloc(0)]) {
      expect((await judge(`${signed}.${bad.toString('base64url')}`)).word).toBe('invalid')
    }
  })
})

describe('S-27: the claims are the credential’s', () => {
  const foreign = 'urn:uuid:019ab000-0000-7000-8000-00000000ffff'
  test.each([
    ['iss', 'https://merkit.example/o/tor2', 'iss-wrong'],
    ['jti', foreign, 'jti-wrong'],
    ['sub', foreign, 'sub-wrong'],
    ['nbf', 1_795_341_601, 'nbf-wrong'],
    ['exp', 1_890_036_001, 'exp-wrong'],
  ])('%s of another', async (claim, value, code) => {
    expect(await judge(signedWith(badges.ob3, { [claim]: value }))).toMatchObject({
      word: 'invalid',
      codes: [code, 'not-reached'],
    })
  })

  test.each([
    ['nbf', 1_795_341_600_000, 'nbf-wrong'],
    ['exp', 1_890_036_000_000, 'exp-wrong'],
  ])('%s in milliseconds', async (claim, value, code) => {
    expect(await judge(signedWith(badges.ob3, { [claim]: value }))).toMatchObject({
      word: 'invalid',
      codes: [code, 'not-reached'],
    })
  })

  test('the credential’s own values changed under right claims', async () => {
    for (const change of [
      { id: foreign },
      { validFrom: '2026-11-22T10:00:01Z' },
      { validUntil: '2039-11-22T10:00:00Z' },
      { issuer: { id: 'https://merkit.example/o/tor2', type: ['Profile'] } },
      { credentialSubject: { ...objectAt(payloadOf(badges.ob3), 'credentialSubject'), id: foreign } },
    ]) {
      expect((await judge(signedWith(badges.ob3, change))).word).toBe('invalid')
    }
  })
})

describe('S-26: other wrappings', () => {
  test('JWE: an encrypted token', async () => {
    await expectRefused(`${encoded({ alg: 'RSA-OAEP', enc: 'A256GCM' })}.AAAA.AAAA.AAAA.AAAA`, 'jws-encrypted')
    const [signed] = badges.ob3.split('.')
    await expectRefused(`${signed}.${encoded({})}.AAAA.AAAA.AAAA`, 'jws-encrypted')
    for (const badge of bothWith({ enc: 'A256GCM' })) await expectRefused(badge, 'jws-header-member')
  })

  test('JSON serialisation, flattened and general', async () => {
    for (const jws of [badges.ob2, badges.ob3]) {
      const [protectedHeader = '', payload = '', signature = ''] = jws.split('.')
      const one = { protected: protectedHeader, signature }
      for (const wrapped of [
        { payload, ...one },
        { payload, signatures: [one] },
        { payload, signatures: [one, one] },
      ]) {
        await expectRefused(wrapped, 'jws-json-serialisation')
      }
    }
  })
})

describe('S-26: bounds', () => {
  const large = (bytes: number): JsonObject => ({ ...payloadOf(badges.ob3), filler: 'x'.repeat(bytes) })

  test('64 kB for a badge, when pictures inside are not counted', async () => {
    await expectRefused(jwsOf(header, large(64 * 1024), rsaKey), 'too-large')
    await expectRefused({ ...badges.json, filler: 'x'.repeat(64 * 1024) }, 'too-large')
    // A small picture makes no room for other texts.
    await expectRefused(
      jwsOf(header, { ...large(64 * 1024), image: 'data:image/png;base64,AAAA' }, rsaKey),
      'too-large',
    )
    const achievement = ['credentialSubject', 'achievement'].reduce<JsonObject>(objectAt, payloadOf(badges.ob3))
    const image = { id: `data:image/png;base64,${'A'.repeat(200_000)}`, type: 'Image' }
    const subject = { ...objectAt(payloadOf(badges.ob3), 'credentialSubject'), achievement: { ...achievement, image } }
    expect((await judge(signedWith(badges.ob3, { credentialSubject: subject }))).word).toBe('valid')
  })

  test('1 MB in any case', async () => {
    const picture = (bytes: number): string =>
      jwsOf(header, { ...payloadOf(badges.ob3), image: `data:image/png;base64,${'A'.repeat(bytes)}` }, rsaKey)
    await expectRefused(picture(1024 * 1024), 'too-large')
    await expectRefused('x'.repeat(1024 * 1024 + 1), 'too-large')
    await expectRefused(`${encoded(header)}.${'A'.repeat(1024 * 1024)}.AAAA`, 'too-large')
  })

  test('32 levels', async () => {
    const nested = (levels: number): JsonObject =>
      payloadWith(badges.ob3, { evidence: JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`) as JsonObject })
    await expectRefused(jwsOf(header, nested(32), rsaKey), 'json-too-deep')
    const within = await judge(jwsOf(header, nested(31), rsaKey))
    expect(within.codes).not.toContain('json-too-deep')
    await expectRefused(`{"a":${'{"a":'.repeat(40)}1${'}'.repeat(40)}}`, 'json-too-deep')
  })

  test('base64url that another writer would not have written', async () => {
    const [head = '', payload = '', signature = ''] = badges.ob3.split('.')
    for (const bad of [`${signature}=`, `${signature.slice(0, -1)}-`, `${signature}A`]) {
      expect((await judge(`${head}.${payload}.${bad}`)).word).toBe('invalid')
    }
    await expectRefused(`${head}.${payload}.${signature}==`, 'jws-not-canonical')
    await expectRefused(`${head}.${payload}=.${signature}`, 'jws-not-canonical')
  })
})
