import { sql } from 'kysely'
import { newHistoryLine } from '../awards/history.ts'
import { addHistoryLine } from '../awards/write.ts'
import { asTenant } from '../db/connect.ts'
import type { Db } from '../db/database.ts'
import type { Deps } from '../deps.ts'
import { type By, factsOf, recordWhere } from './add-key.ts'
import { lockKeys } from './rotate.ts'

/** Why issuing was stopped, and why it was started again: codes, so that the history holds no words of a person (S-32). */
export const stopReasons = ['key-suspected', 'wrong-awards', 'maintenance', 'other'] as const
export const startReasons = ['solved', 'mistake', 'other'] as const
export type SwitchReason = (typeof stopReasons)[number] | (typeof startReasons)[number]

/**
 * Stops or starts a tenant's issuing (S-25), with its line in the history. An award that is being made at this moment comes before it or is
 * refused. Verifying and everything else goes on. Tells whether anything changed. Refuses `not-found`.
 */
export async function setIssuing(
  deps: Pick<Deps, 'db' | 'now' | 'newId'>,
  tenant: string,
  wanted: { readonly stopped: boolean; readonly by?: By; readonly reason?: SwitchReason },
): Promise<boolean> {
  const now = deps.now()
  return await asTenant(deps.db, tenant, async (trx) => {
    await lockKeys(trx, tenant)
    const changed = await trx
      .updateTable('organisation')
      .set({ issuing_stopped_at: wanted.stopped ? now : null })
      .where('tenant_id', '=', tenant)
      .where('issuing_stopped_at', wanted.stopped ? 'is' : 'is not', null)
      .executeTakeFirst()
    if (changed.numUpdatedRows === 0n) return false
    const kind = wanted.stopped ? 'issuing.stopped' : 'issuing.started'
    const reason = wanted.reason === undefined ? {} : { reason: wanted.reason }
    const facts = { tenant, ...reason, ...factsOf(wanted.by) }
    await addHistoryLine(trx, tenant, newHistoryLine(deps.newId(), kind, now, facts))
    await recordWhere(trx, tenant, now, wanted.by)
    return true
  })
}

/** Stops or starts issuing for everybody, whatever each tenant's own switch says. The owner's role only: no foundation stops another's. */
export async function setIssuingForAll(ownerDb: Db, stopped: boolean, now: Date): Promise<boolean> {
  const result = await sql`update app.issuance set stopped_at = ${stopped ? now : null}
    where (stopped_at is null) = ${stopped}`.execute(ownerDb)
  return (result.numAffectedRows ?? 0n) > 0n
}

export type IssuingState = {
  readonly forAll: Date | null
  readonly tenants: readonly { readonly tenant: string; readonly name: string; readonly stoppedAt: Date | null }[]
}

/** Where issuing is stopped. */
export async function readIssuing(db: Db): Promise<IssuingState> {
  const all = await sql<{ stoppedAt: Date | null }>`select stopped_at as "stoppedAt" from app.issuance`.execute(db)
  const tenants = await db
    .selectFrom('organisation')
    .select(['tenant_id as tenant', 'name', 'issuing_stopped_at as stoppedAt'])
    .orderBy('tenant_id')
    .execute()
  return { forAll: all.rows[0]?.stoppedAt ?? null, tenants }
}
