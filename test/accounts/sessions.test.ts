import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { changeRoles, disableAccount, makeAccount } from '../../src/accounts/account.ts'
import { messages } from '../../src/i18n/index.ts'
import { type Browser, signInByPage, startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation, password } from '../support/given.ts'
import { asStaff, authenticatorCode, codeAt } from '../support/staff.ts'

// S-14: what ends a session, and a coach's own device.

const { signIn } = messages('fi')
let service: TestService
let foundation: Foundation
const start = Date.parse('2026-11-22T09:00:00Z')
let count = 0

beforeAll(async () => {
  service = await startService()
  foundation = await givenFoundation(service)
  await foundation.readyForSanding('maija')
})
afterAll(async () => await service.close())
beforeEach(async () => {
  await service.database.ownerDb.deleteFrom('sign_in_failure').execute()
  after(0)
})

/** So many minutes after nine o'clock. */
function after(minutes: number): void {
  service.at(new Date(start + minutes * 60_000))
}

async function account(
  role: 'coach' | 'coordinator' = 'coach',
): Promise<{ readonly name: string; readonly id: string }> {
  count += 1
  const signInName = `nro${count}@${foundation.code}.example`
  const wanted = { signInName, password, displayName: 'Outi O.', roles: [role] }
  return { name: signInName, id: await makeAccount(service.deps, foundation.code, wanted) }
}

