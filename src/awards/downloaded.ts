import { asTenant } from '../db/connect.ts'
import type { Db } from '../db/database.ts'
import type { ClientActor } from '../http/actor.ts'

/** The holder fetched a badge that was signed anew (S-22): nobody need be told any more, unless it was signed once more meanwhile. */
export async function noteDownloaded(
  db: Db,
  { tenant, clientId }: ClientActor,
  fetched: { readonly id: string; readonly ob3Jwt: string },
): Promise<void> {
  await asTenant(db, tenant, async (trx) => {
    await trx
      .updateTable('award')
      .set({ download_again_since: null })
      .where('tenant_id', '=', tenant)
      .where('client_id', '=', clientId)
      .where('id', '=', fetched.id)
      .where('ob3_jwt', '=', fetched.ob3Jwt)
      .execute()
  })
}
