import { sql } from 'kysely'
import { asTenant } from '../db/connect.ts'
import type { Db } from '../db/database.ts'

/** A code or a card that a member of staff gave to the client, and when it opened the passport (S-15). */
export type HandOut = {
  readonly what: 'code' | 'card'
  readonly at: Date
  /** What the colleague is called. */
  readonly by: string
  /** The last time it was used. */
  readonly usedAt: Date | null
  readonly times: number
  readonly state: 'open' | 'used' | 'ended'
}

const shown = 100

/** Every code and card handed out for the client, the newest first (S-15, S-17): nobody can open a passport unseen. */
export async function listHandOuts(
  { db }: { readonly db: Db },
  tenant: string,
  clientId: string,
  now: Date,
): Promise<readonly HandOut[]> {
  return await asTenant(db, tenant, async (trx) => {
    const { rows } = await sql<HandOut>`
      with given as (
        select 'code' as what, k.handed_at as at, k.handed_by as by, k.used_at as "usedAt", (k.used_at is not null)::integer as times,
          case when k.used_at is not null then 'used' when k.expires_at > ${now} then 'open' else 'ended' end as state
        from sign_in_code k where k.tenant_id = ${tenant} and k.client_id = ${clientId}
        union all
        select 'card', k.made_at, k.made_by, used.last, used.times,
          case when k.ended_at is null and k.expires_at > ${now} then 'open' else 'ended' end
        from sign_in_card k cross join lateral (
          select max(s.started_at) as last, count(*)::integer as times from session s
          where s.tenant_id = k.tenant_id and s.card_id = k.id) used
        where k.tenant_id = ${tenant} and k.client_id = ${clientId}
      )
      select given.what, given.at, a.display_name as by, given."usedAt", given.times, given.state
      from given join account a on a.tenant_id = ${tenant} and a.id = given.by
      order by given.at desc limit ${shown}`.execute(trx)
    return rows
  })
}
