import type { JsonObject } from '../json.ts'
import { httpUrl } from './world.ts'

/** `did:key:z…` with the key as multibase base58btc. */
const didKey = /^did:key:(z[1-9A-HJ-NP-Za-km-z]{1,1500})$/
/** Host, a port behind %3A, then the parts of a path; escapes only of what a part of a path may hold. */
const didWeb = /^did:web:([a-z0-9.-]{1,253})(?:%3a(\d{1,5}))?((?::(?:[\w.~-]|%[0-9a-f]{2})+)*)$/i
/** Escaped slashes and dots would make another path than the one that is read. */
const hiddenPath = /%(?:2f|5c|2e|00)/i
const dots = /^\.{1,2}$/

/** Is the id a decentralised one? */
export function isDid(id: string): boolean {
  return id.startsWith('did:')
}

/** Which way the DID is resolved, `key` or `web`; undefined for every other method. */
export function didMethodOf(did: string): 'key' | 'web' | undefined {
  if (did.startsWith('did:key:')) return 'key'
  return did.startsWith('did:web:') ? 'web' : undefined
}

// The URL parser writes every spelling of an IPv4 address in this one form; IPv6 needs brackets, which no DID has.
function isIpAddress(host: string): boolean {
  return /^\d+(?:\.\d+){3}$/.test(host)
}

/**
 * The https address of a did:web document: `did:web:host:a:b` → `https://host/a/b/did.json` (CONFORMANCE 3.14). Undefined when the DID is
 * not rightly written or names an IP address.
 */
export function didWebAddress(did: string): string | undefined {
  const [, host, port, path = ''] = didWeb.exec(did) ?? []
  const parts = path.split(':').slice(1)
  if (host === undefined || hiddenPath.test(path) || parts.some((part) => dots.test(part))) return undefined
  const place = parts.length === 0 ? '/.well-known/did.json' : `/${parts.join('/')}/did.json`
  const address = `https://${host}${port === undefined ? '' : `:${port}`}${place}`
  const url = httpUrl(address)
  return url === undefined || isIpAddress(url.hostname) ? undefined : address
}

/** The document of a did:key, which is nothing but its key (did:key 3.1). Undefined when it is not rightly written. */
export function didKeyDocument(did: string): JsonObject | undefined {
  const [, publicKeyMultibase] = didKey.exec(did) ?? []
  if (publicKeyMultibase === undefined) return undefined
  const id = `${did}#${publicKeyMultibase}`
  const method = { id, type: 'Multikey', controller: did, publicKeyMultibase }
  return { id: did, verificationMethod: [method], assertionMethod: [id] }
}
