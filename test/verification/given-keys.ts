import { publicAddresses } from '../../src/credentials/addresses.ts'
import type { SigningKey } from '../../src/credentials/keys.ts'
import { asTenant } from '../../src/db/connect.ts'
import { createKeyOpener } from '../../src/keys/signing-keys.ts'
import type { TestService } from '../support/app.ts'

/** A foundation's own signing key, opened: for badges that nobody awarded. */
export async function keyOf(service: TestService, code: string, algorithm: 'RS256' | 'EdDSA'): Promise<SigningKey> {
  const { db, vault, config } = service.deps
  const stored = await asTenant(
    db,
    code,
    async (trx) =>
      await trx
        .selectFrom('signing_key')
        .select(['tenant_id', 'kid', 'algorithm', 'data_key', 'kek_version', 'private_sealed'])
        .where('algorithm', '=', algorithm)
        .executeTakeFirstOrThrow(),
  )
  const kid = publicAddresses.key(config.publicOrigin, code, stored.kid)
  return { ...createKeyOpener(vault)(stored), alg: algorithm, kid }
}
