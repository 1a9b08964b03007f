import type { Trx } from '../db/database.ts'
import type { StaffActor } from '../http/actor.ts'
import { Refusal } from '../refusal.ts'

/** How long a member of staff has to use a link to the own account, milliseconds. */
export const linkLife = 3 * 86_400_000

/** Locks an account's row for the caller's transaction: acts on one account come one after the other. */
export async function lockAccount(trx: Trx, tenant: string, accountId: string): Promise<void> {
  await trx
    .selectFrom('account')
    .select('id')
    .where('tenant_id', '=', tenant)
    .where('id', '=', accountId)
    .forNoKeyUpdate()
    .execute()
}

/**
 * A new password and a new second factor together are the whole account: who gave the one while a link lives does not give the other, or one
 * administrator could become any coordinator (S-15). Locks the account's row. Refuses `conflict` (`two-for-account`).
 */
export async function refuseOneForBoth(
  trx: Trx,
  { tenant, accountId: actorId }: StaffActor,
  accountId: string,
  other: { readonly kind: 'account.link-made' | 'second-factor.reset'; readonly now: Date },
): Promise<void> {
  await lockAccount(trx, tenant, accountId)
  const done = await trx
    .selectFrom('audit_event')
    .select('id')
    .where('tenant_id', '=', tenant)
    .where('at', '>', new Date(other.now.getTime() - linkLife))
    .where('kind', '=', other.kind)
    .where('ref', '=', accountId)
    .where('actor_id', '=', actorId)
    .limit(1)
    .executeTakeFirst()
  if (!done) return
  throw new Refusal(
    'conflict',
    'You gave this account a link or took its second factor away: another administrator does the rest',
    {
      code: 'two-for-account',
    },
  )
}
