import type { JsonObject } from './json.ts'
import { isJsonObject } from './json.ts'
import { ob2Type } from './ob3/build.ts'
import type { Check, Look, Verdict } from './verdict.ts'
import { failed, notChecked, passed } from './verify/checks.ts'
import { idOf, listOf } from './verify/members.ts'
import type { Asked } from './verify/ob3.ts'
import { verifyOb3Json, verifyOb3Jwt } from './verify/ob3.ts'
import { verifyOb2Jws } from './verify/ob2.ts'
import type { Credential, Read } from './verify/read.ts'
import { readBytes } from './verify/read.ts'
import { heaviest, verdictWordOf } from './verify/word.ts'
import type { World } from './verify/world.ts'
import { worldOf } from './verify/world.ts'

export type VerifyOptions = {
  /** The instant for which the verdict is asked. */
  readonly at: Date
  /** Whom the badge is said to be of: an e-mail address, a urn or a URL, as given out of band (CONFORMANCE 5.4). */
  readonly recipient?: string
}

async function verifyCredential(credential: Credential, asked: Asked, world: World): Promise<Verdict> {
  if (credential.form === 'ob3-jwt') return await verifyOb3Jwt(credential.jws, asked, world)
  if (credential.form === 'ob3-json') return await verifyOb3Json(credential.document, asked, world)
  if (credential.form === 'ob2-jws') return await verifyOb2Jws(credential.jws, asked, world)
  return ended(credential.check)
}

function documentOf(credential: Credential): JsonObject | undefined {
  if (credential.form === 'none') return undefined
  return credential.form === 'ob3-json' ? credential.document : credential.jws.payload
}

/** The 2.0 Assertions that a 3.0 credential says are of the same award (CONFORMANCE 9.9). */
function namedAssertions(credential: Credential): readonly (string | undefined)[] {
  return listOf(documentOf(credential)?.['evidence'])
    .filter(isJsonObject)
    .filter((evidence) => listOf(evidence['type']).includes(ob2Type.assertion))
    .map((evidence) => idOf(evidence))
}

function checkLink(credential: Credential, companion: Credential): Check {
  const named = namedAssertions(credential)
  if (named.length === 0) return passed('companion', 'companion-not-linked')
  const isNamed = named.includes(idOf(documentOf(companion)))
  return isNamed ? passed('companion', 'companion-valid') : failed('companion', 'companion-of-another-award')
}

/** The second credential as one check of the first: the reason is its own first check that is not good. */
function companionCheck(credential: Credential, other: Credential, verdict: Verdict): Check {
  if (verdict.verdict === 'valid') return checkLink(credential, other)
  const isFailed = verdict.verdict !== 'could-not-check'
  const cause = verdict.checks.find((check) => check.outcome === (isFailed ? 'failed' : 'not-checked'))
  const values = { verdict: verdict.verdict, check: cause?.id ?? '', code: cause?.code ?? '' }
  return isFailed
    ? failed('companion', 'companion-not-valid', values)
    : notChecked('companion', 'companion-could-not-check', values)
}

/**
 * A picture may hold both versions (CONFORMANCE 4.6), and a stranger reads whichever he knows. So each is verified for itself, the 3.0
 * one is shown, and the file is only as good as the worse of the two; two rightly signed badges of different awards are no one file.
 */
async function verifyBoth(first: Credential, second: Credential, asked: Asked, world: World): Promise<Verdict> {
  const [main, companion] = [await verifyCredential(first, asked, world), await verifyCredential(second, asked, world)]
  const check = companionCheck(first, second, companion)
  const ofLink = check.code === 'companion-of-another-award' ? verdictWordOf([check]) : companion.verdict
  return { ...main, verdict: heaviest([main.verdict, ofLink]), checks: [...main.checks, check], companion }
}

function ended(check: Check): Verdict {
  return { verdict: verdictWordOf([check]), checks: [check] }
}

/** Bytes that are an address stand for what lies there; an address that leads to another is not followed. */
async function readThrough(bytes: Uint8Array, world: World): Promise<Read | Verdict> {
  const read = readBytes(bytes)
  if (read.outcome !== 'address') return read
  const answer = await world.ask(read.address, 'badge')
  if (answer.outcome === 'missing') return ended(failed('format', 'badge-not-at-address'))
  if (answer.outcome === 'not-fetched') return ended(notChecked('format', 'badge-not-fetched'))
  const there = readBytes(answer.body)
  return there.outcome === 'address' ? ended(failed('format', 'badge-not-at-address')) : there
}

/**
 * Verifies what somebody presents as a badge: a PNG, OB 3.0 or 2.0 JWS, OB 3.0 JSON, or an address of one. Takes the bytes, `look` for
 * the keys, issuers and lists they lead to, and the instant; gives the Verdict with every check, also when the badge is rubbish.
 * Pure: what it learns of the world comes through `look`, and nothing that the badge names is asked for before its signature allows
 * it, the key excepted (CONFORMANCE 3, 4, 5, 6, 7; S-26…S-28, S-45, S-47). Throws only what `look` throws.
 */
export async function verify(bytes: Uint8Array, look: Look, options: VerifyOptions): Promise<Verdict> {
  const world = worldOf(look)
  const read = await readThrough(bytes, world)
  if ('verdict' in read) return read
  if (read.outcome === 'address') return ended(failed('format', 'badge-not-at-address'))
  return read.companion === undefined
    ? await verifyCredential(read.credential, options, world)
    : await verifyBoth(read.credential, read.companion, options, world)
}
