import { randomUUID } from 'node:crypto'
import type { LightMyRequestResponse } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { embedProof } from '../../src/awards/embed.ts'
import { type ApiClient, type Browser, signInByPage, startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation, password } from '../support/given.ts'
import { givenAccount, staffToken } from '../support/staff.ts'
import { markupFaults } from '../support/markup.ts'

let service: TestService
/** One foundation for all: its badges take a second to draw. Every test has people of its own. */
let foundation: Foundation
let staff: Readonly<Record<'pekka' | 'sari' | 'kaisa', ApiClient>>

beforeAll(async () => {
  service = await startService()
  foundation = await givenFoundation(service)
  staff = {
    pekka: await foundation.as('pekka'),
    sari: await foundation.as('sari'),
    kaisa: await foundation.as('kaisa'),
  }
})
afterAll(async () => await service.close())

/** A client with an own browser and, as a program would be, signed in to the API. */
type Person = Browser & { readonly id: string; readonly api: ApiClient }

async function newcomer(given = 'Maija'): Promise<Person> {
  const id = await foundation.addClient({ given, family: 'Korhonen' }, ['pekka', 'sari'])
  const code = async (): Promise<string> =>
    (await staff.pekka.post(`/api/v1/clients/${id}/codes`, {})).json<{ code: string }>().code
  const browser = service.browser()
  await browser.get('/kirjaudu/koodi')
  expect((await browser.submit('/kirjaudu/koodi', { code: await code() })).statusCode).toBe(303)
  const signedIn = await service.api().post('/api/v1/tokens/code', { code: await code() })
  return { ...browser, id, api: service.api(signedIn.json<{ token: string }>().token) }
}

async function record(person: Person, task: string, observedOn: string): Promise<void> {
  const work = { clientId: person.id, taskId: foundation.task(task).id, supportLevel: 'minor', observedOn }
  const recorded = await staff.pekka.post('/api/v1/observations', work)
  expect(recorded.statusCode, recorded.body).toBe(201)
}

async function assess(person: Person, task: string): Promise<void> {
  const view = { taskId: foundation.task(task).id, choice: 3 }
  expect((await person.api.post('/api/v1/self-assessments', view)).statusCode).toBe(201)
}

/** Everything that the badge of the sanding asks. */
async function ready(person: Person): Promise<void> {
  for (const task of ['t1', 't2']) {
    for (const on of ['2026-11-21', '2026-11-22']) await record(person, task, on)
    await assess(person, task)
  }
}

const sanding = (): string => foundation.badge('hionta').classId

async function applied(person: Person): Promise<string> {
  const answered = await person.api.post('/api/v1/applications', { badgeClassId: sanding(), language: 'fi' })
  expect(answered.statusCode, answered.body).toBe(201)
  return answered.json<{ id: string }>().id
}

async function decided(id: string, decision: object): Promise<LightMyRequestResponse> {
  const answered = await staff.kaisa.post(`/api/v1/applications/${id}/decision`, decision, { 'idempotency-key': id })
  expect(answered.statusCode, answered.body).toBeLessThan(300)
  return answered
}

/** The badge of the sanding, offered. */
async function offered(person: Person): Promise<string> {
  await ready(person)
  const answered = await decided(await applied(person), { outcome: 'award' })
  return answered.json<{ award: { id: string } }>().award.id
}

/** The same, taken. */
async function taken(person: Person): Promise<string> {
  const id = await offered(person)
  const answered = await person.api.post(`/api/v1/awards/${id}/answer`, { accept: true })
  expect(answered.statusCode, answered.body).toBe(200)
  return id
}

async function follow(browser: Browser, response: LightMyRequestResponse): Promise<LightMyRequestResponse> {
  expect(response.statusCode, response.body.slice(0, 500)).toBe(303)
  const shown = await browser.get(String(response.headers.location))
  expect(shown.statusCode).toBe(200)
  expect(markupFaults(shown.body)).toEqual([])
  return shown
}

