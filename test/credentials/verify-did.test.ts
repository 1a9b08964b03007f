import { generateKeyPairSync } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/credentials/json.ts'
import { isJsonObject } from '../../src/credentials/json.ts'
import { publicJwk } from '../../src/credentials/keys.ts'
import type { SigningKey } from '../../src/credentials/keys.ts'
import { didDocument } from '../../src/credentials/ob3/publish.ts'
import { encodeBase58btc } from '../../src/credentials/proofs/base58btc.ts'
import { signEddsa } from '../../src/credentials/proofs/eddsa-rdfc-2022.ts'
import { decodeMultikey, encodeMultikey } from '../../src/credentials/proofs/multikey.ts'
import type { Check, CheckId, Verdict } from '../../src/credentials/verdict.ts'
import { verify } from '../../src/credentials/verify.ts'
import { didWebAddress } from '../../src/credentials/verify/did.ts'
import { issuer, now } from '../support/award-facts.ts'
import type { Documents } from '../support/badge-world.ts'
import { badgesOf, bytesOf, closed, jwsOf, keys, lookIn, payloadOf } from '../support/badge-world.ts'

// Issuers that are decentralised identifiers (CONFORMANCE 3.7, 3.10, 3.11, 3.14).

const web = 'did:web:merkit.example:o:mer1'
const webAddress = 'https://merkit.example/o/mer1/did.json'
const ownDocument = didDocument(issuer, [keys.rsa, keys.ec, keys.ed])

/** The badge without a status, so that nothing but key and issuer is asked for. */
let badge: JsonObject
beforeAll(async () => {
  const { ob3 } = await badgesOf()
  const { credentialStatus: _status, iss: _iss, nbf: _nbf, ...rest } = payloadOf(ob3)
  badge = { ...rest, issuer: { id: web, type: ['Profile'], name: 'Meriharjun työpajasäätiö' } }
})

const by = (id: string): JsonObject => ({ ...badge, issuer: { id, type: ['Profile'], name: 'Joku' } })

function jwtBy(id: string, key: SigningKey, header: JsonObject): string {
  const payload = { ...by(id), iss: id, nbf: Date.parse('2026-11-22T10:00:00Z') / 1000 }
  return jwsOf({ alg: key.alg, typ: 'JWT', ...header }, payload, key)
}

async function embeddedBy(id: string, key: SigningKey, verificationMethod: string): Promise<JsonObject> {
  const { jti: _jti, sub: _sub, exp: _exp, ...document } = by(id)
  return await signEddsa(document, { privateKey: key.privateKey, verificationMethod, created: now })
}

const check = (verdict: Verdict, id: CheckId): Check | undefined => verdict.checks.find((one) => one.id === id)
const codes = (verdict: Verdict): readonly (string | undefined)[] => [
  verdict.verdict,
  check(verdict, 'signature')?.code,
  check(verdict, 'key')?.code,
  check(verdict, 'issuer')?.code,
]

async function judge(presented: string | JsonObject, documents: Documents): Promise<Verdict> {
  return await verify(bytesOf(presented), lookIn(documents), { at: now })
}

