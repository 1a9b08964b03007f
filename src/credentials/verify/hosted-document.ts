import { isDeepStrictEqual } from 'node:util'
import type { JsonObject } from '../json.ts'
import { isTooLarge } from '../jws.ts'
import type { Check } from '../verdict.ts'
import { failed, notChecked } from './checks.ts'
import { objectOf, textOf } from './members.ts'
import { type OldKind, kindOfOld, ob1VersionOf } from './old-kind.ts'
import { revoked } from './revocation-list.ts'
import { type Answer, documentOf, httpUrl, type World } from './world.ts'

/** A badge without a signature: its address, or a copy of what should lie there. */
export type Hosted = { readonly address: string } | { readonly given: JsonObject }

/** The Assertion at its own address, which is the truth (CONFORMANCE 6.10). */
export type HostedAssertion = {
  readonly kind: OldKind
  readonly document: JsonObject
  readonly address: string
  /** Where it was found in the end, after redirects. */
  readonly foundAt: string
  readonly text: string
  /** What was given is something else. */
  readonly isOther: boolean
}
export type NoAssertion = { readonly check: Check }

const hostedTypes = new Set(['HostedBadge', 'hosted'])
const signedTypes = new Set(['SignedBadge', 'signed'])

/** Nothing is there any more. With a word of the issuer it is revoked, else it may only have been hidden (CONFORMANCE 1.6). */
export function goneCheck(body: Uint8Array, address: string): Check {
  const document = documentOf(body)
  if (document === 'unreadable' || document['revoked'] !== true) return failed('status', 'gone')
  const isOfThis = document['id'] === undefined || document['id'] === address
  return isOfThis ? revoked(textOf(document, 'revocationReason')) : failed('status', 'gone')
}

/** Where the Assertion says that it lies; `nowhere` in 0.5, which cannot say it (CONFORMANCE 1.4). */
function homeOf(document: JsonObject, kind: OldKind): string | NoAssertion {
  const isOb2 = kind === 'ob2'
  if (!isOb2 && ob1VersionOf(document) === '0.5') return 'nowhere'
  const member = isOb2 ? 'verification' : 'verify'
  const verification = objectOf(document, member) ?? {}
  const type = textOf(verification, 'type') ?? ''
  // The payload of a signed badge without its signature: anybody could have written it.
  if (signedTypes.has(type)) return { check: failed('signature', 'no-proof') }
  if (!hostedTypes.has(type)) return { check: failed('structure', 'member-wrong', { member }) }
  const home = isOb2 ? document['id'] : verification['url']
  if (typeof home === 'string' && httpUrl(home) !== undefined) return home
  return { check: failed('structure', 'member-wrong', { member: isOb2 ? 'id' : 'verify.url' }) }
}

function read(answer: Answer & { readonly outcome: 'found' }, address: string): HostedAssertion | NoAssertion {
  const document = documentOf(answer.body)
  if (document === 'unreadable') return { check: failed('format', 'badge-not-at-address') }
  if (isTooLarge(answer.body.length, document)) {
    return { check: failed('format', 'too-large', { limit: String(64 * 1024) }) }
  }
  const kind = kindOfOld(document)
  if (kind !== undefined && document['badge'] !== undefined) {
    const text = Buffer.from(answer.body).toString('utf8')
    return { kind, document, address, foundAt: answer.address, text, isOther: false }
  }
  // 200 with `revoked` counts as well, and then nothing else needs to be there (CONFORMANCE 1.6).
  const isRevoked = document['revoked'] === true && (document['id'] === undefined || document['id'] === address)
  return { check: isRevoked ? revoked(textOf(document, 'revocationReason')) : failed('format', 'not-a-badge') }
}

async function findAt(address: string, world: World): Promise<HostedAssertion | NoAssertion> {
  const answer = await world.ask(address, 'badge')
  if (answer.outcome === 'found') return read(answer, address)
  if (answer.outcome === 'not-fetched') return { check: notChecked('format', 'badge-not-fetched') }
  return {
    check: answer.gone === undefined ? failed('format', 'badge-not-at-address') : goneCheck(answer.gone, address),
  }
}

const elsewhere: NoAssertion = { check: failed('binding', 'hosted-at-another-address') }

/** An address may be another than the one the Assertion gives for itself; then that one is asked, once. */
async function findFrom(address: string, world: World): Promise<HostedAssertion | NoAssertion> {
  const found = await findAt(address, world)
  if ('check' in found) return found
  const home = homeOf(found.document, found.kind)
  if (typeof home !== 'string') return home
  if (home === address || home === 'nowhere') return found
  const atHome = await findAt(home, world)
  if ('check' in atHome) return atHome
  return homeOf(atHome.document, atHome.kind) === home ? atHome : elsewhere
}

/** A copy counts for nothing but the address that it names. */
async function findOf(given: JsonObject, world: World): Promise<HostedAssertion | NoAssertion> {
  const home = homeOf(given, kindOfOld(given) ?? 'ob1')
  if (typeof home !== 'string') return home
  if (home === 'nowhere') return { check: notChecked('format', 'hosted-without-address') }
  const found = await findAt(home, world)
  if ('check' in found) return found
  const own = homeOf(found.document, found.kind)
  if (typeof own !== 'string') return own
  return own === home ? { ...found, isOther: !isDeepStrictEqual(found.document, given) } : elsewhere
}

/**
 * Finds the Assertion of a badge without a signature: only what lies at its own address counts, whatever was given (CONFORMANCE 1.4, 1.6,
 * 6.10). Gives the check that says why when there is none: gone, revoked, not fetched, something else.
 */
export async function findHosted(hosted: Hosted, world: World): Promise<HostedAssertion | NoAssertion> {
  return 'given' in hosted ? await findOf(hosted.given, world) : await findFrom(hosted.address, world)
}
