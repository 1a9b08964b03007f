import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { applyForBadge } from '../../src/awards/application.ts'
import { accept, givenOffered, publicOrigin, show, type GivenAward } from '../publication/given-award.ts'
import { type Browser, signInByPage, startService, type TestService } from '../support/app.ts'
import { clientActor, type Foundation, givenFoundation, password } from '../support/given.ts'
import { markupFaults } from '../support/markup.ts'
import { erase, givenErasureRequest } from '../rights/given-request.ts'

// A client goes to another foundation, or is in two: by consent, in the own session (PRODUCT A1, SECURITY-BAR 4).

let service: TestService
let old: Foundation
let next: Foundation
let award: GivenAward

beforeAll(async () => {
  service = await startService({ publicOrigin })
  old = await givenFoundation(service, { name: 'Meriva' })
  next = await givenFoundation(service, { name: 'Eduro', module: false })
  award = await givenOffered(old)
  await accept(old, award)
  await show(old, award, true)
})
afterAll(async () => await service.close())

async function codeOf(foundation: Foundation, coach: 'pekka' | 'sari' = 'sari'): Promise<string> {
  const kaisa = await foundation.as('kaisa')
  const made = await kaisa.post('/api/v1/client-invitations', { coachId: foundation.accounts[coach] })
  expect(made.statusCode, made.body).toBe(201)
  return made.json<{ code: string }>().code
}

/** A new card, and what a form needs of it. */
async function cardOf(
  foundation: Foundation,
  client: string,
  by: 'pekka' | 'sari',
): Promise<{ card: string; pin: string }> {
  const made = await (await foundation.as(by)).post(`/api/v1/clients/${client}/cards`, {})
  expect(made.statusCode, made.body).toBe(201)
  const { card, pin } = made.json<{ card: string; pin: string }>()
  return { card, pin }
}

async function signInByCard(browser: Browser, given: { card: string; pin: string }): Promise<Browser> {
  await browser.get(`/kirjaudu/kortti/${given.card}`)
  expect((await browser.submit('/kirjaudu/kortti', given)).statusCode).toBe(303)
  return browser
}

async function signInByCode(browser: Browser, foundation: Foundation, client: string): Promise<Browser> {
  const handed = await (await foundation.as('sari')).post(`/api/v1/clients/${client}/codes`, {})
  await browser.get('/kirjaudu/koodi')
  const { code } = handed.json<{ code: string }>()
  expect((await browser.submit('/kirjaudu/koodi', { code })).statusCode).toBe(303)
  return browser
}

