import type { Json, JsonObject } from '../json.ts'
import { isJsonObject } from '../json.ts'
import { parseJws } from '../jws.ts'
import { schemaAddress } from '../schemas.ts'
import type { Check, CredentialSummary, History, Look, Verdict } from '../verdict.ts'
import { endorsedPlaces, everythingNamed, holdsId } from './carried.ts'
import { because, failed, notChecked, passed } from './checks.ts'
import type { CredentialKind } from './kinds.ts'
import { openBadgesContext } from './kinds.ts'
import { hasType, idOf, objectOf, textOf } from './members.ts'
import type { Secured } from './prove.ts'
import { proveCredential } from './prove.ts'
import { endorsementSummary } from './summary.ts'
import { verdictWordOf } from './word.ts'
import type { World } from './world.ts'
import { worldOf } from './world.ts'

/** Each is a credential to prove, and its endorser an address to ask: more are only work (S-46). */
const maxEndorsements = 8

const subjectMembers = new Set(['id', 'type', 'endorsementComment'])

function checkEndorsementSubject(subject: JsonObject): Check | undefined {
  if (textOf(subject, 'id') === undefined) return failed('structure', 'subject-not-identified')
  if (!hasType(subject, 'EndorsementSubject')) return failed('structure', 'type-wrong', { member: 'credentialSubject' })
  // Inside another credential it shares one graph of statements with that: it must not say anything else of what it endorses (T4).
  const stray = Object.keys(subject).find((member) => !subjectMembers.has(member))
  return stray === undefined ? undefined : failed('structure', 'member-wrong', { member: stray })
}

/** What somebody says of an achievement, a credential or an organisation (CONFORMANCE 9.6). */
export const endorsementKind: CredentialKind = {
  types: ['EndorsementCredential'],
  contexts: [openBadgesContext],
  schema: schemaAddress.endorsementCredential,
  checkSubject: checkEndorsementSubject,
}

/** One endorsement as it was found: what it may speak of, and the credential or why there is none. */
type Found = { readonly endorsable: readonly string[]; readonly secured: Secured | Check }

// The same endorsement lies in every badge of its class. What was read first is kept by its text, so that its proof, which is remembered
// by the identity of what was read, costs its canonical form once. Bounded, and nothing is lost with it.
const kept = new Map<string, JsonObject>()
const keptAtMost = 200
const keptLength = 8192

function interned(document: JsonObject): JsonObject {
  const text = JSON.stringify(document)
  if (text.length > keptLength) return document
  const earlier = kept.get(text)
  if (earlier !== undefined) return earlier
  if (kept.size >= keptAtMost) kept.clear()
  kept.set(text, document)
  return document
}

function ofEmbedded(value: Json): Secured | Check {
  if (!isJsonObject(value)) return failed('structure', 'type-wrong', { member: 'endorsement' })
  return { form: 'json', document: interned(value) }
}

function ofJwt(value: Json): Secured | Check {
  const jws = parseJws(typeof value === 'string' ? value : '')
  return jws.outcome === 'fault' ? failed('format', jws.code, jws.values) : { form: 'jwt', jws }
}

function findAll(document: JsonObject): readonly Found[] {
  return endorsedPlaces(document).flatMap(({ endorsable, embedded, jwts }) => [
    ...embedded.map((value) => ({ endorsable, secured: ofEmbedded(value) })),
    ...jwts.map((value) => ({ endorsable, secured: ofJwt(value) })),
  ])
}

/** What one endorsement comes to: its check, and what it says when that is good. */
type Judged = { readonly check: Check; readonly says?: NonNullable<CredentialSummary['endorsements']>[number] }

/**
 * An embedded endorsement is part of the same graph of statements as what carries it. So no other object in it may be a second place for
 * statements about that; its subject was looked at by its kind. An endorser may be named by both.
 */
function isApart(endorsement: JsonObject, named: readonly string[]): boolean {
  const { credentialSubject: _subject, issuer = null, ...rest } = endorsement
  const endorser = idOf(issuer)
  return !holdsId([rest, issuer], new Set(named.filter((id) => id !== endorser)))
}

async function judge(found: Found, named: readonly string[], at: Date, world: World): Promise<Judged> {
  const { endorsable, secured } = found
  if ('id' in secured)
    return { check: because(failed('endorsements', 'endorsement-not-valid', { endorser: '–' }), secured) }
  const { document, checks } = await proveCredential(secured, endorsementKind, at, world)
  const endorser = textOf(objectOf(document, 'issuer') ?? {}, 'name') ?? idOf(document['issuer']) ?? '–'
  const word = verdictWordOf(checks)
  if (word === 'could-not-check') {
    const cause = checks.find((check) => check.outcome === 'not-checked')
    return { check: because(notChecked('endorsements', 'endorsement-could-not-check', { endorser }), cause) }
  }
  if (word !== 'valid') {
    const cause = checks.find((check) => check.outcome === 'failed')
    return { check: because(failed('endorsements', 'endorsement-not-valid', { endorser }), cause) }
  }
  const subject = idOf(document['credentialSubject']) ?? ''
  const isOfThis = endorsable.includes(subject) && (secured.form === 'jwt' || isApart(document, named))
  if (!isOfThis) return { check: failed('endorsements', 'endorsement-of-another', { endorser }) }
  return { check: passed('endorsements', 'endorsements-right'), says: endorsementSummary(document) }
}

/** The check of all endorsements, and what they say when every single one is good. */
export type Endorsements = {
  readonly checks: readonly Check[]
  readonly says?: CredentialSummary['endorsements']
}

/**
 * Verifies the endorsements that a credential carries, in itself, its achievement and its profiles, embedded or as JWT: each like any
 * credential, and of what carries it (CONFORMANCE 6.7, 9.6, 9.8). A failed one means that not all passed. No check when there is none;
 * `not-reached` when the credential itself is not true, since each leads to addresses that only a true one may name (6.3).
 */
export async function checkEndorsements(
  document: JsonObject,
  isTrue: boolean,
  at: Date,
  world: World,
): Promise<Endorsements> {
  const found = findAll(document)
  if (found.length === 0) return { checks: [] }
  if (!isTrue) return { checks: [notChecked('endorsements', 'not-reached')] }
  if (found.length > maxEndorsements) {
    return { checks: [notChecked('endorsements', 'endorsements-too-many', { limit: String(maxEndorsements) })] }
  }
  const named = everythingNamed(document)
  const judged: Judged[] = []
  for (const one of found) judged.push(await judge(one, named, at, world))
  const bad =
    judged.find(({ check }) => check.outcome === 'failed') ??
    judged.find(({ check }) => check.outcome === 'not-checked')
  if (bad !== undefined) return { checks: [bad.check] }
  const says = judged.map((one) => one.says).filter((one) => one !== undefined)
  return { checks: [passed('endorsements', 'endorsements-right', { count: String(says.length) })], says }
}

/**
 * Verifies one endorsement that lies by itself, by the same steps as any credential (CONFORMANCE 6, 9.6). `history` is as in `verify`.
 * What it endorses is for the caller to compare.
 */
export async function verifyEndorsement(
  document: JsonObject,
  look: Look,
  options: { readonly at: Date; readonly history?: History },
): Promise<Verdict> {
  const world = worldOf(look, options.history)
  const { checks } = await proveCredential({ form: 'json', document }, endorsementKind, options.at, world)
  return { verdict: verdictWordOf(checks), checks }
}
