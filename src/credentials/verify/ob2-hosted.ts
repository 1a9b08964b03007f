import type { JsonObject } from '../json.ts'
import type { Check, CredentialSummary, Verdict } from '../verdict.ts'
import { failed, notChecked, passed } from './checks.ts'
import { checkOb2Dates } from './dates.ts'
import type { HostedAssertion } from './hosted-document.ts'
import { idOf, textOf } from './members.ts'
import { badgeClassOf, checkOb2Structure, profileOf } from './ob2-documents.ts'
import type { Asked } from './ob3.ts'
import { checkOb2Recipient } from './recipient.ts'
import { revoked } from './revocation-list.ts'
import { checkHostedScope } from './scope.ts'
import { summaryOfOb2 } from './summary.ts'
import { verdictWordOf } from './word.ts'
import { httpUrl, type World } from './world.ts'

const hostedTypes = ['HostedBadge', 'hosted']

/** What is learnt of a hosted Assertion from the documents it leads to. */
type Chain = {
  readonly binding: Check
  readonly issuer: Check
  readonly badgeClass?: JsonObject
  readonly profile?: JsonObject
}

/** BadgeClass → Profile → does that one say that its badges lie here (CONFORMANCE 1.4, 6.10)? */
async function follow(hosted: HostedAssertion, world: World): Promise<Chain> {
  const issuer = notChecked('issuer', 'not-reached')
  const badge = await badgeClassOf(hosted.document, world)
  if ('check' in badge) return { binding: badge.check, issuer }
  const badgeClass = badge.found
  const issuerId = idOf(badgeClass['issuer']) ?? ''
  if (httpUrl(issuerId) === undefined) return { binding: failed('binding', 'badge-class-unreadable'), issuer }
  const binding = passed('binding', 'badge-class-right')
  const read = await profileOf(issuerId, world)
  if ('check' in read) return { binding, issuer: read.check, badgeClass }
  const place = { asked: hosted.address, found: hosted.foundAt }
  return { binding, issuer: checkHostedScope(place, read.found), badgeClass, profile: read.found }
}

const notFollowed: Chain = {
  binding: notChecked('binding', 'not-reached'),
  issuer: notChecked('issuer', 'not-reached'),
}

/** That it lies there unrevoked is its status: there is no other list (CONFORMANCE 1.6). */
function checkStatus(assertion: JsonObject): Check {
  if (assertion['revoked'] === true) return revoked(textOf(assertion, 'revocationReason'))
  return passed('status', 'not-revoked')
}

function summaryOf(assertion: JsonObject, chain: Chain, status: Check): CredentialSummary {
  const summary = { ...summaryOfOb2(assertion, chain.badgeClass, chain.profile), format: 'ob2-json' } as const
  const reason = status.code === 'revoked' ? status.values?.['reason'] : undefined
  return reason ? { ...summary, revocationReason: reason } : summary
}

/**
 * Verifies a hosted OB 2.0 Assertion as it was found at its own address: structure, BadgeClass, the issuer's Profile and its scope, dates,
 * revocation, recipient (CONFORMANCE 1.4, 1.6, 6.10). It has no signature and no key; its address does what they do.
 */
export async function verifyOb2Hosted(hosted: HostedAssertion, asked: Asked, world: World): Promise<Verdict> {
  const assertion = hosted.document
  const structure = checkOb2Structure(assertion, hostedTypes)
  const chain = structure.outcome === 'passed' ? await follow(hosted, world) : notFollowed
  const status = checkStatus(assertion)
  const checks: readonly Check[] = [
    passed('format', hosted.isOther ? 'read-hosted-instead' : 'read-ob2-hosted'),
    structure,
    chain.binding,
    chain.issuer,
    checkOb2Dates(assertion, asked.at),
    status,
    ...(asked.recipient === undefined ? [] : [checkOb2Recipient(assertion, asked.recipient)]),
  ]
  return { verdict: verdictWordOf(checks), checks, credential: summaryOf(assertion, chain, status) }
}
