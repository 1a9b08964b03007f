import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'
import { givenKey, givenSandbox } from './given-key.ts'

// S-13: keys of programs: scoped, of one tenant, stored hashed, a year at most.

let service: TestService
let foundation: Foundation
beforeAll(async () => {
  service = await startService()
  foundation = await givenFoundation(service, { module: false })
})
afterAll(async () => await service.close())

type Listed = { readonly data: readonly { id: string; name: string; state: string; lastUsedAt: string | null }[] }

describe('S-13: an API key', () => {
  test('is told once, and is nowhere in the database', async () => {
    const admin = await foundation.as('admin')
    const wanted = { name: 'Kerran', mode: 'live', scopes: ['modules:read', 'awards:read'] }
    const made = await admin.post('/api/v1/api-keys', wanted)
    expect(made.statusCode, made.body).toBe(201)
    expect(made.headers['cache-control']).toBe('no-store')
    const { key, id } = made.json<{ key: string; id: string }>()
    expect(made.headers.location).toBe(`/api/v1/api-keys/${id}`)
    expect(key).toMatch(new RegExp(`^op_live_${foundation.code}[\\w-]{43}$`))
    expect(made.json()).toMatchObject({
      ...wanted,
      organisation: foundation.code,
      expiresAt: '2027-02-20T09:00:00.000Z',
    })
    const listed = await admin.get('/api/v1/api-keys')
    const one = await admin.get(`/api/v1/api-keys/${id}`)
    expect(one.json()).toMatchObject({ id, name: 'Kerran', mode: 'live', state: 'active', lastUsedAt: null })
    for (const { body } of [listed, one]) expect(body).not.toContain(key.slice(12, 30))
    const rows = await service.database.ownerDb.selectFrom('api_key').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain(key.slice(12, 30))
    expect(rows.find((row) => row.id === id)?.digest).toHaveLength(32)
  })

  test('opens what its scopes open, and nothing else', async () => {
    const { key } = await givenKey(service, foundation, { name: 'Vain moduulit', scopes: ['modules:read'] })
    const program = service.api(key)
    expect((await program.get('/api/v1/modules')).statusCode).toBe(200)
    expect((await program.get('/api/v1/qualifications')).statusCode).toBe(200)
    const refused = await program.get('/api/v1/applications')
    expect(refused.statusCode).toBe(403)
    expect(refused.json()).toMatchObject({ code: 'scope', facts: { scope: 'applications:read' } })
  })

  test('never does what a person has to: decide, revoke, make keys, read people', async () => {
    const program = service.api((await givenKey(service, foundation, { name: 'Kaikki' })).key)
    const nowhere = '0190a0a0-0000-7000-8000-000000000000'
    const tries = [
      await program.post(`/api/v1/applications/${nowhere}/decision`, { outcome: 'award' }, { 'idempotency-key': 'a' }),
      await program.post('/api/v1/applications/decisions', { decisions: [] }, { 'idempotency-key': 'b' }),
      await program.post(`/api/v1/awards/${nowhere}/revocation`, { reason: 'misuse' }, { 'idempotency-key': 'c' }),
      await program.post('/api/v1/api-keys', { name: 'Lapsi', mode: 'live', scopes: ['modules:read'] }),
      await program.get('/api/v1/api-keys'),
      await program.get('/api/v1/clients'),
      await program.get('/api/v1/passport'),
      await program.post(`/api/v1/clients/${nowhere}/codes`, {}),
    ]
    for (const answer of tries) {
      expect(answer.statusCode, answer.body).toBe(403)
      expect(answer.json()).toMatchObject({ code: 'person-needed' })
    }
  })

  test('is a key of the API alone: no page takes it', async () => {
    const { key } = await givenKey(service, foundation, { name: 'Sivut' })
    const page = await service.app.inject({
      url: '/hallinta/avaimet',
      headers: { accept: 'text/html', authorization: `Bearer ${key}`, cookie: `op_session=${key}` },
    })
    expect(page.statusCode).toBe(303)
  })

  test('ends when it is revoked, at once and for good', async () => {
    const { key, id } = await givenKey(service, foundation, { name: 'Lopetettava' })
    const admin = await foundation.as('admin')
    expect((await service.api(key).get('/api/v1/modules')).statusCode).toBe(200)
    const revoked = await admin.post(`/api/v1/api-keys/${id}/revocation`, {})
    expect(revoked.json()).toMatchObject({ id, state: 'revoked' })
    const refused = await service.api(key).get('/api/v1/modules')
    expect(refused.statusCode).toBe(401)
    expect(refused.headers['www-authenticate']).toContain('Bearer')
    const again = await admin.post(`/api/v1/api-keys/${id}/revocation`, {})
    expect(again.json()).toEqual(revoked.json())
  })

  test('ends by its time, which is at most a year away', async () => {
    const { key, id } = await givenKey(service, foundation, { name: 'Kuukausi', expiresInDays: 30 })
    const admin = await foundation.as('admin')
    const tooLong = { name: 'Ikuinen', mode: 'live', scopes: ['modules:read'], expiresInDays: 366 }
    expect((await admin.post('/api/v1/api-keys', tooLong)).statusCode).toBe(422)
    service.at('2026-12-22T08:59:00Z')
    expect((await service.api(key).get('/api/v1/modules')).statusCode).toBe(200)
    service.at('2026-12-22T09:00:00Z')
    expect((await service.api(key).get('/api/v1/modules')).statusCode).toBe(401)
    const later = await foundation.as('admin')
    expect((await later.get(`/api/v1/api-keys/${id}`)).json()).toMatchObject({ state: 'expired' })
    service.at('2026-11-22T09:00:00Z')
  })

  test('says when it was last used, written at most once a minute', async () => {
    const { key, id } = await givenKey(service, foundation, { name: 'Käytetty' })
    await service.api(key).get('/api/v1/modules')
    service.at('2026-11-22T09:00:59Z')
    await service.api(key).get('/api/v1/modules')
    const admin = await foundation.as('admin')
    expect((await admin.get(`/api/v1/api-keys/${id}`)).json()).toMatchObject({ lastUsedAt: '2026-11-22T09:00:00.000Z' })
    service.at('2026-11-22T09:01:01Z')
    await service.api(key).get('/api/v1/modules')
    expect((await admin.get(`/api/v1/api-keys/${id}`)).json()).toMatchObject({ lastUsedAt: '2026-11-22T09:01:01.000Z' })
    service.at('2026-11-22T09:00:00Z')
  })

  test('with a letter changed, of another tenant or cut short opens nothing', async () => {
    const { key } = await givenKey(service, foundation, { name: 'Muutettu' })
    const last = key.endsWith('A') ? 'B' : 'A'
    const wrong = [
      `${key.slice(0, -1)}${last}`,
      key.slice(0, -1),
      `${key}A`,
      key.replace('op_live_', 'op_test_'),
      key.replace(foundation.code, 'zzzz'),
      'op_live_',
    ]
    for (const one of wrong) expect((await service.api(one).get('/api/v1/modules')).statusCode, one).toBe(401)
  })

  test('of another foundation is not there: not listed, not read, not ended (S-11)', async () => {
    const { key, id } = await givenKey(service, foundation, { name: 'Oma' })
    const other = await givenFoundation(service, { module: false })
    const admin = await other.as('admin')
    expect((await admin.get('/api/v1/api-keys')).json<Listed>().data).toEqual([])
    expect((await admin.get(`/api/v1/api-keys/${id}`)).statusCode).toBe(404)
    expect((await admin.post(`/api/v1/api-keys/${id}/revocation`, {})).statusCode).toBe(404)
    expect((await service.api(key).get('/api/v1/modules')).statusCode).toBe(200)
  })

  test('has a name of its own, that no other live key’s looks like (S-40)', async () => {
    await givenKey(service, foundation, { name: 'Raportti' })
    const admin = await foundation.as('admin')
    const wanted = { mode: 'live', scopes: ['modules:read'] }
    for (const name of ['Raportti', 'RAPORTTI', 'Rароrtti']) {
      const refused = await admin.post('/api/v1/api-keys', { ...wanted, name })
      expect(refused.statusCode, name).toBe(422)
      expect(refused.json()).toMatchObject({ errors: [{ pointer: '/name', code: 'name-taken' }] })
    }
    expect((await admin.post('/api/v1/api-keys', { ...wanted, name: 'Rapo\u200brtti' })).statusCode).toBe(422)
  })

  test('is made and ended by an admin only; others of the staff see nothing but the lead', async () => {
    for (const who of ['pekka', 'kaisa'] as const) {
      const api = await foundation.as(who)
      expect((await api.get('/api/v1/api-keys')).statusCode, who).toBe(403)
      expect((await api.post('/api/v1/api-keys', {})).statusCode, who).toBe(403)
    }
  })
})

