import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { looksLike, Name, PersonNamePart } from '../../src/i18n/names.ts'

// S-40: names that cannot be seen whole are refused, names that look alike are found, and nobody's own letters are in the way.

const people = [
  'Äijälä',
  'Åsa-Maria',
  'O’Brien',
  'Ánne Káre',
  'Šuvđi Ŋalbmi',
  'Ijâš Čuávui Žandârmi',
  'Nguyễn Thị',
  'Αλέξανδρος',
  'Екатерина',
  'محمد',
  'דוד',
  '山田',
  '김',
  'สมชาย',
  'आकाश',
]

describe('S-40: names', () => {
  test.each(people)('of people pass in any script: %s', (name) => {
    expect(PersonNamePart.parse(name)).toBe(name.normalize('NFC'))
    expect(Name.parse(name)).toBe(name.normalize('NFC'))
  })

  test.each(['Merisäätiö 2 (Turku) & Co.', '3D-tulostus', 'Puhtaus: perusteet', 'C++'])(
    'of things pass: %s',
    (name) => {
      expect(Name.parse(name)).toBe(name)
    },
  )

  test.each([
    ['a control character', 'Mai\u0007ja'],
    ['a line break', 'Mai\nja'],
    ['a direction turned round', 'Maija\u202e'],
    ['an isolated direction', '\u2066Maija\u2069'],
    ['a space of no width', 'Mai\u200bja'],
    ['a joiner', 'Mai\u200dja'],
    ['a word joiner', 'Mai\u2060ja'],
    ['a mark of byte order', '\ufeffMaija'],
    ['a soft hyphen', 'Mai\u00adja'],
    ['a filler of Hangul', 'Maija \u3164'],
    ['a half filler', '\uffa0Maija'],
    ['a joiner of graphemes', 'Mai\u034fja'],
    ['a variation selector', 'Maija\ufe0f'],
    ['a tag', 'Maija\u{e0041}'],
    ['a line separator', 'Maija\u2028X'],
    ['half a character', 'Maija\ud800'],
    ['a letter of private use', 'Maija\ue000'],
    ['nothing but spaces', ' \u2003 '],
  ])('with %s are refused', (_, name) => {
    expect(PersonNamePart.safeParse(name).success).toBe(false)
    expect(Name.safeParse(name).success).toBe(false)
  })

  test.each([['<b>Maija</b>'], ['Maija; drop table'], ['=1+1']])('of people hold letters only: %s', (name) => {
    expect(PersonNamePart.safeParse(name).success).toBe(false)
  })

  test('are kept in one form, with single plain spaces', () => {
    expect(PersonNamePart.parse(' A\u030asa \u00a0 Maria ')).toBe('Åsa Maria')
    expect(Name.parse('Meri\u2003säätiö')).toBe('Meri säätiö')
  })

  test.each([
    ['Meriva', 'Мerivа'],
    ['Meriva', 'МЕRIVA'],
    ['Osaava', 'ΟSAAVA'],
    ['Meriva', 'Ｍｅｒｉｖａ'],
    ['Meriva', '𝐌𝐞𝐫𝐢𝐯𝐚'],
    ['Meriva', 'meriva'],
    ['Ilona', 'llona'],
    ['Ilona', '1lona'],
    ['Turku 10', 'Turku lO'],
    ['Meriva', 'Rneriva'],
    ['Meri-Lappi', 'Meri–Lappi'],
    ["O'Brien", 'O’Brien'],
    ['Meri säätiö', 'Meri\u00a0 säätiö'],
    ['Säätiö', 'Sa\u0308a\u0308tio\u0308'],
    ['Meriva', 'Meri\u200bva'],
  ])('%s and %s look alike', (one, other) => {
    expect(looksLike(one, other)).toBe(true)
  })

  test.each([
    ['Maija', 'Marja'],
    ['Säätiö', 'Saatio'],
    ['Đorđe', 'Dorde'],
    ['Ŋalbmi', 'Nalbmi'],
    ['Čuávui', 'Cuavui'],
    ['Turku 1', 'Turku 2'],
    ['Hionta', 'Hionta 2'],
  ])('%s and %s do not', (one, other) => {
    expect(looksLike(one, other)).toBe(false)
  })

  test('a name that passes passes again and stays the same', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
        const first = Name.safeParse(text)
        if (!first.success) return true
        return Name.parse(first.data) === first.data && looksLike(first.data, text)
      }),
    )
  })
})
