import type { LightMyRequestResponse } from 'fastify'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { buildApp } from '../../src/app.ts'
import type { Config } from '../../src/config.ts'
import { createDeps } from '../../src/deps.ts'
import type { App } from '../../src/http/app-type.ts'
import { networkOf } from '../../src/http/rate-limits.ts'
import { startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'
import { problemFault } from './problem.ts'

// S-60: the limits, over two processes on one database.

let service: TestService
let foundation: Foundation
const opened: App[] = []
beforeAll(async () => {
  service = await startService()
  foundation = await givenFoundation(service, { module: false })
})
afterEach(async () => {
  await Promise.all(opened.splice(0).map(async (app) => await app.close()))
})
afterAll(async () => await service.close())

/** Another process on the same database: nothing is shared but the database. Without `numbers` it has the limits of a real start. */
async function process(numbers: Record<string, number> = {}, settings: Partial<Config> = {}): Promise<App> {
  const config = { ...service.deps.config, rateLimits: numbers, ...settings }
  const app = await buildApp(createDeps({ ...service.deps, config }, { now: () => service.deps.now() }))
  opened.push(app)
  return app
}

async function get(app: App, url: string, options: { ip?: string; token?: string; headers?: object } = {}) {
  const { ip = '192.0.2.1', token, headers } = options
  return await app.inject({
    url,
    remoteAddress: ip,
    headers: { ...headers, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
  })
}

const isLetThrough = ({ statusCode }: LightMyRequestResponse): boolean => statusCode !== 429

async function tokenOf(who: 'pekka' | 'sari'): Promise<string> {
  const signedIn = await service.api().post('/api/v1/tokens', {
    name: foundation.email(who),
    password: 'kuusi-hilla-joki-1',
  })
  return signedIn.json<{ token: string }>().token
}

describe('S-60: the limits of a start without settings', () => {
  test.each([
    ['GET', '/tarkista', 300],
    ['GET', '/o/zzzz', 300],
    ['GET', '/nowhere', 300],
    ['GET', '/api/v1/clients', 600],
    ['POST', '/api/v1/verifications', 60],
  ] as const)('%s %s is answered %i times a minute', async (method, url, limit) => {
    service.at('2026-11-22T10:00:10Z')
    const app = await process()
    const ip = `198.51.100.${limit === 300 ? url.length : limit % 250}`
    const send = async (): Promise<LightMyRequestResponse> => await app.inject({ method, url, remoteAddress: ip })
    const answers: LightMyRequestResponse[] = []
    for (let sent = 0; sent < limit + 3; sent += 1) answers.push(await send())
    expect(answers.filter(isLetThrough)).toHaveLength(limit)
    const refused = answers.at(-1)
    expect(refused?.statusCode).toBe(429)
    expect(refused?.headers['retry-after']).toBe('50')
    expect(refused && problemFault(refused)).toBeUndefined()
    service.at('2026-11-22T10:01:00Z')
    expect(isLetThrough(await send())).toBe(true)
  })

  test('bulk requests: ten an hour for an account', async () => {
    service.at('2026-11-22T11:30:00Z')
    const app = await process()
    const token = await tokenOf('pekka')
    const send = async (): Promise<LightMyRequestResponse> =>
      await app.inject({
        method: 'POST',
        url: '/api/v1/observations/batch',
        payload: { observations: [] },
        headers: { authorization: `Bearer ${token}`, 'idempotency-key': 'a' },
      })
    const statuses: number[] = []
    for (let sent = 0; sent < 12; sent += 1) statuses.push((await send()).statusCode)
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 422), 429, 429])
    const refused = await send()
    expect(refused.headers['retry-after']).toBe('1800')
    // Other requests of the same account go on.
    expect((await get(app, '/api/v1/clients', { token })).statusCode).toBe(200)
  })
})

describe('S-60: over two processes', () => {
  test('the limit holds exactly, whoever of them is asked, and at once', async () => {
    service.at('2026-11-22T12:00:00Z')
    const two = [await process({ api: 100 }), await process({ api: 100 })]
    const answers = await Promise.all(
      Array.from({ length: 300 }, async (_, index) => {
        const app = two[index % 2]
        if (!app) throw new Error('there are two')
        return await get(app, '/api/v1/clients', { ip: '192.0.2.7' })
      }),
    )
    expect(answers.filter(isLetThrough)).toHaveLength(100)
    for (const app of two) expect((await get(app, '/api/v1/clients', { ip: '192.0.2.7' })).statusCode).toBe(429)
    // Another network has its own.
    for (const app of two) expect((await get(app, '/api/v1/clients', { ip: '192.0.2.8' })).statusCode).toBe(401)
  })

  test('each takes a twentieth at a time: the ordinary request costs no statement', async () => {
    service.at('2026-11-22T12:10:00Z')
    const app = await process({ api: 100 })
    const statements = service.statements()
    for (let sent = 0; sent < 100; sent += 1) await get(app, '/api/v1/clients', { ip: '192.0.2.9' })
    expect(statements().filter((sql) => sql.includes('rate_limit'))).toHaveLength(20)
    expect(statements()).toHaveLength(20)
  })

  test('a process whose clock is behind takes from the window that another began', async () => {
    service.at('2026-11-22T12:20:00Z')
    const ahead = await process({ api: 40 })
    for (let sent = 0; sent < 40; sent += 1) await get(ahead, '/api/v1/clients', { ip: '192.0.2.10' })
    service.at('2026-11-22T12:19:59Z')
    const behind = await process({ api: 40 })
    expect((await get(behind, '/api/v1/clients', { ip: '192.0.2.10' })).statusCode).toBe(429)
  })

  test('after a clock was set back an hour nobody is shut out', async () => {
    service.at('2026-11-22T13:00:00Z')
    const app = await process({ api: 20 })
    for (let sent = 0; sent < 21; sent += 1) await get(app, '/api/v1/clients', { ip: '192.0.2.11' })
    service.at('2026-11-22T12:00:00Z')
    expect((await get(app, '/api/v1/clients', { ip: '192.0.2.11' })).statusCode).toBe(401)
  })
})

