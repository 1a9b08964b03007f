import { randomBytes } from 'node:crypto'
import type { Deps } from '../deps.ts'
import { asTenant } from '../db/connect.ts'
import type { Trx } from '../db/database.ts'
import { Refusal } from '../refusal.ts'
import { refuseFastNetwork, tryOf } from './backoff.ts'
import { forgetFailures, isWaiting, noteFailure } from './backoff-store.ts'
import { findDevice } from './device-store.ts'
import { isPassword } from './password.ts'
import { wantsAtSignIn } from './second-factor.ts'
import { sessionTimes } from './session.ts'
import { keyedDigest } from './sign-in-code.ts'
import { findAccountForSignIn, findSignInName, insertSession } from './store.ts'
import type { SessionTable } from './tables.ts'

export type SignInDeps = Pick<Deps, 'db' | 'secrets' | 'vault' | 'now' | 'newId'>

/** Where a sign-in comes from: the network address, the browser's own random mark (S-15), and the mark of a coach's registered device. */
export type Origin = { readonly address: string; readonly browser: string; readonly device?: string | undefined }

export type SignedIn = {
  readonly tenant: string
  readonly sessionId: string
  readonly endsAt: Date
  readonly accountId?: string
  readonly clientId?: string
  /** What is asked before the session opens anything (S-17). */
  readonly wants?: 'second-factor' | 'enrolment'
  /** On a coach's own device: the browser may keep it when it is closed. */
  readonly isKept?: true
}

/** An account that nobody has: looked for when the name is not known, so that the same is done for all (S-17). */
const nobody = { tenant_id: '0000', account_id: '00000000-0000-7000-8000-000000000000' }

/**
 * Signs a member of staff in by password. Wrong name, wrong password, closed and waiting account answer alike, after the same statements
 * and one hash (S-17). Refuses with `not-signed-in`, or `too-many` when the network had 50 failures in an hour. Coordinators,
 * administrators and whoever set up a second factor get a session that opens nothing before that is given or set up.
 */
export async function signInStaff(deps: SignInDeps, name: string, password: string, origin: Origin): Promise<SignedIn> {
  const now = deps.now()
  const pepper = deps.secrets.codePepper
  const tidy = tidyName(name)
  await refuseFastNetwork(deps, tryOf(deps, { what: 'password', name: tidy, address: origin.address }), now)
  const found = await findSignInName(deps.db, keyedDigest(pepper, 'name', tidy))
  const browser = keyedDigest(pepper, 'browser', origin.browser)
  const account = await findAccountForSignIn(deps.db, found ?? nobody, browser)
  // A browser that this account has used counts for itself: strangers' failures never keep its owner out.
  const counted = account?.knows_browser === true ? `${tidy} ${origin.browser}` : tidy
  const one = tryOf(deps, { what: 'password', name: counted, address: origin.address })
  const mustWait = await isWaiting(deps.db, one.subject, now)
  const matches = await isPassword(account?.password_hash, password)
  const wrong = new Refusal('not-signed-in', 'The name or the password is wrong', { code: 'wrong-name-or-password' })
  if (!account || !matches || mustWait) {
    await noteFailure(deps.db, one, now)
    throw wrong
  }
  const { tenant_id: tenant, id: accountId } = account
  return await asTenant(deps.db, tenant, async (trx) => {
    if (!(await forgetFailures(trx, one, now))) throw wrong
    const wants = await wantsAtSignIn(deps, trx, { tenant, accountId })
    return await openStaffSession(deps, trx, { tenant, accountId, wants }, origin)
  })
}

/** Opens a session of a member of staff who has proven who they are: whole, or wanting the second factor. */
export async function openStaffSession(
  deps: SignInDeps,
  trx: Trx,
  who: { readonly tenant: string; readonly accountId: string; readonly wants?: SignedIn['wants'] },
  origin: Origin,
): Promise<SignedIn> {
  const { tenant, accountId, wants } = who
  const now = deps.now()
  const { device: mark } = origin
  const digest = mark === undefined ? undefined : keyedDigest(deps.secrets.codePepper, 'device', mark)
  const device = digest && (await findDevice(trx, { tenant, accountId, digest }))
  const life = wants === undefined ? sessionTimes.staffWhole : sessionTimes.wanting
  return await openSession(
    deps,
    trx,
    { tenant, origin, life },
    {
      account_id: accountId,
      wants: wants ?? null,
      device_id: device ?? null,
      open_until: device === undefined ? null : new Date(now.getTime() + sessionTimes.idle),
    },
  )
}

type OfWhom = Partial<Omit<SessionTable, 'tenant_id' | 'id' | 'browser' | 'started_at' | 'last_seen_at' | 'ends_at'>>

/** Writes the session's row, with a new id at each sign-in (S-14). */
export async function openSession(
  deps: SignInDeps,
  trx: Trx,
  { tenant, origin, life }: { readonly tenant: string; readonly origin: Origin; readonly life: number },
  ofWhom: OfWhom,
): Promise<SignedIn> {
  const now = deps.now()
  const sessionId = deps.newId()
  const endsAt = new Date(now.getTime() + life)
  await insertSession(trx, {
    account_id: null,
    client_id: null,
    opened_by: null,
    shared: false,
    ended_at: null,
    ...ofWhom,
    tenant_id: tenant,
    id: sessionId,
    browser: keyedDigest(deps.secrets.codePepper, 'browser', origin.browser),
    started_at: now,
    last_seen_at: now,
    ends_at: endsAt,
  })
  const { account_id: accountId, client_id: clientId, wants, device_id: device } = ofWhom
  return {
    tenant,
    sessionId,
    endsAt,
    ...(typeof accountId === 'string' && { accountId }),
    ...(typeof clientId === 'string' && { clientId }),
    ...(typeof wants === 'string' && { wants }),
    ...(typeof device === 'string' && { isKept: true }),
  }
}

/** Sign-in names are compared without case and outer spaces. */
export function tidyName(name: string): string {
  return name.trim().normalize('NFKC').toLowerCase()
}

/** Whose sign-in name it is. */
export async function findAccountByName(
  deps: Pick<Deps, 'db' | 'secrets'>,
  name: string,
): Promise<{ readonly tenant: string; readonly accountId: string } | undefined> {
  const found = await findSignInName(deps.db, keyedDigest(deps.secrets.codePepper, 'name', tidyName(name)))
  return found && { tenant: found.tenant_id, accountId: found.account_id }
}

/** Has somebody this sign-in name already? */
export async function nameIsTaken(deps: Pick<Deps, 'db' | 'secrets'>, name: string): Promise<boolean> {
  return (await findAccountByName(deps, name)) !== undefined
}

/** A browser's own mark: random, kept in its cookie, stored only as a keyed digest. */
export function newBrowserMark(): string {
  return randomBytes(16).toString('base64url')
}
