import { recordAudit } from '../audit/record.ts'
import { asTenant } from '../db/connect.ts'
import type { Deps } from '../deps.ts'
import type { StaffActor } from '../http/actor.ts'
import { clientKey, sealFor } from './client-key.ts'
import { openName, type PersonName } from './client.ts'
import { insertName } from './name-row.ts'
import { lockedClient } from './relation.ts'

/**
 * The person is called something else from today: a new row with its day, and the current name for everything that is shown or printed from
 * now on (PRODUCT K7). Earlier names are in the client's own copy and nowhere else. The same name again changes nothing. Refuses `not-found`.
 */
export async function changeName(
  deps: Pick<Deps, 'db' | 'vault' | 'now' | 'newId'>,
  actor: StaffActor,
  wanted: { readonly clientId: string; readonly name: PersonName },
): Promise<void> {
  const { tenant } = actor
  const { clientId, name } = wanted
  const now = deps.now()
  await asTenant(deps.db, tenant, async (trx) => {
    await lockedClient(trx, tenant, clientId, 'change')
    const client = await trx
      .selectFrom('client')
      .select(['tenant_id', 'id', 'data_key', 'kek_version', 'name_sealed'])
      .where('tenant_id', '=', tenant)
      .where('id', '=', clientId)
      .executeTakeFirstOrThrow()
    const old = openName(deps.vault, client)
    if (old.given === name.given && old.family === name.family) return
    const sealed = sealFor(deps.vault, clientKey(client), 'client.name', JSON.stringify(name))
    await trx
      .updateTable('client')
      .set({ name_sealed: sealed })
      .where('tenant_id', '=', tenant)
      .where('id', '=', clientId)
      .execute()
    await insertName(trx, { tenant, id: deps.newId(), clientId, sealed, madeBy: actor.accountId, now })
    await recordAudit(trx, { tenant, at: now, kind: 'client.renamed', by: actor, clientId })
  })
}
