import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accept, givenOffered, publicOrigin, show } from '../publication/given-award.ts'
import { startService, type TestService } from '../support/app.ts'
import { dayBefore, type Foundation, givenFoundation } from '../support/given.ts'
import { markupFaults } from '../support/markup.ts'
import { holding, dump } from '../rights/dump.ts'

// S-12: who works with whom, by days; PRODUCT C7 and K7.

const today = '2026-11-22'
let service: TestService
let f: Foundation
let foreign: Foundation
let coordinator: Awaited<ReturnType<Foundation['as']>>

beforeAll(async () => {
  service = await startService({ publicOrigin })
  f = await givenFoundation(service)
  foreign = await givenFoundation(service, { name: 'Eduro', module: false })
  coordinator = await f.as('kaisa')
})
afterAll(async () => await service.close())

type Row = { id: string; coachId: string; state: string; standsInFor: string | null; untilDay: string | null }

async function relations(client: string): Promise<readonly Row[]> {
  const answer = await coordinator.get(`/api/v1/clients/${client}/coaches`)
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json<{ data: Row[] }>().data
}

async function relationOf(client: string, coach: string): Promise<Row> {
  const found = (await relations(client)).find(({ coachId, state }) => coachId === coach && state !== 'ended')
  if (!found) throw new Error('no such relation')
  return found
}

