import { asTenant } from '../db/connect.ts'
import type { Db } from '../db/database.ts'
import type { ClientActor } from '../http/actor.ts'

/** Another foundation in which the same person is a client. */
export type OtherFoundation = { readonly tenant: string; readonly name: string }

/** In which other foundations the client has a passport too (PRODUCT A1: each is asked in turn). */
export async function listOthers(
  { db }: { readonly db: Db },
  { tenant, clientId }: Pick<ClientActor, 'tenant' | 'clientId'>,
): Promise<readonly OtherFoundation[]> {
  return await asTenant(
    db,
    tenant,
    async (trx) =>
      await trx
        .selectFrom('client_link as l')
        .innerJoin('organisation as o', 'o.tenant_id', 'l.other_tenant')
        .select(['l.other_tenant as tenant', 'o.name'])
        .where('l.tenant_id', '=', tenant)
        .where('l.client_id', '=', clientId)
        .orderBy('o.name')
        .execute(),
  )
}
