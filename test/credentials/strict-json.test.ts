import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseStrictJson } from '../../src/credentials/strict-json.ts'

function codeOf(text: string): string {
  const json = parseStrictJson(text)
  return json.outcome === 'fault' ? json.code : 'read'
}

test('what JSON.parse reads without doubt is read the same', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6, stringUnit: 'binary' }), fc.boolean(), (json, isSpaced) => {
      fc.pre(!json.includes('__proto__'))
      const text = isSpaced ? JSON.stringify(JSON.parse(json), undefined, 2) : json
      const value: unknown = JSON.parse(json)
      expect(parseStrictJson(text)).toEqual({ outcome: 'read', value })
    }),
  )
})

describe('S-26, S-48: a member written twice', () => {
  test.each([
    ['side by side', '{"a":1,"a":1}'],
    ['one of them escaped', String.raw`{"iss":"a","\u0069ss":"b"}`],
    ['both escaped in other ways', String.raw`{"\u002f":1,"\/":2}`],
    ['far below', '{"a":[{"b":{"c":1,"d":2,"c":3}}]}'],
    ['three times', '{"a":1,"b":2,"a":3,"a":4}'],
    ['empty names', '{"":1,"":2}'],
  ])('%s', (_, text) => {
    expect(codeOf(text)).toBe('json-duplicate-member')
  })

  test('the same name in two objects is no doubt, nor are colons and quotes inside texts', () => {
    expect(codeOf('{"a":{"a":1},"b":[{"a":2},{"a":3}]}')).toBe('read')
    expect(codeOf(JSON.stringify({ 'a":1,"a': 'x":{[', '\\': '\\', '\\"': '\\\\":' }))).toBe('read')
  })
})

test('S-26, S-48: 32 levels are read, 33 are not, whatever they are made of', () => {
  for (const [open, close] of [
    ['[', ']'],
    ['{"a":', '}'],
  ] as const) {
    const nested = (depth: number): string => `${open.repeat(depth)}1${close.repeat(depth)}`
    expect(codeOf(nested(32))).toBe('read')
    expect(codeOf(nested(33))).toBe('json-too-deep')
  }
  expect(codeOf('['.repeat(200_000) + ']'.repeat(200_000))).toBe('json-too-deep')
})

test('S-48: __proto__, numbers beyond any double and halves of surrogate pairs are refused', () => {
  expect(codeOf('{"__proto__":{"admin":true}}')).toBe('json-forbidden-member')
  expect(codeOf(String.raw`{"a":{"\u005f_proto__":1}}`)).toBe('json-forbidden-member')
  expect(codeOf('{"nbf":1e999}')).toBe('json-forbidden-member')
  expect(codeOf(String.raw`{"name":"\ud83d"}`)).toBe('json-forbidden-member')
  expect(codeOf(String.raw`{"\udc00":1}`)).toBe('json-forbidden-member')
  expect(codeOf(String.raw`{"name":"\ud83d\ude00"}`)).toBe('read')
})

test('what is no JSON is told so', () => {
  for (const text of ['', '{', '{"a":1,}', "{'a':1}", '{"a":1} {"b":2}', '\ufeff{}', 'NaN', '{"a":01}', '"\u0001"']) {
    expect(codeOf(text), text).toBe('not-json')
  }
})
