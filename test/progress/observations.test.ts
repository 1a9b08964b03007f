import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect } from '../../src/db/connect.ts'
import { recordObservations } from '../../src/progress/observation.ts'
import { NewObservation } from '../../src/progress/schema.ts'
import { startService, type TestService } from '../support/app.ts'
import { dayBefore, type Foundation, givenFoundation } from '../support/given.ts'

const morning = '2026-11-22T09:00:00Z'
const today = '2026-11-22'

let service: TestService
let meriva: Foundation
let eduro: Foundation

beforeAll(async () => {
  service = await startService()
  meriva = await givenFoundation(service)
  eduro = await givenFoundation(service, { name: 'Eduro' })
})
afterAll(async () => await service.close())

type Body = Record<string, unknown>

function sanding(more: Body = {}): Body {
  const clientId = meriva.clients.maija
  return { clientId, taskId: meriva.task('t2').id, supportLevel: 'minor', observedOn: today, ...more }
}

async function count(): Promise<number> {
  const { count } = await service.database.ownerDb
    .selectFrom('observation')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return count
}

describe('recording one', () => {
  test('a coach records what a client did; client, both coaches and coordinator read it', async () => {
    const pekka = await meriva.as('pekka')
    const recorded = await pekka.post('/api/v1/observations', sanding({ note: 'Hioi oven itse.' }))
    expect(recorded.statusCode, recorded.body).toBe(201)
    const { id } = recorded.json<{ id: string }>()
    expect(recorded.headers.location).toBe(`/api/v1/observations/${id}`)
    const { note: _, ...fixed } = sanding({ note: '' })
    expect(recorded.json()).toEqual({
      ...fixed,
      id,
      recordedAt: '2026-11-22T09:00:00.000Z',
      replaces: null,
      undoUntil: '2026-11-22T09:10:00.000Z',
    })
    for (const who of ['pekka', 'sari', 'kaisa', 'maija'] as const) {
      const read = await (await meriva.as(who)).get(`/api/v1/observations/${id}`)
      expect(read.json(), who).toMatchObject({
        id,
        note: 'Hioi oven itse.',
        state: 'current',
        recordedBy: { name: 'Pekka R.' },
      })
    }
  })

  test('words are sealed: the row holds none of them; the client does not see why it was late', async () => {
    const id = await meriva.record({ note: 'salaisuus', on: dayBefore(today, 30), lateReason: 'lomalla' })
    const row = await service.database.ownerDb
      .selectFrom('observation')
      .select(['note_sealed', 'late_reason_sealed'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    expect(row.note_sealed?.toString('latin1')).not.toContain('salaisuus')
    expect(row.late_reason_sealed?.toString('latin1')).not.toContain('lomalla')
    const seen = await (await meriva.as('maija')).get(`/api/v1/observations/${id}`)
    expect(seen.json()).toMatchObject({ note: 'salaisuus', recordedLate: true })
    expect(seen.json()).not.toHaveProperty('lateReason')
    const staff = await (await meriva.as('kaisa')).get(`/api/v1/observations/${id}`)
    expect(staff.json()).toMatchObject({ lateReason: 'lomalla' })
  })

  test('PERFORMANCE: one statement writes an observation', async () => {
    const statements: string[] = []
    const db = connect(service.database.serviceUrl, {
      max: 1,
      applicationName: 'count',
      onError: () => undefined,
      log: (event) => void statements.push(event.query.sql),
    })
    const observations = [NewObservation.parse(sanding())]
    const wanted = { observations, idempotencyKey: 'counted' }
    await recordObservations({ ...service.deps, db }, meriva.staffActor('pekka'), wanted, service.deps.now())
    await db.destroy()
    expect(statements.filter((sql) => !/^(begin|commit|rollback)/.test(sql))).toHaveLength(1)
  })

  test('permissions: only a coach records; clients, coordinators and strangers do not', async () => {
    const before = await count()
    for (const who of ['maija', 'kaisa', 'admin'] as const) {
      expect((await (await meriva.as(who)).post('/api/v1/observations', sanding())).statusCode, who).toBe(403)
    }
    expect((await service.api().post('/api/v1/observations', sanding())).statusCode).toBe(401)
    expect(await count()).toBe(before)
  })

  test('S-12: another coach’s client, a client of long ago, another foundation’s client and task: 404, nothing written', async () => {
    const before = await count()
    const old = await meriva.addClient({ given: 'Oili', family: 'Entinen' }, ['pekka'])
    await service.database.ownerDb
      .updateTable('client_coach')
      .set({ until_day: dayBefore(today, 1) })
      .where('client_id', '=', old)
      .execute()
    const cases = [
      ['sari', { clientId: meriva.clients.antti }, '/clientId'],
      ['pekka', { clientId: old }, '/clientId'],
      ['pekka', { clientId: eduro.clients.maija }, '/clientId'],
      ['pekka', { taskId: eduro.task('t2').id }, '/taskId'],
      ['pekka', { taskId: meriva.clients.maija }, '/taskId'],
    ] as const
    for (const [who, more, pointer] of cases) {
      const answer = await (await meriva.as(who)).post('/api/v1/observations', sanding(more))
      expect(answer.statusCode, JSON.stringify(more)).toBe(404)
      expect(answer.json()).toMatchObject({ code: 'not-found', errors: [{ pointer }] })
    }
    expect(await count()).toBe(before)
  })

  test('a task of a retired module cannot be recorded any more', async () => {
    const hall = await givenFoundation(service, { name: 'Saura' })
    await service.database.ownerDb
      .updateTable('module_version')
      .set({ state: 'retired' })
      .where('tenant_id', '=', hall.code)
      .execute()
    const body = { ...sanding(), clientId: hall.clients.maija, taskId: hall.task('t2').id }
    expect((await (await hall.as('pekka')).post('/api/v1/observations', body)).statusCode).toBe(404)
  })
})

describe('days of work (DESIGN)', () => {
  test.each([
    ['tomorrow', '2026-11-23', {}, 'future-day', '/observedOn'],
    ['15 days ago without a reason', '2026-11-07', {}, 'late-reason-needed', '/lateReason'],
    ['no day at all', '2026-02-30', {}, 'validation', '/observedOn'],
  ])('%s is refused', async (_, observedOn, more, code, pointer) => {
    const answer = await (await meriva.as('pekka')).post('/api/v1/observations', sanding({ observedOn, ...more }))
    expect(answer.statusCode).toBe(422)
    const body = answer.json<{ code: string; errors: { pointer: string; code: string }[] }>()
    expect(body.code).toBe('validation')
    expect(body.errors[0]?.pointer).toBe(pointer)
    if (code !== 'validation') expect(body.errors[0]?.code).toBe(code)
  })

  test('14 days ago needs no reason; 15 days ago is kept with its reason and marked late', async () => {
    const inTime = await meriva.record({ on: '2026-11-08' })
    const late = await meriva.record({ on: '2026-11-07', lateReason: 'Olin lomalla.' })
    const kaisa = await meriva.as('kaisa')
    expect((await kaisa.get(`/api/v1/observations/${inTime}`)).json()).toMatchObject({ recordedLate: false })
    expect((await kaisa.get(`/api/v1/observations/${late}`)).json()).toMatchObject({ recordedLate: true })
  })

  test('the day is Finland’s: at 22.30 UTC it is tomorrow there already', async () => {
    service.at('2026-11-22T22:30:00Z')
    const answer = await (await meriva.as('pekka')).post('/api/v1/observations', sanding({ observedOn: '2026-11-23' }))
    service.at(morning)
    expect(answer.statusCode).toBe(201)
  })
})

describe('words', () => {
  test('DOMAIN §9.5: a personal identity code is refused, a number that only looks like one is not', async () => {
    const pekka = await meriva.as('pekka')
    const refused = await pekka.post('/api/v1/observations', sanding({ note: 'Maija, 131052-308T' }))
    expect(refused.statusCode).toBe(422)
    expect(refused.json()).toMatchObject({ errors: [{ pointer: '/note', code: 'identity-code' }] })
    expect((await pekka.post('/api/v1/observations', sanding({ note: 'Tilaus 131052-308A' }))).statusCode).toBe(201)
  })

  test('an unknown member, an unknown level and too many words are refused with their pointers', async () => {
    const pekka = await meriva.as('pekka')
    for (const [more, pointer] of [
      [{ supportLevel: 'none' }, '/supportLevel'],
      [{ note: 'x'.repeat(2001) }, '/note'],
      [{ note: '   ' }, '/note'],
    ] as const) {
      const answer = await pekka.post('/api/v1/observations', sanding(more))
      expect(answer.statusCode).toBe(422)
      expect(answer.json()).toMatchObject({ code: 'validation', errors: [{ pointer }] })
    }
    expect((await pekka.post('/api/v1/observations', sanding({ grade: 5 }))).statusCode).toBe(422)
  })
})

describe('idempotency', () => {
  test('the same key and body answer the same; another body is refused; another coach’s same key is another', async () => {
    const pekka = await meriva.as('pekka')
    const key = { 'idempotency-key': 'aamu-1' }
    const first = await pekka.post('/api/v1/observations', sanding(), key)
    const before = await count()
    service.at('2026-11-22T09:05:00Z')
    const again = await pekka.post('/api/v1/observations', sanding(), key)
    service.at(morning)
    expect(again.statusCode).toBe(201)
    expect(again.headers['idempotent-replayed']).toBe('true')
    expect(again.json()).toEqual(first.json())
    const other = await pekka.post('/api/v1/observations', sanding({ supportLevel: 'general' }), key)
    expect(other.statusCode).toBe(422)
    expect(other.json()).toMatchObject({ code: 'idempotency_mismatch' })
    expect(await count()).toBe(before)
    const sari = await (await meriva.as('sari')).post('/api/v1/observations', sanding(), key)
    expect(sari.json<{ id: string }>().id).not.toBe(first.json<{ id: string }>().id)
    expect((await pekka.post('/api/v1/observations', sanding(), { 'idempotency-key': '' })).statusCode).toBe(400)
  })

  test('20 at the same time with one key: one row, one answer', async () => {
    const pekka = await meriva.as('pekka')
    const before = await count()
    const key = { 'idempotency-key': 'yhtaikaa' }
    const answers = await Promise.all(
      Array.from({ length: 20 }, async () => await pekka.post('/api/v1/observations', sanding(), key)),
    )
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(answers.map(() => 201))
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1)
    expect(await count()).toBe(before + 1)
  })
})

describe('batch', () => {
  const batch = (observations: readonly Body[]): Body => ({ observations })

  test('eight at once, an answer per row, the same again for the same key', async () => {
    const people = [meriva.clients.maija, meriva.clients.antti]
    for (const given of ['Fatima', 'Juhani', 'Leena', 'Niko', 'Ritva', 'Samu']) {
      people.push(await meriva.addClient({ given, family: 'Virtanen' }))
    }
    const rows = people.map((clientId) => sanding({ clientId }))
    const pekka = await meriva.as('pekka')
    const key = { 'idempotency-key': 'kahdeksan' }
    const before = await count()
    const answer = await pekka.post('/api/v1/observations/batch', batch(rows), key)
    expect(answer.statusCode, answer.body).toBe(201)
    const { data } = answer.json<{ data: { row: number; id: string; clientId: string }[] }>()
    expect(data.map(({ row, clientId }) => [row, clientId])).toEqual(people.map((id, row) => [row, id]))
    expect((await pekka.post('/api/v1/observations/batch', batch(rows), key)).json()).toEqual(answer.json())
    expect(await count()).toBe(before + 8)
  })

  test('one wrong row and nothing is recorded; the pointer leads to it', async () => {
    const pekka = await meriva.as('pekka')
    const before = await count()
    const rows = [sanding(), sanding({ clientId: eduro.clients.maija }), sanding({ taskId: eduro.task('t1').id })]
    const foreign = await pekka.post('/api/v1/observations/batch', batch(rows), { 'idempotency-key': 'vieras' })
    expect(foreign.statusCode).toBe(404)
    expect(foreign.json()).toMatchObject({
      errors: [{ pointer: '/observations/1/clientId' }, { pointer: '/observations/2/taskId' }],
    })
    const future = [sanding(), sanding({ observedOn: '2026-12-24' })]
    const early = await pekka.post('/api/v1/observations/batch', batch(future), { 'idempotency-key': 'joulu' })
    expect(early.statusCode).toBe(422)
    expect(early.json()).toMatchObject({ errors: [{ pointer: '/observations/1/observedOn', code: 'future-day' }] })
    expect(await count()).toBe(before)
  })

  test('needs its key, at least one row and at most 500', async () => {
    const pekka = await meriva.as('pekka')
    const without = await pekka.post('/api/v1/observations/batch', batch([sanding()]))
    expect(without.statusCode).toBe(400)
    expect(without.json()).toMatchObject({ code: 'idempotency_key_required' })
    for (const rows of [[], Array.from({ length: 501 }, () => sanding())]) {
      const answer = await pekka.post('/api/v1/observations/batch', batch(rows), { 'idempotency-key': 'koko' })
      expect(answer.statusCode).toBe(422)
    }
    const full = Array.from({ length: 500 }, () => sanding({ note: 'ä'.repeat(500) }))
    const most = await pekka.post('/api/v1/observations/batch', batch(full), { 'idempotency-key': 'taysi' })
    expect(most.statusCode, most.body.slice(0, 300)).toBe(201)
  })
})

describe('undo', () => {
  test('at 9 minutes it is gone, and asking again answers the same', async () => {
    const id = await meriva.record()
    const pekka = await meriva.as('pekka')
    service.at('2026-11-22T09:09:00Z')
    const undone = await pekka.post(`/api/v1/observations/${id}/undo`, {})
    service.at('2026-11-22T09:11:00Z')
    const again = await pekka.post(`/api/v1/observations/${id}/undo`, {})
    service.at(morning)
    expect(undone.json()).toEqual({ id, undoneAt: '2026-11-22T09:09:00.000Z' })
    expect(again.json()).toEqual(undone.json())
    expect((await pekka.get(`/api/v1/observations/${id}`)).json()).toMatchObject({ state: 'undone' })
  })

  test('at 11 minutes it stays: 409', async () => {
    const id = await meriva.record()
    const pekka = await meriva.as('pekka')
    service.at('2026-11-22T09:11:00Z')
    const late = await pekka.post(`/api/v1/observations/${id}/undo`, {})
    service.at(morning)
    expect(late.statusCode).toBe(409)
    expect(late.json()).toMatchObject({ code: 'undo-too-late' })
    expect((await pekka.get(`/api/v1/observations/${id}`)).json()).toMatchObject({ state: 'current' })
  })

  test('a colleague who sees it gets 403; who does not see it 404; a client 403', async () => {
    const maijas = await meriva.record()
    const anttis = await meriva.record({ who: 'antti' })
    const sari = await meriva.as('sari')
    const colleague = await sari.post(`/api/v1/observations/${maijas}/undo`, {})
    expect(colleague.statusCode).toBe(403)
    expect(colleague.json()).toMatchObject({ code: 'not-recorder' })
    expect((await sari.post(`/api/v1/observations/${anttis}/undo`, {})).statusCode).toBe(404)
    expect((await (await eduro.as('pekka')).post(`/api/v1/observations/${maijas}/undo`, {})).statusCode).toBe(404)
    expect((await (await meriva.as('maija')).post(`/api/v1/observations/${maijas}/undo`, {})).statusCode).toBe(403)
  })
})

describe('correction', () => {
  test('a new row replaces the old with a reason; the old is kept and does not count; twice is refused', async () => {
    const id = await meriva.record({ support: 'general' })
    const pekka = await meriva.as('pekka')
    const correction = sanding({ replaces: id, replaceReason: 'Merkitsin väärän tuen.' })
    const corrected = await pekka.post('/api/v1/observations', correction)
    expect(corrected.statusCode, corrected.body).toBe(201)
    expect((await pekka.get(`/api/v1/observations/${id}`)).json()).toMatchObject({ state: 'replaced' })
    const newer = await pekka.get(`/api/v1/observations/${corrected.json<{ id: string }>().id}`)
    expect(newer.json()).toMatchObject({ state: 'current', replaces: id, replaceReason: 'Merkitsin väärän tuen.' })
    const twice = await pekka.post('/api/v1/observations', correction)
    expect(twice.statusCode).toBe(409)
    expect(twice.json()).toMatchObject({ code: 'not-current' })
    expect((await pekka.post(`/api/v1/observations/${id}/undo`, {})).statusCode).toBe(409)
  })

  test('two corrections at the same time: one stands', async () => {
    const id = await meriva.record()
    const correction = sanding({ replaces: id, replaceReason: 'Väärä tehtävä.', taskId: meriva.task('t1').id })
    const [pekka, sari] = [await meriva.as('pekka'), await meriva.as('sari')]
    const answers = await Promise.all(
      [pekka, sari, pekka, sari].map(async (api) => await api.post('/api/v1/observations', correction)),
    )
    expect(answers.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b)).toEqual([201, 409, 409, 409])
  })

  test('an undone correction gives the old record back', async () => {
    const id = await meriva.record({ support: 'general' })
    const pekka = await meriva.as('pekka')
    const correction = await pekka.post('/api/v1/observations', sanding({ replaces: id, replaceReason: 'Tuki.' }))
    await pekka.post(`/api/v1/observations/${correction.json<{ id: string }>().id}/undo`, {})
    expect((await pekka.get(`/api/v1/observations/${id}`)).json()).toMatchObject({ state: 'current' })
  })

  test('needs a reason, the same client, and a day in time or the old day', async () => {
    const late = await meriva.record({ on: dayBefore(today, 40), lateReason: 'Sairas.' })
    const pekka = await meriva.as('pekka')
    const bare = await pekka.post('/api/v1/observations', sanding({ replaces: late }))
    expect(bare.json()).toMatchObject({ errors: [{ pointer: '/replaceReason', code: 'reason-needed' }] })
    const loose = await pekka.post('/api/v1/observations', sanding({ replaceReason: 'Tuki.' }))
    expect(loose.json()).toMatchObject({ errors: [{ pointer: '/replaces', code: 'reason-without-record' }] })
    const why = { replaces: late, replaceReason: 'Tuki.' }
    const other = await pekka.post('/api/v1/observations', sanding({ ...why, clientId: meriva.clients.antti }))
    expect(other.statusCode).toBe(404)
    // Its day is told to nobody by asking with another client: the right one and a wrong one are refused alike.
    const guess = { ...why, clientId: meriva.clients.antti, observedOn: dayBefore(today, 40) }
    const guessed = await pekka.post('/api/v1/observations', sanding(guess))
    expect(guessed.json()).toMatchObject({ errors: [{ code: 'late-reason-needed' }] })
    const moved = await pekka.post('/api/v1/observations', sanding({ ...why, observedOn: dayBefore(today, 39) }))
    expect(moved.json()).toMatchObject({ errors: [{ code: 'late-reason-needed' }] })
    const kept = await pekka.post('/api/v1/observations', sanding({ ...why, observedOn: dayBefore(today, 40) }))
    expect(kept.statusCode, kept.body).toBe(201)
    const read = await pekka.get(`/api/v1/observations/${kept.json<{ id: string }>().id}`)
    expect(read.json()).toMatchObject({ recordedLate: true, lateReason: 'Sairas.' })
  })
})

