import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { makeAccount } from '../../src/accounts/account.ts'
import { dropSecondFactor } from '../../src/accounts/second-factor.ts'
import type { Role } from '../../src/http/permissions.ts'
import { type ApiClient, type Browser, startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation, password } from '../support/given.ts'
import { asStaff, authenticatorCode, codeAt, signInByPage } from '../support/staff.ts'

// S-17: the second factor of coordinators and administrators.

let service: TestService
let foundation: Foundation
const start = Date.parse('2026-11-22T09:00:00Z')
let minute = 0

beforeAll(async () => {
  service = await startService()
  foundation = await givenFoundation(service, { module: false })
})
afterAll(async () => await service.close())
beforeEach(async () => {
  await service.database.ownerDb.deleteFrom('sign_in_failure').execute()
  // Each test in a half minute of its own.
  minute += 10
  after(0)
})

function after(seconds: number): void {
  service.at(new Date(start + minute * 60_000 + seconds * 1000))
}

type Signed = { readonly token: string; readonly wants: string | null }
let count = 0
const ids = new Map<string, string>()

async function account(...roles: readonly Exclude<Role, 'client'>[]): Promise<string> {
  count += 1
  const signInName = `nro${count}@${foundation.code}.example`
  const wanted = { signInName, password, displayName: 'Outi O.', roles }
  ids.set(signInName, await makeAccount(service.deps, foundation.code, wanted))
  return signInName
}

async function signIn(name: string): Promise<Signed & { readonly api: ApiClient }> {
  const answer = await service.api().post('/api/v1/tokens', { name, password })
  expect(answer.statusCode, answer.body).toBe(200)
  const signed = answer.json<Signed>()
  return { ...signed, api: service.api(signed.token) }
}

type Set = Signed & { readonly secret: string; readonly recoveryCodes: readonly string[] }

/** Sets the second factor up as a program would. */
async function setUp(name: string): Promise<Set> {
  const { api } = await signIn(name)
  const begun = await api.post('/api/v1/second-factor', {})
  expect(begun.statusCode, begun.body).toBe(201)
  const { secret } = begun.json<{ secret: string }>()
  const set = await api.post('/api/v1/second-factor/confirmation', { code: codeAt(secret, service.deps.now()) })
  expect(set.statusCode, set.body).toBe(200)
  return { ...set.json<Omit<Set, 'secret'>>(), secret }
}

describe('S-17: who must have a second factor', () => {
  test.each(['coordinator', 'admin'] as const)('a %s is led to set one up, and opens nothing before', async (role) => {
    const name = await account('coach', role)
    const { wants, api } = await signIn(name)
    expect(wants).toBe('enrolment')
    for (const path of ['/api/v1/clients', '/api/v1/modules', '/api/v1/applications']) {
      const refused = await api.get(path)
      expect(refused.statusCode, path).toBe(401)
      expect(refused.json()).toMatchObject({ code: 'enrolment' })
    }
    expect((await api.post('/api/v1/password', { password, next: 'kuusi-hilla-joki-9' })).statusCode).toBe(401)
    const { token } = await setUp(name)
    expect((await service.api(token).get('/api/v1/modules')).statusCode).toBe(200)
    expect((await signIn(name)).wants).toBe('second-factor')
  })

  test.each(['coach', 'school', 'foundation_lead'] as const)('a %s comes in by password alone', async (role) => {
    const { wants, api } = await signIn(await account(role))
    expect(wants).toBeNull()
    expect((await api.get('/api/v1/modules')).statusCode).toBe(200)
  })

  test('deciding, whose rule reads the session itself, waits for it too', async () => {
    const { api } = await signIn(await account('coordinator'))
    const id = '00000000-0000-7000-8000-000000000000'
    const decide = async (as: ApiClient): Promise<number> =>
      (await as.post(`/api/v1/applications/${id}/decision`, { outcome: 'award' }, { 'idempotency-key': 'k' }))
        .statusCode
    expect(await decide(api)).toBe(401)
    expect(await decide(await foundation.as('kaisa'))).toBe(404)
  })

  test('a coach who has become coordinator is led to it at the next sign-in', async () => {
    await foundation.grant('sari', 'coordinator')
    expect((await signIn(foundation.email('sari'))).wants).toBe('enrolment')
  })
})

