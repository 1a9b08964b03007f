import { sql } from 'kysely'
import type { Trx } from '../db/database.ts'

/**
 * Puts a job into the queue as part of the caller's transaction: it runs only if that commits, and is gone if it rolls back. `payload` holds
 * ids only, never words about a person, because the queue's tables are not a tenant's.
 */
export async function addJob(trx: Trx, name: string, payload: Readonly<Record<string, string>>): Promise<void> {
  await sql`select app.add_job(${name}, ${JSON.stringify(payload)}::jsonb)`.execute(trx)
}

/**
 * The same for work that is asked for more often than it need be done: while a job with this key waits, asking again changes nothing. It
 * starts `afterMs` after the first asking, so that what comes in between is done in one go.
 */
export async function addJobOnce(
  trx: Trx,
  name: string,
  payload: Readonly<Record<string, string>>,
  { key, afterMs }: { readonly key: string; readonly afterMs: number },
): Promise<void> {
  const delay = `${afterMs} milliseconds`
  await sql`select app.add_job_once(${name}, ${JSON.stringify(payload)}::jsonb, ${key}, ${delay}::interval)`.execute(
    trx,
  )
}
