import { sql } from 'kysely'
import type { Language } from '../credentials/facts.ts'
import type { Trx } from '../db/database.ts'
import type { TreeBadge } from './associations.ts'

/** One award that is taken and in force, as it was signed. */
export type TakenAward = {
  readonly id: string
  readonly versionId: string
  readonly moduleVersionId: string
  readonly language: Language
  readonly slug: string
  readonly version: number
  readonly recipient: string
  /** Null: the embedded proof follows in a moment. */
  readonly ob3Json: string | null
}

/** The client's taken awards that are neither revoked nor at their end, in the order of their modules and tasks. */
export async function listTakenAwards(
  trx: Trx,
  wanted: { readonly tenant: string; readonly clientId: string; readonly at: Date },
): Promise<readonly TakenAward[]> {
  const { tenant, clientId, at } = wanted
  const result = await sql<TakenAward>`
    select aw.id, bv.id as "versionId", bv.module_version_id as "moduleVersionId", aw.language, bc.slug, bv.version,
      aw.recipient_urn as recipient, aw.ob3_json as "ob3Json"
    from award aw
      join badge_class bc on bc.tenant_id = aw.tenant_id and bc.id = aw.badge_class_id
      join badge_class_version bv on bv.tenant_id = aw.tenant_id and bv.id = aw.badge_class_version_id
    where aw.tenant_id = ${tenant} and aw.client_id = ${clientId} and aw.state = 'accepted'
      and (aw.valid_until is null or aw.valid_until > ${at})
      and not exists (select from revocation r where r.tenant_id = aw.tenant_id and r.award_id = aw.id)
    order by bv.module_version_id, bv.position, aw.awarded_at, aw.id`.execute(trx)
  return result.rows
}

/** Every badge of these module versions that was ever published. */
export async function listTree(
  trx: Trx,
  tenant: string,
  moduleVersionIds: readonly string[],
): Promise<readonly TreeBadge[]> {
  const result = await sql<TreeBadge>`
    select bv.id as "versionId", bv.module_version_id as "moduleVersionId", bc.slug, bv.version, bc.scope,
      bv.parent_slug as "parentSlug", bv.position, bv.languages
    from badge_class_version bv join badge_class bc on bc.tenant_id = bv.tenant_id and bc.id = bv.badge_class_id
    where bv.tenant_id = ${tenant} and bv.module_version_id = any(${moduleVersionIds}::uuid[]) and bv.state <> 'draft'`.execute(
    trx,
  )
  return result.rows
}

/** What schools say of these awards, as they signed it. */
export async function listAwardEndorsements(
  trx: Trx,
  tenant: string,
  awardIds: readonly string[],
): Promise<readonly string[]> {
  const rows = await trx
    .selectFrom('received_endorsement')
    .select('document')
    .where('tenant_id', '=', tenant)
    .where('award_id', 'in', [...awardIds])
    .where('withdrawn_at', 'is', null)
    .orderBy('given_at')
    .orderBy('id')
    .execute()
  return rows.map(({ document }) => document)
}