describe('S-17: the code', () => {
  test('opens once, half a minute early or late, and not later', async () => {
    const name = await account('coordinator')
    const { secret } = await setUp(name)
    const now = (): Date => service.deps.now()
    const give = async (code: string): Promise<number> => {
      const { api } = await signIn(name)
      return (await api.post('/api/v1/tokens/second-factor', { code })).statusCode
    }
    expect(await give(codeAt(secret, now())), 'the code of the set-up was taken').toBe(401)
    after(40)
    const code = codeAt(secret, now())
    expect(await give(`${code.slice(0, 3)} ${code.slice(3)}`)).toBe(200)
    expect(await give(code)).toBe(401)
    after(120)
    expect(await give(codeAt(secret, new Date(now().getTime() - 60_000)))).toBe(401)
    expect(await give(codeAt(secret, new Date(now().getTime() + 60_000)))).toBe(401)
    expect(await give(codeAt(secret, new Date(now().getTime() - 30_000)))).toBe(200)
  })

  test('may come with name and password in one request', async () => {
    const name = await account('admin')
    const { secret } = await setUp(name)
    after(60)
    const sign = async (code: string): Promise<{ statusCode: number; wants: unknown }> => {
      const answer = await service.api().post('/api/v1/tokens', { name, password, code })
      return { statusCode: answer.statusCode, wants: answer.json<Partial<Signed>>().wants }
    }
    expect(await sign('000000')).toEqual({ statusCode: 401, wants: undefined })
    expect(await sign(codeAt(secret, service.deps.now()))).toEqual({ statusCode: 200, wants: null })
  })

  test('of two at once one opens', async () => {
    const name = await account('coordinator')
    const { secret } = await setUp(name)
    after(60)
    const both = [await signIn(name), await signIn(name)]
    const code = codeAt(secret, service.deps.now())
    const answers = await Promise.all(
      both.map(async ({ api }) => await api.post('/api/v1/tokens/second-factor', { code })),
    )
    expect(answers.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b)).toEqual([200, 401])
  })

  test('wrong five times waits one minute, also for the right one; the password alone still opens nothing', async () => {
    const name = await account('coordinator')
    const { secret } = await setUp(name)
    after(60)
    const { api } = await signIn(name)
    for (let time = 0; time < 5; time += 1)
      expect((await api.post('/api/v1/tokens/second-factor', { code: '000000' })).statusCode).toBe(401)
    const right = async (): Promise<number> => {
      const again = await signIn(name)
      const code = codeAt(secret, service.deps.now())
      return (await again.api.post('/api/v1/tokens/second-factor', { code })).statusCode
    }
    expect(await right()).toBe(401)
    expect((await api.get('/api/v1/modules')).statusCode).toBe(401)
    after(125)
    expect(await right()).toBe(200)
  })

  test('a session that waits for it lasts ten minutes and ends when it is given (S-14)', async () => {
    const name = await account('coordinator')
    await setUp(name)
    const waiting = await signIn(name)
    after(11 * 60)
    const late = await waiting.api.post('/api/v1/tokens/second-factor', { code: '000000' })
    expect(late.json()).toMatchObject({ code: 'not-signed-in' })
    const other = await signIn(name)
    const whole = await other.api.post('/api/v1/tokens/second-factor', { code: await authenticatorCode(service, name) })
    expect(whole.statusCode).toBe(200)
    expect((await other.api.get('/api/v1/modules')).json()).toMatchObject({ code: 'not-signed-in' })
  })
})

