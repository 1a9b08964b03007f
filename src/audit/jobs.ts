import { sql } from 'kysely'
import { asTenant } from '../db/connect.ts'
import type { Deps } from '../deps.ts'
import type { Tasks } from '../jobs/runner.ts'

/** Network addresses are kept for so long (S-50). */
const originDays = 14
const day = 86_400_000

/** `audit.tidy`, once a day: takes network addresses out of the audit when they have had their time. The lines stay. */
export function auditTasks(deps: Pick<Deps, 'db' | 'now'>): Tasks {
  return {
    'audit.tidy': async () => {
      const before = new Date(deps.now().getTime() - originDays * day)
      const tenants = await deps.db.selectFrom('organisation').select('tenant_id').orderBy('tenant_id').execute()
      for (const { tenant_id: tenant } of tenants)
        await asTenant(deps.db, tenant, async (trx) => await sql`select app.forget_origins(${before})`.execute(trx))
    },
  }
}
