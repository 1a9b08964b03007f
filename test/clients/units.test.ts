import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addWorkUnit, closeWorkUnit } from '../../src/foundations/work-unit.ts'
import { startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'
import { markupFaults } from '../support/markup.ts'

// S-12: a coach has the clients of the own work unit, by days.

const today = '2026-11-22'
let service: TestService
let f: Foundation
let foreign: Foundation
let coordinator: Awaited<ReturnType<Foundation['as']>>
let wood: string
let kitchen: string

beforeAll(async () => {
  service = await startService()
  f = await givenFoundation(service)
  foreign = await givenFoundation(service, { name: 'Eduro', module: false })
  coordinator = await f.as('kaisa')
  const admin = f.staffActor('admin')
  wood = await addWorkUnit(service.deps, admin, 'Puupaja')
  kitchen = await addWorkUnit(service.deps, admin, 'Keittiö')
})
afterAll(async () => await service.close())

async function beginInUnit(unit: string, who: 'pekka' | 'sari', fromDay = today, untilDay: string | null = null) {
  const body = { coachId: f.accounts[who], fromDay, untilDay }
  const begun = await coordinator.post(`/api/v1/work-units/${unit}/coaches`, body)
  expect(begun.statusCode, begun.body).toBe(201)
  return begun.json<{ id: string }>().id
}

async function move(client: string, unitId: string | null): Promise<void> {
  const moved = await coordinator.put(`/api/v1/clients/${client}/unit`, { unitId })
  expect(moved.statusCode, moved.body).toBe(200)
  expect(moved.json()).toMatchObject({ unitId })
}

async function endInUnit(unit: string, id: string): Promise<number> {
  return (await coordinator.post(`/api/v1/work-units/${unit}/coaches/${id}/end`, {})).statusCode
}

async function reads(who: 'pekka' | 'sari', client: string): Promise<boolean> {
  const { statusCode } = await (await f.as(who)).get(`/api/v1/clients/${client}`)
  expect([200, 404]).toContain(statusCode)
  return statusCode === 200
}

async function lines(client: string | null, kind: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::integer as count from audit_event
    where tenant_id = ${f.code} and kind = ${kind} and client_id is not distinct from ${client}`.execute(
    service.database.ownerDb,
  )
  return rows[0]?.count ?? 0
}

describe('S-12: the client of the own unit', () => {
  test('is the coach’s until the move to another unit, and then at once the other coach’s', async () => {
    const helmi = await f.addClient({ given: 'Helmi', family: 'Aalto' }, [])
    const inWood = await beginInUnit(wood, 'pekka')
    const inKitchen = await beginInUnit(kitchen, 'sari')
    expect([await reads('pekka', helmi), await reads('sari', helmi)]).toEqual([false, false])
    await move(helmi, wood)
    expect([await reads('pekka', helmi), await reads('sari', helmi)]).toEqual([true, false])

    const pekka = await f.as('pekka')
    const page = await f.browser('pekka')
    for (const url of ['/ryhma', '/kirjaa']) expect((await page.get(url)).body, url).toContain('Helmi A.')
    expect((await page.get(`/ryhma/${helmi}`)).statusCode).toBe(200)
    const work = { clientId: helmi, taskId: f.task('t2').id, supportLevel: 'minor', observedOn: today }
    const recorded = await pekka.post('/api/v1/observations', work)
    expect(recorded.statusCode, recorded.body).toBe(201)
    const { code } = (await pekka.post(`/api/v1/clients/${helmi}/codes`, {})).json<{ code: string }>()
    // The look at the levels has the relation as its ground.
    expect((await pekka.get(`/api/v1/observations?clientId=${helmi}`)).body).toContain('"minor"')
    expect(await lines(helmi, 'level.read')).toBeGreaterThan(0)
    const sari = await f.as('sari')
    expect((await sari.post('/api/v1/observations', work)).statusCode).toBe(404)
    expect((await sari.get(`/api/v1/observations?clientId=${helmi}`)).statusCode).toBe(404)
    expect((await coordinator.get(`/api/v1/clients/${helmi}/unit`)).json()).toEqual({
      unitId: wood,
      unit: 'Puupaja',
      fromDay: today,
      coaches: ['Pekka R.'],
    })

    await move(helmi, kitchen)
    expect([await reads('pekka', helmi), await reads('sari', helmi)]).toEqual([false, true])
    expect((await page.get(`/ryhma/${helmi}`)).statusCode).toBe(404)
    for (const url of ['/ryhma', '/kirjaa', '/hallinta/loki'])
      expect((await page.get(url)).body, url).not.toMatch(/Helmi/)
    expect((await pekka.post('/api/v1/observations', work)).statusCode).toBe(404)
    // What the coach of the old unit handed out opens nothing.
    expect((await service.api().post('/api/v1/tokens/code', { code })).statusCode).toBe(401)

    await move(helmi, kitchen)
    await move(helmi, null)
    expect([await reads('pekka', helmi), await reads('sari', helmi)]).toEqual([false, false])
    // The same again leaves no line.
    expect(await lines(helmi, 'client.unit-changed')).toBe(3)
    expect([await endInUnit(wood, inWood), await endInUnit(kitchen, inKitchen)]).toEqual([200, 200])
  })

  test('is the coach’s from the coach’s first day in the unit to the last, and not after', async () => {
    const onni = await f.addClient({ given: 'Onni', family: 'Berg' }, [])
    await move(onni, wood)
    await beginInUnit(wood, 'sari', '2026-11-23', '2026-11-24')
    const seen: boolean[] = []
    for (const day of [today, '2026-11-23', '2026-11-24', '2026-11-25']) {
      service.at(`${day}T09:00:00Z`)
      seen.push(await reads('sari', onni))
    }
    service.at(`${today}T09:00:00Z`)
    coordinator = await f.as('kaisa')
    expect(seen).toEqual([false, true, true, false])
    await move(onni, null)
  })

  test('is no more the coach’s who leaves the unit, but for who works with the client otherwise', async () => {
    const aino = await f.addClient({ given: 'Aino', family: 'Ek' }, ['pekka'])
    const toivo = await f.addClient({ given: 'Toivo', family: 'Ek' }, [])
    for (const client of [aino, toivo]) await move(client, kitchen)
    const id = await beginInUnit(kitchen, 'pekka')
    const pekka = await f.as('pekka')
    const [own, other] = await Promise.all(
      [aino, toivo].map(async (client) =>
        (await pekka.post(`/api/v1/clients/${client}/codes`, {})).json<{ code: string }>(),
      ),
    )
    expect(await endInUnit(kitchen, id)).toBe(200)
    expect([await reads('pekka', aino), await reads('pekka', toivo)]).toEqual([true, false])
    const use = async (code = ''): Promise<number> =>
      (await service.api().post('/api/v1/tokens/code', { code })).statusCode
    expect([await use(own?.code), await use(other?.code)]).toEqual([200, 401])
    expect(await endInUnit(kitchen, id)).toBe(409)
    expect(await endInUnit(wood, id)).toBe(404)
    for (const client of [aino, toivo]) await move(client, null)
  })

  test('is the stand-in’s while a coach of the unit is away', async () => {
    const lyyli = await f.addClient({ given: 'Lyyli', family: 'Niva' }, [])
    await move(lyyli, wood)
    const inWood = await beginInUnit(wood, 'pekka')
    const away = { coachId: f.accounts.pekka, standInId: f.accounts.sari, fromDay: today, untilDay: '2026-11-25' }
    const { id } = (await coordinator.post('/api/v1/stand-ins', away)).json<{ id: string }>()
    expect(await reads('sari', lyyli)).toBe(true)
    const { code } = (await (await f.as('sari')).post(`/api/v1/clients/${lyyli}/codes`, {})).json<{ code: string }>()
    expect((await coordinator.post(`/api/v1/stand-ins/${id}/end`, {})).statusCode).toBe(200)
    expect([await reads('sari', lyyli), await reads('pekka', lyyli)]).toEqual([false, true])
    expect((await service.api().post('/api/v1/tokens/code', { code })).statusCode).toBe(401)
    expect(await endInUnit(wood, inWood)).toBe(200)
    await move(lyyli, null)
  })
})

describe('S-12: units of others, closed units, other roles', () => {
  test('a closed unit takes nobody, and one with clients is not closed', async () => {
    const admin = f.staffActor('admin')
    const laundry = await addWorkUnit(service.deps, admin, 'Pesula')
    const sulo = await f.addClient({ given: 'Sulo', family: 'Oja' }, [])
    await beginInUnit(laundry, 'sari')
    await move(sulo, laundry)
    await expect(closeWorkUnit(service.deps, admin, laundry)).rejects.toMatchObject({ code: 'unit-in-use' })
    expect(await reads('sari', sulo)).toBe(true)
    await move(sulo, null)
    await closeWorkUnit(service.deps, admin, laundry)
    const refused = await coordinator.put(`/api/v1/clients/${sulo}/unit`, { unitId: laundry })
    expect(refused.json()).toMatchObject({ status: 422, code: 'unknown-unit' })
    const body = { coachId: f.accounts.pekka, fromDay: today }
    const coaches = `/api/v1/work-units/${laundry}/coaches`
    expect((await coordinator.post(coaches, body)).json()).toMatchObject({ status: 409, code: 'unit-closed' })
    expect((await coordinator.get(coaches)).json<{ data: object[] }>().data).toMatchObject([{ state: 'ended' }])
    const { data } = (await coordinator.get('/api/v1/work-units')).json<{ data: { id: string; closedAt: string }[] }>()
    expect(data.find(({ id }) => id === laundry)?.closedAt).toMatch(/^2026-11-22/)
  })

  test('another foundation’s unit, client and coach are not there; nor is one who is no coach', async () => {
    const { maija } = f.clients
    const theirs = await addWorkUnit(service.deps, foreign.staffActor('admin'), 'Puupaja')
    for (const unitId of [theirs, service.deps.newId()]) {
      const answer = await coordinator.put(`/api/v1/clients/${maija}/unit`, { unitId })
      expect(answer.json()).toMatchObject({ status: 422, code: 'unknown-unit' })
      const body = { coachId: f.accounts.sari, fromDay: today }
      expect((await coordinator.post(`/api/v1/work-units/${unitId}/coaches`, body)).statusCode).toBe(404)
      expect((await coordinator.get(`/api/v1/work-units/${unitId}/coaches`)).statusCode).toBe(404)
    }
    const url = `/api/v1/clients/${foreign.clients.maija}/unit`
    expect((await coordinator.put(url, { unitId: wood })).statusCode).toBe(404)
    expect((await coordinator.get(url)).statusCode).toBe(404)
    for (const coachId of [foreign.accounts.sari, f.accounts.kaisa]) {
      const answer = await coordinator.post(`/api/v1/work-units/${wood}/coaches`, { coachId, fromDay: today })
      expect(answer.json()).toMatchObject({ status: 422, code: 'unknown-coach' })
    }
  })

  test('only a coordinator changes them; lead and admin read', async () => {
    const { maija } = f.clients
    for (const who of ['pekka', 'admin', 'maija'] as const) {
      const api = await f.as(who)
      expect((await api.put(`/api/v1/clients/${maija}/unit`, { unitId: wood })).statusCode, who).toBe(403)
      const body = { coachId: f.accounts.sari, fromDay: today }
      expect((await api.post(`/api/v1/work-units/${wood}/coaches`, body)).statusCode, who).toBe(403)
    }
    const page = `/hallinta/yksikot/${wood}/valmentajat`
    const admin = await f.browser('admin')
    const seen = await admin.get(page)
    expect(seen.statusCode).toBe(200)
    expect(seen.body).not.toContain('Lisää valmentaja')
    expect((await admin.submit(page, { coachId: f.accounts.sari, fromDay: today })).statusCode).toBe(403)
    expect((await (await f.browser('pekka')).get(page)).statusCode).toBe(403)
  })

  test('two coordinators at once: one place for the client, one time for the coach', async () => {
    const { antti } = f.clients
    const url = `/api/v1/clients/${antti}/unit`
    await Promise.all([wood, kitchen, wood].map(async (unitId) => await coordinator.put(url, { unitId })))
    const { rows } = await sql`select from client_unit where client_id = ${antti} and until_day is null`.execute(
      service.database.ownerDb,
    )
    expect(rows).toHaveLength(1)
    await move(antti, null)
    const body = { coachId: f.accounts.pekka, fromDay: today }
    const begun = await Promise.all(
      [1, 2, 3].map(async () => await coordinator.post(`/api/v1/work-units/${kitchen}/coaches`, body)),
    )
    expect(begun.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b)).toEqual([201, 409, 409])
    const id = begun.find(({ statusCode }) => statusCode === 201)?.json<{ id: string }>().id ?? ''
    expect(await endInUnit(kitchen, id)).toBe(200)
  })
})

test('a client who moves to another foundation leaves the unit, and does not come back to it', async () => {
  const { antti } = f.clients
  await move(antti, wood)
  const invited = await (await foreign.as('kaisa')).post('/api/v1/client-invitations', {
    coachId: foreign.accounts.pekka,
  })
  const { code } = invited.json<{ code: string }>()
  const left = await (await f.as('antti')).post('/api/v1/passport/move', { code, purpose: 'move', take: [] })
  expect(left.statusCode, left.body).toBe(200)
  const { rows } = await sql<{ open: number; all: number }>`select count(*)::integer as all,
    count(*) filter (where until_day is null or until_day >= ${today}::date or ended_at is null)::integer as open
    from client_unit where client_id = ${antti}`.execute(service.database.ownerDb)
  expect(rows[0]?.open).toBe(0)
  expect(rows[0]?.all).toBeGreaterThan(0)
})

describe('the pages', () => {
  test('move a client, and give a unit its coaches; the audit and the client’s copy tell of it', async () => {
    const kaisa = await f.browser('kaisa')
    const [client, unit] = [`/hallinta/suhteet/${f.clients.maija}`, `/hallinta/yksikot/${wood}/valmentajat`]
    expect((await kaisa.get('/hallinta/yksikot')).body).toContain(`href="${unit}"`)
    expect(markupFaults((await kaisa.get(unit)).body)).toEqual([])
    const wrong = await kaisa.submit(unit, { coachId: '', fromDay: 'eilen', untilDay: '' })
    expect([wrong.statusCode, markupFaults(wrong.body)]).toEqual([422, []])
    const added = await kaisa.submit(unit, { coachId: f.accounts.pekka, fromDay: today, untilDay: '' })
    const told = await kaisa.get(added.headers.location ?? '')
    expect(told.body).toContain('Valmentaja on lisätty.')
    expect(markupFaults(told.body)).toEqual([])

    expect((await kaisa.get(client)).body).toContain('Valmentautujalla ei ole työyksikköä.')
    expect((await kaisa.submit(`${client}/yksikko`, { unitId: service.deps.newId() })).statusCode).toBe(422)
    const moved = await kaisa.submit(`${client}/yksikko`, { unitId: wood })
    const shown = await kaisa.get(moved.headers.location ?? '')
    expect(shown.body).toContain('Valmentautuja on siirretty.')
    expect(shown.body).toContain('Yksikön valmentajat: Pekka R.')
    expect(markupFaults(shown.body)).toEqual([])

    const end = /yksikot\/[^"]+\/valmentajat\/[^"]+\/lopeta(?=")/.exec(told.body)?.[0]
    const ended = await kaisa.submit(`/hallinta/${end ?? ''}`, {})
    expect((await kaisa.get(ended.headers.location ?? '')).body).toContain('Valmentaja ei enää ohjaa yksikköä.')
    const log = (await kaisa.get('/hallinta/loki')).body
    for (const kind of ['Siirsi toiseen työyksikköön', 'Lisäsi yksikölle valmentajan', 'Lopetti valmentajan yksikössä'])
      expect(log).toContain(kind)
    const copy = await (await f.browser('maija')).get('/tiedot/kopio.json')
    expect(copy.json<{ sections: Record<string, readonly object[]> }>().sections['units']).toMatchObject([
      { unit: { id: wood, name: 'Puupaja' }, fromDay: today, untilDay: null, madeBy: { name: 'Kaisa M.' } },
    ])
  })
})
