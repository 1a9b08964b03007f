import { sql } from 'kysely'
import type { Language } from '../credentials/facts.ts'
import type { Db, Trx } from '../db/database.ts'
import type { Text } from '../qualifications/tables.ts'
import type { EndorsementTable, ReceivedEndorsementTable } from './tables.ts'

export type EndorsementRow = Omit<EndorsementTable, 'tenant_id'>

const columns = [
  'id',
  'subject_tenant',
  'subject_kind',
  'subject',
  'subject_name',
  'language',
  'comment',
  'document',
  'given_by',
  'given_at',
  'withdrawn_by',
  'withdrawn_at',
] as const

/** The school's endorsements, newest first: those before this id; one more than the limit. */
export async function listEndorsements(
  trx: Trx,
  tenant: string,
  page: { readonly limit: number; readonly before?: string | undefined },
): Promise<readonly EndorsementRow[]> {
  let query = trx.selectFrom('endorsement').select(columns).where('tenant_id', '=', tenant)
  if (page.before !== undefined) query = query.where('id', '<', page.before)
  return await query
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
    .execute()
}

export async function findEndorsement(trx: Trx, tenant: string, id: string): Promise<EndorsementRow | undefined> {
  return await trx
    .selectFrom('endorsement')
    .select(columns)
    .where('tenant_id', '=', tenant)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** The endorsement of this thing that the school gave and did not take back. */
export async function findStanding(trx: Trx, tenant: string, subject: string): Promise<EndorsementRow | undefined> {
  return await trx
    .selectFrom('endorsement')
    .select(columns)
    .where('tenant_id', '=', tenant)
    .where('subject', '=', subject)
    .where('withdrawn_at', 'is', null)
    .executeTakeFirst()
}

/** Keeps a new endorsement. False: there is a standing one of the same thing, and nothing was written. */
export async function insertEndorsement(trx: Trx, row: EndorsementTable): Promise<boolean> {
  const result = await trx
    .insertInto('endorsement')
    .values(row)
    .onConflict((conflict) => conflict.columns(['tenant_id', 'subject']).where('withdrawn_at', 'is', null).doNothing())
    .executeTakeFirst()
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n
}

/** Marks it as taken back. False: it was already. */
export async function markWithdrawn(
  trx: Trx,
  wanted: { readonly tenant: string; readonly id: string; readonly by: string; readonly at: Date },
): Promise<boolean> {
  const result = await trx
    .updateTable('endorsement')
    .set({ withdrawn_by: wanted.by, withdrawn_at: wanted.at })
    .where('tenant_id', '=', wanted.tenant)
    .where('id', '=', wanted.id)
    .where('withdrawn_at', 'is', null)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

export type Organisation = { readonly code: string; readonly kind: 'foundation' | 'school'; readonly name: string }

/** Foundations by name: public facts, so no tenant is set. */
export async function listFoundations(db: Db): Promise<readonly Organisation[]> {
  return await db
    .selectFrom('organisation')
    .select(['tenant_id as code', 'kind', 'name'])
    .where('kind', '=', 'foundation')
    .orderBy('name')
    .orderBy('tenant_id')
    .execute()
}

/** A badge that a foundation awards now, in all its languages: what its public documents say. */
export type PublishedBadge = {
  readonly versionId: string
  readonly slug: string
  readonly version: number
  readonly name: Text
  readonly description: Text
  readonly languages: readonly Language[]
}

/** The foundation's published badges, or the one that is wanted. Run as that foundation; only what is public is read. */
export async function listPublishedBadges(
  trx: Trx,
  foundation: string,
  wanted?: { readonly slug: string; readonly version: number; readonly language: Language },
): Promise<readonly PublishedBadge[]> {
  const one = wanted
    ? sql`and bc.slug = ${wanted.slug} and bv.version = ${wanted.version} and ${wanted.language} = any(bv.languages)`
    : sql``
  const result = await sql<PublishedBadge>`
    select bv.id as "versionId", bc.slug, bv.version, bv.name, bv.description, bv.languages
    from badge_class_version bv join badge_class bc on bc.tenant_id = bv.tenant_id and bc.id = bv.badge_class_id
    where bv.tenant_id = ${foundation} and bv.state = 'published' ${one}
    order by bv.module_version_id, bv.position, bc.slug limit 500`.execute(trx)
  return result.rows
}

/** An award that its client took, by the id of one of its credentials. Run as its foundation. */
export async function findTakenAward(
  trx: Trx,
  foundation: string,
  credential: string,
): Promise<{ readonly id: string; readonly credentialId: string; readonly language: Language } | undefined> {
  return await trx
    .selectFrom('award')
    .select(['id', 'credential_id as credentialId', 'language'])
    .where('tenant_id', '=', foundation)
    .where((where) => where.or([where('credential_id', '=', credential), where('assertion_id', '=', credential)]))
    .where('state', '=', 'accepted')
    .executeTakeFirst()
}

/** Keeps the foundation's copy, or tells it that the endorsement was taken back. Run as the foundation. */
export async function keepReceived(trx: Trx, row: ReceivedEndorsementTable): Promise<void> {
  await trx
    .insertInto('received_endorsement')
    .values(row)
    .onConflict((conflict) => conflict.columns(['tenant_id', 'id']).doUpdateSet({ withdrawn_at: row.withdrawn_at }))
    .execute()
}