describe('S-14: staff', () => {
  test('are out after 30 idle minutes and after 12 hours in all', async () => {
    const browser = await foundation.browser('pekka')
    for (let minutes = 29; minutes < 12 * 60; minutes += 29) {
      after(minutes)
      expect((await browser.get('/ryhma')).statusCode, `${minutes} minutes`).toBe(200)
    }
    after(12 * 60 + 1)
    expect((await browser.get('/ryhma')).statusCode).toBe(303)
    after(0)
    const idle = await foundation.browser('pekka')
    after(31)
    expect((await idle.get('/ryhma')).headers.location).toBe('/kirjaudu?paattyi=1&next=%2Fryhma')
    after(1)
    const lively = await foundation.browser('pekka')
    after(30)
    expect((await lively.get('/ryhma')).statusCode).toBe(200)
  })

  test('who sends a form after the session ended is told so, and comes back to the form', async () => {
    const browser = await foundation.browser('pekka')
    await browser.get('/kirjaa')
    after(31)
    const asked = await browser.submit('/kirjaa', { note: 'x' })
    expect([asked.statusCode, asked.headers.location]).toEqual([303, '/kirjaudu?paattyi=1&next=%2Fkirjaa'])
    const page = await browser.get(asked.headers.location ?? '')
    expect(page.body).toContain(signIn.ended)
    const next = /name="next" value="([^"]*)"/.exec(page.body)?.[1] ?? ''
    const entered = await browser.submit('/kirjaudu', { email: foundation.email('pekka'), password, next })
    expect([entered.statusCode, entered.headers.location]).toEqual([303, '/kirjaa'])
  })

  test('nobody is led to an address that only takes a form, nor told of a session that never was', async () => {
    const browser = await foundation.browser('pekka')
    await browser.get('/ryhma')
    after(31)
    expect((await browser.submit('/kirjaudu/lisaa-aikaa', {})).headers.location).toBe('/kirjaudu?paattyi=1')
    const stranger = service.browser()
    expect((await stranger.get('/ryhma')).headers.location).toBe('/kirjaudu?next=%2Fryhma')
    expect((await stranger.get('/kirjaudu?next=%2Fryhma')).body).not.toContain(signIn.ended)
  })

  const ends: Readonly<Record<string, (id: string) => Promise<unknown>>> = {
    'another role': async (id) => await changeRoles(service.deps, foundation.code, id, ['coach', 'foundation_lead']),
    'a role less': async (id) => await changeRoles(service.deps, foundation.code, id, []),
    'a role that is written by anybody else': async (id) =>
      await service.database.ownerDb
        .updateTable('role_grant')
        .set({ ended_at: new Date() })
        .where('account_id', '=', id)
        .execute(),
    'a closed account': async (id) => await disableAccount(service.deps, foundation.code, id),
    'an account that was closed and opened again': async (id) => {
      await disableAccount(service.deps, foundation.code, id)
      await disableAccount(service.deps, foundation.code, id, false)
    },
    'a password that is written by anybody else': async (id) =>
      await service.database.ownerDb.updateTable('account').set({ password_hash: 'x' }).where('id', '=', id).execute(),
  }

  test.each(Object.keys(ends))('%s ends every session, by page and by API, at the next request', async (what) => {
    const { name, id } = await account()
    const [one, two] = [service.browser(), service.browser()]
    await signInByPage(one, name, password)
    await signInByPage(two, name, password)
    const api = await asStaff(service, name, password)
    const other = await foundation.browser('pekka')
    expect((await api.get('/api/v1/clients')).statusCode).toBe(200)
    await ends[what]?.(id)
    for (const browser of [one, two]) expect((await browser.get('/tili')).statusCode).toBe(303)
    expect((await api.get('/api/v1/clients')).statusCode).toBe(401)
    expect((await other.get('/tili')).statusCode).toBe(200)
  })

  test('roles are those that were said, also when one comes back', async () => {
    const { name, id } = await account()
    await changeRoles(service.deps, foundation.code, id, ['foundation_lead', 'school', 'school'])
    await changeRoles(service.deps, foundation.code, id, ['coach'])
    const rows = await service.database.ownerDb
      .selectFrom('role_grant')
      .select(['role', 'ended_at'])
      .where('account_id', '=', id)
      .execute()
    expect(rows.filter(({ ended_at: ended }) => ended === null).map(({ role }) => role)).toEqual(['coach'])
    expect((await (await asStaff(service, name, password)).get('/api/v1/clients')).statusCode).toBe(200)
  })

  test('log out ends the session itself: the cookie that was kept opens nothing, and the browser is told to forget', async () => {
    const browser = await foundation.browser('pekka')
    const seen = await browser.get('/tili')
    expect(seen.headers['cache-control']).toBe('no-store')
    const out = await browser.submit('/kirjaudu/ulos', {})
    expect(out.headers['clear-site-data']).toBe('"cache", "storage"')
    const { rows } = {
      rows: await service.database.ownerDb
        .selectFrom('session')
        .select('ended_at')
        .where('account_id', '=', foundation.accounts.pekka)
        .orderBy('started_at', 'desc')
        .execute(),
    }
    expect(rows.some(({ ended_at: ended }) => ended !== null)).toBe(true)
    expect((await browser.get('/tili')).statusCode).toBe(303)
  })
})

