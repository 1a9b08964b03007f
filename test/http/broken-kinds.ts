import { gzipSync } from 'node:zlib'

/** One broken request for a route. `may`: so it is fine for some routes, which then answer 2xx. */
export type Broken = {
  readonly kind: string
  readonly method?: string
  readonly url?: string
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly payload?: string | Buffer
  readonly may?: true
}

/** What a sample of a body holds. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }

const asJson = { 'content-type': 'application/json' }
const long = 'x'.repeat(10_000)

/** Everything that can be wrong with a body, from the sample that would be right. */
export function brokenBodies(sample: Readonly<Record<string, Json>>): readonly Broken[] {
  const text = JSON.stringify(sample)
  const body = (kind: string, payload: string | Buffer, may?: true): Broken => ({
    kind,
    payload,
    headers: asJson,
    ...(may && { may }),
  })
  const inside = text.slice(1, -1)
  return [
    body('empty', ''),
    body('not JSON', 'hello'),
    body('cut short', text.slice(0, -1)),
    body('two values', `${text}${text}`),
    body('a list', `[${text}]`),
    body('null', 'null'),
    body('a number', '7'),
    body('text', '"text"'),
    body('true', 'true'),
    body('unknown member', `{${inside},"surprise":1}`),
    body('unknown member with a strange name', `{${inside},"a b\\u202e\\n":1}`),
    body('nothing in it', '{}'),
    body('__proto__', `{${inside},"__proto__":{"admin":true}}`),
    body('__proto__, escaped', `{${inside},"\\u005f_proto__":{"admin":true}}`),
    body('constructor', `{${inside},"constructor":{"prototype":{"admin":true}}}`),
    body('members twice', `{${inside},${inside}}`, true),
    body('NaN', text.replace(/:/, ':NaN,"x":')),
    body('1e400', `{${inside},"n":1e400}`),
    body('nested 1000 deep', `{${inside},"deep":${'['.repeat(1000)}${']'.repeat(1000)}}`),
    body('nested 100000 deep', '['.repeat(100_000)),
    body('300 kB', `{${inside},"long":"${'x'.repeat(300_000)}"}`),
    body(
      'invalid UTF-8',
      Buffer.concat([Buffer.from(`{${inside},"b":"`), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]),
    ),
    body('UTF-16', Buffer.from(text, 'utf16le')),
    body('with a mark of byte order', `\ufeff${text}`, true),
    { kind: 'as text', payload: text, headers: { 'content-type': 'text/plain' }, may: true },
    { kind: 'as XML', payload: '<a/>', headers: { 'content-type': 'application/xml' } },
    { kind: 'as a form', payload: formOf(sample), headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    { kind: 'as many parts', payload: partsOf(sample), headers: { 'content-type': 'multipart/form-data; boundary=b' } },
    { kind: 'many parts without boundary', payload: text, headers: { 'content-type': 'multipart/form-data' } },
    { kind: 'no content type', payload: text, headers: { 'content-type': undefined } },
    { kind: 'a broken content type', payload: text, headers: { 'content-type': ';;;' } },
    { kind: 'another character set', payload: text, headers: { 'content-type': 'application/json; charset=utf-16' } },
    { kind: 'packed', payload: gzipSync(text), headers: { ...asJson, 'content-encoding': 'gzip' } },
    { kind: 'said to be packed', payload: text, headers: { ...asJson, 'content-encoding': 'gzip' } },
    ...brokenMembers(sample),
  ]
}

/** Each member missing, and with each value that it should not have. `around` puts the object where it belongs. */
export function brokenMembers(
  sample: Readonly<Record<string, Json>>,
  around: (object: string) => string = (object) => object,
): readonly Broken[] {
  const body = (kind: string, object: string, may?: true): Broken => ({
    kind,
    payload: around(object),
    headers: asJson,
    ...(may && { may }),
  })
  return Object.entries(sample).flatMap(([name, right]) => [
    body(`without ${name}`, JSON.stringify({ ...sample, [name]: undefined }), true),
    body(`${name} twice in a list`, JSON.stringify({ ...sample, [name]: [right, right].flat() }), true),
    ...brokenValues.map(([kind, value, may]) => body(`${name} ${kind}`, withRaw(sample, name, value), may)),
  ])
}

/** Values as they stand in the JSON text. `may`: right for some members. */
const brokenValues: readonly (readonly [string, string, true?])[] = [
  ['null', 'null', true],
  ['a number', '7', true],
  ['a huge number', '1e400'],
  ['a broken number', '-0.5', true],
  ['true', 'true', true],
  ['text', '"x"', true],
  ['empty text', '""'],
  ['spaces', '"   "'],
  ['a list', '[]', true],
  ['an object', '{}', true],
  ['a query', '{"$ne":null}', true],
  ['NUL', '"a\\u0000b"'],
  ['NUL at the end of an id', '"01890a5d-ac96-774b-bcce-b302099a8057\\u0000"'],
  ['half a character', '"\\ud800"'],
  ['the other half', '"\\udc00a"'],
  ['10 000 characters', `"${long}"`, true],
  ['a quote and a statement', '"\'; drop table award; --"', true],
  ['the year 0', '"0000-01-01"', true],
  ['the last year', '"9999-12-31"', true],
  ['no day of the calendar', '"2026-02-30"', true],
  ['the id of nothing', '"00000000-0000-0000-0000-000000000000"', true],
  ['the highest id', '"ffffffff-ffff-ffff-ffff-ffffffffffff"', true],
  ['a list of the id of nothing', '["00000000-0000-0000-0000-000000000000"]', true],
  ['a list of half a character', '["\\ud800"]'],
  ['a name of Object', '"__proto__"', true],
]

function withRaw(sample: Readonly<Record<string, Json>>, name: string, raw: string): string {
  const mark = '"the raw value"'
  return JSON.stringify({ ...sample, [name]: 'the raw value' }).replace(mark, () => raw)
}

const textOf = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value))

