import { sql } from 'kysely'
import { asTenant } from '../db/connect.ts'
import type { Db } from '../db/database.ts'
import type { ClientActor } from '../http/actor.ts'

/** Another foundation in which the same person is a client. */
export type OtherFoundation = {
  readonly tenant: string
  readonly name: string
  /** From this session: not from one that a code of this foundation's staff opened (S-15). */
  readonly isOpen: boolean
}

/** In which other foundations the client has a passport too (PRODUCT A1: each is asked in turn). */
export async function listOthers(
  { db }: { readonly db: Db },
  { tenant, clientId, sessionId }: Pick<ClientActor, 'tenant' | 'clientId' | 'sessionId'>,
): Promise<readonly OtherFoundation[]> {
  return await asTenant(
    db,
    tenant,
    async (trx) =>
      await trx
        .selectFrom('client_link as l')
        .innerJoin('organisation as o', 'o.tenant_id', 'l.other_tenant')
        .leftJoin('session as s', (j) =>
          j
            .onRef('s.tenant_id', '=', 'l.tenant_id')
            .on('s.id', '=', sessionId)
            .on(
              // Who came from there goes back.
              (eb) => eb.or([eb('s.card_id', 'is not', null), eb('s.root_session', 'is not', null)]),
            ),
        )
        .select(['l.other_tenant as tenant', 'o.name', sql<boolean>`s.id is not null`.as('isOpen')])
        .where('l.tenant_id', '=', tenant)
        .where('l.client_id', '=', clientId)
        .orderBy('o.name')
        .execute(),
  )
}
