import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { historyHash } from '../../src/awards/history.ts'
import { startService, type TestService } from '../support/app.ts'
import { dayBefore, type Foundation, givenFoundation } from '../support/given.ts'

let service: TestService
let f: Foundation

beforeAll(async () => {
  service = await startService()
})
afterAll(async () => await service.close())
beforeEach(async () => {
  service.at('2026-11-22T09:00:00Z')
  f = await givenFoundation(service)
})

/** Sari proposes, Maija agrees: what waits for Kaisa's decision. */
async function acceptedProposal(badge = 'hionta', by: 'sari' | 'pekka' = 'sari'): Promise<string> {
  const proposed = await (await f.as(by)).post('/api/v1/applications/proposals', {
    clientId: f.clients.maija,
    badgeClassId: f.badge(badge).classId,
  })
  expect(proposed.statusCode, proposed.body).toBe(201)
  const { id } = proposed.json<{ id: string }>()
  const agreed = await (await f.as('maija')).post(`/api/v1/applications/${id}/answer`, { agree: true })
  expect(agreed.statusCode, agreed.body).toBe(200)
  return id
}

const decision = (id: string): string => `/api/v1/applications/${id}/decision`
const withKey = (key: string = randomUUID()): Record<string, string> => ({ 'idempotency-key': key })

async function countRows(): Promise<{ awards: number; lines: number }> {
  const { ownerDb } = service.database
  const awards = await ownerDb.selectFrom('award').select('id').where('tenant_id', '=', f.code).execute()
  const lines = await ownerDb
    .selectFrom('history')
    .select('id')
    .where('tenant_id', '=', f.code)
    .where('kind', '=', 'award')
    .execute()
  return { awards: awards.length, lines: lines.length }
}

describe('the way of an award', () => {
  test('a coordinator awards what one coach recorded and another proposed', async () => {
    service.at('2026-11-22T09:00:00.400Z')
    await f.readyForSanding()
    const id = await acceptedProposal()
    const answer = await (await f.as('kaisa')).post(decision(id), { outcome: 'award' }, withKey())
    expect(answer.statusCode, answer.body).toBe(201)
    const { award } = answer.json<{ award: { id: string; publicId: string } }>()
    expect(award.publicId).toMatch(new RegExp(`^${f.code}[0-9A-Za-z]{22}$`))
    expect(answer.headers.location).toBe(`/api/v1/awards/${award.id}`)
    const { submittedAt, decidedAt } = (await (await f.as('kaisa')).get(`/api/v1/applications/${id}`)).json<{
      submittedAt: string
      decidedAt: string
    }>()
    expect(decidedAt >= submittedAt, `${submittedAt} … ${decidedAt}`).toBe(true)
    expect(await countRows()).toEqual({ awards: 1, lines: 1 })
  })

  test('the client may apply unasked, and takes the badge or declines it for good (DESIGN, The award path 7)', async () => {
    await f.readyForSanding()
    const maija = await f.as('maija')
    const applied = await maija.post('/api/v1/applications', { badgeClassId: f.badge('hionta').classId })
    expect(applied.statusCode).toBe(201)
    const { id } = applied.json<{ id: string }>()
    const again = await maija.post('/api/v1/applications', { badgeClassId: f.badge('hionta').classId })
    expect(again.statusCode).toBe(200)
    expect(again.json()).toEqual({ id, state: 'submitted' })
    const { award } = (await (await f.as('kaisa')).post(decision(id), { outcome: 'award' }, withKey())).json<{
      award: { id: string }
    }>()
    const taken = await maija.post(`/api/v1/awards/${award.id}/answer`, { accept: true })
    expect(taken.json()).toEqual({ state: 'accepted' })
    const turned = await maija.post(`/api/v1/awards/${award.id}/answer`, { accept: false })
    expect(turned.statusCode).toBe(409)
    const antti = await (await f.as('antti')).post(`/api/v1/awards/${award.id}/answer`, { accept: true })
    expect(antti.statusCode).toBe(404)
  })

  test('return and reject need a reason, move once, and say so', async () => {
    await f.readyForSanding()
    const id = await acceptedProposal()
    const kaisa = await f.as('kaisa')
    const without = await kaisa.post(decision(id), { outcome: 'return' }, withKey())
    expect(without.statusCode).toBe(422)
    expect(without.json<{ errors: { pointer: string }[] }>().errors[0]?.pointer).toBe('/reason')
    const returned = await kaisa.post(
      decision(id),
      { outcome: 'return', reason: 'Vielä yksi kerta, niin merkki on sinun.' },
      withKey(),
    )
    expect(returned.json()).toEqual({ application: { id, state: 'returned' }, award: null })
    const late = await kaisa.post(decision(id), { outcome: 'award' }, withKey())
    expect(late.statusCode).toBe(409)
  })
})