function formOf(sample: Readonly<Record<string, Json>>): string {
  return new URLSearchParams(
    Object.entries(sample).map(([name, value]): [string, string] => [name, textOf(value)]),
  ).toString()
}

function partsOf(sample: Readonly<Record<string, Json>>): string {
  const parts = Object.entries(sample).map(
    ([name, value]) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${textOf(value)}\r\n`,
  )
  return `${parts.join('')}--b--\r\n`
}

/** Keys of a request that must not act twice. Where none is read, the request is fine. */
export function brokenKeys(sample: Readonly<Record<string, Json>>): readonly Broken[] {
  const key = (kind: string, value: string | undefined): Broken => ({
    kind: `key ${kind}`,
    payload: JSON.stringify(sample),
    headers: { ...asJson, 'idempotency-key': value },
    may: true,
  })
  return [
    key('missing', undefined),
    key('empty', ''),
    key('of 300 bytes', 'k'.repeat(300)),
    key('of 255 letters with dots', 'ä'.repeat(255)),
    key('of half a character', '\ud800'),
    key('with NUL', 'a\0b'),
    key('with statement', "'; drop table award; --"),
  ]
}

const brokenIds: readonly (readonly [string, string])[] = [
  ['no uuid', 'abc'],
  ['uuid with NUL', '01890a5d-ac96-774b-bcce-b302099a8057%00'],
  ['NUL', '%00'],
  ['10 kB', 'a'.repeat(10_000)],
  ['way up', '..%2F..%2Fetc%2Fpasswd'],
  ['way up, plain', '../../etc/passwd'],
  ['broken percent sign', '%zz'],
  ['half of UTF-8', '%C3'],
  ['half a character', '%ED%A0%80'],
  ['nothing', ''],
  ['a space', '%20'],
  ['a quote', "'%20or%20'1'='1"],
  ['__proto__', '__proto__'],
  ['the id of nothing', '00000000-0000-0000-0000-000000000000'],
  ['two at once', '01890a5d-ac96-774b-bcce-b302099a8057,01890a5d-ac96-774b-bcce-b302099a8058'],
]

/** Addresses with another id. `at` writes the address with the id given. */
export function brokenAddresses(at: (id: string) => string): readonly Broken[] {
  return brokenIds.map(([kind, id]) => ({ kind: `id ${kind}`, url: at(id) }))
}

const brokenQueries = [
  'limit=-1',
  'limit=0',
  'limit=101',
  'limit=1e9',
  'limit=abc',
  'limit=NaN',
  'limit=',
  'limit=1&limit=2',
  'limit[]=1',
  'cursor=garbage',
  'cursor=%00',
  `cursor=${'A'.repeat(10_000)}`,
  'cursor=MDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAw',
  'cursor=a&cursor=b',
  'state=__proto__',
  'state=submitted&state=awarded',
  'clientId=abc',
  'clientId=%00',
  'clientId=00000000-0000-0000-0000-000000000000',
  '__proto__=1',
  '__proto__[x]=1',
  'constructor=1',
  'lang=__proto__',
  'lang=fi&lang=sv',
  '%zz',
  '%00=%00',
  '%ED%A0%80',
  '&&&===',
  'a=1&'.repeat(2000),
] as const

/** Queries that no list can use; an address that reads none passes them over. */
export function brokenQueriesOf(url: string): readonly Broken[] {
  return brokenQueries.map((query) => ({ kind: `query ${query.slice(0, 40)}`, url: `${url}?${query}`, may: true }))
}

/** Methods that an address does not know. */
export function brokenMethods(known: readonly string[]): readonly Broken[] {
  return ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE']
    .filter((method) => !known.includes(method))
    .map((method) => ({ kind: `by ${method}`, method }))
}
