import type { Json, JsonObject } from './json.ts'
import { isJsonObject } from './json.ts'
import type { JsonFault } from './strict-json.ts'
import { parseStrictJson, type Written } from './strict-json.ts'

/** The algorithms that are verified, and no others (CONFORMANCE 3.1, S-26). */
export const jwsAlgorithms = ['RS256', 'ES256', 'EdDSA'] as const
export type JwsAlgorithm = (typeof jwsAlgorithms)[number]
/** Those of Open Badges 1.0 and 1.1, in which two more were usual (DEPENDENCIES 5). */
export const ob1Algorithms = ['RS256', 'RS384', 'RS512'] as const
export type Ob1Algorithm = (typeof ob1Algorithms)[number]

const maxBytes = 1024 * 1024
const maxBytesWithoutPictures = 64 * 1024
const maxHeaderBytes = 8 * 1024

/** Members that change how the signature is made or where the key comes from. Never taken, in any format (S-26). */
const headerNeverTaken = new Set(['crit', 'b64', 'jku', 'x5u', 'x5c', 'enc', 'zip', 'epk'])
/** CONFORMANCE 3.1: OB 3.0 allows these only. */
const headerOfOb3 = new Set(['alg', 'kid', 'jwk', 'typ'])
const typesOfOb3 = new Set(['JWT', 'vc+jwt'])
const typesOfOb2 = new Set(['JWT', 'JWS', 'JOSE'])

export type JwsFaultCode =
  | JsonFault
  | 'too-large'
  | 'jws-not-three-parts'
  | 'jws-encrypted'
  | 'jws-not-canonical'
  | 'jws-header-unreadable'
  | 'jws-header-member'
  | 'jws-header-key-ways'
  | 'jws-algorithm-refused'
  | 'jws-type-refused'
export type JwsFault = {
  readonly outcome: 'fault'
  readonly code: JwsFaultCode
  readonly values?: Readonly<Record<string, string>>
}

type JwsBy<A> = {
  readonly outcome: 'read'
  readonly header: JsonObject
  readonly algorithm: A
  readonly payload: JsonObject
  /** The bytes that are signed: header, dot, payload as they were written. */
  readonly signed: Uint8Array
  readonly signature: Uint8Array
}
export type Jws = JwsBy<JwsAlgorithm>
export type Ob1Jws = JwsBy<Ob1Algorithm> & { readonly text: string }

function fault(code: JwsFaultCode, values?: Readonly<Record<string, string>>): JwsFault {
  return values === undefined ? { outcome: 'fault', code } : { outcome: 'fault', code, values }
}

/** What stands in the header, short enough for a sentence. */
function written(value: Json | undefined): string {
  return (typeof value === 'string' ? value : JSON.stringify(value ?? '')).slice(0, 40)
}

