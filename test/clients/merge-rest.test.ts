import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addWorkUnit } from '../../src/foundations/work-unit.ts'
import { messages } from '../../src/i18n/index.ts'
import { accept, type GivenAward, givenOffered, publicOrigin } from '../publication/given-award.ts'
import { dump, holding } from '../rights/dump.ts'
import { erase, givenErasureRequest } from '../rights/given-request.ts'
import { textOf } from '../rights/pdf-text.ts'
import { startService, type TestService } from '../support/app.ts'
import { type ClientName, type Foundation, givenFoundation } from '../support/given.ts'
import { waiting } from '../support/waiting.ts'

// What stays with the row that went into another one is the person's all the same, and nobody else reads it (PRODUCT K7; decision 32).

const t = messages('fi')
let service: TestService
let f: Foundation
let award: GivenAward
let merge: string

beforeAll(async () => {
  service = await startService({ publicOrigin })
  f = await givenFoundation(service)
  award = await givenOffered(f, 'antti')
  await accept(f, award, 'antti')
  await f.record({ who: 'antti', note: 'Antin muistiinpano' })
  // A look, a link that somebody opened, and a consent, all of the row that will go.
  await (await f.as('pekka')).get(`/api/v1/observations?clientId=${f.clients.antti}`)
  const made = await (await f.as('antti')).post('/api/v1/shares', { awardIds: [award.id], lifetime: 'P1D' })
  const link = new URL(made.json<{ url: string }>().url).pathname
  expect((await service.api().get(link, { accept: 'text/html' })).statusCode).toBe(200)
  await sql`insert into client_consent (tenant_id, id, client_id, purpose, text_version, receiver, chosen, given_at, session_id)
    values (${f.code}, gen_random_uuid(), ${f.clients.antti}, 'join', 1, 'edu1', '{}', ${service.deps.now()}, gen_random_uuid())`.execute(
    service.database.ownerDb,
  )
}, 60_000)
afterAll(async () => await service.close())

type Row = Readonly<Record<string, unknown>>
async function copyOf(who: ClientName): Promise<Readonly<Record<string, readonly Row[]>>> {
  const answer = await (await f.browser(who)).get('/tiedot/kopio.json')
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json<{ sections: Readonly<Record<string, readonly Row[]>> }>().sections
}

const looksOf = (sections: Awaited<ReturnType<typeof copyOf>>): number =>
  (sections['looksAndActs'] ?? []).filter(({ kind }) => kind === 'level.read').length

/** How many rows each section has of what does not go along. */
async function staying(who: ClientName): Promise<readonly number[]> {
  const copy = await copyOf(who)
  const sections = ['person', 'names', 'consents', 'links', 'badgesInLinks', 'openingsOfLinks']
  return [...sections.map((name) => copy[name]?.length ?? -1), looksOf(copy)]
}

const seen = async (who: ClientName): Promise<string> => (await (await f.browser(who)).get('/katselut')).body

async function join(): Promise<void> {
  const { maija, antti } = f.clients
  const joined = await (await f.as('kaisa')).post(`/api/v1/clients/${maija}/merges`, { fromClientId: antti })
  expect(joined.statusCode, joined.body).toBe(201)
  merge = joined.json<{ id: string }>().id
}

async function split(): Promise<void> {
  const answer = await (await f.as('kaisa')).post(`/api/v1/clients/${f.clients.maija}/merges/${merge}/split`, {})
  expect(answer.statusCode, answer.body).toBe(200)
}

describe('the person’s copy and /katselut', () => {
  test('hold what the row that went has of looks, links, consents and names; taken apart each has its own', async () => {
    expect(await staying('maija')).toEqual([1, 1, 0, 0, 0, 0, 0])
    const hers = await copyOf('maija')
    const his = await staying('antti')
    expect(his).toEqual([1, 1, 1, 1, 1, 1, 1])
    expect(await seen('maija')).toContain('Kukaan ei ole katsonut')
    await join()

    expect(await staying('maija')).toEqual([2, 2, 1, 1, 1, 1, 1])
    const copy = await copyOf('maija')
    const { maija, antti } = f.clients
    // Words under both keys; the row that somebody signs in to comes first.
    expect(copy['person']).toEqual([
      expect.objectContaining({ id: maija, name: { given: 'Maija', family: 'Korhonen' }, joinedInto: null }),
      expect.objectContaining({ id: antti, name: { given: 'Antti', family: 'Halonen' }, joinedInto: maija }),
    ])
    expect(copy['observations']).toContainEqual(expect.objectContaining({ note: 'Antin muistiinpano' }))
    expect(copy['joinedRows']).toHaveLength(1)
    expect(JSON.stringify(copy)).not.toContain('$owner')
    const pdf = await (await f.browser('maija')).get('/tiedot/kopio.pdf')
    const text = textOf(pdf.rawPayload).join('\n').replaceAll(/\s+/g, ' ')
    const { sections, fields } = t.ownData
    for (const words of [
      'Antti Halonen',
      sections.links,
      sections.openingsOfLinks,
      sections.joinedRows,
      fields.mergedBy,
    ])
      expect(text, words).toContain(words)
    const looks = await seen('maija')
    expect(looks).toContain('Pekka R.')
    expect(looks).not.toContain('Kukaan ei ole katsonut')

    await split()
    const [maijaNow, anttiNow] = [await copyOf('maija'), await staying('antti')]
    for (const name of ['person', 'names', 'consents', 'links', 'badgesInLinks', 'openingsOfLinks'])
      expect(maijaNow[name], name).toEqual(hers[name])
    expect(anttiNow).toEqual(his)
    expect(await seen('maija')).toContain('Kukaan ei ole katsonut')
    expect(await seen('antti')).toContain('Pekka R.')
  })
})

