import { Logger, runMigrations } from 'graphile-worker'
import pg from 'pg'
import { jobsRole, serviceRole } from './roles.ts'

const silent = new Logger(() => () => undefined)

/**
 * Installs the queue's own schema as the jobs role, and the one door to it for the service. `app.add_job(name, payload)` is the ordinary way;
 * `app.add_job_once(name, payload, key, delay)` is for work that is done once however often it is asked for; `app.add_first_job(name, payload, key)`
 * costs less and is for work on a thing that begins in the same transaction, since a job with that key would be kept instead of the new one.
 * All run with the jobs role's rights, because the queue's tables answer nobody else (their row-level security has no policies). Lets the
 * service read which migrations ran. May run any number of times; the caller holds the migrations' lock.
 */
export async function installQueue(ownerUrl: string, jobsUrl: string): Promise<void> {
  const owner = new pg.Client({ connectionString: ownerUrl })
  await owner.connect()
  try {
    const database = pg.escapeIdentifier(await currentDatabase(owner))
    // Only for this moment: the jobs role makes its schema and its function itself, so that it owns them.
    await owner.query(
      `grant create on database ${database} to ${jobsRole}; grant usage, create on schema app to ${jobsRole}`,
    )
    try {
      await runMigrations({ connectionString: jobsUrl, logger: silent })
      await makeDoor(jobsUrl)
    } finally {
      await owner.query(
        `revoke create on database ${database} from ${jobsRole}; revoke create on schema app from ${jobsRole}`,
      )
    }
    await owner.query(
      `grant usage on schema app to ${serviceRole}; grant select on app.migration to ${serviceRole}, ${jobsRole}`,
    )
  } finally {
    await owner.end()
  }
}

async function currentDatabase(client: pg.Client): Promise<string> {
  const answer = await client.query<{ name: string }>('select current_database() as name')
  const name = answer.rows[0]?.name
  if (name === undefined) throw new Error('the database did not tell its name')
  return name
}

async function makeDoor(jobsUrl: string): Promise<void> {
  const jobs = new pg.Client({ connectionString: jobsUrl })
  await jobs.connect()
  try {
    await jobs.query(`
      create or replace function app.add_job(name text, payload jsonb) returns void
        language sql security definer set search_path = pg_catalog, pg_temp
        as $$ select graphile_worker.add_job(name, payload::json) $$;
      revoke all on function app.add_job(text, jsonb) from public;
      grant execute on function app.add_job(text, jsonb) to ${serviceRole};
      create or replace function app.add_first_job(name text, payload jsonb, key text) returns void
        language sql security definer set search_path = pg_catalog, pg_temp
        as $$ select graphile_worker.add_job(name, payload::json, job_key => key, job_key_mode => 'unsafe_dedupe') $$;
      revoke all on function app.add_first_job(text, jsonb, text) from public;
      grant execute on function app.add_first_job(text, jsonb, text) to ${serviceRole};
      create or replace function app.add_job_once(name text, payload jsonb, key text, delay interval) returns void
        language sql security definer set search_path = pg_catalog, pg_temp
        as $$ select graphile_worker.add_job(name, payload::json, run_at => now() + delay, job_key => key,
          job_key_mode => 'preserve_run_at') $$;
      revoke all on function app.add_job_once(text, jsonb, text, interval) from public;
      grant execute on function app.add_job_once(text, jsonb, text, interval) to ${serviceRole};
    `)
  } finally {
    await jobs.end()
  }
}
