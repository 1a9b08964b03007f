import type { Trx } from '../db/database.ts'
import { dayInHelsinki } from '../i18n/index.ts'

/** The row of a name that holds from today. */
export async function insertName(
  trx: Trx,
  row: {
    readonly tenant: string
    readonly id: string
    readonly clientId: string
    readonly sealed: Buffer
    readonly madeBy: string | null
    readonly now: Date
  },
): Promise<void> {
  await trx
    .insertInto('client_name')
    .values({
      tenant_id: row.tenant,
      id: row.id,
      client_id: row.clientId,
      from_day: dayInHelsinki(row.now),
      name_sealed: row.sealed,
      made_by: row.madeBy,
      made_at: row.now,
    })
    .execute()
}
