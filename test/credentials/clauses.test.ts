import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { clausesIn, testNamesIn } from '../support/test-names.ts'
import list from './clauses.json' with { type: 'json' }

const root = new URL('../../', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8')

/** How many rules each section has: a line that is lost from the list is noticed too. */
const lengths: Readonly<Record<string, number>> = { 1: 12, 2: 9, 3: 15, 4: 6, 5: 5, 6: 11, 7: 6, 9: 9, 10: 5 }
const numbers = Object.entries(lengths).flatMap(([section, length]) =>
  Array.from({ length }, (_, place) => `${section}.${place + 1}`),
)

describe('every numbered rule has a test', () => {
  test('the list is whole, each rule in words', () => {
    expect(Object.keys(list.clauses)).toEqual(numbers)
    for (const [number, words] of Object.entries(list.clauses)) expect(words, number).toMatch(/^.{20,}\.$/)
  })

  test('whose name cites it', () => {
    const files = readdirSync(new URL('test/', root), { recursive: true, encoding: 'utf8' })
    const names = files.filter((file) => file.endsWith('.ts')).flatMap((file) => testNamesIn(read(`test/${file}`)))
    expect(names.length).toBeGreaterThan(1000)
    const cited = new Set(names.flatMap(clausesIn))
    expect(numbers.filter((number) => !cited.has(number))).toEqual([])
    // A number that is in no list is a slip of the pen, or of section 8.
    expect([...cited].filter((number) => !numbers.includes(number) && !number.startsWith('8.'))).toEqual([])
  })

  test('and what a person walks through is written down', () => {
    const walks = read('docs/conformance.md')
    for (const number of list.byHand) expect(walks).toMatch(new RegExp(`^## .*CONFORMANCE ${number}\\b`, 'm'))
  })
})

describe('how names are read', () => {
  test('from tests and groups, not from comments, other texts and skipped ones', () => {
    const source = `
      import { test as it } from 'vitest'
      // test('CONFORMANCE 1.1: a comment', () => {})
      const text = "test('CONFORMANCE 1.2: a text', () => {})"
      const pattern = /test\\('CONFORMANCE 1.3'/
      describe('group', () => {
        describe.each<string>(['a'])('%s', (name: string) => {
          test(\`CONFORMANCE 1.4 of \${name}\`, { timeout: 9 }, async () => { run('CONFORMANCE 1.5') })
        })
        test.each([['CONFORMANCE 1.6']])('case %s', () => {})
        test.skip('CONFORMANCE 1.7', () => {})
        test.todo('CONFORMANCE 1.8')
      })
      describe.skip('CONFORMANCE 1.9', () => { test('inside', () => {}) })
      describe('CONFORMANCE 1.10: nobody inside', () => {})
      const given = (one: number): void => test('CONFORMANCE 1.11', () => {})
      service.test('CONFORMANCE 1.12', () => {})`
    expect(testNamesIn(source)).toEqual(['group > %s > CONFORMANCE 1.4 of …', 'group > case %s', 'CONFORMANCE 1.11'])
  })

  test.each<[string, readonly string[]]>([
    ['CONFORMANCE 3.9–3.11: a range', ['3.9', '3.10', '3.11']],
    ['CONFORMANCE 4.1, 4.2, T10: a list', ['4.1', '4.2']],
    ['S-26, CONFORMANCE T4, 3.1–3.2, 10.4 and more (CONFORMANCE 7.5)', ['3.1', '3.2', '10.4', '7.5']],
    ['CONFORMANCE 1.9, 7: a whole section is no rule', ['1.9']],
    ['CONFORMANCE 6.10, 2026', ['6.10']],
    ['CONFORMANCE 3B, 4.12.1', []],
    ['version 3.0 and 2.1 of something', []],
  ])('%s', (name, cited) => {
    expect(clausesIn(name)).toEqual(cited)
  })
})
