import { Buffer } from 'node:buffer'
import { generateKeyPairSync, sign } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../src/credentials/json.ts'
import { checkOb2Header, checkOb3Header, parseJws } from '../../src/credentials/jws.ts'
import type { JwsAlgorithm } from '../../src/credentials/jws.ts'
import { isCanonicalEd25519, keyOfJwk, keyOfPem, signatureFault } from '../../src/credentials/verify/public-key.ts'
import type { PublicKey } from '../../src/credentials/verify/public-key.ts'
import { ecKey, edKey, rsaKey } from '../support/award-facts.ts'
import { jwsOf } from '../support/badge-world.ts'

const payload = { name: 'Polkupyörän huolto' }
const good = jwsOf({ alg: 'RS256', kid: rsaKey.kid }, payload, rsaKey)

function codeOf(text: string): string {
  const jws = parseJws(text)
  return jws.outcome === 'fault' ? jws.code : 'read'
}

describe('CONFORMANCE 3.1, S-26: the compact JWS', () => {
  test('is read whole', () => {
    expect(parseJws(good)).toMatchObject({ outcome: 'read', header: { alg: 'RS256', kid: rsaKey.kid }, payload })
  })

  test('no algorithm but RS256, ES256 and EdDSA, spelt so', () => {
    for (const alg of [
      'none',
      'None',
      'NONE',
      'nOnE',
      '',
      'HS256',
      'HS512',
      'RS512',
      'PS256',
      'ES384',
      'ES256K',
      'rs256',
    ]) {
      const parsed = parseJws(jwsOf({ alg, kid: rsaKey.kid }, payload, rsaKey))
      expect(parsed, alg).toMatchObject({ outcome: 'fault', code: 'jws-algorithm-refused', values: { alg } })
    }
    expect(codeOf(jwsOf({ kid: rsaKey.kid }, payload, rsaKey))).toBe('jws-algorithm-refused')
    expect(codeOf(jwsOf('{"alg":["RS256"]}', payload, rsaKey))).toBe('jws-algorithm-refused')
    expect(codeOf(`${Buffer.from('{"alg":"none"}').toString('base64url')}.e30.`)).toBe('jws-algorithm-refused')
  })

  test.each(['crit', 'b64', 'jku', 'x5u', 'x5c', 'zip', 'enc'])('never with %s', (member) => {
    const jws = jwsOf({ alg: 'RS256', kid: rsaKey.kid, [member]: [] }, payload, rsaKey)
    expect(parseJws(jws)).toMatchObject({ code: 'jws-header-member', values: { member } })
  })

  test('a member written twice, in header or payload, also escaped', () => {
    expect(codeOf(jwsOf('{"alg":"RS256","alg":"none"}', payload, rsaKey))).toBe('json-duplicate-member')
    expect(codeOf(jwsOf(String.raw`{"alg":"RS256","\u0061lg":"none"}`, payload, rsaKey))).toBe('json-duplicate-member')
    const twice = String.raw`{"iss":"https://a.example","\u0069ss":"https://b.example"}`
    expect(codeOf(jwsOf({ alg: 'RS256' }, twice, rsaKey))).toBe('json-duplicate-member')
  })

  test('an encrypted token, another number of parts, JSON that is no object', () => {
    expect(codeOf(`${good}.AAAA.AAAA`)).toBe('jws-encrypted')
    expect(codeOf(`${good}.AAAA`)).toBe('jws-not-three-parts')
    expect(codeOf('AAAA.AAAA')).toBe('jws-not-three-parts')
    expect(codeOf(jwsOf('[]', payload, rsaKey))).toBe('jws-header-unreadable')
    expect(codeOf(jwsOf(`{"alg":"RS256","kid":"${'x'.repeat(9000)}"}`, payload, rsaKey))).toBe('jws-header-unreadable')
    expect(codeOf(jwsOf({ alg: 'RS256' }, '"text"', rsaKey))).toBe('not-json')
    expect(codeOf(jwsOf({ alg: 'RS256' }, '{"a":', rsaKey))).toBe('not-json')
  })

  test('base64url that another writer would not have written', () => {
    const [header = '', body = '', signature = ''] = good.split('.')
    for (const written of [`${signature}=`, `${signature}==`, ` ${signature}`, signature.replace(/.$/, '*'), 'A']) {
      expect(codeOf(`${header}.${body}.${written}`), written).toBe('jws-not-canonical')
    }
    const standard = Buffer.from('{"alg":"RS256","kid":"???>>>"}').toString('base64').replace(/=+$/, '')
    expect(standard).toMatch(/[+/]/)
    expect(codeOf(`${standard}.${body}.${signature}`)).toBe('jws-not-canonical')
    // Of the last letter of 256 bytes four bits are spare: A, Q, g or w alone is written.
    const spare = String.fromCharCode(signature.charCodeAt(signature.length - 1) + 1)
    expect(codeOf(`${header}.${body}.${signature.slice(0, -1)}${spare}`)).toBe('jws-not-canonical')
  })

  test('64 kB without pictures, 1 MB in any case, 32 levels', () => {
    const sized = (document: JsonObject): string => codeOf(jwsOf({ alg: 'RS256' }, document, rsaKey))
    expect(sized({ text: 'x'.repeat(64 * 1024) })).toBe('too-large')
    expect(sized({ text: 'x'.repeat(63 * 1024) })).toBe('read')
    expect(sized({ image: `data:image/png;base64,${'A'.repeat(500_000)}` })).toBe('read')
    expect(sized({ image: `data:image/png;base64,${'A'.repeat(1024 * 1024)}` })).toBe('too-large')
    expect(codeOf(`e30.${'A'.repeat(3 * 1024 * 1024)}.e30`)).toBe('too-large')
    expect(codeOf(jwsOf({ alg: 'RS256' }, `{"a":${'['.repeat(33)}${']'.repeat(33)}}`, rsaKey))).toBe('json-too-deep')
  })
})

