import { isJsonObject, type JsonObject } from '../credentials/json.ts'

/** A signed document as it was kept, for what carries it: its members stay in their order. Throws when it is no object. */
export function signedDocument(text: string): JsonObject {
  const parsed: unknown = JSON.parse(text)
  if (!isJsonObject(parsed)) throw new TypeError('A signed document is an object')
  return parsed
}
