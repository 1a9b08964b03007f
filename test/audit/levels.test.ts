import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { supportLevelWords } from '../demo/out/private.ts'
import { type ApiClient, type Browser, signInByPage, startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation, password } from '../support/given.ts'
import { markupFaults } from '../support/markup.ts'
import { givenAccount, staffToken } from '../support/staff.ts'

// S-12, the notes under the table: who sees a support level, on what ground, and what stays behind.

let service: TestService
let f: Foundation
let application: string
let lead: { readonly page: Browser; readonly api: ApiClient; readonly id: string }
beforeAll(async () => {
  service = await startService()
  f = await givenFoundation(service)
  const signInName = `outi@${f.code}.example`
  const account = { signInName, password, displayName: 'Outi O.', roles: ['foundation_lead'] as const }
  const id = await givenAccount(service.deps, f.code, account)
  const page = service.browser()
  await signInByPage(page, signInName, password)
  lead = { page, api: service.api(await staffToken(service, signInName, password)), id }
  await f.readyForSanding('antti')
})
afterAll(async () => await service.close())

async function looks(
  accountId: string,
): Promise<readonly { readonly reason: string | null; readonly ref: string | null }[]> {
  return await service.database.ownerDb
    .selectFrom('audit_event')
    .select(['reason', 'ref'])
    .where('tenant_id', '=', f.code)
    .where('kind', '=', 'level.read')
    .where('actor_id', '=', accountId)
    .orderBy('at')
    .execute()
}

const seesLevel = (text: string): boolean => supportLevelWords.test(text)

test('S-12 note 1: a coordinator sees a level only while an application of the client is open', async () => {
  const page = await f.browser('kaisa')
  const api = await f.as('kaisa')
  const person = `/ryhma/${f.clients.antti}`
  const records = `/api/v1/observations?clientId=${f.clients.antti}`
  const before = (await page.get(person)).body
  expect(seesLevel(before)).toBe(false)
  expect(before).toContain('Tuen taso ei näy sinulle nyt. Se näkyy, kun valmentautujan hakemus odottaa päätöstä.')
  expect(markupFaults(before)).toEqual([])
  // What counts towards a badge would tell it, too.
  expect(before).not.toContain('id="way"')
  expect(seesLevel((await api.get(records)).body)).toBe(false)
  expect(await looks(f.accounts.kaisa)).toEqual([])

  const applied = await (await f.as('antti')).post('/api/v1/applications', { badgeClassId: f.badge('hionta').classId })
  application = applied.json<{ id: string }>().id
  for (const answer of [await page.get(person), await api.get(records), await page.get(`/hakemukset/${application}`)])
    expect(seesLevel(answer.body)).toBe(true)
  expect((await page.get(person)).body).toContain('id="way"')
  const line = { reason: 'application', ref: application }
  expect(await looks(f.accounts.kaisa)).toEqual([line, line, line, line])
})

test('the coach sees it by the relation, also when no application is open; one who is a coordinator too, of others only with one', async () => {
  expect(seesLevel((await (await f.browser('pekka')).get(`/ryhma/${f.clients.antti}`)).body)).toBe(true)
  await f.record({ who: 'maija', by: 'pekka' })
  await f.grant('kaisa', 'coach')
  const kaisa = await f.as('kaisa')
  expect(seesLevel((await kaisa.get(`/api/v1/observations?clientId=${f.clients.maija}`)).body)).toBe(false)
  const veikko = await f.addClient({ given: 'Veikko', family: 'Virta' }, ['kaisa'])
  const recorded = await kaisa.post('/api/v1/observations', {
    clientId: veikko,
    taskId: f.task('t1').id,
    supportLevel: 'minor',
    observedOn: '2026-11-22',
  })
  expect(recorded.statusCode, recorded.body).toBe(201)
  expect(seesLevel((await kaisa.get(`/api/v1/observations?clientId=${veikko}`)).body)).toBe(true)
  expect((await looks(f.accounts.kaisa)).at(-1)).toEqual({ reason: 'relation', ref: null })
})

