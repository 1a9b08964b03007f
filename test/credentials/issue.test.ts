import { decodeProtectedHeader, compactVerify, importJWK, importSPKI } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import type { AwardFacts } from '../../src/credentials/facts.ts'
import { embeddedDocument, prepare, sign, signEmbedded, UnfitToSign } from '../../src/credentials/issue.ts'
import type { Signed } from '../../src/credentials/issue.ts'
import type { JsonObject } from '../../src/credentials/json.ts'
import type { SigningKey } from '../../src/credentials/keys.ts'
import { cryptographicKey } from '../../src/credentials/ob2/build.ts'
import { issuerDocument, jwkDocument } from '../../src/credentials/ob3/publish.ts'
import { UnfitKey } from '../../src/credentials/proofs/sign-jws.ts'
import { emptyStatusList, setStatus, statusListCredential } from '../../src/credentials/status-list.ts'
import { awardFacts, ecKey, edKey, issuer, issuerId, now, rsaKey } from '../support/award-facts.ts'
import { judgeByDigitalBazaar } from '../support/digitalbazaar.ts'
import type { World } from '../support/digitalbazaar.ts'
import { parseObject, textAt } from '../support/json.ts'

const parse = (bytes: Uint8Array): JsonObject => parseObject(Buffer.from(bytes).toString('utf8'))

async function verifyByJose(jws: string, key: SigningKey): Promise<JsonObject> {
  const jwk = await importJWK(jwkDocument(issuer, key), key.alg)
  return parse((await compactVerify(jws, jwk, { algorithms: [key.alg] })).payload)
}

describe('a signed award', () => {
  let signed: Signed
  beforeAll(async () => {
    signed = await sign(prepare(awardFacts, rsaKey.kid), rsaKey)
  })

  test('CONFORMANCE 1.7, 1.8: jose verifies the OB 2.0 JWS with the linked CryptographicKey', async () => {
    const pem = textAt(cryptographicKey(issuer, rsaKey), 'publicKeyPem')
    const { payload } = await compactVerify(signed.ob2Jws, await importSPKI(pem, 'RS256'), { algorithms: ['RS256'] })
    expect(parse(payload)).toMatchObject({
      id: awardFacts.assertionId,
      verification: { type: 'SignedBadge', creator: `${rsaKey.kid}/ob2` },
    })
  })

  test('CONFORMANCE 3.1, 3.2, 3.3: the VC-JWT header has only alg, kid and typ', async () => {
    expect(decodeProtectedHeader(signed.ob3Jwt)).toEqual({ alg: 'RS256', kid: rsaKey.kid, typ: 'JWT' })
    expect(decodeProtectedHeader(signed.ob2Jws)).toEqual({ alg: 'RS256', kid: rsaKey.kid })
    await verifyByJose(signed.ob3Jwt, rsaKey)
  })

  test('CONFORMANCE 3.4: the claims are the credential’s values, times in seconds, no vc claim', async () => {
    const payload = await verifyByJose(signed.ob3Jwt, rsaKey)
    expect(payload).toMatchObject({
      iss: issuerId,
      jti: awardFacts.credentialId,
      nbf: 1_795_341_600,
      sub: awardFacts.recipient.urn,
      exp: 1_890_036_000,
      id: awardFacts.credentialId,
      validFrom: '2026-11-22T10:00:00Z',
      validUntil: '2029-11-22T10:00:00Z',
    })
    expect(new Date(1_795_341_600_000).toISOString()).toBe('2026-11-22T10:00:00.000Z')
    expect(payload).not.toHaveProperty('vc')
  })

  test('CONFORMANCE 3.4: no exp when the badge does not end', async () => {
    const { validUntil: _, ...endless } = awardFacts
    const payload = await verifyByJose((await sign(prepare(endless, rsaKey.kid), rsaKey)).ob3Jwt, rsaKey)
    expect(payload).not.toHaveProperty('exp')
    expect(payload).not.toHaveProperty('validUntil')
  })

  test('CONFORMANCE 2.7: signed again, it keeps its ids and its day, and begins later', async () => {
    const again = { ...awardFacts, validFrom: new Date('2027-01-01T00:00:00Z') }
    const payload = await verifyByJose((await sign(prepare(again, rsaKey.kid), rsaKey)).ob3Jwt, rsaKey)
    expect(payload).toMatchObject({
      id: awardFacts.credentialId,
      awardedDate: '2026-11-22T10:00:00Z',
      validFrom: '2027-01-01T00:00:00Z',
    })
  })

  test('the embedded document is the stored credential without the claims', () => {
    const document = embeddedDocument(signed.ob3Jwt)
    expect(document).toEqual(prepare(awardFacts, rsaKey.kid).credential)
    expect(() => embeddedDocument('a.W10.c')).toThrow(TypeError)
  })
})

