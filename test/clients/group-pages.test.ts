import type { LightMyRequestResponse } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startService, type TestService } from '../support/app.ts'
import { dayBefore, type Foundation, givenFoundation } from '../support/given.ts'
import { markupFaults } from '../support/markup.ts'

const today = '2026-11-22'
let service: TestService
let meriva: Foundation

beforeAll(async () => {
  service = await startService()
  meriva = await givenFoundation(service)
})
afterAll(async () => await service.close())

function words(page: LightMyRequestResponse): string {
  return page.body.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')
}

describe('/ryhma', () => {
  test('nobody is ready: the nearest, and what is still needed', async () => {
    await meriva.record({ task: 't1', on: dayBefore(today, 1) })
    const pekka = await meriva.browser('pekka')
    const page = await pekka.get('/ryhma')
    expect(markupFaults(page.body)).toEqual([])
    expect(words(page)).toContain('Ryhmässäsi on 2 ihmistä.')
    expect(words(page)).toContain('Kukaan ei ole juuri nyt valmis merkkiin. Nämä ovat lähimpänä')
    expect(words(page)).toContain('Suojaimet ja työtilan valmistelu: 1 / 2, yksi vielä toisena päivänä')
    expect(words(page)).toContain('Viimeisin kirjaus 21.11.2026')
    expect(words(page)).toContain('Ei vielä kirjauksia')
  })

  test('C3: who is ready stands there with the reason and the way to propose', async () => {
    await meriva.readyForSanding()
    const pekka = await meriva.browser('pekka')
    const page = await pekka.get('/ryhma')
    expect(words(page)).toMatch(/Valmiina merkkiin .*Maija K\. Hionta ja suojaimet 5 kirjausta, 2 eri päivänä Ehdota/)
    const { classId } = meriva.badge('hionta')
    expect(page.body).toContain(`href="/ryhma/${meriva.clients.maija}/ehdota/${classId}"`)
    // The same card stands beside the form of /kirjaa.
    expect(words(await pekka.get('/kirjaa'))).toContain('5 kirjausta, 2 eri päivänä')
  })

  test('a coach sees the own people, a coordinator all and proposes nothing; others do not get in', async () => {
    expect(words(await (await meriva.browser('sari')).get('/ryhma'))).not.toContain('Antti H.')
    const kaisa = await (await meriva.browser('kaisa')).get('/ryhma')
    expect(words(kaisa)).toContain('Säätiössä on 2 ihmistä.')
    expect(words(kaisa)).toContain('Antti H.')
    expect(kaisa.body).not.toContain('/ehdota/')
    for (const who of ['maija', 'admin'] as const) {
      expect((await (await meriva.browser(who)).get('/ryhma')).statusCode, who).toBe(403)
    }
  })

  test('an empty group says what to do', async () => {
    const bare = await givenFoundation(service, { name: 'Saura', module: false })
    await service.database.ownerDb.deleteFrom('client_coach').where('tenant_id', '=', bare.code).execute()
    const page = await (await bare.browser('pekka')).get('/ryhma')
    expect(words(page)).toContain('Ryhmässäsi ei ole vielä ketään. Pyydä koordinaattoria lisäämään ihmiset ryhmääsi.')
  })
})

