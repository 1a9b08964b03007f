import { beforeAll, describe, expect, test } from 'vitest'
import { endorsementCredential } from '../../../src/credentials/endorsement/build.ts'
import { checkEndorsement } from '../../../src/credentials/endorsement/check.ts'
import { UnfitToSign } from '../../../src/credentials/issue.ts'
import type { JsonObject } from '../../../src/credentials/json.ts'
import { achievementDocument, credential, maxEndorsements } from '../../../src/credentials/ob3/build.ts'
import { checkAchievement, checkCredential } from '../../../src/credentials/ob3/check.ts'
import { checkSafeJsonLd } from '../../../src/credentials/safe-json-ld.ts'
import { checkSchema, schemaAddress } from '../../../src/credentials/schemas.ts'
import { signEndorsement } from '../../../src/credentials/sign-checked.ts'
import { awardFacts, badgeClass, edKey, now } from '../../support/award-facts.ts'
import { badgesOf } from '../../support/badge-world.ts'
import { judgeByDigitalBazaar } from '../../support/digitalbazaar.ts'
import {
  endorsedAward,
  endorsementFacts,
  endorsementOf,
  objectsIn,
  schoolId,
  schoolKey,
  withSchool,
} from '../../support/endorsed.ts'
import { objectAt, without } from '../../support/json.ts'

let signed: JsonObject
beforeAll(async () => {
  signed = await endorsementOf()
})