describe('S-33: awarding once', () => {
  test('the same key and body: the same answer, marked; another body: refused; another key: the award that is there', async () => {
    await f.readyForSanding()
    const id = await acceptedProposal()
    const kaisa = await f.as('kaisa')
    const key = withKey()
    const first = await kaisa.post(decision(id), { outcome: 'award' }, key)
    const second = await kaisa.post(decision(id), { outcome: 'award' }, key)
    expect([first.statusCode, second.statusCode]).toEqual([201, 201])
    expect(second.json()).toEqual(first.json())
    expect(second.headers['idempotent-replayed']).toBe('true')
    const other = await kaisa.post(decision(id), { outcome: 'reject', reason: 'Toinen sisältö' }, key)
    expect(other.statusCode).toBe(422)
    expect(other.json()).toMatchObject({ code: 'idempotency_mismatch' })
    const anew = await kaisa.post(decision(id), { outcome: 'award' }, withKey())
    expect(anew.statusCode).toBe(200)
    expect(anew.json<{ award: unknown }>().award).toEqual(first.json<{ award: unknown }>().award)
    expect(await countRows()).toEqual({ awards: 1, lines: 1 })
  })

  test('a decision without Idempotency-Key is refused with what to do', async () => {
    await f.readyForSanding()
    const answer = await (await f.as('kaisa')).post(decision(await acceptedProposal()), { outcome: 'award' })
    expect(answer.statusCode).toBe(400)
    expect(answer.json()).toMatchObject({ code: 'idempotency_key_required' })
  })

  test('R-02: 100 identical decisions at once, half with one key: one award, one line, the rest its answer', async () => {
    await f.readyForSanding()
    const id = await acceptedProposal()
    const kaisa = await f.as('kaisa')
    const shared = withKey()
    const answers = await Promise.all(
      Array.from(
        { length: 100 },
        async (_, n) => await kaisa.post(decision(id), { outcome: 'award' }, n % 2 ? shared : withKey()),
      ),
    )
    expect(new Set(answers.map((answer) => answer.json<{ award: { id: string } }>().award.id)).size).toBe(1)
    expect(answers.every((answer) => answer.statusCode === 200 || answer.statusCode === 201)).toBe(true)
    expect(await countRows()).toEqual({ awards: 1, lines: 1 })
  })

  test('S-31: the chain recomputed outside the database has no gap and no other hash', async () => {
    await f.readyForSanding()
    const id = await acceptedProposal()
    expect((await (await f.as('kaisa')).post(decision(id), { outcome: 'award' }, withKey())).statusCode).toBe(201)
    const lines = await service.database.ownerDb
      .selectFrom('history')
      .selectAll()
      .where('tenant_id', '=', f.code)
      .orderBy('seq')
      .execute()
    const head = await service.database.ownerDb
      .selectFrom('history_head')
      .selectAll()
      .where('tenant_id', '=', f.code)
      .executeTakeFirstOrThrow()
    expect(lines.map((line) => line.kind)).toContain('award')
    let prev: Uint8Array = Buffer.alloc(32)
    for (const [index, line] of lines.entries()) {
      expect(line.seq).toBe(index + 1)
      expect(Buffer.compare(line.prev, prev)).toBe(0)
      prev = historyHash(prev, { ...line, tenant: line.tenant_id })
      expect(line.hash.equals(prev)).toBe(true)
    }
    expect(head.seq).toBe(lines.length)
    expect(head.hash.equals(prev)).toBe(true)
  })
})

