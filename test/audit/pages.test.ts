import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { changeRoles } from '../../src/accounts/account.ts'
import { asTenant } from '../../src/db/connect.ts'
import { beginUnitCoach, endUnitCoach } from '../../src/clients/unit-coach.ts'
import { addWorkUnit } from '../../src/foundations/work-unit.ts'
import { type Browser, startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'
import { markupFaults } from '../support/markup.ts'

// S-53: `/hallinta/loki` leads through every line by kind, person and day, page by page.

let service: TestService
let foundation: Foundation
let kaisa: Browser
const many = 130

beforeAll(async () => {
  service = await startService()
  foundation = await givenFoundation(service, { module: false })
  kaisa = await foundation.browser('kaisa')
  const { code, accounts } = foundation
  // Many lines, some of one moment, over the night on which a day in Finland ends at 22.00 UTC.
  await asTenant(service.database.ownerDb, code, async (trx) => {
    await sql`
      insert into audit_event (tenant_id, at, kind, actor_kind, actor_id, what)
      select ${code}, timestamptz '2026-10-01T08:00:00.123Z' + make_interval(mins => n / 7), 'denied', 'staff',
        case when n % 2 = 0 then ${accounts.pekka}::uuid else ${accounts.sari}::uuid end, '/nro/' || n
      from generate_series(1, ${many}) n`.execute(trx)
    await sql`
      insert into audit_event (tenant_id, at, kind, actor_kind, actor_id, what) values
        (${code}, '2026-11-10T21:59:59.999Z', 'missed', 'staff', ${accounts.pekka}, '/paivan/loppu'),
        (${code}, '2026-11-10T22:00:00Z', 'missed', 'staff', ${accounts.pekka}, '/paivan/alku')`.execute(trx)
  })
})
afterAll(async () => await service.close())

const page = '/hallinta/loki'
const numbersIn = (body: string): readonly number[] => [...body.matchAll(/\/nro\/(\d+)</g)].map(([, n]) => Number(n))

/** The way to the next page: below the menu, whose links to other languages lead to this one. */
function olderIn(body: string): string | undefined {
  const main = body.slice(body.indexOf('<main'))
  return /href="(\/hallinta\/loki\?[^"]*ennen[^"]*)"/.exec(main)?.[1]?.replaceAll('&amp;', '&')
}

/** Every page from the first to the last. */
async function pagesFrom(browser: Browser, address: string): Promise<readonly (readonly number[])[]> {
  const found: (readonly number[])[] = []
  let next: string | undefined = address
  while (next !== undefined && found.length < 10) {
    const answer = await browser.get(next)
    expect(answer.statusCode).toBe(200)
    expect(markupFaults(answer.body)).toEqual([])
    found.push(numbersIn(answer.body))
    next = olderIn(answer.body)
  }
  return found
}

describe('pages', () => {
  test('hold every line once, the latest first, with the filter kept', async () => {
    const pages = await pagesFrom(kaisa, `${page}?kind=denied`)
    expect(pages.map((one) => one.length)).toEqual([50, 50, 30])
    const all = pages.flat()
    expect(new Set(all).size).toBe(many)
    const minutes = all.map((n) => Math.floor(n / 7))
    expect(minutes).toEqual(minutes.toSorted((a, b) => b - a))
  })

  test('stay the same when lines are added meanwhile', async () => {
    const first = await kaisa.get(`${page}?kind=denied`)
    const next = olderIn(first.body) ?? ''
    const before = numbersIn((await kaisa.get(next)).body)
    await (await foundation.browser('pekka')).get('/hallinta/avaimet')
    expect(numbersIn((await kaisa.get(next)).body)).toEqual(before)
  })

  test('of one person: a coach’s own, and whom the reader picks', async () => {
    const { pekka } = foundation.accounts
    const picked = (await pagesFrom(kaisa, `${page}?kind=denied&who=${pekka}`)).flat()
    expect(picked).toHaveLength(many / 2)
    expect(picked.every((n) => n % 2 === 0)).toBe(true)
    const own = await foundation.browser('pekka')
    const sari = `${page}?kind=denied&who=${foundation.accounts.sari}`
    expect((await pagesFrom(own, sari)).flat()).toEqual([])
    const seen = await own.get(`${page}?kind=denied`)
    expect(numbersIn(seen.body).every((n) => n % 2 === 0)).toBe(true)
    expect(seen.body).not.toContain('id="who"')
    expect((await kaisa.get(page)).body).toContain('<option value="">Kaikki</option>')
  })
})

describe('filters', () => {
  test('take a day as it is in Finland, and both ways of writing it', async () => {
    const on = async (from: string, until: string): Promise<string> => {
      const answer = await kaisa.get(`${page}?kind=missed&from=${from}&until=${until}`)
      expect(answer.statusCode).toBe(200)
      return answer.body
    }
    const tenth = await on('2026-11-10', '10.11.2026')
    expect(tenth).toContain('/paivan/loppu')
    expect(tenth).not.toContain('/paivan/alku')
    const eleventh = await on('11.11.2026', '2026-11-11')
    expect(eleventh).toContain('/paivan/alku')
    expect(eleventh).not.toContain('/paivan/loppu')
  })

  test('tell what to mend and keep what was written; what nobody typed is passed over', async () => {
    const wrong = await kaisa.get(`${page}?from=31.11.2026&until=huomenna&kind=award`)
    expect(wrong.statusCode).toBe(422)
    expect(wrong.body).toContain('value="31.11.2026"')
    expect(wrong.body).toContain('value="huomenna"')
    expect(wrong.body).toContain('<option value="award" selected>')
    expect(markupFaults(wrong.body)).toEqual([])
    for (const query of ['kind=x', 'who=x', 'ennen=x', 'ennen=2026-11-22T09:00:00Z%20x', 'kind=award&kind=denied'])
      expect((await kaisa.get(`${page}?${query}`)).statusCode, query).toBe(200)
    expect((await kaisa.get(`${page}?from=2026-11-22&until=2026-11-01`)).body).toContain('ei löydy mitään')
  })
})

test('a line about an account tells whose, and a role by its name', async () => {
  const { code, accounts } = foundation
  await changeRoles(service.deps, code, accounts.sari, ['coach', 'foundation_lead'], foundation.staffActor('admin'))
  const seen = await kaisa.get(`${page}?kind=role.given&who=${accounts.admin}`)
  const row = /<tr[^>]*><th[^>]*>(?:(?!<\/tr>).)*Säätiön vastuuhenkilö.*?<\/tr>/s.exec(seen.body)?.[0] ?? ''
  expect(row).toContain('Aulis A.')
  expect(row).toContain('Sari L.')
})

test('a line about a work unit tells it by name, in the API beside its id; a coach sees none of them', async () => {
  const { deps } = service
  const admin = foundation.staffActor('admin')
  const unitId = await addWorkUnit(deps, admin, 'Puupaja Honka')
  const coachId = foundation.accounts.sari
  const wanted = { unitId, coachId, fromDay: '2026-11-22', untilDay: null }
  const { id } = await beginUnitCoach(deps, foundation.staffActor('kaisa'), wanted)
  await endUnitCoach(deps, foundation.staffActor('kaisa'), { unitId, id })
  const api = await foundation.as('kaisa')
  for (const kind of ['unit.made', 'unit.coach-added', 'unit.coach-ended']) {
    const { body } = await kaisa.get(`${page}?kind=${kind}`)
    expect(body, kind).toContain('Puupaja Honka')
    expect(body, kind).not.toContain(unitId)
    if (kind !== 'unit.made') expect(body).toContain('Sari L.')
    const listed = (await api.get(`/api/v1/audit-events?kind=${kind}`)).json<{ data: unknown[] }>()
    expect(listed.data).toEqual([expect.objectContaining({ unitName: 'Puupaja Honka' })])
    expect((await (await foundation.browser('pekka')).get(`${page}?kind=${kind}`)).body).not.toContain('Honka')
  }
  const other = (await api.get('/api/v1/audit-events?kind=account.made&limit=1')).json<{ data: unknown[] }>()
  expect(other.data).toEqual([expect.objectContaining({ unitName: null })])
})

describe('by API', () => {
  type Listed = {
    readonly data: readonly { readonly id: string; readonly what: string | null; readonly at: string }[]
    readonly page: { readonly next: string | null }
  }

  test('every line once, page by page, by kind, person and day', async () => {
    const api = await foundation.as('kaisa')
    const found: string[] = []
    let next: string | null = ''
    while (next !== null && found.length < 500) {
      const cursor = next === '' ? '' : `&cursor=${next}`
      const answer = await api.get(
        `/api/v1/audit-events?kind=denied&limit=40&from=2026-10-01&until=2026-10-01${cursor}`,
      )
      expect(answer.statusCode, answer.body).toBe(200)
      const { data, page: place } = answer.json<Listed>()
      found.push(...data.map(({ id }) => id))
      next = place.next
    }
    expect(found).toHaveLength(many)
    expect(new Set(found).size).toBe(many)
    const { pekka } = foundation.accounts
    const one = await api.get(`/api/v1/audit-events?kind=missed&actorId=${pekka}&from=2026-11-10&until=2026-11-10`)
    expect(one.json<Listed>().data.map(({ what }) => what)).toEqual(['/paivan/loppu'])
  })

  test('a coach reads the own lines; a client and a wrong query none', async () => {
    const pekka = await foundation.as('pekka')
    const own = await pekka.get(`/api/v1/audit-events?kind=denied&actorId=${foundation.accounts.sari}`)
    expect(own.json<Listed>().data).toEqual([])
    expect((await (await foundation.as('maija')).get('/api/v1/audit-events')).statusCode).toBe(403)
    for (const query of ['kind=x', 'from=0000-01-01', 'until=eilen', 'cursor=eA', 'limit=101', 'who=x'])
      expect((await pekka.get(`/api/v1/audit-events?${query}`)).statusCode, query).toBe(422)
  })
})
