import type { LightMyRequestResponse } from 'fastify'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'

// S-17: the client's printed card; S-15: each hand-out is seen by the client.

let service: TestService
let foundation: Foundation
beforeAll(async () => {
  service = await startService()
  foundation = await givenFoundation(service, { module: false })
})
afterAll(async () => await service.close())
beforeEach(async () => {
  await service.database.ownerDb.deleteFrom('sign_in_failure').execute()
  service.at('2026-11-22T09:00:00Z')
})

type Card = { readonly card: string; readonly address: string; readonly pin: string; readonly expiresAt: string }

async function newCard(clientId: string = foundation.clients.maija): Promise<Card> {
  const made = await (await foundation.as('pekka')).post(`/api/v1/clients/${clientId}/cards`, {})
  expect(made.statusCode, made.body).toBe(201)
  return made.json<Card>()
}

async function use({ card, pin }: { readonly card: string; readonly pin: string }): Promise<LightMyRequestResponse> {
  return await service.api().post('/api/v1/tokens/card', { card, pin })
}

/** A client of this test alone. */
let people = 0
const somebody = async (): Promise<string> =>
  await foundation.addClient({ given: 'Veikko', family: `V${'abcdefghij'[((people += 1))] ?? ''}` })

/** Another PIN than this. */
const other = ({ pin }: Card): string => String((Number(pin) + 1) % 10_000).padStart(4, '0')

describe('S-17: a card', () => {
  test('has 128 random bits, a PIN of four digits and six months; its session says who made it', async () => {
    const made = await newCard()
    expect(made.card).toMatch(new RegExp(`^${foundation.code}[\\w-]{22}$`))
    expect(Buffer.from(made.card.slice(4), 'base64url')).toHaveLength(16)
    expect(made.pin).toMatch(/^\d{4}$/)
    expect(made.expiresAt).toBe('2027-05-22T09:00:00.000Z')
    expect(made.address).toBe(`${service.deps.config.pagesOrigin}/kirjaudu/kortti/${made.card}`)
    const signedIn = await use(made)
    expect(signedIn.statusCode).toBe(200)
    const api = service.api(signedIn.json<{ token: string }>().token)
    expect((await api.get('/api/v1/passport')).statusCode).toBe(200)
    const { ownerDb } = service.database
    const row = await ownerDb
      .selectFrom('session')
      .select('opened_by')
      .where('card_id', 'is not', null)
      .executeTakeFirstOrThrow()
    expect(row.opened_by).toBe(foundation.accounts.pekka)
    const stored = JSON.stringify(await ownerDb.selectFrom('sign_in_card').selectAll().execute())
    expect(stored).not.toContain(made.card)
    expect(stored).not.toContain(Buffer.from(made.card).toString('hex'))
  })

  test('opens again and again until six months are over', async () => {
    const made = await newCard()
    for (const day of ['2026-11-23T09:00:00Z', '2027-05-22T08:59:00Z']) {
      service.at(day)
      expect((await use(made)).statusCode).toBe(200)
    }
    service.at('2027-05-22T09:01:00Z')
    expect((await use(made)).statusCode).toBe(401)
  })

  test('unknown, ended, expired and with a wrong PIN answers alike', async () => {
    const ended = await newCard()
    const made = await newCard()
    const answers = [
      await use({ ...made, pin: other(made) }),
      await use(ended),
      await use({ card: `${foundation.code}${'A'.repeat(22)}`, pin: made.pin }),
      await use({ card: 'rubbish', pin: made.pin }),
      await use({ card: `zzzz${made.card.slice(4)}`, pin: made.pin }),
    ]
    const told = answers.map(({ statusCode, json }) => ({ statusCode, ...json<object>(), instance: '' }))
    for (const one of told) expect(one).toEqual(told[0])
    expect(told[0]).toMatchObject({ statusCode: 401, code: 'wrong-card' })
  })

  test('waits after five wrong PINs, also for the right one, a minute and then longer', async () => {
    const made = await newCard()
    for (let time = 0; time < 5; time += 1) expect((await use({ ...made, pin: other(made) })).statusCode).toBe(401)
    expect((await use(made)).statusCode).toBe(401)
    service.at('2026-11-22T09:01:01Z')
    expect((await use({ ...made, pin: other(made) })).statusCode).toBe(401)
    service.at('2026-11-22T09:02:02Z')
    expect((await use(made)).statusCode).toBe(401)
    service.at('2026-11-22T09:03:05Z')
    expect((await use(made)).statusCode).toBe(200)
  })

  test('a new one ends the old one and what it had opened', async () => {
    const client = await somebody()
    const old = await newCard(client)
    const api = service.api((await use(old)).json<{ token: string }>().token)
    const fresh = await newCard(client)
    expect((await api.get('/api/v1/passport')).statusCode).toBe(401)
    expect((await use(old)).statusCode).toBe(401)
    expect((await use(fresh)).statusCode).toBe(200)
  })

  test('of two made at once one is in use', async () => {
    const client = await somebody()
    const both = await Promise.all([newCard(client), newCard(client)])
    const answers = await Promise.all(both.map(use))
    expect(answers.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b)).toEqual([200, 401])
  })

  test('lost: the coach ends it, its sessions end at once, and a second end finds none', async () => {
    const client = await somebody()
    const made = await newCard(client)
    const api = service.api((await use(made)).json<{ token: string }>().token)
    const pekka = await foundation.as('pekka')
    expect((await pekka.post(`/api/v1/clients/${client}/cards/end`, {})).statusCode).toBe(204)
    expect((await api.get('/api/v1/passport')).statusCode).toBe(401)
    expect((await use(made)).statusCode).toBe(401)
    expect((await pekka.post(`/api/v1/clients/${client}/cards/end`, {})).json()).toMatchObject({ code: 'no-card' })
  })

  test('is made by those who work with the client, and by nobody else (S-12)', async () => {
    const { antti } = foundation.clients
    for (const path of ['cards', 'cards/end']) {
      const url = `/api/v1/clients/${antti}/${path}`
      expect((await (await foundation.as('sari')).post(url, {})).statusCode, path).toBe(404)
      for (const who of ['admin', 'maija'] as const)
        expect((await (await foundation.as(who)).post(url, {})).statusCode, `${who} ${path}`).toBe(403)
    }
    expect((await (await foundation.as('kaisa')).post(`/api/v1/clients/${antti}/cards`, {})).statusCode).toBe(201)
  })
})

