import { contextAddress } from '../contexts.ts'
import type { JsonObject } from '../json.ts'
import { isJsonObject } from '../json.ts'
import type { Jws } from '../jws.ts'
import { checkOb2Header } from '../jws.ts'
import type { Check, CredentialSummary, Verdict } from '../verdict.ts'
import { allPassed, failed, notChecked, passed } from './checks.ts'
import { checkOb2Dates } from './dates.ts'
import { hasType, idOf, instantOf, listOf, objectOf, textOf } from './members.ts'
import type { Asked } from './ob3.ts'
import { keyOfPem, signatureFault } from './public-key.ts'
import { checkOb2Recipient } from './recipient.ts'
import { checkOb2Revocation } from './revocation-list.ts'
import { summaryOfOb2 } from './summary.ts'
import { verdictWordOf } from './word.ts'
import type { World } from './world.ts'
import { documentOf, httpUrl } from './world.ts'

/** What an Assertion must have (CONFORMANCE 1.1, 1.2, 1.7, 1.10, 6.10). */
function checkStructure(assertion: JsonObject): Check {
  if (!listOf(assertion['@context']).includes(contextAddress.openBadges2)) return failed('structure', 'context-wrong')
  if (!hasType(assertion, 'Assertion')) return failed('structure', 'type-wrong', { member: 'type' })
  for (const member of ['id', 'recipient', 'badge', 'verification', 'issuedOn']) {
    if (assertion[member] === undefined) return failed('structure', 'member-missing', { member })
  }
  if (!textOf(assertion, 'id')) return failed('structure', 'member-wrong', { member: 'id' })
  for (const member of ['issuedOn', 'expires']) {
    const isWrong = assertion[member] !== undefined && instantOf(assertion[member]) === undefined
    if (isWrong) return failed('structure', 'member-wrong', { member })
  }
  const verification = textOf(objectOf(assertion, 'verification') ?? {}, 'type')
  if (verification !== 'SignedBadge' && verification !== 'signed') {
    return failed('structure', 'member-wrong', { member: 'verification' })
  }
  const recipient = objectOf(assertion, 'recipient')
  if (recipient === undefined || textOf(recipient, 'identity') === undefined) {
    return failed('structure', 'member-wrong', { member: 'recipient' })
  }
  return passed('structure', 'structure-right')
}

type CreatorKey = { readonly address: string; readonly owner: string; readonly pem: string }
type Found<T> = { readonly found: T } | { readonly check: Check }

/** The CryptographicKey that the Assertion names: the one thing that is asked for before the signature is checked (CONFORMANCE 1.8, 6.3). */
async function creatorKey(assertion: JsonObject, world: World): Promise<Found<CreatorKey>> {
  const address = textOf(objectOf(assertion, 'verification') ?? {}, 'creator')
  if (address === undefined) return { check: notChecked('key', 'key-not-named') }
  if (httpUrl(address) === undefined) return { check: failed('key', 'key-unreadable', { key: address }) }
  const answer = await world.ask(address, 'key')
  if (answer.outcome === 'missing') return { check: failed('key', 'key-unknown', { key: address }) }
  if (answer.outcome === 'not-fetched') return { check: notChecked('key', 'key-not-fetched', { key: address }) }
  const key = documentOf(answer.body)
  if (key === 'unreadable') return { check: failed('key', 'key-unreadable', { key: address }) }
  const [owner, pem] = [textOf(key, 'owner'), textOf(key, 'publicKeyPem')]
  const isKey = hasType(key, 'CryptographicKey') && key['id'] === address
  if (!isKey || owner === undefined || pem === undefined) {
    return { check: failed('key', 'key-unreadable', { key: address }) }
  }
  return { found: { address, owner, pem } }
}

function checkSignature(jws: Jws, pem: string): Check {
  const publicKey = keyOfPem(pem)
  if (typeof publicKey === 'string') return failed('signature', publicKey)
  const fault = signatureFault(jws, publicKey)
  return fault === undefined
    ? passed('signature', 'signature-right', { alg: jws.algorithm })
    : failed('signature', fault)
}

/** The BadgeClass at its address, or as the signed Assertion has it inside. */
async function badgeClassOf(assertion: JsonObject, world: World): Promise<Found<JsonObject>> {
  const { badge } = assertion
  const unreadable = { check: failed('binding', 'badge-class-unreadable') }
  const inside = isJsonObject(badge) && badge['issuer'] !== undefined ? badge : undefined
  if (inside !== undefined) return hasType(inside, 'BadgeClass') ? { found: inside } : unreadable
  const address = idOf(badge) ?? ''
  if (httpUrl(address) === undefined) return unreadable
  const answer = await world.ask(address, 'badge-class')
  if (answer.outcome !== 'found') return { check: notChecked('binding', 'badge-class-not-fetched') }
  const badgeClass = documentOf(answer.body)
  if (badgeClass === 'unreadable' || !hasType(badgeClass, 'BadgeClass') || badgeClass['id'] !== address)
    return unreadable
  return { found: badgeClass }
}