async function show(browser: Browser, path: string): Promise<string> {
  const shown = await browser.get(path)
  expect(shown.statusCode, path).toBe(200)
  expect(shown.headers['cache-control']).toBe('no-store')
  expect(markupFaults(shown.body)).toEqual([])
  return shown.body
}

describe('an offered badge', () => {
  test('is taken once; taking it again changes nothing, declining it then is refused', async () => {
    const maija = await newcomer()
    const id = await offered(maija)
    await show(maija, `/merkit/${id}`)
    for (const _ of [1, 2]) {
      const taken = await follow(maija, await maija.submit(`/merkit/${id}/vastaus`, { answer: 'accept' }))
      expect(taken.body).toContain('Merkki on nyt sinun.')
    }
    expect((await maija.submit(`/merkit/${id}/vastaus`, { answer: 'decline' })).statusCode).toBe(409)
    expect(await show(maija, '/passi')).toContain('1 merkki.')
  })

  test('is declined after one question; it is final, and nothing of it stands in the passport', async () => {
    const maija = await newcomer()
    const id = await offered(maija)
    const badge = await show(maija, `/merkit/${id}`)
    expect(badge).toContain(`href="/merkit/${id}/vastaus"`)
    expect(await show(maija, `/merkit/${id}/vastaus`)).toContain('Tätä päätöstä ei voi muuttaa.')
    const declined = await follow(maija, await maija.submit(`/merkit/${id}/vastaus`, { answer: 'decline' }))
    expect(declined.body).toContain('Et ottanut merkkiä.')
    expect((await maija.submit(`/merkit/${id}/vastaus`, { answer: 'accept' })).statusCode).toBe(409)
    expect((await maija.get(`/merkit/${id}/lataa/jwt`)).statusCode).toBe(404)
    expect(await show(maija, '/passi')).not.toContain('Et ottanut')
    expect(await show(maija, '/merkit')).not.toContain('Et ottanut')
  })

  test('cannot be made public before it is taken', async () => {
    const maija = await newcomer()
    const id = await offered(maija)
    await show(maija, '/passi')
    expect((await maija.get(`/merkit/${id}/julkisuus`)).headers.location).toBe(`/merkit/${id}`)
    expect((await maija.submit(`/merkit/${id}/julkisuus`, { public: 'yes' })).statusCode).toBe(409)
  })
})

describe('a taken badge', () => {
  test('is made public on a page that tells what others see, and private again', async () => {
    const maija = await newcomer()
    const id = await taken(maija)
    const check = await show(maija, `/merkit/${id}/julkisuus`)
    expect(check).toContain('Merkin myöntäjä on Meriva. Nimestä voi päätellä, että olet ollut siellä valmennuksessa.')
    const shown = await follow(maija, await maija.submit(`/merkit/${id}/julkisuus`, { public: 'yes' }))
    const { public_id: publicId } = await service.database.ownerDb
      .selectFrom('award')
      .select('public_id')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    expect(shown.body).toContain('Merkki on nyt julkinen.')
    expect(shown.body).toContain(`${service.deps.config.publicOrigin}/b/${publicId}`)
    // What is not so any more is not said: an old address tells nothing untrue.
    const hidden = await follow(maija, await maija.submit(`/merkit/${id}/julkisuus`, { public: 'no' }))
    expect(hidden.body).toContain('Merkki on nyt piilossa muilta.')
    expect(hidden.body).not.toContain(publicId)
    expect(await show(maija, `/merkit/${id}?tehty=julkinen`)).not.toContain('Merkki on nyt julkinen.')
  })

  test('has its JSON when the job has signed it; until then the page says so', async () => {
    const maija = await newcomer()
    const id = await taken(maija)
    expect(await show(maija, `/merkit/${id}`)).toContain('Tulossa')
    const early = await maija.get(`/merkit/${id}/lataa/json`)
    expect(early.statusCode).toBe(503)
    expect(early.headers['retry-after']).toBe('5')
    await embedProof(service.deps, { tenant: foundation.code, id })
    expect(await show(maija, `/merkit/${id}`)).not.toContain('Tulossa')
    const file = await maija.get(`/merkit/${id}/lataa/json`)
    expect(file.headers['content-disposition']).toBe(
      'attachment; filename="osaamismerkki-puupintojen-kasittely-hionta-ob3.json"',
    )
    const { ob3_json: stored } = await service.database.ownerDb
      .selectFrom('award')
      .select('ob3_json')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    expect(file.body).toBe(stored)
    // The same bytes by the API.
    const api = await maija.api.get(`/api/v1/awards/${id}/files/json`)
    expect(api.body).toBe(stored)
  })

  test('that was revoked says so with the reason in words, and is no longer among what I can show', async () => {
    const maija = await newcomer()
    const id = await taken(maija)
    const wanted = { reason: 'issued-in-error', note: 'Kirjaus oli toisen ihmisen.' }
    const revoked = await staff.kaisa.post(`/api/v1/awards/${id}/revocation`, wanted, {
      'idempotency-key': `${id} off`,
    })
    expect(revoked.statusCode, revoked.body).toBe(201)
    const badge = await show(maija, `/merkit/${id}`)
    expect(badge).toContain('Merkki on peruttu. Syy: Merkki myönnettiin vahingossa.')
    expect(badge).toContain('Kirjaus oli toisen ihmisen.')
    expect(badge).not.toContain('/lataa/')
    expect((await maija.submit(`/merkit/${id}/julkisuus`, { public: 'yes' })).statusCode).toBe(409)
    expect(await show(maija, '/merkit')).toContain('Peruttu')
    // PRODUCT, Principles 1: the passport itself lists no failure.
    expect(await show(maija, '/passi')).not.toContain('Peruttu')
  })
})

