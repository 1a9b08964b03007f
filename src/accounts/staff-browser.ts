import { asTenant } from '../db/connect.ts'
import type { Db } from '../db/database.ts'
import { Refusal } from '../refusal.ts'

/** A client's session of one foundation, and the keyed digest of the browser that asks now, where there is one. */
type Asking = { readonly tenant: string; readonly sessionId: string; readonly browser?: Buffer | undefined }

/**
 * Refuses `conflict` with `staff-browser` where a member of the staff of one of these foundations has signed in with the browser that asks, or
 * with the one in which the client's session was opened: what binds a client in two foundations is done where only the client sits (S-15).
 */
export async function refuseStaffBrowser(db: Db, asking: Asking, tenants: readonly string[]): Promise<void> {
  const opened = await asTenant(
    db,
    asking.tenant,
    async (trx) =>
      await trx
        .selectFrom('session')
        .select('browser')
        .where('tenant_id', '=', asking.tenant)
        .where('id', '=', asking.sessionId)
        .executeTakeFirst(),
  )
  const browsers = [opened?.browser, asking.browser].filter((one) => one !== undefined)
  if (browsers.length === 0) return
  for (const tenant of new Set([asking.tenant, ...tenants])) {
    const found = await asTenant(
      db,
      tenant,
      async (trx) =>
        await trx
          .selectFrom('session')
          .select('id')
          .where('tenant_id', '=', tenant)
          .where('browser', 'in', browsers)
          .where('account_id', 'is not', null)
          .limit(1)
          .executeTakeFirst(),
    )
    if (found)
      throw new Refusal('conflict', 'Staff sign in with this browser: use another one', { code: 'staff-browser' })
  }
}
