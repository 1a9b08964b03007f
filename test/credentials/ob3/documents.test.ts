import { beforeAll, describe, expect, test } from 'vitest'
import type { Scope } from '../../../src/credentials/facts.ts'
import type { Json, JsonObject } from '../../../src/credentials/json.ts'
import { achievementDocument, credential } from '../../../src/credentials/ob3/build.ts'
import { checkCredential } from '../../../src/credentials/ob3/check.ts'
import { issuerDocument, revokedCredentials } from '../../../src/credentials/ob3/publish.ts'
import { checkSafeJsonLd } from '../../../src/credentials/safe-json-ld.ts'
import { checkSchema, schemaAddress } from '../../../src/credentials/schemas.ts'
import type { Check, CheckId, Verdict } from '../../../src/credentials/verdict.ts'
import { verify } from '../../../src/credentials/verify.ts'
import { awardFacts, badgeClass, edKey, issuer, issuerId, now, rsaKey } from '../../support/award-facts.ts'
import {
  type Badges,
  badgesOf,
  bytesOf,
  type Documents,
  lookIn,
  payloadOf,
  publicDocuments,
} from '../../support/badge-world.ts'
import { clrCredential } from '../../../src/credentials/clr/build.ts'
import { passportOf } from '../../support/endorsed.ts'
import { objectAt, withAt, without } from '../../support/json.ts'
import { type Change, signedWith } from '../../support/signed-with.ts'

const right = credential(awardFacts)
const subject = objectAt(right, 'credentialSubject')
const achievement = objectAt(subject, 'achievement')
const { validUntil: _end, ...endless } = awardFacts
/** As little as a badge of ours can say. */
const least = credential({ ...endless, badgeClass: { ...badgeClass, alignments: [], languages: ['fi'] } })

let badges: Badges
let documents: Documents
beforeAll(async () => {
  badges = await badgesOf()
  documents = await publicDocuments()
})

async function judge(badge: string | JsonObject): Promise<Verdict> {
  return await verify(bytesOf(badge), lookIn(documents), { at: now })
}

/** A check of the badge with these members changed, rightly signed by its issuer; and the word. */
async function judgeWith(change: Change, id: CheckId): Promise<{ readonly word: string; readonly check?: Check }> {
  const { verdict, checks } = await judge(signedWith(badges.ob3, change))
  const check = checks.find((one) => one.id === id)
  return { word: verdict, ...(check === undefined ? {} : { check }) }
}

describe('CONFORMANCE 2.1: the members of a credential', () => {
  test('contexts in their order, id, types as a list, name, issuer, a date with its zone, subject', () => {
    expect(right).toMatchObject({
      '@context': [
        'https://www.w3.org/ns/credentials/v2',
        'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
        'https://purl.imsglobal.org/spec/ob/v3p0/extensions.json',
      ],
      id: awardFacts.credentialId,
      type: ['VerifiableCredential', 'OpenBadgeCredential'],
      name: 'Polkupyörän huolto',
      validFrom: '2026-11-22T10:00:00Z',
    })
    for (const member of ['@context', 'id', 'type', 'name', 'issuer', 'validFrom', 'credentialSubject']) {
      expect(checkCredential(without(right, member)), member).not.toEqual([])
    }
  })

  test.each(['@context', 'id', 'type', 'issuer', 'validFrom', 'credentialSubject'])(
    'another’s without %s is not valid',
    async (member) => {
      expect((await judgeWith({ [member]: undefined }, 'structure')).word).not.toBe('valid')
    },
  )

  test('another’s may be called AchievementCredential, and need not have a name', async () => {
    expect((await judgeWith({ type: ['VerifiableCredential', 'AchievementCredential'] }, 'structure')).word).toBe(
      'valid',
    )
    const nameless = await judge(signedWith(badges.ob3, { name: undefined }))
    expect([nameless.verdict, nameless.credential?.name]).toEqual(['valid', 'Polkupyörän huolto'])
  })
})