describe('many at once (DESIGN, The award path 1)', () => {
  const many = '/api/v1/applications/decisions'
  type Rows = { data: { row: number; status: number; state: string | null; problem: { code: string } | null }[] }

  async function twoWaiting(): Promise<string[]> {
    await f.readyForSanding()
    await f.readyForSanding('antti')
    const antti = await (await f.as('antti')).post('/api/v1/applications', { badgeClassId: f.badge('hionta').classId })
    return [await acceptedProposal(), antti.json<{ id: string }>().id]
  }

  test('each row gets the answer that it alone would get; the same key goes on where it was', async () => {
    const [first, second] = await twoWaiting()
    const kaisa = await f.as('kaisa')
    const decisions = [
      { id: first, outcome: 'award' },
      { id: randomUUID(), outcome: 'award' },
      { id: second, outcome: 'return', reason: 'Vielä yksi kerta' },
      { id: first, outcome: 'reject', reason: 'Liian myöhään' },
    ]
    const key = withKey()
    const answer = await kaisa.post(many, { decisions }, key)
    expect(answer.statusCode, answer.body).toBe(200)
    expect(answer.json<Rows>().data.map((row) => [row.status, row.state ?? row.problem?.code])).toEqual([
      [201, 'awarded'],
      [404, 'not-found'],
      [200, 'returned'],
      [409, 'not-submitted'],
    ])
    expect((await kaisa.post(many, { decisions }, key)).json<Rows>().data[0]).toEqual(answer.json<Rows>().data[0])
    expect(await countRows()).toEqual({ awards: 1, lines: 1 })
  })

  test('a dry run says what would be refused and writes nothing', async () => {
    const [first, second] = await twoWaiting()
    await service.database.ownerDb
      .updateTable('application')
      .set({ proposed_by: f.accounts.kaisa })
      .where('id', '=', second ?? '')
      .execute()
    const decisions = [first, second].map((id) => ({ id, outcome: 'award' }))
    const answer = await (await f.as('kaisa')).post(`${many}?dryRun=true`, { decisions }, withKey())
    const rows = answer.json<Rows>().data
    expect(rows.map((row) => [row.status, row.problem?.code])).toEqual([
      [200, undefined],
      [422, 'decider-is-proposer'],
    ])
    expect(await countRows()).toEqual({ awards: 0, lines: 0 })
  })

  test('a row says what is missing as the application by itself does', async () => {
    const applied = await (await f.as('maija')).post('/api/v1/applications', {
      badgeClassId: f.badge('hionta').classId,
    })
    const { id } = applied.json<{ id: string }>()
    const kaisa = await f.as('kaisa')
    const alone = await kaisa.post(decision(id), { outcome: 'award' }, withKey())
    const row = (await kaisa.post(many, { decisions: [{ id, outcome: 'award' }] }, withKey())).json<Rows>().data[0]
    const { code, detail, facts } = alone.json<{ code: string; detail: string; facts: { missing: unknown[] } }>()
    expect(facts.missing.length).toBeGreaterThan(0)
    expect([row?.status, row?.problem]).toEqual([422, { code, detail, facts }])
  })

  test('a coach decides nothing, and more than 1 000 rows are refused whole', async () => {
    const decisions = [{ id: randomUUID(), outcome: 'award' }]
    expect((await (await f.as('sari')).post(many, { decisions }, withKey())).statusCode).toBe(403)
    const tooMany = Array.from({ length: 1001 }, () => ({ id: randomUUID(), outcome: 'award' }))
    expect((await (await f.as('kaisa')).post(many, { decisions: tooMany }, withKey())).statusCode).toBe(422)
  })
})

describe('P8', () => {
  test('an award takes at most three data statements', async () => {
    await f.readyForSanding()
    const warm = await acceptedProposal()
    const kaisa = await f.as('kaisa')
    // The first award of a process leases its block of status places; the count is of an ordinary one.
    await f.readyForSanding('antti')
    const antti = (
      await (await f.as('antti')).post('/api/v1/applications', { badgeClassId: f.badge('hionta').classId })
    ).json<{ id: string }>()
    expect((await kaisa.post(decision(antti.id), { outcome: 'award' }, withKey())).statusCode).toBe(201)
    const seen = service.statements()
    const answer = await kaisa.post(decision(warm), { outcome: 'award' }, withKey())
    expect(answer.statusCode).toBe(201)
    const data = seen().filter((sql) => !/^\s*(begin|commit|rollback)/i.test(sql))
    expect(data.length).toBeLessThanOrEqual(3)
    expect(data.length).toBeGreaterThanOrEqual(2)
  })
})

