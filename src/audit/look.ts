import { sql } from 'kysely'
import { asTenant } from '../db/connect.ts'
import type { Db } from '../db/database.ts'
import type { Actor, MachineActor } from '../http/actor.ts'
import { dayInHelsinki } from '../i18n/index.ts'
import { type LookReason, recordAudit } from './record.ts'

/**
 * A member of staff is about to see a client's support levels: who, whom, when and on what ground (S-53, the matrix' notes). Call it before
 * the answer leaves, so that there is no look without its line. Clients see their own, and programs see none: nothing is written.
 */
export async function recordLook(
  deps: { readonly db: Db },
  actor: Actor | MachineActor,
  look: { readonly clientId: string; readonly what: string },
  now: Date,
): Promise<void> {
  if (actor.kind !== 'staff') return
  const { tenant, accountId } = actor
  const today = dayInHelsinki(now)
  await asTenant(deps.db, tenant, async (trx) => {
    const { rows } = await sql<{ reason: LookReason; ref: string | null }>`
      select case when coach.is_own then 'relation' when ap.id is not null then 'application' else 'no-ground' end as reason,
        case when coach.is_own then null else ap.id end as ref
      from (select exists (select from client_coach cc where cc.tenant_id = ${tenant} and cc.client_id = ${look.clientId}
          and cc.account_id = ${accountId} and cc.from_day <= ${today}::date
          and (cc.until_day is null or cc.until_day >= ${today}::date)) as is_own) coach
        left join lateral (select a.id from application a where a.tenant_id = ${tenant} and a.client_id = ${look.clientId}
          and a.state = 'submitted' order by a.id limit 1) ap on true`.execute(trx)
    const ground = rows[0] ?? { reason: 'no-ground', ref: null }
    await recordAudit(trx, { tenant, at: now, kind: 'level.read', by: actor, ...look, ...ground })
  })
}
