import type { JsonObject } from '../json.ts'
import type { Ob1Jws } from '../jws.ts'
import { checkOb2Header } from '../jws.ts'
import type { Check, CredentialSummary, SecondOpinion, Verdict } from '../verdict.ts'
import { allPassed, failed, notChecked, passed } from './checks.ts'
import type { HostedAssertion } from './hosted-document.ts'
import { checkOb1Dates } from './ob1-dates.ts'
import { followOb1, type Ob1Chain } from './ob1-documents.ts'
import { proveOb1 } from './ob1-signature.ts'
import { checkOb1HostedStatus, checkOb1Revocation } from './ob1-status.ts'
import { checkOb1Structure } from './ob1-structure.ts'
import { absolute, summaryOfOb1 } from './ob1-summary.ts'
import type { Asked } from './ob3.ts'
import { ob1VersionOf } from './old-kind.ts'
import { checkOb1Recipient } from './recipient.ts'
import { isOnHost, isOnOrigin, outsideScope, type Place } from './scope.ts'
import { checkSecondOpinion } from './second-opinion.ts'
import { verdictWordOf } from './word.ts'
import { httpUrl, type World } from './world.ts'

/** Old badges are the only ones about which somebody else is asked too. */
export type AskedOfOld = Asked & { readonly secondOpinion?: SecondOpinion }

const notFollowed: Ob1Chain = {
  binding: notChecked('binding', 'not-reached'),
  issuer: notChecked('issuer', 'not-reached'),
}
const statusNotReached = notChecked('status', 'not-reached')

/** What both ways of verifying share at their end. `proof` are the checks on whose side the badge is, in their order. */
type Ending = {
  readonly assertion: JsonObject
  readonly badge: string
  readonly summary: CredentialSummary
  readonly chain: Ob1Chain
  readonly proof: readonly Check[]
  readonly status: Check
}

async function conclude(ending: Ending, asked: AskedOfOld, world: World): Promise<Verdict> {
  const { assertion, badge, summary, chain, proof, status } = ending
  const images = [chain.badgeClass?.['image'], assertion['image'], chain.issuerDocument?.['image']]
  const question = {
    badge,
    pictures: images.map((image) => absolute(image, chain.issuerId)),
    isProven: allPassed(...proof),
  }
  const checks: readonly Check[] = [
    ...proof,
    checkOb1Dates(assertion, asked.at),
    status,
    ...(asked.recipient === undefined ? [] : [checkOb1Recipient(assertion, asked.recipient)]),
    await checkSecondOpinion(question, asked.secondOpinion, world),
  ]
  const reason = status.code === 'revoked' ? status.values?.['reason'] : undefined
  const credential = reason ? { ...summary, revocationReason: reason } : summary
  return { verdict: verdictWordOf(checks), checks, credential }
}

/** Whose key it is: nothing in these versions says so but that it lies on its issuer's origin. */
function judgeKey(place: Place, chain: Ob1Chain): Pick<Ob1Chain, 'issuer'> & { readonly key: Check } {
  if (chain.issuer.outcome !== 'passed') return { key: notChecked('key', 'not-reached'), issuer: chain.issuer }
  if (isOnOrigin(place, chain.issuerId ?? '')) {
    const key = passed('key', 'key-of-issuer', { key: place.asked })
    return { key, issuer: passed('issuer', 'issuer-host-only') }
  }
  const owner = httpUrl(place.found)?.host ?? ''
  return { key: failed('key', 'key-of-another-issuer', { owner }), issuer: notChecked('issuer', 'issuer-not-shown') }
}

/**
 * Verifies a signed badge of Open Badges 1.0 or 1.1: structure, the key that it names and its signature, badge, issuer by origin, dates,
 * revocation list, recipient; then the second opinion (DEPENDENCIES 5; S-26, S-28, S-29). Nothing but the key is asked for before the
 * signature allows it (CONFORMANCE 6.3).
 */
export async function verifyOb1Jws(jws: Ob1Jws, asked: AskedOfOld, world: World): Promise<Verdict> {
  const assertion = jws.payload
  const fault = checkOb2Header(jws.header)
  if (fault !== undefined) {
    const checks = [failed('format', fault.code, fault.values)]
    return { verdict: verdictWordOf(checks), checks, credential: summaryOfOb1(assertion, 'ob1-jws', '', {}) }
  }
  const structure = checkOb1Structure(assertion, 'signed')
  const proof = await proveOb1(jws, world)
  const isSigned = allPassed(structure, proof.signature)
  const chain = isSigned ? await followOb1(assertion, world) : notFollowed
  const ofKey = 'key' in proof ? { key: proof.key, issuer: chain.issuer } : judgeKey(proof.place, chain)
  const isOfIssuer = chain.issuerDocument !== undefined && allPassed(ofKey.key, ofKey.issuer)
  const status = isOfIssuer ? await checkOb1Revocation(assertion, chain.issuerDocument, world) : statusNotReached
  const read = passed('format', 'read-ob1-jws', { version: ob1VersionOf(assertion) })
  const checks = [read, structure, proof.signature, chain.binding, ofKey.key, ofKey.issuer]
  const summary = summaryOfOb1(assertion, 'ob1-jws', '', chain)
  return await conclude({ assertion, badge: jws.text, summary, chain, proof: checks, status }, asked, world)
}

/** Whose badge it is: whose host it lies on. */
function judgeHost(hosted: HostedAssertion, chain: Ob1Chain): Check {
  if (chain.issuer.outcome !== 'passed') return chain.issuer
  const [place, issuer] = [{ asked: hosted.address, found: hosted.foundAt }, chain.issuerId ?? '']
  const isOwn = ob1VersionOf(hosted.document) === '0.5' ? isOnHost(place, issuer) : isOnOrigin(place, issuer)
  return isOwn ? passed('issuer', 'hosted-by-issuer') : outsideScope(place)
}

/**
 * Verifies a hosted badge of Open Badges 0.5, 1.0 or 1.1 as it was found at its own address: structure, badge, issuer by origin, dates,
 * revocation, recipient; then the second opinion (CONFORMANCE 1.6, 6.10; DEPENDENCIES 5; S-28, S-29).
 */
export async function verifyOb1Hosted(hosted: HostedAssertion, asked: AskedOfOld, world: World): Promise<Verdict> {
  const assertion = hosted.document
  const version = ob1VersionOf(assertion)
  const structure = checkOb1Structure(assertion, 'hosted')
  const chain = structure.outcome === 'passed' ? await followOb1(assertion, world) : notFollowed
  const issuer = judgeHost(hosted, chain)
  const status =
    chain.issuerDocument !== undefined && issuer.outcome === 'passed'
      ? await checkOb1HostedStatus(assertion, chain.issuerDocument, world)
      : statusNotReached
  const read = passed('format', hosted.isOther ? 'read-hosted-instead' : 'read-ob1-hosted', { version })
  const proof = [read, structure, chain.binding, issuer]
  const summary = summaryOfOb1(assertion, 'ob1-json', hosted.address, chain)
  return await conclude({ assertion, badge: hosted.text, summary, chain, proof, status }, asked, world)
}
