import { sql } from 'kysely'
import type { Db } from './database.ts'

/** Rate limits (S-60): a bucket is a keyed digest of a network or an account with the name of the limit. */
export type RateLimitTable = { bucket: Buffer; starts_at: Date; taken: number }

export type WantedAllowance = {
  readonly bucket: Buffer
  /** When the window began; each of `seconds`. */
  readonly startsAt: Date
  readonly seconds: number
  readonly limit: number
  readonly block: number
}

/**
 * Takes a block of the window's allowance for this process and tells how much it got: less than a block at the end, 0 when all processes
 * together have taken the limit. One statement, so that two processes never get the same part. A process whose clock is behind takes from
 * the window that another began; a window that lies further ahead was begun by a clock that has been set back since, and is begun again.
 */
export async function takeAllowance(db: Db, wanted: WantedAllowance): Promise<number> {
  const { bucket, startsAt, seconds, limit, block } = wanted
  const result = await sql<{ taken: number }>`
    insert into rate_limit as r (bucket, starts_at, taken) values (${bucket}, ${startsAt}, ${block})
    on conflict (bucket) do update set
      starts_at = case when ${isOther(startsAt, seconds)} then excluded.starts_at else r.starts_at end,
      taken = case when ${isOther(startsAt, seconds)} then ${block} else r.taken + ${block} end
    where r.taken < ${limit} or ${isOther(startsAt, seconds)}
    returning r.taken`.execute(db)
  const taken = result.rows[0]?.taken
  return taken === undefined ? 0 : Math.min(block, limit - (taken - block))
}

function isOther(startsAt: Date, seconds: number): ReturnType<typeof sql<boolean>> {
  return sql<boolean>`(r.starts_at < ${startsAt}::timestamptz
    or r.starts_at > ${startsAt}::timestamptz + ${seconds} * interval '1 second')`
}
