import type { LightMyRequestResponse } from 'fastify'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { disableAccount, makeAccount } from '../../src/accounts/account.ts'
import { type Browser, startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation, password } from '../support/given.ts'

// S-17: waiting after failures, at the sign-in of staff and of clients.

let service: TestService
let foundation: Foundation
const start = Date.parse('2026-11-22T09:00:00Z')

beforeAll(async () => {
  service = await startService()
  foundation = await givenFoundation(service, { module: false })
})
afterAll(async () => await service.close())
beforeEach(async () => {
  await service.database.ownerDb.deleteFrom('sign_in_failure').execute()
  await service.database.ownerDb.deleteFrom('sign_in_backoff').execute()
  after(0)
})

/** So many seconds after nine o'clock. */
function after(seconds: number): void {
  service.at(new Date(start + seconds * 1000))
}

let address = 0

/** A sign-in from a network of its own, unless one is named. */
async function signIn(name: string, secret: string, from?: string): Promise<LightMyRequestResponse> {
  address += 1
  return await service.app.inject({
    method: 'POST',
    url: '/api/v1/tokens',
    payload: { name, password: secret },
    remoteAddress: from ?? `198.51.${address >> 8}.${address & 255}`,
  })
}

async function wrong(name: string, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) expect((await signIn(name, 'not the password')).statusCode).toBe(401)
}

const isIn = async (name = foundation.email('pekka')): Promise<boolean> =>
  (await signIn(name, password)).statusCode === 200

/** The sign-in of an account of this test alone. */
async function account(): Promise<string> {
  address += 1
  const signInName = `nro${address}@${foundation.code}.example`
  await makeAccount(service.deps, foundation.code, { signInName, password, displayName: 'Outi O.', roles: ['coach'] })
  return signInName
}

describe('S-17: one name', () => {
  test('has four wrong tries for nothing; the fifth makes it wait one minute, also with the right password', async () => {
    const name = await account()
    await wrong(name, 4)
    expect(await isIn(name)).toBe(true)
    await wrong(name, 5)
    expect(await isIn(name)).toBe(false)
    after(59)
    expect(await isIn(name)).toBe(false)
    after(61)
    expect(await isIn(name)).toBe(true)
    // A success forgets what was before.
    await wrong(name, 4)
    expect(await isIn(name)).toBe(true)
  })

  test('waits twice as long after each further failure, 15 minutes at most, and never for ever', async () => {
    const name = await account()
    await wrong(name, 5)
    let now = 0
    for (const minutes of [1, 2, 4, 8, 15, 15, 15]) {
      after(now + minutes * 60 - 1)
      expect(await isIn(name), `${minutes} minutes are not over`).toBe(false)
      now += minutes * 60 + 1
      after(now)
      await wrong(name, 1)
    }
    after(now + 15 * 60 + 1)
    expect(await isIn(name)).toBe(true)
  })

  test('tries while it waits make the waiting no longer', async () => {
    const name = await account()
    await wrong(name, 5)
    after(30)
    await wrong(name, 20)
    after(61)
    expect(await isIn(name)).toBe(true)
  })

  test('forgets its failures after 12 hours', async () => {
    const name = await account()
    await wrong(name, 4)
    after(12 * 3600 + 1)
    await wrong(name, 4)
    expect(await isIn(name)).toBe(true)
    await wrong(name, 4)
    after(12 * 3600 + 1 + 11 * 3600)
    await wrong(name, 1)
    expect(await isIn(name)).toBe(false)
  })

  test('of 60 tries at once no more than five count before it waits', async () => {
    const name = await account()
    const answers = await Promise.all(Array.from({ length: 60 }, async () => await signIn(name, 'not the password')))
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([401]))
    const [row] = await service.database.ownerDb.selectFrom('sign_in_backoff').selectAll().execute()
    expect(row?.failures).toBe(5)
    expect(await isIn(name)).toBe(false)
  })

  test('a browser that its owner has used is not kept out by strangers’ failures, and has a count of its own', async () => {
    const name = await account()
    const own = service.browser()
    const enter = async (browser: Browser, secret: string): Promise<number> => {
      await browser.get('/kirjaudu')
      return (await browser.submit('/kirjaudu', { email: name, password: secret })).statusCode
    }
    expect(await enter(own, password)).toBe(303)
    await own.submit('/kirjaudu/ulos', {})
    await wrong(name, 6)
    expect(await enter(service.browser(), password)).toBe(422)
    expect(await enter(own, password)).toBe(303)
    await own.submit('/kirjaudu/ulos', {})
    for (let time = 0; time < 5; time += 1) expect(await enter(own, 'not the password')).toBe(422)
    expect(await enter(own, password)).toBe(422)
  })
})

