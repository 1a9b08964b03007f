import { asTenant } from '../db/connect.ts'
import type { Db } from '../db/database.ts'
import type { KeyAlgorithm } from './tables.ts'

/** A signing key as it may be seen: never its private half. */
export type KeyView = {
  readonly kid: string
  readonly algorithm: KeyAlgorithm
  readonly state: 'active' | 'retired' | 'compromised'
  readonly createdAt: Date
  readonly retiredAt: Date | null
  readonly compromisedAt: Date | null
  /** Version of the key-encryption key that wraps it (S-21). */
  readonly kekVersion: string
}

/** A tenant's signing keys, those in use first, then the newest (S-12: the private half is never read). */
export async function listKeys(db: Db, tenant: string): Promise<readonly KeyView[]> {
  return await asTenant(
    db,
    tenant,
    async (trx) =>
      await trx
        .selectFrom('signing_key')
        .select([
          'kid',
          'algorithm',
          'state',
          'created_at as createdAt',
          'retired_at as retiredAt',
          'compromised_at as compromisedAt',
          'kek_version as kekVersion',
        ])
        .where('tenant_id', '=', tenant)
        .orderBy('state')
        .orderBy('created_at', 'desc')
        .orderBy('kid')
        .execute(),
  )
}
