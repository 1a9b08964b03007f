import { sql } from 'kysely'
import type { RevocationReason } from '../awards/tables.ts'
import type { StoredBadgeClass } from '../badges/facts.ts'
import type { Language } from '../credentials/facts.ts'
import { maxEndorsements } from '../credentials/ob3/build.ts'
import { inOneTrip } from '../db/connect.ts'
import type { Db, Trx } from '../db/database.ts'
import { statement } from '../db/statement.ts'
import { signedDocument } from '../endorsements/document.ts'
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
  const result = await sql<Omit<StoredVersion, 'endorsements'> & { readonly endorsements: readonly string[] }>`
    select bc.slug, bc.scope, bv.version, bv.tier, bv.name, bv.description, bv.criteria, bv.languages, bv.alignments,
      coalesce(bp.caption, '') as caption, o.name as "issuerName", o.url as "issuerUrl", o.email as "issuerEmail",
      (select coalesce(jsonb_agg(re.document order by re.given_at, re.id), '[]') from (
        select id, document, given_at from received_endorsement
        where tenant_id = bv.tenant_id and badge_class_version_id = bv.id and language = ${language} and withdrawn_at is null
        order by given_at, id limit ${maxEndorsements}) re) as endorsements
    from badge_class bc
      join badge_class_version bv on bv.tenant_id = bc.tenant_id and bv.badge_class_id = bc.id
      join organisation o on o.tenant_id = bc.tenant_id
      left join badge_picture bp on bp.tenant_id = bv.tenant_id and bp.badge_class_version_id = bv.id and bp.language = ${language}
    where bc.tenant_id = ${tenant} and bc.slug = ${slug} and bv.version = ${version} and bv.state <> 'draft'
      and ${language} = any(bv.languages)`.execute(trx)
  const [stored] = result.rows
  return stored && { ...stored, endorsements: stored.endorsements.map(signedDocument) }
}

/** Does the holder of the award with this credential show it to all now? */
export async function isShownPublicly(trx: Trx, tenant: string, credentialId: string): Promise<boolean> {
  const row = await trx
    .selectFrom('award as aw')
    .leftJoin('revocation as r', (join) =>
      join.onRef('r.tenant_id', '=', 'aw.tenant_id').onRef('r.award_id', '=', 'aw.id'),
    )
    .select('aw.id')
    .where('aw.tenant_id', '=', tenant)
    .where('aw.credential_id', '=', credentialId)
    .where('aw.state', '=', 'accepted')
    .where('aw.published_at', 'is not', null)
    .where('aw.unpublished_at', 'is', null)
    .where('r.award_id', 'is', null)
    .executeTakeFirst()
  return row !== undefined
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
          'language', aw.language, 'reason', aw.reason) order by aw.revoked_at, aw.credential_id), '[]')
        from (
          select r.revoked_at, r.reason, rev.language, rev.credential_id, rev.assertion_id
          from revocation r join award rev on rev.tenant_id = r.tenant_id and rev.id = r.award_id where r.tenant_id = o.tenant_id
          union all
          select revoked_on, reason, language, credential_id, assertion_id from erased_award
          where tenant_id = o.tenant_id and revoked_on is not null) aw) as revoked
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
  readonly validFrom: Date
  /** Which picture it is, for `picturesOf`. */
  readonly picture: string
  readonly png: Buffer | null
  readonly svg: string | null
  /** Endorsements that stand, of the badge and of this award, as they were signed. */
  readonly endorsements: readonly string[]
}

/**
 * State and signed texts of an award that its client made public at some time, in one statement and one trip. Undefined for one that never
 * was, as for an id that nobody has (S-11). The picture is read only where it is asked for and not among those `known`.
 */
