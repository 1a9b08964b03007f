import { sql } from 'kysely'
import type { Trx } from '../db/database.ts'

export type StoredStatusList = {
  readonly document: string | null
  readonly changedAt: Date
  readonly signedAt: Date | null
  /** How many badges on this list are revoked. */
  readonly revoked: number
}

/** A status list as it was signed last, and how many are revoked now. */
export async function findStatusList(trx: Trx, tenant: string, list: number): Promise<StoredStatusList | undefined> {
  const result = await sql<StoredStatusList>`
    select s.document, s.changed_at as "changedAt", s.signed_at as "signedAt",
      (select count(*) from revocation r join award aw on aw.tenant_id = r.tenant_id and aw.id = r.award_id
        where r.tenant_id = s.tenant_id and aw.status_list = s.list)
      + (select count(*) from erased_award e where e.tenant_id = s.tenant_id and e.status_list = s.list and e.revoked_on is not null) as revoked
    from status_list s where s.tenant_id = ${tenant} and s.list = ${list}`.execute(trx)
  return result.rows[0]
}

/** Locks a status list against others who sign it; awards that take a place on it do not wait. False when there is none. */
export async function lockStatusList(trx: Trx, tenant: string, list: number): Promise<boolean> {
  const row = await trx
    .selectFrom('status_list')
    .select('list')
    .where('tenant_id', '=', tenant)
    .where('list', '=', list)
    .forNoKeyUpdate()
    .executeTakeFirst()
  return row !== undefined
}

/** The places on a list whose badges are revoked, also when their client was erased since (S-52). */
export async function revokedPlaces(trx: Trx, tenant: string, list: number): Promise<readonly number[]> {
  const rows = await trx
    .selectFrom('revocation as r')
    .innerJoin('award as aw', (join) =>
      join.onRef('aw.tenant_id', '=', 'r.tenant_id').onRef('aw.id', '=', 'r.award_id'),
    )
    .select('aw.status_index')
    .where('r.tenant_id', '=', tenant)
    .where('aw.status_list', '=', list)
    .unionAll(
      trx
        .selectFrom('erased_award')
        .select('status_index')
        .where('tenant_id', '=', tenant)
        .where('status_list', '=', list)
        .where('revoked_on', 'is not', null),
    )
    .execute()
  return rows.map((row) => row.status_index)
}

export async function keepSignedList(
  trx: Trx,
  signed: { readonly tenant: string; readonly list: number; readonly document: string; readonly at: Date },
): Promise<void> {
  await trx
    .updateTable('status_list')
    .set({ document: signed.document, signed_at: signed.at })
    .where('tenant_id', '=', signed.tenant)
    .where('list', '=', signed.list)
    .execute()
}
