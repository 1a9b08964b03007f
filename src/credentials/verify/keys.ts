import type { JsonObject } from '../json.ts'
import { isJsonList, isJsonObject } from '../json.ts'
import type { Jws } from '../jws.ts'
import type { Check } from '../verdict.ts'
import { failed, notChecked, passed } from './checks.ts'
import { textOf } from './members.ts'
import type { PublicKey, SignatureFault } from './public-key.ts'
import { keyOfJwk, signatureFault } from './public-key.ts'
import type { World } from './world.ts'
import { documentOf, httpUrl } from './world.ts'

/** What a proof showed: that it is right, that its key is the issuer's, and how the issuer was reached. */
export type Proven = { readonly signature: Check; readonly key: Check; readonly issuer: Check }

const issuerNotShown = notChecked('issuer', 'issuer-not-shown')

type SetEntry = { readonly jwk: JsonObject; readonly kid?: string; readonly iss?: string }
type KeySet =
  | {
      readonly outcome: 'read'
      readonly byKid: ReadonlyMap<string, readonly SetEntry[]>
      readonly entries: readonly SetEntry[]
    }
  | { readonly outcome: 'missing' }
  | { readonly outcome: 'unreadable' }
  | { readonly outcome: 'not-fetched' }

// By the identity of the array, as in `documentOf`: a host's set holds the keys of all its foundations.
const readSets = new WeakMap<Uint8Array, KeySet>()

function readKeySet(body: Uint8Array): KeySet {
  const document = documentOf(body)
  if (document === 'unreadable' || !isJsonList(document['keys'])) return { outcome: 'unreadable' }
  const entries = document['keys'].filter(isJsonObject).map((jwk): SetEntry => {
    const [kid, iss] = [textOf(jwk, 'kid'), textOf(jwk, 'iss')]
    return { jwk, ...(kid === undefined ? {} : { kid }), ...(iss === undefined ? {} : { iss }) }
  })
  return { outcome: 'read', entries, byKid: Map.groupBy(entries, (entry) => entry.kid ?? '') }
}

async function keySetOf(issuer: URL, world: World): Promise<KeySet> {
  const answer = await world.ask(`${issuer.origin}/.well-known/jwks.json`, 'key-set')
  if (answer.outcome !== 'found') return answer
  const earlier = readSets.get(answer.body)
  if (earlier !== undefined) return earlier
  const set = readKeySet(answer.body)
  readSets.set(answer.body, set)
  return set
}

/** Several keys may bear one kid, or one key stand there for two issuers: the one that is this issuer's counts. */
function best(entries: readonly SetEntry[], issuerId: string): SetEntry | undefined {
  return (
    entries.find((entry) => entry.iss === issuerId) ?? entries.find((entry) => entry.iss === undefined) ?? entries[0]
  )
}

/** S-23: whose key it is, `iss` says; without it the set of the issuer's own host is all there is to show. */
function judgeEntry(entry: SetEntry, issuerId: string): Pick<Proven, 'key' | 'issuer'> {
  const values = { key: entry.kid ?? '' }
  if (entry.iss === undefined) {
    return { key: passed('key', 'key-of-issuer', values), issuer: passed('issuer', 'issuer-host-only') }
  }
  if (entry.iss !== issuerId) {
    return { key: failed('key', 'key-of-another-issuer', { owner: entry.iss }), issuer: issuerNotShown }
  }
  return { key: passed('key', 'key-of-issuer', values), issuer: passed('issuer', 'issuer-right') }
}

