import { randomInt } from 'node:crypto'
import { sql } from 'kysely'
import { statusListLength } from '../credentials/status-list.ts'
import { asTenant } from '../db/connect.ts'
import type { Db, Trx } from '../db/database.ts'

/** How many places a process takes at once. */
const blockSize = 1000

export type StatusPlace = { readonly list: number; readonly index: number }

/**
 * Gives out places in a tenant's status list. A process leases a block of random free places at a time, so that an award costs no statement
 * for it and neighbouring numbers tell nothing (CONFORMANCE 7.5; PERFORMANCE, Designs). A place that a stopped process leased is lost, never reused.
 */
export function createStatusLeases(db: Db): (tenant: string, now: Date) => Promise<StatusPlace> {
  const leased = new Map<string, StatusPlace[]>()
  const leasing = new Map<string, Promise<void>>()

  async function lease(tenant: string, now: Date): Promise<void> {
    for (;;) {
      const places = await asTenant(db, tenant, async (trx) => await takePlaces(trx, tenant, now))
      if (places) return void leased.set(tenant, [...(leased.get(tenant) ?? []), ...places])
    }
  }

  return async (tenant, now) => {
    for (;;) {
      const place = leased.get(tenant)?.pop()
      if (place) return place
      const running = leasing.get(tenant) ?? lease(tenant, now).finally(() => leasing.delete(tenant))
      leasing.set(tenant, running)
      await running
    }
  }
}

/** A block of the tenant's latest list, or of a new one; undefined when another process began that list at the same moment. */
async function takePlaces(trx: Trx, tenant: string, now: Date): Promise<readonly StatusPlace[] | undefined> {
  const row = await trx
    .selectFrom('status_list')
    .select(['list', 'taken', 'leased'])
    .where('tenant_id', '=', tenant)
    .orderBy('list', 'desc')
    .limit(1)
    .forUpdate()
    .executeTakeFirst()
  const current = row && row.leased < statusListLength * 0.75 ? row : undefined
  const list = current?.list ?? (row?.list ?? 0) + 1
  const { taken, indexes } = takeBlock(current?.taken ?? '0'.repeat(statusListLength))
  const { numAffectedRows } = await (current
    ? sql`update status_list set taken = ${taken}::bit varying, leased = leased + ${indexes.length}
          where tenant_id = ${tenant} and list = ${list}`
    : sql`insert into status_list (tenant_id, list, taken, leased, changed_at)
          values (${tenant}, ${list}, ${taken}::bit varying, ${indexes.length}, ${now}) on conflict do nothing`
  ).execute(trx)
  return numAffectedRows === 1n ? indexes.map((index) => ({ list, index })) : undefined
}

function takeBlock(taken: string): { readonly taken: string; readonly indexes: readonly number[] } {
  const bits = Array.from(taken)
  const free = bits.flatMap((bit, index) => (bit === '0' ? [index] : []))
  const indexes: number[] = []
  while (indexes.length < blockSize && free.length > 0) {
    const at = randomInt(free.length)
    const last = free.pop()
    const index = at === free.length ? last : free[at]
    if (index === undefined || last === undefined) break
    if (at < free.length) free[at] = last
    bits[index] = '1'
    indexes.push(index)
  }
  return { taken: bits.join(''), indexes }
}
