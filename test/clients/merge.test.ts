import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asTenant } from '../../src/db/connect.ts'
import { dump, holding } from '../rights/dump.ts'
import { givenFile } from '../evidence/given-file.ts'
import { pdf } from '../evidence/pictures.ts'
import { erase, givenErasureRequest } from '../rights/given-request.ts'
import { checkAwards } from '../../src/awards/check/check-awards.ts'
import { accept, givenOffered, publicOrigin, show, type GivenAward } from '../publication/given-award.ts'
import { type ApiClient, startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'
import { listErased } from '../../src/rights/erase.ts'
import { markupFaults } from '../support/markup.ts'
import { waiting } from '../support/waiting.ts'

// Two rows of one person are joined, and taken apart again (PRODUCT K7).

let service: TestService
let f: Foundation
let kaisa: ApiClient
let mine: GivenAward
let other: GivenAward
let merge: string
let paper: string

beforeAll(async () => {
  service = await startService({ publicOrigin })
  f = await givenFoundation(service)
  // Maija and Antti are one and the same: both hold the same badge, and words are sealed under two keys.
  mine = await givenOffered(f)
  await accept(f, mine)
  other = await givenOffered(f, 'antti')
  await accept(f, other, 'antti')
  await show(f, other, true, 'antti')
  const work = {
    who: 'antti',
    task: 't5',
    note: 'Antin muistiinpano',
    lateReason: 'Lomalla',
    on: '2026-10-01',
  } as const
  paper = await givenFile(service, f, await f.record(work))
  kaisa = await f.as('kaisa')
})
afterAll(async () => await service.close())

async function documents(): Promise<readonly unknown[]> {
  const { rows } =
    await sql`select id, public_id, ob2_jws, ob3_jwt, ob3_json, credential_id, state, recipient_urn from award
    where tenant_id = ${f.code} order by id`.execute(service.database.ownerDb)
  return rows
}

async function holders(): Promise<readonly (readonly [string, string, number])[]> {
  const { rows } = await sql<{ id: string; client: string; cycle: number }>`
    select id, client_id as client, cycle from award where tenant_id = ${f.code} order by awarded_at, id`.execute(
    service.database.ownerDb,
  )
  return rows
    .map(({ id, client, cycle }) => [id, client, cycle] as const)
    .toSorted((a, b) => a[2] - b[2] || (a[0] === mine.id ? -1 : 1))
}

async function chainKinds(): Promise<readonly string[]> {
  const { rows } = await sql<{
    kind: string
  }>`select kind from history where tenant_id = ${f.code} order by seq`.execute(service.database.ownerDb)
  return rows.map(({ kind }) => kind)
}

const paperFor = async (who: 'maija' | 'antti'): Promise<Buffer> =>
  (await (await f.as(who)).get(`/api/v1/evidence-files/${paper}`)).rawPayload

const notesOf = async (client: string): Promise<string> =>
  (await (await f.as('pekka')).get(`/api/v1/observations?clientId=${client}&limit=100`)).body

describe('joining', () => {
  test('is refused where something has to be settled first', async () => {
    const { maija, antti } = f.clients
    const post = async (into: string, fromClientId: string): Promise<readonly [number, string]> => {
      const answer = await kaisa.post(`/api/v1/clients/${into}/merges`, { fromClientId })
      return [answer.statusCode, answer.json<{ code: string }>().code]
    }
    expect(await post(maija, maija)).toEqual([422, 'same-person'])
    const foreign = await givenFoundation(service, { name: 'Eduro', module: false })
    expect(await post(maija, foreign.clients.antti)).toEqual([404, 'not-found'])
    expect(await post(foreign.clients.maija, antti)).toEqual([404, 'not-found'])
    await kaisa.put(`/api/v1/clients/${maija}/protection`, { protected: true })
    expect(await post(maija, antti)).toEqual([409, 'merge-protection'])
    await kaisa.put(`/api/v1/clients/${maija}/protection`, { protected: false })
    for (const who of ['maija', 'antti'] as const) {
      const answer = await (await f.as(who)).post('/api/v1/applications', { badgeClassId: f.badge('maalaus').classId })
      expect(answer.statusCode, answer.body).toBe(201)
    }
    expect(await post(maija, antti)).toEqual([409, 'merge-application'])
    const own = await f.as('antti')
    const open = (await own.get('/api/v1/applications?state=submitted')).json<{ data: { id: string }[] }>().data
    expect((await own.post(`/api/v1/applications/${open[0]?.id}/withdrawal`, {})).statusCode).toBe(200)
    const request = await givenErasureRequest(service, f, 'antti')
    expect(request).toBeDefined()
    expect(await post(maija, antti)).toEqual([409, 'merge-erasure'])
    const browser = await f.browser('antti')
    await browser.get('/tiedot')
    expect((await browser.submit('/tiedot/poisto/peru', {})).statusCode).toBe(303)
    for (const who of ['pekka', 'admin', 'maija'] as const) {
      const answer = await (await f.as(who)).post(`/api/v1/clients/${maija}/merges`, { fromClientId: antti })
      expect(answer.statusCode, who).toBe(403)
    }
  })

  test('moves everything; awards keep ids and bytes; both badges stand, words open, the chain verifies', async () => {
    const before = await documents()
    const { maija, antti } = f.clients
    const session = await f.as('antti')
    const browser = await f.browser('kaisa')
    const page = await browser.get(`/hallinta/suhteet/${maija}`)
    expect(page.body).toContain(`<option value="${antti}">Antti Halonen</option>`)
    const check = await browser.get(`/hallinta/suhteet/${maija}/yhdista?toinen=${antti}`)
    expect(markupFaults(check.body)).toEqual([])
    expect(check.body).toContain('Yhdistetäänkö Antti Halonen ja Maija Korhonen?')
    const joined = await browser.submit(`/hallinta/suhteet/${maija}/yhdista`, { toinen: antti })
    expect(joined.statusCode, joined.body).toBe(303)
    const after = await browser.get(joined.headers.location ?? '')
    expect(markupFaults(after.body)).toEqual([])
    merge = /yhdista\/([^/"]+)\/pura/.exec(after.body)?.[1] ?? ''

    expect(await documents()).toEqual(before)
    expect(await holders()).toEqual([
      [mine.id, maija, 1],
      [other.id, maija, 2],
    ])
    expect((await kaisa.get(`/api/v1/clients/${antti}`)).statusCode).toBe(404)
    expect((await session.get('/api/v1/passport')).statusCode).toBe(401)
    expect(await notesOf(maija)).toContain('Antin muistiinpano')
    expect(await paperFor('maija')).toEqual(pdf)
    expect((await service.app.inject(`/b/${other.publicId}`)).statusCode).toBe(200)
    expect((await (await f.as('maija')).get('/api/v1/awards')).body).toContain(other.id)
    expect(await chainKinds()).toContain('client.merged')
    expect((await checkAwards(service.database.db, [f.code])).faults).toEqual([])
  })
})

describe('taking apart', () => {
  test('gives back what came, with what hangs on it since; what was new stays', async () => {
    const { maija, antti } = f.clients
    const before = await documents()
    const pekka = await f.as('pekka')
    const list = (await pekka.get(`/api/v1/observations?clientId=${maija}&limit=100`)).json<{
      data: { id: string; note?: string }[]
    }>().data
    const came = list.find(({ note }) => note === 'Antin muistiinpano')?.id ?? ''
    const corrected = await pekka.post('/api/v1/observations', {
      clientId: maija,
      taskId: f.task('t5').id,
      supportLevel: 'general',
      observedOn: '2026-11-22',
      note: 'Antin korjaus',
      replaces: came,
      replaceReason: 'Väärä taso',
    })
    expect(corrected.statusCode, corrected.body).toBe(201)
    await f.record({ task: 't4', note: 'Uusi yhteinen' })

    expect((await pekka.post(`/api/v1/clients/${maija}/merges/${merge}/split`, {})).statusCode).toBe(403)
    const split = await kaisa.post(`/api/v1/clients/${maija}/merges/${merge}/split`, {})
    expect(split.json(), split.body).toEqual({ split: true })
    expect(await documents()).toEqual(before)
    expect(await holders()).toEqual([
      [mine.id, maija, 1],
      [other.id, antti, 1],
    ])
    expect((await kaisa.get(`/api/v1/clients/${antti}`)).json()).toMatchObject({ givenName: 'Antti' })
    const [hers, his] = [await notesOf(maija), await notesOf(antti)]
    expect(hers).toContain('Uusi yhteinen')
    expect(hers).not.toMatch(/Antin/)
    expect(his).toContain('Antin muistiinpano')
    expect(his).toContain('Antin korjaus')
    expect(await paperFor('antti')).toEqual(pdf)
    // Nobody writes over a file outside of a joining.
    await expect(
      sql`select set_config('app.tenant', ${f.code}, true), app.reseal_file(${paper}, ${pdf})`.execute(
        service.database.ownerDb,
      ),
    ).rejects.toThrow('no file of rows')
    expect((await (await f.as('antti')).get('/api/v1/awards')).body).toContain(other.id)
    const again = await kaisa.post(`/api/v1/clients/${maija}/merges/${merge}/split`, {})
    expect(again.json()).toMatchObject({ status: 409, code: 'split-already' })
    expect((await chainKinds()).at(-1)).toBe('client.split')
    expect((await checkAwards(service.database.db, [f.code])).faults).toEqual([])
  })

  test('takes nothing along that did not come: the database looks itself', async () => {
    const { maija } = f.clients
    const stranger = await f.addClient({ given: 'Teuvo', family: 'Tyhjä' }, [])
    const joining = randomUUID()
    await expect(
      asTenant(service.deps.db, f.code, async (trx) => {
        await sql`select app.merge_clients(${joining}, ${maija}, ${stranger}, ${f.accounts.kaisa}, now(), ${'[]'}::jsonb)`.execute(
          trx,
        )
        const moving = JSON.stringify([{ t: 'award', k: mine.id, c: 1 }])
        await sql`select app.split_clients(${joining}, ${f.accounts.kaisa}, now(), ${moving}::jsonb)`.execute(trx)
      }),
    ).rejects.toThrow('a row of award did not come by this joining')
  })

  test('goes for 30 days; two at once split once', async () => {
    const { maija, antti } = f.clients
    // Ids in capitals are the same ids.
    const ids = [maija.toUpperCase(), antti.toUpperCase()] as const
    const made = await kaisa.post(`/api/v1/clients/${ids[0]}/merges`, { fromClientId: ids[1] })
    expect(made.statusCode, made.body).toBe(201)
    const { id } = made.json<{ id: string }>()
    const url = `/api/v1/clients/${maija}/merges/${id}/split`
    service.at('2026-12-23T09:00:00Z')
    expect((await (await f.as('kaisa')).post(url, {})).json()).toMatchObject({ code: 'split-too-late' })
    service.at('2026-11-22T09:00:00Z')
    kaisa = await f.as('kaisa')
    const both = await Promise.all([kaisa.post(url, {}), kaisa.post(url, {})])
    expect(both.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b)).toEqual([200, 409])
  })

  test('S-52: erasing the joined person leaves nothing of either row', async () => {
    const { maija: kept, antti: gone } = f.clients
    const { maija, antti } = f.clients
    expect((await kaisa.post(`/api/v1/clients/${maija}/merges`, { fromClientId: antti })).statusCode).toBe(201)
    await erase(f, await givenErasureRequest(service, f, 'maija'))
    const left = await dump(service)
    for (const word of ['Korhonen', 'Halonen', 'Antin']) expect(holding(left, word)).toEqual([])
    const { rows } = await sql<{ count: number }>`select count(*)::integer as count from client
      where tenant_id = ${f.code} and id = any(${[maija, antti]}::uuid[])`.execute(service.database.ownerDb)
    expect(rows[0]?.count).toBe(0)
    expect((await service.app.inject(`/b/${other.publicId}`)).statusCode).toBe(410)
    // Both are on the list, so that a backup from before the joining is erased again too.
    const list = await listErased(service.database.ownerDb, [f.code])
    expect(new Set(list.map(({ clientId }) => clientId))).toEqual(new Set([kept, gone]))
  })
})

test('of two joinings after each other the later one is taken apart first', async () => {
  const [a, b, c] = [
    await f.addClient({ given: 'Aino', family: 'Yksi' }),
    await f.addClient({ given: 'Aino', family: 'Kaksi' }),
    await f.addClient({ given: 'Aino', family: 'Kolme' }),
  ]
  await f.record({ who: { clientId: a }, note: 'Ainon oma' })
  kaisa = await f.as('kaisa')
  const join = async (into: string, fromClientId: string): Promise<string> =>
    (await kaisa.post(`/api/v1/clients/${into}/merges`, { fromClientId })).json<{ id: string }>().id
  const [first, second] = [await join(b, a), await join(c, b)]
  const early = await kaisa.post(`/api/v1/clients/${b}/merges/${first}/split`, {})
  expect(early.json()).toMatchObject({ status: 409, code: 'split-chain' })
  expect((await kaisa.post(`/api/v1/clients/${c}/merges/${second}/split`, {})).statusCode).toBe(200)
  expect((await kaisa.post(`/api/v1/clients/${b}/merges/${first}/split`, {})).statusCode).toBe(200)
  expect(await notesOf(a)).toContain('Ainon oma')
})

describe('what comes while two rows are joined', () => {
  test('is refused for the row that goes, and an answer to its request is sealed for the row that stays', async () => {
    const into = await f.addClient({ given: 'Rita', family: 'Aho' })
    const from = await f.addClient({ given: 'Rita', family: 'Ahola' })
    const pekka = await f.as('pekka')
    kaisa = await f.as('kaisa')
    const { code } = (await pekka.post(`/api/v1/clients/${into}/codes`, {})).json<{ code: string }>()
    const pages = await f.browser('kaisa')
    await pages.get('/hallinta/pyynnot/uusi')
    const paper = { client: from, kind: 'correction', words: 'Korjaa nimi', day: '2026-11-22', sure: 'in-person' }
    const entered = await pages.submit('/hallinta/pyynnot/uusi', paper)
    const request = /pyynnot\/([0-9a-f-]{36})/.exec(entered.headers.location ?? '')?.[1] ?? ''
    await pages.get(`/hallinta/pyynnot/${request}`)
    const work = { clientId: from, taskId: f.task('t2').id, supportLevel: 'minor', observedOn: '2026-11-22' }
    // The joining holds its rows and waits for the head of the history; the others come then.
    const answers = await service.database.ownerDb
      .transaction()
      .execute(async (trx) => {
        await sql`select from history_head where tenant_id = ${f.code} for update`.execute(trx)
        const joined = kaisa.post(`/api/v1/clients/${into}/merges`, { fromClientId: from })
        await expect.poll(async () => await waiting(service)).toBe(1)
        const saved = pekka.post('/api/v1/observations', work)
        await expect.poll(async () => await waiting(service)).toBe(2)
        const answered = pages.submit(`/hallinta/pyynnot/${request}`, { answer: 'Korjattu on' })
        await expect.poll(async () => await waiting(service)).toBe(3)
        return [joined, saved, answered] as const
      })
      .then(async (all) => await Promise.all(all))
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([201, 404, 303])
    const { rows } = await sql`select from observation where client_id in (${into}, ${from})`.execute(
      service.database.ownerDb,
    )
    expect(rows).toEqual([])
    const own = service.browser()
    await own.get('/kirjaudu/koodi')
    await own.submit('/kirjaudu/koodi', { code })
    expect((await own.get('/tiedot')).body).toContain('Korjattu on')
  })

  test('every table of a client’s rows refuses them', async () => {
    const { rows } = await sql<{ name: string }>`select k.conrelid::regclass::text as name from pg_constraint k
        join pg_attribute a on a.attrelid = k.conrelid and a.attname = 'client_id'
      where k.contype = 'f' and k.confrelid = 'client'::regclass and k.conrelid <> 'client_merge'::regclass
        and not exists (select from pg_trigger t where t.tgrelid = k.conrelid and t.tgname = 'not_merged')`.execute(
      service.database.ownerDb,
    )
    expect(rows).toEqual([])
  })
})