describe('CONFORMANCE 3.14: a did:web is an https address', () => {
  test.each([
    ['did:web:merkit.example', 'https://merkit.example/.well-known/did.json'],
    ['did:web:merkit.example:o:mer1', 'https://merkit.example/o/mer1/did.json'],
    ['did:web:merkit.example%3A8443', 'https://merkit.example:8443/.well-known/did.json'],
    ['did:web:merkit.example%3a8443:o:a%20b', 'https://merkit.example:8443/o/a%20b/did.json'],
  ])('%s', (did, address) => {
    expect(didWebAddress(did)).toBe(address)
  })

  test.each([
    'did:web:',
    'did:web:127.0.0.1',
    'did:web:2130706433',
    'did:web:0x7f.1',
    'did:web:127.1',
    'did:web:[::1]',
    'did:web:%5B%3A%3A1%5D',
    'did:web:merkit.example:8443',
    'did:web:merkit.example%3A99999',
    'did:web:user@merkit.example',
    'did:web:merkit.example/o',
    'did:web:merkit.example?x',
    'did:web:merkit.example#key',
    'did:web:merkit.example::o',
    'did:web:merkit.example:..:o',
    'did:web:merkit.example:%2e%2e:o',
    'did:web:merkit.example:a%2Fb',
    'did:web:merkit.example:a%5cb',
    'did:web:merkit.example:',
  ])('%s is none, or of an address that is never opened', async (did) => {
    const address = didWebAddress(did)
    // A bare number after the host is a part of the path.
    expect(address === undefined || address === 'https://merkit.example/8443/did.json').toBe(true)
    const look = lookIn({})
    const verdict = await verify(bytesOf(jwtBy(did, keys.rsa, { kid: `${did}#rsa-1` })), look, { at: now })
    expect(verdict.verdict).toBe('issuer-not-recognised')
    expect(look.asked.map((one) => one.address)).toEqual(address === undefined ? [] : [address])
  })
})