describe('a test key', () => {
  test('is refused where the service has no sandbox', async () => {
    const admin = await foundation.as('admin')
    const refused = await admin.post('/api/v1/api-keys', { name: 'Kokeilu', mode: 'test', scopes: ['modules:read'] })
    expect(refused.statusCode).toBe(409)
    expect(refused.json()).toMatchObject({ code: 'no-sandbox' })
  })

  test('reaches the sandbox organisation only, and only while it is one', async () => {
    const sandbox = await givenSandbox(service)
    const { key, id, organisation } = await givenKey(service, foundation, { name: 'Kokeilu', mode: 'test' })
    expect(key.startsWith(`op_test_${sandbox}`)).toBe(true)
    expect(organisation).toBe(sandbox)
    const admin = await foundation.as('admin')
    const { data } = (await admin.get('/api/v1/api-keys?limit=100')).json<Listed>()
    expect(data.map((one) => one.id)).toContain(id)
    expect((await service.api(key).get('/api/v1/applications')).statusCode).toBe(200)
    const foreign = await service.api(key).get(`/api/v1/observations?clientId=${foundation.clients.maija}`)
    expect(foreign.statusCode).toBe(404)

    const { ownerDb } = service.database
    await ownerDb.updateTable('organisation').set({ demo: false }).where('tenant_id', '=', sandbox).execute()
    expect((await service.api(key).get('/api/v1/modules')).statusCode).toBe(401)
    await ownerDb.updateTable('organisation').set({ demo: true }).where('tenant_id', '=', sandbox).execute()
    const ended = await admin.post(`/api/v1/api-keys/${id}/revocation`, {})
    expect(ended.json()).toMatchObject({ state: 'revoked' })
  })
})

test('keys are listed newest first, page by page', async () => {
  const other = await givenFoundation(service, { module: false })
  const names = ['Yksi', 'Kaksi', 'Kolme', 'Neljä', 'Viisi']
  for (const [index, name] of names.entries()) {
    service.at(new Date(Date.parse('2026-11-22T09:00:00Z') + index))
    await givenKey(service, other, { name, mode: index % 2 === 0 ? 'live' : 'test' })
  }
  const admin = await other.as('admin')
  const seen: string[] = []
  let next: string | null = ''
  while (next !== null) {
    const answer = await admin.get(`/api/v1/api-keys?limit=2${next === '' ? '' : `&cursor=${next}`}`)
    const body = answer.json<Listed & { page: { next: string | null } }>()
    expect(body.data.length).toBeLessThanOrEqual(2)
    seen.push(...body.data.map(({ name }) => name))
    next = body.page.next
  }
  expect(seen).toEqual(names.toReversed())
})
