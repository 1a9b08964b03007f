import type { Json, JsonObject } from '../json.ts'
import { isJsonList, isJsonObject } from '../json.ts'

/** The member as text, or undefined when it is anything else. */
export function textOf(document: JsonObject, member: string): string | undefined {
  const value = document[member]
  return typeof value === 'string' ? value : undefined
}

/** The member as an object, or undefined when it is anything else. */
export function objectOf(document: JsonObject, member: string): JsonObject | undefined {
  const value = document[member]
  return isJsonObject(value) ? value : undefined
}

/** One value or many, as many. */
export function listOf(value: Json | undefined): readonly Json[] {
  if (value === undefined || value === null) return []
  return isJsonList(value) ? value : [value]
}

/** The id of something that is written as its id or as an object with one. */
export function idOf(value: Json | undefined): string | undefined {
  if (typeof value === 'string') return value
  return isJsonObject(value) ? textOf(value, 'id') : undefined
}

/** Is `type` this word, or a list with it? */
export function hasType(document: JsonObject, type: string): boolean {
  return listOf(document['type']).includes(type)
}

const dateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/

/** Milliseconds of an ISO 8601 instant with time and zone, or undefined (CONFORMANCE 1.2, 2.1). */
export function instantOf(value: Json | undefined): number | undefined {
  if (typeof value !== 'string' || !dateTime.test(value)) return undefined
  const milliseconds = Date.parse(value)
  return Number.isNaN(milliseconds) ? undefined : milliseconds
}

/** How many values there are: itself, and everything in it. */
export function valuesIn(value: Json): number {
  if (typeof value !== 'object' || value === null) return 1
  return Object.values(value).reduce<number>((sum, item: Json) => sum + valuesIn(item), 1)
}
