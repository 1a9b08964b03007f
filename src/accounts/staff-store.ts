import { sql } from 'kysely'
import type { Db } from '../db/database.ts'
import type { RoleGrantTable } from './tables.ts'

export type StaffRole = RoleGrantTable['role']

/** A member of staff as an administrator sees the account. The sign-in name is not kept, so it is not here. */
export type StaffRow = {
  readonly id: string
  readonly name: string
  readonly roles: readonly StaffRole[]
  readonly createdAt: Date
  readonly closedAt: Date | null
  readonly hasFactor: boolean
  /** A link that was handed over and not used yet: until when it opens. */
  readonly linkUntil: Date | null
}

/** Accounts of people, open ones first, by name in Finnish order of letters; one of them with `id`. */
export async function readStaff(db: Db, tenant: string, now: Date, id?: string): Promise<readonly StaffRow[]> {
  const { rows } = await sql<StaffRow>`
    select a.id, a.display_name as name, a.created_at as "createdAt", a.disabled_at as "closedAt",
      coalesce((select array_agg(g.role order by array_position(array['coach', 'coordinator', 'foundation_lead', 'school', 'admin'], g.role)) from role_grant g
        where g.tenant_id = a.tenant_id and g.account_id = a.id and g.ended_at is null), '{}') as roles,
      exists (select from second_factor f
        where f.tenant_id = a.tenant_id and f.account_id = a.id and f.confirmed_at is not null) as "hasFactor",
      (select l.expires_at from account_link l
        where l.tenant_id = a.tenant_id and l.account_id = a.id and l.used_at is null and l.expires_at > ${now}) as "linkUntil"
    from account a
    where a.tenant_id = ${tenant} and a.kind = 'person' ${id === undefined ? sql`` : sql`and a.id = ${id}`}`.execute(db)
  const order = new Intl.Collator('fi')
  return rows.toSorted(
    (a, b) =>
      Number(a.closedAt !== null) - Number(b.closedAt !== null) ||
      order.compare(a.name, b.name) ||
      (a.id < b.id ? -1 : 1),
  )
}

export async function readKind(db: Db, tenant: string): Promise<'foundation' | 'school'> {
  const row = await db
    .selectFrom('organisation')
    .select('kind')
    .where('tenant_id', '=', tenant)
    .executeTakeFirstOrThrow()
  return row.kind
}
