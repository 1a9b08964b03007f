import { describe, expect, test } from 'vitest'
import { contextAddress } from '../../../src/credentials/contexts.ts'
import type { Json } from '../../../src/credentials/json.ts'
import { achievementDocument, credential } from '../../../src/credentials/ob3/build.ts'
import { checkAchievement, checkCredential, checkIssuerDocument } from '../../../src/credentials/ob3/check.ts'
import { issuerDocument } from '../../../src/credentials/ob3/publish.ts'
import { awardFacts, badgeClass, edKey, issuer, rsaKey } from '../../support/award-facts.ts'
import { pathsToObjects, withAt } from '../../support/json.ts'

const right = credential(awardFacts)
const { credentials, openBadges, openBadgesExtensions } = contextAddress

test('our own documents have no faults', () => {
  expect(checkCredential(right)).toEqual([])
  expect(checkAchievement(achievementDocument(badgeClass))).toEqual([])
  expect(checkIssuerDocument(issuerDocument(issuer, [rsaKey, edKey]))).toEqual([])
})

type Wrong = readonly [what: string, path: readonly (string | number)[], value: Json | undefined, code: string]
const subject = 'credentialSubject'
const wrongs: readonly Wrong[] = [
  [
    'CONFORMANCE T1: contexts in another order',
    ['@context'],
    [openBadges, credentials, openBadgesExtensions],
    'context',
  ],
  ['CONFORMANCE T1: one context as bare text', ['@context'], credentials, 'context'],
  ['CONFORMANCE 2.6: no extensions context', ['@context'], [credentials, openBadges], 'context'],
  [
    'CONFORMANCE T3: an added context',
    ['@context'],
    [credentials, openBadges, openBadgesExtensions, 'https://x.example/'],
    'context',
  ],
  ['CONFORMANCE 2.1: no id', ['id'], undefined, 'missing-member'],
  ['CONFORMANCE 2.1: no name', ['name'], undefined, 'missing-member'],
  ['CONFORMANCE 2.1, T2: type as text', ['type'], 'OpenBadgeCredential', 'shape'],
  ['CONFORMANCE T2: type without OpenBadgeCredential', ['type'], ['VerifiableCredential'], 'shape'],
  ['CONFORMANCE 2.1: a date without a zone', ['validFrom'], '2026-11-22T10:00:00', 'date'],
  ['CONFORMANCE 1.2: a date without a time', ['validFrom'], '2026-11-22', 'date'],
  ['CONFORMANCE 3.4: a date with fractions', ['validFrom'], '2026-11-22T10:00:00.000Z', 'date'],
  ['CONFORMANCE 1.2: a date as a number', ['awardedDate'], 1_795_341_600, 'date'],
  ['the end before the beginning', ['validUntil'], '2026-11-22T10:00:00Z', 'date'],
  ['CONFORMANCE 2.3: issuer as text', ['issuer'], 'https://merkit.example/o/mer1', 'shape'],
  ['CONFORMANCE 2.3: issuer on plain http', ['issuer', 'id'], 'http://merkit.example/o/mer1', 'shape'],
  ['CONFORMANCE 2.4: a subject without id', [subject, 'id'], undefined, 'missing-member'],
  ['CONFORMANCE T2: the subject of another type', [subject, 'type'], ['Profile'], 'shape'],
  ['CONFORMANCE T8: image as text', [subject, 'achievement', 'image'], 'https://merkit.example/x.png', 'shape'],
  ['CONFORMANCE T8: evidence as an object', ['evidence'], { type: ['Evidence'], name: 'x' }, 'shape'],
  ['CONFORMANCE 2.2: an empty array', [subject, 'achievement', 'alignment'], [], 'shape'],
  ['CONFORMANCE 2.2: a null', [subject, 'achievement', 'alignment'], null, 'shape'],
  ['CONFORMANCE 9.2: a diploma', [subject, 'achievement', 'achievementType'], 'Diploma', 'shape'],
  [
    'CONFORMANCE 9.1: another kind of target',
    [subject, 'achievement', 'alignment', 0, 'targetType'],
    'CFItem',
    'shape',
  ],
  [
    'CONFORMANCE 9.3: a result of no description',
    [subject, 'result', 0, 'resultDescription'],
    'https://x.example/#t',
    'reference',
  ],
  [
    'CONFORMANCE 9.3: a level that is not in the achievement',
    [subject, 'result', 0, 'achievedLevel'],
    'https://x.example/#l',
    'reference',
  ],
  [
    'CONFORMANCE 9.3: a required level that is not in the achievement',
    [subject, 'achievement', 'resultDescription', 0, 'requiredLevel'],
    'https://x.example/#l',
    'reference',
  ],
  ['CONFORMANCE 9.5: evidence with a relative id', ['evidence', 1, 'id'], '/b/x', 'shape'],
  ['CONFORMANCE 9.7: texts in several languages', ['name'], { fi: 'Huolto', sv: 'Service' }, 'shape'],
  ['CONFORMANCE 9.7: another language than the achievement', ['inLanguage'], 'sv', 'reference'],
  [
    'an achievement of another issuer',
    [subject, 'achievement', 'id'],
    'https://merkit.example/o/kot2/badges/x/1/fi',
    'reference',
  ],
  [
    'CONFORMANCE 7.2: a list of another issuer',
    ['credentialStatus', 'statusListCredential'],
    'https://merkit.example/o/kot2/status/1',
    'reference',
  ],
  ['CONFORMANCE 7.2: the place as a number', ['credentialStatus', 'statusListIndex'], 70_001, 'shape'],
  [
    'CONFORMANCE 7.2: an id of another place',
    ['credentialStatus', 'id'],
    'https://merkit.example/o/mer1/status/1#1',
    'reference',
  ],
  ['CONFORMANCE 7.6: two statuses', ['credentialStatus'], [right['credentialStatus'] ?? null], 'shape'],
  ['CONFORMANCE 7.6: suspension', ['credentialStatus', 'statusPurpose'], 'suspension', 'shape'],
  ['CONFORMANCE 2.6: another schema', ['credentialSchema', 0, 'id'], 'https://x.example/schema.json', 'shape'],
]