describe('S-17: recovery codes', () => {
  test('each opens once; ten of them, 12 characters without look-alikes, kept as digests', async () => {
    const name = await account('coordinator')
    const { recoveryCodes } = await setUp(name)
    expect(new Set(recoveryCodes).size).toBe(10)
    const [first = '', second = ''] = recoveryCodes
    expect(first).toMatch(/^[34679ACDEFGHJKMNPQRTWXY]{12}$/)
    const give = async (code: string): Promise<number> => {
      const { api } = await signIn(name)
      return (await api.post('/api/v1/tokens/second-factor', { code })).statusCode
    }
    expect(await give(`${first.slice(0, 4).toLowerCase()} ${first.slice(4, 8)}-${first.slice(8)}`)).toBe(200)
    expect(await give(first)).toBe(401)
    expect(await give(second)).toBe(200)
    const rows = await service.database.ownerDb.selectFrom('recovery_code').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain(first)
  })

  test('end with the key they belong to; another’s open nothing', async () => {
    const [one, other] = [await account('coordinator'), await account('coordinator')]
    const before = await setUp(one)
    const foreign = await setUp(other)
    const api = service.api(before.token)
    expect((await api.post('/api/v1/second-factor', {})).json()).toMatchObject({ code: 'wrong-password' })
    const begun = await api.post('/api/v1/second-factor', { password })
    const { secret } = begun.json<{ secret: string }>()
    expect(secret).not.toBe(before.secret)
    // Until the new key has shown that it works, the old one stays.
    const early = await signIn(one)
    expect((await early.api.post('/api/v1/tokens/second-factor', { code: before.recoveryCodes[0] })).statusCode).toBe(
      200,
    )
    const set = await api.post('/api/v1/second-factor/confirmation', { code: codeAt(secret, service.deps.now()) })
    expect(set.statusCode, set.body).toBe(200)
    const { api: waiting } = await signIn(one)
    for (const code of [before.recoveryCodes[1], foreign.recoveryCodes[0]])
      expect((await waiting.post('/api/v1/tokens/second-factor', { code })).statusCode).toBe(401)
    // Another key ends every session that the old one opened (S-14).
    expect((await api.get('/api/v1/modules')).statusCode).toBe(401)
  })
})

describe('S-17: the key', () => {
  test('is sealed: neither the database nor a row moved to another account shows it', async () => {
    const [one, other] = [await account('coordinator'), await account('coordinator')]
    const { secret } = await setUp(one)
    await setUp(other)
    const { ownerDb } = service.database
    const rows = await ownerDb.selectFrom('second_factor').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain(secret)
    expect(rows.some(({ secret_sealed: sealed }) => sealed?.includes(secret))).toBe(false)
    const [a, b] = rows.slice(-2)
    if (!a || !b) throw new Error('two accounts have a second factor')
    await ownerDb
      .updateTable('second_factor')
      .set({ data_key: a.data_key, secret_sealed: a.secret_sealed })
      .where('account_id', '=', b.account_id)
      .execute()
    const waiting = [await signIn(one), await signIn(other)]
    const answers = await Promise.all(
      waiting.map(
        async ({ api }) =>
          await api.post('/api/v1/tokens/second-factor', {
            code: codeAt(secret, new Date(service.deps.now().getTime() + 30_000)),
          }),
      ),
    )
    expect(answers.map(({ statusCode }) => statusCode)).toContain(500)
  })

  test('is a new one at each beginning: who saw an earlier one cannot use it', async () => {
    const name = await account('coordinator')
    const seen = (await (await signIn(name)).api.post('/api/v1/second-factor', {})).json<{ secret: string }>().secret
    const { api } = await signIn(name)
    const code = codeAt(seen, service.deps.now())
    expect((await api.post('/api/v1/second-factor/confirmation', { code })).statusCode).toBe(422)
  })

  test('is taken away for somebody who lost everything: the sessions end and the next sign-in leads to a new one', async () => {
    const name = await account('coordinator')
    const api = await asStaff(service, name, password)
    await dropSecondFactor(service.deps, { tenant: foundation.code, accountId: ids.get(name) ?? '' })
    expect((await api.get('/api/v1/modules')).statusCode).toBe(401)
    expect((await signIn(name)).wants).toBe('enrolment')
  })
})