describe('CONFORMANCE 2.5, 2.9: @digitalbazaar/vc in safe mode, with the bundled contexts and our public documents only', () => {
  const bits = emptyStatusList()
  const created = awardFacts.validFrom
  let document: JsonObject
  let world: World

  async function worldWith(list: Uint8Array): Promise<World> {
    // Their status check takes the day from the machine's clock, so the list must have begun whenever this runs.
    const facts = { issuer, list: 1, bits: list, validFrom: new Date('2026-01-01T00:00:00Z') }
    const status = await signEmbedded(statusListCredential(facts), edKey, created)
    return { [issuerId]: issuerDocument(issuer, [rsaKey, edKey]), [`${issuerId}/status/1`]: status }
  }

  beforeAll(async () => {
    const { ob3Jwt } = await sign(prepare(awardFacts, rsaKey.kid), rsaKey)
    document = await signEmbedded(embeddedDocument(ob3Jwt), edKey, created)
    world = await worldWith(bits)
  })

  test('verifies our credential, and finds it not revoked', async () => {
    expect(await judgeByDigitalBazaar(document, world, now)).toEqual({ verified: true, revoked: false })
  })

  test('CONFORMANCE 7.3: sees the revocation in our list', async () => {
    const revoked = emptyStatusList()
    setStatus(revoked, awardFacts.status.index)
    expect(await judgeByDigitalBazaar(document, await worldWith(revoked), now)).toMatchObject({ revoked: true })
  })

  test('refuses a changed word and an added member', async () => {
    expect(await judgeByDigitalBazaar({ ...document, name: 'Muu' }, world, now)).toMatchObject({ verified: false })
    expect(await judgeByDigitalBazaar({ ...document, grade: '5' }, world, now)).toMatchObject({ verified: false })
  })

  test('CONFORMANCE T18, 3.11: refuses a key that the issuer document does not list', async () => {
    const without = { ...world, [issuerId]: { ...issuerDocument(issuer, [edKey]), assertionMethod: [] } }
    expect(await judgeByDigitalBazaar(document, without, now)).toMatchObject({ verified: false })
  })

  test('S-22: a retired key still verifies beside a new one; a compromised one does not', async () => {
    const newer: SigningKey = { ...ecKey, alg: 'RS256', kid: `${issuerId}/keys/rsa-2` }
    const retired = { ...world, [issuerId]: issuerDocument(issuer, [newer, edKey]) }
    expect(await judgeByDigitalBazaar(document, retired, now)).toMatchObject({ verified: true })
    const compromised = { ...world, [issuerId]: issuerDocument(issuer, [{ ...edKey, revoked: created }]) }
    expect(await judgeByDigitalBazaar(document, compromised, now)).toMatchObject({ verified: false })
  })
})

describe('which key signs', () => {
  test('CONFORMANCE 3.1: ES256 for OB 3.0 where it was chosen; OB 2.0 stays RS256', async () => {
    const prepared = prepare(awardFacts, { ob2: rsaKey.kid, ob3: ecKey.kid })
    const { ob2Jws, ob3Jwt } = await sign(prepared, rsaKey, ecKey)
    expect(await verifyByJose(ob3Jwt, ecKey)).toMatchObject({ iss: issuerId })
    expect(await verifyByJose(ob2Jws, rsaKey)).toMatchObject({ type: 'Assertion' })
  })

  test('another key than the documents name, or of another kind, is refused', async () => {
    const prepared = prepare(awardFacts, rsaKey.kid)
    await expect(sign(prepared, { ...rsaKey, kid: `${issuerId}/keys/other` })).rejects.toThrow(UnfitKey)
    await expect(sign(prepared, rsaKey, ecKey)).rejects.toThrow('the documents name another key')
    await expect(sign(prepare(awardFacts, ecKey.kid), ecKey)).rejects.toThrow('OB 2.0 is signed by RS256')
    await expect(sign(prepare(awardFacts, edKey.kid), edKey)).rejects.toThrow(UnfitKey)
    const disguised: SigningKey = { ...ecKey, kid: rsaKey.kid, alg: 'RS256' }
    await expect(sign(prepared, disguised)).rejects.toThrow('it is not a key for RS256')
    const asEc: SigningKey = { ...rsaKey, kid: ecKey.kid, alg: 'ES256' }
    const two = prepare(awardFacts, { ob2: rsaKey.kid, ob3: ecKey.kid })
    await expect(sign(two, rsaKey, asEc)).rejects.toThrow('it is not a key for ES256')
    await expect(sign(two, rsaKey, { ...edKey, kid: ecKey.kid })).rejects.toThrow('EdDSA is for embedded proofs')
  })

  test('an embedded proof is made only by the issuer’s own Ed25519 key', async () => {
    const { credential } = prepare(awardFacts, rsaKey.kid)
    await expect(signEmbedded(credential, rsaKey, now)).rejects.toThrow('an embedded proof needs an Ed25519 key')
    const foreign = { ...edKey, kid: 'https://merkit.example/o/kot2/keys/ed-1' }
    await expect(signEmbedded(credential, foreign, now)).rejects.toThrow('it is not a key of this issuer')
    await expect(signEmbedded({ '@context': [] }, edKey, now)).rejects.toThrow(UnfitToSign)
  })

  test('S-23: a key of another foundation is refused before anything is built with it', () => {
    expect(faultsOf(() => prepare(awardFacts, 'https://merkit.example/o/kot2/keys/rsa-1'))).toMatchObject([
      { pointer: '/keys/ob2', code: 'reference' },
      { pointer: '/keys/ob3', code: 'reference' },
    ])
  })
})