describe('CONFORMANCE 3.7, 3.11: an issuer that is a did:web', () => {
  test.each(['rsa', 'ec'] as const)('a JWT by its %s key', async (name) => {
    const verdict = await judge(jwtBy(web, keys[name], { kid: `${web}#${name}-1` }), { [webAddress]: ownDocument })
    expect(codes(verdict)).toEqual(['valid', 'signature-right', 'key-of-issuer', 'issuer-right'])
    expect(verdict.credential?.issuer).toMatchObject({ id: web, host: 'merkit.example' })
  })

  test('a JWT that names its key in other ways', async () => {
    const relative = change(ownDocument, (id) => id.replace(web, ''))
    const ways: readonly [JsonObject, JsonObject][] = [
      [{ kid: '#rsa-1' }, ownDocument],
      [{ kid: `${web}#rsa-1` }, relative],
      [{ kid: '#rsa-1' }, relative],
      [{ jwk: publicJwk(keys.rsa.publicKey) }, ownDocument],
      [{ jwk: publicJwk(keys.rsa.publicKey) }, relative],
    ]
    for (const [header, document] of ways) {
      const verdict = await judge(jwtBy(web, keys.rsa, header), { [webAddress]: document })
      expect([header, ...codes(verdict)]).toEqual([header, 'valid', 'signature-right', 'key-of-issuer', 'issuer-right'])
    }
  })

  test('an embedded proof', async () => {
    const method = `${web}#${encodeMultikey(keys.ed.publicKey)}`
    const document = await embeddedBy(web, keys.ed, method)
    const good = await judge(document, { [webAddress]: ownDocument })
    expect(codes(good)).toEqual(['valid', 'signature-right', 'key-of-issuer', 'issuer-right'])
    const unlisted = await judge(document, { [webAddress]: { ...ownDocument, assertionMethod: [] } })
    expect(codes(unlisted)).toEqual(['issuer-not-recognised', 'signature-right', 'key-not-listed', 'issuer-right'])
  })

  test('an embedded proof by a key of the older type', async () => {
    const publicKeyMultibase = encodeMultikey(keys.ed.publicKey)
    const method = { id: '#ed', type: 'Ed25519VerificationKey2020', controller: web, publicKeyMultibase }
    const document = { id: web, verificationMethod: [method], assertionMethod: [`${web}#ed`] }
    const signed = await embeddedBy(web, keys.ed, `${web}#ed`)
    expect((await judge(signed, { [webAddress]: document })).verdict).toBe('valid')
    const keyless = { ...document, verificationMethod: [{ ...method, type: 'Ed25519VerificationKey2018' }] }
    expect(codes(await judge(signed, { [webAddress]: keyless })).slice(1, 3)).toEqual(['no-key', 'key-unreadable'])
  })

  test('an embedded proof by a key that is written as a JWK', async () => {
    const jwkMethod = {
      id: `${web}#ed`,
      type: 'JsonWebKey',
      controller: web,
      publicKeyJwk: publicJwk(keys.ed.publicKey),
    }
    const document = { id: web, verificationMethod: [jwkMethod], assertionMethod: ['#ed'] }
    const signed = await embeddedBy(web, keys.ed, `${web}#ed`)
    expect((await judge(signed, { [webAddress]: document })).verdict).toBe('valid')
    const rsa = { ...jwkMethod, publicKeyJwk: publicJwk(keys.rsa.publicKey) }
    const other = await judge(signed, { [webAddress]: { ...document, verificationMethod: [rsa] } })
    expect(codes(other).slice(0, 2)).toEqual(['invalid', 'algorithm-not-of-key'])
  })

  const jwt = (): string => jwtBy(web, keys.rsa, { kid: `${web}#rsa-1` })
  test.each<[string, Json, readonly string[]]>([
    [
      'does not list the key for assertions',
      { ...ownDocument, assertionMethod: [] },
      ['key-not-listed', 'issuer-right'],
    ],
    [
      'lists it for something else',
      { ...ownDocument, assertionMethod: [], authentication: [`${web}#rsa-1`] },
      ['key-not-listed', 'issuer-right'],
    ],
    [
      'does not know the key',
      { ...ownDocument, verificationMethod: [], assertionMethod: [] },
      ['key-not-listed', 'issuer-right'],
    ],
    ['is of another DID', { ...ownDocument, id: 'did:web:other.example' }, ['key-not-listed', 'issuer-of-another-id']],
    ['is no JSON', '<html>', ['key-not-listed', 'issuer-unreadable']],
    [
      'has a key of another controller',
      change(ownDocument, (id) => id, 'did:web:other.example'),
      ['key-of-another-issuer', 'issuer-right'],
    ],
  ])('whose document %s: not recognised', async (_, document, [key, whose]) => {
    const verdict = await judge(jwt(), { [webAddress]: document })
    expect(verdict.verdict).toBe('issuer-not-recognised')
    expect([check(verdict, 'key')?.code, check(verdict, 'issuer')?.code]).toEqual([key, whose])
  })

  test('a document that is not there, or could not be fetched', async () => {
    expect(codes(await judge(jwt(), {}))).toEqual([
      'issuer-not-recognised',
      'no-key',
      'key-not-listed',
      'issuer-missing',
    ])
    const verdict = await verify(bytesOf(jwt()), closed, { at: now })
    expect(codes(verdict)).toEqual(['could-not-check', 'no-key', 'key-not-fetched', 'issuer-not-fetched'])
  })

  test('a document that another host answers for, after a redirect', async () => {
    const elsewhere = Buffer.from(JSON.stringify(ownDocument))
    const verdict = await verify(
      bytesOf(jwt()),
      async () =>
        await Promise.resolve({
          outcome: 'found',
          status: 200,
          contentType: 'application/json',
          body: elsewhere,
          address: 'https://a.example/did.json',
        }),
      { at: now },
    )
    expect(codes(verdict).slice(2)).toEqual(['key-not-listed', 'issuer-elsewhere'])
  })

  test("another's key, by kid or in the header, is not the issuer's", async () => {
    const look = lookIn({ [webAddress]: ownDocument })
    const foreign = await verify(bytesOf(jwtBy(web, keys.rsa, { kid: 'did:web:other.example#k' })), look, { at: now })
    expect(codes(foreign).slice(0, 3)).toEqual(['issuer-not-recognised', 'no-key', 'key-of-another-issuer'])
    // Only the issuer's own document was asked for: kid is no address to open blindly (S-26).
    expect(look.asked.map(({ address }) => address)).toEqual([webAddress])
    const own = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const key: SigningKey = { kid: 'x', alg: 'RS256', ...own }
    const inside = await judge(jwtBy(web, key, { jwk: publicJwk(own.publicKey) }), { [webAddress]: ownDocument })
    expect(codes(inside).slice(0, 3)).toEqual(['issuer-not-recognised', 'signature-right', 'key-not-listed'])
  })

  test('a wrong signature asks for nothing when the key is in the header', async () => {
    const look = lookIn({ [webAddress]: ownDocument })
    const wrong = jwtBy(web, keys.rsa, {
      jwk: publicJwk(generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey),
    })
    expect(codes(await verify(bytesOf(wrong), look, { at: now })).slice(0, 2)).toEqual(['invalid', 'signature-wrong'])
    expect(look.asked).toEqual([])
  })

  test('a key that the document only names by an address that does not lead to it', async () => {
    const document = { id: web, assertionMethod: ['https://merkit.example/k'] }
    const header = { kid: 'https://merkit.example/k' }
    const gone = await judge(jwtBy(web, keys.rsa, header), { [webAddress]: document })
    expect(check(gone, 'key')?.code).toBe('key-unknown')
    const odd = {
      [webAddress]: document,
      'https://merkit.example/k': { id: 'https://merkit.example/k', type: 'Other' },
    }
    expect(check(await judge(jwtBy(web, keys.rsa, header), odd), 'key')?.code).toBe('key-unreadable')
  })
})

