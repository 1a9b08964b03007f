import type { Insertable, Selectable } from 'kysely'
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

/** Ends the roles that are not wanted and grants those that are not there. */
export async function updateRoles(
  trx: Trx,
  wanted: {
    readonly tenant: string
    readonly accountId: string
    readonly roles: readonly RoleGrantTable['role'][]
    readonly now: Date
  },
): Promise<void> {
  const { tenant, accountId, now } = wanted
  const roles = [...new Set(wanted.roles)]
  let ending = trx
    .updateTable('role_grant')
    .set({ ended_at: now })
    .where('tenant_id', '=', tenant)
    .where('account_id', '=', accountId)
    .where('ended_at', 'is', null)
  if (roles.length > 0) ending = ending.where('role', 'not in', roles)
  await ending.execute()
  if (roles.length === 0) return
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
}

/** Closes the account at this time, or opens it with null. Says whether it is there. */
export async function setDisabled(trx: Trx, tenant: string, accountId: string, at: Date | null): Promise<boolean> {
  const changed = await trx
    .updateTable('account')
    .set({ disabled_at: at })
    .where('tenant_id', '=', tenant)
    .where('id', '=', accountId)
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
