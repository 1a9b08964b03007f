import { readFileSync } from 'node:fs'
import type { LightMyRequestResponse } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { givenFoundation, password } from '../support/given.ts'
import { staffToken } from '../support/staff.ts'
import { type ApiClient, startService, type TestService } from '../support/app.ts'

const wood = readFileSync(new URL('../../demo/criteria/puuteollisuus-OPH-2455-2017.json', import.meta.url))
let service: TestService
let token: { admin: string; coach: string }

const Id = z.object({ id: z.string() })
const Data = z.object({
  data: z.array(z.looseObject({ id: z.string() })),
  page: z.object({ next: z.string().nullable() }),
})

async function send(
  body: string | Buffer,
  as: string | undefined,
  type = 'application/json',
): Promise<LightMyRequestResponse> {
  return await service.app.inject({
    method: 'POST',
    url: '/api/v1/qualifications/imports',
    payload: body,
    headers: { 'content-type': type, ...(as === undefined ? {} : { authorization: `Bearer ${as}` }) },
  })
}

beforeAll(async () => {
  service = await startService()
  const foundation = await givenFoundation(service)
  const signIn = async (name: string): Promise<string> => await staffToken(service, name, password)
  token = { admin: await signIn(foundation.email('admin')), coach: await signIn(foundation.email('pekka')) }
})
afterAll(async () => await service.close())

/** The real file under another number, so that each test has criteria of its own. */
function numbered(id: number): string {
  return wood.toString().replace(/"id"\s*:\s*3932281/, `"id": ${id}`)
}

test('an admin imports a file of several megabytes; everybody signed in reads it', async () => {
  const imported = await send(numbered(501), token.admin)
  expect(imported.statusCode, imported.body.slice(0, 300)).toBe(201)
  expect(imported.json()).toMatchObject({
    outcome: 'imported',
    perusteId: 501,
    units: 43,
    unitsWithRequirements: 40,
    requirements: 232,
  })
  const location = z.string().parse(imported.headers.location)
  // Criteria are everybody's: who brought them in can be asked (S-53).
  const lines = await service.database.ownerDb
    .selectFrom('audit_event')
    .select(['ref'])
    .where('kind', '=', 'qualification.imported')
    .execute()
  expect(lines.map(({ ref }) => location.endsWith(String(ref)))).toEqual([true])
  const coach: ApiClient = service.api(token.coach)
  const one = await coach.get(location)
  expect(one.statusCode).toBe(200)
  expect(one.json()).toMatchObject({
    diaryNumber: 'OPH-2455-2017',
    name: { fi: 'Puuteollisuuden perustutkinto' },
    validFrom: '2018-08-01',
    scopeUnit: 'osp',
    source: 'Opetushallitus, ePerusteet',
    units: 43,
    requirements: 232,
  })
  const units = z
    .object({ data: z.array(z.looseObject({ id: z.string(), unitId: z.string() })) })
    .parse((await coach.get(`${location}/units`)).json())
  expect(units.data).toHaveLength(43)
  const finishing = units.data.find((unit) => unit.unitId === '3944372')
  expect(finishing).toMatchObject({ code: 'tutkinnonosat_105438', scope: 20, kind: 'vocational', requirements: 6 })
  const unit = await coach.get(`${location}/units/${finishing?.id}`)
  expect(unit.statusCode).toBe(200)
  const { requirements } = z
    .object({ requirements: z.array(z.looseObject({ key: z.string(), code: z.null() })) })
    .parse(unit.json())
  expect(requirements).toHaveLength(6)
  expect(unit.body).not.toContain('ammattitaitovaatimukset_')
})

test('the same file again: 200 and nothing new', async () => {
  expect((await send(numbered(502), token.admin)).statusCode).toBe(201)
  const again = await send(numbered(502), token.admin)
  expect(again.statusCode).toBe(200)
  expect(again.json()).toMatchObject({ outcome: 'already-there' })
})

test('the list goes page by page, each row once', async () => {
  for (const id of [503, 504]) await send(numbered(id), token.admin)
  const coach = service.api(token.coach)
  const seen: string[] = []
  let cursor: string | null = null
  do {
    const answer: LightMyRequestResponse = await coach.get(
      `/api/v1/qualifications?limit=2${cursor === null ? '' : `&cursor=${cursor}`}`,
    )
    const list = Data.parse(answer.json())
    seen.push(...list.data.map((one) => one.id))
    cursor = list.page.next
  } while (cursor !== null)
  expect(seen.length).toBeGreaterThanOrEqual(2)
  expect(new Set(seen).size).toBe(seen.length)
  expect((await coach.get('/api/v1/qualifications?cursor=eka')).statusCode).toBe(422)
  expect((await coach.get('/api/v1/qualifications?limit=0')).statusCode).toBe(422)
})

test('a coach may not import, nobody without a session may read', async () => {
  expect((await send(numbered(505), token.coach)).statusCode).toBe(403)
  expect((await send(numbered(505), undefined)).statusCode).toBe(401)
  expect((await service.api().get('/api/v1/qualifications')).statusCode).toBe(401)
})

test.each<[string, () => string | Buffer, number, string, RegExp]>([
  ['cut off', () => wood.subarray(0, 50_000), 400, 'not-json', /at line \d+, column \d+$/],
  ['not a qualification', () => '{"openapi": "3.0.1"}', 422, 'foreign-file', /is not a qualification from ePerusteet/],
  [
    'a damaged member',
    () => numbered(506).replace('"tila":"valmis"', '"tila":"rikki"').replace('"tila": "valmis"', '"tila": "rikki"'),
    422,
    'damaged-file',
    /^At \/.*tila: expected one of/,
  ],
  ['too deep', () => '['.repeat(5000), 400, 'too-deep', /Nested deeper than 64 levels/],
  ['empty', () => '', 400, 'not-json', /./],
  ['too large', () => Buffer.alloc(8 * 1024 * 1024 + 1, 0x20), 413, 'too-large', /./],
])('a file that is %s: one clear problem, nothing stored', async (_, file, status, code, detail) => {
  const answer = await send(file(), token.admin)
  expect(answer.statusCode).toBe(status)
  expect(answer.headers['content-type']).toContain('application/problem+json')
  expect(answer.json()).toMatchObject({ status, code })
  expect(z.object({ detail: z.string() }).parse(answer.json()).detail).toMatch(detail)
  const count = await service.database.db
    .selectFrom('qualification')
    .select('id')
    .where('peruste_id', '=', 506)
    .execute()
  expect(count).toHaveLength(0)
})

test('another content type is not taken, and the larger bodies are for this address only', async () => {
  expect((await send('a=1', token.admin, 'text/csv')).statusCode).toBe(415)
  const large = { name: 'x'.repeat(300_000), password: 'y' }
  expect((await service.api().post('/api/v1/tokens', large)).statusCode).toBe(413)
})

test('what is not there is 404: an unknown id, a wrong form, a unit of another qualification', async () => {
  const coach = service.api(token.coach)
  const missing = '00000000-0000-4000-8000-000000000000'
  for (const path of [missing, 'eka', `${missing}/units`, `${missing}/units/${missing}`]) {
    expect((await coach.get(`/api/v1/qualifications/${path}`)).statusCode).toBe(404)
  }
  const [first, second] = Data.parse((await coach.get('/api/v1/qualifications?limit=2')).json()).data
  const units = z
    .object({ data: z.array(Id) })
    .parse((await coach.get(`/api/v1/qualifications/${first?.id}/units`)).json())
  expect((await coach.get(`/api/v1/qualifications/${second?.id}/units/${units.data[0]?.id}`)).statusCode).toBe(404)
})
