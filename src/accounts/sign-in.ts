import { randomBytes } from 'node:crypto'
import type { Deps } from '../deps.ts'
import { asTenant } from '../db/connect.ts'
import type { StaffActor } from '../http/actor.ts'
import { Refusal } from '../refusal.ts'
import { isPassword } from './password.ts'
import { sessionTimes } from './session.ts'
import { codeLifetime, keyedDigest, newSignInCode, tidyCode } from './sign-in-code.ts'
import {
  countFailures,
  findAccountForSignIn,
  findSignInName,
  insertSession,
  insertSignInCode,
  noteFailure,
  takeSignInCode,
} from './store.ts'

type SignInDeps = Pick<Deps, 'db' | 'secrets' | 'now' | 'newId'>

/** Where a sign-in comes from: the network address, and the browser's own random mark (S-15). */
export type Origin = { readonly address: string; readonly browser: string }

export type SignedIn = {
  readonly tenant: string
  readonly sessionId: string
  readonly endsAt: Date
  readonly clientId?: string
}

/** Wrong tries from one network address in an hour, after which it waits (S-17). */
const maxCodeFailures = 10
const maxPasswordFailures = 50

/**
 * Signs a member of staff in. Wrong name, wrong password and closed account answer alike (S-17).
 * Refuses with `not-signed-in`, or `too-many` after 50 failures in an hour from one address.
 */
export async function signInStaff(deps: SignInDeps, name: string, password: string, origin: Origin): Promise<SignedIn> {
  const now = deps.now()
  const source = keyedDigest(deps.secrets.codePepper, 'source', `password ${origin.address}`)
  await refuseTooMany(deps, source, maxPasswordFailures)
  const found = await findSignInName(deps.db, keyedDigest(deps.secrets.codePepper, 'name', tidyName(name)))
  const account = found && (await findAccountForSignIn(deps.db, found.tenant_id, found.account_id))
  if (!(await isPassword(account?.password_hash, password)) || !account) {
    await noteFailure(deps.db, source, now)
    throw new Refusal('not-signed-in', 'The name or the password is wrong', { code: 'wrong-name-or-password' })
  }
  const session = {
    tenant: account.tenant_id,
    sessionId: deps.newId(),
    endsAt: new Date(now.getTime() + sessionTimes.staffWhole),
  }
  await asTenant(deps.db, session.tenant, async (trx) => {
    await insertSession(trx, {
      ...sessionRow(deps, session, origin, now),
      account_id: account.id,
      client_id: null,
      opened_by: null,
      shared: false,
    })
  })
  return session
}

/** Sign-in names are compared without case and outer spaces. */
export function tidyName(name: string): string {
  return name.trim().normalize('NFKC').toLowerCase()
}

/** Has somebody this sign-in name already? */
export async function nameIsTaken(deps: Pick<Deps, 'db' | 'secrets'>, name: string): Promise<boolean> {
  return (await findSignInName(deps.db, keyedDigest(deps.secrets.codePepper, 'name', tidyName(name)))) !== undefined
}

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
  })
  return { code, expiresAt }
}

/**
 * Signs a client in with a one-time code. A wrong, used and expired code answer alike.
 * Refuses with `not-signed-in`, or `too-many` after 10 wrong codes in an hour from one address (S-17).
 */
export async function signInWithCode(
  deps: SignInDeps,
  typed: string,
  shared: boolean,
  origin: Origin,
): Promise<SignedIn> {
  const now = deps.now()
  const source = keyedDigest(deps.secrets.codePepper, 'source', `code ${origin.address}`)
  await refuseTooMany(deps, source, maxCodeFailures)
  const taken = await takeSignInCode(deps.db, keyedDigest(deps.secrets.codePepper, 'code', tidyCode(typed)), now)
  if (!taken) {
    await noteFailure(deps.db, source, now)
    throw new Refusal('not-signed-in', 'The code is wrong or too old', { code: 'wrong-code' })
  }
  const session = {
    tenant: taken.tenant_id,
    sessionId: deps.newId(),
    endsAt: new Date(now.getTime() + sessionTimes.clientWhole),
  }
  await asTenant(deps.db, session.tenant, async (trx) => {
    await insertSession(trx, {
      ...sessionRow(deps, session, origin, now),
      account_id: null,
      client_id: taken.client_id,
      opened_by: taken.handed_by,
      shared,
    })
  })
  return { ...session, clientId: taken.client_id }
}

/** A browser's own mark: random, kept in its cookie, stored only as a keyed digest. */
export function newBrowserMark(): string {
  return randomBytes(16).toString('base64url')
}

async function refuseTooMany(deps: SignInDeps, source: Buffer, most: number): Promise<void> {
  if ((await countFailures(deps.db, source, deps.now())) < most) return
  throw new Refusal('too-many', 'Too many wrong tries from this network. Wait an hour', { retryAfter: 3600 })
}

function sessionRow(
  deps: SignInDeps,
  session: SignedIn,
  origin: Origin,
  now: Date,
): {
  tenant_id: string
  id: string
  browser: Buffer
  started_at: Date
  last_seen_at: Date
  ends_at: Date
  ended_at: null
} {
  return {
    tenant_id: session.tenant,
    id: session.sessionId,
    browser: keyedDigest(deps.secrets.codePepper, 'browser', origin.browser),
    started_at: now,
    last_seen_at: now,
    ends_at: session.endsAt,
    ended_at: null,
  }
}
