import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeAccount } from '../../src/accounts/account.ts'
import { addClient } from '../../src/clients/client.ts'
import { foundOrganisation } from '../../src/foundations/found.ts'
import { signInByPage, startService, type TestService } from '../support/app.ts'

let service: TestService
let clientId: string
const password = 'kuusi-hilla-joki-1'

beforeAll(async () => {
  service = await startService()
  const { deps, database } = service
  const founding = { ...deps, ownerDb: database.ownerDb }
  await foundOrganisation(founding, {
    code: 'mer1',
    kind: 'foundation',
    name: 'Meriva',
    url: 'https://meriva.example',
    email: 'merkit@meriva.example',
  })
  const coach = await makeAccount(deps, 'mer1', {
    signInName: 'Pekka@meriva.example',
    password,
    displayName: 'Pekka R.',
    roles: ['coach'],
  })
  const actor = {
    kind: 'staff',
    tenant: 'mer1',
    sessionId: coach,
    accountId: coach,
    name: '',
    roles: ['coordinator'],
    language: 'fi',
  } as const
  clientId = await addClient(deps, actor, {
    name: { given: 'Maija', family: 'Korhonen' },
    language: 'fi',
    coachIds: [coach],
    today: '2026-11-22',
  })
})
afterAll(async () => await service.close())

describe('staff', () => {
  test('a coach signs in by page and out again; the old cookie opens nothing any more (S-14)', async () => {
    const browser = service.browser()
    await signInByPage(browser, 'pekka@meriva.example', password)
    expect((await browser.get('/')).body).toContain('Pekka R.')
    const out = await browser.submit('/kirjaudu/ulos', {})
    expect(out.headers['clear-site-data']).toContain('cache')
    expect((await browser.get('/')).body).not.toContain('Pekka R.')
  })

  test('S-17: a wrong name and a wrong password answer alike, with what was typed still there', async () => {
    const bodies = await Promise.all(
      ['pekka@meriva.example', 'nobody@meriva.example'].map(async (email) => {
        const browser = service.browser()
        await browser.get('/kirjaudu')
        const response = await browser.submit('/kirjaudu', { email, password: 'not the password' })
        expect(response.statusCode).toBe(422)
        return response.body.replaceAll(email, '').replaceAll(/value="[^"]*"/g, '')
      }),
    )
    expect(bodies[0]).toBe(bodies[1])
  })

  test('S-42: a form without its token, or from another site, changes nothing', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' }
    const payload = `email=pekka%40meriva.example&password=${password}`
    const withoutToken = await service.app.inject({
      method: 'POST',
      url: '/kirjaudu',
      payload,
      headers: { ...form, origin: service.deps.config.pagesOrigin },
    })
    expect(withoutToken.statusCode).toBe(403)
    const elsewhere = await service.app.inject({
      method: 'POST',
      url: '/kirjaudu',
      payload,
      headers: { ...form, 'sec-fetch-site': 'cross-site' },
    })
    expect(elsewhere.statusCode).toBe(403)
  })
})

describe('client', () => {
  async function codeFromCoach(): Promise<string> {
    const token = (await service.api().post('/api/v1/tokens', { name: 'pekka@meriva.example', password })).json<{
      token: string
    }>().token
    const answer = await service.api(token).post(`/api/v1/clients/${clientId}/codes`, {})
    expect(answer.statusCode).toBe(201)
    return answer.json<{ code: string }>().code
  }

  test('S-17: a code is 8 characters without look-alikes, opens once, and says who handed it out', async () => {
    const code = await codeFromCoach()
    expect(code).toMatch(/^[34679ACDEFGHJKMNPQRTWXY]{8}$/)
    const browser = service.browser()
    await browser.get('/kirjaudu/koodi')
    expect(
      (await browser.submit('/kirjaudu/koodi', { code: ` ${code.slice(0, 4).toLowerCase()} ${code.slice(4)} ` }))
        .headers.location,
    ).toBe('/passi')
    expect((await browser.get('/')).body).toContain('Maija')
    const again = service.browser()
    await again.get('/kirjaudu/koodi')
    expect((await again.submit('/kirjaudu/koodi', { code })).statusCode).toBe(422)
  })

  test('S-17: a code of 16 minutes ago is too old', async () => {
    const code = await codeFromCoach()
    service.at('2026-11-22T09:16:00Z')
    const answer = await service.api().post('/api/v1/tokens/code', { code })
    expect(answer.statusCode).toBe(401)
    expect(answer.json()).toMatchObject({ code: 'wrong-code', status: 401 })
    service.at('2026-11-22T09:00:00Z')
  })

  test('S-13: a token for the API is no page session, and an ended session opens nothing', async () => {
    const code = await codeFromCoach()
    const { token } = (await service.api().post('/api/v1/tokens/code', { code })).json<{ token: string }>()
    const page = await service.app.inject({ url: '/', headers: { cookie: `op_session=${token}`, accept: 'text/html' } })
    expect(page.body).not.toContain('Maija')
    await service.database.ownerDb
      .updateTable('session')
      .set({ ended_at: new Date('2026-11-22T09:00:00Z') })
      .where('client_id', '=', clientId)
      .execute()
    expect((await service.api(token).get('/api/v1/nothing')).statusCode).toBe(404)
  })
})
