import { contextAddress } from '../contexts.ts'
import type { Json, JsonObject } from '../json.ts'
import { isJsonList, isJsonObject } from '../json.ts'
import { listOf } from './members.ts'

/** First context of VC Data Model 1.1. */
export const vc1Context = 'https://www.w3.org/2018/credentials/v1'

/** Is it a credential of VC Data Model 1.1, which is read but never issued (CONFORMANCE 0)? Its first context tells. */
export function isVc1(document: JsonObject): boolean {
  return listOf(document['@context'])[0] === vc1Context
}

/** The members that tell from when and until when: each version of the data model has its own (CONFORMANCE 0). */
export function periodOf(document: JsonObject): { readonly from: string; readonly until: string } {
  return isVc1(document)
    ? { from: 'issuanceDate', until: 'expirationDate' }
    : { from: 'validFrom', until: 'validUntil' }
}

/** The credential in a JWT's payload; `isMixed` when its place is that of the other version. */
export type InJwt = { readonly document: JsonObject; readonly isMixed: boolean }

/** A VC 1.1 credential lies in the claim `vc`, a VC 2.0 one at the top, and never otherwise (CONFORMANCE 3.4, 3.5). */
export function credentialInJwt(payload: JsonObject): InJwt {
  const { vc } = payload
  if (vc === undefined) return { document: payload, isMixed: isVc1(payload) }
  const isInside = isJsonObject(vc) && payload['@context'] === undefined
  return isInside ? { document: vc, isMixed: !isVc1(vc) } : { document: payload, isMixed: true }
}

const wordsOf2: Readonly<Record<string, string>> = { issuanceDate: 'validFrom', expirationDate: 'validUntil' }

function contextOf2(context: Json): Json {
  if (!isJsonList(context)) return context
  return context.map((one) => (one === vc1Context ? contextAddress.credentials : one))
}

function translate(value: Json): Json {
  if (isJsonList(value)) return value.map(translate)
  if (!isJsonObject(value)) return value
  const isCredential = isVc1(value)
  const members = Object.entries(value).map(([member, item]): readonly [string, Json] => {
    if (member === '@context') return [member, contextOf2(item)]
    return [(isCredential ? wordsOf2[member] : undefined) ?? member, translate(item)]
  })
  return Object.fromEntries(members)
}

/**
 * A VC 1.1 credential, and those inside it, in the words of VC 2.0: first context and the two dates. Only for the JSON Schema, which
 * is published for 2.0 and asks the same of both otherwise; what is signed and shown stays as it is.
 */
export function inWordsOf2(document: JsonObject): JsonObject {
  const translated = translate(document)
  return isJsonObject(translated) ? translated : document
}
