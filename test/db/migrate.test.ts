import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { migrateToLatest, pendingMigrations } from '../../src/db/migrate.ts'
import { jobsRole, serviceRole, serviceUrl } from '../../src/db/roles.ts'
import { emptyDatabase, freshDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => await database.close())

describe('migrations', () => {
  test('two processes at once: each runs once, the other finds nothing to do', async () => {
    const empty = await emptyDatabase()
    const pending = await pendingMigrations(empty.serviceUrl)
    expect(pending.length).toBeGreaterThan(0)

    const [one, two] = await Promise.all([
      migrateToLatest(empty.ownerUrl, empty.jobsUrl),
      migrateToLatest(empty.ownerUrl, empty.jobsUrl),
    ])
    expect([one, two].map((done) => done.length).sort((a, b) => a - b)).toEqual([0, pending.length])
    expect([...one, ...two]).toEqual(pending)
    expect(await pendingMigrations(empty.serviceUrl)).toEqual([])
    expect(await migrateToLatest(empty.ownerUrl, empty.jobsUrl)).toEqual([])
    await empty.close()
  })
})

describe('roles', () => {
  test.each([serviceRole, jobsRole])('%s can log in and nothing more', async (role) => {
    const found = await sql`
      select rolcanlogin, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication,
        (select count(*) from pg_auth_members where member = r.oid) as memberships
      from pg_roles r where rolname = ${role}`.execute(database.ownerDb)
    expect(found.rows).toEqual([
      {
        rolcanlogin: true,
        rolsuper: false,
        rolbypassrls: false,
        rolcreaterole: false,
        rolcreatedb: false,
        rolreplication: false,
        memberships: 0,
      },
    ])
  })

  test('the service owns nothing', async () => {
    const owned = await sql<{ name: string }>`
      select relname as name from pg_class where relowner = ${serviceRole}::regrole
      union all select proname from pg_proc where proowner = ${serviceRole}::regrole
      union all select nspname from pg_namespace where nspowner = ${serviceRole}::regrole`.execute(database.ownerDb)
    expect(owned.rows).toEqual([])
  })

  test.each([
    'set role osaamispassi',
    `set role ${jobsRole}`,
    'set session authorization osaamispassi',
    `alter role ${serviceRole} bypassrls`,
    'alter table organisation disable row level security',
    'create table public.mine (id int)',
    'create function app.mine() returns int language sql as $$ select 1 $$',
    'create schema mine',
    `insert into app.migration (name, timestamp) values ('x', 'y')`,
    'select * from graphile_worker._private_jobs',
  ])('the service cannot: %s', async (statement) => {
    await expect(sql.raw(statement).execute(database.db)).rejects.toMatchObject({ code: '42501' })
  })

  test('the jobs runner keeps no right to make things after the migration', async () => {
    const jobs = new pg.Client({ connectionString: database.jobsUrl })
    await jobs.connect()
    for (const statement of [
      'create schema mine',
      'create function app.mine() returns int language sql as $$ select 1 $$',
      'select * from organisation',
    ])
      await expect(jobs.query(statement)).rejects.toMatchObject({ code: '42501' })
    await jobs.end()
  })

  test('a password with signs that mean something in an address still opens', async () => {
    const url = new URL(serviceUrl(database.ownerUrl, { service: 'a/b?c#d%e@f:g&h', jobs: '' }))
    expect(decodeURIComponent(url.password)).toBe('a/b?c#d%e@f:g&h')
    expect(url.username).toBe(serviceRole)
  })
})
