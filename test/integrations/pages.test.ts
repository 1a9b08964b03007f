import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Browser, startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation, password } from '../support/given.ts'
import { markupFaults } from '../support/markup.ts'
import { givenAccount, signInByPage } from '../support/staff.ts'
import { givenKey, givenSandbox } from './given-key.ts'

// PRODUCT I1: `/hallinta/avaimet` makes a key that is shown once, with a command that works as it is.

let service: TestService
let foundation: Foundation
let admin: Browser
beforeAll(async () => {
  service = await startService()
  foundation = await givenFoundation(service)
  await givenSandbox(service)
  admin = await foundation.browser('admin')
})
afterAll(async () => await service.close())

const page = '/hallinta/avaimet'
const wanted = { name: 'Opiskelijahallinto', mode: 'live', scopes: ['modules:read', 'awards:read'], days: '90' }

describe('an admin', () => {
  test('makes a key: it is shown on that answer only, and its command works', async () => {
    const empty = await admin.get(page)
    expect(empty.statusCode).toBe(200)
    expect(empty.body).toContain('Avaimia ei ole vielä.')
    expect(markupFaults(empty.body)).toEqual([])

    const made = await admin.submit(page, wanted)
    expect(made.statusCode, made.body).toBe(200)
    expect(made.headers['cache-control']).toBe('no-store')
    expect(markupFaults(made.body)).toEqual([])
    const [command = '', key = '', path = ''] =
      /curl -H &#39;Authorization: Bearer (op_live_[\w-]+)&#39; &#39;http:\/\/localhost:4000(\/[^&]+)&#39;/.exec(
        made.body,
      ) ?? []
    expect(command).not.toBe('')
    const called = await service.api(key).get(path)
    expect(called.statusCode).toBe(200)
    expect(called.json<{ data: unknown[] }>().data).toHaveLength(1)

    const listed = await admin.get(page)
    expect(listed.body).toContain('Opiskelijahallinto')
    expect(listed.body).not.toContain(key.slice(12, 30))
    expect(markupFaults(listed.body)).toEqual([])
  })

  test('gets the form back with what was written, and what to mend', async () => {
    const twin = await admin.submit(page, { ...wanted, name: 'Оpiskelijahallinto', scopes: ['awards:read'] })
    expect(twin.statusCode).toBe(422)
    expect(twin.body).toContain('samannäköinen nimi')
    expect(twin.body).toContain('value="Оpiskelijahallinto"')
    expect(markupFaults(twin.body)).toEqual([])
    const nothing = await admin.submit(page, { name: '', days: '90' })
    expect(nothing.statusCode).toBe(422)
    for (const words of ['Kirjoita ohjelman nimi', 'Valitse yksi vaihtoehto', 'Valitse, mitä ohjelma saa tehdä'])
      expect(nothing.body).toContain(words)
    const unseen = await admin.submit(page, { ...wanted, name: 'Raportti\u200b' })
    expect(unseen.body).toContain('merkki, jota ei voi nähdä')
  })

  test('makes a test key for the sandbox', async () => {
    const made = await admin.submit(page, { ...wanted, name: 'Kokeilu', mode: 'test', scopes: 'modules:read' })
    expect(made.statusCode).toBe(200)
    expect(/op_test_koe1[\w-]{43}/.exec(made.body)).not.toBeNull()
  })

  test('ends a key after a check page', async () => {
    const { id, key } = await givenKey(service, foundation, { name: 'Lopetettava' })
    const check = await admin.get(`${page}/${id}/lopeta`)
    expect(check.statusCode).toBe(200)
    expect(check.body).toContain('Tätä ei voi perua')
    expect(markupFaults(check.body)).toEqual([])
    const ended = await admin.submit(`${page}/${id}/lopeta`, {})
    expect(ended.statusCode).toBe(303)
    const after = await admin.get(ended.headers.location ?? '')
    expect(after.body).toContain('Avain on lopetettu.')
    expect((await service.api(key).get('/api/v1/modules')).statusCode).toBe(401)
    expect((await admin.get(`${page}/${id}/lopeta`)).body).toContain('Avain on jo lopetettu.')
    const other = await givenFoundation(service, { module: false })
    const foreign = await other.browser('admin')
    expect((await foreign.get(`${page}/${id}/lopeta`)).statusCode).toBe(404)
  })

  test('reads it in Swedish and English, too', async () => {
    expect((await admin.get(`${page}?lang=sv`)).body).toContain('Nycklar för program')
    expect((await admin.get(`${page}?lang=en`)).body).toContain('Keys for programs')
    await admin.get(`${page}?lang=fi`)
  })
})

test('others of the staff do not come in; the lead sees the list and no form', async () => {
  for (const who of ['pekka', 'kaisa'] as const)
    expect((await (await foundation.browser(who)).get(page)).statusCode, who).toBe(403)
  const signInName = `johto@${foundation.code}.example`
  const lead = { signInName, password, displayName: 'Johanna J.', roles: ['foundation_lead'] } as const
  await givenAccount(service.deps, foundation.code, lead)
  const browser = service.browser()
  await signInByPage(browser, signInName, password)
  const seen = await browser.get(page)
  expect(seen.statusCode).toBe(200)
  expect(seen.body).toContain('Opiskelijahallinto')
  expect(seen.body).not.toContain('Tee uusi avain')
  expect((await browser.submit(page, wanted)).statusCode).toBe(403)
})
