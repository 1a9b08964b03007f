import type { JsonObject } from '../json.ts'
import { isJsonList, isJsonObject } from '../json.ts'
import { oncePer } from '../once.ts'
import { failed, notChecked, passed } from './checks.ts'
import type { Proven } from './proven.ts'
import { issuerNotShown } from './proven.ts'
import { textOf } from './members.ts'
import type { PublicKey } from './public-key.ts'
import { keyOfJwk } from './public-key.ts'
import type { World } from './world.ts'
import { documentOf } from './world.ts'

/** One key of a set. */
type SetEntry = { readonly jwk: JsonObject; readonly kid?: string; readonly iss?: string }
/** The keys that an issuer's host publishes, as they could be read. */
export type KeySet =
  | {
      readonly outcome: 'read'
      readonly byKid: ReadonlyMap<string, readonly SetEntry[]>
      readonly entries: readonly SetEntry[]
    }
  | { readonly outcome: 'missing' }
  | { readonly outcome: 'unreadable' }
  | { readonly outcome: 'not-fetched' }

// Once for the same array, as `documentOf`: a host's set holds the keys of all its foundations.
const readKeySet = oncePer((body: Uint8Array): KeySet => {
  const document = documentOf(body)
  if (document === 'unreadable' || !isJsonList(document['keys'])) return { outcome: 'unreadable' }
  const entries = document['keys'].filter(isJsonObject).map((jwk): SetEntry => {
    const [kid, iss] = [textOf(jwk, 'kid'), textOf(jwk, 'iss')]
    return { jwk, ...(kid === undefined ? {} : { kid }), ...(iss === undefined ? {} : { iss }) }
  })
  return { outcome: 'read', entries, byKid: Map.groupBy(entries, (entry) => entry.kid ?? '') }
})

/** The key set of the issuer's own host (CONFORMANCE 3.7). */
export async function keySetOf(issuer: URL, world: World): Promise<KeySet> {
  const answer = await world.ask(`${issuer.origin}/.well-known/jwks.json`, 'key-set')
  return answer.outcome === 'found' ? readKeySet(answer.body) : answer
}

/** Several keys may bear one kid, or one key stand there for two issuers: the one that is this issuer's counts. */
function best(entries: readonly SetEntry[], issuerId: string): SetEntry | undefined {
  return (
    entries.find((entry) => entry.iss === issuerId) ?? entries.find((entry) => entry.iss === undefined) ?? entries[0]
  )
}

/** Whose a key is by the set; `listed` is the issuer's own key as it stands there. */
export type JudgedKey = Pick<Proven, 'key' | 'issuer'> & { readonly listed?: JsonObject }

/** S-23: whose key it is, `iss` says; without it the set of the issuer's own host is all there is to show. */
function judgeEntry({ kid, iss, jwk }: SetEntry, issuerId: string): JudgedKey {
  if (iss !== undefined && iss !== issuerId) {
    return { key: failed('key', 'key-of-another-issuer', { owner: iss }), issuer: issuerNotShown }
  }
  const issuer = passed('issuer', iss === undefined ? 'issuer-host-only' : 'issuer-right')
  return { key: passed('key', 'key-of-issuer', { key: kid ?? '' }), issuer, listed: jwk }
}

/** The key of this kid, and whose it is; undefined when the set has none. */
export function judgeByKid(
  kid: string,
  set: KeySet,
  issuerId: string,
): { readonly jwk: JsonObject; readonly judged: JudgedKey } | undefined {
  const entry = set.outcome === 'read' ? best(set.byKid.get(kid) ?? [], issuerId) : undefined
  return entry === undefined ? undefined : { jwk: entry.jwk, judged: judgeEntry(entry, issuerId) }
}

/** The key was found elsewhere than by its kid in the set: is the same key in the set? */
export function judgeBySameKey(publicKey: PublicKey, set: KeySet, issuerId: string): JudgedKey {
  if (set.outcome === 'missing') return { key: failed('key', 'key-set-missing'), issuer: issuerNotShown }
  if (set.outcome === 'unreadable') return { key: failed('key', 'key-set-unreadable'), issuer: issuerNotShown }
  if (set.outcome === 'not-fetched') return { key: notChecked('key', 'key-set-not-fetched'), issuer: issuerNotShown }
  const same = set.entries.filter(({ jwk }) => {
    const listed = keyOfJwk(jwk)
    return typeof listed !== 'string' && listed.text === publicKey.text
  })
  const entry = best(same, issuerId)
  if (entry === undefined) return { key: failed('key', 'key-not-listed'), issuer: issuerNotShown }
  return judgeEntry(entry, issuerId)
}
