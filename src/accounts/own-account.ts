import { asTenant } from '../db/connect.ts'
import type { StaffActor } from '../http/actor.ts'
import { Refusal } from '../refusal.ts'
import { refuseFastNetwork, tryOf } from './backoff.ts'
import { forgetFailures, isWaiting, noteFailure } from './backoff-store.ts'
import { hashPassword, isPassword } from './password.ts'
import { beginEnrolment, confirmEnrolment, proveSecondFactor } from './second-factor.ts'
import { countRecoveryCodes, readFactorNeed } from './second-factor-store.ts'
import { openStaffSession, type Origin, type SignedIn, type SignInDeps } from './sign-in.ts'
import { endSession, endSessionsOf, findPasswordHash, updatePassword } from './store.ts'

/** Whose session it is. */
type Who = Pick<StaffActor, 'tenant' | 'accountId' | 'sessionId'>

/** Gives the second factor that a session wants: that session ends and a whole one begins, under a new id (S-14). */
export async function passSecondFactor(deps: SignInDeps, actor: Who, code: string, origin: Origin): Promise<SignedIn> {
  await proveSecondFactor(deps, actor, code, origin.address)
  return await renewSession(deps, actor, origin)
}

/** Sets up the second factor with its first code. Gives the new, whole session and the recovery codes. */
export async function setUpSecondFactor(
  deps: SignInDeps,
  actor: StaffActor,
  code: string,
  origin: Origin,
): Promise<{ readonly session: SignedIn; readonly recoveryCodes: readonly string[] }> {
  const recoveryCodes = await confirmEnrolment(deps, actor, code, origin.address)
  return { session: await renewSession(deps, actor, origin), recoveryCodes }
}

/** A member who is in begins to set up a second factor, or another one: with the password, so that an open computer is not enough. */
export async function beginSecondFactor(
  deps: SignInDeps,
  actor: StaffActor,
  password: string,
  address: string,
): Promise<void> {
  if (actor.wants !== 'enrolment') await provePassword(deps, actor, password, address)
  await asTenant(deps.db, actor.tenant, async (trx) => await beginEnrolment(deps, trx, actor))
}

/** What the member's own page says of the second factor. */
export async function readSecurity(
  deps: Pick<SignInDeps, 'db'>,
  actor: StaffActor,
): Promise<{ readonly isNeeded: boolean; readonly isSet: boolean; readonly recoveryLeft: number }> {
  return await asTenant(deps.db, actor.tenant, async (trx) => ({
    ...(await readFactorNeed(trx, actor)),
    recoveryLeft: await countRecoveryCodes(trx, actor),
  }))
}

/**
 * Gives the password again, and the second factor where there is one, in a session on a coach's own device that lay idle (S-14). The session
 * ends and another begins that opens everything.
 */
export async function signInAgain(
  deps: SignInDeps,
  actor: StaffActor,
  given: { readonly password: string; readonly code: string },
  origin: Origin,
): Promise<SignedIn> {
  await provePassword(deps, actor, given.password, origin.address)
  const { isSet } = await readSecurity(deps, actor)
  if (isSet) await proveSecondFactor(deps, actor, given.code, origin.address)
  return await renewSession(deps, actor, origin)
}

/**
 * Another password. Every session of the account ends (S-14); this browser gets a new one. Refuses `content` with a pointer: the old
 * password is wrong, the new one is weak (S-17).
 */
export async function changePassword(
  deps: SignInDeps,
  actor: StaffActor,
  given: { readonly current: string; readonly next: string },
  origin: Origin,
): Promise<SignedIn> {
  await provePassword(deps, actor, given.current, origin.address)
  const hash = await hashPassword(given.next, [actor.name])
  await asTenant(deps.db, actor.tenant, async (trx) => {
    await updatePassword(trx, actor.tenant, actor.accountId, hash)
    await endSessionsOf(trx, actor.tenant, actor.accountId, deps.now())
  })
  return await renewSession(deps, actor, origin)
}

async function renewSession(deps: SignInDeps, actor: Who, origin: Origin): Promise<SignedIn> {
  const { tenant, accountId, sessionId } = actor
  return await asTenant(deps.db, tenant, async (trx) => {
    await endSession(trx, tenant, sessionId, deps.now())
    return await openStaffSession(deps, trx, { tenant, accountId }, origin)
  })
}

/** Is it really the member? Wrong ones are counted for the account, apart from those at the sign-in page (S-17). */
async function provePassword(deps: SignInDeps, actor: StaffActor, password: string, address: string): Promise<void> {
  const now = deps.now()
  const one = tryOf(deps, { what: 'password', name: `account ${actor.accountId}`, address })
  await refuseFastNetwork(deps, one, now)
  const mustWait = await isWaiting(deps.db, one.subject, now)
  const { tenant, accountId } = actor
  const stored = await asTenant(deps.db, tenant, async (trx) => await findPasswordHash(trx, tenant, accountId))
  const isRight =
    (await isPassword(stored, password)) &&
    !mustWait &&
    (await asTenant(deps.db, tenant, async (trx) => await forgetFailures(trx, one, now)))
  if (isRight) return
  await noteFailure(deps.db, one, now)
  throw new Refusal('content', 'The password is wrong', {
    code: 'wrong-password',
    fields: [{ pointer: '/password', code: 'wrong-password', detail: 'the password is wrong' }],
  })
}
