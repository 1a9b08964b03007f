import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { supportLevelWords } from '../demo/out/private.ts'
import { type ApiClient, startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'
import { givenKey } from './given-key.ts'

// S-12, the integrator's column: a program records, reads without levels and words, and proposes; people decide.

let service: TestService
let foundation: Foundation
let program: ApiClient
beforeAll(async () => {
  service = await startService()
  foundation = await givenFoundation(service)
  program = service.api((await givenKey(service, foundation)).key)
})
afterAll(async () => await service.close())

const work = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
  clientId: foundation.clients.maija,
  taskId: foundation.task('t2').id,
  supportLevel: 'minor',
  observedOn: '2026-11-22',
  note: 'Hyvää jälkeä',
  ...more,
})

describe('S-12: a program', () => {
  test('records work of any client of its organisation, and is told no level back', async () => {
    const recorded = await program.post('/api/v1/observations', work())
    expect(recorded.statusCode, recorded.body).toBe(201)
    expect(recorded.body).not.toMatch(supportLevelWords)
    const { id } = recorded.json<{ id: string }>()
    const coach = await foundation.as('pekka')
    expect((await coach.get(`/api/v1/observations/${id}`)).json()).toMatchObject({
      supportLevel: 'minor',
      note: 'Hyvää jälkeä',
      recordedBy: { name: 'Opiskelijahallinto' },
    })
  })

  test('reads work without levels, words and names of staff', async () => {
    const id = await foundation.record({ who: 'maija', task: 't2', by: 'sari', note: 'Tuki väheni' })
    const list = await program.get(`/api/v1/observations?clientId=${foundation.clients.maija}&limit=100`)
    const one = await program.get(`/api/v1/observations/${id}`)
    for (const { statusCode, body } of [list, one]) {
      expect(statusCode, body).toBe(200)
      expect(body).not.toMatch(supportLevelWords)
      expect(body).not.toMatch(/Tuki väheni|Hyvää jälkeä|Sari|"note"|Reason/)
    }
    expect(one.json()).toMatchObject({ id, recordedBy: { id: foundation.accounts.sari }, state: 'current' })
  })

  test('sends many at once, all or none, and the same again is the same', async () => {
    const rows = ['t1', 't2'].map((key) => work({ taskId: foundation.task(key).id, observedOn: '2026-11-21' }))
    const first = await program.post(
      '/api/v1/observations/batch',
      { observations: rows },
      { 'idempotency-key': 'yö-1' },
    )
    expect(first.statusCode, first.body).toBe(201)
    expect(first.body).not.toMatch(supportLevelWords)
    const again = await program.post(
      '/api/v1/observations/batch',
      { observations: rows },
      { 'idempotency-key': 'yö-1' },
    )
    expect(again.headers['idempotent-replayed']).toBe('true')
    expect(again.json()).toEqual(first.json())
  })

  test('corrects what it recorded itself, and nobody else’s record', async () => {
    const own = (await program.post('/api/v1/observations', work({ observedOn: '2026-11-20' }))).json<{ id: string }>()
    const reason = { replaceReason: 'Väärä päivä' }
    const corrected = await program.post('/api/v1/observations', work({ ...reason, replaces: own.id }))
    expect(corrected.statusCode, corrected.body).toBe(201)
    const theirs = await foundation.record({ who: 'maija', task: 't2', by: 'pekka' })
    const refused = await program.post('/api/v1/observations', work({ ...reason, replaces: theirs }))
    expect(refused.statusCode).toBe(404)
    expect((await program.post(`/api/v1/observations/${own.id}/undo`, {})).statusCode).toBe(403)
  })

  test('finds no client of another foundation (S-11)', async () => {
    const other = await givenFoundation(service, { module: false })
    const foreign = await program.post('/api/v1/observations', work({ clientId: other.clients.maija }))
    const missing = await program.post(
      '/api/v1/observations',
      work({ clientId: '0190a0a0-0000-7000-8000-000000000000' }),
    )
    expect([foreign.statusCode, missing.statusCode]).toEqual([404, 404])
    const told = ({ body }: { body: string }): string => body.replaceAll(/"instance":"[^"]+"/g, '')
    expect(told(foreign)).toBe(told(missing))
    expect((await program.get(`/api/v1/awards?clientId=${other.clients.maija}`)).statusCode).toBe(404)
  })

  test('proposes; the client agrees and a person decides; the program reads what became of it', async () => {
    await foundation.readyForSanding('antti')
    const proposed = await program.post('/api/v1/applications/proposals', {
      clientId: foundation.clients.antti,
      badgeClassId: foundation.badge('hionta').classId,
    })
    expect(proposed.statusCode, proposed.body).toBe(201)
    const { id } = proposed.json<{ id: string }>()
    const antti = await foundation.as('antti')
    const agreed = await antti.post(`/api/v1/applications/${id}/answer`, { agree: true })
    expect(agreed.statusCode, agreed.body).toBe(200)

    const decision = { outcome: 'award' }
    const refused = await program.post(`/api/v1/applications/${id}/decision`, decision, { 'idempotency-key': 'p' })
    expect(refused.statusCode).toBe(403)
    const kaisa = await foundation.as('kaisa')
    const decided = await kaisa.post(`/api/v1/applications/${id}/decision`, decision, { 'idempotency-key': 'k' })
    expect(decided.statusCode, decided.body).toBe(201)
    const awardId = decided.json<{ award: { id: string } }>().award.id

    const seen = await program.get(`/api/v1/applications/${id}`)
    expect(seen.json()).toMatchObject({ state: 'awarded', awardId, marks: [] })
    expect(seen.body).not.toContain('Halonen')
    expect((await program.get(`/api/v1/awards/${awardId}`)).json()).toMatchObject({ id: awardId, state: 'offered' })
    const all = (await program.get('/api/v1/awards')).json<{ data: { id: string }[] }>()
    expect(all.data.map((award) => award.id)).toEqual([awardId])
  })

  test('reads modules without the words for each level of support', async () => {
    const { data } = (await program.get('/api/v1/modules')).json<{ data: { id: string }[] }>()
    const module = await program.get(`/api/v1/modules/${data[0]?.id ?? ''}`)
    expect(module.statusCode).toBe(200)
    expect(module.body).not.toContain('supportCriteria')
  })

  test('has no way in by a sign-in form, and no role', async () => {
    const { ownerDb } = service.database
    const account = await ownerDb
      .selectFrom('account')
      .select('id')
      .where('tenant_id', '=', foundation.code)
      .where('kind', '=', 'program')
      .executeTakeFirstOrThrow()
    for (const table of ['sign_in_name', 'role_grant'] as const) {
      const rows = await ownerDb.selectFrom(table).select('account_id').where('account_id', '=', account.id).execute()
      expect(rows).toEqual([])
    }
  })
})
