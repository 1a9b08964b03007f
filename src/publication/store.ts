import { sql } from 'kysely'
import type { RevocationReason } from '../awards/tables.ts'
import type { StoredBadgeClass } from '../badges/facts.ts'
import type { Language } from '../credentials/facts.ts'
import type { Db, Trx } from '../db/database.ts'
import type { KeyAlgorithm } from '../keys/tables.ts'
import type { BadgeClassPath } from './public-path.ts'

export type StoredPublicKey = {
  readonly kid: string
  readonly algorithm: KeyAlgorithm
  readonly jwk: Readonly<Record<string, string>>
  readonly compromisedAt: string | null
}

export type StoredIssuer = {
  readonly name: string
  readonly url: string
  readonly email: string
  readonly keys: readonly StoredPublicKey[]
}

/** Codes of all organisations: their names and addresses are public facts, so no tenant is set. */
export async function listTenants(db: Db): Promise<readonly string[]> {
  const rows = await db.selectFrom('organisation').select('tenant_id').orderBy('tenant_id').execute()
  return rows.map((row) => row.tenant_id)
}

/** An organisation with the public halves of all its keys, oldest first. */
export async function findIssuer(trx: Trx, tenant: string): Promise<StoredIssuer | undefined> {
  const result = await sql<StoredIssuer>`
    select o.name, o.url, o.email,
      (select coalesce(jsonb_agg(jsonb_build_object('kid', k.kid, 'algorithm', k.algorithm, 'jwk', k.public_jwk,
          'compromisedAt', k.compromised_at) order by k.created_at, k.kid), '[]')
        from signing_key k where k.tenant_id = o.tenant_id) as keys
    from organisation o where o.tenant_id = ${tenant}`.execute(trx)
  return result.rows[0]
}

export type StoredVersion = StoredBadgeClass & {
  readonly issuerName: string
  readonly issuerUrl: string
  readonly issuerEmail: string
}

/** A badge class version that was ever published, in one of its languages. A draft is nobody's to see. */
export async function findBadgeClass(trx: Trx, wanted: BadgeClassPath): Promise<StoredVersion | undefined> {
  const { tenant, slug, version, language } = wanted
  const result = await sql<StoredVersion>`
    select bc.slug, bc.scope, bv.version, bv.tier, bv.name, bv.description, bv.criteria, bv.languages, bv.alignments,
      coalesce(bp.caption, '') as caption, o.name as "issuerName", o.url as "issuerUrl", o.email as "issuerEmail"
    from badge_class bc
      join badge_class_version bv on bv.tenant_id = bc.tenant_id and bv.badge_class_id = bc.id
      join organisation o on o.tenant_id = bc.tenant_id
      left join badge_picture bp on bp.tenant_id = bv.tenant_id and bp.badge_class_version_id = bv.id and bp.language = ${language}
    where bc.tenant_id = ${tenant} and bc.slug = ${slug} and bv.version = ${version} and bv.state <> 'draft'
      and ${language} = any(bv.languages)`.execute(trx)
  return result.rows[0]
}

/** One rendering of a badge class version's picture. */
export async function findPicture(
  trx: Trx,
  wanted: BadgeClassPath,
  column: 'png_400' | 'png_128' | 'svg' | 'small_svg',
): Promise<Buffer | string | undefined> {
  const { tenant, slug, version, language } = wanted
  const row = await trx
    .selectFrom('badge_class as bc')
    .innerJoin('badge_class_version as bv', (join) =>
      join.onRef('bv.tenant_id', '=', 'bc.tenant_id').onRef('bv.badge_class_id', '=', 'bc.id'),
    )
    .innerJoin('badge_picture as bp', (join) =>
      join.onRef('bp.tenant_id', '=', 'bv.tenant_id').onRef('bp.badge_class_version_id', '=', 'bv.id'),
    )
    .select(`bp.${column} as picture`)
    .where('bc.tenant_id', '=', tenant)
    .where('bc.slug', '=', slug)
    .where('bv.version', '=', version)
    .where('bv.state', '<>', 'draft')
    .where('bp.language', '=', language)
    .executeTakeFirst()
  return row?.picture
}

