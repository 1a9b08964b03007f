import { type RawBuilder, sql } from 'kysely'
import { isCoachedBy } from '../clients/relation.ts'
import { asTenant } from '../db/connect.ts'
import type { Db, Trx } from '../db/database.ts'
import type { StaffActor } from '../http/actor.ts'
import { dayInHelsinki } from '../i18n/index.ts'
import { widestReach } from '../matrix/rows.ts'
import { Refusal } from '../refusal.ts'
import { isWithinReach } from './giver.ts'

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

/**
 * Codes and cards handed out for the client, the newest first (S-15, S-17): the newest that were used and the newest that were not, each by itself, so that many
 * that nobody used hide none. Nobody can open a passport unseen.
 */
export async function listHandOuts(
  { db }: { readonly db: Db },
  tenant: string,
  clientId: string,
  now: Date,
): Promise<readonly HandOut[]> {
  const reaches = (giver: RawBuilder<unknown>): RawBuilder<boolean> =>
    isWithinReach({ giver, client: sql`k.client_id`, tenant: sql`k.tenant_id` }, dayInHelsinki(now))
  return await asTenant(db, tenant, async (trx) => {
    const { rows } = await sql<HandOut>`
      with given as (
        select 'code' as what, k.handed_at as at, k.handed_by as by, k.used_at as "usedAt", (k.used_at is not null)::integer as times,
          case when k.used_at is not null then 'used' when k.expires_at > ${now} and ${reaches(sql`k.handed_by`)} then 'open' else 'ended' end as state
        from sign_in_code k where k.tenant_id = ${tenant} and k.client_id = ${clientId}
        union all
        select 'card', k.made_at, k.made_by, used.last, used.times,
          case when k.ended_at is null and k.expires_at > ${now} and ${reaches(sql`k.made_by`)} then 'open' else 'ended' end
        from sign_in_card k cross join lateral (
          select max(s.started_at) as last, count(*)::integer as times from session s
          where s.tenant_id = k.tenant_id and s.card_id = k.id) used
        where k.tenant_id = ${tenant} and k.client_id = ${clientId}
      ), ranked as (
        select given.*, row_number() over (partition by given."usedAt" is not null order by given.at desc) as place from given
      )
      select given.what, given.at, a.display_name as by, given."usedAt", given.times, given.state
      from ranked given join account a on a.tenant_id = ${tenant} and a.id = given.by
      where given.place <= ${shown} order by given.at desc`.execute(trx)
    return rows
  })
}

/**
 * Asked after the client's row was locked for a new code or card, in a statement of its own: a relation that ended meanwhile opens nothing
 * (S-12). Refuses `not-found`.
 */
export async function refuseOutOfReach(trx: Trx, actor: StaffActor, clientId: string, now: Date): Promise<void> {
  if (widestReach(actor.roles, 'code:hand-out') === 'foundation') return
  const isCoached = isCoachedBy(actor.accountId, dayInHelsinki(now), sql`c.id`, sql`c.tenant_id`)
  const { rows } =
    await sql`select from client c where c.tenant_id = ${actor.tenant} and c.id = ${clientId} and ${isCoached}`.execute(
      trx,
    )
  if (rows.length === 0) throw new Refusal('not-found', 'There is no such client')
}

/** Does who gave the code still reach the client? Asked when it is used: a relation may have ended by its date meanwhile (S-12). */
export async function giverReaches(
  trx: Trx,
  code: { readonly tenant_id: string; readonly client_id: string; readonly handed_by: string },
  now: Date,
): Promise<boolean> {
  const columns = { giver: sql`${code.handed_by}::uuid`, client: sql`c.id`, tenant: sql`c.tenant_id` }
  const { rows } = await sql`select from client c where c.tenant_id = ${code.tenant_id} and c.id = ${code.client_id}
    and ${isWithinReach(columns, dayInHelsinki(now))}`.execute(trx)
  return rows.length > 0
}

/** An account was closed: codes and cards that it handed out open nothing any more, and what they opened in its own browser ends (S-14). */
export async function endHandOutsOf(
  trx: Trx,
  { tenant, accountId, now }: { readonly tenant: string; readonly accountId: string; readonly now: Date },
): Promise<void> {
  await sql`update sign_in_code k set expires_at = ${now}
    where k.tenant_id = ${tenant} and k.handed_by = ${accountId} and k.used_at is null and k.expires_at > ${now}`.execute(
    trx,
  )
  await sql`with over as (
      update sign_in_card k set ended_at = ${now} where k.tenant_id = ${tenant} and k.made_by = ${accountId} and k.ended_at is null
      returning k.tenant_id, k.id)
    update session s set ended_at = ${now} where s.tenant_id = ${tenant} and s.ended_at is null and s.client_id is not null
      and (exists (select from over where over.id = s.card_id) or (s.opened_by = ${accountId} and exists (
        select from session own where own.tenant_id = s.tenant_id and own.browser = s.browser and own.account_id = ${accountId})))`.execute(
    trx,
  )
}
