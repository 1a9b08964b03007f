import type { Insertable, Selectable } from 'kysely'
import { sql } from 'kysely'
import { asTenant } from '../db/connect.ts'
import type { Db, Trx } from '../db/database.ts'
import type { AccountTable, RoleGrantTable, SessionTable, SignInCodeTable, SignInNameTable } from './tables.ts'

export async function findSignInName(db: Db, digest: Buffer): Promise<Selectable<SignInNameTable> | undefined> {
  return await db.selectFrom('sign_in_name').selectAll().where('digest', '=', digest).executeTakeFirst()
}

export async function findAccountForSignIn(
  db: Db,
  tenant: string,
  id: string,
): Promise<Pick<AccountTable, 'tenant_id' | 'id' | 'password_hash'> | undefined> {
  return await asTenant(
    db,
    tenant,
    async (trx) =>
      await trx
        .selectFrom('account')
        .select(['tenant_id', 'id', 'password_hash'])
        .where('tenant_id', '=', tenant)
        .where('id', '=', id)
        .where('disabled_at', 'is', null)
        .executeTakeFirst(),
  )
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

const hourOf = (now: Date): Date => new Date(Math.floor(now.getTime() / 3_600_000) * 3_600_000)

export async function countFailures(db: Db, source: Buffer, now: Date): Promise<number> {
  const row = await db
    .selectFrom('sign_in_failure')
    .select('failures')
    .where('source', '=', source)
    .where('hour', '=', hourOf(now))
    .executeTakeFirst()
  return row?.failures ?? 0
}

export async function noteFailure(db: Db, source: Buffer, now: Date): Promise<void> {
  await db
    .insertInto('sign_in_failure')
    .values({ source, hour: hourOf(now), failures: 1 })
    .onConflict((c) => c.columns(['source', 'hour']).doUpdateSet({ failures: sql`sign_in_failure.failures + 1` }))
    .execute()
}
