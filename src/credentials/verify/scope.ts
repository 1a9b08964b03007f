import type { JsonObject } from '../json.ts'
import type { Check } from '../verdict.ts'
import { failed, passed } from './checks.ts'
import { listOf, objectOf, textOf } from './members.ts'
import { httpUrl } from './world.ts'

/** Where something was asked for and, after redirects, found. */
export type Place = { readonly asked: string; readonly found: string }

function originOf(address: string): string | undefined {
  return httpUrl(address)?.origin
}

function hostOf(address: string): string | undefined {
  return httpUrl(address)?.host.replace(/^www\./, '')
}

/**
 * Redirects are followed (CONFORMANCE 6.10), but an answer from another host is no word of this one: many hosts redirect to whatever
 * address they are given, and who finds such a host would be any issuer on it.
 */
export function isFromHome({ asked, found }: Place): boolean {
  return hostOf(found) === hostOf(asked)
}

/** The same for 0.5, which is too old to have said https: by host alone. */
export function isOnHost(proof: Place, origin: string): boolean {
  const host = hostOf(proof.asked)
  return host !== undefined && host === hostOf(origin) && isFromHome(proof)
}

/** Does what proves the badge, the Assertion or its key, lie on its issuer's own origin? The rule before 2.0. */
export function isOnOrigin(proof: Place, issuer: string): boolean {
  const origin = originOf(proof.asked)
  return origin !== undefined && origin === originOf(issuer) && isFromHome(proof)
}

function isAllowedOrigin(url: URL, allowed: string): boolean {
  return allowed.includes('://') ? originOf(allowed) === url.origin : allowed.toLowerCase() === url.host
}

/** `startsWith` is a piece of text; only as a piece of an address of the same host does it say whose it is. */
function isBelow(url: URL, start: string): boolean {
  return originOf(start) === url.origin && url.href.startsWith(start)
}

function textsOf(policy: JsonObject, member: string): readonly string[] | undefined {
  if (policy[member] === undefined) return undefined
  return listOf(policy[member]).filter((one) => typeof one === 'string')
}

/** Is this address one where the issuer says that its badges lie (CONFORMANCE 1.4)? Without a word of his: on his own origin. */
function isInScope(address: string, profile: JsonObject): boolean {
  const url = httpUrl(address)
  if (url === undefined) return false
  const policy = objectOf(profile, 'verification') ?? {}
  const [origins, starts] = [textsOf(policy, 'allowedOrigins'), textsOf(policy, 'startsWith')]
  if (starts !== undefined && !starts.some((start) => isBelow(url, start))) return false
  if (origins !== undefined) return origins.some((origin) => isAllowedOrigin(url, origin))
  return starts !== undefined || url.origin === originOf(textOf(profile, 'id') ?? '')
}

/** The scope rule of hosted Open Badges 2.0: what stands in for a key (CONFORMANCE 1.4, 6.10). */
export function checkHostedScope(assertion: Place, profile: JsonObject): Check {
  const isRightlyFound = isFromHome(assertion) || isInScope(assertion.found, profile)
  const isRight = isInScope(assertion.asked, profile) && isRightlyFound
  return isRight ? passed('issuer', 'hosted-by-issuer') : outsideScope(assertion)
}

/** Somebody else's host: the badge is not shown to be of the issuer that it names. */
export function outsideScope(proof: Place): Check {
  const host = httpUrl(isFromHome(proof) ? proof.asked : proof.found)?.host ?? ''
  return failed('issuer', 'hosted-outside-scope', { host })
}

/** The issuer's own document came from another host. */
export function issuerElsewhere({ found }: Place): Check {
  return failed('issuer', 'issuer-elsewhere', { host: httpUrl(found)?.host ?? '' })
}
