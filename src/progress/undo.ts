import { sql } from 'kysely'
import { isCoachedBy } from '../clients/relation.ts'
import { asTenant } from '../db/connect.ts'
import type { Deps } from '../deps.ts'
import type { StaffActor } from '../http/actor.ts'
import { dayInHelsinki } from '../i18n/index.ts'
import { Refusal } from '../refusal.ts'
import { undoTime } from './observation.ts'
import { savedIds, undoRows } from './store.ts'

export type UndoneNow = { readonly id: string; readonly undoneAt: Date }

/**
 * Takes back what this coach recorded at most 10 minutes ago; asked again, it answers the same (PRODUCT §2.7). Refuses `not-found` for what
 * is not there or not in the coach's reach, `forbidden` for a colleague's record, `conflict` when the time is over or a correction replaced
 * it. Several are taken back together or not at all.
 */
export async function undoObservations(
  deps: Pick<Deps, 'db'>,
  actor: StaffActor,
  ids: readonly string[],
  now: Date,
): Promise<readonly UndoneNow[]> {
  const { tenant, accountId: coach } = actor
  return await asTenant(deps.db, tenant, async (trx) => {
    if (ids.length === 0) throw new Refusal('not-found', 'There is no such record')
    const since = new Date(now.getTime() - undoTime)
    const undone = await undoRows(trx, { tenant, coach, ids, since, now })
    if (undone) return undone.map((row) => ({ id: row.id, undoneAt: row.undone_at }))
    const rows = await trx
      .selectFrom('observation')
      .select(['id', 'recorded_by'])
      .where('tenant_id', '=', tenant)
      .where('id', 'in', ids)
      .where(isCoachedBy(coach, dayInHelsinki(now), sql.ref('observation.client_id'), sql.ref('observation.tenant_id')))
      .execute()
    if (rows.length < ids.length) throw new Refusal('not-found', 'There is no such record')
    if (rows.some((row) => row.recorded_by !== coach)) {
      throw new Refusal('forbidden', 'A colleague recorded this: only the recorder can take it back', {
        code: 'not-recorder',
      })
    }
    throw new Refusal('conflict', 'The 10 minutes are over, or the record was corrected: correct it instead', {
      code: 'undo-too-late',
    })
  })
}

/** Takes back all that one save of the form made (PRODUCT C2: all or nothing). Refuses as `undoObservations` does. */
export async function undoSave(
  deps: Pick<Deps, 'db'>,
  actor: StaffActor,
  key: string,
  now: Date,
): Promise<readonly UndoneNow[]> {
  const ids = await asTenant(
    deps.db,
    actor.tenant,
    async (trx) => await savedIds(trx, actor.tenant, actor.accountId, key),
  )
  return await undoObservations(deps, actor, ids, now)
}
