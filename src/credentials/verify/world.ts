import type { Json, JsonObject } from '../json.ts'
import { isJsonObject } from '../json.ts'
import { parseStrictJson } from '../strict-json.ts'
import type { Look, LookPurpose } from '../verdict.ts'

/** S-46: at most 8 fetches for one verification. A badge that needs more is not ours to chase. */
const maxLooks = 8
const maxBodyBytes = 4 * 1024 * 1024

export type Answer =
  | { readonly outcome: 'found'; readonly body: Uint8Array }
  /** The host answered that there is nothing (404, 410). */
  | { readonly outcome: 'missing' }
  /** Nothing was learnt. */
  | { readonly outcome: 'not-fetched' }

/** The world outside as one verification sees it: each address asked at most once, so that no two checks see different answers. */
export type World = { readonly ask: (address: string, purpose: LookPurpose) => Promise<Answer> }

async function answer(look: Look, address: string, purpose: LookPurpose): Promise<Answer> {
  const looked = await look(address, purpose)
  if (looked.outcome === 'not-fetched') return { outcome: 'not-fetched' }
  if (looked.status === 404 || looked.status === 410) return { outcome: 'missing' }
  if (looked.status !== 200 || looked.body.length > maxBodyBytes) return { outcome: 'not-fetched' }
  return { outcome: 'found', body: looked.body }
}

/** Wraps the caller's `look` for one verification. Addresses are http(s) only, without user and password. */
export function worldOf(look: Look): World {
  const asked = new Map<string, Promise<Answer>>()
  return {
    ask: async (address, purpose) => {
      const earlier = asked.get(address)
      if (earlier !== undefined) return await earlier
      if (asked.size >= maxLooks || httpUrl(address) === undefined) return { outcome: 'not-fetched' }
      const asking = answer(look, address, purpose)
      asked.set(address, asking)
      return await asking
    },
  }
}

/** The address as URL when it is one that documents can live at, else undefined. Whether it may be opened is for `look` to say. */
export function httpUrl(address: Json | undefined): URL | undefined {
  if (typeof address !== 'string' || address.length > 2048) return undefined
  const url = URL.parse(address)
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return undefined
  return url.username === '' && url.password === '' ? url : undefined
}

// By the identity of the array: a caller that keeps its documents gives the same array again (see `Look`).
const parsed = new WeakMap<Uint8Array, JsonObject | 'unreadable'>()

function parse(body: Uint8Array): JsonObject | 'unreadable' {
  try {
    const json = parseStrictJson(new TextDecoder('utf-8', { fatal: true }).decode(body))
    return json.outcome === 'read' && isJsonObject(json.value) ? json.value : 'unreadable'
  } catch {
    return 'unreadable' // not UTF-8
  }
}

/** The fetched bytes as a strict JSON object. */
export function documentOf(body: Uint8Array): JsonObject | 'unreadable' {
  const earlier = parsed.get(body)
  if (earlier !== undefined) return earlier
  const document = parse(body)
  parsed.set(body, document)
  return document
}