describe('by page', () => {
  test('a coach makes a card and prints it without the PIN; the client comes in with both', async () => {
    const pekka = await foundation.browser('pekka')
    const way = `/ryhma/${foundation.clients.maija}`
    await pekka.get(way)
    const page = await pekka.submit(`${way}/kortti`, {})
    expect(page.statusCode).toBe(200)
    expect(page.headers['cache-control']).toBe('no-store')
    const address = /class="key">([^<]+)</.exec(page.body)?.[1] ?? ''
    const pin = /class="one-time-code">(\d{4})</.exec(page.body)?.[1] ?? ''
    const [, screen = '', paper = ''] = page.body.split(/<div class="no-print|<section class="card stack sign-in-card"/)
    expect(screen).toContain(pin)
    expect(paper).toContain(address)
    expect(paper.split('</section>')[0]).not.toContain(`>${pin}<`)
    expect((await pekka.get(way)).body).toContain('Kortti on tehty 22.11.2026. Se toimii 22.5.2027 asti.')

    const maija = service.browser()
    const { pathname } = new URL(address)
    const asked = await maija.get(pathname)
    expect(asked.statusCode).toBe(200)
    // The card's address stands in no link, and goes nowhere as a referrer.
    expect(asked.body).not.toContain(`href="${pathname}`)
    expect(asked.headers['referrer-policy']).toBe('same-origin')
    const card = pathname.split('/').at(-1) ?? ''
    const wrong = await maija.submit('/kirjaudu/kortti', { card, pin: 'abcd' })
    expect(wrong.statusCode).toBe(422)
    expect(wrong.body).toContain('Kirjoita PIN uudelleen.')
    expect(
      (await maija.submit('/kirjaudu/kortti', { card, pin: ` ${pin.slice(0, 2)} ${pin.slice(2)}` })).headers.location,
    ).toBe('/passi')

    // S-15: the client sees the card and its use, and ends it.
    const seen = await maija.get('/katselut')
    expect(seen.body).toContain('Kortti')
    expect(seen.body).toContain('Pekka R.')
    expect(seen.body).toContain('Käytetty kerran, viimeksi tänään kello 11.00')
    expect((await maija.submit('/katselut/kortti', {})).headers.location).toBe('/katselut?tehty=kortti')
    expect((await maija.get('/katselut')).headers.location).toMatch(/^\/kirjaudu/)
    const again = service.browser()
    await again.get(pathname)
    expect((await again.submit('/kirjaudu/kortti', { card, pin })).statusCode).toBe(422)
  })

  test('a coach ends a lost card', async () => {
    const pekka = await foundation.browser('pekka')
    const way = `/ryhma/${foundation.clients.maija}`
    await newCard()
    expect((await pekka.get(way)).body).toContain('Kortti on kadonnut')
    const ended = await pekka.submit(`${way}/kortti/poista`, {})
    expect(ended.headers.location).toBe(`${way}?tehty=kortti`)
    const page = await pekka.get(`${way}?tehty=kortti`)
    expect(page.body).toContain('Kortti ei toimi enää.')
    expect(page.body).not.toContain('Kortti on kadonnut')
    // Somebody pressed twice: that is what was wanted.
    expect((await pekka.submit(`${way}/kortti/poista`, {})).statusCode).toBe(303)
  })
})

describe('S-15: the client sees each hand-out', () => {
  type HandOut = { readonly what: string; readonly by: string; readonly times: number; readonly state: string }

  test('of codes and cards, used and not, the newest first; others’ never', async () => {
    const client = await somebody()
    const pekka = await foundation.as('pekka')
    const code = async (): Promise<string> =>
      (await pekka.post(`/api/v1/clients/${client}/codes`, {})).json<{ code: string }>().code
    service.at('2026-11-20T09:00:00Z')
    await code()
    service.at('2026-11-21T09:00:00Z')
    const made = await newCard(client)
    await use(made)
    await use(made)
    service.at('2026-11-22T09:00:00Z')
    const signedIn = await service.api().post('/api/v1/tokens/code', { code: await code() })
    const api = service.api(signedIn.json<{ token: string }>().token)
    service.at('2026-11-22T09:01:00Z')
    await code()
    const { data } = (await api.get('/api/v1/hand-outs')).json<{ data: readonly HandOut[] }>()
    expect(data.map(({ what, times, state, by }) => `${what} ${times} ${state} ${by}`)).toEqual([
      'code 0 open Pekka R.',
      'code 1 used Pekka R.',
      'card 2 open Pekka R.',
      'code 0 ended Pekka R.',
    ])
    const antti = (await (await foundation.as('antti')).get('/api/v1/hand-outs')).json<{ data: readonly HandOut[] }>()
    expect(antti.data.every(({ what }) => what === 'code' || what === 'card')).toBe(true)
    expect(JSON.stringify(antti.data)).not.toContain('2026-11-20')
    expect((await pekka.get('/api/v1/hand-outs')).statusCode).toBe(403)
  })

  test('many that nobody used hide none that was', async () => {
    const pekka = await foundation.as('pekka')
    const client = await foundation.addClient({ given: 'Veikko', family: 'Aho' }, ['pekka'])
    const handOut = async (): Promise<string> =>
      (await pekka.post(`/api/v1/clients/${client}/codes`, {})).json<{ code: string }>().code
    const signedIn = await service.api().post('/api/v1/tokens/code', { code: await handOut() })
    for (let count = 0; count < 101; count += 1) await handOut()
    const api = service.api(signedIn.json<{ token: string }>().token)
    const { data } = (await api.get('/api/v1/hand-outs')).json<{ data: readonly HandOut[] }>()
    expect(data.filter(({ state }) => state === 'used')).toHaveLength(1)
    expect(data.filter(({ state }) => state !== 'used')).toHaveLength(100)
  })
})
