import { sql } from 'kysely'
import { asTenant } from '../../db/connect.ts'
import type { Db } from '../../db/database.ts'
import { checkBytes } from './bytes.ts'
import { checkChain } from './chain.ts'
import { type Fault, Findings } from './fault.ts'
import { knownKeys } from './key-lines.ts'
import { checkSignedHeads, readSignedHeads } from './signed-heads.ts'

export type { Fault } from './fault.ts'

export type AwardsChecked = {
  readonly tenants: number
  readonly entries: number
  readonly awards: number
  /** How many signed heads the chain was compared with. */
  readonly heads: number
  /** At most a hundred of each tenant. */
  readonly faults: readonly Fault[]
  readonly faultCount: number
}

export type CheckOptions = {
  /** Signed heads that were kept elsewhere: the only witness against somebody who can write everything here. */
  readonly heads?: readonly string[]
  readonly onProgress?: (done: number, total: number) => void
}

/**
 * Re-verifies the history and every badge of these tenants (S-31, `npm run check:awards`): the chain from its first entry, the heads that were
 * signed, the keys, and each badge's bytes and signatures. Reads in pages, changes nothing, and gives every fault with its place.
 */
export async function checkAwards(
  db: Db,
  tenants: readonly string[],
  { heads: elsewhere = [], onProgress = (): void => undefined }: CheckOptions = {},
): Promise<AwardsChecked> {
  const total = await countAll(db, tenants)
  let done = 0
  const onMore = (count: number): void => onProgress(Math.min((done += count), total), total)
  const sum = { entries: 0, awards: 0, heads: 0, faultCount: 0 }
  const faults: Fault[] = []
  for (const tenant of tenants) {
    const findings = new Findings(tenant)
    const heads = await readSignedHeads(db, findings, elsewhere)
    const chain = await checkChain(db, findings, new Set(heads.map(({ seq }) => seq)), onMore)
    const keys = await knownKeys(db, findings, chain.keys)
    checkSignedHeads(findings, heads, chain, keys)
    sum.awards += await checkBytes(db, findings, keys, onMore)
    sum.entries += chain.lines
    sum.heads += heads.length
    sum.faultCount += findings.count
    faults.push(...findings.faults)
  }
  onProgress(total, total)
  return { tenants: tenants.length, ...sum, faults }
}

async function countAll(db: Db, tenants: readonly string[]): Promise<number> {
  let total = 0
  for (const tenant of tenants) {
    const result = await asTenant(
      db,
      tenant,
      async (trx) =>
        await sql<{ count: number }>`select (select seq from history_head where tenant_id = ${tenant})
          + (select count(*) from award where tenant_id = ${tenant}) as count`.execute(trx),
    )
    total += result.rows[0]?.count ?? 0
  }
  return total
}
