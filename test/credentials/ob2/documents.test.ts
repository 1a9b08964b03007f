import { beforeAll, describe, expect, test } from 'vitest'
import type { BadgeClassFacts } from '../../../src/credentials/facts.ts'
import {
  badgeClass as badgeClassOf,
  hostedAssertion,
  issuerProfile,
  ob2KeyAddress,
  signedAssertion,
} from '../../../src/credentials/ob2/build.ts'
import { checkAssertion, checkBadgeClass, checkIssuerProfile } from '../../../src/credentials/ob2/check.ts'
import type { JsonObject } from '../../../src/credentials/json.ts'
import { verify } from '../../../src/credentials/verify.ts'
import { awardFacts, badgeClass, issuer, issuerId, now, rsaKey } from '../../support/award-facts.ts'
import { type Badges, badgesOf, bytesOf, jwsOf, lookIn, publicDocuments } from '../../support/badge-world.ts'
import { objectAt, without } from '../../support/json.ts'
import { payloadWith } from '../../support/signed-with.ts'

const signed = signedAssertion(awardFacts, ob2KeyAddress(rsaKey.kid))
const hosted = hostedAssertion(awardFacts)
const classDocument = badgeClassOf(badgeClass)
const profile = issuerProfile(issuer, [rsaKey])

describe('CONFORMANCE 1.1: Assertion, BadgeClass and Profile', () => {
  test('are JSON-LD of Open Badges 2.0 and lead from one to the next', () => {
    for (const document of [signed, hosted, classDocument, profile]) {
      expect(document['@context']).toBe('https://w3id.org/openbadges/v2')
    }
    expect([signed['type'], classDocument['type'], profile['type']]).toEqual(['Assertion', 'BadgeClass', 'Profile'])
    expect([signed['badge'], hosted['badge']]).toEqual([classDocument['id'], classDocument['id']])
    expect(classDocument['issuer']).toBe(profile['id'])
  })

  test('have every member that an issuer must write, or are not signed and not published', () => {
    const required: readonly [JsonObject, (document: JsonObject) => readonly unknown[], readonly string[]][] = [
      [signed, checkAssertion, ['id', 'type', 'recipient', 'badge', 'verification', 'issuedOn']],
      [hosted, checkAssertion, ['id', 'type', 'recipient', 'badge', 'verification', 'issuedOn']],
      [classDocument, checkBadgeClass, ['id', 'type', 'name', 'description', 'image', 'criteria', 'issuer']],
      [profile, checkIssuerProfile, ['id', 'type', 'name', 'url', 'email']],
    ]
    for (const [document, check, members] of required) {
      expect(check(document)).toEqual([])
      for (const member of members) {
        expect(document, member).toHaveProperty(member)
        expect(check(without(document, member)), member).not.toEqual([])
      }
    }
  })
})

test('CONFORMANCE 1.3: the picture is an address of a PNG; an Assertion has none of its own', () => {
  expect(classDocument['image']).toBe(`${issuerId}/badges/polkupyoran-huolto/2/fi.png`)
  for (const image of ['data:image/png;base64,AAAA', { id: 'https://merkit.example/x.png' }]) {
    expect(checkBadgeClass({ ...classDocument, image })).toMatchObject([{ pointer: '/image', code: 'shape' }])
  }
  for (const assertion of [signed, hosted]) {
    expect(assertion).not.toHaveProperty('image')
    expect(checkAssertion({ ...assertion, image: 'data:image/png;base64,AAAA' })).toMatchObject([
      { pointer: '/image', code: 'unknown-member' },
    ])
  }
})

test('CONFORMANCE 1.11: each language is a BadgeClass of its own that names the others', () => {
  const languages = ['fi', 'sv', 'en'] as const
  const classes = languages.map((language) => badgeClassOf({ ...badgeClass, language }))
  for (const [place, one] of classes.entries()) {
    const others = classes.filter((other) => other !== one)
    expect(one['@language']).toBe(languages[place])
    expect(one['related']).toEqual(
      others.map((other) => ({ type: 'BadgeClass', id: other['id'], '@language': other['@language'], version: '2' })),
    )
    expect(checkBadgeClass(one)).toEqual([])
  }
  expect(badgeClassOf({ ...badgeClass, languages: ['fi'] })).not.toHaveProperty('related')
})

test('CONFORMANCE 1.12: the alignment leads to the unit, in the words of 2.0', () => {
  expect(classDocument['alignment']).toEqual([
    {
      type: 'AlignmentObject',
      targetName: 'Polkupyörän huolto',
      targetUrl: 'https://eperusteet.opintopolku.fi/#/fi/ammatillinen/7614470/tutkinnonosat/7911988',
      targetFramework: 'Ajoneuvoalan perustutkinto OPH-5410-2021',
      targetCode: 'tutkinnonosat_106889',
    },
  ])
  const described: BadgeClassFacts = {
    ...badgeClass,
    alignments: badgeClass.alignments.map((one) => ({ ...one, targetDescription: 'Osaamispisteitä 15' })),
  }
  expect(badgeClassOf(described)['alignment']).toMatchObject([{ targetDescription: 'Osaamispisteitä 15' }])
  expect(checkBadgeClass(badgeClassOf(described))).toEqual([])
  expect(badgeClassOf({ ...badgeClass, alignments: [] })).not.toHaveProperty('alignment')
  const [alignment] = badgeClass.alignments
  const typed = { ...classDocument, alignment: [{ ...alignment, type: 'AlignmentObject', targetType: 'CFItem' }] }
  expect(checkBadgeClass(typed)).toMatchObject([{ pointer: '/alignment/0/targetType', code: 'unknown-member' }])
})

describe('CONFORMANCE 1.2: dates have day, time and zone', () => {
  let badges: Badges
  beforeAll(async () => {
    badges = await badgesOf()
  })

  test('in what we write', () => {
    for (const assertion of [signed, hosted]) {
      expect(assertion).toMatchObject({ issuedOn: '2026-11-22T10:00:00Z', expires: '2029-11-22T10:00:00Z' })
    }
  })

  test.each([
    ['without a time', '2026-11-22', false],
    ['without a zone', '2026-11-22T10:00:00', false],
    ['as a number', 1_795_341_600, false],
    ['of no calendar', '2026-13-45T10:00:00Z', false],
    ['with fractions', '2026-11-22T10:00:00.123Z', true],
    ['in another zone', '2026-11-22T12:00:00+02:00', true],
  ])('%s, in what we read', async (_, issuedOn, isTaken) => {
    const documents = await publicDocuments()
    const badge = jwsOf({ alg: 'RS256' }, payloadWith(badges.ob2, { issuedOn }), rsaKey)
    const { verdict, checks } = await verify(bytesOf(badge), lookIn(documents), { at: now })
    expect(verdict).toBe(isTaken ? 'valid' : 'invalid')
    expect(checks.find(({ id }) => id === 'structure')?.code).toBe(isTaken ? 'structure-right' : 'member-wrong')
  })
})

test('CONFORMANCE 1.10: the recipient is of a type, hashed or not, with its salt', () => {
  const { recipient } = signed
  expect(Object.keys(objectAt(signed, 'recipient'))).toEqual(['type', 'hashed', 'salt', 'identity'])
  expect(hosted['recipient']).toEqual(recipient)
})
