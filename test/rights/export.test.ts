import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { notInCopy, ownData } from '../../src/rights/fields.ts'
import { messages } from '../../src/i18n/index.ts'
import { accept, givenOffered, publicOrigin } from '../publication/given-award.ts'
import { type Browser, startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'

let service: TestService
let f: Foundation
let maija: Browser
beforeAll(async () => {
  service = await startService({ publicOrigin })
  f = await givenFoundation(service)
  await accept(f, await givenOffered(f))
  await f.record({ note: 'Hioi tasaisesti', lateReason: 'Paperi löytyi myöhään', on: '2026-10-20' })
  await f.record({ who: 'antti', note: 'Antin oma asia' })
  await (await f.as('pekka')).get(`/api/v1/observations?clientId=${f.clients.maija}`)
  maija = await f.browser('maija')
}, 120_000)
afterAll(async () => await service.close())

type Copy = { organisation: { name: string }; sections: Record<string, readonly Record<string, unknown>[]> }

describe('S-51: a copy of the own data', () => {
  test('is complete: the catalogue knows no table or column of clients that is neither in it nor named with a reason', async () => {
    const { rows } = await sql<{ table: string; column: string }>`
      select c.table_name as table, c.column_name as column from information_schema.columns c
      where c.table_schema = 'public' and (c.table_name = 'client' or exists (
        select from information_schema.columns o where o.table_schema = 'public' and o.table_name = c.table_name and o.column_name = 'client_id'))`.execute(
      service.database.ownerDb,
    )
    const copied: Readonly<Record<string, { readonly fields: object }>> = ownData
    const known = (table: string, column: string): boolean =>
      Object.hasOwn(notInCopy, table) ||
      column === 'tenant_id' ||
      column === 'client_id' ||
      Object.hasOwn(copied[table]?.fields ?? {}, column)
    expect(rows.length).toBeGreaterThan(100)
    expect(rows.filter(({ table, column }) => !known(table, column))).toEqual([])
    for (const why of Object.values(notInCopy)) expect(why.length).toBeGreaterThan(20)
  })

  test('holds what is kept, in words, with the names of tasks, badges and staff, and nothing of others', async () => {
    const answer = await maija.get('/tiedot/kopio.json')
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['content-disposition']).toContain('attachment')
    expect(answer.headers['cache-control']).toBe('no-store')
    const { sections, organisation } = answer.json<Copy>()
    expect(organisation.name).toBe('Meriva')
    expect(sections['person']).toEqual([expect.objectContaining({ name: { given: 'Maija', family: 'Korhonen' } })])
    expect(sections['observations']).toHaveLength(5)
    const written = sections['observations']?.find(({ note }) => note === 'Hioi tasaisesti')
    expect(written).toMatchObject({
      lateReason: 'Paperi löytyi myöhään',
      supportLevel: 'minor',
      task: { id: f.task('t2').id, name: { fi: f.task('t2').name } },
      recordedBy: { id: f.accounts.pekka, name: 'Pekka R.' },
    })
    expect(sections['awards']?.[0]).toMatchObject({ state: 'accepted', decidedBy: { name: 'Kaisa M.' } })
    expect(String(sections['awards']?.[0]?.['ob3Jwt'])).toMatch(/^eyJ/)
    expect(sections['looksAndActs']?.some(({ kind }) => kind === 'level.read')).toBe(true)
    expect(answer.body).not.toMatch(/Antin oma asia|Antti|Halonen/)
  })

  test.each(['fi', 'sv', 'en'] as const)('is readable as a tagged PDF in %s', async (lang) => {
    const answer = await maija.get(`/tiedot/kopio.pdf?lang=${lang}`)
    expect(answer.statusCode).toBe(200)
    const text = answer.rawPayload.toString('latin1')
    expect(text).toMatch(/^%PDF-1\.7/)
    expect(text).toContain('/MarkInfo')
    expect(text).toContain('/StructTreeRoot')
    expect(text).toContain(`/Lang (${lang})`)
    expect(messages(lang).ownData.sections).toHaveProperty('person')
  })

  test('says in the audit that it was taken', async () => {
    const { rows } = await sql<{ what: string }>`select what from audit_event
      where tenant_id = ${f.code} and kind = 'export' and actor_id = ${f.clients.maija}`.execute(
      service.database.ownerDb,
    )
    expect(new Set(rows.map(({ what }) => what))).toEqual(new Set(['json', 'pdf']))
  })

  test('is for the client alone', async () => {
    for (const who of ['pekka', 'kaisa', 'admin'] as const) {
      const browser = await f.browser(who)
      expect((await browser.get('/tiedot/kopio.json')).statusCode, who).toBe(403)
      expect((await browser.get('/tiedot')).statusCode, who).toBe(403)
    }
    expect((await service.browser().get('/tiedot/kopio.pdf')).statusCode).toBe(303)
  })
})

describe('S-51: a correction', () => {
  test('is asked by the client, answered by the coordinator, and read by both', async () => {
    await maija.get('/tiedot')
    const empty = await maija.submit('/tiedot/korjaus', { words: ' ' })
    expect(empty.statusCode).toBe(422)
    const asked = await maija.submit('/tiedot/korjaus', { words: 'Sukunimeni on Korhonen-Laine' })
    expect(asked.statusCode).toBe(303)
    const kaisa = await f.browser('kaisa')
    const list = await kaisa.get('/hallinta/pyynnot')
    const [, address = ''] = /href="(\/hallinta\/pyynnot\/[0-9a-f-]+)"/.exec(list.body) ?? []
    expect((await kaisa.get(address)).body).toContain('Sukunimeni on Korhonen-Laine')
    expect((await kaisa.submit(address, { answer: '' })).statusCode).toBe(422)
    expect((await kaisa.submit(address, { answer: 'Nimi on korjattu' })).statusCode).toBe(303)
    expect((await kaisa.submit(address, { answer: 'Toinen' })).statusCode).toBe(409)
    expect((await maija.get('/tiedot')).body).toContain('Nimi on korjattu')
    const sealed = await sql<{ row: string }>`select r::text as row from rights_request r`.execute(
      service.database.ownerDb,
    )
    expect(sealed.rows.map(({ row }) => row).join()).not.toMatch(/Laine|korjattu/)
  })

  test('an identity code is refused, and others do not see the request', async () => {
    await maija.get('/tiedot')
    const refused = await maija.submit('/tiedot/korjaus', { words: 'Tunnukseni on 131052-308T' })
    expect(refused.statusCode).toBe(422)
    const pekka = await f.browser('pekka')
    expect((await pekka.get('/hallinta/pyynnot')).statusCode).toBe(403)
  })
})
