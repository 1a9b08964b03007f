import { request } from 'node:http'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildApp } from '../../src/app.ts'
import { connect } from '../../src/db/connect.ts'
import { createDeps } from '../../src/deps.ts'
import { startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'
import { staffToken } from '../support/staff.ts'
import { password } from '../support/given.ts'
import { faultIn } from '../support/log-watch.ts'
import { createLog } from '../../src/log.ts'

// a request whose client hung up is still at work when the service is told to stop.

let service: TestService
let foundation: Foundation
beforeAll(async () => {
  service = await startService()
  foundation = await givenFoundation(service, { module: false })
})
afterAll(async () => await service.close())

/** Another process of the same service: listens, and is stopped as `serve` stops it. */
async function another(
  lines: string[],
): Promise<{ readonly port: number; readonly stop: () => Promise<void>; readonly destroy: () => Promise<void> }> {
  const db = connect(service.database.serviceUrl, { max: 4, onError: () => undefined, applicationName: 'hung-up' })
  const log = createLog('debug', (line) => void lines.push(line))
  const app = await buildApp(createDeps({ ...service.deps, db, log }, { now: () => service.deps.now() }))
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  return {
    port: Number(new URL(address).port),
    stop: async () => {
      await app.close()
      await db.destroy()
    },
    destroy: async () => await db.destroy(),
  }
}

async function waiting(): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*) as n from pg_stat_activity
    where application_name = 'hung-up' and wait_event_type = 'Lock'`.execute(service.database.ownerDb)
  return rows[0]?.n ?? 0
}

test('the stop waits for its work, the pool is there until then, and nothing is logged as a bug', async () => {
  const lines: string[] = []
  const process = await another(lines)
  const token = await staffToken(service, foundation.email('pekka'), password)
  const order: string[] = []
  const stopping = await service.database.ownerDb.transaction().execute(async (trx) => {
    await sql`lock table client in access exclusive mode`.execute(trx)
    const client = request({
      port: process.port,
      path: '/api/v1/clients',
      headers: { authorization: `Bearer ${token}` },
    })
    client.on('error', () => order.push('hung up'))
    client.end()
    await expect.poll(waiting).toBe(1)
    client.destroy(new Error('the train went into a tunnel'))
    await expect.poll(() => order).toEqual(['hung up'])
    const stopped = process.stop().then(() => order.push('stopped'))
    // As long as the work waits, so does the stop.
    for (let look = 0; look < 20; look += 1) expect(await waiting()).toBe(1)
    order.push('released')
    return { stopped }
  })
  await stopping.stopped
  expect(order).toEqual(['hung up', 'released', 'stopped'])
  expect(lines.filter((line) => line.includes('"a bug"'))).toEqual([])
  expect(lines.map(faultIn).filter((fault) => fault !== undefined)).toEqual([])
})

test('work that begins when the pool is closed all the same is told to come again, and is no bug', async () => {
  const lines: string[] = []
  const process = await another(lines)
  const token = await staffToken(service, foundation.email('pekka'), password)
  const ask = async (): Promise<Response> =>
    await fetch(`http://127.0.0.1:${process.port}/api/v1/clients`, { headers: { authorization: `Bearer ${token}` } })
  expect((await ask()).status).toBe(200)
  await process.destroy()
  const answer = await ask()
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5'])
  await answer.text()
  await process.stop()
  expect(lines.filter((line) => line.includes('"a bug"'))).toEqual([])
})

test.each(['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=b'])(
  'a body that was cut short holds no stop up: %s',
  async (type) => {
    const process = await another([])
    const path = type === 'application/json' ? '/api/v1/tokens' : '/tarkista'
    const headers = { 'content-type': type, 'content-length': '1000' }
    const client = request({ port: process.port, path, method: 'POST', headers })
    const gone = new Promise<void>((resolve) => client.on('error', () => resolve()))
    client.write('--b\r\nContent-Disposition: form-data; name="badge"\r\n\r\nx')
    await expect.poll(() => client.socket?.bytesWritten ?? 0).toBeGreaterThan(60)
    client.destroy(new Error('the train went into a tunnel'))
    await gone
    const before = performance.now()
    await process.stop()
    expect(performance.now() - before).toBeLessThan(2000)
  },
)
