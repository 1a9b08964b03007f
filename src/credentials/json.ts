/** Anything that JSON can say. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject
export type JsonObject = { readonly [member: string]: Json }

/** Is this value, parsed from JSON, an object (and not an array or null)? */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Is this value, parsed from JSON, an array? */
export function isJsonList(value: unknown): value is readonly Json[] {
  return Array.isArray(value)
}
