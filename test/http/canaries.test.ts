import { channel } from 'node:diagnostics_channel'
import { sql } from 'kysely'
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildApp } from '../../src/app.ts'
import type { App } from '../../src/http/app-type.ts'
import { createLog } from '../../src/log.ts'
import { createDeps } from '../../src/deps.ts'
import { givenWorld, type World } from './given-world.ts'

// S-50: what people write, and what opens doors, stands in no line of the log and in no error. Every canary is a word that nothing else says.

let world: World
let app: App
const lines: string[] = []

/** A word of letters, so that it also passes as a name. */
const canary = 'kanarialintu'

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
      'user-agent': canary,
      referer: `https://${canary}.example/`,
      cookie: `op_lang=${canary}; op_session=${canary}; op_browser=${canary}`,
      ...headers,
    },
  })
}

/** Requests with a canary in every field, most of them to be refused. */
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
    headers: { 'idempotency-key': canary, ...headers },
    ...(token === undefined ? {} : { token }),
  })
  const work = { clientId: things.client, taskId: things.task, supportLevel: 'minor', observedOn: '2026-11-22' }
  const application = `/api/v1/applications/${things.application}`
  const award = `/api/v1/awards/${things.award.id}`
  return [
    post('/api/v1/tokens', undefined, { name: `${canary}@x.example`, password: canary }),
    post('/api/v1/tokens', undefined, { name: canary, password: 7, [`${canary} x`]: canary }),
    post('/api/v1/tokens/code', undefined, { code: canary }),
    post('/api/v1/clients', coordinator, { givenName: canary, familyName: canary }),
    post('/api/v1/clients', coordinator, { givenName: `${canary}\u202e7`, familyName: canary, language: canary }),
    post('/api/v1/clients', coordinator, { givenName: canary, familyName: canary, coachIds: [canary] }),
    post('/api/v1/observations', coach, { ...work, note: canary }),
    post('/api/v1/observations', coach, { ...work, note: `${canary}2` }),
    post('/api/v1/observations', coach, { ...work, note: `131052-308T ${canary}`, supportLevel: canary }),
    post('/api/v1/observations', coach, { ...work, note: `131052-308T ${canary}`, lateReason: `${canary}\0` }),
    post('/api/v1/observations', coach, { ...work, clientId: canary, observedOn: canary }),
    post('/api/v1/observations/batch', coach, { observations: [{ ...work, note: canary, [`${canary} x`]: canary }] }),
    post('/api/v1/self-assessments', client, { taskId: things.task, choice: 3, words: `131052-308T ${canary}` }),
    post(`${application}/decision`, coordinator, { outcome: canary, reason: canary }),
    post(`${application}/decision`, coordinator, { outcome: 'return', reason: canary }),
    post(`${application}/decision`, coordinator, { outcome: 'reject', reason: canary }),
    { ...post(`${award}/recipient`, client, { email: `${canary}@x.example` }), method: 'PUT' },
    { ...post(`${award}/recipient`, client, { email: canary }), method: 'PUT' },
    post(`${award}/revocation`, coordinator, { reason: canary, note: canary }),
    post(`${award}/revocation`, coordinator, { reason: 'misuse', note: canary }),
    post(`${award}/revocation`, coordinator, { reason: 'misuse', note: `${canary} 2` }),
    post('/api/v1/verifications', undefined, { url: `http://${canary}.example/${canary}`, [`${canary} x`]: 1 }),
    post('/api/v1/qualifications/imports', tokens.admin, { nimi: { fi: canary }, [`${canary} x`]: canary }),
    { method: 'POST', url: '/api/v1/tokens', payload: `{"name": "${canary}"` },
    { method: 'POST', url: '/api/v1/tokens', payload: canary },
    { method: 'POST', url: '/api/v1/tokens', payload: canary, headers: { 'content-type': `text/${canary}` } },
    { method: 'POST', url: '/api/v1/tokens', payload: '{}', headers: { 'content-encoding': canary } },
    { url: `/api/v1/clients?limit=${canary}&${canary}%20x=${canary}`, token: coach },
    { url: `/api/v1/clients?cursor=${canary}`, token: coach },
    { url: `/api/v1/clients/${canary}`, token: coach },
    { url: `/api/v1/${canary}` },
    { url: `/api/v1/%zz${canary}` },
    { url: '/api/v1/clients', headers: { authorization: `Bearer ${canary}` } },
    { url: '/api/v1/clients', headers: { authorization: canary } },
    { url: `/o/${canary}` },
    { url: '/api/v1/bug' },
    { url: '/api/v1/bug/of-database' },
    { url: '/bug', headers: { accept: 'text/html' } },
    { url: `/${canary}?${canary}=${canary}` },
    { url: `/${canary}%zz`, headers: { accept: 'text/html' } },
  ]
}

describe('a canary in every field', () => {
  const answers: LightMyRequestResponse[] = []
  beforeAll(async () => {
    for (const request of requests()) answers.push(await send(request))
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