async function lines(kind: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::integer as count from audit_event
    where tenant_id = ${f.code} and kind = ${kind}`.execute(service.database.ownerDb)
  return rows[0]?.count ?? 0
}

describe('S-12: a relation by days', () => {
  test('ends, and page, API and lists know the client no more; what was recorded stays', async () => {
    const leena = await f.addClient({ given: 'Leena', family: 'Salo' }, ['pekka', 'sari'])
    const observation = await f.record({ who: { clientId: leena }, by: 'sari' })
    const sari = await f.as('sari')
    const page = await f.browser('sari')
    const reads = [
      `/api/v1/clients/${leena}`,
      `/api/v1/observations?clientId=${leena}`,
      `/api/v1/observations/${observation}`,
      `/api/v1/awards?clientId=${leena}`,
    ]
    for (const url of reads) expect((await sari.get(url)).statusCode, url).toBe(200)
    expect((await page.get(`/ryhma/${leena}`)).statusCode).toBe(200)
    expect((await page.get('/kirjaa')).body).toContain('Leena S.')
    const { code } = (await sari.post(`/api/v1/clients/${leena}/codes`, {})).json<{ code: string }>()

    const { id } = await relationOf(leena, f.accounts.sari)
    const ended = await coordinator.post(`/api/v1/clients/${leena}/coaches/${id}/end`, {})
    expect(ended.statusCode, ended.body).toBe(200)

    for (const url of reads) expect((await sari.get(url)).statusCode, url).toBe(404)
    expect((await sari.get('/api/v1/clients')).body).not.toContain(leena)
    for (const url of ['/ryhma', '/kirjaa', '/hallinta/loki', '/hakemukset'])
      expect((await page.get(url)).body, url).not.toMatch(/Leena/)
    expect((await page.get(`/ryhma/${leena}`)).statusCode).toBe(404)
    const work = { clientId: leena, taskId: f.task('t2').id, supportLevel: 'minor', observedOn: today }
    expect((await sari.post('/api/v1/observations', work)).statusCode).toBe(404)
    expect((await sari.post(`/api/v1/observations/${observation}/undo`, {})).statusCode).toBe(404)
    expect((await sari.post(`/api/v1/clients/${leena}/codes`, {})).statusCode).toBe(404)
    // What was handed out before opens nothing either.
    expect((await service.api().post('/api/v1/tokens/code', { code })).statusCode).toBe(401)

    // The colleague goes on, and the record is there.
    const pekka = await f.as('pekka')
    expect((await pekka.get(`/api/v1/observations/${observation}`)).statusCode).toBe(200)
    expect(await lines('relation.ended')).toBe(1)
  })

  test('begins: at once today, later on its day; until its last day and not after', async () => {
    const ritva = await f.addClient({ given: 'Ritva', family: 'Talvi' }, ['pekka'])
    const sari = await f.as('sari')
    const url = `/api/v1/clients/${ritva}`
    expect((await sari.get(url)).statusCode).toBe(404)
    const wanted = { coachId: f.accounts.sari, fromDay: '2026-11-23', untilDay: '2026-11-24' }
    const begun = await coordinator.post(`${url}/coaches`, wanted)
    expect(begun.statusCode, begun.body).toBe(201)
    expect(begun.json()).toMatchObject({ state: 'coming', standsInFor: null })
    const status = async (day: string): Promise<number> => {
      service.at(`${day}T09:00:00Z`)
      return (await (await f.as('sari')).get(url)).statusCode
    }
    expect(await status(today)).toBe(404)
    expect(await status('2026-11-23')).toBe(200)
    expect(await status('2026-11-24')).toBe(200)
    expect(await status('2026-11-25')).toBe(404)
    service.at(`${today}T09:00:00Z`)
    coordinator = await f.as('kaisa')
    const again = await coordinator.post(`${url}/coaches`, { coachId: f.accounts.sari, fromDay: '2026-11-24' })
    expect(again.json()).toMatchObject({ status: 409, code: 'coach-already' })
  })

  test('wrong days, people who are no coaches, and clients of others are refused', async () => {
    const url = `/api/v1/clients/${f.clients.antti}/coaches`
    const from = { fromDay: today, untilDay: null }
    const refused = async (body: object, to = url): Promise<readonly [number, string]> => {
      const answer = await coordinator.post(to, body)
      return [answer.statusCode, answer.json<{ code: string }>().code]
    }
    expect(await refused({ coachId: f.accounts.kaisa, ...from })).toEqual([422, 'unknown-coach'])
    expect(await refused({ coachId: foreign.accounts.pekka, ...from })).toEqual([422, 'unknown-coach'])
    expect(await refused({ coachId: f.accounts.sari, fromDay: dayBefore(today, 1) })).toEqual([422, 'day-past'])
    const backwards = { coachId: f.accounts.sari, fromDay: '2026-11-24', untilDay: today }
    expect(await refused(backwards)).toEqual([422, 'day-order'])
    const theirs = `/api/v1/clients/${foreign.clients.antti}/coaches`
    expect(await refused({ coachId: f.accounts.sari, ...from }, theirs)).toEqual([404, 'not-found'])
    expect((await coordinator.get(theirs)).statusCode).toBe(404)
  })

  test('is the coordinator’s to change; a lead and an admin read it, others do not', async () => {
    const url = `/api/v1/clients/${f.clients.antti}/coaches`
    const wanted = { coachId: f.accounts.sari, fromDay: today }
    for (const who of ['pekka', 'admin', 'antti'] as const) {
      expect((await (await f.as(who)).post(url, wanted)).statusCode, who).toBe(403)
      expect((await (await f.browser(who)).get('/hallinta/suhteet')).statusCode, who).toBe(403)
    }
    expect((await (await f.as('admin')).get(url)).statusCode).toBe(200)
    expect((await (await f.as('pekka')).get(url)).statusCode).toBe(403)
  })

  test('twice at once ends once, and two coaches begin one after the other', async () => {
    const veikko = await f.addClient({ given: 'Veikko', family: 'Aho' }, [])
    const url = `/api/v1/clients/${veikko}/coaches`
    const wanted = { coachId: f.accounts.sari, fromDay: today }
    const begun = await Promise.all([1, 2, 3, 4].map(async () => await coordinator.post(url, wanted)))
    expect(begun.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b)).toEqual([201, 409, 409, 409])
    const { id } = await relationOf(veikko, f.accounts.sari)
    const ended = await Promise.all([1, 2].map(async () => await coordinator.post(`${url}/${id}/end`, {})))
    expect(ended.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b)).toEqual([200, 409])
  })
})

describe('PRODUCT C7: a stand-in', () => {
  test('has the group between the days, with who comes meanwhile, and not after', async () => {
    const alli = await f.addClient({ given: 'Alli', family: 'Rova' }, ['pekka'])
    const wanted = { coachId: f.accounts.pekka, standInId: f.accounts.sari, fromDay: today, untilDay: '2026-11-25' }
    expect((await (await f.as('sari')).get(`/api/v1/clients/${alli}`)).statusCode).toBe(404)
    const begun = await coordinator.post('/api/v1/stand-ins', wanted)
    expect(begun.statusCode, begun.body).toBe(201)
    const { id } = begun.json<{ id: string }>()
    const sari = await f.as('sari')
    expect((await sari.get(`/api/v1/clients/${alli}`)).statusCode).toBe(200)
    expect((await sari.post(`/api/v1/clients/${alli}/codes`, {})).statusCode).toBe(201)
    expect((await relationOf(alli, f.accounts.sari)).standsInFor).toBe('Pekka R.')

    const eino = await f.addClient({ given: 'Eino', family: 'Lampi' }, [])
    await coordinator.post(`/api/v1/clients/${eino}/coaches`, { coachId: f.accounts.pekka, fromDay: today })
    expect((await sari.get(`/api/v1/clients/${eino}`)).statusCode).toBe(200)
    // The coach's own relation ends: the stand-in's has no ground any more.
    const own = await relationOf(eino, f.accounts.pekka)
    await coordinator.post(`/api/v1/clients/${eino}/coaches/${own.id}/end`, {})
    expect((await sari.get(`/api/v1/clients/${eino}`)).statusCode).toBe(404)

    service.at('2026-11-26T09:00:00Z')
    expect((await (await f.as('sari')).get(`/api/v1/clients/${alli}`)).statusCode).toBe(404)
    service.at(`${today}T09:00:00Z`)
    coordinator = await f.as('kaisa')
    const ended = await coordinator.post(`/api/v1/stand-ins/${id}/end`, {})
    expect(ended.statusCode, ended.body).toBe(200)
    expect((await (await f.as('sari')).get(`/api/v1/clients/${alli}`)).statusCode).toBe(404)
    // Maija is Sari's own too: that stays.
    expect((await (await f.as('sari')).get(`/api/v1/clients/${f.clients.maija}`)).statusCode).toBe(200)
    expect((await coordinator.post(`/api/v1/stand-ins/${id}/end`, {})).json()).toMatchObject({ code: 'relation-over' })
    expect([await lines('stand-in.begun'), await lines('stand-in.ended')]).toEqual([1, 1])
  })

  test('is another coach of the foundation; only a coordinator makes one', async () => {
    const wanted = { coachId: f.accounts.pekka, standInId: f.accounts.pekka, fromDay: today, untilDay: today }
    const post = async (body: object): Promise<string> =>
      (await coordinator.post('/api/v1/stand-ins', body)).json<{ code: string }>().code
    expect(await post(wanted)).toBe('same-person')
    expect(await post({ ...wanted, standInId: foreign.accounts.sari })).toBe('unknown-coach')
    expect(await post({ ...wanted, standInId: f.accounts.admin })).toBe('unknown-coach')
    const body = { ...wanted, standInId: f.accounts.sari }
    for (const who of ['pekka', 'admin', 'maija'] as const)
      expect((await (await f.as(who)).post('/api/v1/stand-ins', body)).statusCode, who).toBe(403)
  })
})

describe('PRODUCT K7: dated names', () => {
  test('the new name is everywhere, the old one nowhere but in the client’s own copy', async () => {
    const pekka = await f.browser('pekka')
    expect((await pekka.get('/ryhma')).body).toContain('Antti H.')
    service.at('2026-11-22T09:05:00Z')
    coordinator = await f.as('kaisa')
    const url = `/api/v1/clients/${f.clients.antti}/name`
    const named = await coordinator.put(url, { givenName: 'Áile', familyName: 'Niemi' })
    expect(named.json()).toMatchObject({ givenName: 'Áile', familyName: 'Niemi' })
    await coordinator.put(url, { givenName: 'Áile', familyName: 'Niemi' })
    const pages = [
      await pekka.get('/ryhma'),
      await pekka.get(`/ryhma/${f.clients.antti}`),
      await (await f.browser('kaisa')).get('/hallinta/suhteet'),
      await (await f.browser('kaisa')).get('/hallinta/loki'),
    ]
    for (const page of pages) {
      expect(page.body).toContain('Áile')
      expect(page.body).not.toMatch(/Antti|Halonen/)
    }
    const antti = await f.browser('antti')
    const copy = (await antti.get('/tiedot/kopio.json')).json<{ sections: Record<string, readonly object[]> }>()
    expect(copy.sections['names']).toMatchObject([
      { name: { given: 'Antti', family: 'Halonen' } },
      { name: { given: 'Áile', family: 'Niemi' }, fromDay: today, madeBy: { name: 'Kaisa M.' } },
    ])
    expect(holding(await dump(service), 'Halonen')).toEqual([])
    expect(await lines('client.renamed')).toBe(1)
    for (const who of ['pekka', 'admin', 'antti'] as const)
      expect((await (await f.as(who)).put(url, { givenName: 'A', familyName: 'B' })).statusCode, who).toBe(403)
    service.at(`${today}T09:00:00Z`)
  })
})

describe('PRODUCT K7: protected identity', () => {
  test('hides from lists and public pages; own coaches work on', async () => {
    const award = await givenOffered(f)
    await accept(f, award)
    await show(f, award, true)
    const badge = `/b/${award.publicId}`
    expect((await service.app.inject(badge)).statusCode).toBe(200)
    const { maija } = f.clients
    const kaisa = await f.browser('kaisa')
    expect((await kaisa.get('/hakemukset')).body).toContain('Maija Korhonen')
    const shared = await (await f.as('maija')).post('/api/v1/shares', { awardIds: [award.id], lifetime: 'P1D' })
    const link = new URL(shared.json<{ url: string }>().url).pathname
    expect((await service.api().get(link, { accept: 'text/html' })).statusCode).toBe(200)

    const marked = await coordinator.put(`/api/v1/clients/${maija}/protection`, { protected: true })
    expect(marked.json()).toEqual({ protected: true })
    expect((await service.app.inject(badge)).statusCode).toBe(410)
    for (const url of ['/ryhma', '/hakemukset', '/hallinta/suhteet', '/hallinta/loki'])
      expect((await kaisa.get(url)).body, url).not.toMatch(/Maija|Korhonen/)
    expect((await coordinator.get('/api/v1/clients?limit=100')).body).not.toContain(maija)
    expect((await service.api().get(link, { accept: 'text/html' })).statusCode).toBe(410)
    const hidden = await (await f.as('maija')).post(`/api/v1/awards/${award.id}/visibility`, { public: true })
    expect(hidden.json()).toMatchObject({ status: 409, code: 'protected-identity' })
    // Who works with the person does so by name; the coordinator reaches the one person whose page is opened.
    expect((await (await f.browser('pekka')).get('/ryhma')).body).toContain('Maija K.')
    expect((await kaisa.get(`/hallinta/suhteet/${maija}`)).body).toContain('Maija Korhonen')

    await coordinator.put(`/api/v1/clients/${maija}/protection`, { protected: false })
    expect((await kaisa.get('/ryhma')).body).toContain('Maija K.')
    // Nothing becomes public by itself.
    expect((await service.app.inject(badge)).statusCode).toBe(410)
    expect((await service.api().get(link, { accept: 'text/html' })).statusCode).toBe(410)
    expect(
      (await (await f.as('maija')).post(`/api/v1/awards/${award.id}/visibility`, { public: true })).statusCode,
    ).toBe(200)
    expect([await lines('client.protected'), await lines('client.unprotected')]).toEqual([1, 1])
  })
})

describe('/hallinta/suhteet', () => {
  test('a coordinator gives a coach and ends that, without JavaScript; faults come back beside their fields', async () => {
    const aune = await f.addClient({ given: 'Aune', family: 'Kallio' }, [])
    const kaisa = await f.browser('kaisa')
    const list = await kaisa.get('/hallinta/suhteet')
    expect(markupFaults(list.body)).toEqual([])
    expect(list.body).toContain(`href="/hallinta/suhteet/${aune}"`)
    const url = `/hallinta/suhteet/${aune}`
    expect(markupFaults((await kaisa.get(url)).body)).toEqual([])
    const wrong = await kaisa.submit(`${url}/valmentajat`, { coachId: '', fromDay: '1.1.', untilDay: '2020-01-01' })
    expect(wrong.statusCode).toBe(422)
    expect(markupFaults(wrong.body)).toEqual([])
    expect(wrong.body).toContain('id="coachId-error"')
    const wanted = { coachId: f.accounts.sari, fromDay: today, untilDay: '' }
    const begun = await kaisa.submit(`${url}/valmentajat`, wanted)
    expect(begun.headers.location).toBe(`${url}?tehty=alku`)
    expect((await kaisa.submit(`${url}/valmentajat`, wanted)).body).toContain('ohjaa valmentautujaa jo')
    const { id } = await relationOf(aune, f.accounts.sari)
    expect((await (await f.browser('sari')).get('/ryhma')).body).toContain('Aune K.')
    expect((await kaisa.submit(`${url}/valmentajat/${id}/lopeta`, {})).statusCode).toBe(303)
    expect((await kaisa.submit(`${url}/valmentajat/${id}/lopeta`, {})).statusCode).toBe(303)
    expect((await (await f.browser('sari')).get('/ryhma')).body).not.toContain('Aune K.')
    expect((await kaisa.submit(`${url}/nimi`, { given: '1', family: 'Kallio' })).statusCode).toBe(422)
    expect((await kaisa.submit(`${url}/nimi`, { given: 'Auni', family: 'Kallio' })).statusCode).toBe(303)
    expect((await kaisa.submit(`${url}/turvakielto`, { protected: 'yes' })).statusCode).toBe(303)
    expect(markupFaults((await kaisa.get('/hallinta/suhteet')).body)).toEqual([])
    expect((await kaisa.get(`/hallinta/suhteet/${foreign.clients.maija}`)).statusCode).toBe(404)
  })

  test('stand-ins are made and ended on their page', async () => {
    const kaisa = await f.browser('kaisa')
    expect(markupFaults((await kaisa.get('/hallinta/sijaiset')).body)).toEqual([])
    const wanted = { coachId: f.accounts.sari, standInId: f.accounts.pekka, fromDay: today, untilDay: today }
    const wrong = await kaisa.submit('/hallinta/sijaiset', { ...wanted, standInId: f.accounts.sari })
    expect(wrong.statusCode).toBe(422)
    expect(wrong.body).toContain('id="standInId-error"')
    expect((await kaisa.submit('/hallinta/sijaiset', wanted)).statusCode).toBe(303)
    const page = await kaisa.get('/hallinta/sijaiset')
    const end = /action="(\/hallinta\/sijaiset\/[^"]+\/lopeta)"/.exec(page.body)?.[1] ?? ''
    expect((await kaisa.submit(end, {})).statusCode).toBe(303)
  })
})
