import type { LightMyRequestResponse } from 'fastify'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { embedProof } from '../../src/awards/embed.ts'
import { setEmailRecipient } from '../../src/awards/recipient.ts'
import { isJsonList, isJsonObject } from '../../src/credentials/json.ts'
import { verify } from '../../src/credentials/verify.ts'
import { setIssuing } from '../../src/keys/issuing-switch.ts'
import { lookAtOwn } from '../../src/publication/look.ts'
import { type GivenAward, publicOrigin, revoke } from '../publication/given-award.ts'
import { type ApiClient, startService, type TestService } from '../support/app.ts'
import { payloadOf } from '../support/badge-world.ts'
import { clientActor, type Foundation, givenFoundation } from '../support/given.ts'
import { objectAt, parseObject, textAt } from '../support/json.ts'
import { faultsOf, verdictOf } from '../verification/presented.ts'
import { linesOf } from './history-lines.ts'

let service: TestService
/** One foundation for all: its badges take seconds to draw. Every test has a client and a badge of its own. */
let f: Foundation
let staff: Readonly<Record<'pekka' | 'kaisa', ApiClient>>
let award: GivenAward
let maija: Person
beforeAll(async () => {
  service = await startService({ publicOrigin })
  f = await givenFoundation(service)
})
afterAll(async () => await service.close())
beforeEach(async () => {
  service.at('2026-11-22T09:00:00Z')
  staff = { pekka: await f.as('pekka'), kaisa: await f.as('kaisa') }
  maija = await newcomer()
  award = await offeredTo(maija)
  service.at('2026-11-22T09:05:00Z')
})

type Person = ApiClient & { readonly id: string }

async function newcomer(): Promise<Person> {
  const id = await f.addClient({ given: 'Maija', family: 'Korhonen' }, ['pekka'])
  const { code } = (await staff.pekka.post(`/api/v1/clients/${id}/codes`, {})).json<{ code: string }>()
  const { token } = (await service.api().post('/api/v1/tokens/code', { code })).json<{ token: string }>()
  return { ...service.api(token), id }
}

/** Everything that the badge of the sanding asks, the application and the decision. */
async function offeredTo(person: Person): Promise<GivenAward> {
  for (const key of ['t1', 't2']) {
    const taskId = f.task(key).id
    for (const observedOn of ['2026-11-21', '2026-11-22']) {
      await staff.pekka.post('/api/v1/observations', { clientId: person.id, taskId, supportLevel: 'minor', observedOn })
    }
    await person.post('/api/v1/self-assessments', { taskId, choice: 3 })
  }
  const wanted = { badgeClassId: f.badge('hionta').classId, language: 'fi' }
  const { id } = (await person.post('/api/v1/applications', wanted)).json<{ id: string }>()
  const key = { 'idempotency-key': id }
  const decided = await staff.kaisa.post(`/api/v1/applications/${id}/decision`, { outcome: 'award' }, key)
  expect(decided.statusCode, decided.body).toBe(201)
  return decided.json<{ award: GivenAward }>().award
}

async function answer(accept: boolean): Promise<void> {
  expect((await maija.post(`/api/v1/awards/${award.id}/answer`, { accept })).statusCode).toBe(200)
}

const email = 'salainen.maija@posti.example'

async function put(wanted: unknown, by: ApiClient = maija, id = award.id): Promise<LightMyRequestResponse> {
  return await by.put(`/api/v1/awards/${id}/recipient`, { email: wanted })
}

type Texts = { readonly ob2_jws: string; readonly ob3_jwt: string; readonly ob3_json: string | null }

async function texts(): Promise<Texts> {
  return await service.database.ownerDb
    .selectFrom('award')
    .select(['ob2_jws', 'ob3_jwt', 'ob3_json'])
    .where('id', '=', award.id)
    .executeTakeFirstOrThrow()
}

async function verdictFor(text: string | null, recipient: string): Promise<string> {
  const asked = { at: service.deps.now(), recipient }
  return (await verify(Buffer.from(text ?? ''), lookAtOwn(service.deps), asked)).verdict
}

async function verdictsFor(recipient: string): Promise<readonly string[]> {
  const { ob2_jws, ob3_jwt, ob3_json } = await texts()
  return await Promise.all([ob2_jws, ob3_jwt, ob3_json].map(async (text) => await verdictFor(text, recipient)))
}

/** How often this badge was signed anew. */
const resigned = async (): Promise<number> =>
  (await linesOf(service, f.code)).filter(
    ({ kind, content }) => kind === 'award.resigned' && content['award'] === award.id,
  ).length