describe('CONFORMANCE 3.1–3.3: the header of OB 3.0', () => {
  test('has alg, kid or jwk, and typ, nothing else', () => {
    expect(checkOb3Header({ alg: 'RS256', kid: rsaKey.kid, typ: 'JWT' })).toBeUndefined()
    expect(checkOb3Header({ alg: 'RS256', kid: rsaKey.kid, typ: 'vc+jwt' })).toBeUndefined()
    expect(checkOb3Header({ alg: 'RS256', jwk: {} })).toBeUndefined()
    expect(checkOb3Header({ alg: 'RS256', kid: rsaKey.kid, cty: 'vc' })?.code).toBe('jws-header-member')
    expect(checkOb3Header({ alg: 'RS256', kid: rsaKey.kid, typ: 'JWE' })?.code).toBe('jws-type-refused')
    expect(checkOb3Header({ alg: 'RS256', kid: rsaKey.kid, typ: null })?.code).toBe('jws-type-refused')
  })

  test('names exactly one way to the key', () => {
    for (const ways of [
      {},
      { kid: 'a', jwk: {} },
      { kid: 1 },
      { jwk: 'a' },
      { kid: 'a', jwk: 'b' },
      { kid: 1, jwk: {} },
    ]) {
      expect(checkOb3Header({ alg: 'RS256', ...ways })?.code, JSON.stringify(ways)).toBe('jws-header-key-ways')
    }
  })

  test('CONFORMANCE 1.7: OB 2.0 needs alg only, and takes no foreign type', () => {
    expect(checkOb2Header({ alg: 'RS256' })).toBeUndefined()
    expect(checkOb2Header({ alg: 'RS256', typ: 'JWS' })).toBeUndefined()
    expect(checkOb2Header({ alg: 'RS256', typ: 'at+jwt' })?.code).toBe('jws-type-refused')
  })
})

function publicKeyOf(key: typeof rsaKey): PublicKey {
  const publicKey = keyOfJwk({ ...publicJwk(key) })
  if (typeof publicKey === 'string') throw new TypeError(publicKey)
  return publicKey
}

function publicJwk(key: { readonly publicKey: typeof rsaKey.publicKey }): JsonObject {
  // The parsing door of this test: a JWK is an object of texts.
  return key.publicKey.export({ format: 'jwk' }) as JsonObject
}

