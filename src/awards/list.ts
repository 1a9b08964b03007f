import { sql } from 'kysely'
import { openName, type PersonName } from '../clients/client.ts'
import { isCoachedBy } from '../clients/relation.ts'
import type { Scope, Tier } from '../credentials/facts.ts'
import { asTenant } from '../db/connect.ts'
import type { Db, Trx } from '../db/database.ts'
import type { Actor, MachineActor } from '../http/actor.ts'
import type { Language } from '../i18n/index.ts'
import { pickText } from '../i18n/index.ts'
import { widestReach } from '../matrix/rows.ts'
import type { Vault } from '../keys/vault.ts'
import type { Text } from '../qualifications/tables.ts'
import { Refusal } from '../refusal.ts'
import type { AwardAnswerBody } from './schema.ts'
import type { ApplicationState, RevocationReason } from './tables.ts'

/** An award with the badge it is of, as pages and the API need it. No support level, no words about the person. */
export type AwardView = {
  readonly id: string
  readonly publicId: string
  readonly tenant: string
  readonly clientId: string
  readonly badgeClassId: string
  readonly slug: string
  readonly version: number
  readonly scope: Scope
  readonly tier: Tier
  readonly name: Text
  readonly description: Text
  readonly criteria: Text
  readonly issuerName: string
  readonly cycle: number
  readonly language: Language
  readonly state: 'offered' | 'accepted' | 'declined'
  readonly awardedAt: Date
  readonly validUntil: Date | null
  readonly isPublic: boolean
  readonly revokedAt: Date | null
  readonly revocationReason: RevocationReason | null
  readonly credentialId: string
  readonly assertionId: string
  /** The embedded proof is there (until then "tulossa"). */
  readonly hasEmbedded: boolean
  /** It was signed anew since then, and its holder has not fetched the new one (S-22). */
  readonly downloadAgainSince: Date | null
}

const awardColumns = sql`aw.id, aw.public_id as "publicId", aw.tenant_id as tenant, aw.client_id as "clientId",
  aw.badge_class_id as "badgeClassId", bc.slug, bv.version, bc.scope, bv.tier, bv.name, bv.description, bv.criteria,
  o.name as "issuerName", aw.cycle, aw.language, aw.state, aw.awarded_at as "awardedAt", aw.valid_until as "validUntil",
  (aw.published_at is not null and aw.unpublished_at is null) as "isPublic", r.revoked_at as "revokedAt",
  r.reason as "revocationReason", aw.credential_id as "credentialId", aw.assertion_id as "assertionId",
  aw.ob3_json is not null as "hasEmbedded", aw.download_again_since as "downloadAgainSince"`

const awardJoins = sql`award aw
  join badge_class bc on bc.tenant_id = aw.tenant_id and bc.id = aw.badge_class_id
  join badge_class_version bv on bv.tenant_id = aw.tenant_id and bv.id = aw.badge_class_version_id
  join organisation o on o.tenant_id = aw.tenant_id
  left join revocation r on r.tenant_id = aw.tenant_id and r.award_id = aw.id`

/** A client's awards, newest first. */
export async function listAwards(trx: Trx, tenant: string, clientId: string): Promise<readonly AwardView[]> {
  const result = await sql<AwardView>`select ${awardColumns} from ${awardJoins}
    where aw.tenant_id = ${tenant} and aw.client_id = ${clientId} order by aw.awarded_at desc, aw.id desc`.execute(trx)
  return result.rows
}

/** Some of the organisation's awards, one client's or all, newest first: those before `before`, at most `limit` (S-48). */
export async function pageOfAwards(
  trx: Trx,
  tenant: string,
  wanted: { readonly clientId?: string | undefined; readonly before?: string | undefined; readonly limit: number },
): Promise<readonly AwardView[]> {
  const { clientId, before, limit } = wanted
  const result = await sql<AwardView>`select ${awardColumns} from ${awardJoins}
    where aw.tenant_id = ${tenant} ${clientId === undefined ? sql`` : sql`and aw.client_id = ${clientId}`}
      ${before === undefined ? sql`` : sql`and aw.id < ${before}`}
    order by aw.id desc limit ${limit}`.execute(trx)
  return result.rows
}

