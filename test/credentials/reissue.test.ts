import { beforeAll, describe, expect, test } from 'vitest'
import { sign, type Signed, UnfitToSign } from '../../src/credentials/issue.ts'
import type { JsonObject } from '../../src/credentials/json.ts'
import { type Change, documentsIn, prepareAgain } from '../../src/credentials/reissue.ts'
import { awardFacts, issuerId, rsaKey } from '../support/award-facts.ts'
import { badgesOf, payloadOf } from '../support/badge-world.ts'
import { without } from '../support/json.ts'

const keys = { ob2: `${issuerId}/keys/rsa-2`, ob3: `${issuerId}/keys/rsa-2` }
const validFrom = new Date('2027-02-03T04:05:06Z')

let signed: Signed
beforeAll(async () => {
  const { ob2, ob3 } = await badgesOf()
  signed = { ob2Jws: ob2, ob3Jwt: ob3 }
})

describe('CONFORMANCE 2.7: a badge that is signed again', () => {
  test('is the same badge: a newer validFrom, the new key, and nothing else is different', async () => {
    const before = documentsIn(signed)
    const prepared = prepareAgain(signed, { validFrom, keys })
    const again = await sign(prepared, { ...rsaKey, kid: keys.ob3 })
    expect(payloadOf(again.ob3Jwt)).toEqual({
      ...before.credential,
      validFrom: '2027-02-03T04:05:06Z',
      iss: issuerId,
      jti: awardFacts.credentialId,
      nbf: validFrom.getTime() / 1000,
      sub: awardFacts.recipient.urn,
      exp: 1_890_036_000,
    })
    expect(payloadOf(again.ob3Jwt)['awardedDate']).toBe('2026-11-22T10:00:00Z')
    const verification = { type: 'SignedBadge', creator: `${keys.ob2}/ob2` }
    expect(payloadOf(again.ob2Jws)).toEqual({ ...before.assertion, verification })
  })

  const inCredential =
    (change: JsonObject): Change =>
    ({ assertion, credential }) => ({ assertion, credential: { ...credential, ...change } })
  test.each<[string, Change, string]>([
    ['another id', inCredential({ id: 'urn:uuid:019ab000-0000-7000-8000-00000000ffff' }), '/ob3/id'],
    ['another name', inCredential({ name: 'Muu' }), '/ob3/name'],
    ['another issuer', inCredential({ issuer: 'https://merkit.example/o/tor2' }), '/ob3/issuer'],
    ['a later first day', inCredential({ awardedDate: '2027-02-03T04:05:06Z' }), '/ob3/awardedDate'],
    ['no subject', inCredential({ credentialSubject: 'urn:x' }), '/ob3/credentialSubject/achievement'],
    [
      'another day in 2.0',
      ({ assertion, credential }) => ({ assertion: { ...assertion, issuedOn: '2027-02-03T04:05:06Z' }, credential }),
      '/ob2/issuedOn',
    ],
    [
      'no badge in 2.0',
      ({ assertion, credential }) => ({ assertion: without(assertion, 'badge'), credential }),
      '/ob2/badge',
    ],
  ])('is not signed with %s', (_, change, pointer) => {
    let faults: UnfitToSign['faults'] = []
    try {
      prepareAgain(signed, { validFrom, keys, change })
    } catch (error) {
      if (!(error instanceof UnfitToSign)) throw error
      faults = error.faults
    }
    expect(faults.map((fault) => fault.pointer)).toContain(pointer)
  })

  test('is not made of bytes that hold no documents', () => {
    expect(() => documentsIn({ ...signed, ob2Jws: 'a.W10.c' })).toThrow(TypeError)
    expect(() => documentsIn({ ...signed, ob3Jwt: 'a.W10.c' })).toThrow(TypeError)
    expect(() => documentsIn({ ...signed, ob2Jws: '' })).toThrow(SyntaxError)
  })
})
