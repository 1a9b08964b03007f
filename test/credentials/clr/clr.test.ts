import { beforeAll, describe, expect, test } from 'vitest'
import { clrCredential, type ClrFacts } from '../../../src/credentials/clr/build.ts'
import { checkClr } from '../../../src/credentials/clr/check.ts'
import { contextAddress } from '../../../src/credentials/contexts.ts'
import { UnfitToSign } from '../../../src/credentials/issue.ts'
import type { JsonObject } from '../../../src/credentials/json.ts'
import { achievement, achievementAddress } from '../../../src/credentials/ob3/build.ts'
import { checkSafeJsonLd } from '../../../src/credentials/safe-json-ld.ts'
import { checkSchema, schemaAddress } from '../../../src/credentials/schemas.ts'
import { signClr } from '../../../src/credentials/sign-checked.ts'
import { awardFacts, badgeClass, edKey, issuerId, now } from '../../support/award-facts.ts'
import { judgeByDigitalBazaar } from '../../support/digitalbazaar.ts'
import {
  anotherAward,
  endorsedAward,
  endorsementOf,
  objectsIn,
  passportOf,
  schoolKey,
  withSchool,
} from '../../support/endorsed.ts'
import { objectAt, withAt, without } from '../../support/json.ts'

const painting = anotherAward(2, { slug: 'maalaus', version: 1, name: 'Maalaus' })
const whole = { ...badgeClass, slug: 'kokonaisuus', scope: 'unit', name: 'Puupintojen käsittely' } as const
const [sandingId, paintingId, wholeId] = [badgeClass, painting.badgeClass, whole].map((one) => achievementAddress(one))

let facts: ClrFacts
let document: JsonObject
beforeAll(async () => {
  const endorsed = endorsedAward([await endorsementOf()])
  const order = { type: 'precedes', source: sandingId ?? '', target: paintingId ?? '' } as const
  const part = { type: 'isPartOf', target: wholeId ?? '' } as const
  facts = await passportOf([endorsed, painting], {
    achievements: [achievement(whole)],
    associations: [{ ...part, source: sandingId ?? '' }, { ...part, source: paintingId ?? '' }, order],
    endorsements: [
      await endorsementOf({ id: '019ab000-0000-7000-8000-0000000000e2', subject: awardFacts.credentialId }),
    ],
  })
  document = clrCredential(facts)
})

describe('CONFORMANCE 10.1: a ClrCredential', () => {
  test('has the contexts in their order, its types, name, issuer and time, and meets schema, members and safe mode', async () => {
    expect(document['@context']).toEqual([
      'https://www.w3.org/ns/credentials/v2',
      'https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json',
      'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
      'https://purl.imsglobal.org/spec/ob/v3p0/extensions.json',
    ])
    expect(document).toMatchObject({
      type: ['VerifiableCredential', 'ClrCredential'],
      name: 'Osaamispassi',
      issuer: { id: issuerId },
      validFrom: '2026-12-01T00:00:00Z',
    })
    expect(checkClr(document)).toEqual([])
    expect(checkSchema(schemaAddress.clrCredential, document)).toEqual([])
    expect(await checkSafeJsonLd(document)).toEqual([])
  })

  test('is always partial: it does not tell whether there is something that the holder did not take', async () => {
    expect(document['partial']).toBe(true)
    expect(checkClr({ ...document, partial: false })).toMatchObject([{ pointer: '/partial', code: 'shape' }])
  })

  test('contexts in another order, or one less, are refused before signing (CONFORMANCE T1)', () => {
    const { credentials, clr, openBadges, openBadgesExtensions } = contextAddress
    for (const contexts of [
      [credentials, openBadges, clr, openBadgesExtensions],
      [credentials, clr, openBadges],
    ]) {
      const faults = checkClr({ ...document, '@context': contexts })
      expect(faults).toEqual(expect.arrayContaining([expect.objectContaining({ code: 'context' })]))
    }
  })
})

