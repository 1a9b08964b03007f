import { isJsonObject } from '../../src/credentials/json.ts'
import type { Json, JsonObject } from '../../src/credentials/json.ts'

/** The object under a member; a test that finds none has lost its way. */
export function objectAt(document: JsonObject, member: string): JsonObject {
  const value = document[member]
  if (!isJsonObject(value)) throw new TypeError(`${member} is not an object`)
  return value
}

/** The text under a member. */
export function textAt(document: JsonObject, member: string): string {
  const value = document[member]
  if (typeof value !== 'string') throw new TypeError(`${member} is not text`)
  return value
}

/** The document without one member. */
export function without(document: JsonObject, member: string): JsonObject {
  return Object.fromEntries(Object.entries(document).filter(([name]) => name !== member))
}

/** A parsed object from JSON text. */
export function parseObject(text: string): JsonObject {
  const parsed: unknown = JSON.parse(text)
  if (!isJsonObject(parsed)) throw new TypeError('Not an object')
  return parsed
}

/** A copy of the document with the value at the path set, or taken away when it is undefined. */
export function withAt(document: JsonObject, path: readonly (string | number)[], value: Json | undefined): JsonObject {
  const changed = change(document, path, value)
  if (!isJsonObject(changed)) throw new TypeError('The path leads out of the document')
  return changed
}

function change(node: Json | undefined, path: readonly (string | number)[], value: Json | undefined): Json {
  const [first, ...rest] = path
  if (first === undefined) return value ?? null
  if (Array.isArray(node)) {
    return node.map((item: Json, place) => (place === first ? change(item, rest, value) : item))
  }
  if (!isJsonObject(node)) throw new TypeError(`Nothing at ${first}`)
  if (rest.length === 0 && value === undefined) return without(node, String(first))
  return { ...node, [first]: change(node[first], rest, value) }
}

/** Every path in a document that leads to an object. */
export function pathsToObjects(node: Json, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (Array.isArray(node)) return node.flatMap((item: Json, place) => pathsToObjects(item, [...path, place]))
  if (!isJsonObject(node)) return []
  return [path, ...Object.entries(node).flatMap(([name, item]) => pathsToObjects(item, [...path, name]))]
}