/** The document with other ids of its methods, or another controller of them. */
function change(document: JsonObject, idOf: (id: string) => string, controller: string = web): JsonObject {
  const methods = [document['verificationMethod'] ?? []]
    .flat()
    .filter(isJsonObject)
    .map((method) => ({ ...method, id: idOf(typeof method['id'] === 'string' ? method['id'] : ''), controller }))
  return { ...document, verificationMethod: methods, assertionMethod: methods.map(({ id }) => id) }
}

const prefixes = { EdDSA: [0xed, 0x01], ES256: [0x80, 0x24], RS256: [0x85, 0x24] } as const

function didKeyOf(publicKey: KeyObject, alg: keyof typeof prefixes): string {
  const bytes: Readonly<Record<keyof typeof prefixes, () => Buffer>> = {
    EdDSA: () => publicKey.export({ format: 'der', type: 'spki' }).subarray(-32),
    ES256: () => compressed(publicKey),
    RS256: () => publicKey.export({ format: 'der', type: 'pkcs1' }),
  }
  return `did:key:z${encodeBase58btc(Buffer.concat([Buffer.from(prefixes[alg]), bytes[alg]()]))}`
}

function compressed(publicKey: KeyObject): Buffer {
  const { x, y } = publicKey.export({ format: 'jwk' })
  const odd = (Buffer.from(y ?? '', 'base64url').at(-1) ?? 0) % 2
  return Buffer.concat([Buffer.from([2 + odd]), Buffer.from(x ?? '', 'base64url')])
}

