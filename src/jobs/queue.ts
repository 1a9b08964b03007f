import { sql } from 'kysely'
import type { Trx } from '../db/database.ts'

/**
 * Puts a job into the queue as part of the caller's transaction: it runs only if that commits, and is gone if it rolls back. `payload` holds
 * ids only, never words about a person, because the queue's tables are not a tenant's.
 */
export async function addJob(trx: Trx, name: string, payload: Readonly<Record<string, string>>): Promise<void> {
  await sql`select app.add_job(${name}, ${JSON.stringify(payload)}::jsonb)`.execute(trx)
}
