import { endHandOutsOf } from './hand-outs.ts'
import pg from 'pg'
import { type AuditBy, recordAudit } from '../audit/record.ts'
import { asTenant } from '../db/connect.ts'
import type { Db, Trx } from '../db/database.ts'
import type { Deps } from '../deps.ts'
import { Refusal } from '../refusal.ts'
import { hashPassword } from './password.ts'
import { tidyName } from './sign-in.ts'
import { keyedDigest } from './sign-in-code.ts'
import { closeAccount, endSessionsOf, insertAccount, openAccount, updateRoles } from './store.ts'
import type { RoleGrantTable } from './tables.ts'

type AccountDeps = Pick<Deps, 'secrets' | 'now' | 'newId'>
type StaffRole = RoleGrantTable['role']

export type NewAccount = {
  readonly signInName: string
  readonly password: string
  readonly displayName: string
  readonly roles: readonly StaffRole[]
  readonly language?: 'fi' | 'sv' | 'en'
}

/**
 * Makes a staff account with its roles. The sign-in name is kept only as a keyed digest. Gives the account's id. Refuses weak passwords
 * (S-17) and a name that is taken.
 */
export async function makeAccount(
  deps: AccountDeps & { readonly db: Db },
  tenant: string,
  wanted: NewAccount,
  by: AuditBy = 'command',
): Promise<string> {
  const write = await prepareAccount(deps, tenant, wanted, by)
  return await asTenant(deps.db, tenant, write)
}

/** Hashes the password first, so that no transaction waits for it; what it gives writes the account in a transaction of the tenant. */
export async function prepareAccount(
  deps: AccountDeps,
  tenant: string,
  wanted: NewAccount,
  by: AuditBy = 'command',
): Promise<(trx: Trx) => Promise<string>> {
  const passwordHash = await hashPassword(wanted.password, [wanted.signInName, wanted.displayName])
  return prepareHashed(deps, tenant, { ...wanted, passwordHash }, by)
}

/** The same with a password that is hashed already. */
export function prepareHashed(
  deps: AccountDeps,
  tenant: string,
  wanted: Omit<NewAccount, 'password'> & { readonly passwordHash: string },
  by: AuditBy = 'command',
): (trx: Trx) => Promise<string> {
  const id = deps.newId()
  const account = {
    tenant_id: tenant,
    id,
    display_name: wanted.displayName,
    password_hash: wanted.passwordHash,
    language: wanted.language ?? 'fi',
    created_at: deps.now(),
    disabled_at: null,
  }
  const digest = keyedDigest(deps.secrets.codePepper, 'name', tidyName(wanted.signInName))
  return async (trx) => {
    try {
      await insertAccount(trx, account, wanted.roles, digest)
    } catch (error) {
      if (!(error instanceof pg.DatabaseError) || error.constraint !== 'sign_in_name_pkey') throw error
      throw new Refusal('content', 'Somebody has this sign-in name already', {
        code: 'name-taken',
        fields: [{ pointer: '/email', code: 'name-taken', detail: 'somebody has this sign-in name already' }],
      })
    }
    await recordAudit(trx, { tenant, at: account.created_at, kind: 'account.made', by, ref: id })
    const given = { tenant, at: account.created_at, kind: 'role.given', by, ref: id } as const
    for (const role of wanted.roles) await recordAudit(trx, { ...given, what: role })
    return id
  }
}

/**
 * The account has these roles from now on and no other. Every session of it ends (S-14). Refuses `conflict` with `last-admin` when nobody
 * would be left to administrate, and with `own-role` a role that somebody gives to oneself: a second person stands behind each.
 */
export async function changeRoles(
  deps: Pick<Deps, 'db' | 'now'>,
  tenant: string,
  accountId: string,
  roles: readonly StaffRole[],
  by: AuditBy = 'command',
): Promise<void> {
  const now = deps.now()
  await asTenant(deps.db, tenant, async (trx) => {
    const before = await rolesOf(trx, tenant, accountId)
    const isOwn = by !== 'command' && by.kind !== 'client' && by.accountId === accountId
    if (isOwn && roles.some((role) => !before.includes(role))) throw ownRole()
    if (!(await updateRoles(trx, { tenant, accountId, roles, mayGive: !isOwn, now }))) throw lastAdmin()
    const changed = { tenant, at: now, by, ref: accountId } as const
    for (const role of new Set(roles))
      if (!before.includes(role)) await recordAudit(trx, { ...changed, kind: 'role.given', what: role })
    for (const role of before)
      if (!roles.includes(role)) await recordAudit(trx, { ...changed, kind: 'role.ended', what: role })
    await endSessionsOf(trx, tenant, accountId, now)
  })
}

async function rolesOf(trx: Trx, tenant: string, accountId: string): Promise<readonly StaffRole[]> {
  const rows = await trx
    .selectFrom('role_grant')
    .select('role')
    .where('tenant_id', '=', tenant)
    .where('account_id', '=', accountId)
    .where('ended_at', 'is', null)
    .execute()
  return rows.map(({ role }) => role)
}

/**
 * Closes an account, or opens it again. Every session of it ends (S-14). Refuses `not-found`, and `conflict` with `last-admin` when nobody
 * would be left to administrate.
 */
export async function disableAccount(
  deps: Pick<Deps, 'db' | 'now'>,
  tenant: string,
  accountId: string,
  isDisabled = true,
  by: AuditBy = 'command',
): Promise<void> {
  const now = deps.now()
  await asTenant(deps.db, tenant, async (trx) => {
    const missing = new Refusal('not-found', 'There is no such account')
    if (isDisabled) {
      const outcome = await closeAccount(trx, tenant, accountId, now)
      if (outcome === 'missing') throw missing
      if (outcome === 'last-admin') throw lastAdmin()
      await endHandOutsOf(trx, { tenant, accountId, now })
    } else if (!(await openAccount(trx, tenant, accountId))) throw missing
    await endSessionsOf(trx, tenant, accountId, now)
    const kind = isDisabled ? 'account.closed' : 'account.opened'
    await recordAudit(trx, { tenant, at: now, kind, by, ref: accountId })
  })
}

function ownRole(): Refusal {
  return new Refusal('conflict', 'Another administrator gives you a role', { code: 'own-role' })
}

function lastAdmin(): Refusal {
  return new Refusal('conflict', 'This is the last administrator: give somebody else the role first', {
    code: 'last-admin',
  })
}
