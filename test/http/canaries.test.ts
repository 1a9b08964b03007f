import { channel } from 'node:diagnostics_channel'
import { sql } from 'kysely'
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildApp } from '../../src/app.ts'
import { asTenant } from '../../src/db/connect.ts'
import type { App } from '../../src/http/app-type.ts'
import { addJob } from '../../src/jobs/queue.ts'
import { runOnce } from '../../src/jobs/runner.ts'
import { createLog } from '../../src/log.ts'
import { createDeps } from '../../src/deps.ts'
import { faultIn } from '../support/log-watch.ts'
import { givenWorld, type World } from './given-world.ts'

// S-50: what people write, and what opens doors, stands in no line of the log and in no error. Every canary is a word that nothing else says.

let world: World
let app: App
const lines: string[] = []

/** A word of letters, so that it also passes as a name. */
const canary = 'kanarialintu'

let birds = 0

/** A canary that no other field has: so a line that sings tells which field it came from. */
function bird(): string {
  birds += 1
  return `${canary}${[birds / 676, birds / 26, birds].map((n) => String.fromCodePoint(97 + (Math.floor(n) % 26))).join('')}`
}

beforeAll(async () => {
  world = await givenWorld()
  const { deps } = world.service
  const log = createLog('debug', (line) => void lines.push(line))
  app = await withBugs(async () => await buildApp(createDeps({ ...deps, log }, { now: () => deps.now() })))
})
afterAll(async () => {
  await app.close()
  await world.service.close()
})