describe('/ryhma/{person}', () => {
  test('tasks with the latest support in its own words, the own view, records with their words', async () => {
    const leena = await meriva.addClient({ given: 'Leena', family: 'Salo' })
    const who = { clientId: leena }
    await meriva.record({ who, task: 't4', on: dayBefore(today, 2), support: 'enhanced' })
    await meriva.record({ who, task: 't4', on: today, support: 'general', note: 'Telalla <hyvin>' })
    await meriva.record({ who, task: 't5', on: '2026-10-01', lateReason: 'Lomalla' })
    const pekka = await meriva.browser('pekka')
    const page = await pekka.get(`/ryhma/${leena}`)
    expect(markupFaults(page.body)).toEqual([])
    expect(page.body).toContain('<h1>Leena Salo</h1>')
    const text = words(page)
    expect(text).toMatch(/Pintakäsittely siveltimellä ja telalla 2 Yleinen tuki 22\.11\.2026 Ei vielä/)
    expect(text).toContain('Telalla &lt;hyvin&gt;')
    expect(text).toContain('Kirjattu jälkikäteen')
    expect(text).toContain('Syy: Lomalla')
    expect(page.body).toContain(`href="/kirjaa?kuka=${leena}"`)
    expect(page.body).toContain('/korjaa"')
    const kaisa = await (await meriva.browser('kaisa')).get(`/ryhma/${leena}`)
    expect(kaisa.statusCode).toBe(200)
    // A coordinator reads; recording and correcting is the coach's.
    expect(kaisa.body).not.toContain('/korjaa"')
  })

  test('a ready badge has its reason and Ehdota; the client’s own view stands beside', async () => {
    const pekka = await meriva.browser('pekka')
    const page = await pekka.get(`/ryhma/${meriva.clients.maija}`)
    expect(words(page)).toMatch(/Hionta ja suojaimet Kaikki on valmiina: 5 kirjausta, 2 eri päivänä Ehdota/)
    expect(words(page)).toContain('Osaan melkein itse')
  })

  test('S-11: somebody else’s person is not there', async () => {
    const foreign = await givenFoundation(service, { name: 'Eduro', module: false })
    const sari = await meriva.browser('sari')
    expect((await sari.get(`/ryhma/${meriva.clients.antti}`)).statusCode).toBe(404)
    expect((await sari.submit(`/ryhma/${meriva.clients.antti}/koodi`, {})).statusCode).toBe(404)
    for (const who of ['pekka', 'kaisa'] as const) {
      expect((await (await foreign.browser(who)).get(`/ryhma/${meriva.clients.maija}`)).statusCode).toBe(404)
    }
    expect((await sari.get('/ryhma/nobody')).statusCode).toBe(404)
  })

  test('more than 25 records: the rest on the next page', async () => {
    const ritva = await meriva.addClient({ given: 'Ritva', family: 'Talvi' })
    const observations = Array.from({ length: 30 }, () => ({
      clientId: ritva,
      taskId: meriva.task('t3').id,
      supportLevel: 'minor',
      observedOn: today,
    }))
    const api = await meriva.as('pekka')
    await api.post('/api/v1/observations/batch', { observations }, { 'idempotency-key': 'ritva' })
    const pekka = await meriva.browser('pekka')
    const first = await pekka.get(`/ryhma/${ritva}`)
    expect(first.body.match(/\/korjaa"/g)).toHaveLength(25)
    const next = /href="(\/ryhma\/[^"]+\?ennen=[^"]+)"/.exec(first.body)?.[1] ?? ''
    expect((await pekka.get(next)).body.match(/\/korjaa"/g)).toHaveLength(5)
  })
})

describe('Anna koodi', () => {
  test('the code is shown once, big, with its time; the client signs in with it', async () => {
    const pekka = await meriva.browser('pekka')
    await pekka.get('/ryhma')
    const page = await pekka.submit(`/ryhma/${meriva.clients.maija}/koodi`, {})
    expect(page.statusCode).toBe(200)
    expect(page.headers['cache-control']).toBe('no-store')
    expect(markupFaults(page.body)).toEqual([])
    expect(words(page)).toContain('Koodi toimii kerran, kello 11.15 asti.')
    const code = /class="one-time-code">([^<]+)</.exec(page.body)?.[1] ?? ''
    expect(code).toMatch(/^[34679ACDEFGHJKMNPQRTWXY]{4} [34679ACDEFGHJKMNPQRTWXY]{4}$/)
    const maija = service.browser()
    await maija.get('/kirjaudu/koodi')
    expect((await maija.submit('/kirjaudu/koodi', { code })).headers.location).toBe('/passi')
  })

  test('a coordinator may, a client may not', async () => {
    const kaisa = await meriva.browser('kaisa')
    await kaisa.get('/ryhma')
    expect((await kaisa.submit(`/ryhma/${meriva.clients.antti}/koodi`, {})).statusCode).toBe(200)
    const maija = await meriva.browser('maija')
    await maija.get('/passi')
    expect((await maija.submit(`/ryhma/${meriva.clients.maija}/koodi`, {})).statusCode).toBe(403)
  })
})