/** One award of the actor's reach: a client's own, or any of the own organisation's for its staff and programs. Refuses `not-found` else (S-11). */
export async function getAward(db: Db, actor: Actor | MachineActor, id: string): Promise<AwardView> {
  const own = actor.kind === 'client' ? sql`and aw.client_id = ${actor.clientId}` : sql``
  const row = await asTenant(db, actor.tenant, async (trx) => {
    const result = await sql<AwardView>`select ${awardColumns} from ${awardJoins}
      where aw.tenant_id = ${actor.tenant} and aw.id = ${id} ${own}`.execute(trx)
    return result.rows[0]
  })
  if (!row) throw new Refusal('not-found', 'There is no such award')
  return row
}

/** The signed bytes of an award, for its holder's downloads. */
export async function getSignedBytes(
  db: Db,
  actor: Actor & { readonly kind: 'client' },
  id: string,
): Promise<{
  readonly ob2Jws: string
  readonly ob3Jwt: string
  readonly ob3Json: string | null
  readonly png: Buffer | null
  readonly svg: string | null
  readonly slug: string
  readonly downloadAgainSince: Date | null
}> {
  const row = await asTenant(
    db,
    actor.tenant,
    async (trx) =>
      await trx
        .selectFrom('award as aw')
        .innerJoin('badge_class as bc', (j) =>
          j.onRef('bc.tenant_id', '=', 'aw.tenant_id').onRef('bc.id', '=', 'aw.badge_class_id'),
        )
        .leftJoin('badge_picture as bp', (j) =>
          j
            .onRef('bp.tenant_id', '=', 'aw.tenant_id')
            .onRef('bp.badge_class_version_id', '=', 'aw.badge_class_version_id')
            .onRef('bp.language', '=', 'aw.language'),
        )
        .select([
          'aw.ob2_jws as ob2Jws',
          'aw.ob3_jwt as ob3Jwt',
          'aw.ob3_json as ob3Json',
          'bp.png_400 as png',
          'bp.svg',
          'bc.slug',
          'aw.download_again_since as downloadAgainSince',
        ])
        .where('aw.tenant_id', '=', actor.tenant)
        .where('aw.client_id', '=', actor.clientId)
        .where('aw.id', '=', id)
        .where('aw.state', '=', 'accepted')
        .executeTakeFirst(),
  )
  if (!row) throw new Refusal('not-found', 'There is no such badge of yours')
  return row
}

/** An award as the API answers it. */
export function awardBody(award: AwardView): AwardAnswerBody {
  const { id, publicId, clientId, badgeClassId, cycle, language, state, credentialId, assertionId } = award
  return {
    id,
    publicId,
    clientId,
    badgeClassId,
    badgeClass: {
      slug: award.slug,
      version: award.version,
      name: pickText(award.name, language).text,
      tier: award.tier,
      scope: award.scope,
    },
    cycle,
    language,
    state,
    revoked:
      award.revokedAt && award.revocationReason
        ? { at: award.revokedAt.toISOString(), reason: award.revocationReason }
        : null,
    public: award.isPublic,
    awardedAt: award.awardedAt.toISOString(),
    validUntil: award.validUntil?.toISOString() ?? null,
    credentialId,
    assertionId,
  }
}

/** One line of the coordinator's list, or of a client's own. */
export type ApplicationView = {
  readonly id: string
  readonly clientId: string
  readonly clientName: PersonName
  /** Protected identity, and the reader is neither the person nor an own coach: a list shows no name (PRODUCT K7). */
  readonly isHidden: boolean
  readonly badgeClassId: string
  readonly slug: string
  readonly badgeName: Text
  readonly tier: Tier
  readonly scope: Scope
  readonly version: number
  readonly state: ApplicationState
  readonly language: Language
  readonly languages: readonly Language[]
  readonly proposedBy: { readonly id: string; readonly name: string } | null
  readonly createdAt: Date
  readonly submittedAt: Date | null
  readonly decidedAt: Date | null
  readonly awardId: string | null
  /** Its award was revoked. */
  readonly isRevoked: boolean
  readonly reasonSealed: Buffer | null
}

type ApplicationRow = Omit<ApplicationView, 'clientName'> & {
  readonly tenant_id: string
  readonly data_key: Buffer
  readonly kek_version: string
  readonly name_sealed: Buffer
}

/** Which applications: one, those in some states, the one that an award came from, or so many of the latest decided. */
export type WantedApplications = {
  readonly id?: string
  readonly states?: readonly ApplicationState[]
  readonly awardId?: string
  readonly latest?: number
  /** By their ids, those after this one. */
  readonly page?: { readonly after: string | undefined; readonly limit: number }
}

