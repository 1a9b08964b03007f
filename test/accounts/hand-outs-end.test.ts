import type { LightMyRequestResponse } from 'fastify'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { disableAccount } from '../../src/accounts/account.ts'
import { addWorkUnit } from '../../src/foundations/work-unit.ts'
import { type Browser, startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation, type StaffName } from '../support/given.ts'

// S-12, S-14: what a colleague handed out for a client ends with the colleague's right to reach the client.

let service: TestService
let f: Foundation
beforeAll(async () => {
  service = await startService()
  f = await givenFoundation(service, { module: false })
})
afterAll(async () => await service.close())

type Card = { readonly card: string; readonly pin: string }

async function handOut(by: StaffName, client: string): Promise<{ readonly card: Card; readonly code: string }> {
  const staff = await f.as(by)
  const made = await staff.post(`/api/v1/clients/${client}/cards`, {})
  expect(made.statusCode, made.body).toBe(201)
  const { address, pin } = made.json<{ address: string; pin: string }>()
  const { code } = (await staff.post(`/api/v1/clients/${client}/codes`, {})).json<{ code: string }>()
  return { card: { card: address.slice(address.lastIndexOf('/') + 1), pin }, code }
}

const byCard = async (card: Card): Promise<LightMyRequestResponse> =>
  await service.api().post('/api/v1/tokens/card', card)
const byCode = async (code: string): Promise<LightMyRequestResponse> =>
  await service.api().post('/api/v1/tokens/code', { code })

async function endRelation(client: string, by: StaffName): Promise<void> {
  const kaisa = await f.as('kaisa')
  const { data } = (await kaisa.get(`/api/v1/clients/${client}/coaches`)).json<{
    data: { id: string; coachId: string }[]
  }>()
  const relation = data.find(({ coachId }) => coachId === f.accounts[by])?.id ?? ''
  const ended = await kaisa.post(`/api/v1/clients/${client}/coaches/${relation}/end`, {})
  expect(ended.statusCode, ended.body).toBe(200)
}

describe('a card and a code', () => {
  test('open nothing once the relation of who made them has ended; what the card opened is over', async () => {
    const leena = await f.addClient({ given: 'Leena', family: 'Salo' }, ['pekka'])
    const { card, code } = await handOut('pekka', leena)
    const opened = await byCard(card)
    expect(opened.statusCode, opened.body).toBe(200)
    const { token } = opened.json<{ token: string }>()
    expect((await service.api(token).get('/api/v1/passport')).statusCode).toBe(200)
    const pekka = await f.as('pekka')
    const used = (await pekka.post(`/api/v1/clients/${leena}/codes`, {})).json<{ code: string }>()
    const own = service.api((await byCode(used.code)).json<{ token: string }>().token)
    expect((await own.get('/api/v1/passport')).statusCode).toBe(200)
    await endRelation(leena, 'pekka')
    expect((await own.get('/api/v1/passport')).statusCode).toBe(401)
    expect((await byCard(card)).statusCode).toBe(401)
    expect((await byCode(code)).statusCode).toBe(401)
    expect((await service.api(token).get('/api/v1/passport')).statusCode).toBe(401)
  })

  test('of a colleague who still works with the client open on', async () => {
    const liisa = await f.addClient({ given: 'Liisa', family: 'Salo' }, ['pekka', 'sari'])
    const { card } = await handOut('sari', liisa)
    await endRelation(liisa, 'pekka')
    expect((await byCard(card)).statusCode).toBe(200)
  })

  test('open nothing once who made them is no coach any more, whatever the relation says', async () => {
    const lahja = await f.addClient({ given: 'Lahja', family: 'Salo' }, ['sari'])
    const { card, code } = await handOut('sari', lahja)
    const { token } = (await byCard(card)).json<{ token: string }>()
    const coaching = service.database.ownerDb
      .updateTable('role_grant')
      .where('account_id', '=', f.accounts.sari)
      .where('role', '=', 'coach')
    await coaching.set({ ended_at: service.deps.now() }).execute()
    expect((await byCard(card)).statusCode).toBe(401)
    expect((await byCode(code)).statusCode).toBe(401)
    expect((await service.api(token).get('/api/v1/passport')).statusCode).toBe(401)
    await coaching.set({ ended_at: null }).execute()
    expect((await byCard(card)).statusCode).toBe(200)
  })

  test('open nothing once the account of who made them was closed', async () => {
    const lasse = await f.addClient({ given: 'Lasse', family: 'Salo' }, ['sari'])
    const { card, code } = await handOut('sari', lasse)
    const { token } = (await byCard(card)).json<{ token: string }>()
    await disableAccount(service.deps, f.code, f.accounts.sari)
    expect((await byCard(card)).statusCode).toBe(401)
    expect((await byCode(code)).statusCode).toBe(401)
    expect((await service.api(token).get('/api/v1/passport')).statusCode).toBe(401)
    await disableAccount(service.deps, f.code, f.accounts.sari, false)
  })
})

