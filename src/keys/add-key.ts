import { newHistoryLine } from '../awards/history.ts'
import { addHistoryLine } from '../awards/write.ts'
import type { Trx } from '../db/database.ts'
import type { NewSigningKey } from './signing-keys.ts'

/** Who acted on a key, where it was a person; an act by command has none. */
export type By = { readonly accountId?: string }

/**
 * Puts a new key into use, with its line in the history (DESIGN, The award path 8). The caller has taken the former one of its kind out of use
 * in the same transaction: the database holds one for each algorithm (S-22).
 */
export async function addActiveKey(
  trx: Trx,
  tenant: string,
  key: NewSigningKey,
  act: { readonly lineId: string; readonly now: Date; readonly by?: By | undefined },
): Promise<void> {
  const publicJwk = JSON.stringify(key.publicJwk)
  await trx
    .insertInto('signing_key')
    .values({
      tenant_id: tenant,
      kid: key.kid,
      algorithm: key.algorithm,
      state: 'active',
      public_jwk: publicJwk,
      data_key: key.wrapped.dataKey,
      kek_version: key.wrapped.kekVersion,
      private_sealed: key.sealed,
      created_at: act.now,
      retired_at: null,
      compromised_at: null,
    })
    .execute()
  const facts = { kid: key.kid, algorithm: key.algorithm, publicJwk, ...act.by }
  await addHistoryLine(trx, tenant, newHistoryLine(act.lineId, 'key.made', act.now, facts))
}
