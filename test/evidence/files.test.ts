import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { LightMyRequestResponse } from 'fastify'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { messages } from '../../src/i18n/index.ts'
import { erase, givenErasureRequest } from '../rights/given-request.ts'
import { type Browser, startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation, type Who } from '../support/given.ts'
import { staffToken } from '../support/staff.ts'
import { password } from '../support/given.ts'
import { heic, hollowPng, pdf, photo, secrets } from './pictures.ts'

const { evidence, error } = messages('fi')
let service: TestService
let f: Foundation
let record: string
const tokens = new Map<Who, string>()
beforeAll(async () => {
  service = await startService()
  f = await givenFoundation(service)
  record = await f.record({ who: 'antti' })
})
afterAll(async () => await service.close())

async function token(who: Who): Promise<string> {
  const known = tokens.get(who)
  if (known !== undefined) return known
  const made =
    who === 'maija' || who === 'antti'
      ? (await service.api().post('/api/v1/tokens/code', { code: await f.code8(who) })).json<{ token: string }>().token
      : await staffToken(service, f.email(who), password)
  tokens.set(who, made)
  return made
}

/** A multipart body with one file, said to be whatever the name says. */
function formOf(
  file: Uint8Array,
  fields: Readonly<Record<string, string>>,
  name = 'IMG kanaria.jpg',
): { headers: Record<string, string>; payload: Buffer } {
  const texts = Object.entries(fields).map(
    ([key, value]) => `--b\r\nContent-Disposition: form-data; name="${key}"\r\n\r\n${value}\r\n`,
  )
  return {
    headers: { 'content-type': 'multipart/form-data; boundary=b' },
    payload: Buffer.concat([
      Buffer.from(
        `${texts.join('')}--b\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: image/jpeg\r\n\r\n`,
      ),
      file,
      Buffer.from('\r\n--b--\r\n'),
    ]),
  }
}

async function send(
  who: Who,
  file: Uint8Array,
  fields: Readonly<Record<string, string>> = { consent: 'yes' },
  to = record,
): Promise<LightMyRequestResponse> {
  const { headers, payload } = formOf(file, fields)
  const url = `/api/v1/observations/${to}/files`
  return await service.app.inject({
    method: 'POST',
    url,
    payload,
    headers: { ...headers, authorization: `Bearer ${await token(who)}` },
  })
}

async function get(who: Who, url: string): Promise<LightMyRequestResponse> {
  return await service.app.inject({ url, headers: { authorization: `Bearer ${await token(who)}` } })
}

const code = (answer: LightMyRequestResponse): unknown => [answer.statusCode, answer.json<{ code?: string }>().code]

