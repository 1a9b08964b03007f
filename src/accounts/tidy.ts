import { sql } from 'kysely'
import { asTenant } from '../db/connect.ts'
import type { Db } from '../db/database.ts'
import { removeOldAllowances } from '../db/rate-limit.ts'
import type { Deps } from '../deps.ts'

export type TidyDeps = Pick<Deps, 'db' | 'now'>

const day = 86_400_000

/**
 * How long what is needed for a time only is kept, in days: a request's key is answered alike for a day (PRODUCT §7, Idempotency), the client
 * sees a season's codes, and a card's uses while it lasts and a season after, on `/katselut` (S-15), failures count for an hour and waiting for twelve.
 */
const kept = { idempotency: 1, session: 30, cardSession: 273, code: 90, failure: 1 } as const

/** So many rows in one statement, so that none comes near the statement's time. */
const atOnce = 5000

/** Removes what has had its time, tenant by tenant as the service's role. Again at once: nothing more. */
export async function removeOld({ db }: TidyDeps, now: Date): Promise<void> {
  const before = (days: number): Date => new Date(now.getTime() - days * day)
  const tenants = await db.selectFrom('organisation').select('tenant_id').orderBy('tenant_id').execute()
  for (const { tenant_id: tenant } of tenants) {
    await repeated(async () => await removeIdempotency(db, tenant, before(kept.idempotency)))
    await repeated(async () => await removeSessions(db, tenant, before(kept.session), before(kept.cardSession)))
  }
  await db.deleteFrom('sign_in_code').where('expires_at', '<', before(kept.code)).execute()
  await db.deleteFrom('sign_in_failure').where('minute', '<', before(kept.failure)).execute()
  await db.deleteFrom('sign_in_backoff').where('last_failed_at', '<', before(kept.failure)).execute()
  await removeOldAllowances(db, now)
}

async function repeated(remove: () => Promise<bigint>): Promise<void> {
  while ((await remove()) >= BigInt(atOnce));
}

async function removeIdempotency(db: Db, tenant: string, before: Date): Promise<bigint> {
  const { numAffectedRows = 0n } = await asTenant(
    db,
    tenant,
    async (trx) =>
      await sql`delete from idempotency where tenant_id = ${tenant} and (tenant_id, holder, key) in
        (select tenant_id, holder, key from idempotency where tenant_id = ${tenant} and at < ${before} limit ${atOnce})`.execute(
        trx,
      ),
  )
  return numAffectedRows
}

/** An act of a client names its session: whose code opened it and in which browser is shown to who decides (S-15). */
const acts = sql`(
    select session_id as id, tenant_id from self_assessment
    union all select submitted_session_id, tenant_id from application where submitted_session_id is not null
    union all select answered_session_id, tenant_id from award where answered_session_id is not null
  )`

/** Sessions that ended long ago, but those that an act still names, and the staff's in the same browser as such a one. */
async function removeSessions(db: Db, tenant: string, before: Date, cardBefore: Date): Promise<bigint> {
  const { numAffectedRows = 0n } = await asTenant(
    db,
    tenant,
    async (trx) =>
      await sql`delete from session where tenant_id = ${tenant} and id in (
        select s.id from session s
        where s.tenant_id = ${tenant} and s.ends_at < ${before} and (s.card_id is null or s.ends_at < ${cardBefore})
          and not exists (select from ${acts} act where act.tenant_id = s.tenant_id and act.id = s.id)
          and (s.account_id is null or not exists (
            select from session c join ${acts} act on act.tenant_id = c.tenant_id and act.id = c.id
            where c.tenant_id = s.tenant_id and c.browser = s.browser))
        limit ${atOnce})`.execute(trx),
  )
  return numAffectedRows
}