/** The service with two routes that fail as a bug would: with what somebody wrote in the error's own words. */
async function withBugs(build: () => Promise<App>): Promise<App> {
  const { db } = world.service.deps
  const add = (message: unknown): void => {
    // The parsing door for what Fastify publishes about itself when it is made.
    const { fastify } = message as { fastify: FastifyInstance }
    void fastify.register(async (scope) => {
      scope.get('/api/v1/bug', { config: { permit: 'public' } }, async () => {
        throw new TypeError(`cannot read ${canary}\n    at ${canary} (file.ts:1:1`, { cause: new Error(canary) })
      })
      scope.get('/api/v1/bug/of-database', { config: { permit: 'public' } }, async () => {
        await sql`select ${canary}::uuid`.execute(db)
      })
      scope.get('/bug', { config: { permit: 'anyone' } }, async () => {
        throw new Error(canary)
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

async function send(options: InjectOptions & { readonly token?: string }): Promise<LightMyRequestResponse> {
  const { token, headers, payload, ...rest } = options
  return await app.inject({
    ...rest,
    ...(payload === undefined ? {} : { payload: typeof payload === 'string' ? payload : JSON.stringify(payload) }),
    headers: {
      ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      'user-agent': bird(),
      referer: `https://${bird()}.example/`,
      cookie: `op_lang=${bird()}; op_session=${bird()}; op_browser=${bird()}`,
      ...headers,
    },
  })
}

/** Requests with a canary of its own in every field, most of them to be refused. */
function requests(): readonly (InjectOptions & { readonly token?: string })[] {
  const { things, tokens } = world
  const { coach, client, coordinator } = tokens
  const post = (
    url: string,
    token: string | undefined,
    payload: object,
    headers = {},
  ): InjectOptions & { token?: string } => ({
    method: 'POST',
    url,
    payload,
    headers: { 'idempotency-key': bird(), ...headers },
    ...(token === undefined ? {} : { token }),
  })
  const work = { clientId: things.client, taskId: things.task, supportLevel: 'minor', observedOn: '2026-11-22' }
  const application = `/api/v1/applications/${things.application}`
  const award = `/api/v1/awards/${things.award.id}`
  return [
    post('/api/v1/tokens', undefined, { name: `${bird()}@x.example`, password: bird() }),
    post('/api/v1/tokens', undefined, { name: bird(), password: 7, [`${bird()} x`]: bird() }),
    post('/api/v1/tokens/code', undefined, { code: bird() }),
    post('/api/v1/clients', coordinator, { givenName: bird(), familyName: bird() }),
    post('/api/v1/clients', coordinator, { givenName: `${bird()}\u202e7`, familyName: bird(), language: bird() }),
    post('/api/v1/clients', coordinator, { givenName: bird(), familyName: bird(), coachIds: [bird()] }),
    post('/api/v1/observations', coach, { ...work, note: bird() }),
    post('/api/v1/observations', coach, { ...work, note: `${bird()}2` }),
    post('/api/v1/observations', coach, { ...work, note: `131052-308T ${bird()}`, supportLevel: bird() }),
    post('/api/v1/observations', coach, { ...work, note: `131052-308T ${bird()}`, lateReason: `${bird()}\0` }),
    post('/api/v1/observations', coach, { ...work, clientId: bird(), observedOn: bird() }),
    post('/api/v1/observations/batch', coach, { observations: [{ ...work, note: bird(), [`${bird()} x`]: bird() }] }),
    post('/api/v1/self-assessments', client, { taskId: things.task, choice: 3, words: `131052-308T ${bird()}` }),
    post(`${application}/decision`, coordinator, { outcome: bird(), reason: bird() }),
    post(`${application}/decision`, coordinator, { outcome: 'return', reason: bird() }),
    post(`${application}/decision`, coordinator, { outcome: 'reject', reason: bird() }),
    { ...post(`${award}/recipient`, client, { email: `${bird()}@x.example` }), method: 'PUT' },
    { ...post(`${award}/recipient`, client, { email: bird() }), method: 'PUT' },
    post(`${award}/revocation`, coordinator, { reason: bird(), note: bird() }),
    post(`${award}/revocation`, coordinator, { reason: 'misuse', note: bird() }),
    post(`${award}/revocation`, coordinator, { reason: 'misuse', note: `${bird()} 2` }),
    post('/api/v1/verifications', undefined, { url: `http://${bird()}.example/${bird()}`, [`${bird()} x`]: 1 }),
    post('/api/v1/qualifications/imports', tokens.admin, { nimi: { fi: bird() }, [`${bird()} x`]: bird() }),
    { method: 'POST', url: '/api/v1/tokens', payload: `{"name": "${bird()}"` },
    { method: 'POST', url: '/api/v1/tokens', payload: bird() },
    { method: 'POST', url: '/api/v1/tokens', payload: bird(), headers: { 'content-type': `text/${bird()}` } },
    { method: 'POST', url: '/api/v1/tokens', payload: '{}', headers: { 'content-encoding': bird() } },
    { url: `/api/v1/clients?limit=${bird()}&${bird()}%20x=${bird()}`, token: coach },
    { url: `/api/v1/clients?cursor=${bird()}`, token: coach },
    { url: `/api/v1/clients/${bird()}`, token: coach },
    { url: `/api/v1/${bird()}` },
    { url: `/api/v1/%zz${bird()}` },
    { url: '/api/v1/clients', headers: { authorization: `Bearer ${bird()}` } },
    { url: '/api/v1/clients', headers: { authorization: bird() } },
    { url: `/o/${bird()}` },
    { url: '/api/v1/bug' },
    { url: '/api/v1/bug/of-database' },
    { url: '/bug', headers: { accept: 'text/html' } },
    { url: `/${bird()}?${bird()}=${bird()}` },
    { url: `/${bird()}%zz`, headers: { accept: 'text/html' } },
  ]
}

describe('a canary in every field', () => {
  const answers: LightMyRequestResponse[] = []
  beforeAll(async () => {
    for (const request of requests()) answers.push(await send(request))
  })

  test('is one of at least 40, each of its own', () => {
    expect(birds).toBeGreaterThanOrEqual(100)
  })

  test('meets every kind of answer', () => {
    const statuses = new Set(answers.map(({ statusCode }) => statusCode))
    for (const status of [200, 201, 400, 401, 404, 415, 422, 500]) expect(statuses).toContain(status)
  })

  test('stands in no line of the log', () => {
    expect(lines.length).toBeGreaterThanOrEqual(requests().length)
    expect(lines.filter((line) => line.includes(canary))).toEqual([])
    expect(lines.filter((line) => line.slice(0, -1).includes('\n'))).toEqual([])
  })

  test('a line of the log is one request: its number, route pattern, status, time, tenant and who', () => {
    const allowed = ['time', 'level', 'message', 'request', 'method', 'route', 'status', 'ms', 'tenant', 'actor']
    const ofBugs = [...allowed, 'error', 'code', 'stack', 'cause']
    for (const line of lines) {
      const facts: unknown = JSON.parse(line)
      const names = Object.keys(typeof facts === 'object' && facts !== null ? facts : {})
      const may = line.includes('"a bug"') ? ofBugs : allowed
      expect(names.filter((name) => !may.includes(name))).toEqual([])
    }
  })

  test('stands in no error that is answered; a bug is told with its number only', () => {
    const refused = answers.filter(({ statusCode }) => statusCode >= 400)
    // A page's language links lead back to the page's own address, which the person has just typed.
    const told = refused.filter(({ body }) => body.replaceAll(/href="\/[^"]*"/g, '').includes(canary))
    const named = told.filter(({ headers }) => headers['content-type']?.toString().includes('json'))
    expect(named.map(({ body }) => body)).toEqual([])
    expect(told.map(({ body }) => body)).toEqual([])
  })

  test('a bug can be found from its line: kind, code and place', () => {
    const bugs = lines.filter((line) => line.includes('"a bug"'))
    expect(bugs).toHaveLength(3)
    expect(bugs[0]).toMatch(/"error":"TypeError","stack":" +at .*canaries\.test\.ts/)
    expect(bugs[1]).toMatch(/"code":"22P02"/)
  })
})

test('a job that fails says so in the log and in the queue, and not in whose words (S-50)', async () => {
  const told: string[] = []
  const log = createLog('debug', (line) => void told.push(line))
  const { deps, database } = world.service
  await asTenant(deps.db, world.foundation.code, async (trx) => await addJob(trx, 'test.fail', {}))
  const fail = async (): Promise<void> => {
    await Promise.resolve()
    throw new TypeError(`cannot read ${bird()}`, { cause: new Error(bird()) })
  }
  await runOnce(database.jobsUrl, { 'test.fail': fail }, log)
  expect(told.filter((line) => line.includes('"a job failed"'))).toHaveLength(1)
  expect(told.join('')).toMatch(/"task":"test.fail","error":"TypeError","stack":" +at .*canaries\.test\.ts/)
  expect(told.filter((line) => line.includes(canary))).toEqual([])
  expect(told.map(faultIn).filter((fault) => fault !== undefined)).toEqual([])
  const { rows } = await sql<{ row: string }>`select j::text as row from graphile_worker._private_jobs j`.execute(
    database.ownerDb,
  )
  const failed = rows.filter(({ row }) => row.includes('see the log'))
  expect(failed).toHaveLength(1)
  expect(rows.filter(({ row }) => row.includes(canary))).toEqual([])
})

describe('the watch over every line of every test', () => {
  test('lets the lines of this file through', () => {
    expect(world.service.logged().length + lines.length).toBeGreaterThan(50)
    expect([...world.service.logged(), ...lines].map(faultIn).filter((fault) => fault !== undefined)).toEqual([])
  })

  const right = {
    time: '2026-11-22T09:00:00.000Z',
    level: 'info',
    message: 'answered',
    method: 'GET',
    route: '/b/:award',
    status: 200,
  }

  test.each([
    ['a query', { route: '/ryhma?nimi=Maija' }],
    ['an address with an id', { route: '/ryhma/01890a5d-ac96-774b-bcce-b302099a8057' }],
    ['a token', { actor: 'eyJhbGciOiJIUzI1NiJ9.e30.x' }],
    ['an e-mail address', { tenant: 'maija@example.fi' }],
    ['words in the message', { message: 'Maija Korhonen was asked for' }],
    ['an error’s own words', { error: 'cannot read Maija' }],
    ['a stack with words on top', { error: 'TypeError', stack: 'TypeError: Maija\n    at f (a.ts:1:1)' }],
    ['a network address', { address: '192.0.2.7' }],
    ['a body', { body: { note: 'x' } }],
    ['the queue’s own telling', { message: "Failed task 7 (award.embed, 3.00ms, attempt 1 of 25) with error 'Maija'" }],
  ])('stops %s', (_, wrong) => {
    expect(faultIn(`${JSON.stringify(right)}\n`)).toBeUndefined()
    expect(faultIn(`${JSON.stringify({ ...right, ...wrong })}\n`)).toBeDefined()
  })
})