/**
 * Applications that the actor may see, oldest first: a client the own ones, a coach those of the own clients, others those of the organisation.
 * `today` is the day in Europe/Helsinki for the coach's relation (S-12).
 */
export async function listApplications(
  deps: { readonly db: Db; readonly vault: Vault },
  actor: Actor | MachineActor,
  today: string,
  wanted: WantedApplications = {},
): Promise<readonly ApplicationView[]> {
  const rows = await asTenant(deps.db, actor.tenant, async (trx) => {
    const result = await sql<ApplicationRow>`
      select ap.id, ap.client_id as "clientId", ap.badge_class_id as "badgeClassId", bc.slug, bv.name as "badgeName", bv.tier, bc.scope,
        bv.version, ap.state, ap.language, bv.languages, case when p.id is null then null else
          jsonb_build_object('id', p.id, 'name', p.display_name) end as "proposedBy",
        ap.created_at as "createdAt", ap.submitted_at as "submittedAt", ap.decided_at as "decidedAt", ap.award_id as "awardId",
        exists (select from revocation r where r.tenant_id = ap.tenant_id and r.award_id = ap.award_id) as "isRevoked",
        ap.reason_sealed as "reasonSealed", ${hidden(actor, today)} as "isHidden", c.tenant_id, c.data_key, c.kek_version, c.name_sealed
      from application ap
        join client c on c.tenant_id = ap.tenant_id and c.id = ap.client_id
        join badge_class bc on bc.tenant_id = ap.tenant_id and bc.id = ap.badge_class_id
        join badge_class_version bv on bv.tenant_id = ap.tenant_id and bv.id = ap.badge_class_version_id
        left join account p on p.tenant_id = ap.tenant_id and p.id = ap.proposed_by
      where ap.tenant_id = ${actor.tenant} and ${reach(actor, today)} ${here(actor, wanted)}
        ${wanted.id === undefined ? sql`` : sql`and ap.id = ${wanted.id}`}
        ${wanted.states === undefined ? sql`` : sql`and ap.state = any(${wanted.states})`}
        ${wanted.awardId === undefined ? sql`` : sql`and ap.award_id = ${wanted.awardId}`}
        ${wanted.page?.after === undefined ? sql`` : sql`and ap.id > ${wanted.page.after}`}
      order by ${orderOf(wanted)} ap.id
      limit ${wanted.page?.limit ?? wanted.latest ?? 500}`.execute(trx)
    return result.rows
  })
  return rows.map(({ tenant_id, data_key, kek_version, name_sealed, ...row }) => ({
    ...row,
    clientName: openName(deps.vault, { tenant_id, id: row.clientId, data_key, kek_version, name_sealed }),
  }))
}

function orderOf({ latest, page }: WantedApplications): ReturnType<typeof sql> {
  // A page's order is that of the cursor, which must hold while applications are sent and decided.
  if (page !== undefined) return sql``
  return sql`${latest === undefined ? sql`` : sql`ap.decided_at desc nulls last,`} coalesce(ap.submitted_at, ap.created_at),`
}

function reach(actor: Actor | MachineActor, today: string): ReturnType<typeof sql> {
  if (actor.kind === 'machine') return sql`true`
  if (actor.kind === 'client') return sql`ap.client_id = ${actor.clientId}`
  if (widestReach(actor.roles, 'application:read') === 'foundation') return sql`true`
  return coached(actor, today)
}

/** Who went to another foundation is seen here no more, but for the award that has to be revoked. */
function here(actor: Actor | MachineActor, { awardId }: WantedApplications): ReturnType<typeof sql> {
  return actor.kind === 'client' || awardId !== undefined ? sql`` : sql`and c.moved_at is null`
}

function hidden(actor: Actor | MachineActor, today: string): ReturnType<typeof sql> {
  if (actor.kind === 'client') return sql`false`
  if (actor.kind === 'machine') return sql`c.protected_at is not null`
  return sql`(c.protected_at is not null and not ${coached(actor, today)})`
}

function coached(actor: { readonly accountId: string }, today: string): ReturnType<typeof sql> {
  return isCoachedBy(actor.accountId, today, sql`ap.client_id`, sql`ap.tenant_id`)
}
