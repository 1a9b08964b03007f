import { refuseProtected } from '../clients/protection.ts'
import { asTenant } from '../db/connect.ts'
import type { Trx } from '../db/database.ts'
import type { Deps } from '../deps.ts'
import type { ClientActor } from '../http/actor.ts'
import { Refusal } from '../refusal.ts'
import { newHistoryLine } from './history.ts'
import { addHistoryLine } from './write.ts'

type AnswerDeps = Pick<Deps, 'db' | 'newId' | 'now'>

/**
 * The client takes an offered badge, or does not (DESIGN, The award path 7). Declined is final for that award. Answering again the same way
 * changes nothing; the other way is a `conflict`, also for a badge that was revoked meanwhile.
 */
export async function answerAward(
  deps: AnswerDeps,
  actor: ClientActor,
  wanted: { readonly id: string; readonly accept: boolean },
): Promise<{ readonly state: 'accepted' | 'declined' }> {
  const state = wanted.accept ? 'accepted' : 'declined'
  const now = deps.now()
  return await asTenant(deps.db, actor.tenant, async (trx) => {
    const award = await ownAward(trx, actor, wanted.id)
    if (award.state === state) return { state }
    if (award.state !== 'offered')
      throw new Refusal('conflict', `The badge was ${award.state} already`, { code: 'answered' })
    if (award.isRevoked) throw new Refusal('conflict', 'The badge was revoked meanwhile', { code: 'revoked' })
    const moved = await trx
      .updateTable('award')
      .set({ state, answered_at: now, answered_session_id: actor.sessionId })
      .where('tenant_id', '=', actor.tenant)
      .where('id', '=', wanted.id)
      .where('state', '=', 'offered')
      .executeTakeFirst()
    if (moved.numUpdatedRows === 0n)
      throw new Refusal('conflict', 'The badge was answered meanwhile', { code: 'answered' })
    await addHistoryLine(trx, actor.tenant, newHistoryLine(deps.newId(), `award.${state}`, now, { award: wanted.id }))
    return { state }
  })
}

/** The client makes an accepted badge public, or private again: nothing else makes anything public (PRODUCT, Principles 3). */
export async function setAwardVisibility(
  deps: AnswerDeps,
  actor: ClientActor,
  wanted: { readonly id: string; readonly public: boolean },
): Promise<{ readonly public: boolean }> {
  const now = deps.now()
  return await asTenant(deps.db, actor.tenant, async (trx) => {
    if (wanted.public) await refuseProtected(trx, actor)
    const award = await ownAward(trx, actor, wanted.id)
    if (award.state !== 'accepted') throw new Refusal('conflict', 'Take the badge first', { code: 'not-accepted' })
    if (wanted.public && award.isRevoked)
      throw new Refusal('conflict', 'A revoked badge cannot be shown', { code: 'revoked' })
    if (award.isPublic === wanted.public) return { public: wanted.public }
    const change = wanted.public ? { published_at: now, unpublished_at: null } : { unpublished_at: now }
    await trx
      .updateTable('award')
      .set(change)
      .where('tenant_id', '=', actor.tenant)
      .where('id', '=', wanted.id)
      .execute()
    return { public: wanted.public }
  })
}

async function ownAward(
  trx: Trx,
  actor: ClientActor,
  id: string,
): Promise<{
  readonly state: 'offered' | 'accepted' | 'declined'
  readonly isRevoked: boolean
  readonly isPublic: boolean
}> {
  const row = await trx
    .selectFrom('award')
    .select(['state', 'published_at', 'unpublished_at'])
    .where('tenant_id', '=', actor.tenant)
    .where('client_id', '=', actor.clientId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw new Refusal('not-found', 'There is no such badge')
  // In a statement of its own: one that waits for the lock sees other tables as they were before it waited.
  const revocation = await trx
    .selectFrom('revocation')
    .select('revoked_at')
    .where('tenant_id', '=', actor.tenant)
    .where('award_id', '=', id)
    .executeTakeFirst()
  const isPublic = row.published_at !== null && row.unpublished_at === null
  return { state: row.state, isRevoked: revocation !== undefined, isPublic }
}