/** Members of which the model knows many values, wherever they stand. */
const multiple = new Set(['alignment', 'evidence', 'result', 'related', 'rubricCriterionLevel', 'credentialSchema'])

function* everyMember(value: Json, path = ''): Generator<readonly [path: string, member: string, value: Json]> {
  if (Array.isArray(value)) {
    const items: readonly Json[] = value
    for (const [place, item] of items.entries()) yield* everyMember(item, `${path}/${place}`)
  } else if (typeof value === 'object' && value !== null) {
    for (const [member, item] of Object.entries(value)) {
      yield [`${path}/${member}`, member, item]
      yield* everyMember(item, `${path}/${member}`)
    }
  }
}

test('CONFORMANCE 2.2: what may be many is a list also when it is one; nothing is null or an empty list', () => {
  const published = [right, least, achievementDocument(badgeClass), issuerDocument(issuer, [rsaKey, edKey])]
  for (const document of published) {
    for (const [path, member, value] of everyMember(document)) {
      expect(value, path).not.toBeNull()
      expect(value, path).not.toEqual([])
      if (multiple.has(member)) expect(Array.isArray(value), path).toBe(true)
    }
  }
  expect(Array.isArray(achievement['resultDescription'])).toBe(true)
  expect(least).not.toHaveProperty('validUntil')
  expect(objectAt(objectAt(least, 'credentialSubject'), 'achievement')).not.toHaveProperty('alignment')
  for (const [path, wrong] of [
    [['evidence'], { type: ['Evidence'] }],
    [['credentialSubject', 'achievement', 'alignment'], []],
    [['credentialSubject', 'achievement', 'alignment'], null],
  ] as const) {
    expect(checkCredential(withAt(right, path, wrong)), path.join('/')).not.toEqual([])
  }
})

describe('CONFORMANCE 2.3: the issuer', () => {
  test('is written as a Profile at its own https address, and its pictures would be objects', () => {
    expect(right['issuer']).toMatchObject({
      id: issuerId,
      type: ['Profile'],
      name: issuer.name,
      url: issuer.url,
      email: issuer.email,
      otherIdentifier: [{ type: 'IdentifierEntry' }],
    })
    expect(achievement['image']).toEqual({
      id: `${issuerId}/badges/polkupyoran-huolto/2/fi.png`,
      type: 'Image',
      caption: 'Merkki: polkupyörän huolto, edistynyt',
    })
    const asText = withAt(right, ['credentialSubject', 'achievement', 'image'], 'https://merkit.example/x.png')
    expect(checkSchema(schemaAddress.achievementCredential, asText)).not.toEqual([])
  })

  test('of another may be its address alone, or a Profile with a picture; a picture that is text is not', async () => {
    expect((await judgeWith({ issuer: issuerId }, 'structure')).word).toBe('valid')
    const profile = { id: issuerId, type: ['Profile'] }
    const image = { id: 'https://merkit.example/logo.png', type: 'Image', caption: 'Tunnus' }
    expect((await judgeWith({ issuer: { ...profile, image } }, 'schema')).word).toBe('valid')
    const wrong = await judgeWith({ issuer: { ...profile, image: image.id } }, 'schema')
    expect(wrong).toMatchObject({ word: 'invalid', check: { code: 'schema-not-met' } })
  })
})

