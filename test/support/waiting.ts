import { sql } from 'kysely'
import type { TestService } from './app.ts'

/** How many of the database's connections wait for a lock at this moment. */
export async function waiting({ database }: TestService): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::integer as count from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`.execute(database.ownerDb)
  return rows[0]?.count ?? 0
}
