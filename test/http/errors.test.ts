import { channel } from 'node:diagnostics_channel'
import { sql } from 'kysely'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildApp } from '../../src/app.ts'
import { asTenant } from '../../src/db/connect.ts'
import type { Db } from '../../src/db/database.ts'
import { createDeps } from '../../src/deps.ts'
import type { App } from '../../src/http/app-type.ts'
import { isDatabaseBusy } from '../../src/http/problem.ts'
import { createLog } from '../../src/log.ts'
import { startService, type TestService } from '../support/app.ts'
import { waiting } from '../support/waiting.ts'
import { problemFault } from './problem.ts'

// S-54: what goes wrong is told briefly and without insides, and fails closed.

let service: TestService
let app: App
const lines: string[] = []

beforeAll(async () => {
  service = await startService()
  const { ownerDb } = service.database
  await sql`create table contended as select 1 as n`.execute(ownerDb)
  await sql`grant select, update on contended to osaamispassi_service`.execute(ownerDb)
  const log = createLog('debug', (line) => void lines.push(line))
  app = await withFaults(
    async () => await buildApp(createDeps({ ...service.deps, log }, { now: () => service.deps.now() })),
  )
})
afterAll(async () => {
  await app.close()
  await service.close()
})

/** The service with routes whose database is slow or away, and one with a bug. */
async function withFaults(build: () => Promise<App>): Promise<App> {
  const { db } = service.deps
  const slow = async (): Promise<void> => {
    await db.transaction().execute(async (trx) => {
      await sql`set local statement_timeout = 20`.execute(trx)
      await sql`select pg_sleep(5)`.execute(trx)
    })
  }
  const locked = async (): Promise<void> => {
    await db.transaction().execute(async (trx) => {
      await sql`select pg_advisory_xact_lock(1)`.execute(trx)
      await db.transaction().execute(async (other) => {
        await sql`set local lock_timeout = 20`.execute(other)
        await sql`select pg_advisory_xact_lock(1)`.execute(other)
      })
    })
  }
  const ended = async (): Promise<void> => {
    await sql`select pg_terminate_backend(pg_backend_pid())`.execute(db)
  }
  // Two in each other's way, at every try. Which of them the database stops is its choice: they meet until it is this one.
  const lock = async (on: Db, key: number): Promise<unknown> =>
    await sql`select pg_advisory_xact_lock(${key})`.execute(on).then(
      () => undefined,
      (error: unknown) => error,
    )
  const meet = async (trx: Db): Promise<unknown> => {
    await sql`savepoint before`.execute(trx)
    await lock(trx, 1)
    return await db.connection().execute(async (other) => {
      await sql`begin`.execute(other)
      await lock(other, 2)
      const mine = lock(trx, 2)
      // Mostly it is who waited first.
      await expect.poll(async () => await waiting(service)).toBe(1)
      const theirs = lock(other, 1)
      const stopped = await Promise.race([mine, theirs.then(() => undefined)])
      // Whoever was stopped lets go first, and the other one goes on.
      if (stopped !== undefined) await sql`rollback to before`.execute(trx)
      await theirs
      await sql`rollback`.execute(other)
      await mine
      if (stopped === undefined) await sql`rollback to before`.execute(trx)
      return stopped
    })
  }
  const deadlocked = async (): Promise<void> => {
    await asTenant(db, 'aaaa', async (trx) => {
      for (;;) {
        const stopped = await meet(trx)
        if (stopped instanceof Error) throw stopped
      }
    })
  }
  // Somebody else changes what this one has read, at every try.
  const overtaken = async (): Promise<void> => {
    await asTenant(db, 'aaaa', async (trx) => {
      await sql`set transaction isolation level repeatable read`.execute(trx)
      await sql`select n from contended`.execute(trx)
      await sql`update contended set n = n + 1`.execute(db)
      await sql`update contended set n = n + 1`.execute(trx)
    })
  }
  const add = (message: unknown): void => {
    // The parsing door for what Fastify publishes about itself when it is made.
    const { fastify } = message as { fastify: FastifyInstance }
    void fastify.register(async (scope) => {
      for (const [name, fault] of Object.entries({ slow, locked, ended, deadlocked, overtaken })) {
        scope.get(`/api/v1/${name}`, { config: { permit: 'public' } }, fault)
        scope.get(`/${name}`, { config: { permit: 'anyone' } }, fault)
      }
      scope.get('/api/v1/bug', { config: { permit: 'public' } }, async () => {
        throw new TypeError('insides at /home/somebody/app.ts:1:1, version 5.12.8')
      })
    })
  }
  const built = channel('fastify.initialization')
  built.subscribe(add)
  try {
    return await build()
  } finally {
    built.unsubscribe(add)
  }
}