describe('two persons (DESIGN, The award path 2)', () => {
  test('who proposed does not decide', async () => {
    await f.readyForSanding()
    const id = await acceptedProposal('hionta', 'sari')
    await f.grant('sari', 'coordinator')
    const answer = await (await f.as('sari')).post(decision(id), { outcome: 'award' }, withKey())
    expect(answer.statusCode).toBe(422)
    expect(answer.json()).toMatchObject({ code: 'decider-is-proposer' })
  })

  test('who alone recorded the work does not decide; with a second observer it goes', async () => {
    await f.readyForSanding('maija', 'pekka')
    const id = await acceptedProposal('hionta', 'sari')
    await f.grant('pekka', 'coordinator')
    const alone = await (await f.as('pekka')).post(decision(id), { outcome: 'award' }, withKey())
    expect(alone.statusCode).toBe(422)
    expect(alone.json()).toMatchObject({ code: 'decider-is-only-observer' })
    await f.record({ task: 't2', by: 'sari' })
    const together = await (await f.as('pekka')).post(decision(id), { outcome: 'award' }, withKey())
    expect(together.statusCode, together.body).toBe(201)
  })

  test('a coach alone reaches no award: deciding is refused, and the own code is marked to who decides (S-15)', async () => {
    await f.readyForSanding('maija', 'pekka')
    const id = await acceptedProposal('hionta', 'pekka')
    expect((await (await f.as('pekka')).post(decision(id), { outcome: 'award' }, withKey())).statusCode).toBe(403)
    const seen = (await (await f.as('kaisa')).get(`/api/v1/applications/${id}`)).json<{
      marks: { kind: string; act: string; by: { name: string } }[]
    }>()
    expect(seen.marks).toContainEqual({
      kind: 'opened-by-code',
      act: 'application',
      by: { id: f.accounts.pekka, name: 'Pekka R.' },
      day: null,
    })
    expect(seen.marks).toContainEqual({
      kind: 'opened-by-code',
      act: 'self-assessment',
      by: { id: f.accounts.pekka, name: 'Pekka R.' },
      day: null,
    })
  })

  test("what was done in a staff member's own browser is marked (S-15)", async () => {
    await f.readyForSanding()
    const browser = await f.browser('sari')
    await browser.get('/kirjaudu/koodi')
    await browser.submit('/kirjaudu/koodi', { code: await f.code8('maija', 'sari') })
    const applied = await browser.get(`/merkit/${f.badge('hionta').classId}/hae`)
    expect(applied.statusCode).toBe(200)
    await browser.submit(`/merkit/${f.badge('hionta').classId}/hae`, { step: 'send', language: 'fi' })
    const kaisa = await f.as('kaisa')
    const [application] = (await kaisa.get('/api/v1/applications')).json<{ data: { id: string }[] }>().data
    const seen = (await kaisa.get(`/api/v1/applications/${application?.id}`)).json<{
      marks: { kind: string; by: { name: string } }[]
    }>()
    expect(seen.marks.filter((mark) => mark.kind === 'same-browser').map((mark) => mark.by.name)).toContain('Sari L.')
  })
})

