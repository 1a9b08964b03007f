import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type EmbeddedServer, startEmbedded } from '../../src/db/embedded/start.ts'
import { ensureRoles, jobsRole, jobsUrl, serviceRole, serviceUrl } from '../../src/db/roles.ts'

// Roles belong to a whole server: this file changes them, so it has one of its own.
let server: EmbeddedServer
const passwords = { service: 'one of two', jobs: 'two/of?two' }
beforeAll(async () => {
  server = await startEmbedded({ temporary: true })
})
afterAll(async () => await server.stop())

async function ask(url: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows
  } finally {
    await client.end()
  }
}

test('are made once by many at once, and open with their passwords', async () => {
  await Promise.all(Array.from({ length: 8 }, async () => await ensureRoles(server.ownerUrl, passwords)))
  for (const [role, url] of [
    [serviceRole, serviceUrl(server.ownerUrl, passwords)],
    [jobsRole, jobsUrl(server.ownerUrl, passwords)],
  ] as const)
    expect(await ask(url, 'select current_user as name')).toEqual([{ name: role }])
})

test('a password that changed is set, also by many at once', async () => {
  const changed = { ...passwords, jobs: 'three' }
  await Promise.all(Array.from({ length: 8 }, async () => await ensureRoles(server.ownerUrl, changed)))
  await expect(ask(jobsUrl(server.ownerUrl, passwords), 'select 1')).rejects.toThrow('password authentication failed')
  expect(await ask(jobsUrl(server.ownerUrl, changed), 'select 1 as one')).toEqual([{ one: 1 }])
})

test('a right that somebody gave is taken away', async () => {
  await ask(server.ownerUrl, `alter role ${serviceRole} bypassrls createdb`)
  await ensureRoles(server.ownerUrl, passwords)
  expect(
    await ask(server.ownerUrl, `select rolbypassrls, rolcreatedb from pg_roles where rolname = '${serviceRole}'`),
  ).toEqual([{ rolbypassrls: false, rolcreatedb: false }])
})

test('a membership in another role is refused', async () => {
  await ask(server.ownerUrl, `grant pg_read_all_data to ${serviceRole}`)
  await expect(ensureRoles(server.ownerUrl, passwords)).rejects.toThrow(
    `${serviceRole} is a member of pg_read_all_data`,
  )
  await ask(server.ownerUrl, `revoke pg_read_all_data from ${serviceRole}`)
})

test('an owner who is no superuser makes them too, or goes on with what is there', async () => {
  await ask(server.ownerUrl, `create role modest login password 'modest'`)
  await ensureRoles(server.ownerUrl, passwords)
  const url = new URL(server.ownerUrl)
  url.username = 'modest'
  url.password = 'modest'
  await ensureRoles(url.href, passwords)
  await expect(ensureRoles(url.href, { ...passwords, service: 'changed' })).rejects.toMatchObject({ code: '42501' })
})
