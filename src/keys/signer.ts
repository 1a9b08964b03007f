import { sql } from 'kysely'
import { readKeySeq } from '../awards/write.ts'
import type { IssuerFacts } from '../credentials/facts.ts'
import type { SigningKey } from '../credentials/keys.ts'
import type { Trx } from '../db/database.ts'
import type { Deps } from '../deps.ts'
import { Refusal } from '../refusal.ts'
import { getEmbeddingKey } from './embedding-key.ts'

/** The organisation's own switch, and the one for all (S-25). */
const isIssuingStopped = sql<boolean>`organisation.issuing_stopped_at is not null
  or exists (select from app.issuance where stopped_at is not null)`

/** An organisation that is about to put an embedded proof on something of its own. */
export type Signer = {
  readonly issuer: IssuerFacts
  readonly key: SigningKey
  /** Place of the latest line about keys when the key was read: `addHistoryLine` takes it and sees whether keys moved since (S-22). */
  readonly keySeq: number
}

/**
 * Reads who signs and opens the Ed25519 key in use, for acts other than an award. Refuses with `stopped` while signing is stopped for the
 * organisation or for all (S-25).
 */
export async function readSigner(trx: Trx, deps: Pick<Deps, 'vault' | 'config'>, tenant: string): Promise<Signer> {
  const origin = deps.config.publicOrigin
  // Before the key, so that a change of keys after it is noticed.
  const keySeq = await readKeySeq(trx, tenant)
  const { isStopped, ...named } = await trx
    .selectFrom('organisation')
    .select(['name', 'url', 'email'])
    .select(isIssuingStopped.as('isStopped'))
    .where('tenant_id', '=', tenant)
    .executeTakeFirstOrThrow()
  if (deps.config.issuanceStopped || isStopped) {
    throw new Refusal('stopped', 'Signing is stopped. Nothing was lost', { retryAfter: 600 })
  }
  const key = await getEmbeddingKey(trx, deps.vault, origin, tenant)
  return { issuer: { origin, code: tenant, ...named }, key, keySeq }
}