describe('CONFORMANCE 2.4: the subject', () => {
  const identity = { type: 'IdentityObject', hashed: false, identityHash: 'x', identityType: 'identifier' }
  const of = (change: Change): Change => ({
    sub: undefined,
    credentialSubject: Object.fromEntries(
      Object.entries({ ...(payloadOf(badges.ob3)['credentialSubject'] as JsonObject), ...change }).flatMap(
        ([name, value]) => (value === undefined ? [] : [[name, value]]),
      ),
    ),
  })

  test('has an id, an identifier or both; with neither the badge is about nobody, which the schema does not see', async () => {
    expect((await judgeWith(of({ id: undefined, identifier: [identity] }), 'structure')).word).toBe('valid')
    expect((await judgeWith(of({ identifier: [identity] }), 'structure')).word).toBe('valid')
    const nobody = await judgeWith(of({ id: undefined }), 'structure')
    expect(nobody).toMatchObject({ word: 'invalid', check: { code: 'subject-not-identified' } })
    expect((await judgeWith(of({ id: undefined }), 'schema')).check?.outcome).toBe('passed')
    expect(subject).toMatchObject({ id: awardFacts.recipient.urn, type: ['AchievementSubject'] })
  })

  test.each(['id', 'type', 'name', 'description', 'criteria'])(
    'an achievement without %s is refused',
    async (member) => {
      expect(achievement).toHaveProperty(member)
      expect(checkCredential(withAt(right, ['credentialSubject', 'achievement', member], undefined))).not.toEqual([])
      const other = await judgeWith(of({ achievement: without(achievement, member) }), 'schema')
      expect(other).toMatchObject({ word: 'invalid', check: { code: 'schema-not-met' } })
    },
  )

  test.each([{ id: 'https://merkit.example/ehdot' }, { narrative: 'Kaksi kertaa' }])(
    'criteria by an address, by words, or by both: %j',
    async (criteria) => {
      expect((await judgeWith(of({ achievement: { ...achievement, criteria } }), 'schema')).word).toBe('valid')
    },
  )
})

test('CONFORMANCE 2.6: the schema is named with its type, which the third context defines', async () => {
  expect(right['credentialSchema']).toEqual([
    {
      id: 'https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json',
      type: '1EdTechJsonSchemaValidator2019',
    },
  ])
  expect(await checkSafeJsonLd(right)).toEqual([])
})

test('CONFORMANCE 2.8: one credential to a document, in UTF-8', async () => {
  for (const text of [JSON.stringify([badges.json]), JSON.stringify([badges.json, badges.json])]) {
    expect((await judge(text)).checks[0]?.code).toBe('not-a-badge')
  }
  expect((await judge(`${JSON.stringify(badges.json)}\n${JSON.stringify(badges.json)}`)).checks[0]?.code).toBe(
    'not-json',
  )
  expect((await judge(`${badges.ob3}\n${badges.ob3}`)).verdict).toBe('invalid')
  const latin = Buffer.from(JSON.stringify(badges.json), 'latin1')
  const read = await verify(latin, lookIn(documents), { at: now })
  expect(read.checks[0]?.code).toBe('unknown-format')
})

test('CONFORMANCE 5.2: an IdentityObject has its type as a word and says of what kind the identity is', async () => {
  const clr = clrCredential(await passportOf([awardFacts]))
  expect(objectAt(clr, 'credentialSubject')['identifier']).toEqual([
    {
      type: 'IdentityObject',
      hashed: false,
      identityHash: awardFacts.recipient.urn,
      identityType: 'identifier',
    },
  ])
  const path = ['credentialSubject', 'identifier', 0]
  expect(checkSchema(schemaAddress.clrCredential, clr)).toEqual([])
  for (const [member, wrong] of [
    ['type', ['IdentityObject']],
    ['identityType', 'henkilotunnus'],
    ['hashed', 'no'],
  ] as const) {
    expect(checkSchema(schemaAddress.clrCredential, withAt(clr, [...path, member], wrong)), member).not.toEqual([])
  }
  expect(checkSchema(schemaAddress.clrCredential, withAt(clr, [...path, 'identityType'], 'ext:tunnus'))).toEqual([])
})

test('CONFORMANCE 7.6: one status for each credential, revocation by bitstring, and the JSON list beside it', () => {
  expect(right['credentialStatus']).toEqual({
    id: `${issuerId}/status/1#70001`,
    type: 'BitstringStatusListEntry',
    statusPurpose: 'revocation',
    statusListIndex: '70001',
    statusListCredential: `${issuerId}/status/1`,
  })
  const both = [right['credentialStatus'] ?? null, right['credentialStatus'] ?? null]
  expect(checkSchema(schemaAddress.achievementCredential, { ...right, credentialStatus: both })).not.toEqual([])
  expect(revokedCredentials(issuer, [])).toEqual({ id: `${issuerId}/revoked`, issuer: issuerId, revokedCredential: [] })
  expect(revokedCredentials(issuer, [awardFacts])).toMatchObject({
    revokedCredential: [{ id: awardFacts.credentialId, revoked: true }],
  })
})

