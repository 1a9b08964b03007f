import { type RawBuilder, sql } from 'kysely'
import { recordAudit } from '../audit/record.ts'
import { asTenant } from '../db/connect.ts'
import type { Trx } from '../db/database.ts'
import type { Deps } from '../deps.ts'
import type { StaffActor } from '../http/actor.ts'
import { dayInHelsinki } from '../i18n/index.ts'
import { Refusal } from '../refusal.ts'
import { refuseUnknownCoach } from './coaches.ts'

type RelationDeps = Pick<Deps, 'db' | 'now'>

/** One relation of a client: the coach's own, or a stand-in's in place of somebody who is away. */
export type Relation = {
  readonly id: string
  readonly coachId: string
  readonly coach: string
  readonly fromDay: string
  readonly untilDay: string | null
  /** Who is away. */
  readonly standsInFor: string | null
  readonly state: 'current' | 'coming' | 'ended'
  readonly endedAt: Date | null
}

/**
 * Has the account a relation to the client today (S-12): the client's own coach, a coach of the client's work unit, or the stand-in of one?
 * `client` and `tenant` are columns of the statement around it, and `account` and `today` may be.
 */
export function isCoachedBy(
  account: string | RawBuilder<unknown>,
  today: string | RawBuilder<unknown>,
  client: RawBuilder<unknown>,
  tenant: RawBuilder<unknown>,
): RawBuilder<boolean> {
  return sql<boolean>`(exists (select from client_coach cc where cc.tenant_id = ${tenant} and cc.client_id = ${client}
    and cc.account_id = ${account} and cc.from_day <= ${today}::date and (cc.until_day is null or cc.until_day >= ${today}::date))
    or exists (select from client_unit cu join account_unit au on au.tenant_id = cu.tenant_id and au.unit_id = cu.unit_id
      where cu.tenant_id = ${tenant} and cu.client_id = ${client}
        and cu.from_day <= ${today}::date and (cu.until_day is null or cu.until_day >= ${today}::date)
        and au.from_day <= ${today}::date and (au.until_day is null or au.until_day >= ${today}::date)
        and (au.account_id = ${account} or exists (select from stand_in away where away.tenant_id = au.tenant_id
          and away.account_id = au.account_id and away.stand_in_account_id = ${account} and away.ended_at is null
          and away.from_day <= ${today}::date and away.until_day >= ${today}::date))))`
}

/** Every relation of a client, the latest first: what was stays to be read. Refuses `not-found` for a client who is not there (S-11). */
export async function listRelations(
  deps: RelationDeps,
  { tenant }: Pick<StaffActor, 'tenant'>,
  clientId: string,
): Promise<readonly Relation[]> {
  const today = dayInHelsinki(deps.now())
  return await asTenant(deps.db, tenant, async (trx) => {
    await lockedClient(trx, tenant, clientId, 'look')
    const { rows } = await sql<Relation>`
      select r.id, r.account_id as "coachId", a.display_name as coach, r.from_day as "fromDay", r.until_day as "untilDay",
        away.display_name as "standsInFor", r.ended_at as "endedAt",
        case when r.until_day < ${today}::date then 'ended' when r.from_day > ${today}::date then 'coming' else 'current' end as state
      from client_coach r
        join account a on a.tenant_id = r.tenant_id and a.id = r.account_id
        left join stand_in s on s.tenant_id = r.tenant_id and s.id = r.stand_in_id
        left join account away on away.tenant_id = s.tenant_id and away.id = s.account_id
      where r.tenant_id = ${tenant} and r.client_id = ${clientId}
      order by (r.until_day < ${today}::date) nulls first, r.from_day desc, r.id`.execute(trx)
    return rows
  })
}

export type NewRelation = {
  readonly clientId: string
  readonly coachId: string
  /** Days in Europe/Helsinki; without a last day it goes on. */
  readonly fromDay: string
  readonly untilDay: string | null
}

/**
 * A coach begins to work with a client, today or later. Whoever stands in for the coach has the client too. Refuses `not-found`, `content`
 * for an account that is no coach and for days that are past or the wrong way round, `conflict` when the coach works with the client at that
 * time already.
 */
