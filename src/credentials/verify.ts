import type { JsonObject } from './json.ts'
import { isJsonObject } from './json.ts'
import { ob2Type } from './ob3/build.ts'
import type { Canonize } from './proofs/canonize.ts'
import type { Written } from './strict-json.ts'
import type { Check, History, Look, SecondOpinion, Verdict } from './verdict.ts'
import { failed, notChecked, passed } from './verify/checks.ts'
import { verifyClr } from './verify/clr.ts'
import { findHosted, goneCheck, type Hosted } from './verify/hosted-document.ts'
import { idOf, listOf } from './verify/members.ts'
import { type AskedOfOld, verifyOb1Hosted, verifyOb1Jws } from './verify/ob1.ts'
import { verifyOb3 } from './verify/ob3.ts'
import { verifyOb2Hosted } from './verify/ob2-hosted.ts'
import { verifyOb2Jws } from './verify/ob2.ts'
import type { Credential, Read } from './verify/read.ts'
import { readBytes, readText } from './verify/read.ts'
import { credentialInJwt } from './verify/vc.ts'
import { heaviest, verdictWordOf } from './verify/word.ts'
import type { World } from './verify/world.ts'
import { worldOf } from './verify/world.ts'

export type VerifyOptions = {
  /** The instant for which the verdict is asked. */
  readonly at: Date
  /** Whom the badge is said to be of: an e-mail address, a urn or a URL, as given out of band (CONFORMANCE 5.4). */
  readonly recipient?: string
  /** What the caller's own record knows of the issuers' signatures (S-22). Without it a badge by a compromised key is not valid. */
  readonly history?: History
  /** A quicker way to the same canonical form, for a caller who reads back many documents of one shape that it just made itself. */
  readonly canonize?: Canonize
  /** What the caller wrote itself, for one who reads back what it has just signed: such a payload is not taken apart again. */
  readonly written?: Written
  /** Whom to ask about Open Badges 0.5–1.1 after our own checks. The answer is told and never counted (S-29). */
  readonly secondOpinion?: SecondOpinion
}

async function verifyHosted(hosted: Hosted, asked: AskedOfOld, world: World): Promise<Verdict> {
  const found = await findHosted(hosted, world)
  if ('check' in found) return ended(found.check)
  return found.kind === 'ob2' ? await verifyOb2Hosted(found, asked, world) : await verifyOb1Hosted(found, asked, world)
}

async function verifyCredential(credential: Credential, asked: AskedOfOld, world: World): Promise<Verdict> {
  if (credential.form === 'ob3-jwt') return await verifyOb3({ form: 'jwt', jws: credential.jws }, asked, world)
  if (credential.form === 'ob3-json') {
    return await verifyOb3({ form: 'json', document: credential.document }, asked, world)
  }
  if (credential.form === 'clr') return await verifyClr(credential.secured, asked, world)
  if (credential.form === 'ob2-jws') return await verifyOb2Jws(credential.jws, asked, world)
  if (credential.form === 'ob1-jws') return await verifyOb1Jws(credential.jws, asked, world)
  if (credential.form === 'hosted') return await verifyHosted(credential.hosted, asked, world)
  return ended(credential.check)
}

function documentOf(credential: Credential): JsonObject | undefined {
  if (credential.form === 'none' || credential.form === 'clr') return undefined
  if (credential.form === 'hosted') return 'given' in credential.hosted ? credential.hosted.given : undefined
  if (credential.form === 'ob1-jws') return credential.jws.payload
  return credential.form === 'ob3-json' ? credential.document : credentialInJwt(credential.jws.payload).document
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
  const isAddress = companion.form === 'hosted' && 'address' in companion.hosted
  const isNamed = named.includes(isAddress ? companion.hosted.address : idOf(documentOf(companion)))
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
async function verifyBoth(first: Credential, second: Credential, asked: AskedOfOld, world: World): Promise<Verdict> {
  const [main, companion] = [await verifyCredential(first, asked, world), await verifyCredential(second, asked, world)]
  const check = companionCheck(first, second, companion)
  const ofLink = check.code === 'companion-of-another-award' ? verdictWordOf([check]) : companion.verdict
  return { ...main, verdict: heaviest([main.verdict, ofLink]), checks: [...main.checks, check], companion }
}

function ended(check: Check): Verdict {
  return { verdict: verdictWordOf([check]), checks: [check] }
}

/** Bytes that are an address stand for what lies there; an address that leads to another is not followed. */
async function readThrough(
  given: Uint8Array | string,
  written: Written | undefined,
  world: World,
): Promise<Exclude<Read, { outcome: 'address' }> | Verdict> {
  const read = typeof given === 'string' ? readText(given, written) : readBytes(given)
  if (read.outcome !== 'address') return read
  const answer = await world.ask(read.address, 'badge')
  if (answer.outcome === 'missing') {
    const { gone } = answer
    return ended(gone === undefined ? failed('format', 'badge-not-at-address') : goneCheck(gone, read.address))
  }
  if (answer.outcome === 'not-fetched') return ended(notChecked('format', 'badge-not-fetched'))
  const there = readBytes(answer.body)
  if (there.outcome === 'address') return ended(failed('format', 'badge-not-at-address'))
  const { credential } = there
  // It was not given but found: what the address is the home of, or leads to, is looked at there.
  const isFound = credential.form === 'hosted' && 'given' in credential.hosted
  return isFound ? { ...there, credential: { form: 'hosted', hosted: { address: read.address } } } : there
}

/**
 * Verifies what somebody presents as a badge: a picture, JWS or JSON of Open Badges 0.5–3.0, or an address of one. Takes the bytes or the text, `look` for
 * the keys, issuers and lists they lead to, and the instant; gives the Verdict with every check, also when the badge is rubbish.
 * Pure: what it learns of the world comes through `look`, and nothing that the badge names is asked for before its signature allows
 * it, the key excepted (CONFORMANCE 3, 4, 5, 6, 7; S-26…S-28, S-45, S-47). Throws only what `look` throws.
 */
export async function verify(given: Uint8Array | string, look: Look, options: VerifyOptions): Promise<Verdict> {
  const world = worldOf(look, options.history, options.canonize)
  const read = await readThrough(given, options.written, world)
  if ('verdict' in read) return read
  return read.companion === undefined
    ? await verifyCredential(read.credential, options, world)
    : await verifyBoth(read.credential, read.companion, options, world)
}
