import { type Insertable, type RawBuilder, type Selectable, sql } from 'kysely'
import { asTenant } from '../db/connect.ts'
import type { Db, Trx } from '../db/database.ts'
import type {
  AccountTable,
  RoleGrantTable,
  SessionTable,
  SignInCodeTable,
  SignInNameTable,
  SignInSubjectTable,
} from './tables.ts'

export async function findSignInName(db: Db, digest: Buffer): Promise<Selectable<SignInNameTable> | undefined> {
  return await db.selectFrom('sign_in_name').selectAll().where('digest', '=', digest).executeTakeFirst()
}

type AccountForSignIn = Pick<AccountTable, 'tenant_id' | 'id' | 'password_hash'> & { readonly knows_browser: unknown }

/** The open account, and whether it was signed in to from this browser before. */
export async function findAccountForSignIn(
  db: Db,
  { tenant_id: tenant, account_id: id }: { readonly tenant_id: string; readonly account_id: string },
  browser: Buffer,
): Promise<AccountForSignIn | undefined> {
  return await asTenant(
    db,
    tenant,
    async (trx) =>
      await trx
        .selectFrom('account')
        .select((eb) => [
          'tenant_id',
          'id',
          'password_hash',
          eb
            .exists(
              eb
                .selectFrom('session')
                .select('session.id')
                .where('session.tenant_id', '=', tenant)
                .where('session.account_id', '=', id)
                .where('session.browser', '=', browser)
                .where('session.wants', 'is', null),
            )
            .as('knows_browser'),
        ])
        .where('tenant_id', '=', tenant)
        .where('id', '=', id)
        .where('disabled_at', 'is', null)
        .executeTakeFirst(),
  )
}

/** Ends every session of an account (S-14). */
export async function endSessionsOf(trx: Trx, tenant: string, accountId: string, now: Date): Promise<void> {
  await trx
    .updateTable('session')
    .set({ ended_at: now })
    .where('tenant_id', '=', tenant)
    .where('account_id', '=', accountId)
    .where('ended_at', 'is', null)
    .execute()
}

export async function insertAccount(
  trx: Trx,
  account: Insertable<AccountTable>,
  roles: readonly RoleGrantTable['role'][],
  nameDigest: Buffer,
): Promise<void> {
  await trx.insertInto('account').values(account).execute()
  const granted = {
    tenant_id: account.tenant_id,
    account_id: account.id,
    granted_at: account.created_at,
    ended_at: null,
  }
  await trx
    .insertInto('role_grant')
    .values(roles.map((role) => ({ ...granted, role })))
    .execute()
  await trx
    .insertInto('sign_in_name')
    .values({ digest: nameDigest, tenant_id: account.tenant_id, account_id: account.id })
    .execute()
}

export async function insertSession(trx: Trx, session: Insertable<SessionTable>): Promise<void> {
  await trx.insertInto('session').values(session).execute()
}

/** Ends one session: from now on its tokens open nothing (S-14). */
export async function endSession(trx: Trx, tenant: string, id: string, now: Date): Promise<void> {
  await trx
    .updateTable('session')
    .set({ ended_at: now })
    .where('tenant_id', '=', tenant)
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .execute()
}

/** Keeps the code when the client is there and has not left; says whether it did. */
export async function insertSignInCode(trx: Trx, code: Insertable<SignInCodeTable>): Promise<boolean> {
  const client = await trx
    .selectFrom('client')
    .select('id')
    .where('tenant_id', '=', code.tenant_id)
    .where('id', '=', code.client_id)
    .where('ended_at', 'is', null)
    .where('moved_at', 'is', null)
    // A relation that ends just now, or a client who leaves, comes before or after.
    .forShare()
    .executeTakeFirst()
  if (!client) return false
  await trx.insertInto('sign_in_code').values(code).execute()
  return true
}

/** Uses a code up: of two at once only one gets it. Undefined when it is unknown, used or too old. */
export async function takeSignInCode(
  db: Db,
  digest: Buffer,
  now: Date,
): Promise<Selectable<SignInCodeTable> | undefined> {
  return await db
    .updateTable('sign_in_code')
    .set({ used_at: now })
    .where('digest', '=', digest)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .returningAll()
    .executeTakeFirst()
}

export async function findPasswordHash(db: Db, tenant: string, accountId: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('account')
    .select('password_hash')
    .where('tenant_id', '=', tenant)
    .where('id', '=', accountId)
    .executeTakeFirst()
  return row?.password_hash
}

export async function updatePassword(trx: Trx, tenant: string, accountId: string, hash: string): Promise<void> {
  await trx
    .updateTable('account')
    .set({ password_hash: hash })
    .where('tenant_id', '=', tenant)
    .where('id', '=', accountId)
    .execute()
}

/** The user of a shared computer stays until then, whatever happens in between (PRODUCT A8). Says whether it was one. */
export async function giveMoreTime(trx: Trx, tenant: string, sessionId: string, until: Date): Promise<boolean> {
  const given = await trx
    .updateTable('session')
    .set({ more_time_until: until })
    .where('tenant_id', '=', tenant)
    .where('id', '=', sessionId)
    .where('shared', '=', true)
    .returning('id')
    .executeTakeFirst()
  return given !== undefined
}