describe('S-26: the signature', () => {
  const bytes = Buffer.from('what is signed')
  const signed = { RS256: rsaKey, ES256: ecKey, EdDSA: edKey } as const
  const signatureBy = (algorithm: JwsAlgorithm): Buffer =>
    sign(algorithm === 'EdDSA' ? null : 'sha256', bytes, {
      key: signed[algorithm].privateKey,
      dsaEncoding: 'ieee-p1363',
    })

  test.each(['RS256', 'ES256', 'EdDSA'] as const)('%s is right only for its bytes and its key', (algorithm) => {
    const publicKey = publicKeyOf(signed[algorithm])
    const signature = signatureBy(algorithm)
    expect(signatureFault({ algorithm, signed: bytes, signature }, publicKey)).toBeUndefined()
    expect(signatureFault({ algorithm, signed: Buffer.from('What is signed'), signature }, publicKey)).toBe(
      'signature-wrong',
    )
    expect(signatureFault({ algorithm, signed: bytes, signature: signature.subarray(1) }, publicKey)).toBe(
      'signature-malformed',
    )
    for (const other of ['RS256', 'ES256', 'EdDSA'] as const) {
      if (other === algorithm) continue
      // The key says which algorithm; a header that says another is refused before any mathematics.
      expect(signatureFault({ algorithm: other, signed: bytes, signature }, publicKey)).toBe('algorithm-not-of-key')
    }
  })

  test('ES256 with zero, swapped or DER-written r and s', () => {
    const publicKey = publicKeyOf(ecKey)
    const signature = signatureBy('ES256')
    const [r, s] = [signature.subarray(0, 32), signature.subarray(32)]
    const zero = Buffer.alloc(32)
    const faultOf = (bad: Uint8Array): unknown =>
      signatureFault({ algorithm: 'ES256', signed: bytes, signature: bad }, publicKey)
    expect(faultOf(Buffer.concat([zero, zero]))).toBe('signature-malformed')
    expect(faultOf(Buffer.concat([zero, s]))).toBe('signature-malformed')
    expect(faultOf(Buffer.concat([r, zero]))).toBe('signature-malformed')
    expect(faultOf(Buffer.concat([s, r]))).toBe('signature-wrong')
    expect(faultOf(Buffer.alloc(64, 0xff))).toBe('signature-wrong')
    expect(faultOf(sign('sha256', bytes, ecKey.privateKey))).toBe('signature-malformed')
  })

  test('Ed25519 with s + L, which some libraries take', () => {
    const signature = signatureBy('EdDSA')
    const order = 2n ** 252n + 27_742_317_777_372_353_535_851_937_790_883_648_493n
    const s = BigInt(`0x${Buffer.from(signature.subarray(32)).reverse().toString('hex')}`) + order
    const second = Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse()
    const bad = Buffer.concat([signature.subarray(0, 32), second])
    expect(isCanonicalEd25519(signature)).toBe(true)
    expect(signatureFault({ algorithm: 'EdDSA', signed: bytes, signature: bad }, publicKeyOf(edKey))).toBe(
      'signature-malformed',
    )
  })
})

describe('S-26, CONFORMANCE 3.1, 3.2: the public key', () => {
  test('RSA below 2048 bits is too weak', () => {
    const weak = generateKeyPairSync('rsa', { modulusLength: 1024 })
    expect(keyOfJwk(publicJwk(weak))).toBe('key-too-weak')
    expect(keyOfPem(weak.publicKey.export({ type: 'spki', format: 'pem' }).toString())).toBe('key-too-weak')
  })

  test('private members, other kinds, other uses and broken ones are unusable', () => {
    const jwk = publicJwk(rsaKey)
    expect(keyOfJwk({ ...jwk, alg: 'RS256', use: 'sig', kid: 'x' })).toMatchObject({ algorithm: 'RS256' })
    expect(keyOfJwk({ ...publicJwk(edKey), alg: 'Ed25519' })).toMatchObject({ algorithm: 'EdDSA' })
    for (const bad of [
      { ...jwk, d: 'AQAB' },
      { ...jwk, use: 'enc' },
      { ...jwk, alg: 'PS256' },
      { ...jwk, alg: 'none' },
      { ...jwk, n: 'AQAB', kty: 'oct', k: 'c2VjcmV0' },
      { ...jwk, e: 'AQ' },
      { kty: 'RSA', e: 'AQAB' },
      { ...publicJwk(ecKey), x: 'AAAA' },
      { ...publicJwk(ecKey), crv: 'P-384' },
      publicJwk(generateKeyPairSync('ec', { namedCurve: 'secp256k1' })),
      publicJwk(generateKeyPairSync('x25519')),
      {},
    ]) {
      expect(keyOfJwk(bad), JSON.stringify(bad)).toBe('key-unusable')
    }
  })

  test('CONFORMANCE 1.8: a PEM is a public key and nothing else', () => {
    const pem = rsaKey.publicKey.export({ type: 'spki', format: 'pem' }).toString()
    expect(keyOfPem(pem)).toMatchObject({ algorithm: 'RS256' })
    const privatePem = rsaKey.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    for (const bad of ['', 'x', privatePem, pem.replace('MII', 'AAA'), pem + pem])
      expect(keyOfPem(bad)).toBe('key-unusable')
  })
})