describe('S-54: errors', () => {
  test.each(['slow', 'locked', 'ended', 'deadlocked', 'overtaken'])(
    'a database that is %s is 503 with Retry-After, not a fault of ours',
    async (name) => {
      lines.length = 0
      const api = await app.inject({ url: `/api/v1/${name}` })
      expect(api.statusCode, api.body).toBe(503)
      expect(api.headers['retry-after']).toBe('5')
      expect(api.headers['content-type']).toContain('application/problem+json')
      expect(api.json()).toMatchObject({ code: 'busy', status: 503 })
      const page = await app.inject({ url: `/${name}`, headers: { accept: 'text/html' } })
      expect(page.statusCode).toBe(503)
      expect(page.headers['retry-after']).toBe('5')
      expect(page.body).toContain('<h1>')
      for (const { body } of [api, page])
        expect(body).not.toMatch(/statement|timeout|select|pg_|canceling|terminat|error at/i)
      expect(lines.join()).toContain('the database did not answer')
      expect(lines.join()).not.toContain('a bug')
    },
    // A deadlock is found after a second, and there are three tries.
    60_000,
  )

  test('a bug is told with the request’s id and nothing of its insides, and logged with its place', async () => {
    lines.length = 0
    const answer = await app.inject({ url: '/api/v1/bug' })
    expect(answer.statusCode).toBe(500)
    const { instance, ...problem } = answer.json<{ instance: string; detail: string }>()
    expect(instance).toBe(`/requests/${String(answer.headers['request-id'])}`)
    expect(JSON.stringify(problem)).not.toMatch(/insides|\/home|app\.ts|5\.12|TypeError|at /)
    expect(lines.join()).toContain('a bug')
    expect(lines.join()).toContain('errors.test.ts')
    expect(lines.join()).not.toContain('insides')
  })

  test('what nobody may ask fails closed, with an id and no insides', async () => {
    for (const url of ['/api/v1/nowhere', '/api/v1/clients', '/api/v1/api-keys', '/api/v1/clients/../../etc/passwd']) {
      const answer = await app.inject({ url })
      expect([401, 404], url).toContain(answer.statusCode)
      expect(problemFault(answer), url).toBeUndefined()
    }
    const asked = await app.inject({ url: '/api/v1/clients' })
    expect(asked.headers['www-authenticate']).toBe('Bearer realm="osaamispassi"')
  })

  test('only what the database says of itself counts as busy', () => {
    const coded = (code: string): Error => Object.assign(new Error('x'), { code })
    for (const code of ['57014', '55P03', '53300', '57P01', '57P03', '08006', 'ECONNREFUSED', '40001', '40P01'])
      expect(isDatabaseBusy(coded(code)), code).toBe(true)
    expect(isDatabaseBusy(new Error('timeout exceeded when trying to connect'))).toBe(true)
    expect(isDatabaseBusy(new Error('Connection terminated unexpectedly'))).toBe(true)
    for (const code of ['23505', '42501', '42P01', '22P02', 'OP001', 'ENOENT'])
      expect(isDatabaseBusy(coded(code)), code).toBe(false)
    expect(isDatabaseBusy('57014')).toBe(false)
  })
})
