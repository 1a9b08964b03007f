import { isXml } from '../bake/drawing.ts'
import { isPng, type Unbaked, unbakePng } from '../bake/png.ts'
import { type UnbakedSvg, unbakeSvg } from '../bake/svg.ts'
import { contextAddress } from '../contexts.ts'
import type { JsonObject } from '../json.ts'
import { isJsonObject } from '../json.ts'
import type { Jws, Ob1Jws } from '../jws.ts'
import { isTooLarge, parseJws, parseOb1Jws } from '../jws.ts'
import { oncePer } from '../once.ts'
import { parseStrictJson, type Written } from '../strict-json.ts'
import type { Check } from '../verdict.ts'
import { failed } from './checks.ts'
import type { Hosted } from './hosted-document.ts'
import { hasType, listOf } from './members.ts'
import type { Secured } from './prove.ts'
import { kindOfOld } from './old-kind.ts'
import { isVc1 } from './vc.ts'
import { httpUrl } from './world.ts'

/** S-44: badge files and pictures. */
const maxBytes = 1024 * 1024

/** One credential as it was found, before anything in it is believed. */
export type Credential =
  | { readonly form: 'ob3-jwt'; readonly jws: Jws }
  | { readonly form: 'ob3-json'; readonly document: JsonObject }
  /** A collection of credentials (CONFORMANCE 10). */
  | { readonly form: 'clr'; readonly secured: Secured }
  | { readonly form: 'ob2-jws'; readonly jws: Jws }
  | { readonly form: 'ob1-jws'; readonly jws: Ob1Jws }
  /** Open Badges 0.5–2.0 without a signature: its address is what proves it. */
  | { readonly form: 'hosted'; readonly hosted: Hosted }
  /** Nothing that is verified: the check says why. */
  | { readonly form: 'none'; readonly check: Check }

export type Read =
  | { readonly outcome: 'credential'; readonly credential: Credential; readonly companion?: Credential }
  | { readonly outcome: 'address'; readonly address: string }

function none(check: Check): Credential {
  return { form: 'none', check }
}

type Kind = 'clr' | 'ob3' | 'ob2' | 'ob1' | 'other'

/** Which version a document is of, by its context; or why it is not verified (CONFORMANCE 0, 6.1). */
function kindOf(document: JsonObject): Kind | Check {
  const contexts = listOf(document['@context'])
  const [first] = contexts
  if (hasType(document, 'ClrCredential')) return 'clr'
  const inside = document['vc']
  // A VC 1.1 JWT: what is inside decides.
  if (isJsonObject(inside) && isVc1(inside) && first === undefined) return kindOf(inside)
  if (first === contextAddress.credentials || isVc1(document)) return 'ob3'
  // CONFORMANCE 3.5: only VC 1.1 has its credential in `vc`.
  if (isJsonObject(inside)) return failed('structure', 'versions-mixed')
  // By type too: a credential whose contexts are damaged is still one, and its own checks say what is wrong with it.
  if (hasType(document, 'OpenBadgeCredential') || hasType(document, 'AchievementCredential')) return 'ob3'
  return kindOfOld(document) ?? 'other'
}

function isBadge(document: JsonObject): boolean {
  return hasType(document, 'OpenBadgeCredential') || hasType(document, 'AchievementCredential')
}

function ofJws(text: string, written?: Written): Credential {
  const jws = parseJws(text, written)
  const old = jws.outcome === 'read' ? undefined : ofOb1Jws(text)
  if (old !== undefined) return old
  if (jws.outcome === 'fault') return none(failed('format', jws.code, jws.values))
  const kind = kindOf(jws.payload)
  if (typeof kind === 'object') return none(kind)
  if (kind === 'ob1') return ofOb1Jws(text) ?? none(failed('format', 'jws-algorithm-refused', { alg: jws.algorithm }))
  if (kind === 'ob2') return { form: 'ob2-jws', jws }
  if (kind === 'clr') return { form: 'clr', secured: { form: 'jwt', jws } }
  return kind === 'ob3' ? { form: 'ob3-jwt', jws } : none(failed('format', 'not-a-badge'))
}

