import { isPng, unbakePng } from '../bake/png.ts'
import { contextAddress } from '../contexts.ts'
import type { JsonObject } from '../json.ts'
import { isJsonObject } from '../json.ts'
import type { Jws } from '../jws.ts'
import { isTooLarge, parseJws } from '../jws.ts'
import { parseStrictJson } from '../strict-json.ts'
import type { Check } from '../verdict.ts'
import { failed, notChecked } from './checks.ts'
import { hasType, listOf } from './members.ts'
import { httpUrl } from './world.ts'

/** S-44: badge files and pictures. */
const maxBytes = 1024 * 1024

/** One credential as it was found, before anything in it is believed. */
export type Credential =
  | { readonly form: 'ob3-jwt'; readonly jws: Jws }
  | { readonly form: 'ob3-json'; readonly document: JsonObject }
  | { readonly form: 'ob2-jws'; readonly jws: Jws }
  /** Nothing that is verified: the check says why. */
  | { readonly form: 'none'; readonly check: Check }

export type Read =
  | { readonly outcome: 'credential'; readonly credential: Credential; readonly companion?: Credential }
  | { readonly outcome: 'address'; readonly address: string }

function none(check: Check): Credential {
  return { form: 'none', check }
}

type Kind = 'ob3' | 'ob2' | 'other'

/** Which version a document is of, by its context; or why it is not verified (CONFORMANCE 0, 6.1). */
function kindOf(document: JsonObject): Kind | Check {
  const contexts = listOf(document['@context'])
  const [first] = contexts
  if (hasType(document, 'ClrCredential')) return notChecked('format', 'clr-not-supported-yet')
  if (first === 'https://www.w3.org/2018/credentials/v1') return notChecked('format', 'vc-1.1-not-supported-yet')
  const inside = document['vc']
  const isVc1 = isJsonObject(inside) && listOf(inside['@context'])[0] === 'https://www.w3.org/2018/credentials/v1'
  if (isVc1 && first === undefined) return notChecked('format', 'vc-1.1-not-supported-yet')
  if (first === contextAddress.credentials) return 'ob3'
  // CONFORMANCE 3.5: only VC 1.1 has its credential in `vc`.
  if (isJsonObject(inside)) return failed('structure', 'versions-mixed')
  // By type too: a credential whose contexts are damaged is still one, and its own checks say what is wrong with it.
  if (hasType(document, 'OpenBadgeCredential') || hasType(document, 'AchievementCredential')) return 'ob3'
  if (contexts.includes(contextAddress.openBadges2) || hasType(document, 'Assertion')) return 'ob2'
  if (contexts.includes('https://w3id.org/openbadges/v1') || document['badge'] !== undefined) {
    return notChecked('format', 'ob1-not-supported-yet')
  }
  return 'other'
}

function isBadge(document: JsonObject): boolean {
  return hasType(document, 'OpenBadgeCredential') || hasType(document, 'AchievementCredential')
}

function ofJws(text: string): Credential {
  const jws = parseJws(text)
  if (jws.outcome === 'fault') return none(failed('format', jws.code, jws.values))
  const kind = kindOf(jws.payload)
  if (typeof kind === 'object') return none(kind)
  if (kind === 'ob2') return { form: 'ob2-jws', jws }
  return kind === 'ob3' ? { form: 'ob3-jwt', jws } : none(failed('format', 'not-a-badge'))
}

function ofJson(text: string, bytes: number): Credential {
  const json = parseStrictJson(text)
  if (json.outcome === 'fault') return none(failed('format', json.code))
  if (!isJsonObject(json.value)) return none(failed('format', 'not-a-badge'))
  const document = json.value
  if (isTooLarge(bytes, document)) return none(failed('format', 'too-large', { limit: String(64 * 1024) }))
  if (document['payload'] !== undefined && (document['signatures'] ?? document['signature']) !== undefined) {
    return none(failed('format', 'jws-json-serialisation'))
  }
  const kind = kindOf(document)
  if (typeof kind === 'object') return none(kind)
  if (kind === 'ob2') return none(notChecked('format', 'hosted-not-supported-yet'))
  // Another credential on VC 2.0, such as an endorsement or a status list, is no badge.
  return kind === 'ob3' && isBadge(document) ? { form: 'ob3-json', document } : none(failed('format', 'not-a-badge'))
}

function ofText(text: string): Credential {
  const trimmed = text.trim()
  if (trimmed.startsWith('{') || trimmed.startsWith('[')) return ofJson(trimmed, Buffer.byteLength(trimmed))
  if (trimmed.startsWith('<')) return none(notChecked('format', 'svg-not-supported-yet'))
  if (/^[\w=+/-]+\./.test(trimmed)) return ofJws(trimmed)
  return none(failed('format', 'unknown-format'))
}

/** The keyword says the version: 3.0 content under the 2.0 keyword, or the other way, is read differently by others (CONFORMANCE T10). */
function inPlace(credential: Credential, place: 'ob3' | 'ob2'): Credential {
  const isMisplaced = credential.form !== 'none' && !credential.form.startsWith(place)
  return isMisplaced ? none(failed('structure', 'versions-mixed')) : credential
}

function ofAddressInPicture(text: string): Credential {
  return httpUrl(text.trim()) === undefined
    ? inPlace(ofText(text), 'ob2')
    : none(notChecked('format', 'hosted-not-supported-yet'))
}

function ofPicture(bytes: Uint8Array): Read {
  const baked = unbakePng(bytes)
  if (baked.outcome === 'fault') return ends(failed('format', baked.code, baked.values))
  const ob3 = baked.ob3 === undefined ? undefined : inPlace(ofText(baked.ob3), 'ob3')
  const ob2 = baked.ob2 === undefined ? undefined : ofAddressInPicture(baked.ob2)
  if (ob3 !== undefined)
    return { outcome: 'credential', credential: ob3, ...(ob2 === undefined ? {} : { companion: ob2 }) }
  if (ob2 !== undefined) return { outcome: 'credential', credential: ob2 }
  const isLegacy = baked.legacy !== undefined
  const check = isLegacy ? notChecked('format', 'legacy-png-not-supported-yet') : failed('format', 'not-baked')
  return ends(check)
}

function ends(check: Check): Read {
  return { outcome: 'credential', credential: none(check) }
}

/**
 * What the bytes are: PNG, JSON, compact JWS or an address (CONFORMANCE 6.1), within S-44's bounds. Never throws on bad bytes: then
 * the credential is `none`, with the check that tells why.
 */
export function readBytes(bytes: Uint8Array): Read {
  if (bytes.length === 0) return ends(failed('format', 'empty'))
  if (bytes.length > maxBytes) return ends(failed('format', 'too-large', { limit: String(maxBytes) }))
  if (isPng(bytes)) return ofPicture(bytes)
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return ends(failed('format', 'unknown-format'))
  }
  const trimmed = text.trim()
  if (trimmed === '') return ends(failed('format', 'empty'))
  if (httpUrl(trimmed) !== undefined) return { outcome: 'address', address: trimmed }
  return { outcome: 'credential', credential: ofText(trimmed) }
}
