import { createHash } from 'node:crypto'
import { findActor } from '../accounts/session.ts'
import { assessEvidence, monthsBefore, type ReadinessPart } from '../badges/evidence.ts'
import type { Deps } from '../deps.ts'
import type { Decider } from './return.ts'
import { type Actor, refusalOfWants } from '../http/actor.ts'
import { isPermitted } from '../http/permissions.ts'
import type { SessionRef } from '../http/session-tokens.ts'
import { dayInHelsinki } from '../i18n/index.ts'
import { Refusal } from '../refusal.ts'
import { awardFacts, newAwardIdentity } from './facts.ts'
import { newHistoryLine } from './history.ts'
import type { Walker } from './in-step.ts'
import type { Issuing } from './issuing.ts'
import { type DecisionFacts, readDecisionFacts } from './read.ts'
import { returnOrReject } from './return.ts'
import type { Decided, Decision } from './schema.ts'
import { signAward } from './sign.ts'
import { whyNotDecider } from './two-persons.ts'

export type AwardDeps = Pick<Deps, 'db' | 'vault' | 'config' | 'newId' | 'log'> & { readonly issuing: Issuing }

export type Wanted = Decision & { readonly id: string; readonly idempotencyKey: string }

export type DecidedNow = Decided & {
  /** A new award was made just now: 201. */
  readonly created: boolean
  /** The same key and body came before: the same answer (S-33). */
  readonly replayed: boolean
}

/** How often the writing statement may find that something moved since it was read. */
const tries = 5

/**
 * Decides an application (DESIGN, The award path): reads everything in one statement, the session and its roles too, signs outside any transaction, writes in one statement.
 * When what was read no longer holds it reads again and answers what is there. Refuses with `not-signed-in`,
 * `forbidden`, `not-found`, `idempotency-mismatch`,
 * `conflict` (not waiting for a decision), `two-persons`, `criteria-unmet`, `stopped`, `unfit-to-sign`.
 */
export async function decideApplication(
  deps: AwardDeps,
  session: SessionRef,
  wanted: Wanted,
  now: Date,
): Promise<DecidedNow> {
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    const walker = deps.issuing.inStep(session.tenant)
    try {
      const { actor, read } = await readOnce(deps, session, wanted, now)
      const there = answerThatIsThere(read, wanted)
      if (there) return there
      refuseUnlessWaiting(read)
      const decided =
        wanted.outcome === 'award'
          ? await award(deps, actor, wanted, read, now, walker)
          : await sendBack(deps, actor, { ...wanted, outcome: wanted.outcome }, read, now)
      if (decided) return decided
    } finally {
      walker.leave()
    }
  }
  throw new Refusal('busy', 'Others are changing the same application. Try again in a moment', { retryAfter: 1 })
}

/**
 * Says what `decideApplication` would refuse, and does nothing else: no key is used and nothing is written. What only signing or writing
 * would show is not seen.
 */
export async function checkDecision(deps: AwardDeps, session: SessionRef, wanted: Wanted, now: Date): Promise<void> {
  const { actor, read } = await readOnce(deps, session, wanted, now)
  if (answerThatIsThere(read, wanted)) return
  refuseUnlessWaiting(read)
  if (wanted.outcome === 'award') refuseUnlessAllowed(deps, actor, read, now)
  else refuseOnePerson(actor, read)
}

function refuseUnlessWaiting({ state }: DecisionFacts): void {
  if (state === 'submitted') return
  throw new Refusal('conflict', `The application is ${state}: there is nothing to decide`, { code: 'not-submitted' })
}

async function readOnce(
  deps: AwardDeps,
  session: SessionRef,
  wanted: Wanted,
  now: Date,
): Promise<{ readonly actor: Decider; readonly read: DecisionFacts }> {
  const { tenant, sessionId } = session
  const asked = { sessionId, applicationId: wanted.id, key: wanted.idempotencyKey, now }
  const found = await readDecisionFacts(deps.issuing, tenant, asked)
  // The statement knows members of staff only: a client is signed in all the same.
  if (!found) refuseUnready(await findActor(deps, session, now))
  if (!found || !isPermitted(found.account.roles, 'application:decide')) {
    throw new Refusal('forbidden', 'Your role does not allow this')
  }
  if (!found.facts) throw new Refusal('not-found', 'There is no such application')
  const from = session.address === undefined ? {} : { address: session.address }
  return { actor: { tenant, sessionId, accountId: found.account.id, ...from }, read: found.facts }
}

/** Nobody, or somebody whose session still wants the second factor or the password (S-14, S-17). */
function refuseUnready(actor: Actor | undefined): void {
  if (!actor) throw new Refusal('not-signed-in', 'Sign in first')
  if (actor.kind === 'staff' && actor.wants !== undefined) throw refusalOfWants(actor.wants)
}

/** SHA-256 of what was asked: the same key with another body is refused (S-33). */
function digestOf(wanted: Wanted): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([wanted.id, wanted.outcome, wanted.reason ?? null]))
    .digest()
}

