import { type RawBuilder, sql } from 'kysely'
import { openName } from '../clients/client.ts'
import { idsOfPerson, personOf } from '../clients/merge-ids.ts'
import { isCoachedBy } from '../clients/relation.ts'
import { asTenant } from '../db/connect.ts'
import type { Deps } from '../deps.ts'
import type { ClientActor, StaffActor } from '../http/actor.ts'
import { isPermitted } from '../http/permissions.ts'
import { dayInHelsinki } from '../i18n/index.ts'
import { widestReach } from '../matrix/rows.ts'
import { type AuditKind, type LookKind, lookKinds, type LookReason } from './record.ts'

/** Looks at one sort of what is sensitive by one person on one day for one reason. */
export type Look = {
  readonly kind: LookKind
  readonly at: Date
  readonly by: string | null
  readonly times: number
  readonly reason: LookReason
}

const shownLooks = 200

/** Who of the staff looked at the client's support levels, notes and files, the latest first (DOMAIN 9.1): the client sees every one, those of a day together. */
export async function listLooks(
  { db }: Pick<Deps, 'db'>,
  { tenant, clientId }: Pick<ClientActor, 'tenant' | 'clientId'>,
): Promise<readonly Look[]> {
  return await asTenant(db, tenant, async (trx) => {
    const { rows } = await sql<Look>`
      select e.kind, max(e.at) as at, a.display_name as by, count(*)::integer as times, coalesce(e.reason, 'no-ground') as reason
      from audit_event e left join account a on a.tenant_id = e.tenant_id and a.id = e.actor_id
      where e.tenant_id = ${tenant} and e.client_id = any(${idsOfPerson(tenant, clientId)}) and e.kind = any(${[...lookKinds]})
      group by e.kind, a.id, a.display_name, e.reason, (e.at at time zone 'Europe/Helsinki')::date
      order by 1 desc limit ${shownLooks}`.execute(trx)
    return rows
  })
}

/** One line as staff read it. A client has a name where the reader may know clients by name. */
export type AuditLine = {
  readonly id: string
  readonly at: Date
  readonly kind: AuditKind
  readonly actorKind: 'staff' | 'client' | 'machine' | 'command'
  readonly actor: string | null
  readonly clientId: string | null
  readonly client: string | null
  readonly isErased: boolean
  readonly reason: LookReason | null
  readonly what: string | null
  /** Whose account or role it is about. */
  readonly subject: string | null
  /** Which work unit it is about, by the name of today. */
  readonly unit: string | null
  readonly address: string | null
}

export type WantedLines = {
  readonly kind?: AuditKind | undefined
  /** Whose acts: a member of staff. */
  readonly who?: string | undefined
  /** Days in Europe/Helsinki. */
  readonly from?: string | undefined
  readonly until?: string | undefined
  readonly before?: { readonly at: Date; readonly id: string } | undefined
  readonly limit: number
}

type Row = Omit<AuditLine, 'client'> & {
  /** Whose name it is: of a row that went into another one, that other one’s. */
  readonly named: string | null
  readonly data_key: Buffer | null
  readonly kek_version: string | null
  readonly name_sealed: Buffer | null
}

/**
 * The audit, newest first (S-53, matrix "audit trail"): a coach reads the own lines, a coordinator, a lead and an admin those of the
 * foundation.
 */
export async function listAudit(
  { db, vault, now }: Pick<Deps, 'db' | 'vault' | 'now'>,
  actor: StaffActor,
  wanted: WantedLines,
): Promise<readonly AuditLine[]> {
  const { tenant } = actor
  const { kind, who, from, until, before } = wanted
  const rows = await asTenant(db, tenant, async (trx) => {
    const result = await sql<Row>`
      select e.id, e.at, e.kind, e.actor_kind as "actorKind", a.display_name as actor, s.display_name as subject, u.name as unit, e.client_id as "clientId", e.reason, e.what,
        host(o.address) as address, c.id as named, c.data_key, c.kek_version, ${nameFor(actor, now())} as name_sealed, (e.client_id is not null and c.id is null) as "isErased"
      from audit_event e
        left join audit_origin o on o.tenant_id = e.tenant_id and o.at = e.at and o.event_id = e.id
        left join account a on a.tenant_id = e.tenant_id and a.id = e.actor_id
        left join account s on s.tenant_id = e.tenant_id and s.id = e.ref and e.kind ~ '^(role|account|second-factor)[.]|^unit[.]coach-'
        left join work_unit u on u.tenant_id = e.tenant_id and u.id = ${unitOf}
        left join client c on c.tenant_id = e.tenant_id and c.id = ${personOf(sql`e.client_id`, sql`e.tenant_id`)}
      where e.tenant_id = ${tenant}
        ${readsAll(actor) ? sql`` : sql`and e.actor_id = ${actor.accountId}`}
        ${who === undefined ? sql`` : sql`and e.actor_id = ${who}`}
        ${kind === undefined ? sql`` : sql`and e.kind = ${kind}`}
        ${from === undefined ? sql`` : sql`and e.at >= (${from}::date)::timestamp at time zone 'Europe/Helsinki'`}
        ${until === undefined ? sql`` : sql`and e.at < (${until}::date + 1)::timestamp at time zone 'Europe/Helsinki'`}
        ${before === undefined ? sql`` : sql`and (e.at, e.id) < (${before.at}, ${before.id}::uuid)`}
      order by e.at desc, e.id desc limit ${wanted.limit}`.execute(trx)
    return result.rows
  })
  const mayName = isPermitted(actor.roles, 'client:read')
  return rows.map(({ named, data_key, kek_version, name_sealed, ...row }) => {
    if (!mayName || named === null || !data_key || kek_version === null || !name_sealed) return { ...row, client: null }
    const name = openName(vault, { tenant_id: tenant, id: named, data_key, kek_version, name_sealed })
    return { ...row, client: `${name.given} ${name.family}` }
  })
}

/** The unit of a line: beside its coach, or alone. */
const unitOf = sql`case when e.kind ~ '^unit[.]coach-' then e.what::uuid when e.kind ~ '^unit[.]|^client[.]unit-' then e.ref end`

/**
 * Nobody here knows by name who went elsewhere; and only own coaches whose identity is protected, or a coach's client of earlier (S-12, PRODUCT K7). Reading
 * all lines is not reading all names: an administrator who coaches knows the own clients.
 */
function nameFor(actor: StaffActor, now: Date): RawBuilder<Buffer | null> {
  const own = isCoachedBy(actor.accountId, dayInHelsinki(now), sql`c.id`, sql`c.tenant_id`)
  const knowsAll = readsAll(actor) && widestReach(actor.roles, 'client:read') === 'foundation'
  const others = knowsAll ? sql`c.protected_at is null` : sql`false`
  return sql`case when c.moved_at is null and (${own} or ${others}) then c.name_sealed end`
}

/** A coach without another role sees what the coach did. */
export function readsAll({ roles }: StaffActor): boolean {
  return widestReach(roles, 'audit:read') === 'foundation'
}
