import { sql } from 'kysely'
import { clientKey, sealFor } from '../clients/client-key.ts'
import { asTenant } from '../db/connect.ts'
import type { Deps } from '../deps.ts'
import type { StaffActor } from '../http/actor.ts'
import type { DecidedNow } from './award.ts'
import type { DecisionFacts } from './read.ts'

/** Who decides, as the session's row says. */
export type Decider = Pick<StaffActor, 'tenant' | 'sessionId' | 'accountId' | 'address'>

type Returned = {
  readonly outcome: 'return' | 'reject'
  readonly reason?: string | undefined
  readonly idempotencyKey: string
  readonly digest: Buffer
}

/**
 * Returns or rejects an application with a reason that the client reads. One writing statement: the application only moves from `submitted`.
 * Undefined when it moved meanwhile; nothing is written then.
 */
export async function returnOrReject(
  deps: Pick<Deps, 'db' | 'vault'>,
  actor: Decider,
  wanted: Returned,
  read: DecisionFacts,
  now: Date,
): Promise<DecidedNow | undefined> {
  const key = clientKey({
    tenant_id: actor.tenant,
    id: read.client_id,
    data_key: read.client_data_key,
    kek_version: read.client_kek_version,
  })
  const reason = sealFor(deps.vault, key, 'application.reason', wanted.reason ?? '')
  const state = wanted.outcome === 'return' ? 'returned' : 'rejected'
  const written = await asTenant(
    deps.db,
    actor.tenant,
    async (trx) =>
      await sql`
      with moved as (
        update application set state = ${state}, decided_by = ${actor.accountId}, decided_at = ${now}, reason_sealed = ${reason}
        where tenant_id = ${actor.tenant} and id = ${read.application_id} and state = 'submitted'
          and not exists (select from idempotency i where i.tenant_id = ${actor.tenant} and i.holder = ${actor.accountId}
            and i.key = ${wanted.idempotencyKey})
        returning tenant_id
      )
      insert into idempotency (tenant_id, holder, key, digest, status, ref, at)
      select tenant_id, ${actor.accountId}, ${wanted.idempotencyKey}, ${wanted.digest}, 200, ${read.application_id}, ${now} from moved
      returning tenant_id`.execute(trx),
  )
  if (!written.rows[0]) return undefined
  return { application: { id: read.application_id, state }, award: null, created: false, replayed: false }
}
