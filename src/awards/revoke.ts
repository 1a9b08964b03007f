import { createHash } from 'node:crypto'
import { recordAudit } from '../audit/record.ts'
import { clientKey, sealFor } from '../clients/client-key.ts'
import { asTenant } from '../db/connect.ts'
import type { Trx } from '../db/database.ts'
import type { Deps } from '../deps.ts'
import type { StaffActor } from '../http/actor.ts'
import { forgetLists } from '../publication/hot.ts'
import { askForSigning } from '../publication/status.ts'
import { Refusal } from '../refusal.ts'
import { newHistoryLine } from './history.ts'
import type { Revocation } from './schema.ts'
import { addHistoryLine } from './write.ts'

export type Revoked = {
  readonly awardId: string
  readonly at: Date
  readonly reason: Revocation['reason']
  readonly created: boolean
  readonly replayed: boolean
}

/**
 * Revokes an award for good, with a general reason that everybody sees (DESIGN, Status): the fact, its history line and the job that signs
 * the status list anew go together. Revoking again answers the revocation that is there. Refuses `not-found`, `idempotency-mismatch`, and
 * `conflict` when it was revoked for another reason.
 */
export async function revokeAward(
  deps: Pick<Deps, 'db' | 'vault' | 'newId'>,
  actor: StaffActor,
  wanted: Revocation & { readonly id: string; readonly idempotencyKey: string },
  now: Date,
): Promise<Revoked> {
  const { tenant } = actor
  const digest = createHash('sha256')
    .update(JSON.stringify(['revoke', wanted.id, wanted.reason, wanted.note ?? null]))
    .digest()
  const revoked = await asTenant(deps.db, tenant, async (trx) => {
    const award = await lockAward(trx, tenant, wanted.id)
    const replay = await findKey(trx, tenant, actor.accountId, wanted.idempotencyKey)
    if (replay && !replay.equals(digest)) {
      throw new Refusal('idempotency-mismatch', 'This Idempotency-Key was used for another request', {
        code: 'idempotency_mismatch',
      })
    }
    const there = await findRevocation(trx, tenant, wanted.id)
    if (there)
      return {
        awardId: wanted.id,
        at: there.revoked_at,
        reason: there.reason,
        created: false,
        replayed: replay !== undefined,
      }
    const note =
      wanted.note === undefined ? null : sealFor(deps.vault, clientKey(award.client), 'revocation.note', wanted.note)
    await trx
      .insertInto('revocation')
      .values({
        tenant_id: tenant,
        award_id: wanted.id,
        client_id: award.client.id,
        revoked_by: actor.accountId,
        revoked_at: now,
        reason: wanted.reason,
        note_sealed: note,
      })
      .execute()
    await trx
      .insertInto('idempotency')
      .values({
        tenant_id: tenant,
        holder: actor.accountId,
        key: wanted.idempotencyKey,
        digest,
        status: 201,
        ref: wanted.id,
        at: now,
      })
      .execute()
    await trx
      .updateTable('status_list')
      .set({ changed_at: now })
      .where('tenant_id', '=', tenant)
      .where('list', '=', award.statusList)
      .execute()
    await askForSigning(trx, tenant, award.statusList)
    const clientId = award.client.id
    await recordAudit(trx, { tenant, at: now, kind: 'revocation', by: actor, clientId, ref: wanted.id })
    const facts = { award: wanted.id, reason: wanted.reason, revokedBy: actor.accountId }
    await addHistoryLine(trx, tenant, newHistoryLine(deps.newId(), 'revocation', now, facts))
    return { awardId: wanted.id, at: now, reason: wanted.reason, created: true, replayed: false }
  })
  // Our own verifier knows at once; other processes within seconds.
  forgetLists(deps.db, tenant)
  return revoked
}

/**
 * The award, and whose it is, locked: the client's row first, as in a joining of two rows (PRODUCT K7), and each read in a statement of its
 * own, for one that waited sees the rest as it was before. Where the award went to another client meanwhile: that one.
 */
async function lockAward(
  trx: Trx,
  tenant: string,
  id: string,
): Promise<{ readonly statusList: number; readonly client: Parameters<typeof clientKey>[0] }> {
  const found = await trx
    .selectFrom('award')
    .select('client_id')
    .where('tenant_id', '=', tenant)
    .where('id', '=', id)
    .executeTakeFirst()
  if (!found) throw new Refusal('not-found', 'There is no such award')
  await trx
    .selectFrom('client')
    .select('id')
    .where('tenant_id', '=', tenant)
    .where('id', '=', found.client_id)
    .forKeyShare()
    .execute()
  const row = await trx
    .selectFrom('award as aw')
    .innerJoin('client as c', (join) =>
      join.onRef('c.tenant_id', '=', 'aw.tenant_id').onRef('c.id', '=', 'aw.client_id'),
    )
    .select(['aw.status_list', 'c.tenant_id', 'c.id', 'c.data_key', 'c.kek_version'])
    .where('aw.tenant_id', '=', tenant)
    .where('aw.id', '=', id)
    .forUpdate('aw')
    .executeTakeFirst()
  if (row?.id !== found.client_id) return await lockAward(trx, tenant, id)
  return { statusList: row.status_list, client: row }
}

async function findRevocation(
  trx: Trx,
  tenant: string,
  id: string,
): Promise<{ readonly revoked_at: Date; readonly reason: Revocation['reason'] } | undefined> {
  return await trx
    .selectFrom('revocation')
    .select(['revoked_at', 'reason'])
    .where('tenant_id', '=', tenant)
    .where('award_id', '=', id)
    .executeTakeFirst()
}

async function findKey(trx: Trx, tenant: string, holder: string, key: string): Promise<Buffer | undefined> {
  const row = await trx
    .selectFrom('idempotency')
    .select('digest')
    .where('tenant_id', '=', tenant)
    .where('holder', '=', holder)
    .where('key', '=', key)
    .executeTakeFirst()
  return row?.digest
}