/**
 * Ends the roles that are not wanted and grants those that are not there. False, with nothing ended, when the account is the last open one
 * with the role of an administrator and would lose it: of two who take it from each other one is refused.
 */
export async function updateRoles(
  trx: Trx,
  wanted: {
    readonly tenant: string
    readonly accountId: string
    readonly roles: readonly RoleGrantTable['role'][]
    /** Off for the own account: a role that a colleague takes at this moment does not come back. */
    readonly mayGive: boolean
    readonly now: Date
  },
): Promise<boolean> {
  const { tenant, accountId, now } = wanted
  const roles = [...new Set(wanted.roles)]
  const { rows } = await sql<{ isAllowed: boolean }>`
    with ${otherAdmins(tenant, accountId)}, ended as (
      update role_grant g set ended_at = ${now}
      where g.tenant_id = ${tenant} and g.account_id = ${accountId} and g.ended_at is null and not g.role = any(${roles}::text[])
        and (g.role <> 'admin' or (select count(*) from other_admin) > 0 or (select count(*) from open_admin) = 0)
      returning g.role
    )
    select (select count(*) from ended where role = 'admin') > 0 or 'admin' = any(${roles}::text[])
      or not exists (select from open_admin where account_id = ${accountId}) as "isAllowed"`.execute(trx)
  if (rows[0]?.isAllowed !== true) return false
  if (!wanted.mayGive || roles.length === 0) return true
  await trx
    .insertInto('role_grant')
    .values(roles.map((role) => ({ tenant_id: tenant, account_id: accountId, role, granted_at: now, ended_at: null })))
    .onConflict((c) =>
      c
        .columns(['tenant_id', 'account_id', 'role'])
        .doUpdateSet({ granted_at: now, ended_at: null })
        .where('role_grant.ended_at', 'is not', null),
    )
    .execute()
  return true
}

/**
 * Two parts of a statement: the organisation's open accounts with the role of an administrator, locked one after the other so that the
 * statements of two at once come one after the other and the later one reads what the earlier one left; and those but this account. Counts
 * of them, and no `exists`, make the database read and lock all.
 */
function otherAdmins(tenant: string, accountId: string): RawBuilder<unknown> {
  return sql`open_admin as materialized (
      select g.account_id from role_grant g
        join account a on a.tenant_id = g.tenant_id and a.id = g.account_id and a.disabled_at is null
      where g.tenant_id = ${tenant} and g.role = 'admin' and g.ended_at is null
      order by g.account_id for no key update of g, a
    ), other_admin as (
      select account_id from open_admin where account_id <> ${accountId}
    )`
}

/**
 * Closes the account, but not the last open one with the role of an administrator. Says what it found.
 */
export async function closeAccount(
  trx: Trx,
  tenant: string,
  accountId: string,
  now: Date,
): Promise<'closed' | 'last-admin' | 'missing'> {
  const { rows } = await sql<{ closed: number; there: boolean }>`
    with ${otherAdmins(tenant, accountId)}, closed as (
      update account a set disabled_at = coalesce(a.disabled_at, ${now})
      where a.tenant_id = ${tenant} and a.id = ${accountId} and a.kind = 'person'
        and ((select count(*) from other_admin) > 0 or (select count(*) from open_admin) = 0)
      returning a.id
    )
    select (select count(*) from closed) as closed,
      exists (select from account a where a.tenant_id = ${tenant} and a.id = ${accountId} and a.kind = 'person') as there`.execute(
    trx,
  )
  if ((rows[0]?.closed ?? 0) > 0) return 'closed'
  return rows[0]?.there === true ? 'last-admin' : 'missing'
}

/** Opens a closed account again. Says whether it is there. */
export async function openAccount(trx: Trx, tenant: string, accountId: string): Promise<boolean> {
  const changed = await trx
    .updateTable('account')
    .set({ disabled_at: null })
    .where('tenant_id', '=', tenant)
    .where('id', '=', accountId)
    .where('kind', '=', 'person')
    .returning('id')
    .executeTakeFirst()
  return changed !== undefined
}

export async function findSubject(db: Db, digest: Buffer): Promise<Selectable<SignInSubjectTable> | undefined> {
  return await db.selectFrom('sign_in_subject').selectAll().where('digest', '=', digest).executeTakeFirst()
}

/** Links an account to a subject of the provider. False when the account is linked to another already. */
export async function insertSubject(trx: Trx, row: Insertable<SignInSubjectTable>): Promise<boolean> {
  // Two first sign-ins at once come one after the other.
  await trx
    .selectFrom('account')
    .select('id')
    .where('tenant_id', '=', row.tenant_id)
    .where('id', '=', row.account_id)
    .forUpdate()
    .execute()
  const other = await trx
    .selectFrom('sign_in_subject')
    .select('digest')
    .where('tenant_id', '=', row.tenant_id)
    .where('account_id', '=', row.account_id)
    .executeTakeFirst()
  if (other) return other.digest.equals(row.digest)
  await trx.insertInto('sign_in_subject').values(row).execute()
  return true
}