describe('a credential that is not as we write it', () => {
  test.each(wrongs)('%s', (_what, path, value, code) => {
    expect(checkCredential(withAt(right, path, value)).map((fault) => fault.code)).toContain(code)
  })

  test('S-26: larger than a verifier reads', () => {
    const long = (bytes: number): readonly unknown[] =>
      checkCredential(withAt(right, ['evidence', 0, 'narrative'], 'a'.repeat(bytes)))
    expect(long(50 * 1024)).toEqual([])
    expect(long(62 * 1024)).toEqual([{ pointer: '', code: 'shape', detail: 'Larger than a verifier reads' }])
  })

  test('the schema of the specification speaks too', () => {
    const noSubject = checkCredential(withAt(right, [subject], undefined))
    expect(noSubject.map((fault) => fault.code)).toContain('schema')
  })
})

describe('DESIGN: the member set is closed', () => {
  const members: readonly (readonly [string, Json])[] = [
    ['supportLevel', 'x'],
    ['name', 'Pekka'],
    ['givenName', 'Pekka'],
    ['email', 'pekka@example.org'],
    ['birthDate', '2001-01-01'],
    ['tukitaso', 'yleinen'],
    ['proof', {}],
    ['jti', 'x'],
    ['endorsementJwt', ['a.b.c']],
  ]

  test('no member that we do not write fits into any object of a credential', () => {
    for (const path of pathsToObjects(right)) {
      for (const [member, value] of members) {
        const pointer = `/${[...path, member].join('/')}`
        const changed = withAt(right, [...path, member], value)
        if (JSON.stringify(changed) === JSON.stringify(right)) throw new Error(`${pointer} was there already`)
        const found = checkCredential(changed).length
        // `name` and `email` have their place in some objects; there the change is only another text.
        const hasPlace = (member === 'name' || member === 'email') && !isNew(path, member)
        if (!hasPlace) expect({ pointer, found: found > 0 }).toEqual({ pointer, found: true })
      }
    }
  })

  test('a name for the recipient is an unknown member', () => {
    expect(checkCredential(withAt(right, [subject, 'name'], 'Pekka'))).toEqual([
      {
        pointer: '/credentialSubject/name',
        code: 'unknown-member',
        detail: 'The member name is never in our documents',
      },
    ])
    expect(checkCredential(withAt(right, [subject, 'identifier'], [])).map((fault) => fault.pointer)).toContain(
      '/credentialSubject/identifier',
    )
  })
})

function isNew(path: readonly (string | number)[], member: string): boolean {
  const text = JSON.stringify(path)
  if (member === 'email') return text !== '["issuer"]'
  const named = ['[]', '["issuer"]', '["credentialSubject","achievement"]', '["evidence",0]', '["evidence",1]']
  return !(named.includes(text) || text.includes('resultDescription'))
}

test('an achievement and an issuer document are checked the same way', () => {
  const achievement = achievementDocument(badgeClass)
  expect(checkAchievement(withAt(achievement, ['description'], ''))).toMatchObject([
    { pointer: '/description', code: 'shape' },
  ])
  expect(checkAchievement(withAt(achievement, ['criteria', 'narrative'], 'Tehostetun tuen kanssa'))).toMatchObject([
    { pointer: '/criteria/narrative', code: 'private-text' },
  ])
  const document = issuerDocument(issuer, [edKey])
  expect(checkIssuerDocument(withAt(document, ['@context'], [openBadges])).map((fault) => fault.code)).toContain(
    'context',
  )
  expect(checkIssuerDocument(withAt(document, ['phone'], '1')).map((fault) => fault.code)).toEqual(['unknown-member'])
})
