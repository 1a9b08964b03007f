import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { contextAddress } from '../../src/credentials/contexts.ts'
import type { IssuerFacts } from '../../src/credentials/facts.ts'
import { embeddedDocument, prepare, sign, signEmbedded } from '../../src/credentials/issue.ts'
import { checkIssuer } from '../../src/credentials/issuer.ts'
import type { Json, JsonObject } from '../../src/credentials/json.ts'
import type { SigningKey } from '../../src/credentials/keys.ts'
import { cryptographicKey } from '../../src/credentials/ob2/build.ts'
import { checkCryptographicKey } from '../../src/credentials/ob2/check.ts'
import { checkDidDocument, checkKeyDocument } from '../../src/credentials/ob3/key-check.ts'
import { didDocument, issuerDocument, keyDocument } from '../../src/credentials/ob3/publish.ts'
import { emptyStatusList, statusListCredential } from '../../src/credentials/status-list.ts'
import { awardFacts, ecKey, edKey, issuer, issuerId, now, rsaKey } from '../support/award-facts.ts'
import { judgeByDigitalBazaar, type World } from '../support/digitalbazaar.ts'
import { withAt } from '../support/json.ts'

const keys = [rsaKey, ecKey, edKey]

describe('S-24: what an organisation will publish is checked before its first badge', () => {
  test('with RSA and Ed25519 keys, also retired and compromised ones, and P-256 where it was chosen, it has no faults', async () => {
    const retired: SigningKey = { ...rsaKey, kid: `${issuerId}/keys/rsa-0` }
    const lost: SigningKey = { ...edKey, kid: `${issuerId}/keys/ed-0`, revoked: new Date('2026-01-01T00:00:00Z') }
    for (const held of [[rsaKey, edKey], keys, [...keys, retired, lost]])
      expect(await checkIssuer(issuer, held)).toEqual([])
    expect(
      await checkIssuer({ ...issuer, origin: 'http://localhost:4000' }, ofOrigin('http://localhost:4000')),
    ).toEqual([])
  })

  const wrongs: readonly (readonly [string, Partial<IssuerFacts>, readonly string[]])[] = [
    ['no name', { name: '' }, ['/issuer/name', '/ob2/name']],
    ['a support level in the name', { name: 'Tehostettu tuki ry' }, ['/issuer/name', '/ob2/name']],
    ['a personal identity code in the name', { name: 'Paja 131052-308T' }, ['/issuer/name', '/ob2/name']],
    ['a home page on plain http', { url: 'http://meriharju.example/' }, ['/issuer/url', '/ob2/url']],
    ['an e-mail address that is none', { email: 'ei ole' }, ['/issuer/email', '/ob2/email']],
    ['an origin on plain http', { origin: 'http://merkit.example' }, ['/issuer/id', '/ob2/id', '/did/alsoKnownAs/0']],
    ['a code that does not fit an address', { code: 'MERI1' }, ['/did/id']],
  ]
  test.each(wrongs)('%s is pointed at in every document', async (_what, wrong, pointers) => {
    const facts = { ...issuer, ...wrong }
    const faults = await checkIssuer(facts, ofOrigin(facts.origin, facts.code))
    expect(faults.map(({ pointer }) => pointer)).toEqual(expect.arrayContaining([...pointers]))
  })

  test('DESIGN, Keys: a kind of key that is missing, or only there as compromised', async () => {
    const lost = { ...edKey, revoked: now }
    for (const held of [[rsaKey], [rsaKey, lost]])
      expect(await checkIssuer(issuer, held)).toEqual([
        { pointer: '/keys', code: 'missing-member', detail: 'There is no EdDSA key' },
      ])
    expect(await checkIssuer(issuer, [edKey, ecKey])).toMatchObject([{ pointer: '/keys', code: 'missing-member' }])
  })

  test('CONFORMANCE 3.1: an RSA key below 2048 bits, and S-23: a key of another issuer', async () => {
    const weak: SigningKey = { ...rsaKey, ...generateKeyPairSync('rsa', { modulusLength: 1024 }) }
    expect(await checkIssuer(issuer, [weak, edKey])).toMatchObject([
      { pointer: '/did/verificationMethod/0/publicKeyJwk/n' },
      { pointer: '/keys/rsa-1/n' },
    ])
    const foreign: SigningKey = { ...rsaKey, kid: 'https://merkit.example/o/kot2/keys/rsa-1' }
    expect((await checkIssuer(issuer, [foreign, edKey])).map(({ pointer }) => pointer)).toEqual([
      '/keys/rsa-1/kid',
      '/keys/rsa-1/ob2/owner',
    ])
  })

  function ofOrigin(origin: string, code = 'mer1'): readonly SigningKey[] {
    return [rsaKey, edKey].map((key) => ({ ...key, kid: key.kid.replace(issuerId, `${origin}/o/${code}`) }))
  }
})