describe('S-44: a photo of work', () => {
  let id: string
  beforeAll(async () => {
    const added = await send('pekka', await photo('jpeg'))
    expect(added.statusCode, added.body).toBe(201)
    id = added.json<{ id: string }>().id
    expect(added.headers.location).toBe(`/api/v1/evidence-files/${id}`)
    expect(added.json()).toMatchObject({
      observationId: record,
      mediaType: 'image/jpeg',
      addedBy: { name: 'Pekka R.' },
    })
  })

  test('leaves as an attachment in a sandbox, under our name, and without what the camera wrote', async () => {
    const answer = await get('antti', `/api/v1/evidence-files/${id}`)
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['content-type']).toBe('image/jpeg')
    expect(answer.headers['content-disposition']).toMatch(/^attachment; filename="liite-[0-9a-f]{12}\.jpg"$/)
    expect(answer.headers['content-security-policy']).toMatch(/default-src 'none'.*sandbox/)
    expect(answer.headers['x-content-type-options']).toBe('nosniff')
    expect(answer.headers['cache-control']).toBe('no-store')
    expect((await sharp(answer.rawPayload).metadata()).exif).toBeUndefined()
    for (const secret of Object.values(secrets)) expect(answer.rawPayload.includes(secret)).toBe(false)
  })

  test('lies in the database under the client’s key, without its name', async () => {
    const { rows } = await sql<{ content_sealed: Buffer; row: string }>`
      select content_sealed, row_to_json(f)::text as row from evidence_file f where id = ${id}`.execute(
      service.database.ownerDb,
    )
    expect(rows[0]?.row).not.toContain('kanaria')
    expect(rows[0]?.content_sealed.includes(Buffer.from('ffd8ff', 'hex'))).toBe(false)
    expect(rows[0]?.content_sealed.length).toBeGreaterThan(300)
  })

  test('is seen by the client, the own coach and the coordinator; every look of staff leaves its line', async () => {
    for (const who of ['antti', 'pekka', 'kaisa'] as const) {
      expect(
        (await get(who, `/api/v1/observations/${record}/files`))
          .json<{ data: { id: string }[] }>()
          .data.map((one) => one.id),
      ).toEqual([id])
      expect((await get(who, `/api/v1/evidence-files/${id}`)).statusCode).toBe(200)
    }
    const { rows } = await sql<{ actor_id: string }>`select actor_id from audit_event
      where tenant_id = ${f.code} and kind = 'evidence.read' and ref = ${id}`.execute(service.database.ownerDb)
    expect(rows.map((row) => row.actor_id).toSorted()).toEqual([f.accounts.pekka, f.accounts.kaisa].toSorted())
  })

  test('is seen by the client on /katselut: who of the staff opened it and why, and by no other client', async () => {
    const own = await f.record({ who: 'maija' })
    const sent = await send('maija', await photo('jpeg'), {}, own)
    expect(sent.statusCode, sent.body).toBe(201)
    const { id } = sent.json<{ id: string }>()
    const looks = async (): Promise<string> => {
      const { body } = await (await f.browser('maija')).get('/katselut')
      return /aria-labelledby="looks".*?<\/section>/s.exec(body)?.[0] ?? ''
    }
    const kind = messages('fi').ownData.lookKinds['evidence.read']
    for (const who of ['maija', 'sari'] as const)
      await service.api(await token(who)).get(`/api/v1/observations/${own}/files`)
    await service.api(await token('maija')).get(`/api/v1/evidence-files/${id}`)
    expect(await looks(), 'the own look, and a list without its files').not.toContain(kind)
    for (const who of ['sari', 'kaisa'] as const)
      expect((await service.api(await token(who)).get(`/api/v1/evidence-files/${id}`)).statusCode).toBe(200)
    const told = await looks()
    expect(told).toMatch(new RegExp(`Sari L\\.(?:(?!<li>).)*${kind}(?:(?!<li>).)*Ohjaa sinua`, 's'))
    expect(told).toMatch(new RegExp(`Kaisa M\\.(?:(?!<li>).)*${kind}(?:(?!<li>).)*Koordinoi valmennustasi`, 's'))
    const other = (await (await f.browser('antti')).get('/katselut')).body
    expect(other).not.toContain('Sari L.')
    const removed = await service.api(await token('maija')).post(`/api/v1/evidence-files/${id}/removal`, {})
    expect(removed.statusCode, removed.body).toBe(200)
  })

  test('another client, a coach without relation and another foundation find nothing there', async () => {
    const theirs = await givenFoundation(service, { module: false })
    const stranger = service.api(await staffToken(service, theirs.email('kaisa'), password))
    for (const url of [`/api/v1/evidence-files/${id}`, `/api/v1/observations/${record}/files`]) {
      for (const who of ['maija', 'sari'] as const) expect((await get(who, url)).statusCode, who).toBe(404)
      // S-11: as for an id of nothing, in the same words and after as many questions.
      const asked = service.statements()
      const foreign = await stranger.get(url)
      const questions = asked().length
      const nothing = await stranger.get(url.replace(/[0-9a-f-]{36}/, randomUUID()))
      expect([foreign.statusCode, nothing.statusCode]).toEqual([404, 404])
      expect(foreign.json<{ detail: string }>().detail).toBe(nothing.json<{ detail: string }>().detail)
      expect(asked().length).toBe(2 * questions)
      expect((await get('admin', url)).statusCode).toBe(403)
    }
    for (const who of ['maija', 'sari'] as const) expect((await send(who, pdf)).statusCode).toBe(404)
    expect((await send('kaisa', pdf)).statusCode).toBe(403)
  })

  test('what cannot be taken is refused with its reason, and nothing is kept of it', async () => {
    expect(code(await send('pekka', heic))).toEqual([415, 'file-heic'])
    expect(code(await send('pekka', Buffer.from('<svg/>')))).toEqual([415, 'file-type'])
    expect(code(await send('pekka', hollowPng(30_000, 30_000)))).toEqual([422, 'picture-too-wide'])
    expect(code(await send('pekka', Buffer.alloc(10 * 1024 * 1024 + 1)))).toEqual([413, 'file-too-large'])
    expect(code(await send('pekka', pdf, {}))).toEqual([422, 'consent-missing'])
    expect(code(await send('pekka', Buffer.alloc(0)))).toEqual([422, 'file-missing'])
    const json = await service.api(await token('pekka')).post(`/api/v1/observations/${record}/files`, {})
    expect(code(json)).toEqual([422, 'file-missing'])
    expect((await get('pekka', `/api/v1/observations/${record}/files`)).json<{ data: object[] }>().data).toHaveLength(1)
  })

  test('at most ten stand beside one record, also when they come at once', async () => {
    const other = await f.record({ who: 'antti', task: 't3' })
    const answers = await Promise.all(Array.from({ length: 14 }, async () => await send('antti', pdf, {}, other)))
    expect(answers.filter(({ statusCode }) => statusCode === 201)).toHaveLength(10)
    expect(answers.filter(({ statusCode }) => statusCode === 409).map(code)).toEqual(
      Array.from({ length: 4 }, () => [409, 'too-many-files']),
    )
  })

  test('a record that was taken back gets no more', async () => {
    const gone = await f.record({ who: 'antti', task: 't4' })
    await service.api(await token('pekka')).post(`/api/v1/observations/${gone}/undo`, {})
    expect(code(await send('pekka', pdf, { consent: 'yes' }, gone))).toEqual([409, 'not-current'])
  })

  test('who added it and the client take it away; nobody else', async () => {
    const own = (await send('antti', pdf, {})).json<{ id: string }>().id
    const api = async (who: Who): Promise<LightMyRequestResponse> =>
      await service.api(await token(who)).post(`/api/v1/evidence-files/${own}/removal`, {})
    expect(code(await api('pekka'))).toEqual([403, 'not-own-file'])
    expect((await api('kaisa')).statusCode).toBe(403)
    expect((await api('maija')).statusCode).toBe(404)
    expect((await api('antti')).json()).toEqual({ id: own })
    expect((await api('antti')).statusCode).toBe(404)
    const byCoach = (await send('pekka', pdf)).json<{ id: string }>().id
    const removed = await service.api(await token('antti')).post(`/api/v1/evidence-files/${byCoach}/removal`, {})
    expect(removed.statusCode).toBe(200)
  })
})

