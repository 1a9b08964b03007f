import type { JsonObject } from '../json.ts'
import type { Jws } from '../jws.ts'
import { checkOb2Header } from '../jws.ts'
import type { Check, CredentialSummary, Verdict } from '../verdict.ts'
import { allPassed, failed, notChecked, passed } from './checks.ts'
import { checkOb2Dates } from './dates.ts'
import type { KeyEnd } from './key-end.ts'
import { endOfKey, judgeEnd, signedJws } from './key-end.ts'
import { hasType, idOf, listOf, objectOf, textOf } from './members.ts'
import { badgeClassOf, checkOb2Structure, type FoundOrCheck, profileOf } from './ob2-documents.ts'
import type { Asked } from './ob3.ts'
import type { KeyFault, PublicKey } from './public-key.ts'
import { keyOfJwk, keyOfPem, signatureFault } from './public-key.ts'
import { checkOb2Recipient } from './recipient.ts'
import { checkOb2Revocation } from './revocation-list.ts'
import { summaryOfOb2 } from './summary.ts'
import { verdictWordOf } from './word.ts'
import type { World } from './world.ts'
import { documentOf, httpUrl } from './world.ts'

const signedTypes = ['SignedBadge', 'signed']

/** `ended` is the document of a key that was taken out of use, which tells since when (S-22). */
type CreatorKey = {
  readonly address: string
  readonly owner: string
  readonly publicKey: PublicKey | KeyFault
  readonly ended?: KeyEnd
}

/** The key in a CryptographicKey: as PEM or, once nobody should use it any more, as a JWK that plain readers do not take for one. */
function keyIn(document: JsonObject): PublicKey | KeyFault | undefined {
  const [pem, jwk] = [textOf(document, 'publicKeyPem'), objectOf(document, 'publicKeyJwk')]
  if (pem !== undefined) return keyOfPem(pem)
  return jwk === undefined || document['revoked'] === undefined ? undefined : keyOfJwk(jwk)
}

/** The CryptographicKey that the Assertion names: the one thing that is asked for before the signature is checked (CONFORMANCE 1.8, 6.3). */
async function creatorKey(assertion: JsonObject, at: Date, world: World): Promise<FoundOrCheck<CreatorKey>> {
  const address = textOf(objectOf(assertion, 'verification') ?? {}, 'creator')
  if (address === undefined) return { check: notChecked('key', 'key-not-named') }
  if (httpUrl(address) === undefined) return { check: failed('key', 'key-unreadable', { key: address }) }
  const answer = await world.ask(address, 'key')
  if (answer.outcome === 'not-fetched') return { check: notChecked('key', 'key-not-fetched', { key: address }) }
  // Gone, but it may tell since when (S-22).
  const body = answer.outcome === 'missing' ? answer.gone : answer.body
  const key = body === undefined ? 'unreadable' : documentOf(body)
  const unknown = {
    check: failed('key', answer.outcome === 'missing' ? 'key-unknown' : 'key-unreadable', { key: address }),
  }
  if (key === 'unreadable') return unknown
  const [owner, publicKey, ended] = [textOf(key, 'owner'), keyIn(key), endOfKey(key, at)]
  const isKey = hasType(key, 'CryptographicKey') && key['id'] === address
  if (!isKey || owner === undefined || publicKey === undefined) return unknown
  if (answer.outcome === 'missing' && ended === undefined) return unknown
  return { found: { address, owner, publicKey, ...(ended === undefined ? {} : { ended }) } }
}

function checkSignature(jws: Jws, publicKey: PublicKey | KeyFault): Check {
  if (typeof publicKey === 'string') return failed('signature', publicKey)
  const fault = signatureFault(jws, publicKey)
  return fault === undefined
    ? passed('signature', 'signature-right', { alg: jws.algorithm })
    : failed('signature', fault)
}

/** The link must go both ways: the key names its owner, and the owner's Profile lists the key (CONFORMANCE 1.8, 6.10). */
async function checkLink(jws: Jws, key: CreatorKey, profile: JsonObject, world: World): Promise<Check> {
  const { address, owner, ended } = key
  if (ended !== undefined) {
    const badge = signedJws(owner, textOf(jws.payload, 'id') ?? '', jws)
    return await judgeEnd(ended, address, badge, world)
  }
  const isListed = listOf(profile['publicKey']).some((listed) => idOf(listed) === address)
  if (!isListed) return failed('key', 'key-not-listed', { key: address })
  return passed('key', 'key-of-issuer', { key: address })
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
async function follow(jws: Jws, at: Date, world: World): Promise<Chain> {
  const [binding, issuer] = [notChecked('binding', 'not-reached'), notChecked('issuer', 'not-reached')]
  const named = await creatorKey(jws.payload, at, world)
  if ('check' in named) return { signature: notChecked('signature', 'no-key'), binding, key: named.check, issuer }
  const signature = checkSignature(jws, named.found.publicKey)
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
  const key = await checkLink(jws, named.found, profile, world)
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
  const structure = checkOb2Structure(assertion, signedTypes)
  const chain = await follow(jws, asked.at, world)
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
