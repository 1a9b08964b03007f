import { sql } from 'kysely'
import { recordAudit } from '../audit/record.ts'
import { asTenant } from '../db/connect.ts'
import type { Trx } from '../db/database.ts'
import type { Deps } from '../deps.ts'
import type { StaffActor } from '../http/actor.ts'
import { dayInHelsinki } from '../i18n/index.ts'
import { Refusal } from '../refusal.ts'
import { refuseUnknownCoach } from './coaches.ts'
import { refuseDays, shutOut } from './relation.ts'

type UnitDeps = Pick<Deps, 'db' | 'now'>

/** A coach of a work unit works with everybody of it (SECURITY-BAR 4: the own group). */
export type UnitCoach = {
  readonly id: string
  readonly coachId: string
  readonly coach: string
  readonly fromDay: string
  readonly untilDay: string | null
  readonly state: 'current' | 'coming' | 'ended'
  readonly endedAt: Date | null
}

/** So many are listed, what goes on or comes first. */
const shown = 100

/** The coaches of a unit, current, coming and ended. */
export async function listUnitCoaches(
  deps: UnitDeps,
  { tenant }: Pick<StaffActor, 'tenant'>,
  unitId: string,
): Promise<readonly UnitCoach[]> {
  const today = dayInHelsinki(deps.now())
  return await asTenant(deps.db, tenant, async (trx) => {
    const { rows } = await sql<UnitCoach>`
      select u.id, u.account_id as "coachId", a.display_name as coach, u.from_day as "fromDay", u.until_day as "untilDay",
        u.ended_at as "endedAt",
        case when u.until_day < ${today}::date then 'ended' when u.from_day > ${today}::date then 'coming' else 'current' end as state
      from account_unit u join account a on a.tenant_id = u.tenant_id and a.id = u.account_id
      where u.tenant_id = ${tenant} and u.unit_id = ${unitId}
      order by (u.until_day < ${today}::date) nulls first, u.from_day desc, u.id limit ${shown}`.execute(trx)
    return rows
  })
}

export type NewUnitCoach = {
  readonly unitId: string
  readonly coachId: string
  /** Days in Europe/Helsinki; without a last day it goes on. */
  readonly fromDay: string
  readonly untilDay: string | null
}

/**
 * A coach begins in a unit, today or later, and works with whoever is in it on each day. Refuses `not-found`, `content` for an account that is
 * no coach and for wrong days, `conflict` for a closed unit and for a coach who is there on those days already.
 */
export async function beginUnitCoach(deps: UnitDeps, actor: StaffActor, wanted: NewUnitCoach): Promise<UnitCoach> {
  const { tenant, accountId: madeBy } = actor
  const { unitId, coachId, fromDay, untilDay } = wanted
  const now = deps.now()
  refuseDays(fromDay, untilDay, dayInHelsinki(now))
  const id = await asTenant(deps.db, tenant, async (trx) => {
    const unit = await lockedUnit(trx, tenant, unitId)
    if (unit.closed_at !== null) throw new Refusal('conflict', 'The unit is closed', { code: 'unit-closed' })
    await refuseUnknownCoach(trx, tenant, coachId, '/coachId')
    const { rows } = await sql<{ id: string }>`
      insert into account_unit (tenant_id, account_id, unit_id, from_day, until_day, made_by, made_at)
      select ${tenant}, ${coachId}, ${unitId}, ${fromDay}::date, ${untilDay}::date, ${madeBy}, ${now}
      where not exists (select from account_unit u where u.tenant_id = ${tenant} and u.unit_id = ${unitId} and u.account_id = ${coachId}
        and u.from_day <= coalesce(${untilDay}::date, 'infinity')
        and (u.until_day is null or u.until_day >= greatest(u.from_day, ${fromDay}::date)))
      returning id`.execute(trx)
    const [made] = rows
    if (!made) throw new Refusal('conflict', 'The coach is in the unit at that time', { code: 'unit-coach-already' })
    await recordAudit(trx, { tenant, at: now, kind: 'unit.coach-added', by: actor, ref: coachId, what: unitId })
    return made.id
  })
  const found = (await listUnitCoaches(deps, actor, unitId)).find((one) => one.id === id)
  if (!found) throw new Error('a coach of a unit who was just written is not there')
  return found
}

/**
 * Ends it now: the coach, and who stands in for the coach, know the unit's clients no more at the next request. Refuses `not-found`, and
 * `conflict` for one that is over.
 */
export async function endUnitCoach(
  deps: UnitDeps,
  actor: StaffActor,
  wanted: { readonly unitId: string; readonly id: string },
): Promise<void> {
  const { tenant, accountId: endedBy } = actor
  const { unitId, id } = wanted
  const now = deps.now()
  const today = dayInHelsinki(now)
  await asTenant(deps.db, tenant, async (trx) => {
    await lockedUnit(trx, tenant, unitId)
    const row = await trx
      .selectFrom('account_unit')
      .select(['account_id', 'until_day'])
      .where('tenant_id', '=', tenant)
      .where('unit_id', '=', unitId)
      .where('id', '=', id)
      .executeTakeFirst()
    if (!row) throw new Refusal('not-found', 'There is no such coach in the unit')
    if (row.until_day !== null && row.until_day < today)
      throw new Refusal('conflict', 'The coach has left the unit already', { code: 'relation-over' })
    const accounts = await coachesOfUnit(trx, { tenant, unitId, today, coachId: row.account_id })
    await sql`update account_unit set until_day = ${today}::date - 1, ended_at = ${now}, ended_by = ${endedBy}
      where tenant_id = ${tenant} and id = ${id}`.execute(trx)
    const { rows } = await sql<{ client_id: string }>`select client_id from client_unit
      where tenant_id = ${tenant} and unit_id = ${unitId} and until_day is null order by 1`.execute(trx)
    const clients = rows.map((one) => one.client_id)
    await shutOut(trx, { tenant, clients, accounts, now })
    const ref = row.account_id
    await recordAudit(trx, { tenant, at: now, kind: 'unit.coach-ended', by: actor, ref, what: unitId })
  })
}

/** Who works in the unit today, or the one coach of it, with those who stand in for them. */
export async function coachesOfUnit(
  trx: Trx,
  wanted: { readonly tenant: string; readonly unitId: string; readonly today: string; readonly coachId?: string },
): Promise<readonly string[]> {
  const { tenant, unitId, today, coachId } = wanted
  const { rows } = await sql<{ id: string }>`
    with own as (select u.account_id as id from account_unit u where u.tenant_id = ${tenant} and u.unit_id = ${unitId}
      and u.from_day <= ${today}::date and (u.until_day is null or u.until_day >= ${today}::date)
      ${coachId === undefined ? sql`` : sql`and u.account_id = ${coachId}`})
    select id from own union
    select s.stand_in_account_id from own join stand_in s on s.tenant_id = ${tenant} and s.account_id = own.id
      where s.ended_at is null and s.from_day <= ${today}::date and s.until_day >= ${today}::date`.execute(trx)
  return rows.map((row) => row.id)
}

/** Two changes of a unit's coaches, and its closing, come one after the other. */
async function lockedUnit(trx: Trx, tenant: string, id: string): Promise<{ readonly closed_at: Date | null }> {
  const row = await trx
    .selectFrom('work_unit')
    .select(['closed_at'])
    .where('tenant_id', '=', tenant)
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst()
  if (!row) throw new Refusal('not-found', 'There is no such unit')
  return row
}