describe('CONFORMANCE 3.7, 3.10: an issuer that is a did:key', () => {
  const made: readonly [string, SigningKey][] = [
    ['Ed25519', { kid: 'ed', alg: 'EdDSA', ...generateKeyPairSync('ed25519') }],
    ['P-256', { kid: 'ec', alg: 'ES256', ...generateKeyPairSync('ec', { namedCurve: 'P-256' }) }],
    ['RSA', { kid: 'rsa', alg: 'RS256', ...generateKeyPairSync('rsa', { modulusLength: 2048 }) }],
  ]

  test.each(made)('a JWT by its %s key, without asking anybody', async (_, key) => {
    const did = didKeyOf(key.publicKey, key.alg)
    const look = lookIn({})
    for (const kid of [`${did}#${did.slice('did:key:'.length)}`, did]) {
      const verdict = await verify(bytesOf(jwtBy(did, key, { kid })), look, { at: now })
      // The issuer is shown, but nobody says who that is.
      expect(codes(verdict)).toEqual(['valid', 'signature-right', 'key-of-issuer', 'issuer-key-only'])
    }
    expect(look.asked).toEqual([])
  })

  test('an embedded proof', async () => {
    const [, key] = made[0] ?? ['', keys.ed]
    const did = didKeyOf(key.publicKey, 'EdDSA')
    expect(did).toBe(`did:key:${encodeMultikey(key.publicKey)}`)
    const signed = await embeddedBy(did, key, `${did}#${did.slice('did:key:'.length)}`)
    expect(codes(await judge(signed, {}))).toEqual(['valid', 'signature-right', 'key-of-issuer', 'issuer-key-only'])
    const forged = await embeddedBy(did, keys.ed, `${did}#${did.slice('did:key:'.length)}`)
    expect(codes(await judge(forged, {})).slice(0, 2)).toEqual(['invalid', 'signature-wrong'])
    const other = didKeyOf(keys.ed.publicKey, 'EdDSA')
    const foreign = await judge(await embeddedBy(did, keys.ed, `${other}#${other.slice('did:key:'.length)}`), {})
    expect(codes(foreign).slice(0, 3)).toEqual(['issuer-not-recognised', 'signature-right', 'key-of-another-issuer'])
  })

  test('another key than the DID is', async () => {
    const [one, two] = [made[0]?.[1] ?? keys.ed, keys.ed]
    const did = didKeyOf(one.publicKey, 'EdDSA')
    const verdict = await judge(jwtBy(did, two, { kid: did }), {})
    expect(codes(verdict).slice(0, 2)).toEqual(['invalid', 'signature-wrong'])
    const foreign = await judge(jwtBy(did, two, { kid: didKeyOf(two.publicKey, 'EdDSA') }), {})
    expect(check(foreign, 'key')?.code).toBe('key-of-another-issuer')
  })

  test.each(['did:key:', 'did:key:abc', 'did:key:z0OIl', `did:key:z${'2'.repeat(1501)}`, 'did:key:z2#z2'])(
    '%s is not rightly written',
    async (did) => {
      const verdict = await judge(jwtBy(did, keys.rsa, { kid: did }), {})
      expect(codes(verdict)).toEqual(['issuer-not-recognised', 'no-key', 'key-not-listed', 'did-malformed'])
    },
  )

  test.each([
    ['no key at all', 'did:key:zzzz', 'key-unusable'],
    [
      'a point that is not on the curve',
      `did:key:z${encodeBase58btc(Buffer.from([0x80, 0x24, 2, ...new Uint8Array(32).fill(255)]))}`,
      'key-unusable',
    ],
  ])('%s', async (_, did, code) => {
    const verdict = await judge(jwtBy(did, keys.rsa, { kid: did }), {})
    expect([verdict.verdict, check(verdict, 'signature')?.code]).toEqual(['invalid', code])
  })

  test('RSA below 2048 bits is too weak here as well', async () => {
    const weak: SigningKey = { kid: 'x', alg: 'RS256', ...generateKeyPairSync('rsa', { modulusLength: 1024 }) }
    const did = didKeyOf(weak.publicKey, 'RS256')
    expect(codes(await judge(jwtBy(did, weak, { kid: did }), {})).slice(0, 2)).toEqual(['invalid', 'key-too-weak'])
  })

  test('CONFORMANCE 3.10: Multikeys of the three kinds, and no others', () => {
    for (const [, { publicKey, alg }] of made) {
      expect(decodeMultikey(didKeyOf(publicKey, alg).slice('did:key:'.length))?.equals(publicKey)).toBe(true)
    }
    const p384 = Buffer.from([0x81, 0x24, 2, ...new Uint8Array(48).fill(1)])
    expect(decodeMultikey(`z${encodeBase58btc(p384)}`)).toBeUndefined()
    expect(decodeMultikey(`z${'2'.repeat(1501)}`)).toBeUndefined()
  })
})

test.each(['did:ion:abc', 'did:example:1', 'did:'])(
  'CONFORMANCE 3.7: %s is of a method that is not known',
  async (did) => {
    const look = lookIn({})
    const verdict = await verify(bytesOf(jwtBy(did, keys.rsa, { kid: `${did}#k` })), look, { at: now })
    expect(codes(verdict)).toEqual(['could-not-check', 'no-key', 'key-not-fetched', 'did-not-known'])
    expect(look.asked).toEqual([])
  },
)
