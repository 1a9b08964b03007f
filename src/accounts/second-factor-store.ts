import { type Insertable, type Selectable, sql } from 'kysely'
import type { Db, Trx } from '../db/database.ts'
import type { SecondFactorTable } from './tables.ts'

export type AccountRef = { readonly tenant: string; readonly accountId: string }
export type FactorRow = Selectable<SecondFactorTable>

/** Must the account have a second factor, and has it one (S-17)? */
export async function readFactorNeed(
  db: Db,
  { tenant, accountId }: AccountRef,
): Promise<{ readonly isNeeded: boolean; readonly isSet: boolean }> {
  const { rows } = await sql<{ isNeeded: boolean; isSet: boolean }>`
    select
      exists (select from role_grant g where g.tenant_id = ${tenant} and g.account_id = ${accountId} and g.ended_at is null
        and g.role in ('coordinator', 'admin')) as "isNeeded",
      exists (select from second_factor f where f.tenant_id = ${tenant} and f.account_id = ${accountId}
        and f.confirmed_at is not null) as "isSet"`.execute(db)
  return rows[0] ?? { isNeeded: true, isSet: false }
}

export async function findFactor(db: Db, { tenant, accountId }: AccountRef): Promise<FactorRow | undefined> {
  return await db
    .selectFrom('second_factor')
    .selectAll()
    .where('tenant_id', '=', tenant)
    .where('account_id', '=', accountId)
    .executeTakeFirst()
}

/** Makes the row with its data key when there is none yet: of two at once the first one's key stays. */
export async function insertFactor(
  trx: Trx,
  row: Pick<Insertable<SecondFactorTable>, 'tenant_id' | 'account_id' | 'data_key' | 'kek_version'>,
): Promise<void> {
  await trx
    .insertInto('second_factor')
    .values(row)
    .onConflict((c) => c.columns(['tenant_id', 'account_id']).doNothing())
    .execute()
}

/** Keeps a key that waits for its first code, beside the one in use. */
export async function putNextSecret(trx: Trx, { tenant, accountId }: AccountRef, sealed: Buffer): Promise<void> {
  await trx
    .updateTable('second_factor')
    .set({ next_sealed: sealed })
    .where('tenant_id', '=', tenant)
    .where('account_id', '=', accountId)
    .execute()
}

/** The waiting key becomes the one in use, with fresh recovery codes. False when another one waits by now. */
export async function confirmSecret(
  trx: Trx,
  { tenant, accountId }: AccountRef,
  wanted: { readonly sealed: Buffer; readonly step: number; readonly recovery: readonly Buffer[]; readonly now: Date },
): Promise<boolean> {
  const confirmed = await trx
    .updateTable('second_factor')
    .set({ secret_sealed: wanted.sealed, next_sealed: null, confirmed_at: wanted.now, last_step: wanted.step })
    .where('tenant_id', '=', tenant)
    .where('account_id', '=', accountId)
    .where('next_sealed', '=', wanted.sealed)
    .returning('account_id')
    .executeTakeFirst()
  if (!confirmed) return false
  await deleteRecoveryCodes(trx, { tenant, accountId })
  const ofAccount = { tenant_id: tenant, account_id: accountId, used_at: null }
  await trx
    .insertInto('recovery_code')
    .values(wanted.recovery.map((digest) => ({ ...ofAccount, digest })))
    .execute()
  return true
}

/** Takes the code of a half minute, once (RFC 6238 §5.2). False when it, or a later one, was taken before. */
export async function takeStep(trx: Trx, { tenant, accountId }: AccountRef, step: number): Promise<boolean> {
  const taken = await trx
    .updateTable('second_factor')
    .set({ last_step: step })
    .where('tenant_id', '=', tenant)
    .where('account_id', '=', accountId)
    .where('last_step', '<', step)
    .returning('account_id')
    .executeTakeFirst()
  return taken !== undefined
}

/** Takes a recovery code, once. */
export async function takeRecoveryCode(
  trx: Trx,
  { tenant, accountId }: AccountRef,
  digest: Buffer,
  now: Date,
): Promise<boolean> {
  const taken = await trx
    .updateTable('recovery_code')
    .set({ used_at: now })
    .where('tenant_id', '=', tenant)
    .where('account_id', '=', accountId)
    .where('digest', '=', digest)
    .where('used_at', 'is', null)
    .returning('account_id')
    .executeTakeFirst()
  return taken !== undefined
}

export async function countRecoveryCodes(db: Db, { tenant, accountId }: AccountRef): Promise<number> {
  const row = await db
    .selectFrom('recovery_code')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('tenant_id', '=', tenant)
    .where('account_id', '=', accountId)
    .where('used_at', 'is', null)
    .executeTakeFirst()
  return row?.count ?? 0
}

export async function deleteFactor(trx: Trx, who: AccountRef): Promise<void> {
  await deleteRecoveryCodes(trx, who)
  await trx
    .deleteFrom('second_factor')
    .where('tenant_id', '=', who.tenant)
    .where('account_id', '=', who.accountId)
    .execute()
}

async function deleteRecoveryCodes(trx: Trx, { tenant, accountId }: AccountRef): Promise<void> {
  await trx.deleteFrom('recovery_code').where('tenant_id', '=', tenant).where('account_id', '=', accountId).execute()
}