export type StoredRevocation = {
  readonly credentialId: string
  readonly assertionId: string
  readonly language: Language
  readonly reason: RevocationReason
}

/** Everything a tenant revoked, oldest first; undefined when there is no such tenant. */
export async function listRevoked(trx: Trx, tenant: string): Promise<readonly StoredRevocation[] | undefined> {
  const result = await sql<{ revoked: readonly StoredRevocation[] }>`
    select (select coalesce(jsonb_agg(jsonb_build_object('credentialId', aw.credential_id, 'assertionId', aw.assertion_id,
          'language', aw.language, 'reason', r.reason) order by r.revoked_at, r.award_id), '[]')
        from revocation r join award aw on aw.tenant_id = r.tenant_id and aw.id = r.award_id
        where r.tenant_id = o.tenant_id) as revoked
    from organisation o where o.tenant_id = ${tenant}`.execute(trx)
  return result.rows[0]?.revoked
}

export type StoredPublicAward = {
  readonly language: Language
  readonly isPublic: boolean
  readonly revokedAt: Date | null
  readonly reason: RevocationReason | null
  readonly ob3Jwt: string
  readonly ob2Jws: string
  readonly ob3Json: string | null
  readonly png: Buffer | null
  readonly svg: string | null
}

/**
 * State and signed texts of an award that its client made public at some time, in one statement. Undefined for one that never was, as for
 * an id that nobody has (S-11). The picture is read only where it is asked for.
 */
export async function findPublicAward(
  trx: Trx,
  tenant: string,
  publicId: string,
  picture: 'png' | 'svg' | undefined,
): Promise<StoredPublicAward | undefined> {
  const result = await sql<StoredPublicAward>`
    select aw.language, aw.unpublished_at is null as "isPublic", r.revoked_at as "revokedAt", r.reason,
      aw.ob3_jwt as "ob3Jwt", aw.ob2_jws as "ob2Jws", aw.ob3_json as "ob3Json",
      case when ${picture === 'png'} then bp.png_400 end as png, case when ${picture === 'svg'} then bp.svg end as svg
    from award aw
      left join revocation r on r.tenant_id = aw.tenant_id and r.award_id = aw.id
      left join badge_picture bp on bp.tenant_id = aw.tenant_id and bp.badge_class_version_id = aw.badge_class_version_id
        and bp.language = aw.language
    where aw.tenant_id = ${tenant} and aw.public_id = ${publicId} and aw.state = 'accepted' and aw.published_at is not null`.execute(
    trx,
  )
  return result.rows[0]
}

export type Addressed = {
  readonly kids: readonly string[]
  readonly lists: readonly number[]
  readonly badgeClasses: readonly { readonly slug: string; readonly version: number; readonly language: Language }[]
  /** Also those that were revoked or hidden since: their addresses answer 410. */
  readonly publicAwards: readonly string[]
}

/** What a tenant's awards point to: its keys, status lists, badge classes that were awarded, in all their languages, and public badges. */
export async function listAddressed(trx: Trx, tenant: string): Promise<Addressed> {
  const result = await sql<Addressed>`
    select (select coalesce(jsonb_agg(kid order by created_at, kid), '[]') from signing_key where tenant_id = ${tenant}) as kids,
      (select coalesce(jsonb_agg(list order by list), '[]') from status_list where tenant_id = ${tenant}) as lists,
      (select coalesce(jsonb_agg(jsonb_build_object('slug', bc.slug, 'version', bv.version, 'language', l.language)
          order by bc.slug, bv.version, l.language), '[]')
        from badge_class_version bv
          join badge_class bc on bc.tenant_id = bv.tenant_id and bc.id = bv.badge_class_id
          cross join lateral unnest(bv.languages) as l (language)
        where bv.tenant_id = ${tenant}
          and exists (select from award aw where aw.tenant_id = bv.tenant_id and aw.badge_class_version_id = bv.id)) as "badgeClasses",
      (select coalesce(jsonb_agg(public_id order by published_at, public_id), '[]') from award
        where tenant_id = ${tenant} and state = 'accepted' and published_at is not null) as "publicAwards"`.execute(trx)
  return result.rows[0] ?? { kids: [], lists: [], badgeClasses: [], publicAwards: [] }
}