describe('CONFORMANCE 9.6: an endorsement', () => {
  test('has a name, the endorsed thing and the comment, and meets schema, members and safe mode', async () => {
    const document = endorsementCredential(endorsementFacts)
    expect(checkEndorsement(document)).toEqual([])
    expect(await checkSafeJsonLd(document)).toEqual([])
    expect(document).toMatchObject({
      type: ['VerifiableCredential', 'EndorsementCredential'],
      name: endorsementFacts.name,
      issuer: { id: schoolId },
      credentialSubject: { id: endorsementFacts.subject, type: ['EndorsementSubject'] },
    })
  })

  test('is signed by the endorser’s own embedded proof, which another implementation verifies in safe mode', async () => {
    expect(objectAt(signed, 'proof')['verificationMethod']).toMatch(/^https:\/\/merkit\.example\/o\/opi1#z6Mk/)
    expect(checkSchema(schemaAddress.endorsementCredential, signed)).toEqual([])
    expect(await judgeByDigitalBazaar(signed, objectsIn(await withSchool()), now)).toEqual({ verified: true })
    const changed = { ...signed, name: 'Suositus: jotain muuta' }
    expect(await judgeByDigitalBazaar(changed, objectsIn(await withSchool()), now)).toMatchObject({ verified: false })
  })

  test('carries no status: withdrawing it later does not make badges fail that carry it', () => {
    expect(signed['credentialStatus']).toBeUndefined()
  })

  const broken: readonly [string, Partial<typeof endorsementFacts>, string, string][] = [
    ['without a name', { name: '' }, '/name', 'shape'],
    ['without a comment', { comment: '' }, '/credentialSubject/endorsementComment', 'shape'],
    ['of something that is no address', { subject: 'merkki' }, '/credentialSubject/id', 'shape'],
    ['of something of its own', { subject: `${schoolId}/badges/a/1/fi` }, '/credentialSubject/id', 'reference'],
    [
      'with a personal identity code',
      { comment: 'Koodi 131052-308T' },
      '/credentialSubject/endorsementComment',
      'private-text',
    ],
    [
      'with an e-mail address',
      { comment: 'Kysy: maija@example.fi' },
      '/credentialSubject/endorsementComment',
      'private-text',
    ],
    [
      'with a support level',
      { comment: 'Tehostettu tuki riitti' },
      '/credentialSubject/endorsementComment',
      'private-text',
    ],
  ]
  test.each(broken)('%s is not signed (S-24)', async (_, change, pointer, code) => {
    const faults = checkEndorsement(endorsementCredential({ ...endorsementFacts, ...change }))
    expect(faults).toEqual(expect.arrayContaining([expect.objectContaining({ pointer, code })]))
    await expect(signEndorsement({ ...endorsementFacts, ...change }, schoolKey, now)).rejects.toThrow(UnfitToSign)
  })

  test('under an address that is not the endorser’s, or without an issuer, it is not ours', () => {
    const document = endorsementCredential(endorsementFacts)
    const foreign = { ...document, id: 'https://merkit.example/o/mer1/endorsements/1' }
    expect(checkEndorsement(foreign)).toEqual([
      { pointer: '/id', code: 'reference', detail: 'Not an address of this endorser' },
    ])
    const codes = checkEndorsement(without(document, 'issuer')).map(({ pointer, code }) => [pointer, code])
    expect(codes).toEqual(expect.arrayContaining([['/issuer', 'missing-member']]))
  })

  test('is not signed by another’s key', async () => {
    await expect(signEndorsement(endorsementFacts, edKey, now)).rejects.toThrow('not a key of this issuer')
  })

  test('with a term that no context defines is refused in safe mode (CONFORMANCE T4)', async () => {
    const document = { ...endorsementCredential(endorsementFacts), endorsementJwt: ['a.b.c'] }
    expect(await checkSafeJsonLd(document)).toMatchObject([{ code: 'json-ld' }])
    expect(checkEndorsement(document)).toMatchObject([{ pointer: '/endorsementJwt', code: 'unknown-member' }])
  })
})

describe('CONFORMANCE 9.6: carried inside the achievement', () => {
  test('of the credential that is issued after it and of the achievement’s own document, untouched', async () => {
    const facts = endorsedAward([signed])
    const document = credential(facts)
    expect(checkCredential(document)).toEqual([])
    expect(await checkSafeJsonLd(document)).toEqual([])
    const achievement = objectAt(objectAt(document, 'credentialSubject'), 'achievement')
    expect(JSON.stringify(achievement['endorsement'])).toBe(JSON.stringify([signed]))
    const published = achievementDocument(facts.badgeClass)
    expect(checkAchievement(published)).toEqual([])
    expect(await checkSafeJsonLd(published)).toEqual([])
    expect(published['endorsement']).toEqual([signed])
  })

  test('the whole is verified by another implementation in safe mode', async () => {
    const { json } = await badgesOf(endorsedAward([signed]))
    const judged = await judgeByDigitalBazaar(json, objectsIn(await withSchool()), now)
    expect(judged).toEqual({ verified: true, revoked: false })
  })

  test('no member where there is none', () => {
    const plain = credential(awardFacts)
    expect(JSON.stringify(credential(endorsedAward([])))).toBe(JSON.stringify(plain))
    expect(JSON.stringify(plain)).not.toContain('endorsement')
  })

  test('one without a proof, of another achievement, or too many are refused before signing (CONFORMANCE T9)', async () => {
    const place = '/credentialSubject/achievement/endorsement'
    const bare = without(signed, 'proof')
    expect(checkCredential(credential(endorsedAward([bare])))).toEqual(
      expect.arrayContaining([expect.objectContaining({ pointer: `${place}/0/proof`, code: 'missing-member' })]),
    )
    const other = await endorsementOf({ subject: `${endorsementFacts.subject.slice(0, -2)}sv` })
    expect(checkCredential(credential(endorsedAward([signed, other])))).toEqual([
      { pointer: `${place}/1`, code: 'reference', detail: 'Endorses something else' },
    ])
    expect(checkAchievement(achievementDocument({ ...badgeClass, endorsements: [other] }))).toEqual([
      { pointer: '/endorsement/0', code: 'reference', detail: 'Endorses something else' },
    ])
    const many = Array.from({ length: maxEndorsements + 1 }, () => signed)
    expect(checkCredential(credential(endorsedAward(many)))).toMatchObject([{ pointer: place, code: 'shape' }])
  })
})
