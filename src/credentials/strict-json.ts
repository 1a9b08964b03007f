import type { Json, JsonObject } from './json.ts'
import { isJsonList } from './json.ts'

/** Deepest nesting of objects and arrays that is read (S-26, S-48). */
const maxDepth = 32

export type JsonFault = 'not-json' | 'json-duplicate-member' | 'json-too-deep' | 'json-forbidden-member'
export type StrictJson =
  | { readonly outcome: 'read'; readonly value: Json }
  | { readonly outcome: 'fault'; readonly code: JsonFault }

const quote = 0x22
const backslash = 0x5c
const colon = 0x3a
const openArray = 0x5b
const closeArray = 0x5d
const openObject = 0x7b
const closeObject = 0x7d

/** Place of the quote that ends the string which begins at `start`. A quote after an odd number of backslashes does not. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1)
  for (;;) {
    let before = end - 1
    while (text.charCodeAt(before) === backslash) before -= 1
    if ((end - before) % 2 === 1) return end
    end = text.indexOf('"', end + 1)
  }
}

/** How many members the text writes, and how deep it nests. Only for text that JSON.parse has taken: it has an end to every string. */
function measure(text: string): { readonly members: number; readonly depth: number } {
  let members = 0
  let depth = 0
  let deepest = 0
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charCodeAt(at)
    if (character === quote) at = endOfString(text, at)
    else if (character === colon) members += 1
    else if (character === openArray || character === openObject) {
      depth += 1
      if (depth > deepest) deepest = depth
    } else if (character === closeArray || character === closeObject) depth -= 1
  }
  return { members, depth: deepest }
}

class Forbidden extends Error {}

/** How many members the value has. Throws `Forbidden` for a member, number or string that is not taken. */
function countMembers(value: Json): number {
  if (typeof value === 'string') {
    // Half a surrogate pair has no UTF-8: two different texts would become the same signed bytes.
    if (!value.isWellFormed()) throw new Forbidden()
    return 0
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new Forbidden()
    return 0
  }
  if (typeof value !== 'object' || value === null) return 0
  let members = 0
  if (isJsonList(value)) {
    for (const item of value) members += countMembers(item)
    return members
  }
  const names = Object.keys(value)
  for (const name of names) {
    if (name === '__proto__' || !name.isWellFormed()) throw new Forbidden()
    members += countMembers(value[name] ?? null)
  }
  return members + names.length
}

/** Is it nested no deeper than `left`? */
function isWithin(value: Json, left: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  if (left === 0) return false
  if (isJsonList(value)) {
    for (const item of value) if (!isWithin(item, left - 1)) return false
    return true
  }
  for (const name in value) if (!isWithin(value[name] ?? null, left - 1)) return false
  return true
}

/**
 * Text that is written back exactly as it was read has no member twice, no number beyond any double and, without `\\u`, no half of a pair:
 * what programs usually write. Everything else is looked at letter by letter.
 */
function isPlainlyGood(text: string, value: Json): boolean {
  return (
    !text.includes('\\u') && !text.includes('__proto__') && isWithin(value, maxDepth) && JSON.stringify(value) === text
  )
}

/** A document as it is signed: the bytes that `JSON.stringify` writes of it, and those as base64url. */
export type Payload = { readonly document: JsonObject; readonly bytes: Buffer; readonly part: string }

/** Payloads by their base64url. */
export type Written = ReadonlyMap<string, Payload>

/** Writes a document as it will be signed. */
export function payloadOf(document: JsonObject): Payload {
  const bytes = Buffer.from(JSON.stringify(document))
  return { document, bytes, part: bytes.toString('base64url') }
}

/**
 * Payloads that we wrote ourselves: whoever reads one back need not take it apart again. One with an escaped letter is left out, since that
 * may be half of a surrogate pair: it is read like any other.
 */
export function writtenAs(payloads: readonly Payload[]): Written {
  return new Map(payloads.filter(({ bytes }) => !bytes.includes('\\u')).map((payload) => [payload.part, payload]))
}

/**
 * Reads JSON as `JSON.parse` does, and refuses what different readers take differently: a member written twice in one object (also
 * when one of them is escaped), nesting deeper than 32, `__proto__`, numbers beyond any double, halves of surrogate pairs
 * (S-26, S-48). The caller bounds the size. A fault is returned, nothing is thrown.
 */
export function parseStrictJson(text: string): StrictJson {
  let value: Json
  try {
    // The parsing door: what JSON.parse gives is Json by definition.
    value = JSON.parse(text) as Json
  } catch {
    return { outcome: 'fault', code: 'not-json' }
  }
  if (isPlainlyGood(text, value)) return { outcome: 'read', value }
  const written = measure(text)
  if (written.depth > maxDepth) return { outcome: 'fault', code: 'json-too-deep' }
  try {
    // JSON.parse keeps the last of two members with one name, so then the value has fewer members than the text.
    if (countMembers(value) !== written.members) return { outcome: 'fault', code: 'json-duplicate-member' }
  } catch (error) {
    if (error instanceof Forbidden) return { outcome: 'fault', code: 'json-forbidden-member' }
    throw error
  }
  return { outcome: 'read', value }
}