describe('what must hold when it is decided', () => {
  test('the evidence rule: two observations, but on one day, is not enough, and says so', async () => {
    for (const task of ['t1', 't2']) {
      await f.record({ task })
      await f.record({ task })
      await f.selfAssess(task)
    }
    const id = await acceptedProposal()
    const answer = await (await f.as('kaisa')).post(decision(id), { outcome: 'award' }, withKey())
    expect(answer.statusCode).toBe(422)
    expect(answer.json()).toMatchObject({
      code: 'criteria-unmet',
      facts: { missing: [{ kind: 'task', met: false }, { kind: 'task' }] },
    })
    // Nor how much of the work counts, which tells it.
    expect(answer.body).not.toMatch(/supportLevel|support|done|"(enhanced|general|minor)"/)
  })

  test('an observation undone between applying and deciding takes the award away', async () => {
    const today = '2026-11-22'
    for (const task of ['t1', 't2']) {
      await f.record({ task, on: dayBefore(today, 1) })
      await f.selfAssess(task)
    }
    await f.record({ task: 't1' })
    const last = await f.record({ task: 't2' })
    const id = await acceptedProposal()
    expect((await (await f.as('pekka')).post(`/api/v1/observations/${last}/undo`, {})).statusCode).toBe(200)
    const answer = await (await f.as('kaisa')).post(decision(id), { outcome: 'award' }, withKey())
    expect(answer.json()).toMatchObject({ code: 'criteria-unmet' })
    expect(await countRows()).toEqual({ awards: 0, lines: 0 })
  })

  test('S-25: stopped issuing answers 503 with Retry-After, and nothing is written', async () => {
    await f.readyForSanding()
    const id = await acceptedProposal()
    await service.database.ownerDb
      .updateTable('organisation')
      .set({ issuing_stopped_at: new Date() })
      .where('tenant_id', '=', f.code)
      .execute()
    const answer = await (await f.as('kaisa')).post(decision(id), { outcome: 'award' }, withKey())
    expect(answer.statusCode).toBe(503)
    expect(answer.headers['retry-after']).toBeDefined()
    expect(await countRows()).toEqual({ awards: 0, lines: 0 })
  })

  test("another foundation's coordinator and a made-up id answer alike (S-11)", async () => {
    await f.readyForSanding()
    const id = await acceptedProposal()
    const other = await givenFoundation(service)
    const kaisa = await other.as('kaisa')
    const [foreign, unknown] = [
      await kaisa.post(decision(id), { outcome: 'award' }, withKey()),
      await kaisa.post(decision(randomUUID()), { outcome: 'award' }, withKey()),
    ]
    const strip = (body: string): string => body.replace(/"instance":"[^"]+"/, '')
    expect(foreign.statusCode).toBe(404)
    expect(strip(foreign.body)).toBe(strip(unknown.body))
  })
})

describe('revocation', () => {
  test('a coordinator revokes with a general reason, once; a new cycle is possible afterwards (DESIGN, The award path 5)', async () => {
    await f.readyForSanding()
    const kaisa = await f.as('kaisa')
    const { award } = (await kaisa.post(decision(await acceptedProposal()), { outcome: 'award' }, withKey())).json<{
      award: { id: string }
    }>()
    const maija = await f.as('maija')
    await maija.post(`/api/v1/awards/${award.id}/answer`, { accept: true })
    const held = await maija.post('/api/v1/applications', { badgeClassId: f.badge('hionta').classId })
    expect(held.statusCode).toBe(409)
    const revocation = `/api/v1/awards/${award.id}/revocation`
    expect((await (await f.as('sari')).post(revocation, { reason: 'misuse' }, withKey())).statusCode).toBe(403)
    expect((await kaisa.post(revocation, { reason: 'because' }, withKey())).statusCode).toBe(422)
    const revoked = await kaisa.post(
      revocation,
      { reason: 'issued-in-error', note: 'Väärä henkilö valittiin.' },
      withKey(),
    )
    expect(revoked.statusCode, revoked.body).toBe(201)
    expect((await kaisa.post(revocation, { reason: 'issued-in-error' }, withKey())).statusCode).toBe(200)
    const anew = await maija.post('/api/v1/applications', { badgeClassId: f.badge('hionta').classId })
    expect(anew.statusCode).toBe(201)
    const second = await kaisa.post(decision(anew.json<{ id: string }>().id), { outcome: 'award' }, withKey())
    expect(second.statusCode, second.body).toBe(201)
    const cycles = await service.database.ownerDb
      .selectFrom('award')
      .select('cycle')
      .where('tenant_id', '=', f.code)
      .orderBy('cycle')
      .execute()
    expect(cycles.map((row) => row.cycle)).toEqual([1, 2])
  })
})
