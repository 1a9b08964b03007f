import { sql } from 'kysely'
import { keyedDigest, newSecret, tenantOfSecret } from '../accounts/sign-in-code.ts'
import { type AwardView, listAwards } from '../awards/list.ts'
import { openName, type PersonName } from '../clients/client.ts'
import { refuseProtected } from '../clients/protection.ts'
import type { Verdict } from '../credentials/verdict.ts'
import { asTenant } from '../db/connect.ts'
import type { Trx } from '../db/database.ts'
import type { Deps } from '../deps.ts'
import type { Actor, ClientActor } from '../http/actor.ts'
import { Refusal } from '../refusal.ts'
import { verifyPresented } from '../verification/verify.ts'
import { lifetimes, type NewShare } from './schema.ts'

/** A share as its owner sees it. */
export type Share = {
  readonly id: string
  readonly awardIds: readonly string[]
  readonly madeAt: Date
  readonly endsAt: Date
  readonly closedAt: Date | null
  readonly openings: number
  readonly lastOpening: Date | null
}

const hour = 3_600_000
/** Most links of one client that work at a time: more are a mistake, or somebody else's play. */
const mostOpen = 50

/**
 * Makes a link that shows these badges of the client's own for a while (PRODUCT A4; S-16): 128 random bits, of which only a keyed digest is
 * kept. Refuses `not-found` for a badge of somebody else, `content` for one that is not taken or was revoked, `conflict` for a person of
 * protected identity (PRODUCT K7) and beyond 50 open links.
 */
export async function makeShare(
  deps: Pick<Deps, 'db' | 'secrets' | 'newId' | 'now'>,
  actor: ClientActor,
  wanted: NewShare,
): Promise<{ readonly share: Share; readonly token: string }> {
  const { tenant, clientId } = actor
  const now = deps.now()
  const token = newSecret(tenant)
  const awardIds = [...new Set(wanted.awardIds)]
  const id = deps.newId()
  const endsAt = new Date(now.getTime() + lifetimes[wanted.lifetime] * hour)
  await asTenant(deps.db, tenant, async (trx) => {
    await refuseProtected(trx, actor)
    const awards = new Map((await listAwards(trx, tenant, clientId)).map((award) => [award.id, award]))
    for (const awardId of awardIds) refuseUnlessShowable(awards.get(awardId))
    const open = (await listOf(trx, actor)).filter((share) => stateOf(share, now) === 'open')
    if (open.length >= mostOpen)
      throw new Refusal('conflict', 'Close some of your links first: 50 are open', { code: 'too-many-shares' })
    const token_digest = keyedDigest(deps.secrets.codePepper, 'share', token)
    await trx
      .insertInto('share')
      .values({ tenant_id: tenant, id, client_id: clientId, token_digest, made_at: now, ends_at: endsAt })
      .execute()
    const rows = awardIds.map((award_id) => ({ tenant_id: tenant, client_id: clientId, share_id: id, award_id }))
    await trx.insertInto('share_award').values(rows).execute()
  })
  const share = { id, awardIds, madeAt: now, endsAt, closedAt: null, openings: 0, lastOpening: null }
  return { share, token }
}

function refuseUnlessShowable(award: AwardView | undefined): void {
  if (!award) throw new Refusal('not-found', 'There is no such badge')
  if (award.state !== 'accepted') throw new Refusal('conflict', 'Take the badge first', { code: 'not-accepted' })
  if (award.revokedAt) throw new Refusal('conflict', 'A revoked badge cannot be shown', { code: 'revoked' })
}

/** The client's own shares, newest first. */
export async function listShares(deps: Pick<Deps, 'db'>, actor: ClientActor): Promise<readonly Share[]> {
  return await asTenant(deps.db, actor.tenant, async (trx) => await listOf(trx, actor))
}

async function listOf(trx: Trx, { tenant, clientId }: ClientActor): Promise<readonly Share[]> {
  const { rows } = await sql<Share>`
    select s.id, s.made_at as "madeAt", s.ends_at as "endsAt", s.closed_at as "closedAt",
      (select coalesce(array_agg(a.award_id order by a.award_id), '{}') from share_award a
        where a.tenant_id = s.tenant_id and a.client_id = s.client_id and a.share_id = s.id) as "awardIds",
      opened.count as openings, opened.last as "lastOpening"
    from share s, lateral (select count(*)::integer as count, max(o.at) as last from share_opening o
      where o.tenant_id = s.tenant_id and o.client_id = s.client_id and o.share_id = s.id) opened
    where s.tenant_id = ${tenant} and s.client_id = ${clientId} order by s.made_at desc, s.id desc limit 200`.execute(
    trx,
  )
  return rows
}

