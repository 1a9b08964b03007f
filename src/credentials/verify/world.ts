import type { Json, JsonObject } from '../json.ts'
import { isJsonObject } from '../json.ts'
import { oncePer } from '../once.ts'
import { type Canonize, canonize } from '../proofs/canonize.ts'
import { parseStrictJson } from '../strict-json.ts'
import type { History, Learnt, Look, LookPurpose } from '../verdict.ts'

/** S-46: at most 8 fetches for one verification. A badge that needs more is not ours to chase. */
const maxLooks = 8
/** CONFORMANCE T13: what may be made canonical in one verification, counted in values: a collection of the largest, and all inside it. */
const maxValues = 50_000
const maxBodyBytes = 4 * 1024 * 1024

export type Answer =
  | { readonly outcome: 'found'; readonly body: Uint8Array; readonly contentType: string; readonly address: string }
  /** The host answered that there is nothing (404, 410). `gone` is the body of a 410: it may say why (CONFORMANCE 1.6). */
  | { readonly outcome: 'missing'; readonly gone?: Uint8Array }
  /** Nothing was learnt. */
  | { readonly outcome: 'not-fetched' }

/** The world outside as one verification sees it: each address asked at most once, so that no two checks see different answers. */
export type World = {
  readonly ask: (address: string, purpose: LookPurpose) => Promise<Answer>
  /** Every document that was found so far. */
  readonly learnt: () => readonly Learnt[]
  readonly recordedAt: History
  readonly canonize: Canonize
  /** May so many values more be made canonical in this verification? */
  readonly spend: (values: number) => boolean
}

const noHistory: History = async () => await Promise.resolve(undefined)

async function answer(look: Look, address: string, purpose: LookPurpose): Promise<Answer> {
  const looked = await look(address, purpose)
  if (looked.outcome === 'not-fetched') return { outcome: 'not-fetched' }
  if (looked.status === 404) return { outcome: 'missing' }
  if (looked.status === 410) return { outcome: 'missing', gone: looked.body }
  if (looked.status !== 200 || looked.body.length > maxBodyBytes) return { outcome: 'not-fetched' }
  const { body, contentType } = looked
  return { outcome: 'found', body, contentType, address: looked.address ?? address }
}

/** Each of a document's proofs asks for its canonical form, and so does who tells why none is right: it is made once. */
function once(canonical: Canonize): Canonize {
  const made = new Map<string, Promise<string>>()
  return async (document) => {
    const text = JSON.stringify(document)
    const making = made.get(text) ?? canonical(document)
    made.set(text, making)
    return await making
  }
}

/** Wraps the caller's `look` and `history` for one verification. Addresses are http(s) only, without user and password. */
export function worldOf(look: Look, history: History = noHistory, canonical: Canonize = canonize): World {
  const asked = new Map<string, Promise<Answer>>()
  const learnt: Learnt[] = []
  let values = 0
  return {
    canonize: once(canonical),
    spend: (more) => {
      values += more
      return values <= maxValues
    },
    learnt: () => learnt,
    recordedAt: history,
    ask: async (address, purpose) => {
      const earlier = asked.get(address)
      if (earlier !== undefined) return await earlier
      if (asked.size >= maxLooks || httpUrl(address) === undefined) return { outcome: 'not-fetched' }
      const asking = answer(look, address, purpose)
      asked.set(address, asking)
      const answered = await asking
      if (answered.outcome === 'found') {
        learnt.push({ address, contentType: answered.contentType, body: answered.body })
      }
      return answered
    },
  }
}

// Several checks of a badge look at the same few addresses, and so do the badges of one issuer. Nobody writes into them.
const urls = new Map<string, URL | undefined>()
const urlsAtMost = 500

/** The address as URL when it is one that documents can live at, else undefined. Whether it may be opened is for `look` to say. */
export function httpUrl(address: Json | undefined): URL | undefined {
  if (typeof address !== 'string' || address.length > 2048 || !/^http/i.test(address)) return undefined
  if (urls.has(address)) return urls.get(address)
  if (urls.size >= urlsAtMost) urls.clear()
  const url = readUrl(address)
  urls.set(address, url)
  return url
}

function readUrl(address: string): URL | undefined {
  const url = URL.parse(address)
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return undefined
  return url.username === '' && url.password === '' ? url : undefined
}

/** The fetched bytes as a strict JSON object: once for the same array, which a caller that keeps its documents gives again (see `Look`). */
export const documentOf = oncePer((body: Uint8Array): JsonObject | 'unreadable' => {
  try {
    const json = parseStrictJson(new TextDecoder('utf-8', { fatal: true }).decode(body))
    return json.outcome === 'read' && isJsonObject(json.value) ? json.value : 'unreadable'
  } catch {
    return 'unreadable' // not UTF-8
  }
})
