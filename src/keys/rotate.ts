import { newHistoryLine } from '../awards/history.ts'
import { addHistoryLine } from '../awards/write.ts'
import { asTenant } from '../db/connect.ts'
import type { Db, Trx } from '../db/database.ts'
import type { Deps } from '../deps.ts'
import { forgetKeys } from '../publication/hot.ts'
import { Refusal } from '../refusal.ts'
import { addActiveKey, type By, factsOf, recordWhere } from './add-key.ts'
import { inTurn, newKid, type NewSigningKey, newSigningKey } from './signing-keys.ts'
import type { KeyAlgorithm } from './tables.ts'

export type KeyDeps = Pick<Deps, 'db' | 'vault' | 'now' | 'newId'>

export type Rotated = {
  readonly algorithm: KeyAlgorithm
  /** The key that signs from now on. */
  readonly kid: string
  /** The one before it, which verifies for ever. */
  readonly retired: string
  /** False: somebody else rotated at the same moment, and theirs is used. */
  readonly created: boolean
}

/**
 * Gives a tenant a new signing key of one kind and retires the one in use, which verifies for ever (S-22, CONFORMANCE 3.8). Any number at once
 * make exactly one key active; those who asked for the same key to be replaced get the one that replaced it. Refuses `not-found` when the
 * tenant has no key of that kind.
 */
export async function rotateKey(
  deps: KeyDeps,
  tenant: string,
  wanted: {
    readonly algorithm: KeyAlgorithm
    readonly by?: By
    /** The key that is to be replaced: nothing is done when another one is in use by now. */
    readonly instead?: string
  },
): Promise<Rotated> {
  const { algorithm, by } = wanted
  const before = await asTenant(deps.db, tenant, async (trx) => await activeKid(trx, tenant, algorithm))
  if (wanted.instead !== undefined && wanted.instead !== before)
    return { algorithm, kid: before, retired: wanted.instead, created: false }
  const now = wholeSeconds(deps.now())
  // Before anything is locked; and not at all when somebody was quicker.
  const make = async (): Promise<NewSigningKey | undefined> => {
    const isStill = (await asTenant(deps.db, tenant, async (trx) => await activeKid(trx, tenant, algorithm))) === before
    return isStill ? await newSigningKey(deps.vault, tenant, newKid(algorithm, now), algorithm) : undefined
  }
  const key = algorithm === 'RS256' ? await inTurn(make) : await make()
  const rotated = await asTenant(deps.db, tenant, async (trx) => {
    await lockKeys(trx, tenant)
    const current = await activeKid(trx, tenant, algorithm)
    if (current !== before || !key) return { algorithm, kid: current, retired: before, created: false }
    await retireActive(trx, tenant, algorithm, now)
    const retired = { kid: before, algorithm, ...factsOf(by) }
    await addHistoryLine(trx, tenant, newHistoryLine(deps.newId(), 'key.retired', now, retired))
    await addActiveKey(trx, tenant, key, { lineId: deps.newId(), now, by })
    await recordWhere(trx, tenant, now, by)
    return { algorithm, kid: key.kid, retired: before, created: true }
  })
  forgetKeys(deps.db, tenant)
  return rotated
}

/** Which kinds of key a tenant has in use. */
export async function activeAlgorithms(db: Db, tenant: string): Promise<readonly KeyAlgorithm[]> {
  const rows = await asTenant(
    db,
    tenant,
    async (trx) =>
      await trx
        .selectFrom('signing_key')
        .select('algorithm')
        .where('tenant_id', '=', tenant)
        .where('state', '=', 'active')
        .orderBy('algorithm', 'desc')
        .execute(),
  )
  return rows.map((row) => row.algorithm)
}

/**
 * One act on a tenant's keys at a time. Those who read keys or refer to the organisation do not wait; the award's statement learns of the act
 * from the head of the history, which comes last (DESIGN, The award path 4).
 */
export async function lockKeys(trx: Trx, tenant: string): Promise<void> {
  const row = await trx
    .selectFrom('organisation')
    .select('tenant_id')
    .where('tenant_id', '=', tenant)
    .forNoKeyUpdate()
    .executeTakeFirst()
  if (!row) throw new Refusal('not-found', `There is no organisation ${tenant}`)
}

async function activeKid(trx: Trx, tenant: string, algorithm: KeyAlgorithm): Promise<string> {
  const row = await trx
    .selectFrom('signing_key')
    .select('kid')
    .where('tenant_id', '=', tenant)
    .where('algorithm', '=', algorithm)
    .where('state', '=', 'active')
    .executeTakeFirst()
  if (!row) throw new Refusal('not-found', `${tenant} has no ${algorithm} key in use`)
  return row.kid
}

async function retireActive(trx: Trx, tenant: string, algorithm: KeyAlgorithm, now: Date): Promise<void> {
  await trx
    .updateTable('signing_key')
    .set({ state: 'retired', retired_at: now })
    .where('tenant_id', '=', tenant)
    .where('algorithm', '=', algorithm)
    .where('state', '=', 'active')
    .execute()
}

/** Documents and keys speak in whole seconds (CONFORMANCE 3.4). */
export function wholeSeconds(instant: Date): Date {
  return new Date(Math.floor(instant.getTime() / 1000) * 1000)
}