describe('the row that went', () => {
  const lists = [
    '/api/v1/clients?limit=100',
    '/api/v1/audit-events?limit=100',
    '/api/v1/observations?limit=100',
    '/api/v1/applications?limit=100',
    '/api/v1/awards?limit=100',
    '/api/v1/work-units',
    '/api/v1/stand-ins',
  ] as const
  const pages = [
    '/ryhma',
    '/kirjaa',
    '/hakemukset',
    '/hallinta/suhteet',
    '/hallinta/pyynnot',
    '/hallinta/pyynnot/uusi',
    '/hallinta/sijaiset',
    '/hallinta/yksikot',
    '/hallinta/loki',
    '/hallinta/loki?kind=level.read',
  ] as const
  const itsOwn = (id: string): readonly string[] => [
    `/api/v1/clients/${id}`,
    `/api/v1/clients/${id}/coaches`,
    `/api/v1/clients/${id}/unit`,
    `/ryhma/${id}`,
    `/hallinta/suhteet/${id}`,
    `/hallinta/suhteet/${id}/yhdista?toinen=${f.clients.maija}`,
    `/hallinta/suhteet/${f.clients.maija}/yhdista?toinen=${id}`,
  ]
  const staff = ['pekka', 'sari', 'kaisa', 'admin'] as const

  test('is in no list, filter or page of the staff, and nothing says its name; lines of before name the person', async () => {
    const { maija, antti } = f.clients
    const kaisa = await f.as('kaisa')
    // Sari works with Antti by the unit alone.
    const unitId = await addWorkUnit(service.deps, f.staffActor('admin'), 'Puupaja')
    expect((await kaisa.put(`/api/v1/clients/${antti}/unit`, { unitId })).statusCode).toBe(200)
    const begun = { coachId: f.accounts.sari, fromDay: '2026-11-22', untilDay: null }
    expect((await kaisa.post(`/api/v1/work-units/${unitId}/coaches`, begun)).statusCode).toBe(201)
    expect((await (await f.as('sari')).get(`/api/v1/clients/${antti}`)).statusCode).toBe(200)
    // Before they are joined the name is there to be found.
    expect((await (await f.browser('kaisa')).get('/hallinta/suhteet')).body).toContain('Halonen')
    await join()
    for (const who of staff) {
      const [api, browser] = [await f.as(who), await f.browser(who)]
      for (const url of lists) expect((await api.get(url)).body, `${who} ${url}`).not.toMatch(/Halonen|Antti/)
      for (const url of pages) {
        expect((await browser.get(url)).body, `${who} ${url}`).not.toMatch(/Halonen|Antti/)
      }
      for (const url of itsOwn(antti)) {
        const answer = url.startsWith('/api/') ? await api.get(url) : await browser.get(url)
        expect([403, 404], `${who} ${url}`).toContain(answer.statusCode)
        expect(answer.body, `${who} ${url}`).not.toMatch(/Halonen|Antti/)
      }
    }
    const { data } = (await kaisa.get('/api/v1/audit-events?kind=level.read')).json<{
      data: { clientId: string; clientName: string | null }[]
    }>()
    expect(data.find(({ clientId }) => clientId === antti)?.clientName).toBe('Maija Korhonen')
    // Nothing is done to it either.
    const refused = [
      await kaisa.put(`/api/v1/clients/${antti}/name`, { givenName: 'Antti', familyName: 'Uusi' }),
      await kaisa.put(`/api/v1/clients/${antti}/protection`, { protected: true }),
      await kaisa.post(`/api/v1/clients/${antti}/codes`, {}),
      await kaisa.post(`/api/v1/clients/${antti}/merges`, { fromClientId: maija }),
    ]
    expect(refused.map(({ statusCode }) => statusCode)).toEqual([404, 404, 404, 404])
  })

  test('goes by the person’s mark of protected identity, also after they were taken apart', async () => {
    const { maija, antti } = f.clients
    const kaisa = await f.as('kaisa')
    expect((await kaisa.put(`/api/v1/clients/${maija}/protection`, { protected: true })).statusCode).toBe(200)
    const audit = async (): Promise<string> => (await kaisa.get('/api/v1/audit-events?limit=100')).body
    expect(await audit()).not.toMatch(/Korhonen|Halonen/)
    await split()
    expect(await audit()).not.toMatch(/Korhonen|Halonen/)
    expect((await kaisa.get('/api/v1/clients')).body).not.toMatch(/Korhonen|Halonen/)
    for (const id of [maija, antti])
      expect((await kaisa.put(`/api/v1/clients/${id}/protection`, { protected: false })).statusCode).toBe(200)
    expect((await kaisa.get('/api/v1/clients')).body).toMatch(/Halonen/)
  })

  test('is not taken apart from a person who went to another foundation: staff see nothing of that one', async () => {
    await join()
    const moved = async (at: Date | null): Promise<void> =>
      void (await sql`update client set moved_at = ${at} where tenant_id = ${f.code} and id = ${f.clients.maija}`.execute(
        service.database.ownerDb,
      ))
    await moved(service.deps.now())
    const kaisa = await f.as('kaisa')
    const answer = await kaisa.post(`/api/v1/clients/${f.clients.maija}/merges/${merge}/split`, {})
    expect(answer.statusCode).toBe(404)
    expect((await kaisa.get('/api/v1/audit-events?limit=100')).body).not.toMatch(/Korhonen|Halonen/)
    await moved(null)
    await split()
  })
})