export async function beginRelation(deps: RelationDeps, actor: StaffActor, wanted: NewRelation): Promise<Relation> {
  const { tenant } = actor
  const { clientId, coachId, fromDay, untilDay } = wanted
  const now = deps.now()
  refuseDays(fromDay, untilDay, dayInHelsinki(now))
  const id = await asTenant(deps.db, tenant, async (trx) => {
    await lockedClient(trx, tenant, clientId, 'change')
    await refuseUnknownCoach(trx, tenant, coachId, '/coachId')
    const made = await insertRelation(trx, { ...wanted, tenant, madeBy: actor.accountId, now })
    if (made === undefined)
      throw new Refusal('conflict', 'The coach works with this client at that time already', { code: 'coach-already' })
    await recordAudit(trx, { tenant, at: now, kind: 'relation.begun', by: actor, clientId, ref: coachId })
    return made
  })
  const found = (await listRelations(deps, actor, clientId)).find((one) => one.id === id)
  if (!found) throw new Refusal('not-found', 'There is no such client')
  return found
}

/** Writes the relation and those of the coach's stand-ins; undefined when the coach has one at that time. */
export async function insertRelation(
  trx: Trx,
  wanted: NewRelation & { readonly tenant: string; readonly madeBy: string; readonly now: Date },
): Promise<string | undefined> {
  const { tenant, clientId, coachId, fromDay, untilDay, madeBy, now } = wanted
  // A stand-in that is being ended just now comes before or after: the insert below would not see it.
  await sql`select from stand_in where tenant_id = ${tenant} and account_id = ${coachId} and ended_at is null for share`.execute(
    trx,
  )
  const { rows } = await sql<{ id: string }>`
    insert into client_coach (tenant_id, client_id, account_id, from_day, until_day, made_by, made_at)
    select ${tenant}, ${clientId}, ${coachId}, ${fromDay}::date, ${untilDay}::date, ${madeBy}, ${now}
    where not exists (select from client_coach r where r.tenant_id = ${tenant} and r.client_id = ${clientId}
      and r.account_id = ${coachId} and r.stand_in_id is null
      and r.from_day <= coalesce(${untilDay}::date, 'infinity')
      and (r.until_day is null or r.until_day >= greatest(r.from_day, ${fromDay}::date)))
    returning id`.execute(trx)
  const [made] = rows
  if (!made) return undefined
  await sql`
    insert into client_coach (tenant_id, client_id, account_id, from_day, until_day, stand_in_id, made_by, made_at)
    select s.tenant_id, ${clientId}, s.stand_in_account_id, greatest(s.from_day, ${fromDay}::date),
      least(s.until_day, ${untilDay}::date), s.id, ${madeBy}, ${now}
    from stand_in s
    where s.tenant_id = ${tenant} and s.account_id = ${coachId} and s.ended_at is null
      and s.from_day <= coalesce(${untilDay}::date, 'infinity') and s.until_day >= ${fromDay}::date`.execute(trx)
  return made.id
}

/**
 * Ends a relation now: page, API and search know the client no more at the next request, and codes that the coach handed out open nothing.
 * When it was the coach's own, the stand-ins' rows end with it. Refuses `not-found`, and `conflict` for one that is over.
 */
export async function endRelation(
  deps: RelationDeps,
  actor: StaffActor,
  wanted: { readonly clientId: string; readonly id: string },
): Promise<void> {
  const { tenant } = actor
  const now = deps.now()
  const today = dayInHelsinki(now)
  await asTenant(deps.db, tenant, async (trx) => {
    await lockedClient(trx, tenant, wanted.clientId, 'change')
    const relation = await trx
      .selectFrom('client_coach')
      .select(['account_id', 'stand_in_id', 'until_day'])
      .where('tenant_id', '=', tenant)
      .where('client_id', '=', wanted.clientId)
      .where('id', '=', wanted.id)
      .executeTakeFirst()
    if (!relation) throw new Refusal('not-found', 'There is no such relation')
    if (relation.until_day !== null && relation.until_day < today)
      throw new Refusal('conflict', 'The relation is over already', { code: 'relation-over' })
    const which =
      relation.stand_in_id === null
        ? sql`(r.stand_in_id is null and r.account_id = ${relation.account_id}) or exists (select from stand_in s
            where s.tenant_id = r.tenant_id and s.id = r.stand_in_id and s.account_id = ${relation.account_id})`
        : sql`r.id = ${wanted.id}`
    await closeRelations(trx, { tenant, clientId: wanted.clientId, which, by: actor, now })
  })
}

type Closing = {
  readonly tenant: string
  readonly clientId: string
  /** Which rows of the client, over `client_coach r`. */
  readonly which: RawBuilder<unknown>
  readonly by: Parameters<typeof recordAudit>[1]['by']
  readonly now: Date
  /** The client's session in which the client ends them, which goes on. */
  readonly spared?: string
}

