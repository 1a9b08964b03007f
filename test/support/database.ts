import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { connect, type ConnectOptions } from '../../src/db/connect.ts'
import type { Db } from '../../src/db/database.ts'
import { jobsUrl, serviceUrl } from '../../src/db/roles.ts'
import { loadSecrets, type Secrets } from '../../src/secrets.ts'
import { onDatabase } from './database-url.ts'

/** A database of one test file's own. */
export type TestDatabase = {
  /** As the service's role: row-level security holds in every test. */
  readonly db: Db
  /** As the owner, who may bypass it: for setting up and for looking behind the service. */
  readonly ownerDb: Db
  readonly ownerUrl: string
  readonly serviceUrl: string
  readonly jobsUrl: string
  readonly secrets: Secrets
  readonly close: () => Promise<void>
}

const onError = (): void => undefined

/** A copy of the migrated database (about 50 ms). Call it once per file and close it in `afterAll`; take new tenants for each test. */
export async function freshDatabase(options: Partial<ConnectOptions> = {}): Promise<TestDatabase> {
  const server = inject('server')
  const name = `test_${randomBytes(6).toString('hex')}`
  await asOwner(server.ownerUrl, `create database ${name} template ${server.template}`)

  const secrets = loadSecrets(server.secrets, { secretsDir: 'none', mayCreate: false })
  const ownerUrl = onDatabase(server.ownerUrl, name)
  const urls = {
    ownerUrl,
    serviceUrl: serviceUrl(ownerUrl, secrets.databasePasswords),
    jobsUrl: jobsUrl(ownerUrl, secrets.databasePasswords),
  }
  const db = connect(urls.serviceUrl, { max: 8, onError, applicationName: 'test', ...options })
  const ownerDb = connect(urls.ownerUrl, { max: 2, onError, applicationName: 'test-owner' })
  return {
    db,
    ownerDb,
    ...urls,
    secrets,
    close: async () => {
      await Promise.all([db.destroy(), ownerDb.destroy()])
      await asOwner(server.ownerUrl, `drop database ${name} with (force)`)
    },
  }
}

/** An empty database without migrations on this run's server; the owner's connection string and a way to remove it. */
export async function emptyDatabase(): Promise<
  Pick<TestDatabase, 'ownerUrl' | 'serviceUrl' | 'jobsUrl' | 'secrets' | 'close'>
> {
  const server = inject('server')
  const name = `empty_${randomBytes(6).toString('hex')}`
  await asOwner(server.ownerUrl, `create database ${name}`)
  const secrets = loadSecrets(server.secrets, { secretsDir: 'none', mayCreate: false })
  const ownerUrl = onDatabase(server.ownerUrl, name)
  return {
    ownerUrl,
    serviceUrl: serviceUrl(ownerUrl, secrets.databasePasswords),
    jobsUrl: jobsUrl(ownerUrl, secrets.databasePasswords),
    secrets,
    close: async () => await asOwner(server.ownerUrl, `drop database ${name} with (force)`),
  }
}

async function asOwner(ownerUrl: string, statement: string): Promise<void> {
  const owner = new pg.Client({ connectionString: ownerUrl })
  await owner.connect()
  try {
    await owner.query(statement)
  } finally {
    await owner.end()
  }
}
