import type { Json, JsonObject } from '../json.ts'
import { isJsonObject } from '../json.ts'
import { schemaAddress } from '../schemas.ts'
import type { Check, Verdict } from '../verdict.ts'
import { holdsId, innerCredentials } from './carried.ts'
import { because, failed, notChecked, passed } from './checks.ts'
import { checkEndorsements } from './endorsements.ts'
import type { CredentialKind } from './kinds.ts'
import { checkIdentified, openBadgesContext } from './kinds.ts'
import { hasType, listOf, objectOf, textOf } from './members.ts'
import type { Asked } from './ob3.ts'
import { verifyOb3 } from './ob3.ts'
import type { Secured } from './prove.ts'
import { proveCredential } from './prove.ts'
import { checkOb3Recipient } from './recipient.ts'
import { summaryOfClr } from './summary.ts'
import { heaviest, verdictWordOf } from './word.ts'
import type { World } from './world.ts'

/** A passport has tens of badges; each costs a canonical form. */
const maxCredentials = 100

const clrContext = /^https:\/\/purl\.imsglobal\.org\/spec\/clr\/v2p0\/context(?:-2\.\d\.\d)?\.json$/

function checkClrSubject(subject: JsonObject): Check | undefined {
  const anonymous = checkIdentified(subject)
  if (anonymous !== undefined) return anonymous
  if (!hasType(subject, 'ClrSubject')) return failed('structure', 'type-wrong', { member: 'credentialSubject' })
  const isEmpty = listOf(subject['verifiableCredential']).length === 0
  return isEmpty ? failed('structure', 'member-missing', { member: 'verifiableCredential' }) : undefined
}

/** A collection of credentials, such as a passport (CONFORMANCE 10.1, 10.2). */
export const clrKind: CredentialKind = {
  types: ['ClrCredential'],
  contexts: [clrContext, openBadgesContext],
  schema: schemaAddress.clrCredential,
  checkSubject: checkClrSubject,
  isCollection: true,
}

const isBadge = (inner: JsonObject): boolean =>
  hasType(inner, 'OpenBadgeCredential') || hasType(inner, 'AchievementCredential')

function nameOf(inner: Json): string {
  return isJsonObject(inner) ? (textOf(inner, 'name') ?? textOf(inner, 'id') ?? '') : ''
}

function ended(check: Check): Verdict {
  return { verdict: verdictWordOf([check]), checks: [check] }
}

/** One credential of the collection by itself. Only badges are known here: anything else is told, never passed over. */
async function verifyInner(inner: Json, collectionId: string, at: Date, world: World): Promise<Verdict> {
  // It shares one graph of statements with the collection, and must not be a second place for statements about that (T4).
  if (holdsId(inner, new Set([collectionId])))
    return ended(notChecked('structure', 'member-not-plain', { member: 'id' }))
  if (!isJsonObject(inner)) return ended(failed('structure', 'type-wrong', { member: 'verifiableCredential' }))
  if (!isBadge(inner)) return ended(notChecked('format', 'not-a-badge'))
  return await verifyOb3({ form: 'json', document: inner }, { at }, world)
}

/** CONFORMANCE 10.5: somebody's unsigned upgrade of an old badge. Nobody but the giver of the collection says that it is true. */
function isUnsigned(inner: Json): boolean {
  return isJsonObject(inner) && inner['proof'] === undefined
}

/** One credential of the collection with what came out of it. */
type Judged = { readonly inner: Json; readonly verdict: Verdict }

/** What one inner credential means for the whole, as a check; undefined when it is good. */
function faultOf({ inner, verdict }: Judged, place: number): Check | undefined {
  const values = { name: nameOf(inner), number: String(place + 1) }
  if (verdict.verdict === 'valid') return undefined
  if (isUnsigned(inner)) return notChecked('credentials', 'credential-unsigned', values)
  if (verdict.verdict === 'could-not-check') {
    const cause = verdict.checks.find((check) => check.outcome === 'not-checked')
    return because(notChecked('credentials', 'credential-could-not-check', values), cause)
  }
  const cause = verdict.checks.find((check) => verdictWordOf([check]) === verdict.verdict)
  return because(failed('credentials', 'credential-not-valid', values), cause)
}