describe('S-60: who is counted', () => {
  test('the API by account and by network', async () => {
    service.at('2026-11-22T14:00:00Z')
    const app = await process({ api: 20 })
    const [pekka, sari] = [await tokenOf('pekka'), await tokenOf('sari')]
    // From many networks: the account is counted.
    for (let sent = 0; sent < 20; sent += 1)
      await get(app, '/api/v1/clients', { token: pekka, ip: `203.0.113.${sent}` })
    expect((await get(app, '/api/v1/clients', { token: pekka, ip: '203.0.113.99' })).statusCode).toBe(429)
    // From one network: the network is counted.
    for (let sent = 0; sent < 20; sent += 1) await get(app, '/api/v1/clients', { ip: '203.0.113.200' })
    expect((await get(app, '/api/v1/clients', { token: sari, ip: '203.0.113.200' })).statusCode).toBe(429)
    expect((await get(app, '/api/v1/clients', { token: sari, ip: '203.0.113.201' })).statusCode).toBe(200)
  })

  test('people who are signed in do not use up their workshop’s network', async () => {
    service.at('2026-11-22T14:10:00Z')
    const app = await process({ pages: 20 })
    const browser = await foundation.browser('pekka')
    const page = await browser.get('/kirjaa')
    expect(page.statusCode).toBe(200)
    const { cookie } = page.raw.req.headers
    const signedIn = async (): Promise<LightMyRequestResponse> =>
      await get(app, '/kirjaa', { ip: '192.0.2.20', headers: { accept: 'text/html', cookie } })
    for (let sent = 0; sent < 20; sent += 1) expect((await signedIn()).statusCode).toBe(200)
    const refused = await signedIn()
    expect(refused.statusCode).toBe(429)
    expect(refused.headers['content-type']).toContain('text/html')
    expect(refused.headers['retry-after']).toBe('60')
    // Others on the network go on.
    expect((await get(app, '/tarkista', { ip: '192.0.2.20' })).statusCode).toBe(200)
  })

  test('knocking at closed pages counts for the network', async () => {
    service.at('2026-11-22T14:20:00Z')
    const app = await process({ pages: 20 })
    const statuses: number[] = []
    for (let sent = 0; sent < 21; sent += 1)
      statuses.push((await get(app, '/passi', { ip: '192.0.2.21', headers: { accept: 'text/html' } })).statusCode)
    expect(statuses).toEqual([...Array.from({ length: 20 }, () => 303), 429])
  })

  test('the network is the socket’s, unless a proxy that we trust says otherwise', async () => {
    service.at('2026-11-22T14:30:00Z')
    const direct = await process({ pages: 20 })
    const send = async (app: App, from: string, index: number): Promise<number> =>
      (await get(app, '/tarkista', { ip: from, headers: { 'x-forwarded-for': `198.51.100.${index}` } })).statusCode
    for (let sent = 0; sent < 20; sent += 1) await send(direct, '192.0.2.30', sent)
    expect(await send(direct, '192.0.2.30', 21)).toBe(429)
    const proxied = await process({ pages: 20 }, { trustProxy: ['192.0.2.31'] })
    for (let sent = 0; sent < 21; sent += 1) expect(await send(proxied, '192.0.2.31', sent + 100)).toBe(200)
    expect(await send(proxied, '192.0.2.30', 22)).toBe(429)
  })

  test('style sheets and the health of the service are not counted; 0 turns a limit off', async () => {
    service.at('2026-11-22T14:40:00Z')
    const app = await process({ pages: 20 })
    const css = /href="(\/assets\/[^"]+\.css)"/.exec((await get(app, '/tarkista')).body)?.[1] ?? ''
    for (let sent = 0; sent < 30; sent += 1) {
      expect((await get(app, css, { ip: '192.0.2.40' })).statusCode).toBe(200)
      expect((await get(app, '/health/ready', { ip: '192.0.2.40' })).statusCode).toBe(200)
    }
    const free = await process({ pages: 0 })
    for (let sent = 0; sent < 310; sent += 1) await get(free, '/nowhere', { ip: '192.0.2.41' })
    expect((await get(free, '/nowhere', { ip: '192.0.2.41' })).statusCode).toBe(404)
  })

  test.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:0db8:0001:0002::9', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
  ])('%s is of the network %s', (ip, network) => {
    expect(networkOf(ip)).toBe(network)
  })

  test('no address stands in the database (S-50)', async () => {
    const rows = await service.database.ownerDb.selectFrom('rate_limit').selectAll().execute()
    expect(rows.length).toBeGreaterThan(5)
    for (const { bucket } of rows) expect(bucket).toHaveLength(32)
    expect(JSON.stringify(rows)).not.toContain('192.0.2')
  })
})
