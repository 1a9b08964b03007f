import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { criteriaBounds, parseCriteria } from '../../../src/qualifications/eperusteet/parse.ts'
import { Refusal } from '../../../src/refusal.ts'

const wood = readFileSync(new URL('../../../demo/criteria/puuteollisuus-OPH-2455-2017.json', import.meta.url))
const encode = (text: string): Uint8Array => new TextEncoder().encode(text)

function refusalOf(bytes: Uint8Array): Refusal {
  try {
    parseCriteria(bytes)
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
  throw new Error('it was accepted')
}

/** The real file with one change made in its parsed form. */
function changed(change: (file: Record<string, unknown>) => void): Refusal {
  const file = z.record(z.string(), z.unknown()).parse(JSON.parse(wood.toString()))
  change(file)
  return refusalOf(encode(JSON.stringify(file)))
}

describe('a damaged file is refused with one clear error', () => {
  test('cut in the middle', () => {
    const refusal = refusalOf(wood.subarray(0, 1_000_000))
    expect(refusal).toMatchObject({ kind: 'unreadable', code: 'not-json' })
    expect(refusal.message).toMatch(/at line \d+, column \d+$/)
  })

  test.each([
    ['{"id": 1,\n "nimi" {}}', 'Unexpected "{", expected a colon, at line 2, column 9'],
    ['{"id": 1,\n}', 'Unexpected "}", expected a name in quotes, at line 2, column 1'],
    ['{"id": tosi}', 'Unexpected "t" at line 1, column 8'],
    ['{"id": 01}', 'Unexpected "1", expected a comma or a closing bracket, at line 1, column 9'],
    ['[1, 2', 'The file ends too early: expected a comma or a closing bracket at line 1, column 6'],
    ['{"a": "b\n"}', 'A text with a line break or control character inside at line 1, column 7'],
    ['{"a": "\\x"}', 'A text with a wrong escape at line 1, column 7'],
    ['{"a": "b', 'A text without its closing quote begins at line 1, column 7'],
    ['{} {}', 'Unexpected "{", expected the end of the file, at line 1, column 4'],
    ['{"a": [}', 'Unexpected "}", expected a value or ], at line 1, column 8'],
    ['', 'The file ends too early: expected a value at line 1, column 1'],
    ['<html>', 'Unexpected "<" at line 1, column 1'],
  ])('broken JSON %j', (text, message) => {
    expect(refusalOf(encode(text))).toMatchObject({ kind: 'unreadable', code: 'not-json', message })
  })

  test('what the reader takes as JSON is what JSON.parse takes', () => {
    for (const text of ['1.5e-3', '"\\u00e4"', '[]', '[[],{}]', 'null', '-0', '\ufeff{}']) {
      expect(refusalOf(encode(text))).toMatchObject({ kind: 'content', code: 'foreign-file' })
    }
    for (const text of ['1.', '.5', '+1', "{'a':1}", '[1,]', 'NaN', '"\u0001"', '{"a":1,}', '[1 2]', ',', '1 2']) {
      expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError)
      expect(refusalOf(encode(text))).toMatchObject({ code: 'not-json' })
    }
  })

  test('no UTF-8, too deep, too large', () => {
    expect(refusalOf(Uint8Array.of(0x22, 0xff, 0x22))).toMatchObject({ kind: 'unreadable', code: 'not-utf-8' })
    expect(refusalOf(encode('['.repeat(100_000)))).toMatchObject({ kind: 'unreadable', code: 'too-deep' })
    expect(refusalOf(encode(`${'['.repeat(64)}${']'.repeat(64)}`)).code).toBe('foreign-file')
    expect(refusalOf(new Uint8Array(criteriaBounds.maxBytes + 1))).toMatchObject({ kind: 'too-large' })
  })

  test.each(['[]', '{}', '"text"', '{"openapi": "3.0.1"}', '[{"id": 1, "nimi": {}}]'])(
    'another JSON file %s',
    (text) => {
      expect(refusalOf(encode(text))).toMatchObject({ kind: 'content', code: 'foreign-file' })
    },
  )

  test('a wrong type, named with its place', () => {
    const refusal = changed((file) => {
      file['tutkinnonOsat'] = [
        { id: 1, nimi: { fi: 'A' } },
        { id: 2, nimi: 'B' },
      ]
    })
    expect(refusal).toMatchObject({ kind: 'content', code: 'damaged-file' })
    expect(refusal.message).toBe('At /tutkinnonOsat/1/nimi: expected an object with texts by language')
    expect(refusal.details.fields?.[0]?.pointer).toBe('/tutkinnonOsat/1/nimi')
  })

  test.each([
    ['nimi', { fi: 5 }, '/nimi/fi', 'expected text, found number'],
    ['tila', 'kumottu', '/tila', 'expected one of "valmis"|"luonnos"|"poistettu"'],
    ['diaarinumero', null, '/diaarinumero', 'expected string, received null'],
    ['globalVersion', {}, '/globalVersion/aikaleima', 'expected number, received undefined'],
    ['id', '7', '/id', 'expected number, received string'],
    ['voimassaoloAlkaa', 'pian', '/voimassaoloAlkaa', 'expected a time in milliseconds or a date'],
    ['voimassaoloAlkaa', 9e15, '/voimassaoloAlkaa', 'expected a date between the years 1900 and 2200'],
    ['kielet', ['fi', 'x/y'], '/kielet/1', 'must match pattern'],
    ['tutkinnonOsat', { 0: {} }, '/tutkinnonOsat', 'expected array, received object'],
    ['tutkinnonOsat', [{ id: 1, nimi: {}, tyyppi: 'outo' }], '/tutkinnonOsat/0/tyyppi', 'expected one of'],
    ['tutkinnonOsat', [{ id: 1, nimi: {}, koodiUri: 'x y' }], '/tutkinnonOsat/0/koodiUri', 'expected a code such as'],
    [
      'suoritustavat',
      [{ tutkinnonOsaViitteet: [{ _tutkinnonOsa: '1', laajuus: -5 }] }],
      '/suoritustavat/0/tutkinnonOsaViitteet/0/laajuus',
      '>=0',
    ],
  ])('%s = %j', (member, value, pointer, detail) => {
    const refusal = changed((file) => {
      file[member] = value
    })
    expect(refusal.kind).toBe('content')
    expect(refusal.details.fields?.[0]).toMatchObject({ pointer })
    expect(refusal.message).toContain(`At ${pointer}: `)
    expect(refusal.message).toContain(detail)
  })

  test('a unit twice, and a reference to a unit that is not there', () => {
    const twice = changed((file) => {
      file['tutkinnonOsat'] = [
        { id: 1, nimi: { fi: 'A' } },
        { id: '1', nimi: { fi: 'B' } },
      ]
    })
    expect(twice.message).toBe('At /tutkinnonOsat/1/id: the unit 1 is there twice')
    const dangling = changed((file) => {
      file['tutkinnonOsat'] = []
    })
    expect(dangling.message).toMatch(
      /^At \/suoritustavat\/0\/tutkinnonOsaViitteet\/0\/_tutkinnonOsa: there is no unit \d+$/,
    )
  })

  test('many requirements without identity take no more than their share of time', () => {
    const vaatimukset = Array.from({ length: 100_000 }, () => ({ vaatimus: { fi: 'a' } }))
    const tutkinnonOsat = [{ id: 1, nimi: { fi: 'A' }, ammattitaitovaatimukset2019: { vaatimukset } }]
    const file = {
      id: 1,
      globalVersion: { aikaleima: 1 },
      nimi: { fi: 'T' },
      diaarinumero: 'D',
      tila: 'valmis',
      tutkinnonOsat,
    }
    expect(parseCriteria(encode(JSON.stringify(file))).units[0]?.requirements).toHaveLength(100_000)
  })
})
