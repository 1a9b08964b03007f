import { asTenant } from '../db/connect.ts'
import type { ClientActor } from '../http/actor.ts'
import { Refusal } from '../refusal.ts'
import { sessionTimes } from './session.ts'
import { openSession, type Origin, type SignedIn, type SignInDeps } from './sign-in.ts'
import { endSession } from './store.ts'

/**
 * The client goes over to the own passport in another foundation: a session there, and this one ends. Both foundations have a row that ties the
 * two together, and whose code began it stands in the session (S-15). Refuses `not-found` when there is no such passport (S-11).
 */
export async function openOtherPassport(
  deps: SignInDeps,
  actor: ClientActor,
  other: string,
  origin: Origin,
): Promise<SignedIn> {
  const { tenant, clientId } = actor
  const missing = new Refusal('not-found', 'You have no passport there')
  const there = await asTenant(
    deps.db,
    tenant,
    async (trx) =>
      await trx
        .selectFrom('client_link')
        .select(['other_tenant', 'other_client'])
        .where('tenant_id', '=', tenant)
        .where('client_id', '=', clientId)
        .where('other_tenant', '=', other)
        .executeTakeFirst(),
  )
  if (!there) throw missing
  const session = await asTenant(deps.db, there.other_tenant, async (trx) => {
    const row = await trx
      .selectFrom('client_link as l')
      .innerJoin('client as c', (j) => j.onRef('c.tenant_id', '=', 'l.tenant_id').onRef('c.id', '=', 'l.client_id'))
      .select(['c.id', 'l.opened_by'])
      .where('l.tenant_id', '=', there.other_tenant)
      .where('l.client_id', '=', there.other_client)
      .where('l.other_tenant', '=', tenant)
      .where('l.other_client', '=', clientId)
      .where('c.ended_at', 'is', null)
      .executeTakeFirst()
    if (!row) throw missing
    const life = sessionTimes.clientWhole
    const ofWhom = { client_id: row.id, opened_by: row.opened_by, shared: actor.shared }
    return await openSession(deps, trx, { tenant: there.other_tenant, origin, life }, ofWhom)
  })
  await asTenant(deps.db, tenant, async (trx) => await endSession(trx, tenant, actor.sessionId, deps.now()))
  return session
}
