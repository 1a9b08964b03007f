import { describe, expect, test } from 'vitest'
import { breaksOf } from '../../src/badges/hyphenation.ts'
import { missingGlyphs, outlines, setText, type TextBlock, tidy, widthOf } from '../../src/badges/lettering.ts'

const block: TextBlock = {
  weight: 'bold',
  maxSize: 25,
  minSize: 18,
  one: [{ y: 300, maxWidth: 240 }],
  two: [
    { y: 286, maxWidth: 260 },
    { y: 313, maxWidth: 200 },
  ],
}
const wordsOf = (lines: readonly string[], language?: 'fi' | 'sv'): readonly string[] | undefined =>
  setText(lines, block, language)?.lines.map(({ text }) => text)

describe('fitting', () => {
  test('what fits is set at the largest size', () => {
    expect(setText(['Jarrut'], block)).toEqual({ size: 25, lines: [{ text: 'Jarrut', y: 300 }] })
  })

  test('both lines shrink together, and every line stays inside its width', () => {
    const set = setText(['Renkaiden ja', 'voimansiirron huolto'], block)
    expect(set?.size).toBeLessThan(25)
    expect(set?.size).toBeGreaterThanOrEqual(18)
    expect(widthOf('voimansiirron huolto', 'bold') * (set?.size ?? 0)).toBeLessThanOrEqual(200)
  })

  test('nothing is ever cut: every letter is there, or nothing is set', () => {
    for (const text of [
      'Kiinteistönhoidon ulkoaluetyöt',
      'Ylläpitosiivouspalvelut',
      'Puupintojen käsitteleminen',
      'W'.repeat(40),
    ]) {
      const lines = wordsOf([text], 'fi')
      if (lines !== undefined) expect(lines.join('').replaceAll(/[- ]/g, '')).toBe(text.replaceAll(' ', ''))
    }
    expect(wordsOf(['W'.repeat(40)], 'fi')).toBeUndefined()
  })
})

describe('breaking', () => {
  test('between words before anything else', () => {
    expect(wordsOf(['Kiinteistönhoidon ulkoaluetyöt'], 'fi')).toEqual(['Kiinteistönhoidon', 'ulkoaluetyöt'])
  })

  test('at a soft hyphen in any language', () => {
    expect(wordsOf(['Cykelservice\u00adkunnigheternas'], 'sv')).toEqual(['Cykelservice-', 'kunnigheternas'])
  })

  test('a soft hyphen that is not needed does not show', () => {
    expect(wordsOf(['Puu\u00adpinnat'])).toEqual(['Puupinnat'])
  })

  test('between Finnish syllables only in Finnish', () => {
    const lines = wordsOf(['Ylläpitosiivouspalvelutehtävä'], 'fi')
    expect(lines?.[0]).toMatch(/-$/)
    expect(wordsOf(['Ylläpitosiivouspalvelutehtävä'], 'sv')).toBeUndefined()
  })

  test('two lines that do not fit are broken anew', () => {
    expect(wordsOf(['Metsä', 'ja pihapiirin kunnossapito'], 'fi')).toEqual(['Metsä ja pihapiirin', 'kunnossapito'])
  })

  test('a hyphen the writer put at the end of the line is not touched', () => {
    expect(wordsOf(['Metsä-', 'ja pihapiirin kunnossapito'], 'fi')).toBeUndefined()
  })

  test('a syllable begins before a consonant and a vowel, with three letters on each side', () => {
    const ways = breaksOf('Polkupyörän', 'fi').map(({ lines }) => lines.join('|'))
    expect(ways).toEqual(['Pol-|kupyörän', 'Polku-|pyörän', 'Polkupyö-|rän'])
    expect(breaksOf('Polkupyörän', 'sv')).toEqual([])
    expect(breaksOf('Linja-auto', 'fi').map(({ lines }) => lines.join('|'))).toContain('Linja-|auto')
  })
})

describe('letters', () => {
  test('Finnish, Swedish and the commonest other letters are there, North Sámi ŋ and ŧ are not', () => {
    expect(missingGlyphs('AÄÖÅaäöåŠšŽžé€–’”&:/ 0123456789', 'bold')).toEqual([])
    expect(missingGlyphs('ŋaŧŋ', 'regular')).toEqual(['ŋ', 'ŧ'])
  })

  test('what people type gets one form', () => {
    expect(tidy('  Ha\u0308ma\u0308ra\u0308\u00a0 ÄÖÅ \u2011 ')).toBe('Hämärä ÄÖÅ -')
  })

  test('outlines are whole numbers of hundredths wherever the text stands', () => {
    // At these places the library's own path writer gives NaN.
    for (const x of [127.45, 140.1, 150.037, 200]) {
      for (const text of ['Renkaat ja', 'lakkaus', 'Ylläpitosiivous', 'Kiinteistönhoidon']) {
        const [data = ''] = outlines({ size: 25, lines: [{ text, y: 286 }] }, x, 'bold')
        expect(data.split(/[MLQCZ ]/).filter((word) => !/^(-?\d+(\.\d{1,2})?)?$/.test(word))).toEqual([])
      }
    }
  })

  test('text is centred', () => {
    const [data = ''] = outlines({ size: 20, lines: [{ text: 'HIH', y: 0 }] }, 200, 'bold')
    const xs = [...data.matchAll(/[ML](-?[\d.]+) /g)].map(([, x]) => Number(x))
    expect((Math.min(...xs) + Math.max(...xs)) / 2).toBeCloseTo(200, 0)
  })
})
