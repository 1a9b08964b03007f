import { describe, expect, test } from 'vitest'
import { checkCodes, checkIds, type Outcome, type VerdictWord } from '../../src/credentials/verdict.ts'
import type { Messages } from '../../src/i18n/index.ts'
import { checkSentence, languages, messages, refusalSentence } from '../../src/i18n/index.ts'
import type { RefusalKind } from '../../src/refusal.ts'

type Text = { readonly key: string; readonly text: string; readonly placeholders: readonly string[] }

/** Every text of a catalogue. Functions are called with lists of one, which show their name as text and as a list. */
function texts(node: unknown, key = ''): Text[] {
  if (typeof node === 'string') {
    return [{ key, text: node, placeholders: [...node.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name).sort() }]
  }
  if (typeof node === 'function') return [called(node, key)]
  return Object.entries(node ?? {}).flatMap(([name, child]) => texts(child, key === '' ? name : `${key}.${name}`))
}

function called(sentence: Function, key: string): Text {
  const asked = new Set<string>()
  const values = new Proxy({}, { get: (_, name) => (asked.add(String(name)), [`«${String(name)}»`]) })
  const text = String(Reflect.apply(sentence, undefined, [values]))
  return { key, text, placeholders: [...asked].sort() }
}

const all = Object.fromEntries(languages.map((language) => [language, texts(messages(language))]))
const finnish = all['fi'] ?? []

/** A text of values and signs alone is the same in every language. */
function hasWords(text: string): boolean {
  return /\p{L}/u.test(text.replaceAll(/«\w+»|\{\w+\}/g, ''))
}

describe.each(['sv', 'en'])('%s', (language) => {
  const other = all[language] ?? []

  test('has the same keys and asks for the same values', () => {
    const shape = (list: readonly Text[]): readonly string[] =>
      list.map(({ key, placeholders }) => `${key} ${placeholders.join(' ')}`)
    expect(shape(other).toSorted()).toEqual(shape(finnish).toSorted())
  })

  test('is translated: no text is the Finnish one', () => {
    const byKey = new Map(finnish.map(({ key, text }) => [key, text]))
    const same = other.filter(({ key, text }) => hasWords(text) && byKey.get(key) === text)
    expect(same.map(({ key, text }) => `${key}: ${text}`)).toEqual([])
  })
})

test.each([...languages])('%s: texts are whole and every value that is asked for is shown', (language) => {
  for (const { key, text, placeholders } of all[language] ?? []) {
    expect(text, key).toBe(text.trim())
    expect(text, key).not.toBe('')
    expect(text, key).not.toMatch(/undefined|NaN|\[object|TODO| {2}/)
    for (const name of placeholders) expect(text, key).toMatch(new RegExp(`«${name}»|\\{${name}\\}`))
  }
})

test('every check, outcome, verdict and refusal has its words, and no words are left over', () => {
  const t: Messages = messages('fi')
  expect(Object.keys(t.checks).toSorted()).toEqual([...checkCodes].toSorted())
  expect(Object.keys(t.verify.checks).toSorted()).toEqual([...checkIds].toSorted())
  // These hold by type; the assignments are the test.
  const verdicts: Record<VerdictWord, string> = t.verify.verdicts
  const outcomes: Record<Outcome, string> = t.verify.outcomes
  const kinds: Record<RefusalKind, string> = t.error.kinds
  expect([verdicts, outcomes, kinds].every((words) => Object.values(words).every((word) => word !== ''))).toBe(true)
})

test('a check tells its values, and a code without words shows itself', () => {
  const t = messages('en')
  expect(checkSentence(t, 'jws-algorithm-refused', { alg: 'none' })).toBe('The way of signing is not accepted: none.')
  expect(checkSentence(t, 'revoked')).toBe('The issuer has revoked the badge.')
  expect(checkSentence(t, 'revoked', { reason: '{reason} $& <b>' })).toBe(
    'The issuer has revoked the badge. {reason} $& <b>',
  )
  expect(checkSentence(t, 'constructor')).toBe('constructor')
})

test('a refusal is told by its finer code where there are words for it', () => {
  const t = messages('en')
  expect(refusalSentence(t, 'two-persons', 'decider-is-proposer')).toBe(t.error.codes['decider-is-proposer'])
  expect(refusalSentence(t, 'two-persons', 'toString')).toBe(t.error.kinds['two-persons'])
  expect(refusalSentence(t, 'busy')).toBe(t.error.kinds.busy)
})

test('the sentences that a client reads are short', () => {
  const t = messages('fi')
  const read = texts([t.passport, t.badges, t.selfAssessment, t.signIn, t.scale])
  const long = read
    .flatMap(({ text }) => text.split(/(?<=[.?!]) /))
    .filter((sentence) => sentence.split(' ').length > 14)
  expect(long).toEqual([])
})
