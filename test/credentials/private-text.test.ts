import { expect, test } from 'vitest'
import { checkPrivateText } from '../../src/credentials/private-text.ts'

const found = (text: string): boolean => checkPrivateText({ a: [{ b: text }] }).length > 0

test.each([
  'supportLevel',
  'support_level: 2',
  'enhanced',
  'general',
  'minor',
  'Tehostettu tuki',
  'työ tehostetulla tuella',
  'yleinen tuki',
  'yleisen tuen aikana',
  'Vähäinen tuki',
  'vähäisellä tuella',
  'intensifierat stöd',
  'med allmänt stöd',
  'litet stöd',
  'with enhanced support',
  'General support was given',
  'minor support',
  'https://x.example/?supportLevel=2',
])('DESIGN: the support level never gets in: %s', (text) => {
  expect(checkPrivateText({ a: [{ b: text }] })).toEqual([
    { pointer: '/a/0/b', code: 'private-text', detail: 'The text holds a support level' },
  ])
})

test.each([
  ['DOMAIN 9.5: a personal identity code', 'Tekijä on 131052-308T.'],
  ['DOMAIN 9.5: one of this century', '010199A9997'],
  ['DOMAIN 9.3: an e-mail address', 'Kysy lisää: sari@meriharju.example'],
])('%s', (_what, text) => {
  expect(found(text)).toBe(true)
})

test('DOMAIN 9.5: the same digits with a wrong check letter are another number', () => {
  expect(found('Tilaus 131052-308A')).toBe(false)
})

test('words that only look alike are left alone', () => {
  for (const text of [
    'Ohje tukee yleisesti työtä.',
    'Yleinen järjestys on hyvä.',
    'The general public is welcome.',
    'Levyn tuki on suora.',
    'OPH-5410-2021',
    'Diaarinumero 123456-7890',
    'urn:uuid:019ab000-0000-7123-8456-131052-308T',
    'https://merkit.example/o/mer1',
  ]) {
    expect({ text, found: found(text) }).toEqual({ text, found: false })
  }
})

test('the issuer’s own address may stand where it is, another may not', () => {
  const document = { email: 'merkit@meriharju.example', text: 'Kysy sari@meriharju.example' }
  expect(checkPrivateText(document, document.email)).toMatchObject([{ pointer: '/text' }])
})
