import { type Insertable, type RawBuilder, type Selectable, sql } from 'kysely'
import type { Db, Trx } from '../db/database.ts'
import { dayInHelsinki } from '../i18n/index.ts'
import { isWithinReach } from './giver.ts'
import type { SignInCardTable } from './tables.ts'

export type CardRow = Selectable<SignInCardTable>

/** Keeps a new card, and ends the old one, when the client is there and has not left; says whether it did. */
export async function replaceCard(trx: Trx, card: Insertable<SignInCardTable>, now: Date): Promise<boolean> {
  const client = await trx
    .selectFrom('client')
    .select('id')
    .where('tenant_id', '=', card.tenant_id)
    .where('id', '=', card.client_id)
    .where('ended_at', 'is', null)
    .where('moved_at', 'is', null)
    // Two new cards at once come one after the other.
    .forUpdate()
    .executeTakeFirst()
  if (!client) return false
  await endCards(trx, card.tenant_id, card.client_id, now)
  await trx.insertInto('sign_in_card').values(card).execute()
  return true
}

/** Ends the client's card and every session that it opened. Says whether there was a live card. */
export async function endCards(trx: Trx, tenant: string, clientId: string, now: Date): Promise<boolean> {
  const ended = await trx
    .updateTable('sign_in_card')
    .set({ ended_at: now })
    .where('tenant_id', '=', tenant)
    .where('client_id', '=', clientId)
    .where('ended_at', 'is', null)
    .returning('id')
    .execute()
  if (ended.length === 0) return false
  await trx
    .updateTable('session')
    .set({ ended_at: now })
    .where('tenant_id', '=', tenant)
    .where(
      'card_id',
      'in',
      ended.map(({ id }) => id),
    )
    .where('ended_at', 'is', null)
    .execute()
  return true
}

/** Over `sign_in_card k`: who made it has seen its code and its PIN, so it opens while that one reaches the client (S-12). */
function makerReaches(now: Date): RawBuilder<boolean> {
  const columns = { giver: sql`k.made_by`, client: sql`k.client_id`, tenant: sql`k.tenant_id` }
  return isWithinReach(columns, dayInHelsinki(now))
}

/** The live card with this mark and PIN, of a client who has not left. Locked, so that a card that ends meanwhile opens nothing. */
export async function findCard(
  trx: Trx,
  wanted: { readonly tenant: string; readonly digest: Buffer; readonly pin: Buffer; readonly now: Date },
): Promise<Pick<CardRow, 'id' | 'client_id' | 'made_by'> | undefined> {
  const { rows } = await sql<Pick<CardRow, 'id' | 'client_id' | 'made_by'>>`
    select k.id, k.client_id, k.made_by from sign_in_card k
      join client c on c.tenant_id = k.tenant_id and c.id = k.client_id and c.ended_at is null
    where k.tenant_id = ${wanted.tenant} and k.digest = ${wanted.digest} and k.pin_digest = ${wanted.pin}
      and k.ended_at is null and k.expires_at > ${wanted.now} and ${makerReaches(wanted.now)}
    for share of k`.execute(trx)
  return rows[0]
}

export async function findLiveCard(
  db: Db,
  tenant: string,
  clientId: string,
  now: Date,
): Promise<Pick<CardRow, 'made_at' | 'expires_at'> | undefined> {
  return await db
    .selectFrom('sign_in_card as k')
    .select(['k.made_at', 'k.expires_at'])
    .where('k.tenant_id', '=', tenant)
    .where('k.client_id', '=', clientId)
    .where('k.ended_at', 'is', null)
    .where('k.expires_at', '>', now)
    .where(makerReaches(now))
    .executeTakeFirst()
}
