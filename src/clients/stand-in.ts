import { sql } from 'kysely'
import { recordAudit } from '../audit/record.ts'
import { asTenant } from '../db/connect.ts'
import type { Deps } from '../deps.ts'
import type { StaffActor } from '../http/actor.ts'
import { dayInHelsinki } from '../i18n/index.ts'
import { Refusal } from '../refusal.ts'
import { refuseUnknownCoach } from './coaches.ts'
import { closeRelations, refuseDays, shutOut } from './relation.ts'

type StandInDeps = Pick<Deps, 'db' | 'now' | 'newId'>

/** Somebody is away, and a colleague has the group so long (PRODUCT C7). */
export type StandIn = {
  readonly id: string
  readonly coachId: string
  readonly coach: string
  readonly standInId: string
  readonly standIn: string
  readonly fromDay: string
  readonly untilDay: string
  readonly state: 'current' | 'coming' | 'ended'
}

/** So many are listed, the latest first. */
const shown = 100

/** Stand-ins of the foundation: what goes on or comes, then what is over. */
export async function listStandIns(
  deps: Pick<Deps, 'db' | 'now'>,
  { tenant }: Pick<StaffActor, 'tenant'>,
): Promise<readonly StandIn[]> {
  const today = dayInHelsinki(deps.now())
  return await asTenant(deps.db, tenant, async (trx) => {
    const { rows } = await sql<StandIn>`
      select s.id, s.account_id as "coachId", a.display_name as coach, s.stand_in_account_id as "standInId", b.display_name as "standIn",
        s.from_day as "fromDay", s.until_day as "untilDay",
        case when s.ended_at is not null or s.until_day < ${today}::date then 'ended'
          when s.from_day > ${today}::date then 'coming' else 'current' end as state
      from stand_in s
        join account a on a.tenant_id = s.tenant_id and a.id = s.account_id
        join account b on b.tenant_id = s.tenant_id and b.id = s.stand_in_account_id
      where s.tenant_id = ${tenant}
      order by (s.ended_at is not null or s.until_day < ${today}::date), s.from_day desc, s.id desc limit ${shown}`.execute(
      trx,
    )
    return rows
  })
}

export type NewStandIn = {
  readonly coachId: string
  readonly standInId: string
  readonly fromDay: string
  readonly untilDay: string
}

/**
 * A colleague stands in for a coach between two days: the whole group, open proposals and the handing out of codes pass to the stand-in;
 * what the coach made stays in the coach's name (PRODUCT C7). Clients who come to the coach meanwhile pass too (`insertRelation`). Refuses
 * `content` for somebody who is no coach, for oneself and for wrong days.
 */
export async function beginStandIn(deps: StandInDeps, actor: StaffActor, wanted: NewStandIn): Promise<StandIn> {
  const { tenant, accountId: madeBy } = actor
  const { coachId, standInId, fromDay, untilDay } = wanted
  const now = deps.now()
  refuseDays(fromDay, untilDay, dayInHelsinki(now))
  if (coachId === standInId) {
    const fields = [{ pointer: '/standInId', code: 'same-person', detail: 'nobody stands in for themselves' }]
    throw new Refusal('content', '/standInId: nobody stands in for themselves', { code: 'same-person', fields })
  }
  const id = deps.newId()
  await asTenant(deps.db, tenant, async (trx) => {
    await refuseUnknownCoach(trx, tenant, coachId, '/coachId')
    await refuseUnknownCoach(trx, tenant, standInId, '/standInId')
    // The group as it is: a client who changes coaches at this moment comes before or after.
    await sql`select from client c where c.tenant_id = ${tenant} and exists (select from client_coach r
      where r.tenant_id = c.tenant_id and r.client_id = c.id and r.account_id = ${coachId}) order by c.id for share`.execute(
      trx,
    )
    await trx
      .insertInto('stand_in')
      .values({
        tenant_id: tenant,
        id,
        account_id: coachId,
        stand_in_account_id: standInId,
        from_day: fromDay,
        until_day: untilDay,
        made_by: madeBy,
        made_at: now,
      })
      .execute()
    await sql`
      insert into client_coach (tenant_id, client_id, account_id, from_day, until_day, stand_in_id, made_by, made_at)
      select r.tenant_id, r.client_id, ${standInId}, greatest(r.from_day, ${fromDay}::date), least(r.until_day, ${untilDay}::date),
        ${id}, ${madeBy}, ${now}
      from client_coach r
      where r.tenant_id = ${tenant} and r.account_id = ${coachId} and r.stand_in_id is null
        and r.from_day <= ${untilDay}::date and (r.until_day is null or r.until_day >= greatest(r.from_day, ${fromDay}::date))`.execute(
      trx,
    )
    await recordAudit(trx, { tenant, at: now, kind: 'stand-in.begun', by: actor, ref: standInId })
  })
  const found = (await listStandIns(deps, actor)).find((one) => one.id === id)
  if (!found) throw new Error('a stand-in that was just written is not there')
  return found
}

/** The coach is back before the time: the stand-in's access ends now. Refuses `not-found`, and `conflict` for one that is over. */
export async function endStandIn(deps: StandInDeps, actor: StaffActor, id: string): Promise<void> {
  const { tenant } = actor
  const now = deps.now()
  const today = dayInHelsinki(now)
  await asTenant(deps.db, tenant, async (trx) => {
    const row = await trx
      .selectFrom('stand_in')
      .select(['account_id', 'stand_in_account_id', 'ended_at', 'until_day'])
      .where('tenant_id', '=', tenant)
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst()
    if (!row) throw new Refusal('not-found', 'There is no such stand-in')
    if (row.ended_at !== null || row.until_day < today)
      throw new Refusal('conflict', 'The stand-in is over already', { code: 'relation-over' })
    await trx
      .updateTable('stand_in')
      .set({ ended_by: actor.accountId, ended_at: now })
      .where('tenant_id', '=', tenant)
      .where('id', '=', id)
      .execute()
    const { rows } = await sql<{ client_id: string }>`select distinct client_id from client_coach
      where tenant_id = ${tenant} and stand_in_id = ${id} and until_day >= ${today}::date order by 1`.execute(trx)
    const which = sql`r.stand_in_id = ${id}`
    for (const { client_id: clientId } of rows) await closeRelations(trx, { tenant, clientId, which, by: actor, now })
    // Through the units of who was away, the stand-in had people for whom no row is written.
    const { rows: ofUnits } = await sql<{ client_id: string }>`select cu.client_id from client_unit cu
      where cu.tenant_id = ${tenant} and cu.until_day is null and exists (select from account_unit au
        where au.tenant_id = cu.tenant_id and au.unit_id = cu.unit_id and au.account_id = ${row.account_id})`.execute(
      trx,
    )
    const clients = ofUnits.map((one) => one.client_id)
    await shutOut(trx, { tenant, clients, accounts: [row.stand_in_account_id], now })
    await recordAudit(trx, { tenant, at: now, kind: 'stand-in.ended', by: actor, ref: row.stand_in_account_id })
  })
}
