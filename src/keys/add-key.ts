import { recordOrigin } from '../audit/record.ts'
import { newHistoryLine } from '../awards/history.ts'
import { addHistoryLine } from '../awards/write.ts'
import type { Trx } from '../db/database.ts'
import type { StaffActor } from '../http/actor.ts'
import type { NewSigningKey } from './signing-keys.ts'

/** Who acted on a key, where it was a person, and from where; an act by command has none. */
export type By = { readonly accountId?: string; readonly address?: string | undefined }

/** A member of staff who acts on a key or on the stop switch. */
export function byOf({ accountId, address }: StaffActor): By {
  return { accountId, address }
}

/** What the history holds of who acted: from where is the audit's, and kept for a time only (S-50). */
export function factsOf(by: By | undefined): { readonly accountId?: string } {
  return by?.accountId === undefined ? {} : { accountId: by.accountId }
}

/** Adds to the act's line in the audit from where it was done (S-53). After the history line, in the same transaction. */
export async function recordWhere(trx: Trx, tenant: string, at: Date, by: By | undefined): Promise<void> {
  if (by?.accountId === undefined || by.address === undefined) return
  await recordOrigin(trx, { tenant, at, accountId: by.accountId, address: by.address })
}

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
  const facts = { kid: key.kid, algorithm: key.algorithm, publicJwk, ...factsOf(act.by) }
  await addHistoryLine(trx, tenant, newHistoryLine(act.lineId, 'key.made', act.now, facts))
}