export async function findPublicAward(
  db: Db,
  tenant: string,
  publicId: string,
  wanted: { readonly form: 'png' | 'svg' | undefined; readonly known: readonly string[] },
): Promise<StoredPublicAward | undefined> {
  const asking = statement<StoredPublicAward>('award.public')`
    select aw.language, aw.unpublished_at is null as "isPublic", r.revoked_at as "revokedAt", r.reason,
      aw.ob3_jwt as "ob3Jwt", aw.ob2_jws as "ob2Jws", aw.ob3_json as "ob3Json", aw.valid_from as "validFrom", pic.name as picture,
      case when ${wanted.form === 'png'}::boolean and not pic.known then bp.png_400 end as png,
      case when ${wanted.form === 'svg'}::boolean and not pic.known then bp.svg end as svg,
      (select coalesce(jsonb_agg(re.document order by re.given_at, re.id), '[]') from received_endorsement re
        where re.tenant_id = aw.tenant_id and re.withdrawn_at is null and (re.award_id = aw.id
          or (re.badge_class_version_id = aw.badge_class_version_id and re.language = aw.language))) as endorsements
    from award aw
      cross join lateral (select name, name = any(${wanted.known}::text[]) as known from (
        select concat_ws('/', aw.tenant_id, aw.badge_class_version_id, aw.language, ${wanted.form ?? ''}::text) as name) named) pic
      left join revocation r on r.tenant_id = aw.tenant_id and r.award_id = aw.id
      left join badge_picture bp on bp.tenant_id = aw.tenant_id and bp.badge_class_version_id = aw.badge_class_version_id
        and bp.language = aw.language
    where aw.tenant_id = ${tenant} and aw.public_id = ${publicId} and aw.state = 'accepted' and aw.published_at is not null`
  return (await inOneTrip(db, tenant, asking))[0]
}

/** Is the award still shown to all, not revoked, and signed as it was at that time? A small select (PERFORMANCE, Designs). */
export async function isShownAsSigned(db: Db, tenant: string, publicId: string, validFrom: Date): Promise<boolean> {
  const asking = statement<{ there: number }>('award.shown')`
    select 1 as there from award aw
    where aw.tenant_id = ${tenant} and aw.public_id = ${publicId} and aw.state = 'accepted' and aw.published_at is not null
      and aw.unpublished_at is null and aw.valid_from = ${validFrom}
      and not exists (select from revocation r where r.tenant_id = aw.tenant_id and r.award_id = aw.id)`
  return (await inOneTrip(db, tenant, asking)).length > 0
}

/** Was there a badge at this address once, which its client showed to all, and whose client was erased since (S-52)? */
export async function wasPublicOnce(db: Db, tenant: string, publicId: string): Promise<boolean> {
  const asking = statement<{ there: number }>('award.erased')`
    select 1 as there from erased_award where tenant_id = ${tenant} and public_id = ${publicId} and was_public`
  return (await inOneTrip(db, tenant, asking)).length > 0
}

export type Addressed = {
  readonly kids: readonly string[]
  readonly lists: readonly number[]
  readonly badgeClasses: readonly { readonly slug: string; readonly version: number; readonly language: Language }[]
  /** Also those that were revoked or hidden since: their addresses answer 410. */
  readonly publicAwards: readonly string[]
  /** Standing endorsements of its badges, with the school of each. */
  readonly endorsements: readonly { readonly school: string; readonly id: string }[]
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
      (select coalesce(jsonb_agg(public_id order by published_at nulls first, public_id), '[]') from (
        select public_id, published_at from award where tenant_id = ${tenant} and state = 'accepted' and published_at is not null
        union all select public_id, null from erased_award where tenant_id = ${tenant} and was_public) shown) as "publicAwards",
      (select coalesce(jsonb_agg(jsonb_build_object('school', endorser, 'id', id) order by given_at, id), '[]')
        from received_endorsement where tenant_id = ${tenant} and withdrawn_at is null) as endorsements`.execute(trx)
  return result.rows[0] ?? { kids: [], lists: [], badgeClasses: [], publicAwards: [], endorsements: [] }
}
