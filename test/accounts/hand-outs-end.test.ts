import type { LightMyRequestResponse } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { disableAccount } from '../../src/accounts/account.ts'
import { startService, type TestService } from '../support/app.ts'
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
    await endRelation(leena, 'pekka')
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