test('S-12 note 2: a lead says why first; the reason stands in the log and on /katselut', async () => {
  const page = `/hakemukset/${application}`
  const asked = (await lead.page.get(page)).body
  expect(seesLevel(asked)).toBe(false)
  expect(asked).toContain('Miksi katsot?')
  // Not how many of the records count, either.
  expect(asked).not.toMatch(/\d \/ \d/)
  expect(asked).toContain('Tuen taso ei näy sinulle nyt. Kerro ensin, miksi tarvitset sitä.')
  expect(asked).not.toMatch(/Vaatimus (ei vielä )?täyt/)
  expect(markupFaults(asked)).toEqual([])
  const unsaid = await lead.page.submit(`${page}/tuki`, {})
  expect(unsaid.statusCode).toBe(422)
  expect(seesLevel(unsaid.body)).toBe(false)
  expect(await looks(lead.id)).toEqual([])

  const shown = await lead.page.submit(`${page}/tuki`, { why: 'staff-away' })
  expect(shown.statusCode).toBe(200)
  expect(seesLevel(shown.body)).toBe(true)
  expect(shown.body).toMatch(/\d \/ \d/)
  expect(seesLevel((await lead.page.get(page)).body)).toBe(false)
  const byApi = await lead.api.post(`/api/v1/applications/${application}/support-levels`, { reason: 'quality' })
  expect(byApi.json<{ data: unknown[] }>().data).toHaveLength(4)
  expect((await looks(lead.id)).map(({ reason }) => reason)).toEqual(['staff-away', 'quality'])

  const told = (await (await f.browser('antti')).get('/katselut')).body
  expect(told).toContain('Outi O.')
  expect(told).toContain('Valmentajasi oli poissa')
  expect(told).toContain('Tarkisti, että kirjaukset ovat oikein')
  expect(markupFaults(told)).toEqual([])
})

test('a reason opens nothing to others: not after the decision to a coordinator, not to a coach without relation', async () => {
  const kaisa = await f.as('kaisa')
  const decided = await kaisa.post(
    `/api/v1/applications/${application}/decision`,
    { outcome: 'return', reason: 'Vielä yksi kerta' },
    { 'idempotency-key': 'k-1' },
  )
  expect(decided.statusCode, decided.body).toBe(200)
  const address = `/api/v1/applications/${application}/support-levels`
  const later = await kaisa.post(address, { reason: 'quality' })
  expect(later.statusCode).toBe(403)
  expect(seesLevel(later.body)).toBe(false)
  expect((await (await f.as('sari')).post(address, { reason: 'quality' })).statusCode).toBe(404)
  expect((await (await f.as('antti')).post(address, { reason: 'quality' })).statusCode).toBe(403)
})

describe('S-53: notes that are read without a level', () => {
  const lines = async (
    clientId: string,
  ): Promise<readonly { readonly kind: string; readonly reason: string | null }[]> =>
    await service.database.ownerDb
      .selectFrom('audit_event')
      .select(['kind', 'reason', 'what', 'actor_id as by'])
      .where('tenant_id', '=', f.code)
      .where('client_id', '=', clientId)
      .where('kind', 'in', ['note.read', 'level.read'])
      .orderBy('at')
      .execute()

  test('leave a line of the coordinator wherever they are shown, and the client sees it', async () => {
    const noora = await f.addClient({ given: 'Noora', family: 'Niemi' }, ['sari'])
    const record = await f.record({ who: { clientId: noora }, by: 'sari', note: 'Teki tarkkaa työtä' })
    const page = await f.browser('kaisa')
    const api = await f.as('kaisa')
    for (const answer of [
      await page.get(`/ryhma/${noora}`),
      await api.get(`/api/v1/observations?clientId=${noora}`),
      await api.get(`/api/v1/observations/${record}`),
    ]) {
      expect(answer.statusCode).toBe(200)
      expect(answer.body).toContain('Teki tarkkaa työtä')
    }
    const told = { kind: 'note.read', reason: 'coordination', by: f.accounts.kaisa }
    expect(await lines(noora)).toEqual([
      { ...told, what: '/ryhma/:id' },
      { ...told, what: '/api/v1/observations' },
      { ...told, what: '/api/v1/observations/:id' },
    ])
    const code = await (await f.as('sari')).post(`/api/v1/clients/${noora}/codes`, {})
    expect(code.statusCode, code.body).toBe(201)
    const own = service.browser()
    await own.get('/kirjaudu/koodi')
    await own.submit('/kirjaudu/koodi', { code: code.json<{ code: string }>().code })
    const seen = (await own.get('/katselut')).body
    expect(seen).toContain('Kirjaukset ja muistiinpanot')
    expect(seen).toContain('Koordinoi valmennustasi')
    expect(seen).not.toContain('Kirjaukset ja tuen taso')
    expect(markupFaults(seen)).toEqual([])
  })

  test('of a coach are told with the level, once; records without words and the client’s own look leave none', async () => {
    const oona = await f.addClient({ given: 'Oona', family: 'Oja' }, ['sari'])
    await f.record({ who: { clientId: oona }, by: 'sari' })
    expect((await (await f.browser('kaisa')).get(`/ryhma/${oona}`)).statusCode).toBe(200)
    expect(await lines(oona)).toEqual([])
    await f.record({ who: { clientId: oona }, by: 'sari', note: 'Hyvin meni' })
    expect((await (await f.browser('sari')).get(`/ryhma/${oona}`)).statusCode).toBe(200)
    expect((await lines(oona)).map(({ kind, reason }) => ({ kind, reason }))).toEqual([
      { kind: 'level.read', reason: 'relation' },
    ])
  })
})