async function profileOf(issuerId: string, world: World): Promise<Found<JsonObject>> {
  const answer = await world.ask(issuerId, 'issuer')
  if (answer.outcome === 'missing') return { check: failed('issuer', 'issuer-missing') }
  if (answer.outcome === 'not-fetched') return { check: notChecked('issuer', 'issuer-not-fetched') }
  const profile = documentOf(answer.body)
  if (profile === 'unreadable') return { check: failed('issuer', 'issuer-unreadable') }
  const id = textOf(profile, 'id') ?? ''
  return id === issuerId ? { found: profile } : { check: failed('issuer', 'issuer-of-another-id', { id }) }
}

/** The link must go both ways: the key names its owner, and the owner's Profile lists the key (CONFORMANCE 1.8, 6.10). */
function checkLink(key: CreatorKey, profile: JsonObject): Check {
  const isListed = listOf(profile['publicKey']).some((listed) => idOf(listed) === key.address)
  if (!isListed) return failed('key', 'key-not-listed', { key: key.address })
  return passed('key', 'key-of-issuer', { key: key.address })
}

/** What is learnt of a signed Assertion from the documents it leads to. */
type Chain = {
  readonly signature: Check
  readonly binding: Check
  readonly key: Check
  readonly issuer: Check
  readonly badgeClass?: JsonObject
  readonly profile?: JsonObject
}

/** Key → signature → BadgeClass → Profile: each is asked for only when the one before allows it (CONFORMANCE 6.3, 6.10). */
async function follow(jws: Jws, world: World): Promise<Chain> {
  const [binding, issuer] = [notChecked('binding', 'not-reached'), notChecked('issuer', 'not-reached')]
  const named = await creatorKey(jws.payload, world)
  if ('check' in named) return { signature: notChecked('signature', 'no-key'), binding, key: named.check, issuer }
  const signature = checkSignature(jws, named.found.pem)
  const unknown = notChecked('key', 'not-reached')
  if (signature.outcome !== 'passed') return { signature, binding, key: unknown, issuer }
  const badge = await badgeClassOf(jws.payload, world)
  if ('check' in badge) return { signature, binding: badge.check, key: unknown, issuer }
  const badgeClass = badge.found
  const issuerId = idOf(badgeClass['issuer']) ?? ''
  const { owner } = named.found
  if (issuerId !== owner) {
    const key = failed('key', 'key-of-another-issuer', { owner })
    return { signature, binding: failed('binding', 'badge-class-of-another-issuer'), key, issuer, badgeClass }
  }
  const bound = passed('binding', 'badge-class-right')
  const read = await profileOf(issuerId, world)
  if ('check' in read) return { signature, binding: bound, key: unknown, issuer: read.check, badgeClass }
  const profile = read.found
  const key = checkLink(named.found, profile)
  return { signature, binding: bound, key, issuer: passed('issuer', 'issuer-right'), badgeClass, profile }
}

async function checkStatus(chain: Chain, assertion: JsonObject, asked: Asked, world: World): Promise<Check> {
  const { profile } = chain
  if (profile === undefined || !allPassed(chain.signature, chain.binding, chain.key, chain.issuer)) {
    return notChecked('status', 'not-reached')
  }
  const question = { credentialId: textOf(assertion, 'id') ?? '', issuerId: textOf(profile, 'id') ?? '', at: asked.at }
  return await checkOb2Revocation(profile, question, world)
}

function summaryOf(assertion: JsonObject, chain: Chain, status: Check): CredentialSummary {
  const summary = summaryOfOb2(assertion, chain.badgeClass, chain.profile)
  const reason = status.code === 'revoked' ? status.values?.['reason'] : undefined
  return reason ? { ...summary, revocationReason: reason } : summary
}

/** Verifies an OB 2.0 Assertion as JWS: keys linked from the issuer's Profile only, then revocation list and dates (CONFORMANCE 6.10). */
export async function verifyOb2Jws(jws: Jws, asked: Asked, world: World): Promise<Verdict> {
  const assertion = jws.payload
  const fault = checkOb2Header(jws.header)
  if (fault !== undefined) {
    const checks = [failed('format', fault.code, fault.values)]
    return { verdict: verdictWordOf(checks), checks, credential: summaryOfOb2(assertion) }
  }
  const structure = checkStructure(assertion)
  const chain = await follow(jws, world)
  const status =
    structure.outcome === 'passed'
      ? await checkStatus(chain, assertion, asked, world)
      : notChecked('status', 'not-reached')
  const checks: readonly Check[] = [
    passed('format', 'read-ob2-jws'),
    structure,
    chain.signature,
    chain.binding,
    chain.key,
    chain.issuer,
    checkOb2Dates(assertion, asked.at),
    status,
    ...(asked.recipient === undefined ? [] : [checkOb2Recipient(assertion, asked.recipient)]),
  ]
  return { verdict: verdictWordOf(checks), checks, credential: summaryOf(assertion, chain, status) }
}