describe('an application', () => {
  test('is sent in the chosen language, once, and says by when the answer comes', async () => {
    const maija = await newcomer()
    await ready(maija)
    const classId = sanding()
    const check = await show(maija, `/merkit/${classId}/hae/tarkista`)
    expect(check).toContain('value="fi" checked')
    for (const _ of [1, 2]) {
      const sent = await follow(maija, await maija.submit(`/merkit/${classId}/hae`, { language: 'sv' }))
      expect(sent.body).toContain('Hakemus on lähetetty. Saat vastauksen 4.12.2026 mennessä.')
    }
    const rows = await service.database.ownerDb
      .selectFrom('application')
      .select(['language', 'state'])
      .where('client_id', '=', maija.id)
      .execute()
    expect(rows).toEqual([{ language: 'sv', state: 'submitted' }])
    expect(await show(maija, '/passi')).toContain('Hakemuksesi on lähetetty. Saat vastauksen 4.12.2026 mennessä.')
  })

  test('may be sent one step early: the page says which step is still missing', async () => {
    const maija = await newcomer()
    for (const task of ['t1', 't2']) await assess(maija, task)
    await record(maija, 't1', '2026-11-19')
    await record(maija, 't1', '2026-11-20')
    await record(maija, 't2', '2026-11-20')
    const passport = await show(maija, '/passi')
    expect(passport).toContain('<b>1 / 2 tehty.</b> Yksi vielä toisena päivänä.')
    const classId = sanding()
    expect(passport).toContain(`href="/merkit/${classId}/hae">Hae merkkiä`)
    expect(await show(maija, `/merkit/${classId}/hae`)).toContain('Yksi askel puuttuu vielä. Voit silti hakea.')
    const sent = await follow(maija, await maija.submit(`/merkit/${classId}/hae`, { language: 'fi' }))
    expect(sent.body).toContain('Hakemus on lähetetty')
  })

  test('is not offered where more than one step is missing: the page says what', async () => {
    const maija = await newcomer()
    await record(maija, 't1', '2026-11-20')
    const classId = sanding()
    const page = await show(maija, `/merkit/${classId}/hae`)
    expect(page).toContain('Et voi vielä hakea tätä merkkiä.')
    expect(page).toContain('1 / 2, yksi vielä toisena päivänä')
    expect(page).not.toContain('/hae/tarkista')
    expect((await maija.get(`/merkit/${classId}/hae/tarkista`)).headers.location).toBe(`/merkit/${classId}/hae`)
    const answered = await follow(maija, await maija.submit(`/merkit/${classId}/hae`, { language: 'fi' }))
    expect(answered.body).not.toContain('Hakemus on lähetetty')
  })

  test('is taken back before it is decided; twice is the same', async () => {
    const maija = await newcomer()
    await ready(maija)
    const classId = sanding()
    await show(maija, `/merkit/${classId}/hae`)
    const sent = await follow(maija, await maija.submit(`/merkit/${classId}/hae`, { language: 'fi' }))
    const withdraw = /action="(\/hakemukset\/[^"]+\/peruutus)"/.exec(sent.body)?.[1] ?? ''
    for (const _ of [1, 2]) {
      const page = await follow(maija, await maija.submit(withdraw, {}))
      expect(page.body).toContain('Hakemus on peruttu.')
    }
  })

  test('that came back shows the coordinator’s words on the badge’s page, not in the passport', async () => {
    const maija = await newcomer()
    await ready(maija)
    const classId = sanding()
    const reason = 'Tee vielä yksi hionta koneella <b>.'
    await decided(await applied(maija), { outcome: 'return', reason })
    const page = await show(maija, `/merkit/${classId}/hae`)
    expect(page).toContain('Vielä puuttuu: Tee vielä yksi hionta koneella &lt;b&gt;.')
    expect(await show(maija, '/merkit')).toContain('Hakemukseen on vastattu')
    expect(await show(maija, '/passi')).not.toContain('koneella')
  })

  test('where only another badge is missing the list says so, and no full count', async () => {
    const maija = await newcomer()
    for (const task of ['t3', 't4', 't6'])
      for (const on of ['2026-11-20', '2026-11-21']) await foundation.record({ who: { clientId: maija.id }, task, on })
    const list = await show(maija, '/merkit')
    expect(list).toContain('Työ on tehty. Ensin toinen merkki.')
    expect(list).not.toContain('6 / 6')
  })

  test('a badge that is held leads to the badge, an unknown one to nothing', async () => {
    const maija = await newcomer()
    const id = await offered(maija)
    const classId = sanding()
    expect((await maija.get(`/merkit/${classId}/hae`)).headers.location).toBe(`/merkit/${id}`)
    expect((await maija.get(`/merkit/${randomUUID()}/hae`)).statusCode).toBe(404)
    expect((await maija.get('/merkit/jotain/hae')).statusCode).toBe(404)
  })
})