describe('S-51, S-52: a client’s files', () => {
  test('are named in the copy of the own data, and go when the client is erased', async () => {
    const work = await f.record()
    expect((await send('maija', pdf, {}, work)).statusCode).toBe(201)
    expect((await send('pekka', await photo('webp'), { consent: 'yes' }, work)).statusCode).toBe(201)
    const maija = await f.browser('maija')
    const copy = (await maija.get('/tiedot/kopio.json')).json<{ sections: Record<string, Record<string, unknown>[]> }>()
    expect(copy.sections['evidenceFiles']).toMatchObject([
      { observationId: work, mediaType: 'application/pdf', addedBy: null },
      { observationId: work, mediaType: 'image/webp', addedBy: { name: 'Pekka R.' } },
    ])
    await erase(f, await givenErasureRequest(service, f))
    const { rows } = await sql`select from evidence_file where client_id = ${f.clients.maija}`.execute(
      service.database.ownerDb,
    )
    expect(rows).toHaveLength(0)
  })
})

describe('the page /liitteet', () => {
  async function upload(
    browser: Browser,
    file: Buffer,
    fields: Record<string, string>,
  ): Promise<LightMyRequestResponse> {
    const page = await browser.get(`/liitteet/${record}`)
    const [, csrf = ''] = /name="_csrf" value="([^"]+)"/.exec(page.body) ?? []
    return await browser.send(`/liitteet/${record}`, formOf(file, { _csrf: csrf, ...fields }))
  }

  test('takes a file, says what is wrong beside its field, and removes it', async () => {
    const antti = await f.browser('antti')
    expect((await antti.get('/liitteet')).body).toContain(`/liitteet/${record}`)
    const wrong = await upload(antti, heic, {})
    expect(wrong.statusCode).toBe(422)
    expect(wrong.body).toContain(error.codes['file-heic'])
    const none = await upload(antti, Buffer.alloc(0), {})
    expect([none.statusCode, none.body.includes(evidence.fileMissing)]).toEqual([422, true])
    service.at('2026-11-22T09:05:00Z')
    const added = await upload(antti, await photo('png'), {})
    expect([added.statusCode, added.headers.location]).toEqual([303, `/liitteet/${record}?tehty=lisays`])
    const page = await antti.get(`/liitteet/${record}?tehty=lisays`)
    expect(page.body).toContain(evidence.added)
    const ids = [...page.body.matchAll(/action="\/liitteet\/tiedosto\/([0-9a-f-]+)\/poista"/g)].map(([, id = '']) => id)
    const newest = ids.at(-1) ?? ''
    expect((await antti.get(`/liitteet/tiedosto/${newest}`)).headers['content-disposition']).toContain('.png')
    expect((await antti.submit(`/liitteet/tiedosto/${newest}/poista`, {})).statusCode).toBe(303)
    expect((await antti.get(`/liitteet/tiedosto/${newest}`)).statusCode).toBe(404)
  })

  test('asks a coach for the client’s consent', async () => {
    const pekka = await f.browser('pekka')
    const without = await upload(pekka, pdf, {})
    expect([without.statusCode, without.body.includes(evidence.consentMissing)]).toEqual([422, true])
    expect((await upload(pekka, pdf, { consent: 'yes' })).statusCode).toBe(303)
    expect((await pekka.get(`/ryhma/${f.clients.antti}`)).body).toContain(`/liitteet/${record}`)
  })
})
