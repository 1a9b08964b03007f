import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { setProtection } from '../../src/clients/protection.ts'
import { asTenant } from '../../src/db/connect.ts'
import { type Browser, startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'
import { markupFaults } from '../support/markup.ts'

// S-51, S-52: what a client asks on paper is entered by a coordinator, seen by the client, and audited.

let service: TestService
let foundation: Foundation
let kaisa: Browser
let maija: Browser
beforeAll(async () => {
  service = await startService()
  foundation = await givenFoundation(service)
  await foundation.record({ who: 'maija', note: 'Teki tarkkaa työtä' })
  kaisa = await foundation.browser('kaisa')
  maija = await foundation.browser('maija')
})
afterAll(async () => await service.close())

const page = '/hallinta/pyynnot'

async function enter(form: Readonly<Record<string, string>>): Promise<string> {
  await kaisa.get(`${page}/uusi`)
  const wanted = { client: foundation.clients.maija, words: '', day: '2026-11-20', sure: 'signed', ...form }
  const answer = await kaisa.submit(`${page}/uusi`, wanted)
  expect(answer.statusCode, answer.body).toBe(303)
  const seen = await kaisa.get(answer.headers.location ?? '')
  expect(seen.body).toContain('Pyyntö on kirjattu.')
  expect(markupFaults(seen.body)).toEqual([])
  return /pyynnot\/([\w-]+)\?/.exec(answer.headers.location ?? '')?.[1] ?? ''
}

async function linesOf(ref: string): Promise<readonly Record<string, unknown>[]> {
  const { rows } = await sql<Record<string, unknown>>`
    select e.kind, e.what, e.reason, e.actor_id, e.client_id, host(o.address) as address from audit_event e
      left join audit_origin o on o.tenant_id = e.tenant_id and o.at = e.at and o.event_id = e.id
    where e.ref = ${ref} order by e.at, e.id`.execute(service.database.ownerDb)
  return rows
}

const told = (): Record<string, unknown> => ({
  actor_id: foundation.accounts.kaisa,
  client_id: foundation.clients.maija,
  address: '127.0.0.1',
})

describe('a coordinator', () => {
  test('enters a correction, whose words lie sealed; the client reads request and answer', async () => {
    const id = await enter({ kind: 'correction', words: 'Sukunimeni on Virtanen' })
    expect(await linesOf(id)).toEqual([
      expect.objectContaining({ ...told(), kind: 'correction.asked', what: 'signed' }),
    ])
    const row = await service.database.ownerDb
      .selectFrom('rights_request')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    expect(row).toMatchObject({ received_on: '2026-11-20', entered_by: foundation.accounts.kaisa })
    expect(row.words_sealed?.toString('utf8')).not.toContain('Virtanen')
    await kaisa.submit(`${page}/${id}`, { answer: 'Nimi on korjattu' })
    const own = await maija.get('/tiedot')
    expect(own.body).toContain('Tuli paperilla 20.11.2026. Kirjasi: Kaisa M.')
    expect(own.body).toContain('Sukunimeni on Virtanen')
    expect(own.body).toContain('Nimi on korjattu')
    expect(markupFaults(own.body)).toEqual([])
  })

  test('hands a copy over; that it was taken is in the audit and on the client’s page', async () => {
    const id = await enter({ kind: 'copy', sure: 'in-person' })
    const request = await kaisa.get(`${page}/${id}`)
    expect(request.body).toContain(`href="${page}/${id}/kopio.pdf"`)
    const json = await kaisa.get(`${page}/${id}/kopio.json`)
    expect(json.headers['content-disposition']).toBe('attachment; filename="jaljennos.json"')
    expect(json.headers['cache-control']).toBe('no-store')
    expect(json.body).toContain('Teki tarkkaa työtä')
    const pdf = await kaisa.get(`${page}/${id}/kopio.pdf`)
    expect(pdf.headers['content-type']).toBe('application/pdf')
    expect(pdf.body.startsWith('%PDF-')).toBe(true)
    const given = await kaisa.submit(`${page}/${id}/annettu`, {})
    expect((await kaisa.get(given.headers.location ?? '')).body).toContain('Jäljennös on merkitty annetuksi.')
    const lines = (await linesOf(id)).map(({ kind, what, reason }) => ({ kind, what, reason }))
    for (const line of [
      { kind: 'copy.asked', what: 'in-person', reason: null },
      { kind: 'export', what: 'json', reason: null },
      { kind: 'export', what: 'pdf', reason: null },
      { kind: 'level.read', what: null, reason: 'copy' },
      { kind: 'copy.handed-over', what: null, reason: null },
    ])
      expect(lines).toContainEqual(line)
    expect((await maija.get('/katselut')).body).toContain('Otti jäljennöksen, jota pyysit')
    // Done: nothing to take any more.
    for (const end of ['kopio.json', 'kopio.pdf'])
      expect((await kaisa.get(`${page}/${id}/${end}`)).statusCode).toBe(404)
    expect((await kaisa.submit(`${page}/${id}/annettu`, {})).statusCode).toBe(404)
    expect((await maija.get('/tiedot')).body).toContain('Jäljennös')
  })

  test('takes no copy by another request, or of another foundation', async () => {
    const correction = await enter({ kind: 'correction', words: 'Kieleni on ruotsi' })
    expect((await kaisa.get(`${page}/${correction}/kopio.json`)).statusCode).toBe(404)
    const copy = await enter({ kind: 'copy' })
    const foreign = await (await givenFoundation(service, { module: false })).browser('kaisa')
    await foreign.get(page)
    for (const id of [copy, service.deps.newId()]) {
      expect((await foreign.get(`${page}/${id}/kopio.json`)).statusCode).toBe(404)
      expect((await foreign.submit(`${page}/${id}/annettu`, {})).statusCode).toBe(404)
    }
    await foreign.get(`${page}/uusi`)
    const form = { client: foundation.clients.maija, kind: 'copy', day: '2026-11-20', sure: 'signed' }
    expect((await foreign.submit(`${page}/uusi`, form)).statusCode).toBe(422)
  })

  test('gets the form back with what to mend', async () => {
    const empty = await kaisa.submit(`${page}/uusi`, {})
    expect(empty.statusCode).toBe(422)
    for (const words of [
      'Valitse, kenen pyyntö on',
      'Valitse, mitä hän pyytää',
      'Kirjoita päivä näin',
      'Valitse, miten varmistit henkilön',
    ])
      expect(empty.body).toContain(words)
    expect(markupFaults(empty.body)).toEqual([])
    const wanted = {
      client: foundation.clients.maija,
      kind: 'correction',
      words: 'x',
      day: '2026-11-20',
      sure: 'signed',
    }
    const wrong = async (change: Readonly<Record<string, string>>): Promise<string> => {
      const answer = await kaisa.submit(`${page}/uusi`, { ...wanted, ...change })
      expect(answer.statusCode).toBe(422)
      return answer.body
    }
    expect(await wrong({ words: '' })).toContain('Kirjoita, mikä on väärin')
    expect(await wrong({ words: 'Tunnus 131052-308T' })).toContain('Poista henkilötunnus')
    expect(await wrong({ day: '2026-11-23' })).toContain('ei voi olla tulevaisuudessa')
    expect(await wrong({ day: '2025-11-01' })).toContain('yli vuoden vanha')
    expect(await wrong({ client: service.deps.newId() })).toContain('Valitse, kenen pyyntö on')
  })

  test('enters an erasure once; the client may take it back, or it is carried out', async () => {
    const first = await enter({ kind: 'erasure' })
    const wanted = { client: foundation.clients.maija, kind: 'erasure', day: '2026-11-20', sure: 'signed' }
    const again = await kaisa.submit(`${page}/uusi`, wanted)
    expect(again.statusCode).toBe(422)
    expect(again.body).toContain('Hän on jo pyytänyt samaa')
    expect((await maija.get('/tiedot')).body).toContain('Olet pyytänyt, että tietosi poistetaan')
    expect((await maija.submit('/tiedot/poisto/peru', {})).statusCode).toBe(303)
    await kaisa.get(page)
    expect((await kaisa.submit(`${page}/${first}/poisto`, {})).statusCode).toBe(409)
    const second = await enter({ kind: 'erasure' })
    // S-15: who entered it does not carry it out, not even with the database's own function.
    const alone = await kaisa.submit(`${page}/${second}/poisto`, {})
    expect(alone.statusCode).toBe(422)
    expect(alone.body).toContain('Toinen henkilö toteuttaa poiston')
    await expect(
      asTenant(
        service.deps.db,
        foundation.code,
        async (trx) => await sql`select app.erase_client(${second}, ${foundation.accounts.kaisa}, now())`.execute(trx),
      ),
    ).rejects.toThrow('does not carry it out')
    await foundation.grant('sari', 'coordinator')
    const sari = await foundation.browser('sari')
    await sari.get(`${page}/${second}/poisto`)
    expect((await sari.submit(`${page}/${second}/poisto`, {})).statusCode).toBe(303)
    expect((await maija.get('/tiedot')).statusCode).toBe(303)
    const { rows } = await sql<{ n: number }>`
      select count(*) as n from rights_request where client_id = ${foundation.clients.maija}`.execute(
      service.database.ownerDb,
    )
    expect(rows[0]?.n).toBe(0)
  })
})

describe('PRODUCT K7: a client of protected identity', () => {
  let other: Foundation
  let hidden: string
  let label: string
  beforeAll(async () => {
    other = await givenFoundation(service, { module: false })
    hidden = await other.addClient({ given: 'Salla', family: 'Suojeltu' }, ['sari'])
    label = `Turvakielto ${hidden.slice(-8)}`
    await setProtection(service.deps, other.staffActor('kaisa'), { clientId: hidden, isProtected: true })
  })
  const wanted = (): Readonly<Record<string, string>> => ({
    client: hidden,
    kind: 'copy',
    day: '2026-11-20',
    sure: 'signed',
  })

  test('stands in the form without the name, and the request is entered', async () => {
    const own = await other.browser('kaisa')
    const form = await own.get(`${page}/uusi`)
    expect(form.body).toContain(label)
    expect(form.body).not.toContain('Suojeltu')
    expect(markupFaults(form.body)).toEqual([])
    // The person's own page, which the coordinator may open, leads to the form with that person chosen.
    expect((await own.get(`/hallinta/suhteet/${hidden}`)).body).toContain(`href="${page}/uusi?kuka=${hidden}"`)
    const chosen = `<option value="${hidden}" selected>${label}</option>`
    expect((await own.get(`${page}/uusi?kuka=${hidden}`)).body).toContain(chosen)
    const wrong = await own.submit(`${page}/uusi`, { ...wanted(), day: 'eilen' })
    expect(wrong.statusCode).toBe(422)
    expect(wrong.body).toContain(chosen)
    const entered = await own.submit(`${page}/uusi`, wanted())
    expect(entered.statusCode, entered.body).toBe(303)
    const id = /pyynnot\/([\w-]+)\?/.exec(entered.headers.location ?? '')?.[1] ?? ''
    expect(await linesOf(id)).toEqual([
      expect.objectContaining({
        kind: 'copy.asked',
        what: 'signed',
        client_id: hidden,
        actor_id: other.accounts.kaisa,
      }),
    ])
    const list = await own.get(page)
    expect(list.body).toContain(`${page}/${id}`)
    expect(list.body).not.toContain('Suojeltu')
  })

  test('has the name before a coordinator who coaches the person; nothing before another foundation', async () => {
    await other.grant('sari', 'coordinator')
    expect((await (await other.browser('sari')).get(`${page}/uusi`)).body).toContain('Salla Suojeltu')
    expect((await kaisa.get(`${page}/uusi?kuka=${hidden}`)).body).not.toContain(`value="${hidden}"`)
    const sent = await kaisa.submit(`${page}/uusi`, wanted())
    expect(sent.statusCode).toBe(422)
    expect(sent.body).not.toContain('Suojeltu')
  })
})

test('S-12: nobody else enters or takes anything', async () => {
  for (const who of ['admin', 'pekka', 'antti'] as const) {
    const browser = await foundation.browser(who)
    await browser.get('/tarkista')
    expect((await browser.get(`${page}/uusi`)).statusCode, who).toBe(403)
    expect((await browser.submit(`${page}/uusi`, {})).statusCode, who).toBe(403)
    const id = service.deps.newId()
    for (const end of ['kopio.json', 'kopio.pdf'])
      expect((await browser.get(`${page}/${id}/${end}`)).statusCode, who).toBe(403)
    expect((await browser.submit(`${page}/${id}/annettu`, {})).statusCode, who).toBe(403)
  }
})
