import { resolve } from 'node:path'
import pg from 'pg'
import { BadSettings, type Config } from './config.ts'
import { CouldNotReach } from './could-not-reach.ts'
import { isEmbeddedIn, startEmbedded } from './db/embedded/start.ts'
import { migrateToLatest } from './db/migrate.ts'
import { ensureRoles, jobsRole, jobsUrl, serviceRole, serviceUrl } from './db/roles.ts'
import { drawSecrets, loadSecrets, type Secrets } from './secrets.ts'

/** A database that can be used, and how each of the three roles reaches it. */
export type OpenedDatabase = {
  readonly ownerUrl: string
  readonly serviceUrl: string
  readonly jobsUrl: string
  readonly secrets: Secrets
  /** The migrations that ran just now: the embedded database moves itself forward, any other by `npm run migrate`. */
  readonly migrated: readonly string[]
  /** Stops the embedded server; does nothing to one of your own. */
  readonly stop: () => Promise<void>
}

export type OpenOptions = {
  /** A throw-away embedded database with secrets of its own, removed afterwards, whatever the settings say. For the demo. */
  readonly temporary?: boolean
  /** Move a database of your own forward too. For `migrate`. */
  readonly migrate?: boolean
  /** Use an embedded database that is there, and make none. For commands that look at what is there, or change it. */
  readonly existing?: boolean
}

/**
 * Opens the database of the settings: our own server, or the one in `DATABASE_URL`. From the connection string on the way is the same:
 * version, roles, and for our own server migrations.
 * Throws `BadSettings` (secrets, no database where one must be), `CannotStartDatabase` or `CouldNotReach`.
 */
export async function openDatabase(
  config: Config,
  env: NodeJS.ProcessEnv,
  options: OpenOptions = {},
): Promise<OpenedDatabase> {
  if (options.existing) refuseNothingThere(config)
  const place = { secretsDir: config.secretsDir, mayCreate: config.mayCreateSecrets }
  const secrets = loadSecrets(options.temporary ? drawSecrets() : env, place)
  const server = await startOrUse(config, options)
  try {
    await checkVersion(server.ownerUrl)
    await makeRoles(server.ownerUrl, secrets)
    const urls = {
      ownerUrl: server.ownerUrl,
      serviceUrl: serviceUrl(server.ownerUrl, secrets.databasePasswords),
      jobsUrl: jobsUrl(server.ownerUrl, secrets.databasePasswords),
    }
    const migrated = server.isOurs || options.migrate ? await migrateToLatest(urls.ownerUrl, urls.jobsUrl) : []
    return { ...urls, secrets, migrated, stop: server.stop }
  } catch (error) {
    await server.stop()
    throw error
  }
}

/** A command that answered from a database it has just made would call nothing whole, or stop nobody. */
function refuseNothingThere({ databaseUrl, dataDir }: Config): void {
  if (databaseUrl !== undefined || isEmbeddedIn(dataDir)) return
  throw new BadSettings([
    `DATA_DIR: there is no database in ${resolve(dataDir)}. Say where it is, or make one: npm start.`,
  ])
}

async function makeRoles(ownerUrl: string, secrets: Secrets): Promise<void> {
  try {
    await ensureRoles(ownerUrl, secrets.databasePasswords)
  } catch (error) {
    const insufficientPrivilege = '42501'
    if (!(error instanceof pg.DatabaseError) || error.code !== insufficientPrivilege) throw error
    throw new BadSettings([
      `DATABASE_URL: its role may not make or change the roles ${serviceRole} and ${jobsRole}; give it CREATEROLE, or have them made with the passwords DATABASE_SERVICE_PASSWORD and DATABASE_JOBS_PASSWORD.`,
    ])
  }
}

type Server = { readonly ownerUrl: string; readonly isOurs: boolean; readonly stop: () => Promise<void> }

async function startOrUse(config: Config, options: OpenOptions): Promise<Server> {
  if (config.databaseUrl !== undefined && !options.temporary)
    return { ownerUrl: config.databaseUrl, isOurs: false, stop: async () => await Promise.resolve() }
  const server = await startEmbedded(options.temporary ? { temporary: true } : { dataDir: config.dataDir })
  return { ...server, isOurs: true }
}

/** Everything we write runs on PostgreSQL 15. Throws one sentence for what is older or cannot be reached. */
async function checkVersion(ownerUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl, connectionTimeoutMillis: 10_000 })
  client.on('error', () => undefined)
  const { host, pathname } = new URL(ownerUrl)
  try {
    await client.connect()
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new CouldNotReach(
      `The database ${pathname.slice(1)} at ${host} does not answer (${why}): check DATABASE_URL and that it runs.`,
      { cause },
    )
  }
  try {
    const answer = await client.query<{ server_version_num: string; server_version: string }>(
      `select current_setting('server_version_num') as server_version_num, current_setting('server_version') as server_version`,
    )
    const version = answer.rows[0]
    if (Number(version?.server_version_num) < 150_000)
      throw new CouldNotReach(
        `The database at ${host} is PostgreSQL ${version?.server_version}: version 15 or newer is needed.`,
      )
  } finally {
    await client.end()
  }
}