describe('CONFORMANCE 9.1: the alignment', () => {
  test('leads to the unit: which criteria, which code, at which page, and a type of our own', () => {
    expect(achievement['alignment']).toEqual([
      {
        type: ['Alignment'],
        targetName: 'Polkupyörän huolto',
        targetUrl: 'https://eperusteet.opintopolku.fi/#/fi/ammatillinen/7614470/tutkinnonosat/7911988',
        targetFramework: 'Ajoneuvoalan perustutkinto OPH-5410-2021',
        targetCode: 'tutkinnonosat_106889',
        targetType: 'ext:TutkinnonOsa',
      },
    ])
    const described = {
      ...badgeClass,
      alignments: badgeClass.alignments.map((one) => ({ ...one, targetDescription: 'x' })),
    }
    expect(checkCredential(credential({ ...awardFacts, badgeClass: described }))).toEqual([])
  })

  test.each([
    ['CTDL', true],
    ['CFItem', true],
    ['ceasn:Competency', true],
    ['ext:Tutkinto', true],
    ['Tutkinto', false],
    ['ext:', false],
  ])('of another as %s', async (targetType, isTaken) => {
    const alignment = [{ type: ['Alignment'], targetName: 'x', targetUrl: 'https://a.example/', targetType }]
    const change = { credentialSubject: withAt(subject, ['achievement', 'alignment'], alignment) }
    expect((await judgeWith(change, 'schema')).check?.outcome).toBe(isTaken ? 'passed' : 'failed')
  })
})

test('CONFORMANCE 9.2: a task or module is a Competency, a unit a MicroCredential, nothing a certificate or diploma', () => {
  const typeOf = (scope: Scope): Json | undefined =>
    objectAt(
      objectAt(credential({ ...awardFacts, badgeClass: { ...badgeClass, scope } }), 'credentialSubject'),
      'achievement',
    )['achievementType']
  expect(['task', 'module', 'unit'].map((scope) => typeOf(scope as Scope))).toEqual([
    'Competency',
    'Competency',
    'MicroCredential',
  ])
  for (const achievementType of ['Certificate', 'Diploma', 'Merkki', 'ext:Merkki']) {
    const changed = withAt(right, ['credentialSubject', 'achievement', 'achievementType'], achievementType)
    expect(checkCredential(changed), achievementType).not.toEqual([])
    const isKnown = achievementType !== 'Merkki'
    expect(checkSchema(schemaAddress.achievementCredential, changed)?.length === 0, achievementType).toBe(isKnown)
  }
})

test('CONFORMANCE 9.3: the tiers are levels of a rubric, low to high; the result is one of them, in the same achievement', () => {
  const id = `${issuerId}/badges/polkupyoran-huolto/2/fi`
  const level = (tier: string, name: string, points: string): JsonObject => ({
    id: `${id}#tier-${tier}`,
    type: ['RubricCriterionLevel'],
    name,
    level: tier,
    points,
  })
  expect(achievement['resultDescription']).toEqual([
    {
      id: `${id}#tier`,
      type: ['ResultDescription'],
      name: 'Taso',
      resultType: 'RubricCriterionLevel',
      rubricCriterionLevel: [
        level('basic', 'Perus', '1'),
        level('advanced', 'Edistynyt', '2'),
        level('master', 'Mestari', '3'),
      ],
      requiredLevel: `${id}#tier-advanced`,
    },
  ])
  expect(subject['result']).toEqual([
    { type: ['Result'], resultDescription: `${id}#tier`, achievedLevel: `${id}#tier-advanced` },
  ])
})