/** Decodes base64url, or gives undefined when the text is not exactly what encoding the same bytes writes (RFC 7515 §2). */
function decode(part: string): Buffer | undefined {
  const bytes = Buffer.from(part, 'base64url')
  return bytes.toString('base64url') === part ? bytes : undefined
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** UTF-8 or undefined. A byte order mark stays, and JSON then refuses it (RFC 8259 §8.1). */
function utf8(bytes: Uint8Array): string | undefined {
  try {
    return strictUtf8.decode(bytes)
  } catch {
    return undefined
  }
}

function readObject(bytes: Uint8Array): JsonObject | JsonFault {
  const text = utf8(bytes)
  if (text === undefined) return 'not-json'
  const json = parseStrictJson(text)
  if (json.outcome === 'fault') return json.code
  return isJsonObject(json.value) ? json.value : 'not-json'
}

function lengthOfPictures(value: unknown): number {
  if (typeof value === 'string') return value.startsWith('data:image/') ? value.length : 0
  if (typeof value !== 'object' || value === null) return 0
  return Object.values(value).reduce<number>((sum, item) => sum + lengthOfPictures(item), 0)
}

/**
 * Is a document of this many bytes too large to be a badge? At most 64 kB when pictures written inside it are not counted, and 1 MB
 * in any case; a collection is as large as its badges together (S-26).
 */
export function isTooLarge(bytes: number, document: JsonObject): boolean {
  if (bytes > maxBytes) return true
  if ([document['type']].flat().includes('ClrCredential')) return false
  return bytes > maxBytesWithoutPictures && bytes - lengthOfPictures(document) > maxBytesWithoutPictures
}

/** The algorithm, when it is one of these and the header has nothing that is refused whatever the format. */
function algorithmOf<A extends string>(header: JsonObject, algorithms: readonly A[]): A | JwsFault {
  for (const member of Object.keys(header)) {
    if (headerNeverTaken.has(member)) return fault('jws-header-member', { member })
  }
  const algorithm = algorithms.find((one) => one === header['alg'])
  return algorithm ?? fault('jws-algorithm-refused', { alg: written(header['alg']) })
}

/**
 * Reads a compact JWS without judging its signature: three canonical base64url parts, a header that names one of our algorithms and
 * nothing that would lead the verification astray, a payload that is one strict JSON object within the bounds (CONFORMANCE 3.1, S-26).
 * `written`: payloads of the caller's own making.
 */
export function parseJws(text: string, written?: Written): Jws | JwsFault {
  return parse(text, jwsAlgorithms, written)
}

/** The same for a badge of Open Badges 1.0 or 1.1, with the algorithms of its time. What the payload is, is for the caller to look at. */
export function parseOb1Jws(text: string): Ob1Jws | JwsFault {
  const jws = parse(text, ob1Algorithms)
  return jws.outcome === 'fault' ? jws : { ...jws, text }
}

function parse<A extends string>(text: string, algorithms: readonly A[], written?: Written): JwsBy<A> | JwsFault {
  if (text.length > 2 * maxBytes) return fault('too-large', { limit: String(maxBytes) })
  const parts = text.split('.')
  if (parts.length === 5) return fault('jws-encrypted')
  const [headerPart, payloadPart, signaturePart] = parts
  if (parts.length !== 3 || headerPart === undefined || payloadPart === undefined || signaturePart === undefined) {
    return fault('jws-not-three-parts')
  }
  const own = written?.get(payloadPart)
  const payloadBytes = own?.bytes ?? decode(payloadPart)
  const [headerBytes, signature] = [decode(headerPart), decode(signaturePart)]
  if (headerBytes === undefined || payloadBytes === undefined || signature === undefined)
    return fault('jws-not-canonical')
  const header = headerBytes.length > maxHeaderBytes ? 'not-json' : readObject(headerBytes)
  if (header === 'not-json') return fault('jws-header-unreadable')
  if (typeof header === 'string') return fault(header)
  const algorithm = algorithmOf(header, algorithms)
  if (typeof algorithm !== 'string') return algorithm
  if (payloadBytes.length > maxBytes) return fault('too-large', { limit: String(maxBytes) })
  const payload = own?.document ?? readObject(payloadBytes)
  if (typeof payload === 'string') return fault(payload)
  if (isTooLarge(payloadBytes.length, payload)) return fault('too-large', { limit: String(maxBytesWithoutPictures) })
  const signed = Buffer.from(text.slice(0, text.length - signaturePart.length - 1), 'latin1')
  return { outcome: 'read', header, algorithm, payload, signed, signature }
}

/**
 * What an OB 3.0 header may not have: members other than alg, kid, jwk, typ; a foreign type; two ways to the key, or none
 * (CONFORMANCE 3.1–3.3).
 */
export function checkOb3Header(header: JsonObject): JwsFault | undefined {
  const stray = Object.keys(header).find((member) => !headerOfOb3.has(member))
  if (stray !== undefined) return fault('jws-header-member', { member: written(stray) })
  const type = header['typ']
  if (type !== undefined && !(typeof type === 'string' && typesOfOb3.has(type))) {
    return fault('jws-type-refused', { typ: written(type) })
  }
  const hasKid = typeof header['kid'] === 'string'
  const hasJwk = isJsonObject(header['jwk'])
  if (hasKid === hasJwk || (header['kid'] !== undefined && !hasKid) || (header['jwk'] !== undefined && !hasJwk)) {
    return fault('jws-header-key-ways')
  }
  return undefined
}

/** What an OB 2.0 header may not have: a type of something else (CONFORMANCE 1.7 asks for `alg` only). */
export function checkOb2Header(header: JsonObject): JwsFault | undefined {
  const type = header['typ']
  if (type === undefined || (typeof type === 'string' && typesOfOb2.has(type))) return undefined
  return fault('jws-type-refused', { typ: written(type) })
}
