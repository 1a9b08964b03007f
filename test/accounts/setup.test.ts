import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { makeSetupLink } from '../../src/accounts/setup.ts'
import { buildApp } from '../../src/app.ts'
import { createDeps } from '../../src/deps.ts'
import { createLog } from '../../src/log.ts'
import { asTenant } from '../../src/db/connect.ts'
import { type Browser, startService, type TestService } from '../support/app.ts'
import { givenFoundation, password } from '../support/given.ts'

// PRODUCT Y1, S-17: the first administrator comes in by a link that the command `setup` prints.

let service: TestService
beforeAll(async () => {
  service = await startService()
})
afterAll(async () => await service.close())
afterEach(() => service.at('2026-11-22T09:00:00Z'))

const owner = (): Parameters<typeof makeSetupLink>[0] => ({ ...service.deps, ownerDb: service.database.ownerDb })

async function newLink(organisation: string | null = null): Promise<string> {
  return `/kayttoonotto/${(await makeSetupLink(owner(), organisation)).link}`
}

const form = {
  kind: 'foundation',
  organisation: 'Merisäätiö',
  code: 'mer1',
  url: 'https://merisaatio.example/',
  publicEmail: 'merkit@merisaatio.example',
  name: 'Aulis A.',
  email: 'aulis@merisaatio.example',
  password,
}

async function finish(browser: Browser, email: string): Promise<void> {
  await browser.get('/kirjaudu/vahvistus/uusi')
  const set = await browser.submit('/kirjaudu/vahvistus/uusi', { code: await browser.authenticator(email) })
  expect(set.statusCode, set.body).toBe(200)
}

test('the link founds the organisation with its keys and history, and its administrator sets up the second factor', async () => {
  const link = await newLink()
  const browser = service.browser()
  const page = await browser.get(link)
  expect(page.statusCode).toBe(200)
  expect(page.headers['cache-control']).toBe('no-store')
  const made = await browser.submit(link, form)
  expect(made.statusCode, made.body).toBe(303)
  expect(made.headers.location).toBe('/kirjaudu/vahvistus/uusi?next=%2Ftili')
  expect((await browser.get('/tili')).headers.location).toMatch(/^\/kirjaudu\/vahvistus\/uusi/)
  await finish(browser, form.email)
  expect((await browser.get('/tili')).statusCode).toBe(200)
  const rows = await asTenant(service.deps.db, 'mer1', async (trx) => ({
    organisation: await trx
      .selectFrom('organisation')
      .select(['name', 'kind', 'demo'])
      .where('tenant_id', '=', 'mer1')
      .execute(),
    keys: await trx.selectFrom('signing_key').select('algorithm').execute(),
    lines: await trx.selectFrom('history').select(['seq', 'kind']).orderBy('seq').execute(),
    roles: await trx.selectFrom('role_grant').select('role').execute(),
  }))
  expect(rows.organisation).toEqual([{ name: 'Merisäätiö', kind: 'foundation', demo: false }])
  expect(rows.keys.map(({ algorithm }) => algorithm).toSorted()).toEqual(['EdDSA', 'RS256'])
  expect(rows.lines.map(({ kind }) => kind)).toEqual(['key.made', 'key.made'])
  expect(rows.roles).toEqual([{ role: 'admin' }])
  // The public documents are there.
  expect((await service.app.inject({ url: '/o/mer1' })).statusCode).toBe(200)
})