describe('S-14, S-17: another password', () => {
  test('by page: the old one is asked for, the new one must be good, and every other session ends', async () => {
    const { name } = await account()
    const [one, two] = [service.browser(), service.browser()]
    await signInByPage(one, name, password)
    await signInByPage(two, name, password)
    await one.get('/tili/salasana')
    const tries = [
      { password: 'not the password', next: 'joki-kuusi-hilla-7', field: 'password' },
      { password, next: 'lyhyt', field: 'next' },
      { password, next: 'Salasana1234', field: 'next' },
      { password, next: 'x'.repeat(20), field: 'next' },
    ]
    for (const { field, ...form } of tries) {
      const refused = await one.submit('/tili/salasana', form)
      expect(refused.statusCode).toBe(422)
      expect(refused.body).toContain(`href="#${field}"`)
      expect(refused.body).not.toContain(form.next)
    }
    const changed = await one.submit('/tili/salasana', { password, next: 'joki-kuusi-hilla-7' })
    expect(changed.headers.location).toBe('/tili?tehty=salasana')
    expect((await one.get('/tili?tehty=salasana')).body).toContain('Salasana on vaihdettu.')
    expect((await two.get('/tili')).statusCode).toBe(303)
    const again = await service.api().post('/api/v1/tokens', { name, password })
    expect(again.statusCode).toBe(401)
    await signInByPage(service.browser(), name, 'joki-kuusi-hilla-7')
  })

  test('by API: the same, with a new token in the answer', async () => {
    const { name } = await account()
    const api = await asStaff(service, name, password)
    const next = 'joki-kuusi-hilla-7'
    expect((await api.post('/api/v1/password', { password: next, next })).json()).toMatchObject({
      code: 'wrong-password',
    })
    const changed = await api.post('/api/v1/password', { password, next })
    expect(changed.statusCode).toBe(200)
    expect((await api.get('/api/v1/clients')).statusCode).toBe(401)
    const { token } = changed.json<{ token: string }>()
    expect((await service.api(token).get('/api/v1/clients')).statusCode).toBe(200)
  })

  test('a wrong old one waits after five, so that an open computer is not enough to guess it', async () => {
    const { name } = await account()
    const api = await asStaff(service, name, password)
    const change = async (old: string): Promise<number> =>
      (await api.post('/api/v1/password', { password: old, next: 'joki-kuusi-hilla-7' })).statusCode
    for (let time = 0; time < 5; time += 1) expect(await change('not the password')).toBe(422)
    expect(await change(password)).toBe(422)
    after(2)
    expect(await change(password)).toBe(200)
  })
})

