import { type RawBuilder, sql } from 'kysely'
import { asTenant } from '../db/connect.ts'
import type { Db } from '../db/database.ts'
import type { Deps } from '../deps.ts'
import { type Kept, kept } from './kept.ts'

const day = 86_400_000

/** So many rows in one statement, so that none comes near the statement's time. */
const atOnce = 5000

/** Removes what has had its time (`kept`), tenant by tenant as the service's role. Again at once: nothing more. */
export async function removeOld({ db }: Pick<Deps, 'db'>, now: Date): Promise<void> {
  const tenants = await db.selectFrom('organisation').select('tenant_id').orderBy('tenant_id').execute()
  for (const one of kept) {
    const before = new Date(now.getTime() - one.days * day)
    if (one.isGlobal) await repeated(async () => await removeSome(db, one, before))
    else
      for (const { tenant_id: tenant } of tenants)
        await repeated(
          async () => await asTenant(db, tenant, async (trx) => await removeSome(trx, one, before, tenant)),
        )
  }
}

async function repeated(remove: () => Promise<bigint>): Promise<void> {
  while ((await remove()) >= BigInt(atOnce));
}

async function removeSome(db: Db, one: Kept, before: Date, tenant?: string): Promise<bigint> {
  if (one.by) {
    await sql`select ${sql.raw(one.by)}(${before})`.execute(db)
    return 0n
  }
  // Every word of SQL here is ours: it stands in `kept`.
  const when: readonly RawBuilder<unknown>[] = [
    sql`(${sql.raw(one.from)}) < ${before}`,
    ...(tenant === undefined ? [] : [sql`r.tenant_id = ${tenant}`]),
    ...(one.only === undefined ? [] : [sql`(${sql.raw(one.only)})`]),
    ...(one.unless === undefined ? [] : [sql`not (${sql.raw(one.unless)})`]),
  ]
  const table = sql.table(one.table)
  const { numAffectedRows = 0n } = await sql`delete from ${table} where ctid = any(array(
    select r.ctid from ${table} r where ${sql.join(when, sql` and `)} limit ${atOnce}))`.execute(db)
  return numAffectedRows
}