describe('the link', () => {
  test('works once', async () => {
    const link = await newLink()
    const [one, two] = [service.browser(), service.browser()]
    for (const browser of [one, two]) await browser.get(link)
    const answers = await Promise.all([
      one.submit(link, { ...form, code: 'aaa1', email: 'a@a.example' }),
      two.submit(link, { ...form, code: 'aaa2', email: 'b@a.example' }),
    ])
    expect(answers.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b)).toEqual([303, 410])
    expect((await one.get(link)).statusCode).toBe(410)
  })

  test('works for 24 hours, and a new one ends the one before', async () => {
    const first = await newLink()
    const second = await newLink()
    expect((await service.browser().get(first)).statusCode).toBe(410)
    service.at('2026-11-23T08:59:00Z')
    expect((await service.browser().get(second)).statusCode).toBe(200)
    service.at('2026-11-23T09:01:00Z')
    expect((await service.browser().get(second)).statusCode).toBe(410)
  })

  test('that never was opens nothing', async () => {
    const page = await service.browser().get(`/kayttoonotto/${'A'.repeat(22)}`)
    expect(page.statusCode).toBe(410)
    expect(page.body).toContain('komennolla setup')
  })

  test('is kept as a digest and stands in no log', async () => {
    const lines: string[] = []
    const { deps } = service
    const log = createLog('debug', (line) => void lines.push(line))
    const app = await buildApp(createDeps({ ...deps, log }, { now: () => deps.now() }))
    const link = await newLink()
    const secret = link.split('/').at(-1) ?? ''
    await app.inject({ url: link, headers: { accept: 'text/html' } })
    await app.inject({
      method: 'POST',
      url: link,
      payload: 'a=b',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    await app.close()
    expect(lines.length).toBeGreaterThan(1)
    expect(lines.join('\n')).not.toContain(secret)
    expect(lines.join('\n')).toContain('/kayttoonotto/:link')
    const rows = await service.database.ownerDb.selectFrom('setup_link').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain(Buffer.from(secret).toString('hex'))
    expect(JSON.stringify(rows)).not.toContain(secret)
  })

  test('with a form that must be mended is not used up: each field says what to do, and nothing is founded', async () => {
    const link = await newLink()
    const browser = service.browser()
    await browser.get(link)
    const tries: readonly [Partial<typeof form>, string][] = [
      [{ kind: '' }, 'kind'],
      [{ organisation: ' ' }, 'organisation'],
      [{ code: 'Meri1' }, 'code'],
      [{ code: 'mer1' }, 'code'],
      [{ url: 'http://merisaatio.example/' }, 'url'],
      [{ publicEmail: 'merkit' }, 'publicEmail'],
      [{ name: '' }, 'name'],
      [{ email: 'aulis' }, 'email'],
      [{ password: 'lyhyt' }, 'password'],
      [{ password: 'Salasana1234' }, 'password'],
      [{ email: 'aulis@merisaatio.example' }, 'email'],
      [{ organisation: 'Tehostettu tuki' }, 'organisation'],
    ]
    const good = { ...form, code: 'bbb1', email: 'b@b.example' }
    for (const [wrong, field] of tries) {
      const refused = await browser.submit(link, { ...good, ...wrong })
      expect(refused.statusCode, `${field} ${refused.body.slice(0, 200)}`).toBe(422)
      expect(refused.body, field).toContain(`href="#${field}"`)
      expect(refused.body).not.toContain(good.password)
    }
    const there = await service.deps.db
      .selectFrom('organisation')
      .select('tenant_id')
      .where('tenant_id', '=', 'bbb1')
      .execute()
    expect(there).toEqual([])
    expect((await browser.submit(link, good)).statusCode).toBe(303)
  })

  test('of an organisation that is there asks for the account only', async () => {
    const { code } = await givenFoundation(service, { module: false })
    const link = await newLink(code)
    const browser = service.browser()
    expect((await browser.get(link)).body).not.toContain('name="code"')
    const email = `uusi@${code}.example`
    expect((await browser.submit(link, { name: 'Aulis A.', email, password })).statusCode).toBe(303)
    await finish(browser, email)
    const { tenant_id } = await service.database.ownerDb
      .selectFrom('session')
      .select('tenant_id')
      .orderBy('id', 'desc')
      .where('tenant_id', '=', code)
      .executeTakeFirstOrThrow()
    expect(tenant_id).toBe(code)
    expect((await browser.get(link)).statusCode).toBe(410)
  })
})

describe('S-10: the service’s own role', () => {
  test('founds nothing without an unused link of the owner’s, makes no link, and reads none back', async () => {
    const { db } = service.database
    const found = async (digest: Buffer): Promise<unknown> =>
      await asTenant(db, 'zzz9', async (trx) => {
        const { rows } = await sql<{
          isFounded: boolean
        }>`select app.found_by_link(${digest}, 'zzz9', 'foundation', 'Z', 'https://z.example', 'z@z.example', 'RS256', now()) as "isFounded"`.execute(
          trx,
        )
        return rows[0]?.isFounded
      })
    expect(await found(Buffer.alloc(32))).toBe(false)
    await expect(
      db
        .insertInto('setup_link')
        .values({
          digest: Buffer.alloc(32),
          organisation: null,
          made_at: new Date(),
          expires_at: new Date(),
          used_at: null,
        })
        .execute(),
    ).rejects.toMatchObject({ code: '42501' })
    await expect(db.updateTable('setup_link').set({ expires_at: new Date() }).execute()).rejects.toMatchObject({
      code: '42501',
    })
    const there = await db.selectFrom('organisation').select('tenant_id').where('tenant_id', '=', 'zzz9').execute()
    expect(there).toEqual([])
  })
})
