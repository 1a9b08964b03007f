import { randomUUID } from 'node:crypto'
import type { LightMyRequestResponse } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { embedProof } from '../../src/awards/embed.ts'
import { type Browser, startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'
import { markupFaults } from '../support/markup.ts'
import { answer, givenOffered, revoke } from './filled-passport.ts'

let service: TestService
let foundation: Foundation

beforeAll(async () => {
  service = await startService()
})
afterAll(async () => await service.close())

/** A foundation of the test's own: Maija's passport starts empty in each. */
async function fresh(): Promise<Browser> {
  foundation = await givenFoundation(service)
  return await foundation.browser('maija')
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

/** Maija's badge of the sanding, offered. */
async function offered(who: 'maija' | 'antti' = 'maija'): Promise<string> {
  await foundation.readyForSanding(who)
  return await givenOffered(foundation, 'hionta', who)
}

describe('an offered badge', () => {
  test('is taken once; taking it again changes nothing, declining it then is refused', async () => {
    const maija = await fresh()
    const id = await offered()
    await show(maija, `/merkit/${id}`)
    for (const _ of [1, 2]) {
      const taken = await follow(maija, await maija.submit(`/merkit/${id}/vastaus`, { answer: 'accept' }))
      expect(taken.body).toContain('Merkki on nyt sinun.')
    }
    expect((await maija.submit(`/merkit/${id}/vastaus`, { answer: 'decline' })).statusCode).toBe(409)
    expect(await show(maija, '/passi')).toContain('1 merkki.')
  })

  test('is declined after one question; it is final, and nothing of it stands in the passport', async () => {
    const maija = await fresh()
    const id = await offered()
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
    const maija = await fresh()
    const id = await offered()
    await show(maija, '/passi')
    expect((await maija.get(`/merkit/${id}/julkisuus`)).headers.location).toBe(`/merkit/${id}`)
    expect((await maija.submit(`/merkit/${id}/julkisuus`, { public: 'yes' })).statusCode).toBe(409)
  })
})

describe('a taken badge', () => {
  test('is made public on a page that tells what others see, and private again', async () => {
    const maija = await fresh()
    const id = await offered()
    await answer(foundation, id, 'maija')
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
    const maija = await fresh()
    const id = await offered()
    await answer(foundation, id, 'maija')
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
    const api = await (await foundation.as('maija')).get(`/api/v1/awards/${id}/files/json`)
    expect(api.body).toBe(stored)
  })

  test('that was revoked says so with the reason in words, and is no longer among what I can show', async () => {
    const maija = await fresh()
    const id = await offered()
    await answer(foundation, id, 'maija')
    await revoke(foundation, id, 'Kirjaus oli toisen ihmisen.')
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
    const maija = await fresh()
    await foundation.readyForSanding()
    const { classId } = foundation.badge('hionta')
    const check = await show(maija, `/merkit/${classId}/hae/tarkista`)
    expect(check).toContain('value="fi" checked')
    for (const _ of [1, 2]) {
      const sent = await follow(maija, await maija.submit(`/merkit/${classId}/hae`, { language: 'sv' }))
      expect(sent.body).toContain('Hakemus on lähetetty. Saat vastauksen 4.12.2026 mennessä.')
    }
    const rows = await service.database.ownerDb
      .selectFrom('application')
      .select(['language', 'state'])
      .where('tenant_id', '=', foundation.code)
      .execute()
    expect(rows).toEqual([{ language: 'sv', state: 'submitted' }])
    expect(await show(maija, '/passi')).toContain('Hakemuksesi on lähetetty. Saat vastauksen 4.12.2026 mennessä.')
  })

  test('may be sent one step early: the page says which step is still missing', async () => {
    const maija = await fresh()
    for (const task of ['t1', 't2']) await foundation.selfAssess(task)
    for (const [task, on] of [
      ['t1', '2026-11-19'],
      ['t1', '2026-11-20'],
      ['t2', '2026-11-20'],
    ])
      await foundation.record({ task: task ?? '', on: on ?? '' })
    const passport = await show(maija, '/passi')
    expect(passport).toContain('<b>1 / 2 tehty.</b> Yksi vielä toisena päivänä.')
    const { classId } = foundation.badge('hionta')
    expect(passport).toContain(`href="/merkit/${classId}/hae">Hae merkkiä`)
    expect(await show(maija, `/merkit/${classId}/hae`)).toContain('Yksi askel puuttuu vielä. Voit silti hakea.')
    const sent = await follow(maija, await maija.submit(`/merkit/${classId}/hae`, { language: 'fi' }))
    expect(sent.body).toContain('Hakemus on lähetetty')
  })

  test('is not offered where more than one step is missing: the page says what', async () => {
    const maija = await fresh()
    await foundation.record({ task: 't1', on: '2026-11-20' })
    const { classId } = foundation.badge('hionta')
    const page = await show(maija, `/merkit/${classId}/hae`)
    expect(page).toContain('Et voi vielä hakea tätä merkkiä.')
    expect(page).toContain('1 / 2, yksi vielä toisena päivänä')
    expect(page).not.toContain('/hae/tarkista')
    expect((await maija.get(`/merkit/${classId}/hae/tarkista`)).headers.location).toBe(`/merkit/${classId}/hae`)
    const answered = await follow(maija, await maija.submit(`/merkit/${classId}/hae`, { language: 'fi' }))
    expect(answered.body).not.toContain('Hakemus on lähetetty')
  })

  test('is taken back before it is decided; twice is the same', async () => {
    const maija = await fresh()
    await foundation.readyForSanding()
    const { classId } = foundation.badge('hionta')
    await show(maija, `/merkit/${classId}/hae`)
    const sent = await follow(maija, await maija.submit(`/merkit/${classId}/hae`, { language: 'fi' }))
    const withdraw = /action="(\/hakemukset\/[^"]+\/peruutus)"/.exec(sent.body)?.[1] ?? ''
    for (const _ of [1, 2]) {
      const page = await follow(maija, await maija.submit(withdraw, {}))
      expect(page.body).toContain('Hakemus on peruttu.')
    }
  })

  test('that came back shows the coordinator’s words on the badge’s page, not in the passport', async () => {
    const maija = await fresh()
    await foundation.readyForSanding()
    const { classId } = foundation.badge('hionta')
    const api = await foundation.as('maija')
    const { id } = (await api.post('/api/v1/applications', { badgeClassId: classId })).json<{ id: string }>()
    const kaisa = await foundation.as('kaisa')
    const reason = 'Tee vielä yksi hionta koneella <b>.'
    const returned = await kaisa.post(
      `/api/v1/applications/${id}/decision`,
      { outcome: 'return', reason },
      { 'idempotency-key': id },
    )
    expect(returned.statusCode, returned.body).toBe(200)
    const page = await show(maija, `/merkit/${classId}/hae`)
    expect(page).toContain('Vielä puuttuu: Tee vielä yksi hionta koneella &lt;b&gt;.')
    expect(await show(maija, '/merkit')).toContain('Hakemukseen on vastattu')
    expect(await show(maija, '/passi')).not.toContain('koneella')
  })

  test('a badge that is held leads to the badge, an unknown one to nothing', async () => {
    const maija = await fresh()
    const id = await offered()
    const { classId } = foundation.badge('hionta')
    expect((await maija.get(`/merkit/${classId}/hae`)).headers.location).toBe(`/merkit/${id}`)
    expect((await maija.get(`/merkit/${randomUUID()}/hae`)).statusCode).toBe(404)
    expect((await maija.get('/merkit/jotain/hae')).statusCode).toBe(404)
  })
})

