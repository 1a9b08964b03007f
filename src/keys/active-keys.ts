import { publicAddresses } from '../credentials/addresses.ts'
import type { SigningKey } from '../credentials/keys.ts'
import type { Trx } from '../db/database.ts'
import { openerOf } from './signing-keys.ts'
import type { Vault } from './vault.ts'

/** The keys that sign the three forms of a badge now (DESIGN, Keys): OB 2.0, OB 3.0 as JWT, OB 3.0 with an embedded proof. */
export type ActiveKeys = { readonly ob2: SigningKey; readonly ob3: SigningKey; readonly embedded: SigningKey }

/** Opens the keys that a tenant signs badges with at this moment. Throws when one is missing or does not open (S-20). */
export async function getActiveKeys(trx: Trx, vault: Vault, origin: string, tenant: string): Promise<ActiveKeys> {
  const stored = await trx
    .selectFrom('signing_key as k')
    .innerJoin('organisation as o', 'o.tenant_id', 'k.tenant_id')
    .select([
      'k.tenant_id',
      'k.kid',
      'k.algorithm',
      'k.data_key',
      'k.kek_version',
      'k.private_sealed',
      'o.badge_algorithm',
    ])
    .where('k.tenant_id', '=', tenant)
    .where('k.state', '=', 'active')
    .execute()
  const open = (algorithm: SigningKey['alg'] | undefined): SigningKey => {
    const found = stored.find((key) => key.algorithm === algorithm)
    if (!found) throw new Error(`the organisation ${tenant} has no ${algorithm} key in use`)
    return { ...openerOf(vault)(found), alg: found.algorithm, kid: publicAddresses.key(origin, tenant, found.kid) }
  }
  const ob2 = open('RS256')
  const badgeAlgorithm = stored[0]?.badge_algorithm
  return { ob2, ob3: badgeAlgorithm === 'RS256' ? ob2 : open(badgeAlgorithm), embedded: open('EdDSA') }
}