describe('CONFORMANCE 10.2: its subject', () => {
  test('is a ClrSubject with an id, the credentials untouched, and the achievements that are only part of the picture', () => {
    const subject = objectAt(document, 'credentialSubject')
    expect(subject).toMatchObject({ id: facts.subject, type: ['ClrSubject'], achievement: [{ id: wholeId }] })
    // Not a byte of what was signed is another one.
    const text = JSON.stringify(document)
    for (const inner of facts.credentials) expect(text).toContain(JSON.stringify(inner))
  })

  test('names every subject inside as its own (CONFORMANCE 10.4)', () => {
    const subject = objectAt(document, 'credentialSubject')
    expect(subject['identifier']).toEqual(
      [awardFacts, painting].map(({ recipient }) => ({
        type: 'IdentityObject',
        hashed: false,
        identityHash: recipient.urn,
        identityType: 'identifier',
      })),
    )
    const place = ['credentialSubject', 'identifier'] as const
    expect(checkClr(withAt(document, [...place], [facts.sameAs[0] ?? '']))).not.toEqual([])
    const forgotten = clrCredential({ ...facts, sameAs: facts.sameAs.slice(0, 1) })
    expect(checkClr(forgotten)).toMatchObject([
      { pointer: '/credentialSubject/verifiableCredential/1/credentialSubject/id', code: 'reference' },
    ])
  })

  test('without any credential, with one twice, or with an unsigned one it is not signed', async () => {
    const [first] = facts.credentials
    const { proof: _proof, ...bare } = first ?? {}
    for (const credentials of [[], [first ?? {}, first ?? {}], [bare]]) {
      await expect(signClr({ ...facts, credentials }, edKey, now)).rejects.toThrow(UnfitToSign)
    }
  })
})

describe('CONFORMANCE 10.3: associations', () => {
  test('part of a whole and the order of tasks, with exactly their four members', () => {
    expect(objectAt(document, 'credentialSubject')['association']).toEqual([
      { type: 'Association', associationType: 'isPartOf', sourceId: sandingId, targetId: wholeId },
      { type: 'Association', associationType: 'isPartOf', sourceId: paintingId, targetId: wholeId },
      { type: 'Association', associationType: 'precedes', sourceId: sandingId, targetId: paintingId },
    ])
  })

  test('one that leads nowhere or to itself is refused before signing', () => {
    for (const target of [`${issuerId}/badges/muu/1/fi`, sandingId ?? '']) {
      const changed = { ...facts, associations: [{ type: 'isPartOf', source: sandingId ?? '', target } as const] }
      expect(checkClr(clrCredential(changed))).toMatchObject([
        { pointer: '/credentialSubject/association/0', code: 'reference' },
      ])
    }
    const more = withAt(document, ['credentialSubject', 'association', 0, 'note'], 'x')
    expect(checkClr(more).map(({ code }) => code)).toEqual(expect.arrayContaining(['schema', 'unknown-member']))
  })
})

test('words that must not be in a badge are found in the collection’s own, and endorsements of nothing here (S-24)', async () => {
  expect(checkClr(clrCredential({ ...facts, name: 'Maijan passi maija@example.fi' }))).toMatchObject([
    { pointer: '/name', code: 'private-text' },
  ])
  const stray = await endorsementOf({ subject: 'urn:uuid:019ab000-0000-7000-8000-0000000000ff' })
  expect(checkClr(clrCredential({ ...facts, endorsements: [stray] }))).toMatchObject([
    { pointer: '/endorsement/0', code: 'reference' },
  ])
})

test('without a subject or an issuer it is no collection, and still nothing is thrown', () => {
  for (const member of ['credentialSubject', 'issuer']) {
    const faults = checkClr(without(document, member)).map(({ pointer, code }) => `${pointer} ${code}`)
    expect(faults).toContain(`/${member} missing-member`)
  }
})

test('S-26: more than 1 MB is not signed', () => {
  const [first = {}] = facts.credentials
  const description = 'ä'.repeat(600_000)
  const large = withAt(first, ['credentialSubject', 'achievement', 'description'], description)
  expect(checkClr(clrCredential({ ...facts, credentials: [large, facts.credentials[1] ?? {}] }))).toEqual([
    { pointer: '', code: 'shape', detail: 'Larger than a verifier reads' },
  ])
})

test('CONFORMANCE 10, 3.9: signed by the foundation’s key, and verified by another implementation in safe mode', async () => {
  const signed = await signClr(facts, edKey, now)
  expect(JSON.stringify(signed)).toContain(JSON.stringify(facts.credentials[0]))
  const world = objectsIn(await withSchool())
  expect(await judgeByDigitalBazaar(signed, world, now)).toEqual({ verified: true })
  const changed = withAt(signed, ['credentialSubject', 'association', 0, 'associationType'], 'isChildOf')
  expect(await judgeByDigitalBazaar(changed, world, now)).toMatchObject({ verified: false })
  await expect(signClr(facts, schoolKey, now)).rejects.toThrow('not a key of this issuer')
})