describe('a proposal', () => {
  async function proposed(): Promise<{ id: string; classId: string }> {
    await foundation.readyForSanding()
    const sari = await foundation.as('sari')
    const { classId } = foundation.badge('hionta')
    const answered = await sari.post('/api/v1/applications/proposals', {
      clientId: foundation.clients.maija,
      badgeClassId: classId,
    })
    expect(answered.statusCode, answered.body).toBe(201)
    return { id: answered.json<{ id: string }>().id, classId }
  }

  test('is agreed to from the passport, with the language of the badge', async () => {
    const maija = await fresh()
    const { id, classId } = await proposed()
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
    const maija = await fresh()
    const { id } = await proposed()
    await show(maija, '/passi')
    const page = await follow(maija, await maija.submit(`/hakemukset/${id}/vastaus`, { answer: 'decline' }))
    expect(page.body).toContain('Selvä. Ehdotus ei mene eteenpäin.')
    expect(await show(maija, '/passi')).not.toContain('Valmentaja ehdottaa')
  })
})

describe('nobody else', () => {
  test('another client finds nothing of mine, the same as of nobody (S-11)', async () => {
    const maija = await fresh()
    await foundation.readyForSanding('antti')
    const id = await givenOffered(foundation, 'hionta', 'antti')
    await answer(foundation, id, 'antti')
    const application = await service.database.ownerDb
      .selectFrom('application')
      .select('id')
      .where('tenant_id', '=', foundation.code)
      .executeTakeFirstOrThrow()
    await show(maija, '/passi')
    for (const own of [id, randomUUID()]) {
      for (const path of ['', '/vastaus', '/julkisuus', '/lataa/png', '/lataa/jwt', '/lataa/json', '/lataa/jws'])
        expect((await maija.get(`/merkit/${own}${path}`)).statusCode, path).toBe(404)
      expect((await maija.submit(`/merkit/${own}/vastaus`, { answer: 'accept' })).statusCode).toBe(404)
      expect((await maija.submit(`/merkit/${own}/julkisuus`, { public: 'yes' })).statusCode).toBe(404)
      expect((await (await foundation.as('maija')).get(`/api/v1/awards/${own}/files/png`)).statusCode).toBe(404)
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
    await fresh()
    const id = await offered()
    const there = foundation
    const stranger = await fresh()
    expect((await stranger.get(`/merkit/${id}`)).statusCode).toBe(404)
    expect((await stranger.get(`/merkit/${there.badge('hionta').classId}/hae`)).statusCode).toBe(404)
  })

  test('staff of the own foundation do not open a client’s pages; without a session the way leads to signing in', async () => {
    await fresh()
    const id = await offered()
    const { classId } = foundation.badge('hionta')
    for (const who of ['pekka', 'kaisa', 'admin'] as const) {
      const browser = await foundation.browser(who)
      await browser.get('/')
      for (const path of ['/passi', '/merkit', `/merkit/${id}`, `/merkit/${id}/lataa/png`, `/merkit/${classId}/hae`])
        expect((await browser.get(path)).statusCode, `${who} ${path}`).toBe(403)
      expect((await browser.submit(`/merkit/${id}/vastaus`, { answer: 'accept' })).statusCode).toBe(403)
      expect((await browser.submit(`/merkit/${id}/julkisuus`, { public: 'yes' })).statusCode).toBe(403)
      expect((await (await foundation.as(who)).get('/api/v1/passport')).statusCode).toBe(403)
    }
    const nobody = await service.browser().get(`/merkit/${id}`)
    expect(nobody.headers.location).toContain('/kirjaudu')
    expect((await service.api().get('/api/v1/passport')).statusCode).toBe(401)
  })

  test('a form without its token changes nothing (S-42)', async () => {
    await fresh()
    const id = await offered()
    const maija = await foundation.browser('maija')
    const sent = await maija.submit(`/merkit/${id}/vastaus`, { answer: 'accept', _csrf: ['wrong', 'wrong'] })
    expect(sent.statusCode).toBe(403)
  })
})

describe('words', () => {
  test('every page speaks Finnish, Swedish and English (PRODUCT §12.11)', async () => {
    const maija = await fresh()
    const id = await offered()
    await answer(foundation, id, 'maija')
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
    const maija = await fresh()
    const id = await offered()
    await answer(foundation, id, 'maija')
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
    await fresh()
    const empty = await (await foundation.as('maija')).get('/api/v1/passport')
    expect(empty.headers['cache-control']).toBe('no-store')
    expect(empty.json()).toMatchObject({ nextStep: { kind: 'task', assess: true }, skills: [], awards: [] })
    const id = await offered()
    const body = (await (await foundation.as('maija')).get('/api/v1/passport')).json<Record<string, unknown>>()
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
    await answer(foundation, id, 'maija')
    const files = ['png', 'jwt', 'jws'].map(
      async (file) =>
        (await (await foundation.as('maija')).get(`/api/v1/awards/${id}/files/${file}`)).headers['content-type'],
    )
    expect(await Promise.all(files)).toEqual(['image/png', 'application/vc+jwt', 'application/jose'])
  })
})