/** The award or the key is there already: that answer (DESIGN, The award path 4). */
function answerThatIsThere(read: DecisionFacts, wanted: Wanted): DecidedNow | undefined {
  const application = { id: read.application_id, state: read.state }
  const award = read.application_award
  if (read.idempotency) {
    if (read.idempotency.digest !== digestOf(wanted).toString('hex')) {
      throw new Refusal('idempotency-mismatch', 'This Idempotency-Key was used for another request', {
        code: 'idempotency_mismatch',
      })
    }
    return { application, award, created: read.idempotency.status === 201, replayed: true }
  }
  if (read.state === 'awarded' && wanted.outcome === 'award')
    return { application, award, created: false, replayed: false }
  return undefined
}

async function sendBack(
  deps: AwardDeps,
  actor: Decider,
  wanted: Wanted & { readonly outcome: 'return' | 'reject' },
  read: DecisionFacts,
  now: Date,
): Promise<DecidedNow | undefined> {
  refuseOnePerson(actor, read)
  return await returnOrReject(deps, actor, { ...wanted, digest: digestOf(wanted) }, read, now)
}

async function award(
  deps: AwardDeps,
  actor: Decider,
  wanted: Wanted,
  read: DecisionFacts,
  now: Date,
  walker: Walker,
): Promise<DecidedNow | undefined> {
  refuseUnlessAllowed(deps, actor, read, now)
  // Documents and keys speak in whole seconds (CONFORMANCE 3.4).
  const awardedAt = new Date(Math.floor(now.getTime() / 1000) * 1000)
  const validUntil = endOf(awardedAt, read.valid_months)
  const identity = newAwardIdentity(actor.tenant)
  const status = await deps.issuing.leaseStatus(actor.tenant, now)
  await walker.gather()
  const facts = awardFacts(read, deps.config.publicOrigin, actor.tenant, identity, { awardedAt, validUntil }, status)
  const { signed, kids } = await signAward(deps, actor.tenant, read, facts, async () => await walker.meet())

  const id = deps.newId()
  const history = newHistoryLine(deps.newId(), 'award', awardedAt, {
    award: id,
    application: read.application_id,
    badgeClassVersion: read.badge_class_version_id,
    decidedBy: actor.accountId,
    ob2: sha256(signed.ob2Jws),
    ob3: sha256(signed.ob3Jwt),
  })
  await walker.meet()
  const written = await deps.issuing.writeAward(actor.tenant, {
    ...identity,
    id,
    applicationId: read.application_id,
    decidedBy: actor.accountId,
    sessionId: actor.sessionId,
    evidenceRevision: read.revision,
    kids,
    keySeq: read.key_seq,
    awardedAt,
    decidedAt: now,
    validUntil,
    rule: read.rule,
    status,
    ...signed,
    history,
    idempotency: { holder: actor.accountId, key: wanted.idempotencyKey, digest: digestOf(wanted) },
    address: actor.address ?? null,
  })
  if (!written) return undefined
  return {
    application: { id: read.application_id, state: 'awarded' },
    award: { id, publicId: identity.publicId },
    created: true,
    replayed: false,
  }
}

/** The rules that say no before anything is signed (DESIGN, The award path 2; S-15, S-25). */
function refuseUnlessAllowed(deps: AwardDeps, actor: Decider, read: DecisionFacts, now: Date): void {
  if (deps.config.issuanceStopped || read.issuing_stopped) {
    throw new Refusal('stopped', 'Issuing is stopped. Nothing was lost; the application waits', { retryAfter: 600 })
  }
  if (read.version_state !== 'published' && read.version_state !== 'retired') {
    throw new Refusal('conflict', 'This badge was withdrawn and can no longer be awarded', { code: 'badge-withdrawn' })
  }
  const readiness = assessEvidence(
    read.rule,
    { observations: read.observations, badges: read.held, selfAssessedTasks: new Set(read.self_assessed) },
    now,
  )
  if (!readiness.met) {
    throw new Refusal('criteria-unmet', 'The evidence rule of the badge is not met yet', {
      facts: { missing: readiness.parts.filter((part) => !part.met).map(withoutCounts) },
    })
  }
  refuseOnePerson(actor, read)
}

/** What counts of the work tells how much help there was, and no look at that is recorded here (S-12). */
function withoutCounts(part: ReadinessPart): object {
  const { kind, met } = part
  if (kind === 'task') return { kind, taskId: part.taskId, met }
  return kind === 'requirements' ? { kind, met } : part
}

/** The decider is neither the proposer nor the only observer, whatever the decision (DESIGN, The award path 2). */
function refuseOnePerson(actor: Decider, read: DecisionFacts): void {
  switch (whyNotDecider(actor.accountId, read)) {
    case 'proposer':
      throw new Refusal('two-persons', 'You proposed this badge: somebody else decides', {
        code: 'decider-is-proposer',
      })
    case 'only-observer':
      throw new Refusal('two-persons', 'You recorded all the work: somebody else decides', {
        code: 'decider-is-only-observer',
      })
    case null:
  }
}

/** The end of a badge that has one: so many months on, at the end of that day in UTC. Null: it never ends. */
function endOf(awardedAt: Date, months: number | null): Date | null {
  if (months === null) return null
  return new Date(`${monthsBefore(dayInHelsinki(awardedAt), -months)}T23:59:59Z`)
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