describe('S-17: wrong name, wrong password, closed and waiting account', () => {
  async function told(name: string, secret: string): Promise<{ answer: unknown; statements: readonly string[] }> {
    const seen = service.statements()
    const { statusCode, headers, body } = await signIn(name, secret)
    const { 'request-id': id, date: _, ...rest } = headers
    const statements = seen().map((text) => text.replace(/app\.tenant = '\w{4}'/, 'app.tenant'))
    return { answer: { statusCode, headers: rest, body: body.replaceAll(String(id), '') }, statements }
  }

  test('answer alike after the same statements and one hash', async () => {
    const known = await account()
    const waiting = await account()
    await wrong(waiting, 5)
    const closed = `closed@${foundation.code}.example`
    const wanted = { signInName: closed, password, displayName: 'Outi O.', roles: ['coach'] } as const
    await disableAccount(service.deps, foundation.code, await makeAccount(service.deps, foundation.code, wanted))
    const password404 = await told(`nobody@${foundation.code}.example`, password)
    expect(password404.answer).toMatchObject({ statusCode: 401 })
    expect(await told(known, 'not the password')).toEqual(password404)
    expect(await told(waiting, 'not the password')).toEqual(password404)
    expect(await told(waiting, password)).toEqual(password404)
    expect(await told(closed, password)).toEqual(password404)
    // A name that nobody has waits as well.
    await wrong(`nobody@${foundation.code}.example`, 5)
    expect(await told(`nobody@${foundation.code}.example`, password)).toEqual(password404)
  })
})

describe('S-17: one network', () => {
  const one = '203.0.113.7'

  test('with 50 failures in an hour is slowed to one try a minute, for every name; others are not', async () => {
    for (let time = 0; time < 50; time += 1) {
      expect((await signIn(`nro${time}@x.example`, 'not the password', one)).statusCode, String(time)).toBe(401)
    }
    const slowed = await signIn(foundation.email('pekka'), password, one)
    expect(slowed.statusCode).toBe(429)
    expect(Number(slowed.headers['retry-after'])).toBeGreaterThan(0)
    expect(Number(slowed.headers['retry-after'])).toBeLessThanOrEqual(60)
    expect((await signIn(foundation.email('pekka'), password, '203.0.113.8')).statusCode).toBe(200)
    // It is slowed, not shut out: the people behind it come in.
    after(60)
    expect((await signIn(foundation.email('pekka'), password, one)).statusCode).toBe(200)
    expect((await signIn('x@x.example', 'not the password', one)).statusCode).toBe(401)
    expect((await signIn(foundation.email('pekka'), password, one)).statusCode).toBe(429)
    after(3720)
    expect((await signIn(foundation.email('pekka'), password, one)).statusCode).toBe(200)
  })

  test('with 10 wrong codes in an hour waits with codes, also for a right one', async () => {
    const code = async (given: string): Promise<LightMyRequestResponse> =>
      await service.app.inject({
        method: 'POST',
        url: '/api/v1/tokens/code',
        payload: { code: given },
        remoteAddress: one,
      })
    for (let time = 0; time < 10; time += 1) expect((await code('AAAA3333')).statusCode).toBe(401)
    const right = await foundation.code8('maija')
    const refused = await code(right)
    expect(refused.statusCode).toBe(429)
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(3500)
    after(3720)
    expect((await code(await foundation.code8('maija'))).statusCode).toBe(200)
  })

  test('is the first half of an IPv6 address: a whole customer’s', async () => {
    for (let time = 0; time < 50; time += 1)
      await signIn(`nro${time}@x.example`, 'not the password', `2001:db8::${time + 1}`)
    expect((await signIn(foundation.email('pekka'), password, '2001:db8:0:0:9::1')).statusCode).toBe(429)
    expect((await signIn(foundation.email('pekka'), password, '2001:db8:0:1::1')).statusCode).toBe(200)
  })
})
