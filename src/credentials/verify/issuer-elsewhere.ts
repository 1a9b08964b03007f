import type { Json, JsonObject } from '../json.ts'
import { isJsonList, isJsonObject } from '../json.ts'
import type { Check } from '../verdict.ts'
import { passed } from './checks.ts'
import { idOf } from './members.ts'

/** The members that objects with this id have, wherever they stand in the value. */
function membersOf(id: string, value: Json): readonly string[] {
  if (isJsonList(value)) return value.flatMap((item) => membersOf(id, item))
  if (!isJsonObject(value)) return []
  const own = value['id'] === id ? Object.keys(value) : []
  return [...own, ...Object.values(value).flatMap((item) => membersOf(id, item))]
}

/**
 * A graph signature covers statements, not places. Where the issuer is described twice, as in a collection and in the badges inside it, what
 * is taken away from one place is still signed by the other, and a plain reader no longer sees it. That is told; undefined when the
 * issuer's own place has every member that another has (CONFORMANCE 3.9, T4).
 */
export function noteIssuerElsewhere(document: JsonObject): Check | undefined {
  const { issuer = null, ...rest } = document
  const own = isJsonObject(issuer) ? issuer : {}
  const member = membersOf(idOf(issuer) ?? '', rest).find((one) => one !== 'id' && !Object.hasOwn(own, one))
  return member === undefined ? undefined : passed('structure', 'structure-issuer-elsewhere', { member })
}
