import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'
import { markupFaults } from '../support/markup.ts'

let service: TestService
let meriva: Foundation
let other: Foundation

beforeAll(async () => {
  service = await startService()
  meriva = await givenFoundation(service)
  other = await givenFoundation(service, { name: 'Eduro' })
})
afterAll(async () => await service.close())

async function kept(): Promise<readonly { choice: number | null; words_sealed: Buffer | null; session_id: string }[]> {
  return await service.database.ownerDb
    .selectFrom('self_assessment')
    .select(['choice', 'words_sealed', 'session_id'])
    .where('client_id', '=', meriva.clients.maija)
    .orderBy('id')
    .execute()
}

describe('API', () => {
  test('the client assesses a task; the words are sealed, the session is remembered (S-15)', async () => {
    const maija = await meriva.as('maija')
    const body = { taskId: meriva.task('t1').id, choice: 4, words: 'Laitan suojaimet itse' }
    const answer = await maija.post('/api/v1/self-assessments', body)
    expect(answer.statusCode, answer.body).toBe(201)
    expect(answer.json()).toMatchObject({ taskId: body.taskId, choice: 4, assessedAt: '2026-11-22T09:00:00.000Z' })
    const [row] = await kept()
    expect(row?.words_sealed?.toString('latin1')).not.toContain('suojaimet')
    const session = await service.database.ownerDb
      .selectFrom('session')
      .select(['opened_by', 'client_id'])
      .where('id', '=', row?.session_id ?? '')
      .executeTakeFirst()
    expect(session).toEqual({ opened_by: meriva.accounts.pekka, client_id: meriva.clients.maija })
  })

  test('"cannot say" is an answer; five, a foreign task and an identity code are not', async () => {
    const maija = await meriva.as('maija')
    const taskId = meriva.task('t1').id
    const send = async (body: Record<string, unknown>): Promise<number> =>
      (await maija.post('/api/v1/self-assessments', body)).statusCode
    expect(await send({ taskId, choice: null })).toBe(201)
    expect(await send({ taskId, choice: 5 })).toBe(422)
    expect(await send({ taskId })).toBe(422)
    expect(await send({ taskId, choice: 2, words: 'Olen 131052-308T' })).toBe(422)
    expect(await send({ taskId: other.task('t1').id, choice: 2 })).toBe(404)
  })

  test('permissions: only the client', async () => {
    const body = { taskId: meriva.task('t1').id, choice: 4 }
    for (const who of ['pekka', 'kaisa', 'admin'] as const) {
      expect((await (await meriva.as(who)).post('/api/v1/self-assessments', body)).statusCode, who).toBe(403)
    }
    expect((await service.api().post('/api/v1/self-assessments', body)).statusCode).toBe(401)
  })
})

describe('page (A2)', () => {
  test('one question, four choices in words and "En osaa sanoa"; thanks in the passport', async () => {
    const path = `/passi/arvioi/${meriva.task('t2').id}`
    const maija = await meriva.browser('maija')
    const page = await maija.get(path)
    expect(markupFaults(page.body)).toEqual([])
    expect(page.body).toMatch(/<h1>Miten osaat tämän: Hionta ja kittaus\?<\/h1>/)
    for (const words of ['Harjoittelen', 'Osaan autettuna', 'Osaan melkein itse', 'Osaan itse', 'En osaa sanoa']) {
      expect(page.body).toContain(`<b>${words}</b>`)
    }
    expect(page.body).not.toContain(' checked')
    const idempotencyKey = /name="idempotencyKey" value="([^"]+)"/.exec(page.body)?.[1] ?? ''

    const empty = await maija.submit(path, { words: 'Hion aina ensin', idempotencyKey })
    expect(empty.statusCode).toBe(422)
    expect(empty.body).toContain('<a href="#choice">Valitse yksi vaihtoehto</a>')
    expect(empty.body).toContain('Hion aina ensin</textarea>')
    const hetu = await maija.submit(path, { choice: '3', words: '131052-308T', idempotencyKey })
    expect(hetu.statusCode).toBe(422)
    expect(hetu.body).toContain('<a href="#words">Poista henkilötunnus')

    const before = (await kept()).length
    for (let times = 1; times <= 2; times += 1) {
      const saved = await maija.submit(path, { choice: '3', words: '', idempotencyKey })
      expect(saved.statusCode).toBe(303)
      expect((await maija.get(String(saved.headers.location))).body).toContain('Kiitos! Arviosi on tallessa.')
    }
    expect(await kept()).toHaveLength(before + 1)
    expect((await maija.get(path)).body).toContain('Arvioit viimeksi: Osaan melkein itse (22.11.2026)')
  })

  test('staff and strangers do not get in; a foreign task is not there', async () => {
    const path = `/passi/arvioi/${meriva.task('t2').id}`
    expect((await (await meriva.browser('pekka')).get(path)).statusCode).toBe(403)
    expect((await (await other.browser('maija')).get(path)).statusCode).toBe(404)
    expect((await service.browser().get(path)).statusCode).toBe(303)
  })

  test('the client’s page names no support level', async () => {
    const maija = await meriva.browser('maija')
    const { body } = await maija.get(`/passi/arvioi/${meriva.task('t2').id}`)
    expect(body).not.toMatch(/tehostettu|yleinen tuki|vähäinen tuki|supportLevel|enhanced|"general"|"minor"/i)
  })
})