describe('reading', () => {
  test('a client’s records page by page, newest first, in the list’s shape', async () => {
    const leena = await meriva.addClient({ given: 'Leena', family: 'Salo' })
    const ids: string[] = []
    for (let day = 1; day <= 3; day += 1) {
      ids.push(await meriva.record({ who: { clientId: leena }, on: dayBefore(today, day) }))
    }
    ids.sort()
    const pekka = await meriva.as('pekka')
    type Page = { data: { id: string }[]; page: { next: string | null } }
    const first = (await pekka.get(`/api/v1/observations?clientId=${leena}&limit=2`)).json<Page>()
    expect(first.data.map(({ id }) => id)).toEqual([ids[2], ids[1]])
    const next = (
      await pekka.get(`/api/v1/observations?clientId=${leena}&limit=2&cursor=${first.page.next}`)
    ).json<Page>()
    expect(next).toMatchObject({ data: [{ id: ids[0] }], page: { next: null } })
  })

  test('S-11: what is not yours is 404, by id and by list', async () => {
    const anttis = await meriva.record({ who: 'antti' })
    const readers = [
      await meriva.as('sari'),
      await meriva.as('maija'),
      await eduro.as('pekka'),
      await eduro.as('kaisa'),
    ]
    for (const api of readers) {
      expect((await api.get(`/api/v1/observations/${anttis}`)).statusCode).toBe(404)
      expect((await api.get(`/api/v1/observations?clientId=${meriva.clients.antti}`)).statusCode).toBe(404)
    }
    expect((await (await meriva.as('antti')).get(`/api/v1/observations/${anttis}`)).statusCode).toBe(200)
    expect((await (await meriva.as('admin')).get(`/api/v1/observations/${anttis}`)).statusCode).toBe(403)
    expect((await readers[0]?.get('/api/v1/observations/nonsense'))?.statusCode).toBe(404)
    expect((await readers[0]?.get('/api/v1/observations'))?.statusCode).toBe(422)
  })
})
