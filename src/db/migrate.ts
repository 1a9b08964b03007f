import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { Kysely, PostgresDialect } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import pg from 'pg'
import { installQueue } from './queue-schema.ts'

const folder = new URL('../../migrations/', import.meta.url)
/** Beside our functions, not among the tables of the domain. */
const bookkeeping = {
  migrationTableSchema: 'app',
  migrationTableName: 'migration',
  migrationLockTableName: 'migration_lock',
}
/** Any number, only the same in every version: one process at a time moves the database forward. */
const lockNumber = 7_413_052

/**
 * Moves the database forward to this version: our migrations (`up` only), then the queue's schema as the jobs role. Gives the names of the
 * migrations that ran now. Two at once: the second waits and finds nothing to do. The roles exist already (`ensureRoles`).
 */
export async function migrateToLatest(ownerUrl: string, jobsUrl: string): Promise<readonly string[]> {
  const turn = new pg.Client({ connectionString: ownerUrl })
  await turn.connect()
  try {
    // Held by a transaction, not by a session: so it also works through a pooler.
    await turn.query('begin')
    await turn.query('select pg_advisory_xact_lock($1)', [lockNumber])
    const done = await runMigrations(ownerUrl)
    await installQueue(ownerUrl, jobsUrl)
    await turn.query('commit')
    return done
  } finally {
    await turn.end()
  }
}

async function runMigrations(ownerUrl: string): Promise<readonly string[]> {
  // A migration that cannot have its lock within two seconds gives way to the awards waiting behind it.
  const pool = new pg.Pool({ connectionString: ownerUrl, max: 2, options: '-c lock_timeout=2s' })
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
  try {
    const migrator = new Migrator({ db, provider: { getMigrations }, ...bookkeeping })
    const { error, results } = await migrator.migrateToLatest()
    const failed = results?.find((result) => result.status === 'Error')
    if (error !== undefined)
      throw new Error(
        failed ? `migration ${failed.migrationName} failed; nothing of it was kept` : 'migrations could not run',
        {
          cause: error,
        },
      )
    return (results ?? []).map((result) => result.migrationName)
  } finally {
    await db.destroy()
  }
}

/** The migrations that this version has and the database has not. Any role that may connect can ask. */
export async function pendingMigrations(url: string): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const known = await client.query<{ table: string | null }>(`select to_regclass('app.migration')::text as table`)
    const done = known.rows[0]?.table
      ? new Set((await client.query<{ name: string }>('select name from app.migration')).rows.map((row) => row.name))
      : new Set<string>()
    return (await migrationNames()).filter((name) => !done.has(name))
  } finally {
    await client.end()
  }
}

async function migrationNames(): Promise<string[]> {
  const files = await readdir(folder)
  return files
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -'.ts'.length))
    .sort()
}

async function getMigrations(): Promise<Record<string, Migration>> {
  const found: Record<string, Migration> = {}
  for (const name of await migrationNames()) {
    const file: unknown = await import(fileURLToPath(new URL(`${name}.ts`, folder)))
    if (!isMigration(file)) throw new Error(`migrations/${name}.ts exports no function up`)
    found[name] = file
  }
  return found
}

function isMigration(file: unknown): file is Migration {
  return typeof file === 'object' && file !== null && 'up' in file && typeof file.up === 'function'
}
