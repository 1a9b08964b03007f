import { publicAddresses } from '../credentials/addresses.ts'
import type { SigningKey } from '../credentials/keys.ts'
import type { Trx } from '../db/database.ts'
import { openerOf } from './signing-keys.ts'
import type { Vault } from './vault.ts'

/**
 * The tenant's Ed25519 key in use, opened: it signs embedded proofs of awards and status lists (CONFORMANCE 3.10). Throws when there is
 * none: every organisation gets one when it is founded.
 */
export async function getEmbeddingKey(trx: Trx, vault: Vault, origin: string, tenant: string): Promise<SigningKey> {
  const stored = await trx
    .selectFrom('signing_key')
    .select(['tenant_id', 'kid', 'algorithm', 'data_key', 'kek_version', 'private_sealed'])
    .where('tenant_id', '=', tenant)
    .where('algorithm', '=', 'EdDSA')
    .where('state', '=', 'active')
    .executeTakeFirst()
  if (!stored) throw new Error(`the organisation ${tenant} has no Ed25519 key in use`)
  return { ...openerOf(vault)(stored), alg: 'EdDSA', kid: publicAddresses.key(origin, tenant, stored.kid) }
}