/** The heaviest fault of them all, or that there is none. */
function checkCredentials(judged: readonly Judged[]): Check {
  const faults = judged.map(faultOf).filter((check) => check !== undefined)
  const [first] = faults
  if (first === undefined) return passed('credentials', 'credentials-valid', { count: String(judged.length) })
  return faults.find((check) => check.outcome === 'failed') ?? first
}

/** Is the inner subject one that the collection names as its own: by the same id, or by an identifier of either (CONFORMANCE 10.4)? */
function isOfHolder(collection: JsonObject, inner: Json): boolean {
  const subject = isJsonObject(inner) ? (objectOf(inner, 'credentialSubject') ?? {}) : {}
  const plain = listOf(subject['identifier'])
    .filter(isJsonObject)
    .filter((identity) => identity['hashed'] !== true)
  const stated = [textOf(subject, 'id'), ...plain.map((identity) => textOf(identity, 'identityHash'))]
  return stated.some((id) => id !== undefined && checkOb3Recipient(collection, id).outcome === 'passed')
}

/** A badge of another person would pass for the holder's: told, and never `valid`. Different ids may still be one person (10.4). */
function checkHolder(collection: JsonObject, inner: readonly Json[]): Check {
  const foreign = inner.find((one) => !isOfHolder(collection, one))
  return foreign === undefined
    ? passed('holder', 'holder-same')
    : notChecked('holder', 'holder-not-shown', { name: nameOf(foreign) })
}

type Inside = { readonly checks: readonly Check[]; readonly judged: readonly Judged[] }

async function verifyInside(collection: JsonObject, isTrue: boolean, at: Date, world: World): Promise<Inside> {
  const inner = innerCredentials(collection)
  if (!isTrue) return { checks: [notChecked('credentials', 'not-reached')], judged: [] }
  if (inner.length > maxCredentials) {
    const limit = String(maxCredentials)
    return { checks: [notChecked('credentials', 'credentials-too-many', { limit })], judged: [] }
  }
  const id = textOf(collection, 'id') ?? ''
  const judged: Judged[] = []
  for (const one of inner) judged.push({ inner: one, verdict: await verifyInner(one, id, at, world) })
  return { checks: [checkCredentials(judged), checkHolder(collection, inner)], judged }
}

/**
 * Verifies a CLR 2.0 collection, as VC-JWT or with an embedded proof: its own proof, then every credential inside it by the same rules, in
 * the same world, so that an issuer's documents are asked for once (CONFORMANCE 6, 10.1–10.5). The collection is only as good as the worst
 * that is in it, and each has its own verdict in `credentials`.
 */
export async function verifyClr(secured: Secured, asked: Asked, world: World): Promise<Verdict> {
  const proven = await proveCredential(secured, clrKind, asked.at, world)
  const { document, isTrue } = proven
  const format = secured.form === 'jwt' ? 'clr-jwt' : 'clr-json'
  const credential = summaryOfClr(document, format)
  if (proven.checks.some((check) => check.id === 'format')) {
    return { verdict: verdictWordOf(proven.checks), checks: proven.checks, credential }
  }
  const endorsements = await checkEndorsements(document, isTrue, asked.at, world)
  const inside = await verifyInside(document, isTrue, asked.at, world)
  const checks = [
    passed('format', format === 'clr-jwt' ? 'read-clr-jwt' : 'read-clr-json'),
    ...proven.checks,
    ...(asked.recipient === undefined ? [] : [checkOb3Recipient(document, asked.recipient)]),
    ...endorsements.checks,
    ...inside.checks,
  ]
  // Each badge weighs by its own word; an unsigned one is no forgery here, the check of the collection says what it is.
  const words = inside.judged.filter(({ inner }) => !isUnsigned(inner)).map(({ verdict }) => verdict.verdict)
  const own = verdictWordOf(checks.filter((check) => check.code !== 'credential-not-valid'))
  const says = endorsements.says === undefined ? {} : { endorsements: endorsements.says }
  return {
    verdict: heaviest([own, ...words]),
    checks,
    credential: { ...credential, ...says },
    credentials: inside.judged.map(({ verdict }) => verdict),
  }
}