/** The key was found elsewhere than by its kid in the set: is the same key in the set? */
function judgeBySameKey(publicKey: PublicKey, set: KeySet, issuerId: string): Pick<Proven, 'key' | 'issuer'> {
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

// By the identity of the parsed JWS and the key: a status list that the caller keeps is proved once (see `Look`).
const faults = new WeakMap<Jws, { readonly text: string; readonly fault: SignatureFault | undefined }>()

function faultOf(jws: Jws, publicKey: PublicKey): SignatureFault | undefined {
  const earlier = faults.get(jws)
  if (earlier?.text === publicKey.text) return earlier.fault
  const fault = signatureFault(jws, publicKey)
  faults.set(jws, { text: publicKey.text, fault })
  return fault
}

function judgeSignature(jws: Jws, jwk: JsonObject): { readonly signature: Check; readonly publicKey?: PublicKey } {
  const publicKey = keyOfJwk(jwk)
  if (typeof publicKey === 'string') return { signature: failed('signature', publicKey) }
  const fault = faultOf(jws, publicKey)
  if (fault !== undefined) return { signature: failed('signature', fault), publicKey }
  return { signature: passed('signature', 'signature-right', { alg: jws.algorithm }), publicKey }
}

function withoutKey(key: Check): Proven {
  return { signature: notChecked('signature', 'no-key'), key, issuer: issuerNotShown }
}

/** A JWK, or the check that says why there is none. Kept apart by name: the JWK is a stranger's object and may look like anything. */
type Found = { readonly jwk: JsonObject } | { readonly check: Check }

/** The JWK at the address that kid is. Only on the issuer's own host: kid is never an address to open blindly (S-26). */
async function jwkAt(kid: string, issuer: URL, world: World): Promise<Found> {
  if (httpUrl(kid)?.origin !== issuer.origin) return { check: failed('key', 'key-not-listed', { key: kid }) }
  const answer = await world.ask(kid, 'key')
  if (answer.outcome === 'missing') return { check: failed('key', 'key-unknown', { key: kid }) }
  if (answer.outcome === 'not-fetched') return { check: notChecked('key', 'key-not-fetched', { key: kid }) }
  const jwk = documentOf(answer.body)
  // CONFORMANCE 3.2: one JWK, not a set.
  if (jwk === 'unreadable' || jwk['keys'] !== undefined) return { check: failed('key', 'key-unreadable', { key: kid }) }
  return { jwk }
}

async function proveByKid(jws: Jws, kid: string, issuer: URL, issuerId: string, world: World): Promise<Proven> {
  const set = await keySetOf(issuer, world)
  const entry = set.outcome === 'read' ? best(set.byKid.get(kid) ?? [], issuerId) : undefined
  if (entry !== undefined)
    return { signature: judgeSignature(jws, entry.jwk).signature, ...judgeEntry(entry, issuerId) }
  const found = await jwkAt(kid, issuer, world)
  if ('check' in found) return withoutKey(found.check)
  const { jwk } = found
  const { signature, publicKey } = judgeSignature(jws, jwk)
  if (publicKey === undefined) return { signature, key: notChecked('key', 'not-reached'), issuer: issuerNotShown }
  const judged = judgeBySameKey(publicKey, set, issuerId)
  const owner = textOf(jwk, 'iss')
  // The document at kid may itself name another owner; then it does not matter who else lists the key.
  if (owner === undefined || owner === issuerId) return { signature, ...judged }
  return { signature, key: failed('key', 'key-of-another-issuer', { owner }), issuer: issuerNotShown }
}

/**
 * Checks the signature of a VC-JWT and whether its key is the issuer's: the key must be in the key set of the issuer's own host and,
 * where the set says whose it is, be this issuer's (CONFORMANCE 3.2, 3.6, 3.7; S-23, S-26). Asks for the key set and, when kid is not
 * in it, for kid; nothing else.
 */
export async function proveJwt(jws: Jws, issuerId: string, world: World): Promise<Proven> {
  const { kid, jwk } = jws.header
  const issuer = httpUrl(issuerId)
  if (issuer === undefined) {
    return withoutKey(notChecked('key', 'did-not-supported-yet', { issuer: issuerId }))
  }
  if (typeof kid === 'string') return await proveByKid(jws, kid, issuer, issuerId, world)
  if (!isJsonObject(jwk)) return withoutKey(failed('key', 'key-not-named'))
  const { signature, publicKey } = judgeSignature(jws, jwk)
  if (publicKey === undefined || signature.outcome !== 'passed') {
    return { signature, key: notChecked('key', 'not-reached'), issuer: issuerNotShown }
  }
  return { signature, ...judgeBySameKey(publicKey, await keySetOf(issuer, world), issuerId) }
}