async function audit(tenant: string, kind: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::integer as count from audit_event
    where tenant_id = ${tenant} and kind = ${kind}`.execute(service.database.ownerDb)
  return rows[0]?.count ?? 0
}

async function idIn(foundation: Foundation, from: Foundation, client: string): Promise<string> {
  const row = await service.database.ownerDb
    .selectFrom('client_link')
    .select('other_client')
    .where('tenant_id', '=', from.code)
    .where('client_id', '=', client)
    .where('other_tenant', '=', foundation.code)
    .executeTakeFirstOrThrow()
  return row.other_client
}

describe('a client of two foundations', () => {
  test('agrees on the page; both go on, and each passport is opened in turn', async () => {
    const kaisa = await next.browser('kaisa')
    expect(markupFaults((await kaisa.get('/hallinta/kutsut')).body)).toEqual([])
    const made = await kaisa.submit('/hallinta/kutsut', { coachId: next.accounts.pekka })
    expect(markupFaults(made.body)).toEqual([])
    const code = /class="one-time-code">([^<]+)</.exec(made.body)?.[1] ?? ''
    expect(code.replaceAll(' ', '')).toHaveLength(12)

    const antti = await signInByCard(service.browser(), await cardOf(old, old.clients.antti, 'pekka'))
    expect((await antti.get('/tiedot')).body).toContain('href="/tiedot/siirto"')
    expect(markupFaults((await antti.get('/tiedot/siirto')).body)).toEqual([])
    const wrong = await antti.submit('/tiedot/siirto', { code: `${next.code}ABCDEFGH` })
    expect(wrong.statusCode).toBe(422)
    expect(wrong.body).toContain('id="code-error"')
    const check = await antti.submit('/tiedot/siirto', { code })
    expect(markupFaults(check.body)).toEqual([])
    expect(check.body).toContain('Otatko tietosi mukaan: Eduro?')
    // Nothing is chosen before the client does it, and nothing has happened yet.
    expect(check.body).not.toContain('checked')
    expect(await audit(next.code, 'client.joined')).toBe(0)
    const unsaid = await antti.submit('/tiedot/siirto/suostumus', { code })
    expect(unsaid.statusCode).toBe(422)
    const agreed = await antti.submit('/tiedot/siirto/suostumus', { code, which: 'join' })
    expect(agreed.statusCode, agreed.body).toBe(303)
    expect((await antti.get(agreed.headers.location ?? '')).body).toContain('Olet nyt valmentautuja täällä: Eduro.')

    const there = await idIn(next, old, old.clients.antti)
    expect((await (await next.browser('pekka')).get('/ryhma')).body).toContain('href="/ryhma/' + there)
    expect((await (await old.as('pekka')).get(`/api/v1/clients/${old.clients.antti}`)).statusCode).toBe(200)
    expect((await (await next.as('pekka')).get(`/api/v1/clients/${old.clients.antti}`)).statusCode).toBe(404)
    expect((await (await old.as('pekka')).get(`/api/v1/clients/${there}`)).statusCode).toBe(404)

    expect((await antti.get('/passi')).body).toContain(`/passi/toinen/${next.code}`)
    expect((await antti.submit(`/passi/toinen/${next.code}`, {})).headers.location).toBe('/passi')
    const passport = await antti.get('/passi')
    expect(passport.statusCode).toBe(200)
    expect(passport.body).toContain(`/passi/toinen/${old.code}`)
    await antti.submit(`/passi/toinen/${old.code}`, {})
    expect((await antti.get('/passi')).body).toContain(`/passi/toinen/${next.code}`)
    expect((await antti.submit(`/passi/toinen/zz99`, {})).statusCode).toBe(404)
    // The code opened once.
    expect((await antti.submit('/tiedot/siirto', { code })).statusCode).toBe(422)
  })

  test('leaves one without touching the other', async () => {
    const there = await idIn(next, old, old.clients.antti)
    await erase(old, await givenErasureRequest(service, old, 'antti'))
    expect((await (await next.as('pekka')).get(`/api/v1/clients/${there}`)).statusCode).toBe(200)
    const antti = await signInByCard(service.browser(), await cardOf(next, there, 'pekka'))
    expect((await antti.get('/passi')).statusCode).toBe(200)
    expect((await antti.submit(`/passi/toinen/${old.code}`, {})).statusCode).toBe(404)
  })
})

describe('going from the one passport to the other', () => {
  let risto: string
  const signIn = async (browser: Browser, foundation = old, client = risto): Promise<Browser> =>
    await signInByCard(browser, await cardOf(foundation, client, 'sari'))
  const go = async (browser: Browser, to: Foundation): Promise<number> => {
    await browser.get('/passi')
    return (await browser.submit(`/passi/toinen/${to.code}`, {})).statusCode
  }
  const live = async (): Promise<readonly { readonly ends_at: Date }[]> =>
    (
      await sql<{ ends_at: Date }>`select tenant_id, opened_by, card_id is not null as by_card, ends_at from session
        where client_id in (${risto}, ${await idIn(next, old, risto)}) and ended_at is null and went_session is null`.execute(
        service.database.ownerDb,
      )
    ).rows

  beforeAll(async () => {
    risto = await old.addClient({ given: 'Risto', family: 'Rinne' }, ['sari', 'pekka'])
    const browser = service.browser()
    await signIn(browser)
    const code = await codeOf(next)
    await browser.get('/tiedot/siirto')
    const agreed = await browser.submit('/tiedot/siirto/suostumus', { code, which: 'join' })
    expect(agreed.statusCode, agreed.body).toBe(303)
    await sql`update session set ended_at = now() where client_id = ${risto} and ended_at is null`.execute(
      service.database.ownerDb,
    )
  })

  test('lasts no longer, says who opened it, ends with the card, and is seen by the client', async () => {
    const browser = await signIn(service.browser())
    const before = await live()
    expect(before).toMatchObject([{ opened_by: old.accounts.sari, by_card: true }])
    service.at('2026-11-22T09:20:00Z')
    expect(await go(browser, next)).toBe(303)
    expect(await live()).toMatchObject([{ tenant_id: next.code, ends_at: before[0]?.ends_at }])
    expect((await browser.get('/katselut')).body).toContain('Tultiin passista täältä: Meriva')
    expect(await go(browser, old)).toBe(303)
    expect(await live()).toEqual(before)
    const seen = await browser.get('/katselut')
    expect(markupFaults(seen.body)).toEqual([])
    expect(seen.body).toContain('Avattiin passi täällä: Eduro')
    expect(await go(browser, next)).toBe(303)
    expect((await (await old.as('sari')).post(`/api/v1/clients/${risto}/cards/end`, {})).statusCode).toBe(204)
    expect((await browser.get('/passi')).statusCode).toBe(303)
    expect(await live()).toEqual([])
    service.at('2026-11-22T09:00:00Z')
  })

  test('logging out over there ends both', async () => {
    const browser = service.browser()
    await signIn(browser)
    expect(await go(browser, next)).toBe(303)
    await browser.get('/passi')
    await browser.submit('/kirjaudu/ulos', {})
    const { rows } = await sql`select from session where client_id = ${risto} and ended_at is null`.execute(
      service.database.ownerDb,
    )
    expect(rows).toEqual([])
  })

  test('S-15: not in a browser of the staff of either, nor is consent given there', async () => {
    for (const foundation of [old, next]) {
      const browser = service.browser()
      await signInByPage(browser, foundation.email('sari'), password)
      await signIn(browser)
      const refused = await browser.submit(`/passi/toinen/${next.code}`, {})
      expect(refused.statusCode).toBe(409)
      expect(refused.body).toContain('Henkilökunta käyttää tätä selainta')
      expect((await browser.get('/passi')).statusCode).toBe(200)
      const code = await codeOf(next)
      await browser.get('/tiedot/siirto')
      const agreed = await browser.submit('/tiedot/siirto/suostumus', { code, which: 'move' })
      expect(agreed.statusCode).toBe(409)
      expect(agreed.body).toContain('Henkilökunta käyttää tätä selainta')
    }
    // Another browser than the one in which the session was opened does not help either.
    const pekka = await next.browser('pekka')
    const there = await idIn(next, old, risto)
    await signIn(pekka, next, there)
    expect(await go(pekka, old)).toBe(409)
  })

  test('S-15: a code that the staff of one foundation gave opens the passport there, and not the one in the other; a card opens both', async () => {
    const there = await idIn(next, old, risto)
    const ways = [
      { at: old, to: next, client: risto },
      { at: next, to: old, client: there },
    ]
    const before = [await audit(old.code, 'passport.left'), await audit(next.code, 'passport.left')]
    for (const { at, to, client } of ways) {
      const browser = await signInByCode(service.browser(), at, client)
      const passport = await browser.get('/passi')
      expect(markupFaults(passport.body)).toEqual([])
      expect(passport.body).toContain('Toisen säätiön passi ei avaudu sillä')
      expect(passport.body).not.toContain(`/passi/toinen/`)
      const words = { fi: 'Kirjaudu kortillasi', sv: 'Logga in med ditt kort', en: 'Sign in with your card' }
      for (const [lang, word] of Object.entries(words)) {
        await browser.get(`/passi?lang=${lang}`)
        const refused = await browser.submit(`/passi/toinen/${to.code}`, {})
        expect(refused.statusCode, refused.body).toBe(409)
        expect(refused.body).toContain(word)
      }
      expect((await browser.get('/tiedot/kopio.json')).json()).toMatchObject({ organisation: { code: at.code } })
    }
    expect([await audit(old.code, 'passport.left'), await audit(next.code, 'passport.left')]).toEqual(before)
    for (const { at, to, client } of ways) {
      const browser = await signIn(service.browser(), at, client)
      expect((await browser.get('/passi')).body).toContain(`/passi/toinen/${to.code}`)
      expect(await go(browser, to)).toBe(303)
      expect(await go(browser, at)).toBe(303)
    }
  })

  test('S-15: a token that a code opened stays in its foundation, and opens no page', async () => {
    const before = await audit(old.code, 'passport.left')
    const handed = await (await old.as('sari')).post(`/api/v1/clients/${risto}/codes`, {})
    const opened = await service.api().post('/api/v1/tokens/code', { code: handed.json<{ code: string }>().code })
    const { token } = opened.json<{ token: string }>()
    expect((await service.api(token).get('/api/v1/passport')).statusCode).toBe(200)
    const answer = await service.api(token).post(`/passi/toinen/${next.code}`, {})
    expect(answer.statusCode).toBe(401)
    expect(await audit(old.code, 'passport.left')).toBe(before)
  })
})

test('who was erased over there may come again, and opens the new passport', async () => {
  const id = await old.addClient({ given: 'Tiina', family: 'Takala' }, ['sari'])
  const signedIn = async (foundation: Foundation, client: string): Promise<Browser> =>
    await signInByCard(service.browser(), await cardOf(foundation, client, 'sari'))
  const join = async (browser: Browser): Promise<string> => {
    const code = await codeOf(next)
    await browser.get('/tiedot/siirto')
    const agreed = await browser.submit('/tiedot/siirto/suostumus', { code, which: 'join' })
    expect(agreed.statusCode, agreed.body).toBe(303)
    return await idIn(next, old, id)
  }
  const tiina = await signedIn(old, id)
  const first = await join(tiina)
  const eraseThere = async (browser: Browser, client: string): Promise<void> => {
    await browser.get('/tiedot/poisto')
    await browser.submit('/tiedot/poisto', {})
    const request = await service.database.ownerDb
      .selectFrom('rights_request')
      .select('id')
      .where('client_id', '=', client)
      .executeTakeFirstOrThrow()
    await erase(next, request.id)
  }
  await eraseThere(await signedIn(next, first), first)
  const second = await join(tiina)
  expect(second).not.toBe(first)
  expect((await tiina.submit(`/passi/toinen/${next.code}`, {})).statusCode).toBe(303)
  expect((await tiina.get('/passi')).statusCode).toBe(200)
  // Erased in the midst of it: the session there is gone, and the one that it came from has ended.
  await eraseThere(tiina, second)
  expect((await tiina.get('/passi')).statusCode).toBe(303)
  const { rows } = await sql`select from session where client_id = ${id} and ended_at is null`.execute(
    service.database.ownerDb,
  )
  expect(rows).toEqual([])
})

describe('a client who moves', () => {
  let maija: Browser
  let there: string
  const seen = (): readonly string[] => [
    `/api/v1/clients/${old.clients.maija}`,
    `/api/v1/observations?clientId=${old.clients.maija}`,
    `/api/v1/awards?clientId=${old.clients.maija}`,
  ]

  test('the old side loses access at once, by page, API, list and program; the new side gets what was chosen', async () => {
    await old.record({ task: 't5', note: 'Salainen muistiinpano' })
    const kaisa = await old.as('kaisa')
    const pages = await old.browser('kaisa')
    const card = await cardOf(old, old.clients.maija, 'pekka')
    const { code: waiting } = (
      await (await old.as('pekka')).post(`/api/v1/clients/${old.clients.maija}/codes`, {})
    ).json<{
      code: string
    }>()
    for (const url of seen()) expect((await kaisa.get(url)).statusCode, url).toBe(200)
    await pages.get('/hallinta/pyynnot/uusi')
    const paper = { client: old.clients.maija, kind: 'copy', words: '', day: '2026-11-22', sure: 'in-person' }
    const request = (await pages.submit('/hallinta/pyynnot/uusi', paper)).headers.location?.split('?')[0] ?? ''
    for (const url of [request, `${request}/kopio.json`]) expect((await pages.get(url)).statusCode, url).toBe(200)
    const code = await codeOf(next)

    maija = await signInByCard(service.browser(), card)
    await maija.get('/tiedot/siirto')
    await maija.submit('/tiedot/siirto', { code })
    const agreed = await maija.submit('/tiedot/siirto/suostumus', { code, which: 'move', take: ['badges', 'work'] })
    expect(agreed.statusCode, agreed.body).toBe(303)

    const pekka = await old.as('pekka')
    for (const url of seen()) {
      expect((await kaisa.get(url)).statusCode, url).toBe(404)
      expect((await pekka.get(url)).statusCode, url).toBe(404)
    }
    // The award is its issuer's still, and says no name; the coach has nothing to do with it any more.
    expect((await kaisa.get(`/api/v1/awards/${award.id}`)).body).not.toMatch(/Maija|Korhonen/)
    expect((await pekka.get(`/api/v1/awards/${award.id}`)).statusCode).toBe(404)
    for (const url of ['/ryhma', '/hakemukset', '/hallinta/suhteet', '/hallinta/loki', '/hallinta/pyynnot'])
      expect((await pages.get(url)).body, url).not.toMatch(/Maija|Korhonen/)
    for (const url of [request, `${request}/kopio.json`]) expect((await pages.get(url)).statusCode, url).toBe(404)
    expect((await kaisa.get('/api/v1/clients?limit=100')).body).not.toContain(old.clients.maija)
    expect((await pekka.get('/api/v1/clients?limit=100')).body).not.toContain(old.clients.maija)
    expect((await service.api().post('/api/v1/tokens/code', { code: waiting })).statusCode).toBe(401)
    expect((await service.api().post('/api/v1/tokens/card', card)).statusCode).toBe(401)

    there = await idIn(next, old, old.clients.maija)
    const sari = await next.browser('sari')
    const person = await sari.get(`/ryhma/${there}`)
    expect(markupFaults(person.body)).toEqual([])
    expect(person.body).toContain('Maija Korhonen')
    expect(person.body).toContain('Mukana toisesta säätiöstä')
    expect(person.body).toContain('Hionta ja suojaimet')
    // Not chosen, or never taken along.
    expect(person.body).not.toContain('Osaan melkein itse')
    expect(person.body).not.toMatch(/Salainen|Vähäinen tuki|Yleinen tuki/)
    expect((await (await next.as('pekka')).get(`/api/v1/clients/${there}`)).statusCode).toBe(404)
    expect([await audit(old.code, 'client.moved'), await audit(old.code, 'consent.given')]).toEqual([1, 5])
  })

  test('keeps the badges: they verify, and the own passport opens them; nothing is applied for there', async () => {
    expect((await service.app.inject(`/b/${award.publicId}`)).statusCode).toBe(200)
    const verdict = await service.api().post('/api/v1/verifications', {
      url: `${publicOrigin}/b/${award.publicId}.jwt`,
    })
    expect(verdict.json()).toMatchObject({ verdict: 'valid' })
    expect((await maija.get('/merkit')).body).toContain('Hionta ja suojaimet')
    expect((await maija.get(`/merkit/${award.id}`)).statusCode).toBe(200)
    const maijaThere = clientActor(old, 'maija', randomUUID())
    await expect(
      applyForBadge(service.deps, maijaThere, { badgeClassId: old.badge('maalaus').classId }),
    ).rejects.toMatchObject({ kind: 'conflict', code: 'moved-away' })
    await maija.get('/passi')
    expect((await maija.submit(`/passi/toinen/${next.code}`, {})).statusCode).toBe(303)
    expect((await maija.get('/tiedot/kopio.json')).json()).toMatchObject({
      organisation: { name: 'Eduro' },
      sections: { broughtAlong: [{ content: { badges: [{ issuer: 'Meriva' }] } }] },
    })
  })

  test('may come back: to the same row, not a second one, with the name there and protected as in between', async () => {
    const code = await codeOf(old, 'pekka')
    const coordinator = await next.as('kaisa')
    await coordinator.put(`/api/v1/clients/${there}/protection`, { protected: true })
    await coordinator.put(`/api/v1/clients/${there}/name`, { givenName: 'Maija', familyName: 'Toisaalla' })
    await maija.get('/tiedot/siirto')
    const agreed = await maija.submit('/tiedot/siirto/suostumus', { code, which: 'move', take: [] })
    expect(agreed.statusCode, agreed.body).toBe(303)
    const back = await (await old.as('pekka')).get(`/api/v1/clients/${old.clients.maija}`)
    expect(back.json(), back.body).toMatchObject({ familyName: 'Korhonen' })
    const mark = await service.database.ownerDb
      .selectFrom('client')
      .select('protected_at')
      .where('id', '=', old.clients.maija)
      .executeTakeFirstOrThrow()
    expect(mark.protected_at).not.toBeNull()
    expect((await service.app.inject(`/b/${award.publicId}`)).statusCode).not.toBe(200)
    expect((await (await old.as('sari')).get(`/api/v1/clients/${old.clients.maija}`)).statusCode).toBe(404)
    expect((await (await next.as('sari')).get(`/api/v1/clients/${there}`)).statusCode).toBe(404)
    const { rows } = await sql<{ count: number }>`select count(*)::integer as count from client
      where tenant_id = ${old.code}`.execute(service.database.ownerDb)
    // Risto, Tiina and Maija.
    expect(rows[0]?.count).toBe(3)
  })

  test('only the client agrees, and only a coordinator invites; a code opens once under a race', async () => {
    for (const who of ['pekka', 'kaisa', 'admin'] as const) {
      const staff = await old.as(who)
      const body = { code: 'AAAABBBBCCCC', purpose: 'move', take: [] }
      expect((await staff.post('/api/v1/passport/move', body)).statusCode, who).toBe(403)
      expect((await (await old.browser(who)).get('/tiedot/siirto')).statusCode, who).toBe(403)
    }
    for (const who of ['pekka', 'admin'] as const) {
      const body = { coachId: old.accounts.pekka }
      expect((await (await old.as(who)).post('/api/v1/client-invitations', body)).statusCode, who).toBe(403)
    }
    const foreign = await (await old.as('kaisa')).post('/api/v1/client-invitations', { coachId: next.accounts.pekka })
    expect(foreign.json()).toMatchObject({ status: 422, code: 'unknown-coach' })

    const third = await givenFoundation(service, { name: 'Saura', module: false })
    const code = await codeOf(third)
    const people = await Promise.all((['maija', 'antti'] as const).map(async (who) => await next.as(who)))
    const answers = await Promise.all(
      people.map(async (api) => await api.post('/api/v1/passport/move', { code, purpose: 'join', take: [] })),
    )
    expect(answers.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b)).toEqual([200, 422])
    expect(await audit(third.code, 'client.joined')).toBe(1)
  })
})

test('who moves in a session that a code opened keeps it, and the way to the new passport is the card', async () => {
  const onni = await old.addClient({ given: 'Onni', family: 'Oja' }, ['sari'])
  const browser = await signInByCode(service.browser(), old, onni)
  const code = await codeOf(next)
  await browser.get('/tiedot/siirto')
  const agreed = await browser.submit('/tiedot/siirto/suostumus', { code, which: 'move' })
  expect(agreed.statusCode, agreed.body).toBe(303)
  expect((await browser.get('/passi')).body).toContain('Kirjaudu kortillasi')
  expect((await browser.submit(`/passi/toinen/${next.code}`, {})).statusCode).toBe(409)
  const there = await idIn(next, old, onni)
  const again = await signInByCard(service.browser(), await cardOf(next, there, 'sari'))
  await again.get('/passi')
  expect((await again.submit(`/passi/toinen/${old.code}`, {})).statusCode).toBe(303)
  expect((await again.get('/tiedot/kopio.json')).json()).toMatchObject({ organisation: { code: old.code } })
})
