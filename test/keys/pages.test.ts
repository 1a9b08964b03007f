import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readLeak } from '../../src/keys/leak-form.ts'
import { setIssuing, setIssuingForAll } from '../../src/keys/issuing-switch.ts'
import { type KeyView, listKeys } from '../../src/keys/list.ts'
import { messages } from '../../src/i18n/index.ts'
import { type Browser, startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'
import { markupFaults } from '../support/markup.ts'

// `/hallinta/allekirjoitus`: signing keys and the stop switch by an admin (S-22, S-25, S-53).

let service: TestService
let foundation: Foundation
let admin: Browser
beforeAll(async () => {
  service = await startService()
  foundation = await givenFoundation(service)
  admin = await foundation.browser('admin')
})
afterAll(async () => await service.close())
beforeEach(async () => {
  service.at('2026-11-22T09:00:00Z')
  await admin.get(page)
})

const page = '/hallinta/allekirjoitus'

async function active(algorithm: string): Promise<KeyView> {
  const key = (await listKeys(service.deps.db, foundation.code)).find(
    (one) => one.state === 'active' && one.algorithm === algorithm,
  )
  if (!key) throw new Error(`no active ${algorithm}`)
  return key
}

async function linesOf(kind: string): Promise<readonly Record<string, unknown>[]> {
  const { rows } = await sql<Record<string, unknown>>`
    select e.what, e.actor_id, host(o.address) as address from audit_event e
      left join audit_origin o on o.tenant_id = e.tenant_id and o.at = e.at and o.event_id = e.id
    where e.tenant_id = ${foundation.code} and e.kind = ${kind} order by e.at, e.id`.execute(service.database.ownerDb)
  return rows
}

describe('an admin', () => {
  test('replaces a key, once for each form that was shown; the line says who and from where', async () => {
    const before = await active('EdDSA')
    const list = await admin.get(page)
    expect(list.body).toContain(before.kid)
    expect(markupFaults(list.body)).toEqual([])
    const check = await admin.get(`${page}/vaihda/EdDSA`)
    expect(check.body).toContain('merkit pysyvät aitoina')
    expect(markupFaults(check.body)).toEqual([])
    for (const time of ['2026-11-22T09:01:00Z', '2026-11-22T09:02:00Z']) {
      service.at(time)
      const sent = await admin.submit(`${page}/vaihda/EdDSA`, { kid: before.kid })
      expect(sent.headers.location).toBe(`${page}?tehty=vaihdettu`)
    }
    const keys = (await listKeys(service.deps.db, foundation.code)).filter(({ algorithm }) => algorithm === 'EdDSA')
    expect(keys.map(({ state }) => state)).toEqual(['active', 'retired'])
    const told = { actor_id: foundation.accounts.admin, address: '127.0.0.1' }
    expect(await linesOf('key.retired')).toEqual([expect.objectContaining({ ...told, what: before.kid })])
    expect((await linesOf('key.made')).at(-1)).toMatchObject({ ...told, what: keys[0]?.kid })
    expect((await admin.get(page)).body).toContain('Poistettu käytöstä')
    expect((await admin.get(`${page}/vaihda/ES256`)).statusCode).toBe(404)
    expect((await admin.submit(`${page}/vaihda/HS256`, { kid: 'x' })).statusCode).toBe(404)
  })

  test('marks a key as compromised in two steps, with its name typed', async () => {
    service.at('2026-11-23T09:00:00Z')
    admin = await foundation.browser('admin')
    const { kid, createdAt } = await active('RS256')
    const way = `${page}/${kid}/vuotanut`
    const form = await admin.get(way)
    expect(markupFaults(form.body)).toEqual([])
    const empty = await admin.submit(way, { step: 'check', day: '', time: '25.00' })
    expect(empty.statusCode).toBe(422)
    expect(empty.body).toContain('Kirjoita päivä näin')
    expect(empty.body).toContain('Kirjoita kellonaika näin')
    const check = await admin.submit(way, { step: 'check', day: '22.11.2026', time: '' })
    expect(check.statusCode).toBe(200)
    expect(check.body).toContain('Merkit, jotka se on allekirjoittanut tämän ajan jälkeen')
    expect(markupFaults(check.body)).toEqual([])
    expect((await active('RS256')).kid).toBe(kid)
    for (const confirm of ['', 'RS256', `${kid}x`]) {
      const refused = await admin.submit(way, { step: 'send', day: '22.11.2026', time: '', confirm })
      expect(refused.statusCode).toBe(422)
      expect(refused.body).toContain('täsmälleen niin kuin se on yllä')
    }
    const sent = await admin.submit(way, { step: 'send', day: '22.11.2026', time: '', confirm: ` ${kid} ` })
    expect(sent.headers.location).toBe(`${page}?tehty=vuotanut`)
    const marked = (await listKeys(service.deps.db, foundation.code)).find((one) => one.kid === kid)
    expect(marked).toMatchObject({ state: 'compromised', compromisedAt: createdAt })
    expect((await active('RS256')).kid).not.toBe(kid)
    expect(await linesOf('key.compromised')).toEqual([
      { what: kid, actor_id: foundation.accounts.admin, address: '127.0.0.1' },
    ])
    const later = await admin.submit(way, { step: 'check', day: '22.11.2026', time: '23.59' })
    expect(later.body).toContain('vain aikaisemmaksi')
    const list = await admin.get(page)
    expect(list.body).toContain('Vuotanut 22.11.2026')
    expect(markupFaults(list.body)).toEqual([])
  })

  test('stops and starts issuing with a reason that the page and the history keep', async () => {
    const wanted = await admin.submit(`${page}/myontaminen`, { turn: 'stop', reason: '' })
    expect(wanted.statusCode).toBe(422)
    expect(wanted.body).toContain('Valitse syy')
    const form = await admin.get(`${page}/myontaminen`)
    expect(form.body).toContain('Pysäytä merkkien myöntäminen')
    expect(markupFaults(form.body)).toEqual([])
    const stop = { turn: 'stop', reason: 'key-suspected' }
    for (const _ of [1, 2])
      expect((await admin.submit(`${page}/myontaminen`, stop)).headers.location).toBe(`${page}?tehty=pysaytetty`)
    const stopped = await admin.get(page)
    expect(stopped.body).toContain('Syy: Epäilen, että avain on vuotanut')
    expect(stopped.body).toContain('Tekijä: Aulis A.')
    expect(markupFaults(stopped.body)).toEqual([])
    await foundation.readyForSanding('maija')
    const applied = await (await foundation.as('maija')).post('/api/v1/applications', {
      badgeClassId: foundation.badge('hionta').classId,
    })
    const { id } = applied.json<{ id: string }>()
    const decide = async (key: string): Promise<number> =>
      (
        await (
          await foundation.as('kaisa')
        ).post(`/api/v1/applications/${id}/decision`, { outcome: 'award' }, { 'idempotency-key': key })
      ).statusCode
    expect(await decide('a')).toBe(503)
    expect((await admin.get(`${page}/myontaminen`)).body).toContain('Aloita merkkien myöntäminen')
    await admin.submit(`${page}/myontaminen`, { turn: 'start', reason: 'solved' })
    expect(await decide('b')).toBe(201)
    const told = { actor_id: foundation.accounts.admin, address: '127.0.0.1', what: null }
    expect(await linesOf('issuing.stopped')).toEqual([told])
    expect(await linesOf('issuing.started')).toEqual([told])
  }, 60_000)

  test('sees who turned the switch by command, and that all are stopped', async () => {
    await setIssuing(service.deps, foundation.code, { stopped: true })
    await setIssuingForAll(service.database.ownerDb, true, service.deps.now())
    const seen = await admin.get(page)
    expect(seen.body).toContain('Tekijä: palvelun ylläpito')
    expect(seen.body).toContain('pysäyttänyt myöntämisen kaikilta')
    await setIssuingForAll(service.database.ownerDb, false, service.deps.now())
    await setIssuing(service.deps, foundation.code, { stopped: false })
  })
})

test('no private half of a key is on the page', async () => {
  const { body } = await admin.get(page)
  expect(body).not.toMatch(/BEGIN|"d"|data_key|kek/i)
})

test('S-12: lead, coordinator, coach and client do not come in; another foundation’s key is not there', async () => {
  const { kid } = await active('EdDSA')
  const urls = [page, `${page}/vaihda/EdDSA`, `${page}/${kid}/vuotanut`, `${page}/myontaminen`]
  for (const who of ['kaisa', 'pekka', 'maija'] as const) {
    const browser = await foundation.browser(who)
    await browser.get('/tarkista')
    for (const url of urls) {
      expect((await browser.get(url)).statusCode, `${who} ${url}`).toBe(403)
      if (url !== page) expect((await browser.submit(url, { turn: 'stop', reason: 'other' })).statusCode).toBe(403)
    }
  }
  const other = await givenFoundation(service, { module: false })
  const foreign = await other.browser('admin')
  await foreign.get(page)
  for (const name of [kid, 'rsa-2026-11-22-00000000']) {
    expect((await foreign.get(`${page}/${name}/vuotanut`)).statusCode).toBe(404)
    expect((await foreign.submit(`${page}/${name}/vuotanut`, { day: '2026-11-22' })).statusCode).toBe(404)
  }
})

describe('by API', () => {
  test('an admin lists, replaces once, marks as compromised, and turns the switch', async () => {
    const api = await foundation.as('admin')
    const before = await active('EdDSA')
    const wanted = { algorithm: 'EdDSA', instead: before.kid }
    service.at('2026-11-22T09:10:00Z')
    const [one, two] = [
      await api.post('/api/v1/keys/rotations', wanted),
      await api.post('/api/v1/keys/rotations', wanted),
    ]
    expect(one.statusCode, one.body).toBe(201)
    const { kid } = one.json<{ kid: string }>()
    expect(two.statusCode).toBe(200)
    expect(two.json()).toEqual({ algorithm: 'EdDSA', kid, retired: before.kid, created: false })
    const marked = await api.post(`/api/v1/keys/${before.kid}/compromise`, { since: '2026-11-22T11:10:00+02:00' })
    expect(marked.json()).toMatchObject({ kid: before.kid, since: '2026-11-22T09:10:00.000Z', replacedBy: null })
    const early = await api.post(`/api/v1/keys/${kid}/compromise`, { since: '2020-01-01T00:00:00Z' })
    expect(early.statusCode).toBe(422)
    const listed: string[] = []
    let next: string | null = ''
    while (next !== null && listed.length < 50) {
      const answer = await api.get(`/api/v1/keys?limit=2${next === '' ? '' : `&cursor=${next}`}`)
      const { data, page: place } = answer.json<{ data: { kid: string }[]; page: { next: string | null } }>()
      listed.push(...data.map((key) => key.kid))
      next = place.next
    }
    expect(listed).toEqual((await listKeys(service.deps.db, foundation.code)).map((key) => key.kid))
    expect((await api.get('/api/v1/keys?cursor=x')).statusCode).toBe(422)
    const stopped = await api.put('/api/v1/issuing', { stopped: true, reason: 'maintenance' })
    expect(stopped.json()).toEqual({ stopped: true, since: '2026-11-22T09:10:00.000Z', stoppedForAll: false })
    expect((await api.put('/api/v1/issuing', { stopped: false, reason: 'maintenance' })).statusCode).toBe(422)
    await api.put('/api/v1/issuing', { stopped: false, reason: 'solved' })
    expect((await api.get('/api/v1/issuing')).json()).toMatchObject({ stopped: false, since: null })
  })

  test('nobody else', async () => {
    for (const who of ['kaisa', 'pekka', 'maija'] as const) {
      const api = await foundation.as(who)
      for (const url of ['/api/v1/keys', '/api/v1/issuing']) expect((await api.get(url)).statusCode).toBe(403)
      expect((await api.post('/api/v1/keys/rotations', { algorithm: 'EdDSA' })).statusCode).toBe(403)
      expect((await api.put('/api/v1/issuing', { stopped: true, reason: 'other' })).statusCode).toBe(403)
    }
  })
})

describe('since when a key may be somebody else’s', () => {
  const key = {
    kid: 'rsa-1',
    algorithm: 'RS256',
    state: 'active',
    createdAt: new Date('2026-03-01T10:00:00Z'),
    retiredAt: null,
    compromisedAt: null,
    kekVersion: '1',
  } as const
  const now = new Date('2026-11-22T09:00:00Z')
  const read = (day: string, time = '', of: KeyView = key): unknown => {
    const found = readLeak({ day, time, step: 'check', confirm: '' }, of, now, messages('en'))
    return 'since' in found ? found.since.toISOString() : found.errors.map(({ message }) => message)
  }

  test('is a day and a time in Finland, in winter and in summer', () => {
    expect(read('2026-11-21', '14.30')).toBe('2026-11-21T12:30:00.000Z')
    expect(read('21.7.2026', '14:30')).toBe('2026-07-21T11:30:00.000Z')
    expect(read('2026-11-21')).toBe('2026-11-20T22:00:00.000Z')
    // The hour that summer time skips.
    expect(read('2026-03-29', '3.30')).toBe('2026-03-29T01:30:00.000Z')
    expect(read('2026-03-01')).toBe('2026-03-01T10:00:00.000Z')
  })

  test('is neither to come nor before the key, and only ever made earlier', () => {
    const { signingKeys: words } = messages('en')
    expect(read('2026-11-23')).toEqual([words.tooLate])
    expect(read('2026-02-28')).toEqual([words.tooEarly])
    expect(read('2026-11-31')).toEqual([words.dayMissing])
    expect(read('2026-11-21', '24.00')).toEqual([words.timeWrong])
    const known: KeyView = { ...key, state: 'compromised', compromisedAt: new Date('2026-05-01T00:00:00Z') }
    expect(read('2026-05-02', '', known)).toEqual([words.notEarlier])
    expect(read('2026-04-30', '', known)).toBe('2026-04-29T21:00:00.000Z')
  })
})