describe('a proposal', () => {
  async function proposed(person: Person): Promise<string> {
    await ready(person)
    const wanted = { clientId: person.id, badgeClassId: sanding() }
    const answered = await staff.sari.post('/api/v1/applications/proposals', wanted)
    expect(answered.statusCode, answered.body).toBe(201)
    return answered.json<{ id: string }>().id
  }

  test('is agreed to from the passport, with the language of the badge', async () => {
    const maija = await newcomer()
    const id = await proposed(maija)
    const classId = sanding()
    expect(await show(maija, '/passi')).toContain('Valmentaja ehdottaa sinulle merkkiä. Sopiiko se sinulle?')
    expect(await show(maija, `/merkit/${classId}/hae`)).toContain(`action="/hakemukset/${id}/vastaus"`)
    for (const _ of [1, 2]) {
      const sent = await follow(
        maija,
        await maija.submit(`/hakemukset/${id}/vastaus`, { answer: 'agree', language: 'en' }),
      )
      expect(sent.body).toContain('Hakemus on lähetetty')
    }
    const row = await service.database.ownerDb
      .selectFrom('application')
      .select(['state', 'language'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    expect(row).toEqual({ state: 'submitted', language: 'en' })
  })

  test('is declined without any fuss', async () => {
    const maija = await newcomer()
    const id = await proposed(maija)
    await show(maija, '/passi')
    const page = await follow(maija, await maija.submit(`/hakemukset/${id}/vastaus`, { answer: 'decline' }))
    expect(page.body).toContain('Selvä. Ehdotus ei mene eteenpäin.')
    expect(await show(maija, '/passi')).not.toContain('Valmentaja ehdottaa')
  })
})

describe('nobody else', () => {
  test('another client finds nothing of mine, the same as of nobody (S-11)', async () => {
    const maija = await newcomer()
    const antti = await newcomer('Antti')
    const id = await taken(antti)
    const application = await service.database.ownerDb
      .selectFrom('application')
      .select('id')
      .where('client_id', '=', antti.id)
      .executeTakeFirstOrThrow()
    await show(maija, '/passi')
    for (const own of [id, randomUUID()]) {
      for (const path of [
        '',
        '/vastaus',
        '/julkisuus',
        '/lataa/png',
        '/lataa/svg',
        '/lataa/jwt',
        '/lataa/json',
        '/lataa/jws',
      ])
        expect((await maija.get(`/merkit/${own}${path}`)).statusCode, path).toBe(404)
      expect((await maija.submit(`/merkit/${own}/vastaus`, { answer: 'accept' })).statusCode).toBe(404)
      expect((await maija.submit(`/merkit/${own}/julkisuus`, { public: 'yes' })).statusCode).toBe(404)
      expect((await maija.api.get(`/api/v1/awards/${own}/files/png`)).statusCode).toBe(404)
    }
    for (const own of [application.id, randomUUID()]) {
      expect((await maija.submit(`/hakemukset/${own}/vastaus`, { answer: 'agree' })).statusCode).toBe(404)
      expect((await maija.submit(`/hakemukset/${own}/peruutus`, {})).statusCode).toBe(404)
    }
    const passport = await show(maija, '/passi')
    expect(passport).not.toContain('Antti')
    expect(passport).not.toContain(id)
  })

  test('a client of another foundation does not either', async () => {
    const id = await offered(await newcomer())
    const elsewhere = await givenFoundation(service, { module: false })
    const stranger = await elsewhere.browser('maija')
    expect((await stranger.get(`/merkit/${id}`)).statusCode).toBe(404)
    expect((await stranger.get(`/merkit/${sanding()}/hae`)).statusCode).toBe(404)
    // A foundation that has no badges yet: the passport says what to do.
    expect(await show(stranger, '/passi')).toContain('Aloita uusi työ valmentajan kanssa.')
  })

  test('staff and a school do not open a client’s pages; without a session the way leads to signing in', async () => {
    const id = await offered(await newcomer())
    const classId = sanding()
    const school = { signInName: `koulu@${foundation.code}.example`, password, displayName: 'Liisa K.' }
    await givenAccount(service.deps, foundation.code, { ...school, roles: ['school'] })
    const names = [...(['pekka', 'kaisa', 'admin'] as const).map((who) => foundation.email(who)), school.signInName]
    for (const name of names) {
      const browser = service.browser()
      await signInByPage(browser, name, password)
      await browser.get('/')
      for (const path of ['/passi', '/merkit', `/merkit/${id}`, `/merkit/${id}/lataa/png`, `/merkit/${classId}/hae`])
        expect((await browser.get(path)).statusCode, `${name} ${path}`).toBe(403)
      expect((await browser.submit(`/merkit/${id}/vastaus`, { answer: 'accept' })).statusCode).toBe(403)
      expect((await browser.submit(`/merkit/${id}/julkisuus`, { public: 'yes' })).statusCode).toBe(403)
      const token = await staffToken(service, name, password)
      expect((await service.api(token).get('/api/v1/passport')).statusCode).toBe(403)
      expect((await service.api(token).get(`/api/v1/awards/${id}/files/png`)).statusCode).toBe(403)
    }
    const nobody = await service.browser().get(`/merkit/${id}`)
    expect(nobody.headers.location).toContain('/kirjaudu')
    expect((await service.api().get('/api/v1/passport')).statusCode).toBe(401)
  })

  test('a form without its token changes nothing (S-42)', async () => {
    const maija = await newcomer()
    const id = await offered(maija)
    const sent = await maija.submit(`/merkit/${id}/vastaus`, { answer: 'accept', _csrf: ['wrong', 'wrong'] })
    expect(sent.statusCode).toBe(403)
  })
})

describe('/merkit', () => {
  test('three badges are near, the nearest first; the rest has a heading of its own', async () => {
    const page = await show(await newcomer(), '/merkit')
    const at = (...words: readonly string[]): readonly number[] => words.map((word) => page.indexOf(word))
    const order = at(
      'Nämä merkit ovat lähellä',
      '<b>Hionta ja suojaimet',
      '<b>Maalaus ja lakkaus',
      '<b>Puupintojen käsittelijä',
      'Muut merkit',
      '<b>Valmis näyttöön: Puupintojen käsitteleminen',
    )
    expect(order).not.toContain(-1)
    expect(order).toEqual(order.toSorted((a, b) => a - b))
    const maija = await newcomer()
    await taken(maija)
    expect(await show(maija, '/merkit')).not.toContain('Muut merkit')
  })
})

describe('words', () => {
  test('every page speaks Finnish, Swedish and English (PRODUCT §12.11)', async () => {
    const maija = await newcomer()
    const id = await taken(maija)
    const { classId } = foundation.badge('maalaus')
    for (const [lang, hello] of [
      ['fi', 'Hei Maija!'],
      ['sv', 'Hej Maija!'],
      ['en', 'Hello Maija!'],
    ] as const) {
      expect(await show(maija, `/passi?lang=${lang}`)).toContain(hello)
      for (const path of ['/merkit', `/merkit/${id}`, `/merkit/${id}/julkisuus`, `/merkit/${classId}/hae`])
        expect(await show(maija, path)).toContain(`<html lang="${lang}">`)
    }
  })

  test('the support level stands in the own table of skills alone: not on the badge’s pages, not in an address', async () => {
    const maija = await newcomer()
    const id = await taken(maija)
    expect(await show(maija, '/passi')).toContain('Vähäinen tuki')
    const { classId } = foundation.badge('maalaus')
    const level = /supportLevel|"(?:enhanced|general|minor)"|tehostettu tuki|yleinen tuki|vähäinen tuki/i
    for (const path of ['/merkit', `/merkit/${id}`, `/merkit/${id}/julkisuus`, `/merkit/${classId}/hae`])
      expect(await show(maija, path)).not.toMatch(level)
    const addresses = [...(await show(maija, '/passi')).matchAll(/(?:href|src|action)="([^"]+)"/g)].map(([, to]) => to)
    expect(addresses.join(' ')).not.toMatch(/enhanced|general|minor|tuki/)
  })
})

describe('the API', () => {
  test('answers what the page shows, in codes', async () => {
    const maija = await newcomer()
    const empty = await maija.api.get('/api/v1/passport')
    expect(empty.headers['cache-control']).toBe('no-store')
    expect(empty.json()).toMatchObject({ nextStep: { kind: 'task', assess: true }, skills: [], awards: [] })
    const id = await offered(maija)
    const body = (await maija.api.get('/api/v1/passport')).json<Record<string, unknown>>()
    expect(body).toMatchObject({
      nextStep: { kind: 'answer', awardId: id },
      awards: [{ id, state: 'offered' }],
      applications: [{ state: 'awarded', awardId: id }],
    })
    expect(body['skills']).toContainEqual({
      taskId: foundation.task('t2').id,
      name: foundation.task('t2').name,
      ownView: { choice: 3, at: '2026-11-22T09:00:00.000Z' },
      coachView: { supportLevel: 'minor', observedOn: '2026-11-22' },
    })
    expect(body['badgeClasses']).toContainEqual(
      expect.objectContaining({ slug: foundation.badge('hionta').slug, path: 'current', met: true, missingSteps: 0 }),
    )
    await maija.api.post(`/api/v1/awards/${id}/answer`, { accept: true })
    const files = ['png', 'svg', 'jwt', 'jws'].map(
      async (file) => (await maija.api.get(`/api/v1/awards/${id}/files/${file}`)).headers['content-type'],
    )
    expect(await Promise.all(files)).toEqual(['image/png', 'image/svg+xml', 'application/vc+jwt', 'application/jose'])
  })
})