describe('DESIGN, Recipient: before the badge is taken its holder has the hash of an e-mail put into it', () => {
  test('all three forms carry it, signed anew with a line of the history; the first day stays', async () => {
    const before = await texts()
    const changed = await put(` ${email.toUpperCase()} `)
    expect([changed.statusCode, changed.json()]).toEqual([200, { recipient: 'email' }])
    const after = await texts()
    expect(payloadOf(after.ob2_jws)['recipient']).toMatchObject({ type: 'email', hashed: true })
    const subject = objectAt(payloadOf(after.ob3_jwt), 'credentialSubject')
    expect(subject['identifier']).toMatchObject([{ type: 'IdentityObject', identityType: 'emailAddress' }])
    expect(payloadOf(after.ob3_jwt)).toMatchObject({
      id: payloadOf(before.ob3_jwt)['id'],
      awardedDate: '2026-11-22T09:00:00Z',
      validFrom: '2026-11-22T09:05:00Z',
    })
    expect(payloadOf(after.ob2_jws)['issuedOn']).toBe('2026-11-22T09:00:00Z')
    expect(await verdictsFor(email)).toEqual(['valid', 'valid', 'valid'])
    expect(await verdictsFor(email.toUpperCase())).toEqual(['valid', 'valid', 'valid'])
    expect(await verdictsFor('antti@posti.example')).toEqual(['invalid', 'invalid', 'invalid'])
    const line = (await linesOf(service, f.code)).at(-1)
    expect(line).toMatchObject({ kind: 'award.resigned', content: { award: award.id, why: 'recipient' } })
  })

  test('CONFORMANCE 5.5: another salt in each form and each time', async () => {
    const seen = async (): Promise<readonly unknown[]> => {
      const { ob2_jws, ob3_jwt } = await texts()
      const { identifier } = objectAt(payloadOf(ob3_jwt), 'credentialSubject')
      const entries = isJsonList(identifier) ? identifier.filter(isJsonObject) : []
      return [objectAt(payloadOf(ob2_jws), 'recipient')['salt'], ...entries.map(({ salt }) => salt)]
    }
    const salts: unknown[] = [objectAt(payloadOf((await texts()).ob2_jws), 'recipient')['salt']]
    for (const [second, wanted] of [email, null, email].entries()) {
      service.at(new Date(Date.UTC(2026, 10, 22, 9, 6, second)))
      expect((await put(wanted)).statusCode).toBe(200)
      salts.push(...(await seen()))
    }
    expect(salts).toHaveLength(6)
    expect(new Set(salts).size).toBe(6)
    for (const salt of salts) expect(salt).toMatch(/^[0-9a-f]{32}$/)
  })

  test('null takes it out again: only the urn is left', async () => {
    const before = payloadOf((await texts()).ob3_jwt)
    await put(email)
    service.at('2026-11-22T09:10:00Z')
    expect((await put(null)).json()).toEqual({ recipient: 'urn' })
    const after = await texts()
    expect(payloadOf(after.ob3_jwt)['credentialSubject']).toEqual(before['credentialSubject'])
    expect(payloadOf(after.ob2_jws)['recipient']).toMatchObject({ type: 'url', hashed: true })
    expect(await verdictsFor(textAt(objectAt(before, 'credentialSubject'), 'id'))).toEqual(['valid', 'valid', 'valid'])
    expect(await verdictsFor(email)).toEqual(['invalid', 'invalid', 'invalid'])
  })

  test('what it says already is not signed again; ten at once sign one badge', async () => {
    expect((await put(null)).json()).toEqual({ recipient: 'urn' })
    expect(await resigned()).toBe(0)
    const answers = await Promise.all(Array.from({ length: 10 }, async () => await put(email)))
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(answers.map(() => 200))
    expect((await put(email.toUpperCase())).statusCode).toBe(200)
    expect(await resigned()).toBe(1)
    expect(await verdictsFor(email)).toEqual(['valid', 'valid', 'valid'])
  })

  test('another address in the same second waits, so that the badge never begins later than now', async () => {
    service.at('2026-11-22T09:00:00Z')
    expect((await put(email)).statusCode).toBe(200)
    const soon = await put('toinen@posti.example')
    expect([soon.statusCode, soon.json<{ code: string }>().code, soon.headers['retry-after']]).toEqual([
      503,
      'busy',
      '1',
    ])
    service.at('2026-11-22T09:00:01Z')
    expect((await put('toinen@posti.example')).statusCode).toBe(200)
  })

  test('the address stands nowhere in the database', async () => {
    await put(email)
    const { ownerDb } = service.database
    const tables = await sql<{ name: string }>`
      select format('%I.%I', schemaname, tablename) as name from pg_tables
      where schemaname not in ('pg_catalog', 'information_schema')`.execute(ownerDb)
    expect(tables.rows.length).toBeGreaterThan(20)
    for (const { name } of tables.rows) {
      const found = await sql`select 1 from ${sql.raw(name)} t where t::text ilike '%salainen%'`.execute(ownerDb)
      expect(found.rows, name).toEqual([])
    }
    for (const text of Object.values(await texts())) {
      const inside = [text ?? '', ...(text ?? '').split('.').map((part) => Buffer.from(part, 'base64url').toString())]
      expect(inside.join(' ').toLowerCase()).not.toContain('salainen')
    }
  })

  test('the embedded form comes with it, also when its own job was not done yet; the job then has nothing to do', async () => {
    await put(email)
    const { ob3_json: json } = await texts()
    await embedProof(service.deps, { tenant: f.code, id: award.id })
    expect((await texts()).ob3_json).toBe(json)
    expect(objectAt(parseObject(json ?? ''), 'credentialSubject')).toHaveProperty('identifier')
  })

  test('the badge as a file carries it, and the hosted 2.0 form; its public page says nothing of it', async () => {
    await put(email)
    await answer(true)
    await maija.post(`/api/v1/awards/${award.id}/visibility`, { public: true })
    const hosted = await service.app.inject({ url: `/b/${award.publicId}/ob2` })
    expect(objectAt(hosted.json(), 'recipient')).toMatchObject({ type: 'email', hashed: true })
    const page = await service.app.inject({ url: `/b/${award.publicId}`, headers: { accept: 'text/html' } })
    expect(page.body).not.toMatch(/salainen|sha256\$/)
    const file = await maija.get(`/api/v1/awards/${award.id}/files/json`)
    expect([file.statusCode, file.body.includes('emailAddress')]).toEqual([200, true])
  })

  test('POST /api/v1/verifications compares the badge with the address', async () => {
    await put(email)
    const { ob2_jws, ob3_jwt, ob3_json } = await texts()
    for (const credential of [ob2_jws, ob3_jwt, parseObject(ob3_json ?? '')]) {
      const ask = async (recipient: string): Promise<LightMyRequestResponse> =>
        await service.api().post('/api/v1/verifications', { credential, recipient })
      expect(verdictOf(await ask(email)).verdict).toBe('valid')
      expect(verdictOf(await ask(` ${email.toUpperCase()} `)).verdict).toBe('valid')
      const other = verdictOf(await ask('antti@posti.example'))
      expect([other.verdict, faultsOf(other)]).toEqual(['invalid', { recipient: 'recipient-other' }])
    }
  })
})

