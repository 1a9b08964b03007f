import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { shortNames } from '../../src/clients/client.ts'
import { hasIdentityCode } from '../../src/clients/identity-code.ts'
import { startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'

let service: TestService
let meriva: Foundation
let eduro: Foundation

beforeAll(async () => {
  service = await startService()
  meriva = await givenFoundation(service, { module: false })
  eduro = await givenFoundation(service, { name: 'Eduro', module: false })
})
afterAll(async () => await service.close())

type List = { data: { id: string; givenName: string }[]; page: { next: string | null } }

describe('GET /api/v1/clients', () => {
  test('a coach lists the own clients, a coordinator all, page by page', async () => {
    const names = async (who: 'pekka' | 'sari' | 'kaisa'): Promise<readonly string[]> =>
      (await (await meriva.as(who)).get('/api/v1/clients'))
        .json<List>()
        .data.map(({ givenName }) => givenName)
        .sort()
    expect(await names('pekka')).toEqual(['Antti', 'Maija'])
    expect(await names('sari')).toEqual(['Maija'])
    expect(await names('kaisa')).toEqual(['Antti', 'Maija'])
    const kaisa = await meriva.as('kaisa')
    const first = (await kaisa.get('/api/v1/clients?limit=1')).json<List>()
    const second = (await kaisa.get(`/api/v1/clients?limit=1&cursor=${first.page.next}`)).json<List>()
    expect(second.page.next).toBeNull()
    expect(new Set([...first.data, ...second.data].map(({ id }) => id))).toEqual(
      new Set([meriva.clients.maija, meriva.clients.antti]),
    )
    expect((await kaisa.get('/api/v1/clients?cursor=nonsense')).statusCode).toBe(422)
  })

  test('S-11: one client is there for who works with that client only', async () => {
    const path = `/api/v1/clients/${meriva.clients.antti}`
    expect((await (await meriva.as('pekka')).get(path)).json()).toMatchObject({ givenName: 'Antti', language: 'fi' })
    expect((await (await meriva.as('sari')).get(path)).statusCode).toBe(404)
    expect((await (await eduro.as('kaisa')).get(path)).statusCode).toBe(404)
    for (const who of ['maija', 'admin'] as const) {
      expect((await (await meriva.as(who)).get(path)).statusCode).toBe(403)
      expect((await (await meriva.as(who)).get('/api/v1/clients')).statusCode).toBe(403)
    }
  })
})

describe('POST /api/v1/clients', () => {
  test('a coordinator adds a client with a coach, who sees the client at once', async () => {
    const kaisa = await meriva.as('kaisa')
    const body = { givenName: 'Áile', familyName: 'Näkkäläjärvi', language: 'sv', coachIds: [meriva.accounts.sari] }
    const added = await kaisa.post('/api/v1/clients', body)
    expect(added.statusCode, added.body).toBe(201)
    const { id } = added.json<{ id: string }>()
    expect(added.headers.location).toBe(`/api/v1/clients/${id}`)
    expect((await (await meriva.as('sari')).get(`/api/v1/clients/${id}`)).json()).toMatchObject({ givenName: 'Áile' })
    const row = await service.database.ownerDb
      .selectFrom('client')
      .select('name_sealed')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    expect(row.name_sealed.toString('utf8')).not.toContain('Áile')
  })

  test('who is no coach of the foundation, and a name that is none, are refused with their pointers', async () => {
    const kaisa = await meriva.as('kaisa')
    const name = { givenName: 'Oili', familyName: 'Uusi' }
    for (const id of [eduro.accounts.pekka, meriva.accounts.admin]) {
      const refused = await kaisa.post('/api/v1/clients', { ...name, coachIds: [meriva.accounts.pekka, id] })
      expect(refused.statusCode).toBe(422)
      expect(refused.json()).toMatchObject({ errors: [{ pointer: '/coachIds/1', code: 'unknown-coach' }] })
    }
    const odd = await kaisa.post('/api/v1/clients', { ...name, givenName: 'Oili\u202e' })
    expect(odd.json()).toMatchObject({ status: 422, errors: [{ pointer: '/givenName' }] })
  })

  test('permissions: not a coach, not a client, not a stranger', async () => {
    const body = { givenName: 'Oili', familyName: 'Uusi' }
    for (const who of ['pekka', 'maija', 'admin'] as const) {
      expect((await (await meriva.as(who)).post('/api/v1/clients', body)).statusCode, who).toBe(403)
    }
    expect((await service.api().post('/api/v1/clients', body)).statusCode).toBe(401)
  })
})

test('C1: namesakes get as many letters as tell them apart', () => {
  const people = [
    { given: 'Maija', family: 'Korhonen' },
    { given: 'Maija', family: 'Koskela' },
    { given: 'Antti', family: 'Halonen' },
  ]
  expect(shortNames(people)).toEqual(['Maija Kor.', 'Maija Kos.', 'Antti H.'])
})

test('DOMAIN §9.5: an identity code is known by its check character, in any century and in the middle of words', () => {
  for (const words of ['131052-308T', 'hetu:131052-308t.', '010100A909S', 'x (131052-308T) y']) {
    expect(hasIdentityCode(words), words).toBe(true)
  }
  for (const words of ['131052-308A', '131052308T', 'tilaus 1310521-308T', '22.11.2026', '']) {
    expect(hasIdentityCode(words), words).toBe(false)
  }
})
