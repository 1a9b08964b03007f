import { asTenant } from '../db/connect.ts'
import type { Db } from '../db/database.ts'
import type { ClientActor } from '../http/actor.ts'

/** The client's passport here was left for the one in another foundation, or opened from there. */
export type Crossing = { readonly at: Date; readonly way: 'left' | 'came'; readonly organisation: string }

const shown = 100

/** Each going between this passport and another one of the same client, the newest first: nobody opens one by the other unseen (S-15). */
export async function listCrossings(
  { db }: { readonly db: Db },
  { tenant, clientId }: Pick<ClientActor, 'tenant' | 'clientId'>,
): Promise<readonly Crossing[]> {
  const rows = await asTenant(
    db,
    tenant,
    async (trx) =>
      await trx
        .selectFrom('audit_event as e')
        .innerJoin('organisation as o', 'o.tenant_id', 'e.what')
        .select(['e.at', 'e.kind', 'o.name'])
        .where('e.tenant_id', '=', tenant)
        .where('e.client_id', '=', clientId)
        .where('e.kind', 'in', ['passport.left', 'passport.came'])
        .orderBy('e.at', 'desc')
        .orderBy('e.id', 'desc')
        .limit(shown)
        .execute(),
  )
  return rows.map(({ at, kind, name }) => ({ at, way: kind === 'passport.came' ? 'came' : 'left', organisation: name }))
}