describe('by page', () => {
  async function enter(browser: Browser, name: string): Promise<string> {
    await browser.get('/kirjaudu')
    const answer = await browser.submit('/kirjaudu', { email: name, password, next: '/hakemukset' })
    expect(answer.statusCode).toBe(303)
    return String(answer.headers.location)
  }

  test('a coordinator sets it up with the key as picture and as text, keeps the codes, and goes on to what was wanted', async () => {
    const name = await account('coordinator')
    const browser = service.browser()
    const way = await enter(browser, name)
    expect(way).toBe('/kirjaudu/vahvistus/uusi?next=%2Fhakemukset')
    for (const closed of ['/hakemukset', '/ryhma', '/tili'])
      expect((await browser.get(closed)).headers.location).toBe(
        `/kirjaudu/vahvistus/uusi?next=${encodeURIComponent(closed)}`,
      )
    expect((await browser.get('/')).body).not.toContain('Outi O.')
    const page = await browser.get(way)
    expect(page.headers['cache-control']).toBe('no-store')
    expect(page.body).toContain('<svg class="qr"')
    const spelled = /class="key">([A-Z2-7 ]+)</.exec(page.body)?.[1] ?? ''
    const secret = spelled.replaceAll(' ', '')
    const wrong = await browser.submit('/kirjaudu/vahvistus/uusi', { code: '000000', next: '/hakemukset' })
    expect(wrong.statusCode).toBe(422)
    expect(wrong.body).toContain(spelled)
    const set = await browser.submit('/kirjaudu/vahvistus/uusi', {
      code: codeAt(secret, service.deps.now()),
      next: '/hakemukset',
    })
    expect(set.statusCode).toBe(200)
    expect(set.body.match(/<li>[0-9A-Z]{4} [0-9A-Z]{4} [0-9A-Z]{4}<\/li>/g)).toHaveLength(10)
    expect(set.body).toContain('href="/hakemukset"')
    expect((await browser.get('/hakemukset')).statusCode).toBe(200)
    // The codes are shown once: the way back leads on.
    expect((await browser.get('/kirjaudu/vahvistus/uusi')).headers.location).toBe('/tili')
  })

  test('the next time the code is asked for; a wrong one comes back, and log out works from there', async () => {
    const name = await account('coordinator')
    await setUp(name)
    after(60)
    const browser = service.browser()
    expect(await enter(browser, name)).toBe('/kirjaudu/vahvistus?next=%2Fhakemukset')
    await browser.get('/kirjaudu/vahvistus?next=%2Fhakemukset')
    const wrong = await browser.submit('/kirjaudu/vahvistus', { code: '000000', next: '/hakemukset' })
    expect(wrong.statusCode).toBe(422)
    const away = await browser.submit('/kirjaudu/vahvistus', {
      code: await browser.authenticator(name),
      next: '//elsewhere.example',
    })
    expect(away.headers.location).toBe('/')
    const other = service.browser()
    await enter(other, name)
    expect((await other.submit('/kirjaudu/ulos', {})).headers.location).toBe('/?ulos=1')
    expect((await other.get('/kirjaudu/vahvistus')).headers.location).toMatch(/^\/kirjaudu\?/)
  })

  test('a coach may have one too, begun on the own page with the password', async () => {
    const name = await account('coach')
    const browser = service.browser()
    await signInByPage(browser, name, password)
    expect((await browser.get('/tili')).body).toContain('Ota vahvistus käyttöön')
    expect((await browser.submit('/tili/vahvistus', { password: 'not the password' })).statusCode).toBe(422)
    expect((await browser.submit('/tili/vahvistus', { password })).headers.location).toBe(
      '/kirjaudu/vahvistus/uusi?next=%2Ftili',
    )
    await browser.get('/kirjaudu/vahvistus/uusi')
    const code = await browser.authenticator(name)
    expect((await browser.submit('/kirjaudu/vahvistus/uusi', { code, next: '/tili' })).statusCode).toBe(200)
    expect((await browser.get('/tili')).body).toContain('Varakoodeja on jäljellä 10')
    expect((await signIn(name)).wants).toBe('second-factor')
  })
})
