import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { startEmbedded } from '../../src/db/embedded/start.ts'
import { migrateToLatest } from '../../src/db/migrate.ts'
import { ensureRoles, jobsUrl } from '../../src/db/roles.ts'
import { drawSecrets, loadSecrets } from '../../src/secrets.ts'
import { onDatabase } from './database-url.ts'

/** What every test file is told about this run's server. */
export type TestServer = {
  /** The owner's connection string to the database `postgres` of the run's server. */
  readonly ownerUrl: string
  /** A migrated database without rows; files take copies of it. */
  readonly template: string
  /** Secrets of this run, as settings. */
  readonly secrets: Readonly<Record<string, string>>
}

declare module 'vitest' {
  interface ProvidedContext {
    readonly server: TestServer
  }
}

const template = 'migrated'

/** Once per run: a throw-away PostgreSQL, the roles, one migrated database. It ends with the run, also when that is killed. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const secrets = drawSecrets()
  const server = await startEmbedded({ temporary: true })
  try {
    const { databasePasswords } = loadSecrets(secrets, { secretsDir: 'none', mayCreate: false })
    await ensureRoles(server.ownerUrl, databasePasswords)
    await makeTemplate(server.ownerUrl, (url) => jobsUrl(url, databasePasswords))
    project.provide('server', { ownerUrl: server.ownerUrl, template, secrets })
    return server.stop
  } catch (error) {
    await server.stop()
    throw error
  }
}

async function makeTemplate(ownerUrl: string, asJobs: (url: string) => string): Promise<void> {
  const owner = new pg.Client({ connectionString: ownerUrl })
  await owner.connect()
  await owner.query(`create database ${template}`)
  await owner.end()
  const url = onDatabase(ownerUrl, template)
  await migrateToLatest(url, asJobs(url))
}