/** Ends relations of one client, with what could still open the client's passport to those who lose it, and writes the audit. */
export async function closeRelations(trx: Trx, closing: Closing): Promise<void> {
  const { tenant, clientId, which, by, now, spared } = closing
  const today = dayInHelsinki(now)
  const endedBy = by !== 'command' && by.kind === 'staff' ? by.accountId : null
  const { rows } = await sql<{ account_id: string }>`
    update client_coach r set until_day = ${today}::date - 1, ended_at = ${now}, ended_by = ${endedBy}
    where r.tenant_id = ${tenant} and r.client_id = ${clientId} and (r.until_day is null or r.until_day >= ${today}::date)
      and (${which})
    returning r.account_id`.execute(trx)
  const accounts = [...new Set(rows.map((row) => row.account_id))]
  await shutOut(trx, { tenant, clients: [clientId], accounts, now, spared })
  for (const ref of accounts) await recordAudit(trx, { tenant, at: now, kind: 'relation.ended', by, clientId, ref })
}

/** Ends codes not used yet, cards, and sessions opened in the colleague's own browser, where the account has no relation to the client left. */
export async function shutOut(
  trx: Trx,
  wanted: {
    readonly tenant: string
    readonly clients: readonly string[]
    readonly accounts: readonly string[]
    readonly now: Date
    readonly spared?: string | undefined
  },
): Promise<void> {
  const { tenant, clients, accounts, now, spared = null } = wanted
  if (clients.length === 0 || accounts.length === 0) return
  const today = dayInHelsinki(now)
  const isOneOf = (ids: readonly string[]): RawBuilder<unknown> => sql`any(${[...ids]}::uuid[])`
  await sql`update sign_in_code k set expires_at = ${now} where k.tenant_id = ${tenant} and k.client_id = ${isOneOf(clients)}
    and k.used_at is null and k.expires_at > ${now} and k.handed_by = ${isOneOf(accounts)}
    and not ${isCoachedBy(sql`k.handed_by`, today, sql`k.client_id`, sql`k.tenant_id`)}`.execute(trx)
  // Who made the card has seen its code and its PIN.
  await sql`with over as (
      update sign_in_card k set ended_at = ${now} where k.tenant_id = ${tenant} and k.client_id = ${isOneOf(clients)} and k.ended_at is null
        and k.made_by = ${isOneOf(accounts)} and not ${isCoachedBy(sql`k.made_by`, today, sql`k.client_id`, sql`k.tenant_id`)}
      returning k.tenant_id, k.id)
    update session s set ended_at = ${now} from over where s.tenant_id = over.tenant_id and s.card_id = over.id and s.ended_at is null
      and s.id is distinct from ${spared}::uuid`.execute(trx)
  await sql`update session s set ended_at = ${now} where s.tenant_id = ${tenant} and s.client_id = ${isOneOf(clients)} and s.ended_at is null
    and s.id is distinct from ${spared}::uuid and s.opened_by = ${isOneOf(accounts)} and not ${isCoachedBy(sql`s.opened_by`, today, sql`s.client_id`, sql`s.tenant_id`)}
    and exists (select from session own where own.tenant_id = s.tenant_id
      and own.browser = s.browser and own.account_id = s.opened_by)`.execute(trx)
}

/** The client's row, locked for a change: two changes come one after the other. Refuses `not-found`, also for one who went elsewhere. */
export async function lockedClient(
  trx: Trx,
  tenant: string,
  clientId: string,
  what: 'look' | 'change',
): Promise<{ readonly id: string; readonly protected_at: Date | null }> {
  const query = trx
    .selectFrom('client')
    .select(['id', 'protected_at'])
    .where('tenant_id', '=', tenant)
    .where('id', '=', clientId)
    .where('ended_at', 'is', null)
    .where('moved_at', 'is', null)
  const row = await (what === 'change' ? query.forNoKeyUpdate() : query).executeTakeFirst()
  if (!row) throw new Refusal('not-found', 'There is no such client')
  return row
}

/** Refuses `content`, with pointers, days that are past or the wrong way round. */
export function refuseDays(fromDay: string, untilDay: string | null, today: string): void {
  if (fromDay < today) throw wrongDay('/fromDay', 'day-past', 'begins today or later')
  if (untilDay !== null && untilDay < fromDay) throw wrongDay('/untilDay', 'day-order', 'ends before it begins')
}

function wrongDay(pointer: string, code: string, detail: string): Refusal {
  return new Refusal('content', `${pointer}: ${detail}`, { code, fields: [{ pointer, code, detail }] })
}
