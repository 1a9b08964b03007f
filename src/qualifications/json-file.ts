import { Refusal } from '../refusal.ts'

export type JsonBounds = { readonly maxBytes: number; readonly maxDepth: number }

/**
 * Reads a JSON file that somebody hands us. Refuses, before anything else looks at it, what is too large, no UTF-8, nested too deep or
 * broken, and says in which line and column.
 */
export function readJsonFile(bytes: Uint8Array, bounds: JsonBounds): unknown {
  if (bytes.byteLength > bounds.maxBytes) {
    const limit = `${Math.floor(bounds.maxBytes / 1024 / 1024)} MB`
    throw new Refusal('too-large', `The file is larger than ${limit}, the most that is read`)
  }
  const text = decode(bytes)
  const fault = findFault(text, bounds.maxDepth)
  if (fault) throw new Refusal('unreadable', `${fault.what} at ${place(text, fault.offset)}`, { code: fault.code })
  return JSON.parse(text)
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    const refusal = new Refusal('unreadable', 'The file is not text in UTF-8', { code: 'not-utf-8' })
    refusal.cause = cause
    throw refusal
  }
}

/** Line and column, counted from 1, as an editor shows them. */
function place(text: string, offset: number): string {
  const before = text.slice(0, offset)
  const line = before.split('\n').length
  return `line ${line}, column ${offset - before.lastIndexOf('\n')}`
}

type Fault = { readonly code: 'not-json' | 'too-deep'; readonly what: string; readonly offset: number }
type Wanted = 'value' | 'value-or-close' | 'key' | 'key-or-close' | 'colon' | 'comma-or-close' | 'end'

const space = /[\t\n\r ]*/y
const word = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y

/**
 * The first place where a text is not JSON (RFC 8259) or too deep; undefined when it is JSON. Without recursion, because depth is what it
 * guards against, and apart from JSON.parse, whose messages do not always tell the place.
 */
function findFault(text: string, maxDepth: number): Fault | undefined {
  const open: ('{' | '[')[] = []
  let wanted: Wanted = 'value'
  let at = skip(space, text, 0)
  const afterValue = (): Wanted => (open.length === 0 ? 'end' : 'comma-or-close')
  while (at < text.length) {
    const token = readToken(text, at)
    if (token.end === undefined) return { code: 'not-json', what: token.what, offset: at }
    const next = step(token.kind, wanted, open)
    if (next === undefined) return { code: 'not-json', what: unexpected(text, at, wanted), offset: at }
    if (open.length > maxDepth) return { code: 'too-deep', what: `Nested deeper than ${maxDepth} levels`, offset: at }
    wanted = next === 'after-value' ? afterValue() : next
    at = skip(space, text, token.end)
  }
  if (wanted === 'end') return undefined
  return { code: 'not-json', what: `The file ends too early: expected ${expected[wanted]}`, offset: text.length }
}

type Kind = '{' | '}' | '[' | ']' | ':' | ',' | 'string' | 'word'
type Token = { readonly kind: Kind; readonly end: number } | { readonly end: undefined; readonly what: string }

function readToken(text: string, at: number): Token {
  const first = text.charAt(at)
  switch (first) {
    case '{':
    case '}':
    case '[':
    case ']':
    case ':':
    case ',':
      return { kind: first, end: at + 1 }
    case '"':
      return readString(text, at)
    default: {
      const end = skip(word, text, at)
      return end > at ? { kind: 'word', end } : { end: undefined, what: `Unexpected ${shown(text, at)}` }
    }
  }
}

function readString(text: string, at: number): Token {
  for (let i = at + 1; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 0x22) return { kind: 'string', end: i + 1 }
    if (code < 0x20) return { end: undefined, what: 'A text with a line break or control character inside' }
    if (code !== 0x5c) continue
    if (!/^(?:["\\/bfnrt]|u[\dA-Fa-f]{4})/.test(text.slice(i + 1, i + 6))) {
      return { end: undefined, what: 'A text with a wrong escape' }
    }
    i++
  }
  return { end: undefined, what: 'A text without its closing quote begins' }
}

/** The grammar: what may follow; keeps the brackets that are open. `undefined`: not here. */
function step(kind: Kind, wanted: Wanted, open: ('{' | '[')[]): Wanted | 'after-value' | undefined {
  const isValue = wanted === 'value' || wanted === 'value-or-close'
  const inside = open.at(-1)
  switch (kind) {
    case '{':
    case '[':
      if (!isValue) return undefined
      open.push(kind)
      return kind === '{' ? 'key-or-close' : 'value-or-close'
    case '}':
      if (inside !== '{' || (wanted !== 'key-or-close' && wanted !== 'comma-or-close')) return undefined
      open.pop()
      return 'after-value'
    case ']':
      if (inside !== '[' || (wanted !== 'value-or-close' && wanted !== 'comma-or-close')) return undefined
      open.pop()
      return 'after-value'
    case ':':
      return wanted === 'colon' ? 'value' : undefined
    case ',':
      if (wanted !== 'comma-or-close') return undefined
      return inside === '{' ? 'key' : 'value'
    case 'string':
      if (wanted === 'key' || wanted === 'key-or-close') return 'colon'
      return isValue ? 'after-value' : undefined
    case 'word':
      return isValue ? 'after-value' : undefined
  }
}

const expected: Readonly<Record<Wanted, string>> = {
  value: 'a value',
  'value-or-close': 'a value or ]',
  key: 'a name in quotes',
  'key-or-close': 'a name in quotes or }',
  colon: 'a colon',
  'comma-or-close': 'a comma or a closing bracket',
  end: 'the end of the file',
}

function unexpected(text: string, at: number, wanted: Wanted): string {
  return `Unexpected ${shown(text, at)}, expected ${expected[wanted]},`
}

function shown(text: string, at: number): string {
  return JSON.stringify(String.fromCodePoint(text.codePointAt(at) ?? 0))
}

function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : at
}
