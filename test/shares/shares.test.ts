import type { LightMyRequestResponse } from 'fastify'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { verify } from '../../src/credentials/verify.ts'
import { messages } from '../../src/i18n/index.ts'
import { lookAtOwn } from '../../src/publication/look.ts'
import { accept, type GivenAward, givenOffered, publicOrigin, revoke } from '../publication/given-award.ts'
import { type ApiClient, type Browser, startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'

const t = messages('fi')
const start = '2026-11-22T10:00:00Z'
let service: TestService
let f: Foundation
let award: GivenAward
let maija: ApiClient
let antti: ApiClient

beforeAll(async () => {
  service = await startService({ publicOrigin })
  f = await givenFoundation(service)
  award = await givenOffered(f)
  await accept(f, award)
})
afterAll(async () => await service.close())
beforeEach(async () => {
  service.at(start)
  maija = await f.as('maija')
  antti = await f.as('antti')
})

type Made = { readonly id: string; readonly url: string; readonly endsAt: string; readonly state: string }

async function make(lifetime = 'P1D', awardIds = [award.id]): Promise<Made> {
  const made = await maija.post('/api/v1/shares', { awardIds, lifetime })
  expect(made.statusCode, made.body).toBe(201)
  return made.json<Made>()
}

const pathOf = (url: string): string => new URL(url).pathname

async function open(
  url: string,
  headers: Record<string, string> = { accept: 'text/html' },
): Promise<LightMyRequestResponse> {
  return await service.api().get(pathOf(url), headers)
}

async function close(id: string, by: ApiClient | undefined = maija): Promise<number> {
  return (await by.delete(`/api/v1/shares/${id}`)).statusCode
}

async function listed(id: string): Promise<{ readonly openings: { readonly count: number }; readonly state: string }> {
  const { data } = (await maija.get('/api/v1/shares')).json<{
    data: { id: string; openings: { count: number }; state: string }[]
  }>()
  const found = data.find((share) => share.id === id)
  if (!found) throw new Error('the link is not on its owner’s list')
  return found
}

describe('S-16: a link that shows badges', () => {
  test('has 128 random bits behind the tenant’s code, and only a digest is kept', async () => {
    const [one, other] = [await make(), await make()]
    expect(pathOf(one.url)).toMatch(new RegExp(`^/j/${f.code}[\\w-]{22}$`))
    expect(one.url).not.toBe(other.url)
    const rows = await service.database.ownerDb.selectFrom('share').selectAll().execute()
    const secret = pathOf(one.url).slice('/j/'.length + f.code.length)
    expect(JSON.stringify(rows)).not.toContain(secret)
    expect(rows.every(({ token_digest }) => token_digest.length === 32)).toBe(true)
  })

  test('is opened by whoever holds it: whose, which badges, and the verdict of this moment; no level, and no other badge', async () => {
    const { url } = await make()
    const page = await open(url)
    expect(page.statusCode).toBe(200)
    expect(page.body).toContain('Maija')
    expect(page.body).toContain(t.verify.ok)
    for (const level of ['enhanced', 'general', 'minor'] as const)
      expect(page.body).not.toContain(t.supportLevel[level])
    const told = await open(url, { accept: 'application/json' })
    const body = told.json<{ badges: { verdict: string; credential: string }[]; holder: { givenName: string } }>()
    expect(body.holder.givenName).toBe('Maija')
    expect(body.badges.map(({ verdict }) => verdict)).toEqual(['valid'])
    const jwt = new TextEncoder().encode(body.badges[0]?.credential ?? '')
    expect((await verify(jwt, lookAtOwn(service.deps), { at: new Date(start) })).verdict).toBe('valid')
    expect(told.body).not.toMatch(/supportLevel|minor/)
  })

  test('is found by no search engine, kept by nobody, and its address is told to no other site', async () => {
    const { url } = await make()
    for (const answer of [await open(url), await open(`https://x.example/j/${f.code}${'A'.repeat(22)}`)]) {
      expect(answer.headers['x-robots-tag']).toBe('noindex')
      expect(answer.headers['referrer-policy']).toBe('no-referrer')
      expect(answer.headers['cache-control']).toBe('no-store')
    }
  })

  test.each([
    ['PT1H', 1],
    ['P1D', 24],
    ['P7D', 168],
    ['P30D', 720],
  ])('of %s ends after so many hours, with a kind page', async (lifetime, hours) => {
    const { url, endsAt } = await make(lifetime)
    expect(Date.parse(endsAt) - Date.parse(start)).toBe(hours * 3_600_000)
    service.at(new Date(Date.parse(endsAt) - 1000))
    expect((await open(url)).statusCode).toBe(200)
    service.at(endsAt)
    const over = await open(url)
    expect(over.statusCode).toBe(410)
    expect(over.body).toContain(t.error.codes['share-over'])
    expect(over.body).not.toContain('Maija')
  })

  test('no link lives longer than 90 days, whatever asks for it', async () => {
    const longer = await maija.post('/api/v1/shares', { awardIds: [award.id], lifetime: 'P91D' })
    expect(longer.statusCode).toBe(422)
    const { id } = await make()
    const stretched = service.database.ownerDb
      .updateTable('share')
      .set({ ends_at: new Date('2027-02-21T10:00:00Z') })
      .where('id', '=', id)
      .execute()
    await expect(stretched).rejects.toThrow(/check constraint/)
  })

  test('is closed by its owner at once, and by nobody else', async () => {
    const { id, url } = await make()
    expect(await close(id, antti)).toBe(404)
    expect(await close(id, await f.as('pekka'))).toBe(403)
    expect((await open(url)).statusCode).toBe(200)
    expect(await close(id)).toBe(204)
    expect((await open(url)).statusCode).toBe(410)
    expect(await close(id)).toBe(204)
    expect((await listed(id)).state).toBe('closed')
  })

  test('every opening is counted for the owner to see; the owner’s own is not', async () => {
    const { id, url } = await make()
    expect((await listed(id)).openings).toEqual({ count: 0, last: null })
    await open(url)
    service.at('2026-11-22T10:10:00Z')
    await open(url)
    expect((await listed(id)).openings).toEqual({ count: 2, last: '2026-11-22T10:10:00.000Z' })
    const own = await f.browser('maija')
    expect((await own.get(pathOf(url))).statusCode).toBe(200)
    expect((await listed(id)).openings.count).toBe(2)
  })

  test('what was never a link, or another foundation’s secret, is 404 alike', async () => {
    const { url } = await make()
    const secret = pathOf(url).slice('/j/'.length + f.code.length)
    const answers = [`/j/zzz9${secret}`, `/j/${f.code}${'A'.repeat(22)}`, '/j/short', `/j/${f.code}${secret}x`]
    for (const path of answers)
      expect((await service.api().get(path, { accept: 'text/html' })).statusCode, path).toBe(404)
  })
})

describe('a share is made of own, taken badges', () => {
  test('staff, a school and nobody make none', async () => {
    const wanted = { awardIds: [award.id], lifetime: 'P1D' }
    for (const who of ['pekka', 'kaisa'] as const)
      expect((await (await f.as(who)).post('/api/v1/shares', wanted)).statusCode).toBe(403)
    expect((await service.api().post('/api/v1/shares', wanted)).statusCode).toBe(401)
    expect((await antti.post('/api/v1/shares', wanted)).statusCode).toBe(404)
  })

  test('one that is offered, unknown, or revoked later', async () => {
    const offered = await givenOffered(f, 'antti')
    const bad = await antti.post('/api/v1/shares', { awardIds: [offered.id], lifetime: 'P1D' })
    expect([bad.statusCode, bad.json<{ code: string }>().code]).toEqual([409, 'not-accepted'])
    await accept(f, offered, 'antti')
    const shared = await antti.post('/api/v1/shares', { awardIds: [offered.id], lifetime: 'P1D' })
    const { url } = shared.json<Made>()
    await revoke(f, offered)
    // The link keeps what it promised to show, and says what is true of it now.
    const page = await open(url)
    expect(page.body).toContain(t.verify.bad)
    expect(page.body).not.toContain(t.verify.ok)
    const again = await antti.post('/api/v1/shares', { awardIds: [offered.id], lifetime: 'P1D' })
    expect([again.statusCode, again.json<{ code: string }>().code]).toEqual([409, 'revoked'])
  })

  test('PRODUCT K7: a person of protected identity makes none, and open ones stop working', async () => {
    const { url } = await make()
    const protect = async (at: Date | null): Promise<unknown> =>
      await service.database.ownerDb
        .updateTable('client')
        .set({ protected_at: at })
        .where('id', '=', f.clients.maija)
        .execute()
    await protect(new Date(start))
    expect((await open(url)).statusCode).toBe(410)
    const made = await maija.post('/api/v1/shares', { awardIds: [award.id], lifetime: 'P1D' })
    expect([made.statusCode, made.json<{ code: string }>().code]).toEqual([409, 'protected-identity'])
    await protect(null)
  })
})

describe('A4: from the passport, without JavaScript', () => {
  let browser: Browser
  beforeEach(async () => {
    browser = await f.browser('maija')
  })

  test('badge, time, link: the page gives the QR code and the link, which works; the list closes it', async () => {
    const form = await browser.get('/nayta/uusi')
    // Nothing but the badge is to be chosen: a day is chosen already.
    expect(form.body).toMatch(/value="P1D" checked/)
    const made = await browser.submit('/nayta/uusi', { awards: award.id, lifetime: 'P1D' })
    expect(made.statusCode).toBe(200)
    expect(made.body).toContain('<svg class="qr"')
    const [address = ''] = /https?:\/\/[^"]+\/j\/[\w-]+/.exec(made.body) ?? []
    expect((await open(address)).statusCode).toBe(200)
    const [, id = ''] = /\/nayta\/([0-9a-f-]{36})\/sulje/.exec(made.body) ?? []
    const list = await browser.get('/nayta')
    expect(list.body).toContain('<a href="/nayta" aria-current="page">')
    expect(list.body).toContain(`/nayta/${id}/sulje`)
    expect(list.body).not.toContain(pathOf(address))
    const closed = await browser.submit(`/nayta/${id}/sulje`, {})
    expect(closed.headers.location).toBe('/nayta?suljettu=1')
    expect((await open(address)).statusCode).toBe(410)
  })

  test('nothing chosen: the form comes back and says what is missing', async () => {
    await browser.get('/nayta/uusi')
    const back = await browser.submit('/nayta/uusi', { lifetime: 'P7D' })
    expect(back.statusCode).toBe(422)
    expect(back.body).toContain(t.share.chooseBadge)
    expect(back.body).toMatch(/value="P7D" checked/)
  })
})

test('S-52: erasing the client takes the links along', async () => {
  const { url } = await make()
  await open(url)
  const own = await f.browser('maija')
  await own.get('/tiedot/poisto')
  expect((await own.submit('/tiedot/poisto', {})).statusCode).toBe(303)
  const { ownerDb } = service.database
  const asked = ownerDb.selectFrom('rights_request').select('id').where('client_id', '=', f.clients.maija)
  const way = `/hallinta/pyynnot/${(await asked.executeTakeFirstOrThrow()).id}/poisto`
  const kaisa = await f.browser('kaisa')
  await kaisa.get(way)
  expect((await kaisa.submit(way, {})).statusCode).toBe(303)
  expect((await open(url)).statusCode).toBe(404)
  for (const table of ['share', 'share_award', 'share_opening'] as const)
    expect(await ownerDb.selectFrom(table).selectAll().where('client_id', '=', f.clients.maija).execute()).toEqual([])
})