// Nobody writes a row when a relation ends by its date: each request asks (S-12, S-14). Days are Helsinki's, two hours before UTC in winter.
describe('on the day after the last one', () => {
  const evening = '2026-11-22T21:50:00Z'
  const lastSecond = '2026-11-22T21:59:59Z'
  const midnight = '2026-11-22T22:00:00Z'
  beforeEach(() => service.at(evening))
  afterAll(() => service.at('2026-11-22T09:00:00Z'))

  async function withCode(browser: Browser, by: StaffName, client: string): Promise<Browser> {
    const made = await (await f.as(by)).post(`/api/v1/clients/${client}/codes`, {})
    expect(made.statusCode, made.body).toBe(201)
    await browser.get('/kirjaudu/koodi')
    const answer = await browser.submit('/kirjaudu/koodi', made.json<{ code: string }>())
    expect(answer.statusCode, answer.body).toBe(303)
    return browser
  }

  async function withCard(browser: Browser, { card, pin }: Card): Promise<Browser> {
    await browser.get(`/kirjaudu/kortti/${card}`)
    expect((await browser.submit('/kirjaudu/kortti', { card, pin })).statusCode).toBe(303)
    return browser
  }

  /** Which of these still open the passport. */
  async function open(sessions: Readonly<Record<string, Browser>>): Promise<readonly string[]> {
    const asked = await Promise.all(
      Object.entries(sessions).map(async ([name, one]) => ({ name, status: (await one.get('/passi')).statusCode })),
    )
    return asked.flatMap(({ name, status }) => (status === 200 ? [name] : []))
  }

  async function begin(path: string, body: object): Promise<void> {
    const begun = await (await f.as('kaisa')).post(`/api/v1/${path}`, body)
    expect(begun.statusCode, begun.body).toBe(201)
  }

  test('of a relation, what the coach gave is over at once, and what others gave goes on', async () => {
    const outi = await f.addClient({ given: 'Outi', family: 'Oinas' }, ['pekka'])
    const days = { fromDay: '2026-11-22', untilDay: '2026-11-22' }
    await begin(`clients/${outi}/coaches`, { coachId: f.accounts.sari, ...days })
    const { card, code } = await handOut('sari', outi)
    const sessions = {
      'code of the coach, browser of the coach': await withCode(await f.browser('sari'), 'sari', outi),
      'code of the coach': await withCode(service.browser(), 'sari', outi),
      'card, browser of the coach': await withCard(await f.browser('sari'), card),
      'card, own browser': await withCard(service.browser(), card),
      'code of the other coach': await withCode(service.browser(), 'pekka', outi),
      'code of the coordinator': await withCode(service.browser(), 'kaisa', outi),
    }
    service.at(lastSecond)
    expect(await open(sessions)).toEqual(Object.keys(sessions))
    expect((await byCard(card)).statusCode).toBe(200)
    service.at(midnight)
    const goOn = ['code of the other coach', 'code of the coordinator']
    expect(await open(sessions)).toEqual(goOn)
    // What was handed out opens nothing new either, and the client sees that.
    expect((await byCard(card)).statusCode).toBe(401)
    expect((await byCode(code)).statusCode).toBe(401)
    const own = await service
      .api((await byCode((await handOut('pekka', outi)).code)).json<{ token: string }>().token)
      .get('/api/v1/hand-outs')
    expect(
      own.json<{ data: { by: string; state: string }[] }>().data.filter(({ by }) => by === 'Sari L.'),
    ).not.toContainEqual(expect.objectContaining({ state: 'open' }))
  })

  test('of a stand-in, for own clients and those of the unit', async () => {
    const own = await f.addClient({ given: 'Oili', family: 'Oinas' }, ['pekka'])
    const ofUnit = await f.addClient({ given: 'Osmo', family: 'Oinas' }, [])
    const unit = await addWorkUnit(service.deps, f.staffActor('admin'), 'Puupaja')
    await begin(`work-units/${unit}/coaches`, { coachId: f.accounts.pekka, fromDay: '2026-11-22', untilDay: null })
    const moved = await (await f.as('kaisa')).put(`/api/v1/clients/${ofUnit}/unit`, { unitId: unit })
    expect(moved.statusCode, moved.body).toBe(200)
    const who = { coachId: f.accounts.pekka, standInId: f.accounts.sari }
    await begin('stand-ins', { ...who, fromDay: '2026-11-22', untilDay: '2026-11-22' })
    for (const client of [own, ofUnit]) {
      service.at(evening)
      const sessions = {
        'stand-in': await withCode(await f.browser('sari'), 'sari', client),
        'stand-in, elsewhere': await withCode(service.browser(), 'sari', client),
        'own coach': await withCode(await f.browser('pekka'), 'pekka', client),
      }
      service.at(lastSecond)
      expect(await open(sessions)).toEqual(Object.keys(sessions))
      service.at(midnight)
      expect(await open(sessions)).toEqual(['own coach'])
    }
  })

  test('a relation that is made longer in time ends nothing', async () => {
    const olli = await f.addClient({ given: 'Olli', family: 'Oinas' }, ['pekka'])
    const path = `clients/${olli}/coaches`
    await begin(path, { coachId: f.accounts.sari, fromDay: '2026-11-22', untilDay: '2026-11-22' })
    await begin(path, { coachId: f.accounts.sari, fromDay: '2026-11-23', untilDay: null })
    const sessions = { sari: await withCode(await f.browser('sari'), 'sari', olli) }
    service.at(midnight)
    expect(await open(sessions)).toEqual(['sari'])
  })
})