function faultsOf(act: () => unknown): UnfitToSign['faults'] {
  try {
    act()
  } catch (error) {
    if (error instanceof UnfitToSign) return error.faults
    throw error
  }
  return []
}

describe('S-24: unfit to sign, found before a key is used', () => {
  const cases: readonly (readonly [string, Partial<AwardFacts>, string])[] = [
    ['CONFORMANCE T5: a fraction of a second', { validFrom: new Date('2026-11-22T10:00:00.500Z') }, '/validFrom'],
    ['an instant that is none', { awardedAt: new Date(Number.NaN) }, '/awardedAt'],
    [
      'CONFORMANCE 2.4: a recipient that is no urn',
      { recipient: { urn: 'pekka', salt: 'ab'.repeat(16) } },
      '/ob3/credentialSubject/id',
    ],
    ['CONFORMANCE 5.5: a short salt', { recipient: { ...awardFacts.recipient, salt: 'abc' } }, '/ob2/recipient/salt'],
    ['CONFORMANCE 9.9: one id for two documents', { assertionId: awardFacts.credentialId }, '/ob3/id'],
    [
      'CONFORMANCE 7.4: a place outside the list',
      { status: { list: 1, index: 131_072 } },
      '/ob3/credentialStatus/statusListIndex',
    ],
    ['an end before the beginning', { validUntil: new Date('2026-11-22T09:00:00Z') }, '/ob2/expires'],
    ['awarded after it holds', { awardedAt: new Date('2026-11-23T10:00:00Z') }, '/ob3/awardedDate'],
    ['no words of evidence', { evidence: { name: 'Tehty työ', narrative: '' } }, '/ob2/evidence/0/narrative'],
    [
      'DESIGN: a support level in the words',
      { evidence: { name: 'Tehty työ', narrative: 'Työ onnistui vähäisellä tuella.' } },
      '/ob2/evidence/0/narrative',
    ],
    [
      'DOMAIN 9.3: an e-mail address in the words',
      { evidence: { name: 'Tehty työ', narrative: 'Kysy: sari@meriharju.example' } },
      '/ob3/evidence/0/narrative',
    ],
    [
      'DOMAIN 9.5: a personal identity code in the words',
      { evidence: { name: 'Tehty työ', narrative: 'Tekijä 131052-308T.' } },
      '/ob3/evidence/0/narrative',
    ],
    [
      'an alignment without a name',
      {
        badgeClass: {
          ...awardFacts.badgeClass,
          alignments: [{ targetName: '', targetUrl: 'https://a.example/', targetFramework: 'f', targetCode: 'c' }],
        },
      },
      '/ob3/credentialSubject/achievement/alignment/0/targetName',
    ],
    [
      'DESIGN, Origins: an origin that is neither https nor loopback',
      { badgeClass: { ...awardFacts.badgeClass, issuer: { ...issuer, origin: 'http://merkit.example' } } },
      '/ob3/issuer/id',
    ],
  ]

  test.each(cases)('%s', (_what, wrong, pointer) => {
    const facts = { ...awardFacts, ...wrong }
    const kid = `${facts.badgeClass.issuer.origin}/o/mer1/keys/rsa-1`
    expect(faultsOf(() => prepare(facts, kid)).map((fault) => fault.pointer)).toContain(pointer)
  })

  test('right facts have no faults, also on loopback and without alignments or an end', () => {
    const { validUntil: _, ...endless } = awardFacts
    const badgeClass = { ...awardFacts.badgeClass, alignments: [], languages: ['fi'] as const }
    const local = { ...badgeClass, issuer: { ...issuer, origin: 'http://localhost:4000' } }
    expect(faultsOf(() => prepare(awardFacts, rsaKey.kid))).toEqual([])
    expect(
      faultsOf(() => prepare({ ...endless, badgeClass: local }, 'http://localhost:4000/o/mer1/keys/rsa-1')),
    ).toEqual([])
  })
})
