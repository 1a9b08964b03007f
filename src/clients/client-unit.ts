import { sql } from 'kysely'
import { recordAudit } from '../audit/record.ts'
import { asTenant } from '../db/connect.ts'
import type { Trx } from '../db/database.ts'
import type { Deps } from '../deps.ts'
import type { StaffActor } from '../http/actor.ts'
import { dayInHelsinki } from '../i18n/index.ts'
import { Refusal } from '../refusal.ts'
import { lockedClient, shutOut } from './relation.ts'
import { coachesOfUnit } from './unit-coach.ts'

type UnitDeps = Pick<Deps, 'db' | 'now'>

/** Where a client works, since when, and which coaches have the client because of it. */
export type ClientUnit = {
  readonly unitId: string
  readonly unit: string
  readonly fromDay: string
  readonly coaches: readonly string[]
}

/** The client's unit of today; undefined without one. Refuses `not-found` for a client who is not there (S-11). */
export async function readClientUnit(
  deps: UnitDeps,
  { tenant }: Pick<StaffActor, 'tenant'>,
  clientId: string,
): Promise<ClientUnit | undefined> {
  const today = dayInHelsinki(deps.now())
  return await asTenant(deps.db, tenant, async (trx) => {
    await lockedClient(trx, tenant, clientId, 'look')
    const { rows } = await sql<ClientUnit>`
      select w.id as "unitId", w.name as unit, cu.from_day as "fromDay",
        array(select distinct a.display_name from account_unit u join account a on a.tenant_id = u.tenant_id and a.id = u.account_id
          where u.tenant_id = cu.tenant_id and u.unit_id = cu.unit_id and u.from_day <= ${today}::date
            and (u.until_day is null or u.until_day >= ${today}::date) order by 1) as coaches
      from client_unit cu join work_unit w on w.tenant_id = cu.tenant_id and w.id = cu.unit_id
      where cu.tenant_id = ${tenant} and cu.client_id = ${clientId} and cu.until_day is null`.execute(trx)
    return rows[0]
  })
}

/**
 * Moves a client to another unit from today, or to none: the new unit's coaches have the client now, those of the old one no more at the next
 * request, and codes that they handed out open nothing. Refuses `not-found`, and `content` for a unit that is closed or not there. The same
 * again changes nothing.
 */
export async function moveToUnit(
  deps: UnitDeps,
  actor: StaffActor,
  wanted: { readonly clientId: string; readonly unitId: string | null },
): Promise<void> {
  const { tenant, accountId } = actor
  const { clientId, unitId } = wanted
  const now = deps.now()
  await asTenant(deps.db, tenant, async (trx) => {
    await lockedClient(trx, tenant, clientId, 'change')
    if (unitId !== null) await refuseUnknownUnit(trx, tenant, unitId)
    const current = await findOpen(trx, tenant, clientId)
    if ((current ?? null) === unitId) return
    const leaving =
      current === undefined ? undefined : await endUnit(trx, { tenant, clientId, endedBy: accountId, now })
    if (unitId !== null)
      await sql`insert into client_unit (tenant_id, client_id, unit_id, from_day, made_by, made_at)
        values (${tenant}, ${clientId}, ${unitId}, ${dayInHelsinki(now)}::date, ${accountId}, ${now})`.execute(trx)
    if (leaving) await shutOut(trx, { tenant, clients: [clientId], accounts: leaving, now })
    // Where to; leaving for none, where from.
    const ref = unitId ?? current ?? null
    await recordAudit(trx, { tenant, at: now, kind: 'client.unit-changed', by: actor, clientId, ref })
  })
}

/** Ends the client's time in the unit; who had the client because of it. The caller holds the client's row. */
export async function endUnit(
  trx: Trx,
  wanted: { readonly tenant: string; readonly clientId: string; readonly endedBy: string | null; readonly now: Date },
): Promise<readonly string[]> {
  const { tenant, clientId, endedBy, now } = wanted
  const today = dayInHelsinki(now)
  const unitId = await findOpen(trx, tenant, clientId)
  if (unitId === undefined) return []
  const accounts = await coachesOfUnit(trx, { tenant, unitId, today })
  await sql`update client_unit set until_day = ${today}::date - 1, ended_at = ${now}, ended_by = ${endedBy}
    where tenant_id = ${tenant} and client_id = ${clientId} and until_day is null`.execute(trx)
  return accounts
}

async function findOpen(trx: Trx, tenant: string, clientId: string): Promise<string | undefined> {
  const row = await trx
    .selectFrom('client_unit')
    .select('unit_id')
    .where('tenant_id', '=', tenant)
    .where('client_id', '=', clientId)
    .where('until_day', 'is', null)
    .executeTakeFirst()
  return row?.unit_id
}

/** An open unit of the own foundation, locked so that it is not closed meanwhile. */
async function refuseUnknownUnit(trx: Trx, tenant: string, id: string): Promise<void> {
  const row = await trx
    .selectFrom('work_unit')
    .select('id')
    .where('tenant_id', '=', tenant)
    .where('id', '=', id)
    .where('closed_at', 'is', null)
    .forShare()
    .executeTakeFirst()
  if (row) return
  const detail = 'there is no such open unit in the foundation'
  const fields = [{ pointer: '/unitId', code: 'unknown-unit', detail }]
  throw new Refusal('content', `/unitId: ${detail}`, { code: 'unknown-unit', fields })
}
