import { checkIssuer } from '../credentials/issuer.ts'
import { asTenant } from '../db/connect.ts'
import type { Db, Trx } from '../db/database.ts'
import type { Deps } from '../deps.ts'
import { addActiveKey } from '../keys/add-key.ts'
import { newKid, type NewSigningKey, newSigningKey } from '../keys/signing-keys.ts'
import type { KeyAlgorithm } from '../keys/tables.ts'
import { issuerOf } from '../publication/issuer.ts'
import { Refusal } from '../refusal.ts'

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

/** Writes the organisation's row and its empty history, before its keys, in the same transaction. */
export type WriteOrganisation = (trx: Trx, wanted: NewOrganisation, now: Date) => Promise<void>

/**
 * Founds an organisation as the owner role, or by another way of writing its row: its row, an empty history, and its keys — RSA-2048 and Ed25519, and P-256 where it chose ES256
 * (DESIGN, Keys) — each with its line in the history (DESIGN, The award path 8). Everything that it will answer about itself is checked first: refuses
 * with `unfit-to-sign` and a pointer to each field (S-24). Throws when the code is taken.
 */
export async function foundOrganisation(
  deps: Pick<Deps, 'vault' | 'config' | 'now' | 'newId'> & { readonly ownerDb: Db },
  wanted: NewOrganisation,
  write: WriteOrganisation = insertOrganisation,
): Promise<void> {
  const { code } = wanted
  const now = new Date(Math.floor(deps.now().getTime() / 1000) * 1000)
  const algorithms: readonly KeyAlgorithm[] = [
    'RS256',
    'EdDSA',
    ...(wanted.badgeAlgorithm === 'ES256' ? (['ES256'] as const) : []),
  ]
  const keys = await Promise.all(
    algorithms.map(async (algorithm) => await newSigningKey(deps.vault, code, newKid(algorithm, now), algorithm)),
  )
  await refuseUnfit(wanted, keys, deps.config.publicOrigin)
  await asTenant(deps.ownerDb, code, async (trx) => {
    await write(trx, wanted, now)
    for (const key of keys) await addActiveKey(trx, code, key, { lineId: deps.newId(), now })
  })
}

async function insertOrganisation(trx: Trx, wanted: NewOrganisation, now: Date): Promise<void> {
  const tenant = { tenant_id: wanted.code }
  const { kind, name, url, email, badgeAlgorithm: badge_algorithm = 'RS256', demo = false } = wanted
  await trx
    .insertInto('organisation')
    .values({ ...tenant, kind, name, url, email, badge_algorithm, demo, issuing_stopped_at: null, founded_at: now })
    .execute()
  const nothing = Buffer.alloc(32)
  await trx
    .insertInto('history_head')
    .values({ ...tenant, seq: 0, prev: nothing, hash: nothing })
    .execute()
}

/** Badges carry these documents' addresses for ever: what is wrong in them is found before the first one. */
async function refuseUnfit(wanted: NewOrganisation, made: readonly NewSigningKey[], origin: string): Promise<void> {
  const stored = made.map(({ kid, algorithm, publicJwk: jwk }) => ({ kid, algorithm, jwk, compromisedAt: null }))
  const { issuer, keys } = issuerOf({ ...wanted, keys: stored }, origin, wanted.code)
  const faults = await checkIssuer(issuer, keys)
  if (faults.length === 0) return
  throw new Refusal('unfit-to-sign', 'The organisation would publish something that cannot stand on badges', {
    fields: faults.map(({ pointer, code, detail }) => ({ pointer, code, detail })),
  })
}
