import { randomBytes } from 'node:crypto'
import { asTenant } from '../db/connect.ts'
import type { Deps } from '../deps.ts'
import type { StaffActor } from '../http/actor.ts'
import { looksLike } from '../i18n/names.ts'
import { Refusal } from '../refusal.ts'
import { changeRoles, disableAccount, prepareAccount } from './account.ts'
import { dropSecondFactor } from './second-factor.ts'
import { refuseOneForBoth } from './two-for-account.ts'
import { endStaffLinks, type MadeLink, makeStaffLink } from './staff-link.ts'
import { readKind, readStaff, type StaffRole, type StaffRow } from './staff-store.ts'

type StaffDeps = Pick<Deps, 'db' | 'secrets' | 'now' | 'newId'>

/** Roles that an organisation of a kind has, in the order in which they are shown. */
export const rolesOfKind = {
  foundation: ['coach', 'coordinator', 'foundation_lead', 'admin'],
  school: ['school', 'admin'],
} as const satisfies Record<string, readonly StaffRole[]>

export type Staff = {
  readonly people: readonly StaffRow[]
  /** What may be given here. */
  readonly roles: readonly StaffRole[]
}

/** Everybody who has an account in the actor's organisation, closed ones last. */
export async function listStaff(deps: Pick<Deps, 'db' | 'now'>, actor: StaffActor): Promise<Staff> {
  return await asTenant(deps.db, actor.tenant, async (trx) => ({
    people: await readStaff(trx, actor.tenant, deps.now()),
    roles: rolesOfKind[await readKind(trx, actor.tenant)],
  }))
}

/** One member of staff and the roles that may be given. Refuses `not-found` (S-11), also for a program's account. */
export async function getStaff(
  deps: Pick<Deps, 'db' | 'now'>,
  actor: StaffActor,
  id: string,
): Promise<{ readonly person: StaffRow; readonly roles: readonly StaffRole[] }> {
  const { person, roles } = await asTenant(deps.db, actor.tenant, async (trx) => ({
    person: (await readStaff(trx, actor.tenant, deps.now(), id))[0],
    roles: rolesOfKind[await readKind(trx, actor.tenant)],
  }))
  if (!person) throw new Refusal('not-found', 'There is no such account')
  return { person, roles }
}

/**
 * Makes an account that nobody can sign in to yet, and the link by which the person sets a password: shown once. Refuses `content` for a
 * sign-in name that is taken and a name that looks like a colleague's (S-40).
 */
export async function addStaff(
  deps: StaffDeps,
  actor: StaffActor,
  wanted: { readonly name: string; readonly email: string; readonly roles: readonly StaffRole[] },
): Promise<{ readonly id: string; readonly made: MadeLink }> {
  const { tenant } = actor
  const { people, roles } = await listStaff(deps, actor)
  refuseForeignRoles(wanted.roles, roles)
  if (people.some(({ name, closedAt }) => closedAt === null && looksLike(name, wanted.name)))
    throw fieldRefusal('/name', 'colleague-name', 'a colleague has a name that looks the same')
  const account = {
    signInName: wanted.email,
    displayName: wanted.name,
    roles: wanted.roles,
    // Nobody knows this one.
    password: randomBytes(32).toString('base64url'),
  }
  const write = await prepareAccount(deps, tenant, account, actor)
  return await asTenant(deps.db, tenant, async (trx) => {
    const id = await write(trx)
    return { id, made: await makeStaffLink(deps, trx, actor, id) }
  })
}

/**
 * Another link for somebody who lost the first one or forgot the password. The password stays what it is until the link is used. Refuses
 * `not-found`, and `conflict` for a closed account.
 */
export async function renewStaffLink(deps: StaffDeps, actor: StaffActor, id: string): Promise<MadeLink> {
  await getOpen(deps, actor, id)
  return await asTenant(deps.db, actor.tenant, async (trx) => await makeStaffLink(deps, trx, actor, id))
}

/**
 * Gives and takes roles away; the person's sessions end (S-14). Refuses `not-found`, `content` without a role or with one that this kind of
 * organisation does not have, `conflict` with `own-admin` for the own role of an administrator, `own-role` and `last-admin` (`changeRoles`).
 */
export async function setStaffRoles(
  deps: StaffDeps,
  actor: StaffActor,
  id: string,
  wanted: readonly StaffRole[],
): Promise<void> {
  const { person, roles } = await getStaff(deps, actor, id)
  refuseForeignRoles(wanted, roles)
  if (id === actor.accountId && person.roles.includes('admin') && !wanted.includes('admin')) throw ownAdmin()
  if (person.roles.length === wanted.length && wanted.every((role) => person.roles.includes(role))) return
  await changeRoles(deps, actor.tenant, id, wanted, actor)
}

/** Closes an account: sessions end at once and links open nothing. Refuses `not-found`, `conflict` (`own-admin`, `last-admin`). */
export async function closeStaff(deps: StaffDeps, actor: StaffActor, id: string): Promise<void> {
  const { person } = await getStaff(deps, actor, id)
  if (id === actor.accountId) throw ownAdmin()
  if (person.closedAt !== null) return
  await asTenant(deps.db, actor.tenant, async (trx) => await endStaffLinks(trx, actor.tenant, id, deps.now()))
  await disableAccount(deps, actor.tenant, id, true, actor)
}

/** Opens a closed account again, with the roles it had. Refuses `not-found`. */
export async function reopenStaff(deps: StaffDeps, actor: StaffActor, id: string): Promise<void> {
  const { person } = await getStaff(deps, actor, id)
  if (person.closedAt !== null) await disableAccount(deps, actor.tenant, id, false, actor)
}

/**
 * Takes the second factor away from somebody who lost the telephone; sessions end. Refuses `not-found`, and `conflict` the own one, or when the same
 * administrator gave a link.
 */
export async function resetStaffFactor(deps: StaffDeps, actor: StaffActor, id: string): Promise<void> {
  await getOpen(deps, actor, id)
  // Whoever sits at an open computer must not get rid of it: `/tili` asks for the password.
  if (id === actor.accountId)
    throw new Refusal('conflict', 'Change your own second factor on your own page', { code: 'own-factor' })
  const now = deps.now()
  await dropSecondFactor(deps, { tenant: actor.tenant, accountId: id }, actor, async (trx) => {
    await refuseOneForBoth(trx, actor, id, { kind: 'account.link-made', now })
  })
}

async function getOpen(deps: StaffDeps, actor: StaffActor, id: string): Promise<StaffRow> {
  const { person } = await getStaff(deps, actor, id)
  if (person.closedAt === null) return person
  throw new Refusal('conflict', 'The account is closed: open it first', { code: 'account-closed' })
}

function refuseForeignRoles(wanted: readonly StaffRole[], known: readonly StaffRole[]): void {
  if (wanted.length === 0 || !wanted.every((role) => known.includes(role)))
    throw fieldRefusal('/roles', 'roles', 'choose at least one role of this kind of organisation')
}

function fieldRefusal(pointer: string, code: string, detail: string): Refusal {
  return new Refusal('content', `${pointer}: ${detail}`, { code, fields: [{ pointer, code, detail }] })
}

function ownAdmin(): Refusal {
  return new Refusal('conflict', 'Another administrator takes this role from you', { code: 'own-admin' })
}