describe('is refused', () => {
  const codeOf = (response: LightMyRequestResponse): readonly unknown[] => [
    response.statusCode,
    response.json<{ code: string }>().code,
  ]

  test('once the badge was taken, or declined', async () => {
    await put(email)
    service.at('2026-11-22T09:10:00Z')
    await answer(true)
    for (const wanted of [null, 'toinen@posti.example', email]) {
      expect(codeOf(await put(wanted))).toEqual([409, 'recipient-too-late'])
    }
    expect(await verdictsFor(email)).toEqual(['valid', 'valid', 'valid'])
    expect(await resigned()).toBe(1)

    service.at('2026-11-22T09:00:00Z')
    maija = await newcomer()
    award = await offeredTo(maija)
    await answer(false)
    expect(codeOf(await put(email))).toEqual([409, 'recipient-too-late'])
    expect(await resigned()).toBe(0)
  })

  test('when it was revoked, is past its end, or while issuing is stopped', async () => {
    await setIssuing(service.deps, f.code, { stopped: true })
    expect(codeOf(await put(email))).toEqual([503, 'stopped'])
    await setIssuing(service.deps, f.code, { stopped: false })
    const { ownerDb } = service.database
    const until = (at: Date | null): Promise<unknown> =>
      ownerDb.updateTable('award').set({ valid_until: at }).where('id', '=', award.id).execute()
    await until(new Date('2026-11-22T09:04:00Z'))
    expect(codeOf(await put(email))).toEqual([409, 'ended'])
    await until(null)
    await revoke(f, award)
    expect(codeOf(await put(email))).toEqual([409, 'revoked'])
    expect(await resigned()).toBe(0)
  })

  test('beside an answer and a revocation at the same moment, or not: the badge stays one that verifies', async () => {
    const [changed] = await Promise.allSettled([put(email), answer(true), revoke(f, award)])
    const status = changed.status === 'fulfilled' ? changed.value.statusCode : 0
    expect([200, 409, 503]).toContain(status)
    const kind =
      status === 200 ? email : textAt(objectAt(payloadOf((await texts()).ob3_jwt), 'credentialSubject'), 'id')
    expect(await verdictFor((await texts()).ob3_jwt, kind)).toBe('revoked')
  })

  test('what is no e-mail address', async () => {
    const long = `${'a'.repeat(250)}@b.fi`
    for (const wanted of ['', 'maija', 'maija@', '@b.fi', 'maija@posti', 'a b@posti.example', long, 7, [email]]) {
      const refused = await put(wanted)
      expect(codeOf(refused), String(wanted)).toEqual([422, 'validation'])
      expect(refused.json()).toMatchObject({ errors: [{ pointer: '/email' }] })
    }
  })

  test("to anybody but the client whose badge it is: staff, another client, another foundation's", async () => {
    for (const who of ['pekka', 'kaisa', 'admin'] as const) {
      expect((await put(email, await f.as(who))).statusCode).toBe(403)
    }
    expect((await put(email, await f.as('antti'))).statusCode).toBe(404)
    const other = await givenFoundation(service, { module: false })
    expect((await put(email, await other.as('maija'))).statusCode).toBe(404)
    expect((await put(email, service.api())).statusCode).toBe(401)
    const actor = clientActor(f, 'antti', award.id)
    await expect(setEmailRecipient(service.deps, actor, { id: award.id, email })).rejects.toMatchObject({
      kind: 'not-found',
    })
    expect(await resigned()).toBe(0)
  })
})