describe('S-14: a coach’s own device', () => {
  async function device(name = 'Pajan tabletti', who = foundation.email('pekka')): Promise<Browser> {
    const browser = service.browser()
    await signInByPage(browser, who, password)
    await browser.get('/tili')
    const registered = await browser.submit('/tili/laitteet', { name })
    expect(registered.headers.location).toBe('/tili?tehty=laite')
    return browser
  }

  const { task } = { task: (key: string): string => foundation.task(key).id }

  async function record(browser: Browser): Promise<string> {
    const page = await browser.get('/kirjaa')
    expect(page.statusCode).toBe(200)
    const key = /name="idempotencyKey" value="([^"]+)"/.exec(page.body)?.[1] ?? ''
    const saved = await browser.submit('/kirjaa', {
      people: foundation.clients.maija,
      task: task('t3'),
      support: 'minor',
      date: '2026-11-22',
      note: '',
      lateReason: '',
      search: '',
      action: '',
      idempotencyKey: key,
    })
    expect(saved.statusCode, saved.body).toBe(303)
    return String(saved.headers.location)
  }

  const history = (): readonly string[] => [
    '/ryhma',
    `/ryhma/${foundation.clients.maija}`,
    '/hakemukset',
    '/tili',
    '/moduulit',
  ]

  test('records for 12 hours, and after 30 idle minutes asks for the password before anything that reads history', async () => {
    const browser = await device()
    for (const path of history()) expect((await browser.get(path)).statusCode, path).toBe(200)
    after(45)
    for (const path of history())
      expect((await browser.get(path)).headers.location, path).toBe(
        `/kirjaudu/uudelleen?next=${encodeURIComponent(path)}`,
      )
    const saved = await browser.get(await record(browser))
    expect(saved.body).toContain('Tallennettu: Maija K.')
    const undo = /action="(\/kirjaa\/[^"]+\/kumoa)"/.exec(saved.body)?.[1] ?? ''
    expect((await browser.submit(undo, {})).statusCode).toBe(303)
    // Recording is no proof of who holds the device: the rest stays closed.
    after(50)
    await record(browser)
    expect((await browser.get('/ryhma')).statusCode).toBe(303)
    after(11 * 60)
    await record(browser)
    after(12 * 60 + 1)
    expect((await browser.get('/kirjaa')).headers.location).toMatch(/^\/kirjaudu\?/)
  })

  test('shows today’s names and nothing of what was before while it is closed', async () => {
    const browser = await device()
    expect((await browser.get('/kirjaa')).body).toContain('Maija K.')
    expect((await browser.get('/kirjaa')).body).toMatch(/Valmiina merkkiin|eri päivänä/)
    after(40)
    const page = (await browser.get('/kirjaa')).body
    expect(page).toContain('Maija K.')
    expect(page).not.toMatch(/eri päivänä|kirjausta, /)
    expect(page).not.toMatch(/class="tag info"/)
    expect(page).toContain('Anna salasana uudelleen')
    const observation = await foundation.record({ task: 't3' })
    expect((await browser.get(`/kirjaa/${observation}/korjaa`)).headers.location).toMatch(/^\/kirjaudu\/uudelleen/)
    expect((await browser.submit(`/ryhma/${foundation.clients.maija}/koodi`, {})).statusCode).toBe(303)
    const person = `/ryhma/${foundation.clients.maija}`
    expect((await browser.submit(`${person}/kortti`, {})).headers.location).toBe(
      `/kirjaudu/uudelleen?${new URLSearchParams({ next: person }).toString()}`,
    )
  })

  test('opens again with the password, under another session; a wrong one does not', async () => {
    const browser = await device()
    after(40)
    await browser.get('/kirjaudu/uudelleen?next=%2Fryhma')
    expect(
      (await browser.submit('/kirjaudu/uudelleen', { password: 'not the password', next: '/ryhma' })).statusCode,
    ).toBe(422)
    expect((await browser.get('/ryhma')).statusCode).toBe(303)
    await browser.get('/kirjaudu/uudelleen')
    const opened = await browser.submit('/kirjaudu/uudelleen', { password, next: '/ryhma' })
    expect(opened.headers.location).toBe('/ryhma')
    expect((await browser.get('/ryhma')).statusCode).toBe(200)
    after(60)
    expect((await browser.get('/ryhma')).statusCode).toBe(200)
    after(95)
    expect((await browser.get('/ryhma')).statusCode).toBe(303)
    await record(browser)
  })

  test('asks for the second factor too where the coach has one', async () => {
    const { name, id } = await account()
    await changeRoles(service.deps, foundation.code, id, ['coach', 'coordinator'])
    const browser = await device('Oma puhelin', name)
    after(45)
    const page = await browser.get('/kirjaudu/uudelleen')
    expect(page.body).toContain('Vahvistuskoodi')
    const give = async (code: string): Promise<number> =>
      (await browser.submit('/kirjaudu/uudelleen', { password, code, next: '/' })).statusCode
    expect(await give('')).toBe(422)
    expect(await give('000000')).toBe(422)
    expect(await give(await authenticatorCode(service, name))).toBe(303)
    expect((await browser.get('/hakemukset')).statusCode).toBe(200)
  })

  test('is known at the next sign-in by its own mark; another account’s sign-in there gets no long session', async () => {
    const browser = await device()
    await browser.submit('/kirjaudu/ulos', {})
    await signInByPage(browser, foundation.email('pekka'), password)
    after(45)
    await record(browser)
    await browser.submit('/kirjaudu/ulos', {})
    await signInByPage(browser, foundation.email('sari'), password)
    after(90)
    expect((await browser.get('/kirjaa')).headers.location).toMatch(/^\/kirjaudu\?/)
  })

  test('that is lost is taken away: its session ends at once, the one at hand goes on', async () => {
    const { name } = await account()
    const lost = await device('Kadonnut puhelin', name)
    const here = service.browser()
    await signInByPage(here, name, password)
    const remove = /action="(\/tili\/laitteet\/[^"]+)"/.exec((await here.get('/tili')).body)?.[1] ?? ''
    expect((await here.submit(remove, {})).headers.location).toBe('/tili?tehty=poisto')
    expect((await lost.get('/kirjaa')).headers.location).toMatch(/^\/kirjaudu\?/)
    expect((await here.get('/tili')).body).toContain('Laitteita ei ole.')
    await signInByPage(lost, name, password)
    after(31)
    expect((await lost.get('/kirjaa')).headers.location).toMatch(/^\/kirjaudu\?/)
  })

  test('is the coach’s alone: nobody takes another’s away, and who records nothing has none (S-11, S-12)', async () => {
    await device()
    const { id } = await service.database.ownerDb
      .selectFrom('staff_device')
      .select('id')
      .where('account_id', '=', foundation.accounts.pekka)
      .where('ended_at', 'is', null)
      .executeTakeFirstOrThrow()
    const sari = await foundation.browser('sari')
    await sari.get('/tili')
    expect((await sari.submit(`/tili/laitteet/${id}/poista`, {})).statusCode).toBe(404)
    const kaisa = await foundation.browser('kaisa')
    expect((await kaisa.get('/tili')).body).not.toContain('Omat laitteet')
    expect((await kaisa.submit('/tili/laitteet', { name: 'Pöytäkone' })).statusCode).toBe(403)
    for (const name of ['', ' ', 'x'.repeat(61), 'a\u0007b'])
      expect((await sari.submit('/tili/laitteet', { name })).statusCode).toBe(422)
  })
})