/** Open Badges 1.0 and 1.1 were signed with RS384 and RS512 too (DEPENDENCIES 5). Undefined for all else. */
function ofOb1Jws(text: string): Credential | undefined {
  const jws = parseOb1Jws(text)
  return jws.outcome === 'read' && kindOfOld(jws.payload) === 'ob1' ? { form: 'ob1-jws', jws } : undefined
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
  // At its own address a revoked one may say nothing else (CONFORMANCE 1.6).
  const isHosted = document['badge'] !== undefined || document['revoked'] === true
  if (kind === 'clr') return { form: 'clr', secured: { form: 'json', document } }
  if (kind !== 'ob3' && isHosted) return { form: 'hosted', hosted: { given: document } }
  // Another credential, such as an endorsement or a status list, is no badge.
  return kind === 'ob3' && isBadge(document) ? { form: 'ob3-json', document } : none(failed('format', 'not-a-badge'))
}

function ofText(text: string, written?: Written): Credential {
  const trimmed = text.trim()
  if (trimmed.startsWith('{') || trimmed.startsWith('[')) return ofJson(trimmed, Buffer.byteLength(trimmed))
  if (/^[\w=+/-]+\./.test(trimmed)) return ofJws(trimmed, written)
  return none(failed('format', 'unknown-format'))
}

/** The keyword says the version: 3.0 content under the 2.0 keyword, or the other way, is read differently by others (CONFORMANCE T10). */
function inPlace(credential: Credential, place: 'ob3' | 'ob2'): Credential {
  const { form } = credential
  const isOld = form === 'hosted' || form === 'ob2-jws' || form === 'ob1-jws'
  return form !== 'none' && isOld !== (place === 'ob2') ? none(failed('structure', 'versions-mixed')) : credential
}

function ofAddressInPicture(text: string): Credential {
  const address = text.trim()
  return httpUrl(address) === undefined ? inPlace(ofText(text), 'ob2') : { form: 'hosted', hosted: { address } }
}

function ofPicture(baked: Unbaked | UnbakedSvg): Read {
  if (baked.outcome === 'fault') return ends(failed('format', baked.code, baked.values))
  const ob3 = baked.ob3 === undefined ? undefined : inPlace(ofText(baked.ob3), 'ob3')
  // One keyword, two kinds of chunk: readers differ in which they take (CONFORMANCE 4.2, S-45).
  const legacy = 'legacy' in baked ? baked.legacy : undefined
  if (baked.ob2 !== undefined && legacy !== undefined) return ends(failed('format', 'baked-twice'))
  const old = baked.ob2 ?? legacy
  const ob2 = old === undefined ? undefined : ofAddressInPicture(old)
  if (ob3 !== undefined)
    return { outcome: 'credential', credential: ob3, ...(ob2 === undefined ? {} : { companion: ob2 }) }
  return ob2 === undefined ? ends(failed('format', 'not-baked')) : { outcome: 'credential', credential: ob2 }
}

function ends(check: Check): Read {
  return { outcome: 'credential', credential: none(check) }
}

/**
 * What the bytes are: PNG, SVG, JSON, compact JWS or an address (CONFORMANCE 6.1), within S-44's bounds. Never throws on bad bytes: then
 * the credential is `none`, with the check that tells why. Once for the same array, which the caller never writes into again.
 */
export const readBytes = oncePer((bytes: Uint8Array): Read => {
  if (bytes.length === 0) return ends(failed('format', 'empty'))
  if (bytes.length > maxBytes) return ends(failed('format', 'too-large', { limit: String(maxBytes) }))
  if (isPng(bytes)) return ofPicture(unbakePng(bytes))
  if (isXml(bytes)) return ofPicture(unbakeSvg(bytes))
  const text = utf8(bytes)
  return text === undefined ? ends(failed('format', 'unknown-format')) : readText(text)
})

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** The same for what is text already, at most 1 MB of it. `written`: payloads that the caller wrote itself. */
export function readText(text: string, written?: Written): Read {
  if (text.length > maxBytes) return ends(failed('format', 'too-large', { limit: String(maxBytes) }))
  const trimmed = text.trim()
  if (trimmed === '') return ends(failed('format', 'empty'))
  if (httpUrl(trimmed) !== undefined) return { outcome: 'address', address: trimmed }
  return { outcome: 'credential', credential: ofText(trimmed, written) }
}