/** Does the link work at this moment? */
export function stateOf(
  { closedAt, endsAt }: Pick<Share, 'closedAt' | 'endsAt'>,
  now: Date,
): 'open' | 'closed' | 'ended' {
  if (closedAt) return 'closed'
  return endsAt > now ? 'open' : 'ended'
}

/** Closes an own link: its next opening is answered 410 (PRODUCT A4). Closing again changes nothing. Refuses `not-found`. */
export async function closeShare(deps: Pick<Deps, 'db' | 'now'>, actor: ClientActor, id: string): Promise<void> {
  const { tenant, clientId } = actor
  const now = deps.now()
  const closed = await asTenant(deps.db, tenant, async (trx) => {
    return await trx
      .updateTable('share')
      .set((eb) => ({ closed_at: eb.fn.coalesce('closed_at', eb.val(now)) }))
      .where('tenant_id', '=', tenant)
      .where('client_id', '=', clientId)
      .where('id', '=', id)
      .executeTakeFirst()
  })
  if (closed.numUpdatedRows === 0n) throw new Refusal('not-found', 'There is no such link')
}

export type OpenedShare = {
  readonly name: PersonName
  readonly endsAt: Date
  readonly badges: readonly { readonly award: AwardView; readonly jwt: string; readonly verdict: Verdict }[]
}

/**
 * What a link shows to whoever holds it: whose badges they are, because the client chose to show it, and each as our own verifier judges it
 * now. Every opening but the owner's own leaves its line (PRODUCT, Principles 3). Refuses `not-found` for what was never a link, `gone`
 * once it was closed, has ended, or shows nothing any more.
 */
export async function openShare(
  deps: Parameters<typeof verifyPresented>[0] & Pick<Deps, 'secrets' | 'vault' | 'newId'>,
  token: string,
  by: Actor | undefined,
  now: Date,
): Promise<OpenedShare> {
  const tenant = tenantOfSecret(token)
  if (tenant === undefined) throw new Refusal('not-found', 'There is no such link')
  const digest = keyedDigest(deps.secrets.codePepper, 'share', token)
  const found = await asTenant(deps.db, tenant, async (trx) => {
    const share = await findLive(trx, { tenant, digest, now })
    const wanted = new Set(share.awardIds)
    const awards = (await listAwards(trx, tenant, share.client_id)).filter(
      ({ id, state }) => wanted.has(id) && state === 'accepted',
    )
    if (awards.length === 0) throw gone()
    const { rows } = await sql<{ id: string; jwt: string }>`select id, ob3_jwt as jwt from award
      where tenant_id = ${tenant} and id = any(${awards.map(({ id }) => id)})`.execute(trx)
    const isOwn = by?.kind === 'client' && by.tenant === tenant && by.clientId === share.client_id
    if (!isOwn)
      await trx
        .insertInto('share_opening')
        .values({ tenant_id: tenant, client_id: share.client_id, share_id: share.id, at: now, id: deps.newId() })
        .execute()
    return { share, awards, jwts: new Map(rows.map(({ id, jwt }) => [id, jwt])) }
  })
  const { share, awards, jwts } = found
  const badges = []
  for (const award of awards) {
    const jwt = jwts.get(award.id) ?? ''
    badges.push({ award, jwt, verdict: await verifyPresented(deps, { bytes: Buffer.from(jwt) }, now) })
  }
  return { name: openName(deps.vault, { ...share, id: share.client_id }), endsAt: share.ends_at, badges }
}

type Live = {
  readonly id: string
  readonly client_id: string
  readonly tenant_id: string
  readonly ends_at: Date
  readonly awardIds: readonly string[]
  readonly data_key: Buffer
  readonly kek_version: string
  readonly name_sealed: Buffer
}

async function findLive(
  trx: Trx,
  { tenant, digest, now }: { readonly tenant: string; readonly digest: Buffer; readonly now: Date },
): Promise<Live> {
  const { rows } = await sql<Live & { readonly closed_at: Date | null; readonly protected_at: Date | null }>`
    select s.id, s.client_id, s.tenant_id, s.ends_at, s.closed_at, c.data_key, c.kek_version, c.name_sealed, c.protected_at,
      array(select a.award_id from share_award a
        where a.tenant_id = s.tenant_id and a.client_id = s.client_id and a.share_id = s.id) as "awardIds"
    from share s join client c on c.tenant_id = s.tenant_id and c.id = s.client_id
    where s.tenant_id = ${tenant} and s.token_digest = ${digest}`.execute(trx)
  const [share] = rows
  if (!share) throw new Refusal('not-found', 'There is no such link')
  if (share.closed_at ?? share.protected_at) throw gone()
  if (share.ends_at <= now) throw gone()
  return share
}

function gone(): Refusal {
  return new Refusal('gone', 'This link no longer works. Ask the owner for a new one', { code: 'share-over' })
}
