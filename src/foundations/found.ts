import { randomInt } from 'node:crypto'
import { addHistoryLine } from '../awards/write.ts'
import { newHistoryLine } from '../awards/history.ts'
import { asTenant } from '../db/connect.ts'
import type { Db } from '../db/database.ts'
import type { Deps } from '../deps.ts'
import { newSigningKey } from '../keys/signing-keys.ts'
import type { KeyAlgorithm } from '../keys/tables.ts'

export type NewOrganisation = {
  /** The fixed 4-character code: lower-case letters and digits. */
  readonly code: string
  readonly kind: 'foundation' | 'school'
  readonly name: string
  readonly url: string
  readonly email: string
  readonly badgeAlgorithm?: 'RS256' | 'ES256'
  readonly demo?: boolean
}

/**
 * Founds an organisation as the owner role: its row, an empty history, and its keys — RSA-2048 and Ed25519, and P-256 where it chose ES256
 * (DESIGN, Keys) — each with its line in the history (DESIGN, The award path 8). Throws when the code is taken.
 */
export async function foundOrganisation(
  deps: Pick<Deps, 'vault' | 'now' | 'newId'> & { readonly ownerDb: Db },
  wanted: NewOrganisation,
): Promise<void> {
  const { code } = wanted
  const now = new Date(Math.floor(deps.now().getTime() / 1000) * 1000)
  const algorithms: readonly KeyAlgorithm[] = [
    'RS256',
    'EdDSA',
    ...(wanted.badgeAlgorithm === 'ES256' ? (['ES256'] as const) : []),
  ]
  const keys = await Promise.all(
    algorithms.map(async (algorithm) => await newSigningKey(deps.vault, code, kidOf(algorithm, now), algorithm)),
  )
  await asTenant(deps.ownerDb, code, async (trx) => {
    await trx
      .insertInto('organisation')
      .values({
        tenant_id: code,
        kind: wanted.kind,
        name: wanted.name,
        url: wanted.url,
        email: wanted.email,
        badge_algorithm: wanted.badgeAlgorithm ?? 'RS256',
        demo: wanted.demo ?? false,
        issuing_stopped_at: null,
        founded_at: now,
      })
      .execute()
    const nothing = Buffer.alloc(32)
    await trx.insertInto('history_head').values({ tenant_id: code, seq: 0, prev: nothing, hash: nothing }).execute()
    for (const key of keys) {
      await trx
        .insertInto('signing_key')
        .values({
          tenant_id: code,
          kid: key.kid,
          algorithm: key.algorithm,
          state: 'active',
          public_jwk: JSON.stringify(key.publicJwk),
          data_key: key.wrapped.dataKey,
          kek_version: key.wrapped.kekVersion,
          private_sealed: key.sealed,
          created_at: now,
          retired_at: null,
          compromised_at: null,
        })
        .execute()
      const facts = { kid: key.kid, algorithm: key.algorithm, publicJwk: JSON.stringify(key.publicJwk) }
      await addHistoryLine(trx, code, newHistoryLine(deps.newId(), 'key.made', now, facts))
    }
  })
}

/** `rsa-2026-11-22-7f3a`: what it is, when it was made, and a random end so that two of a day differ. */
function kidOf(algorithm: KeyAlgorithm, now: Date): string {
  const kind = { RS256: 'rsa', ES256: 'p256', EdDSA: 'ed25519' }[algorithm]
  const random = randomInt(0x10000)
  return `${kind}-${now.toISOString().slice(0, 10)}-${random.toString(16).padStart(4, '0')}`
}