describe('CONFORMANCE 9.4: results', () => {
  test('say the tier and nothing else: a support level has no place in a result', () => {
    const path = ['credentialSubject', 'result']
    const [tier] = (subject['result'] ?? []) as readonly JsonObject[]
    const more: readonly Json[] = [
      [tier ?? null, { type: ['Result'], value: 'Yleinen tuki' }],
      [{ ...tier, value: 'Yleinen tuki' }],
      [{ ...tier, status: 'Completed' }],
    ]
    for (const results of more) expect(checkCredential(withAt(right, path, results))).not.toEqual([])
    const asType = ['credentialSubject', 'achievement', 'resultDescription', 0, 'resultType']
    expect(checkCredential(withAt(right, asType, 'ext:tukitaso'))).not.toEqual([])
  })

  test.each([
    [{ status: 'Completed' }, true],
    [{ status: 'Withdrew' }, true],
    [{ status: 'Hyvaksytty' }, false],
    [{ value: '4' }, true],
    [{ value: 4 }, false],
  ])('another’s result %j', async (said, isTaken) => {
    const change = { credentialSubject: { ...subject, result: [{ type: ['Result'], ...said }] } }
    expect((await judgeWith(change, 'schema')).check?.outcome).toBe(isTaken ? 'passed' : 'failed')
  })

  test.each([
    ['RawScore', true],
    ['Status', true],
    ['ext:Arvosana', true],
    ['Arvosana', false],
  ])('another’s result type %s', async (resultType, isTaken) => {
    const resultDescription = [{ id: 'urn:x:y', type: ['ResultDescription'], name: 'x', resultType }]
    const change = { credentialSubject: withAt(subject, ['achievement', 'resultDescription'], resultDescription) }
    expect((await judgeWith(change, 'schema')).check?.outcome).toBe(isTaken ? 'passed' : 'failed')
  })
})

test('CONFORMANCE 9.5: evidence is of the credential, its ids absolute, and nothing is carried inside', async () => {
  expect(right['evidence']).toEqual([
    { type: ['Evidence'], name: awardFacts.evidence.name, narrative: awardFacts.evidence.narrative },
    {
      id: awardFacts.assertionId,
      type: ['Evidence', 'https://w3id.org/openbadges#Assertion'],
      name: 'Open Badges 2.0',
    },
  ])
  expect(subject).not.toHaveProperty('evidence')
  for (const id of ['/b/todiste', 'todiste', 'data:text/plain,todiste']) {
    expect(checkCredential(withAt(right, ['evidence', 1, 'id'], id)), id).not.toEqual([])
  }
  // A relative one would be left out of what is signed: safe mode refuses it, also in another’s badge.
  expect(await checkSafeJsonLd(withAt(right, ['evidence', 1, 'id'], 'todiste'))).toMatchObject([{ code: 'json-ld' }])
})

test('CONFORMANCE 9.7: one achievement for each language, each with its own words and the others named', async () => {
  const languages = ['fi', 'sv', 'en'] as const
  const all = languages.map((language) => achievementDocument({ ...badgeClass, language }))
  for (const [place, one] of all.entries()) {
    expect(one['inLanguage']).toBe(languages[place])
    const others = all.filter((other) => other !== one)
    expect(one['related']).toEqual(
      expect.arrayContaining(
        others.map((other) => ({ id: other['id'], type: ['Related'], inLanguage: other['inLanguage'], version: '2' })),
      ),
    )
  }
  expect([right['inLanguage'], achievement['inLanguage']]).toEqual(['fi', 'fi'])
  // Texts by language pass newer schemas than the published one, and have no meaning in the context.
  const mapped = withAt(right, ['credentialSubject', 'achievement', 'name'], { fi: 'Huolto', sv: 'Service' })
  expect(checkCredential(mapped).map(({ pointer }) => pointer)).toContain('/credentialSubject/achievement/name')
  expect(await checkSafeJsonLd(mapped)).toMatchObject([{ code: 'json-ld' }])
})
