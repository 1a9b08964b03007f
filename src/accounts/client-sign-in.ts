import { asTenant } from '../db/connect.ts'
import type { StaffActor } from '../http/actor.ts'
import { Refusal } from '../refusal.ts'
import { refuseManyCodes, tryOf } from './backoff.ts'
import { noteFailure } from './backoff-store.ts'
import { giverReaches, refuseOutOfReach } from './hand-outs.ts'
import { sessionTimes } from './session.ts'
import { openSession, type Origin, type SignedIn, type SignInDeps } from './sign-in.ts'
import { codeLifetime, keyedDigest, newSignInCode, tidyCode } from './sign-in-code.ts'
import { insertSignInCode, takeSignInCode } from './store.ts'
import type { SignInCodeTable } from './tables.ts'

/**
 * A member of staff hands a client of the own foundation a one-time code: 8 characters, 15 minutes, once (S-17).
 * The code itself is shown once and kept only as a keyed digest; the session it opens says who handed it out (S-15).
 */
export async function handOutCode(
  deps: SignInDeps,
  actor: StaffActor,
  clientId: string,
): Promise<{ readonly code: string; readonly expiresAt: Date }> {
  const now = deps.now()
  const code = newSignInCode()
  const expiresAt = new Date(now.getTime() + codeLifetime)
  await asTenant(deps.db, actor.tenant, async (trx) => {
    const isPossible = await insertSignInCode(trx, {
      digest: keyedDigest(deps.secrets.codePepper, 'code', code),
      tenant_id: actor.tenant,
      client_id: clientId,
      handed_by: actor.accountId,
      handed_at: now,
      expires_at: expiresAt,
      used_at: null,
    })
    if (!isPossible) throw new Refusal('not-found', 'There is no such client')
    await refuseOutOfReach(trx, actor, clientId, now)
  })
  return { code, expiresAt }
}

/**
 * Signs a client in with a one-time code. A wrong, used and expired code, and one of a colleague who reaches the client no more, answer alike.
 * Refuses with `not-signed-in`, or `too-many` after 10 wrong codes in an hour from one network (S-17).
 */
export async function signInWithCode(
  deps: SignInDeps,
  typed: string,
  shared: boolean,
  origin: Origin,
): Promise<SignedIn> {
  const now = deps.now()
  const code = tidyCode(typed)
  const one = tryOf(deps, { what: 'code', address: origin.address })
  await refuseManyCodes(deps, one, now)
  const taken = await takeSignInCode(deps.db, keyedDigest(deps.secrets.codePepper, 'code', code), now)
  const session = taken && (await openFor(deps, taken, shared, origin))
  if (session) return session
  await noteFailure(deps.db, one, now)
  throw new Refusal('not-signed-in', 'The code is wrong or too old', { code: 'wrong-code' })
}

/** Undefined when who gave the code reaches the client no more. */
async function openFor(
  deps: SignInDeps,
  code: Pick<SignInCodeTable, 'tenant_id' | 'client_id' | 'handed_by'>,
  shared: boolean,
  origin: Origin,
): Promise<SignedIn | undefined> {
  const { tenant_id: tenant, client_id, handed_by: opened_by } = code
  return await asTenant(deps.db, tenant, async (trx) => {
    if (!(await giverReaches(trx, code, deps.now()))) return undefined
    const whose = { tenant, origin, life: sessionTimes.clientWhole }
    return await openSession(deps, trx, whose, { client_id, opened_by, shared })
  })
}
