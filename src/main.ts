import { setTimeout as sleep } from 'node:timers/promises'
import { buildApp } from './app.ts'
import { exits, type Io } from './cli/command.ts'
import { BadSettings, type Config } from './config.ts'
import { checkSchema, schemaAddress } from './credentials/schemas.ts'
import { openDatabase, type OpenedDatabase } from './database-server.ts'
import { asTenant, connect } from './db/connect.ts'
import { pendingMigrations } from './db/migrate.ts'
import { createDeps, type Deps } from './deps.ts'
import type { App } from './http/app-type.ts'
import { type Runner, startRunner } from './jobs/runner.ts'
import { missingKeks } from './keys/missing-kek.ts'
import { createKeyOpener } from './keys/signing-keys.ts'
import { createVault } from './keys/vault.ts'
import { createLog } from './log.ts'
import { createTasks, schedule } from './tasks.ts'

/** Everything that runs, and how to stop it. */
export type Running = {
  readonly app: App
  readonly deps: Deps
  /** Where it listens. */
  readonly address: string
  /** Accepted requests are answered and jobs at work are finished first. */
  readonly stop: () => Promise<void>
}

/** A container is killed after ten seconds: we are gone before. */
const patience = 9000

/**
 * The service from its settings until SIGTERM or SIGINT; gives the exit code. Throws `BadSettings` or `CouldNotReach` when it cannot start.
 */
export async function serve(config: Config, io: Io): Promise<number> {
  const stopAsked = nextSignal()
  const opened = await openDatabase(config, io.env)
  const running = await startService(config, opened, io)
  io.err(`Osaamispassi listens on ${running.address} and is met at ${config.pagesOrigin}\n`)
  await stopAsked
  const stopped = await Promise.race([running.stop().then(() => true), sleep(patience, false, { ref: false })])
  if (!stopped) io.err('Some work did not end in time and was cut off.\n')
  // Whatever still holds the process, such as a connection that hangs, must not outlive the wish to stop.
  setTimeout(() => process.exit(), 500).unref()
  return stopped ? exits.done : exits.bug
}

/**
 * Starts the service on an opened database. `running.stop` also stops that database; when the start fails, it is stopped at once. Without
 * `jobs` the queue is left to another process.
 */
export async function startService(
  config: Config,
  opened: OpenedDatabase,
  io: Pick<Io, 'out'>,
  options: { readonly jobs: boolean } = { jobs: true },
): Promise<Running> {
  const log = createLog(config.logLevel, io.out)
  const db = connect(opened.serviceUrl, {
    max: config.poolSize,
    applicationName: 'osaamispassi',
    onError: (error) => log.warn({ error }, 'a database connection was lost'),
  })
  const { kekCurrent, kekPrevious } = opened.secrets
  const deps = createDeps({ config, secrets: opened.secrets, db, vault: createVault(kekCurrent, kekPrevious), log })
  const parts: { app?: App; runner?: Runner } = {}
  const stop = async (): Promise<void> => {
    await parts.app?.close()
    await parts.runner?.stop()
    await db.destroy()
    await opened.stop()
  }
  try {
    await refuseUnmigrated(opened.ownerUrl)
    const tenants = await readTenants(deps)
    await refuseMissingKeks(deps, tenants)
    await refuseOtherSecrets(deps, tenants[0])
    parts.app = await buildApp(deps)
    if (options.jobs) parts.runner = await startRunner(opened.jobsUrl, createTasks(deps), log, schedule)
    const address = await listen(parts.app, config)
    // Compiling the schema takes half a second: now, and not in the first award.
    checkSchema(schemaAddress.achievementCredential, {})
    return { app: parts.app, deps, address, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function refuseUnmigrated(ownerUrl: string): Promise<void> {
  const pending = await pendingMigrations(ownerUrl)
  if (pending.length > 0)
    throw new BadSettings([
      `DATABASE_URL: the database has not had ${pending.length} migrations of this version; run npm run migrate first.`,
    ])
}

async function readTenants({ db }: Deps): Promise<readonly string[]> {
  const rows = await db.selectFrom('organisation').select('tenant_id').orderBy('tenant_id').execute()
  return rows.map(({ tenant_id: tenant }) => tenant)
}

/**
 * A key-encryption key was taken out of the settings before everything was wrapped by the new one (S-21): said at once, and not when the first
 * person whose name it seals comes along.
 */
async function refuseMissingKeks(deps: Deps, tenants: readonly string[]): Promise<void> {
  const { kekCurrent, kekPrevious } = deps.secrets
  const known = [kekCurrent, ...kekPrevious].map(({ version }) => version)
  const missing = await missingKeks(deps.db, tenants, known)
  if (missing.length === 0) return
  const [names, them] = [missing.map((version) => `"${version}"`).join(' and '), missing.length === 1 ? 'it' : 'them']
  throw new BadSettings([
    `KEK_PREVIOUS: keys in this database are still wrapped by version ${names}, which neither KEK_CURRENT nor KEK_PREVIOUS gives; add ${them} to KEK_PREVIOUS (version:base64, from where the old secret is kept), start, and run npm run cli -- keys rewrap until it says that the old version is no longer needed.`,
  ])
}

/**
 * Keys that these secrets cannot open mean that the secrets are not those of this database, as after a lost folder or a restored backup: said
 * at once, before anything new is sealed under another key-encryption key.
 */
async function refuseOtherSecrets(deps: Deps, tenant: string | undefined): Promise<void> {
  if (tenant === undefined) return
  const key = await asTenant(
    deps.db,
    tenant,
    async (trx) =>
      await trx.selectFrom('signing_key').selectAll().where('tenant_id', '=', tenant).limit(1).executeTakeFirst(),
  )
  if (!key) return
  try {
    createKeyOpener(deps.vault)(key)
  } catch {
    throw new BadSettings([
      'KEK_CURRENT: does not open the keys in this database; give the one it was made with (in the secrets folder of the backup), or add it to KEK_PREVIOUS.',
    ])
  }
}

async function listen(app: App, config: Config): Promise<string> {
  try {
    return await app.listen({ port: config.port, host: config.host })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EADDRINUSE')
      throw new BadSettings([`PORT: ${config.port} is taken by another program; stop that or give another port.`])
    if (code === 'EACCES')
      throw new BadSettings([`PORT: ${config.port} may not be used by this user; give one above 1023.`])
    if (code === 'EADDRNOTAVAIL')
      throw new BadSettings([`HOST: ${config.host} is no address of this machine; give 127.0.0.1 or 0.0.0.0.`])
    throw error
  }
}

/** The first wish to stop. A second one ends the process at once. */
async function nextSignal(): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const)
      process.once(signal, () => {
        process.once(signal, () => process.exit(exits.bug))
        resolve()
      })
  })
}