describe('an award that is revoked', () => {
  const revoke = async (id: string): Promise<number> => {
    const kaisa = await f.as('kaisa')
    const body = { reason: 'issued-in-error', note: 'Väärä henkilö' }
    const answer = await kaisa.post(`/api/v1/awards/${id}/revocation`, body, { 'idempotency-key': `revoke ${id}` })
    return answer.statusCode
  }

  /** The first holds its rows and waits for the head of the history; the second comes then. */
  async function oneAfterTheOther<A, B>(first: () => Promise<A>, second: () => Promise<B>): Promise<readonly [A, B]> {
    const begun = await service.database.ownerDb.transaction().execute(async (trx) => {
      await sql`select from history_head where tenant_id = ${f.code} for update`.execute(trx)
      const one = first()
      await expect.poll(async () => await waiting(service)).toBe(1)
      const other = second()
      await expect.poll(async () => await waiting(service)).toBe(2)
      return [one, other] as const
    })
    return [await begun[0], await begun[1]]
  }

  const stands = async (): Promise<unknown> => {
    const { rows } = await sql`select v.client_id as revoked, aw.client_id as award from revocation v
      join award aw on aw.id = v.award_id where v.award_id = ${award.id}`.execute(service.database.ownerDb)
    return rows
  }

  test('while its client goes into another row is revoked, for the row that it went into', async () => {
    const [, status] = await oneAfterTheOther(join, async () => await revoke(award.id))
    expect(status).toBe(201)
    expect(await stands()).toEqual([{ revoked: f.clients.maija, award: f.clients.maija }])
    // The note is sealed under the key of the person whose award it is now: the copy opens it.
    expect((await copyOf('maija'))['revocations']).toEqual([expect.objectContaining({ note: 'Väärä henkilö' })])
  })

  test('while they are taken apart is revoked, for the row that it went back to; and one that was before goes along', async () => {
    await sql`delete from revocation where award_id = ${award.id}`.execute(service.database.ownerDb)
    await sql`delete from idempotency where tenant_id = ${f.code}`.execute(service.database.ownerDb)
    const [, status] = await oneAfterTheOther(split, async () => await revoke(award.id))
    expect(status).toBe(201)
    expect(await stands()).toEqual([{ revoked: f.clients.antti, award: f.clients.antti }])

    await sql`delete from revocation where award_id = ${award.id}`.execute(service.database.ownerDb)
    await sql`delete from idempotency where tenant_id = ${f.code}`.execute(service.database.ownerDb)
    const [before] = await oneAfterTheOther(async () => await revoke(award.id), join)
    expect(before).toBe(201)
    expect(await stands()).toEqual([{ revoked: f.clients.maija, award: f.clients.maija }])
  })
})

test('S-52: erasing the person takes what stayed with the row that went', async () => {
  const ids = [f.clients.maija, f.clients.antti]
  expect(await staying('maija')).toEqual([2, 2, 1, 1, 1, 1, 1])
  await erase(f, await givenErasureRequest(service, f, 'maija'))
  const left = await dump(service)
  for (const id of ids) {
    const holders = holding(left, id).map((line) => line.split(' ')[0])
    expect(new Set(holders)).toEqual(new Set(['public.audit_event', 'public.erasure']))
  }
  for (const word of ['Korhonen', 'Halonen', 'Antin', 'Väärä henkilö']) expect(holding(left, word), word).toEqual([])
  for (const table of [
    'share',
    'share_award',
    'share_opening',
    'client_consent',
    'client_name',
    'client_unit',
    'client_merge',
    'client_merge_row',
    'sign_in_code',
    'sign_in_card',
  ])
    expect(
      left.filter((line) => line.startsWith(`public.${table} `)),
      table,
    ).toEqual([])
})