describe('S-24: the exact members of key documents', () => {
  const wrongs: readonly (readonly [string, SigningKey, string, Json | undefined, string])[] = [
    ['CONFORMANCE 3.2: a private half', rsaKey, 'd', 'AAAA', '/d'],
    ['CONFORMANCE 3.2: a private half', ecKey, 'd', 'AAAA', '/d'],
    ['CONFORMANCE 3.1: another algorithm than the key’s', ecKey, 'alg', 'RS256', '/alg'],
    ['CONFORMANCE 3.1: another algorithm than the key’s', rsaKey, 'alg', 'PS256', '/alg'],
    ['S-23: no use', rsaKey, 'use', undefined, '/use'],
    ['S-23: no issuer', rsaKey, 'iss', undefined, '/iss'],
    ['S-23: another issuer', ecKey, 'iss', 'https://merkit.example/o/kot2', '/iss'],
    ['CONFORMANCE 3.2: a bare name as kid', rsaKey, 'kid', 'rsa-1', '/kid'],
    ['another curve', ecKey, 'crv', 'P-384', '/crv'],
    ['CONFORMANCE 3.10: another name', edKey, 'id', `${issuerId}#z6Mk`, '/id'],
    ['S-23: another controller', edKey, 'controller', 'https://merkit.example/o/kot2', '/controller'],
    ['CONFORMANCE 3.10: no Ed25519 key', edKey, 'publicKeyMultibase', 'zDnaer', '/publicKeyMultibase'],
    ['CONFORMANCE 3.10: a private half', edKey, 'secretKeyMultibase', 'z', '/secretKeyMultibase'],
  ]
  test.each(wrongs)('%s', (_what, key, member, value, pointer) => {
    const right = keyDocument(issuer, key)
    expect(checkKeyDocument(right, issuerId)).toEqual([])
    expect(checkKeyDocument(withAt(right, [member], value), issuerId).map((fault) => fault.pointer)).toContain(pointer)
  })

  test('CONFORMANCE 1.8: a CryptographicKey holds a public key and names its owner', () => {
    const right = cryptographicKey(issuer, rsaKey)
    const privatePem = rsaKey.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    expect(checkCryptographicKey(right)).toEqual([])
    expect(checkCryptographicKey({ ...right, publicKeyPem: privatePem })).toMatchObject([{ pointer: '/publicKeyPem' }])
    expect(checkCryptographicKey({ ...right, owner: 'https://merkit.example/o/kot2/ob2' })).toMatchObject([
      { pointer: '/owner', code: 'reference' },
    ])
    expect(checkCryptographicKey({ ...right, name: 'x' })).toMatchObject([{ code: 'unknown-member' }])
  })

  test('CONFORMANCE 3.14: the did:web document holds each key that it lists, and no private half', () => {
    const right = didDocument(issuer, keys)
    expect(checkDidDocument(right)).toEqual([])
    const at = (path: readonly (string | number)[], value: Json | undefined): readonly string[] =>
      checkDidDocument(withAt(right, path, value)).map(({ pointer }) => pointer)
    expect(at(['assertionMethod', 0], 'did:web:merkit.example:o:mer1#other')).toEqual(['/assertionMethod/0'])
    expect(at(['verificationMethod', 1, 'controller'], 'did:web:merkit.example:o:kot2')).toEqual([
      '/verificationMethod/1',
    ])
    expect(at(['verificationMethod', 0, 'publicKeyJwk', 'd'], 'AAAA')).toEqual(['/verificationMethod/0/publicKeyJwk/d'])
    expect(at(['id'], 'did:web:merkit.example')).toEqual(['/id'])
    expect(at(['service'], [])).toEqual(['/service'])
  })
})

describe('CONFORMANCE T18: @digitalbazaar/vc takes our issuer document as controller document, in safe mode', () => {
  async function worldWith(document: JsonObject): Promise<{ credential: JsonObject; world: World }> {
    const { ob3Jwt } = await sign(prepare(awardFacts, rsaKey.kid), rsaKey)
    const facts = { issuer, list: 1, bits: emptyStatusList(), validFrom: new Date('2026-01-01T00:00:00Z') }
    const status = await signEmbedded(statusListCredential(facts), edKey, now)
    return {
      credential: await signEmbedded(embeddedDocument(ob3Jwt), edKey, now),
      world: { [issuerId]: document, [`${issuerId}/status/1`]: status },
    }
  }

  test('as it is published, with keys of every kind', async () => {
    const { credential, world } = await worldWith(issuerDocument(issuer, keys))
    expect(await judgeByDigitalBazaar(credential, world, now)).toEqual({ verified: true, revoked: false })
  })

  test('and would not with the OB context alone, which is why there are three', async () => {
    const document = issuerDocument(issuer, keys)
    const alone = { ...document, '@context': [contextAddress.credentials, contextAddress.openBadges] }
    const { credential, world } = await worldWith(alone)
    const judged = await judgeByDigitalBazaar(credential, world, now)
    expect(judged.verified).toBe(false)
    expect(judged.error).toContain('Safe mode validation error')
  })
})
