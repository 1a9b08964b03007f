import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addWorkUnit } from '../../src/foundations/work-unit.ts'
import { type Browser, startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation, password } from '../support/given.ts'
import { markupFaults } from '../support/markup.ts'
import { givenAccount, signInByPage } from '../support/staff.ts'

// `/hallinta`: the front page shows what the role opens; `/hallinta/yksikot`: work units (S-12, S-53).

let service: TestService
let foundation: Foundation
let admin: Browser
let lead: Browser
beforeAll(async () => {
  service = await startService()
  foundation = await givenFoundation(service, { module: false })
  admin = await foundation.browser('admin')
  const signInName = `johto@${foundation.code}.example`
  const wanted = { signInName, password, displayName: 'Johanna J.', roles: ['foundation_lead'] as const }
  await givenAccount(service.deps, foundation.code, wanted)
  lead = service.browser()
  await signInByPage(lead, signInName, password)
})
afterAll(async () => await service.close())

const places = {
  users: '/hallinta/kayttajat',
  units: '/hallinta/yksikot',
  requests: '/hallinta/pyynnot',
  signingKeys: '/hallinta/allekirjoitus',
  apiKeys: '/hallinta/avaimet',
  audit: '/hallinta/loki',
} as const

describe('the front page of administration', () => {
  test.each([
    ['admin', ['users', 'units', 'signingKeys', 'apiKeys', 'audit']],
    ['lead', ['users', 'units', 'apiKeys', 'audit']],
    ['kaisa', ['units', 'requests', 'audit']],
  ] as const)('shows %s the pages of the role, each opens, and the others do not', async (who, open) => {
    const browser = { admin, lead, kaisa: who === 'kaisa' ? await foundation.browser('kaisa') : admin }[who]
    const seen = await browser.get('/hallinta')
    expect(seen.statusCode).toBe(200)
    expect(markupFaults(seen.body)).toEqual([])
    const main = seen.body.slice(seen.body.indexOf('<main'), seen.body.indexOf('</main>'))
    for (const [place, path] of Object.entries(places)) {
      const isOpen = open.some((one) => one === place)
      expect(main.includes(`href="${path}"`), place).toBe(isOpen)
      expect((await browser.get(path)).statusCode, place).toBe(isOpen ? 200 : 403)
    }
    expect(seen.body).toContain('<li><a href="/hallinta">Hallinta</a></li>')
  })

  test('is closed to coaches and clients, who see no way to it', async () => {
    for (const who of ['pekka', 'maija'] as const) {
      const browser = await foundation.browser(who)
      expect((await browser.get('/hallinta')).statusCode).toBe(403)
      expect((await browser.get('/')).body).not.toContain('href="/hallinta"')
    }
  })
})

describe('work units', () => {
  const page = '/hallinta/yksikot'

  async function idOf(name: string): Promise<string> {
    const row = await service.database.ownerDb
      .selectFrom('work_unit')
      .select('id')
      .where('tenant_id', '=', foundation.code)
      .where('name', '=', name)
      .executeTakeFirstOrThrow()
    return row.id
  }

  test('are added, renamed, closed and opened, each with its line', async () => {
    const empty = await admin.get(page)
    expect(empty.body).toContain('Yksiköitä ei ole vielä.')
    expect(markupFaults(empty.body)).toEqual([])
    const added = await admin.submit(page, { name: '  Puupaja ' })
    expect((await admin.get(added.headers.location ?? '')).body).toContain('Yksikkö on lisätty.')
    const id = await idOf('Puupaja')
    const one = await admin.get(`${page}/${id}`)
    expect(markupFaults(one.body)).toEqual([])
    await admin.submit(`${page}/${id}`, { name: 'Puu- ja metallipaja' })
    expect((await admin.get(page)).body).toContain('Puu- ja metallipaja')
    await admin.submit(`${page}/${id}/sulje`, {})
    const closed = await admin.get(page)
    expect(closed.body).toContain('Suljettu 22.11.2026')
    expect(markupFaults(closed.body)).toEqual([])
    expect((await admin.get(`${page}/${id}`)).body).toContain('Avaa yksikkö uudelleen')
    await admin.submit(`${page}/${id}/avaa`, {})
    expect((await admin.get(page)).body).not.toContain('Suljettu 22.11.2026')
    const { rows } = await sql<Record<string, unknown>>`
      select e.kind, e.actor_id, host(o.address) as address from audit_event e
        left join audit_origin o on o.tenant_id = e.tenant_id and o.at = e.at and o.event_id = e.id
      where e.ref = ${id} order by e.kind`.execute(service.database.ownerDb)
    expect(rows).toEqual(
      ['unit.closed', 'unit.made', 'unit.opened', 'unit.renamed'].map((kind) => ({
        kind,
        actor_id: foundation.accounts.admin,
        address: '127.0.0.1',
      })),
    )
  })

  test('have names that can be seen and told apart; one that is closed leaves its name', async () => {
    await admin.get(page)
    expect((await admin.submit(page, { name: 'Keittiö' })).statusCode).toBe(303)
    const twin = await admin.submit(page, { name: 'KEITTIÖ' })
    expect(twin.statusCode).toBe(422)
    expect(twin.body).toContain('samannäköinen nimi')
    expect(markupFaults(twin.body)).toEqual([])
    expect((await admin.submit(page, { name: '' })).body).toContain('Kirjoita yksikön nimi')
    expect((await admin.submit(page, { name: 'A\u202eB' })).body).toContain('merkki, jota ei voi nähdä')
    const id = await idOf('Keittiö')
    await admin.submit(`${page}/${id}/sulje`, {})
    expect((await admin.submit(page, { name: 'Keittiö' })).statusCode).toBe(303)
    expect((await admin.submit(`${page}/${id}/avaa`, {})).statusCode).toBe(422)
    const actor = foundation.staffActor('admin')
    const both = await Promise.allSettled([1, 2].map(async () => await addWorkUnit(service.deps, actor, 'Ompelimo')))
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  })

  test('are read by lead and coordinator, who change nothing; another foundation’s is not there', async () => {
    const id = await idOf('Puu- ja metallipaja')
    for (const browser of [lead, await foundation.browser('kaisa')]) {
      const seen = await browser.get(page)
      expect(seen.body).toContain('Puu- ja metallipaja')
      expect(seen.body).not.toContain('Lisää yksikkö')
      expect((await browser.get(`${page}/${id}`)).statusCode).toBe(403)
      for (const url of [page, `${page}/${id}`, `${page}/${id}/sulje`, `${page}/${id}/avaa`])
        expect((await browser.submit(url, { name: 'Pesula' })).statusCode, url).toBe(403)
    }
    for (const who of ['pekka', 'maija'] as const)
      expect((await (await foundation.browser(who)).get(page)).statusCode, who).toBe(403)
    const other = await givenFoundation(service, { module: false })
    const foreign = await other.browser('admin')
    await foreign.get(page)
    for (const unit of [id, service.deps.newId()]) {
      expect((await foreign.get(`${page}/${unit}`)).statusCode).toBe(404)
      for (const act of ['', '/sulje', '/avaa'])
        expect((await foreign.submit(`${page}/${unit}${act}`, { name: 'Pesula' })).statusCode).toBe(404)
    }
  })

  test('in Swedish and English, too', async () => {
    expect((await admin.get(`${page}?lang=sv`)).body).toContain('Arbetsenheter')
    expect((await admin.get('/hallinta?lang=en')).body).toContain('Administration')
    await admin.get(`${page}?lang=fi`)
  })
})
