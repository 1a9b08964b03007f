import { sql } from 'kysely'
import type { Db, Trx } from '../db/database.ts'
import type { Try } from './backoff.ts'

type Seen = { readonly failures: number; readonly oldest: Date | null; readonly newest: Date | null }

const minuteOf = (now: Date): Date => new Date(Math.floor(now.getTime() / 60_000) * 60_000)

/** Failures from one network in the last 60 minutes, and the minutes of the first and the last of them. */
export async function readFailures(db: Db, source: Buffer, now: Date): Promise<Seen> {
  const row = await db
    .selectFrom('sign_in_failure')
    .select(({ fn }) => [
      fn.sum<number | null>('failures').as('failures'),
      fn.min('minute').as('oldest'),
      fn.max('minute').as('newest'),
    ])
    .where('source', '=', source)
    .where('minute', '>', new Date(now.getTime() - 3_660_000))
    .executeTakeFirst()
  return { failures: row?.failures ?? 0, oldest: row?.oldest ?? null, newest: row?.newest ?? null }
}

export async function isWaiting(db: Db, subject: Buffer, now: Date): Promise<boolean> {
  const row = await db
    .selectFrom('sign_in_backoff')
    .select('subject')
    .where('subject', '=', subject)
    .where('wait_until', '>', now)
    .executeTakeFirst()
  return row !== undefined
}

/** One statement, whatever is there: the network's count goes up, and the subject's unless it waits already, so that nobody waits for ever. */
export async function noteFailure(db: Db, { subject, source }: Try, now: Date): Promise<void> {
  await sql`
    with place as (
      insert into sign_in_failure (source, minute, failures) values (${source}, ${minuteOf(now)}, 1)
      on conflict (source, minute) do update set failures = sign_in_failure.failures + 1
    )
    insert into sign_in_backoff as b (subject, failures, last_failed_at) values (${subject}, 1, ${now})
    on conflict (subject) do update set
      failures = case when b.wait_until > ${now} then b.failures else ${inARow(now)} + 1 end,
      last_failed_at = case when b.wait_until > ${now} then b.last_failed_at else ${now} end,
      wait_until = case when b.wait_until > ${now} then b.wait_until when ${inARow(now)} < 4 then null
        else ${now}::timestamptz + make_interval(secs => least(900, 60 * power(2, least(${inARow(now)}, 10) - 4))) end`.execute(
    db,
  )
}

/** Failures so far; those of more than 12 hours ago are forgotten. */
function inARow(now: Date): ReturnType<typeof sql> {
  return sql`case when b.last_failed_at > ${now}::timestamptz - interval '12 hours' then b.failures else 0 end`
}

/**
 * Forgets the failures after a success. False when the subject waits by now: of many tries at once only those count that came before the
 * fifth failure was written.
 */
export async function forgetFailures(trx: Trx, { subject }: Try, now: Date): Promise<boolean> {
  await trx
    .deleteFrom('sign_in_backoff')
    .where('subject', '=', subject)
    .where((eb) => eb.or([eb('wait_until', 'is', null), eb('wait_until', '<=', now)]))
    .execute()
  return !(await isWaiting(trx, subject, now))
}
