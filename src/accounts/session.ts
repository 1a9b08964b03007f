import { sql } from 'kysely'
import { inOneTrip } from '../db/connect.ts'
import type { Db } from '../db/database.ts'
import { type Fixed, type Statement, statement } from '../db/statement.ts'
import { openName } from '../clients/client.ts'
import type { Actor, Wants } from '../http/actor.ts'
import type { Role } from '../http/permissions.ts'
import { dayInHelsinki, type Language } from '../i18n/index.ts'
import type { Vault } from '../keys/vault.ts'
import { goesOnWithoutGiver } from './giver.ts'

const minute = 60_000

/**
 * Session times (S-14): staff 30 minutes idle and 12 hours in all; a shared computer 10 minutes idle, 20 after "more time"; 10 minutes to
 * give the second factor.
 */
export const sessionTimes = {
  staffWhole: 12 * 60 * minute,
  clientWhole: 12 * 60 * minute,
  idle: 30 * minute,
  idleShared: 10 * minute,
  moreTime: 20 * minute,
  wanting: 10 * minute,
} as const

type Row = {
  account_id: string | null
  client_id: string | null
  opened_by: string | null
  shared: boolean
  idle_at: Date | null
  wants: Wants | null
  device_id: string | null
  display_name: string | null
  language: Language
  roles: Role[] | null
  data_key: Buffer | null
  kek_version: string | null
  name_sealed: Buffer | null
}

/**
 * The live session's actor, in one statement: the row is asked at each request, so that log out, a role that ended and a closed account
 * hold at once (S-14), and so that a client's session ends on the day when who gave its code reaches the client no more. Undefined when the session ended, idled away, or never was.
 */
export async function findActor(
  { db, vault }: { readonly db: Db; readonly vault: Vault },
  session: { readonly tenant: string; readonly sessionId: string },
  now: Date,
): Promise<Actor | undefined> {
  const { tenant, sessionId } = session
  const [row] = await inOneTrip(db, tenant, sessionQuery(giverRule(db), session, now))
  if (!row) return undefined
  if (row.client_id !== null) {
    const { client_id: clientId, opened_by: openedBy, shared, language, data_key, kek_version, name_sealed } = row
    if (openedBy === null || data_key === null || kek_version === null || name_sealed === null) return undefined
    const name = openName(vault, { tenant_id: tenant, id: clientId, data_key, kek_version, name_sealed }).given
    const idleAt = shared && row.idle_at ? { idleAt: row.idle_at } : {}
    return {
      kind: 'client',
      tenant,
      sessionId,
      clientId,
      name,
      openedBy,
      shared,
      ...idleAt,
      roles: ['client'],
      language,
    }
  }
  if (row.account_id === null) return undefined
  const { wants, device_id: deviceId } = row
  return {
    kind: 'staff',
    tenant,
    sessionId,
    accountId: row.account_id,
    name: row.display_name ?? '',
    roles: wants === null || wants === 'password' ? (row.roles ?? []) : [],
    language: row.language,
    ...(wants !== null && { wants }),
    ...(deviceId !== null && { deviceId }),
  }
}

let rule: Fixed | undefined

/** The rule about the giver as text, put together once. It has no values of its own. */
function giverRule(db: Db): Fixed {
  if (rule) return rule
  const { sql: fixed, parameters } = goesOnWithoutGiver(sql`t.today`).compile(db)
  if (parameters.length > 0) throw new Error('the rule about the giver has a value in it')
  rule = { fixed }
  return rule
}

function sessionQuery(
  goesOn: Fixed,
  { tenant, sessionId }: { readonly tenant: string; readonly sessionId: string },
  now: Date,
): Statement<Row> {
  const idle = new Date(now.getTime() - sessionTimes.idle)
  const idleShared = new Date(now.getTime() - sessionTimes.idleShared)
  const fresh = new Date(now.getTime() - minute)
  const openUntil = new Date(now.getTime() + sessionTimes.idle)
  return statement<Row>('session.find')`
    with live as (
      select s.* from session s, (select ${dayInHelsinki(now)}::date as today) t
      where s.tenant_id = ${tenant} and s.id = ${sessionId} and s.ended_at is null and s.ends_at > ${now}
        and (s.last_seen_at > case when s.shared then ${idleShared}::timestamptz else ${idle}::timestamptz end
          or s.device_id is not null or s.more_time_until > ${now})
        and (s.client_id is null or ${goesOn})
    ), seen as (
      update session set last_seen_at = ${now},
        open_until = case when live.open_until > ${now} then ${openUntil}::timestamptz else live.open_until end
      from live
      where session.tenant_id = live.tenant_id and session.id = live.id and live.last_seen_at < ${fresh}
    )
    select live.account_id, live.client_id, live.opened_by, live.shared, live.device_id, a.display_name,
      greatest(case when live.last_seen_at < ${fresh} then ${now} else live.last_seen_at end
        + (${now}::timestamptz - ${idleShared}::timestamptz), live.more_time_until) as idle_at,
      case when live.wants is not null then live.wants when live.open_until <= ${now} then 'password' end as wants,
      coalesce(a.language, c.language) as language, c.data_key, c.kek_version, c.name_sealed,
      (select array_agg(g.role) from role_grant g
        where g.tenant_id = live.tenant_id and g.account_id = live.account_id and g.ended_at is null) as roles
    from live
      left join account a on a.tenant_id = live.tenant_id and a.id = live.account_id and a.disabled_at is null
      left join client c on c.tenant_id = live.tenant_id and c.id = live.client_id and c.ended_at is null
    where a.id is not null or c.id is not null`
}