describe('S-14: a shared computer', () => {
  async function shared(): Promise<Browser> {
    const browser = service.browser()
    await browser.get('/kirjaudu/koodi')
    const entered = await browser.submit('/kirjaudu/koodi', { code: await foundation.code8('maija'), shared: '1' })
    expect(entered.statusCode).toBe(303)
    return browser
  }

  test('ends after ten idle minutes, says when, and gives more time for a button', async () => {
    const browser = await shared()
    expect((await browser.get('/passi')).body).toContain('Kirjaudut ulos kello 11.10, jos et tee mitään.')
    after(9)
    const page = await browser.get('/merkit')
    expect(page.body).toContain('kello 11.19')
    expect(page.body).toContain('Tarvitsen lisää aikaa')
    const more = await browser.submit('/kirjaudu/lisaa-aikaa', { next: '/merkit' })
    expect(more.headers.location).toBe('/merkit')
    expect((await browser.get('/merkit')).body).toContain('kello 11.29')
    after(28)
    expect((await browser.get('/merkit')).statusCode).toBe(200)
    // As often as is needed (WCAG 2.2.1).
    for (let time = 0; time < 12; time += 1) {
      after(28 + time * 19)
      expect((await browser.submit('/kirjaudu/lisaa-aikaa', { next: '//elsewhere.example' })).headers.location).toBe(
        '/',
      )
    }
    after(28 + 11 * 19 + 21)
    expect((await browser.get('/passi')).statusCode).toBe(303)
  })

  test('without the box ten idle minutes are no end, and no button is shown', async () => {
    const browser = await foundation.browser('maija')
    expect((await browser.get('/passi')).body).not.toContain('Tarvitsen lisää aikaa')
    after(25)
    expect((await browser.get('/passi')).statusCode).toBe(200)
    const idle = await shared()
    after(36)
    expect((await idle.get('/passi')).statusCode).toBe(303)
  })
})

test('S-13: the token of a session that still wants something is no key to anything else', async () => {
  const { name } = await account('coordinator')
  const signedIn = await service.api().post('/api/v1/tokens', { name, password })
  const { token } = signedIn.json<{ token: string }>()
  const page = await service.app.inject({
    url: '/tili',
    headers: { cookie: `op_session=${token}`, accept: 'text/html' },
  })
  expect(page.headers.location).toMatch(/^\/kirjaudu\?/)
  const { secret } = (await service.api(token).post('/api/v1/second-factor', {})).json<{ secret: string }>()
  const set = await service
    .api(token)
    .post('/api/v1/second-factor/confirmation', { code: codeAt(secret, service.deps.now()) })
  expect(set.statusCode).toBe(200)
})
