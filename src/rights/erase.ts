import { sql } from 'kysely'
import { recordAudit } from '../audit/record.ts'
import { newHistoryLine } from '../awards/history.ts'
import { addHistoryLine } from '../awards/write.ts'
import { asTenant } from '../db/connect.ts'
import type { Db, Trx } from '../db/database.ts'
import type { Deps } from '../deps.ts'
import type { StaffActor } from '../http/actor.ts'
import { Refusal } from '../refusal.ts'

type EraseDeps = Pick<Deps, 'db' | 'now' | 'newId'>

/**
 * A coordinator carries out a client's own request to be erased (S-52), in one transaction: rows, salts and contents of the history, the
 * client's data key, sessions, codes and cards go; the chain's lines, the places in status lists and audit lines with the random id stay.
 * An award that is being made at this moment comes before, and is erased too, or finds nothing to award. Refuses `not-found`, and
 * `conflict` for a request that was withdrawn or carried out meanwhile, `two-persons` for one that the same person entered for the client.
 */
export async function eraseClient(
  deps: EraseDeps,
  actor: StaffActor,
  request: { readonly id: string; readonly clientId: string },
): Promise<void> {
  const { tenant, accountId } = actor
  const now = deps.now()
  await asTenant(deps.db, tenant, async (trx) => {
    await refuseAlone(trx, actor, request.id)
    const { rows } = await sql<{ done: boolean }>`
      select app.erase_client(${request.id}, ${accountId}, ${now}) as done`.execute(trx)
    if (rows[0]?.done !== true)
      throw new Refusal('conflict', 'The request was withdrawn or carried out meanwhile', { code: 'not-open' })
    const { id: ref, clientId } = request
    await recordAudit(trx, { tenant, at: now, kind: 'erasure', by: actor, clientId, ref })
    // The tombstone. Head of the chain last, as in every act.
    const facts = { request: ref, erasedBy: accountId, awards: await countErased(trx) }
    await addHistoryLine(trx, tenant, newHistoryLine(deps.newId(), 'erasure', now, facts))
  })
}

/** The database holds it too: nobody erases a person alone. Here it is said in words. */
async function refuseAlone(trx: Trx, { tenant, accountId }: StaffActor, id: string): Promise<void> {
  const own = await trx
    .selectFrom('rights_request')
    .select('id')
    .where('tenant_id', '=', tenant)
    .where('id', '=', id)
    .where('entered_by', '=', accountId)
    .executeTakeFirst()
  if (own)
    throw new Refusal('two-persons', 'You entered this request: somebody else carries it out', {
      code: 'entered-by-you',
    })
}

/**
 * How many awards this transaction has erased, for the tombstone: whoever checks the history then knows how many of its lines may be silent,
 * and nothing says which of them were one person's (S-32).
 */
async function countErased(trx: Trx): Promise<string> {
  const { rows } = await sql<{ n: number }>`select count(*) as n from erased_award
    where xmin = pg_current_xact_id()::xid`.execute(trx)
  return String(rows[0]?.n ?? 0)
}

/** One line of the erasure list: random ids and times, nothing else. */
export type Erased = {
  readonly tenant: string
  readonly clientId: string
  readonly askedAt: Date
  readonly erasedAt: Date
  readonly erasedBy: string
}

/** Everybody who was erased: what has to be kept beside the backups (S-52). */
export async function listErased(ownerDb: Db, tenants: readonly string[]): Promise<readonly Erased[]> {
  const found: Erased[] = []
  for (const tenant of tenants) {
    const rows = await asTenant(
      ownerDb,
      tenant,
      async (trx) =>
        await trx.selectFrom('erasure').selectAll().where('tenant_id', '=', tenant).orderBy('erased_at').execute(),
    )
    found.push(
      ...rows.map((row) => ({
        tenant,
        clientId: row.client_id,
        askedAt: row.asked_at,
        erasedAt: row.erased_at,
        erasedBy: row.erased_by,
      })),
    )
  }
  return found
}

/**
 * After a restore: erases again, as the owner, everybody on the list whom the backup brought back (S-52). Gives how many there were; again
 * at once: none.
 */
export async function replayErasures(
  deps: Pick<Deps, 'now' | 'newId'> & { readonly ownerDb: Db },
  list: readonly Erased[],
): Promise<number> {
  let again = 0
  for (const { tenant, clientId, askedAt, erasedAt, erasedBy } of list) {
    again += await asTenant(deps.ownerDb, tenant, async (trx) => {
      const there = await trx
        .selectFrom('client')
        .select('id')
        .where('tenant_id', '=', tenant)
        .where('id', '=', clientId)
        .executeTakeFirst()
      if (!there) return 0
      const now = deps.now()
      await sql`insert into erasure (tenant_id, client_id, asked_at, erased_at, erased_by)
        values (${tenant}, ${clientId}, ${askedAt}, ${erasedAt}, ${erasedBy}) on conflict do nothing`.execute(trx)
      await sql`select app.erase_rows(${tenant}, ${clientId})`.execute(trx)
      const facts = { replayed: 'after a restore', awards: await countErased(trx) }
      await recordAudit(trx, { tenant, at: now, kind: 'erasure', by: 'command', clientId })
      await addHistoryLine(trx, tenant, newHistoryLine(deps.newId(), 'erasure', now, facts))
      return 1
    })
  }
  return again
}
