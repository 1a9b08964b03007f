import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkAwards } from '../../src/awards/check/check-awards.ts'
import { asTenant } from '../../src/db/connect.ts'
import { linesOf } from '../../src/cli/erasures-replay.ts'
import { eraseClient, listErased, replayErasures } from '../../src/rights/erase.ts'
import { givenApplication } from '../awards/given-application.ts'
import { kindsOf } from '../awards/history-lines.ts'
import { accept, type GivenAward, givenOffered, publicOrigin, revoke, show } from '../publication/given-award.ts'
import { startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation, password } from '../support/given.ts'
import { doJobs } from '../support/school.ts'
import { dump, holding } from './dump.ts'
import { erase, givenErasureRequest } from './given-request.ts'

let service: TestService
beforeAll(async () => {
  service = await startService({ publicOrigin })
})
afterAll(async () => await service.close())

const forms = ['', '.jwt', '.json', '.png', '.svg', '/ob2'] as const

async function publicAnswers(publicId: string): Promise<readonly { status: number; body: string }[]> {
  const answers: { status: number; body: string }[] = []
  for (const form of forms) {
    const accept = form === '' ? 'text/html' : '*/*'
    const answer = await service.app.inject({ url: `/b/${publicId}${form}`, headers: { accept } })
    answers.push({ status: answer.statusCode, body: answer.body })
  }
  return answers
}

async function verdictOf(credential: string): Promise<string> {
  const answer = await service.api().post('/api/v1/verifications', { credential })
  return answer.json<{ verdict: string }>().verdict
}

async function countOf(table: 'award' | 'erased_award', tenant: string): Promise<number> {
  const { rows } = await sql<{
    n: number
  }>`select count(*) as n from ${sql.table(table)} where tenant_id = ${tenant}`.execute(service.database.ownerDb)
  return rows[0]?.n ?? -1
}

describe('S-52: after a client was erased', () => {
  let f: Foundation
  let shown: GivenAward
  let texts: { ob2_jws: string; ob3_jwt: string; ob3_json: string | null }
  let gone: { codes: readonly string[]; publicBefore: readonly { status: number }[] }
  const note = 'kanarialintu laulaa'

  beforeAll(async () => {
    f = await givenFoundation(service)
    shown = await givenOffered(f)
    await accept(f, shown)
    await show(f, shown, true)
    await doJobs(service)
    await f.record({ note })
    texts = await service.database.ownerDb
      .selectFrom('award')
      .select(['ob2_jws', 'ob3_jwt', 'ob3_json'])
      .where('id', '=', shown.id)
      .executeTakeFirstOrThrow()
    gone = {
      codes: [await f.code8('maija'), await f.code8('maija')],
      publicBefore: await publicAnswers(shown.publicId),
    }
    const request = await givenErasureRequest(service, f)
    const kaisa = await f.as('kaisa')
    await kaisa.get(`/api/v1/clients/${f.clients.maija}`)
    await kaisa.get(`/ryhma/${f.clients.maija}?nimi=Korhonen`)
    await erase(f, request)
  }, 120_000)

  test('no table holds a row of the client, but the audit and the erasure list by the random id', async () => {
    const holders = holding(await dump(service), f.clients.maija).map((line) => line.split(' ')[0])
    expect(new Set(holders)).toEqual(new Set(['public.audit_event', 'public.erasure']))
  })

  test('no name, no word, no code and no badge of the client stands in the whole database or in the log', async () => {
    const all = await dump(service)
    const [, subject = ''] =
      /"id":"(urn:uuid:[0-9a-f-]+)"/.exec(Buffer.from(texts.ob3_jwt.split('.')[1] ?? '', 'base64url').toString()) ?? []
    const words = ['Maija', 'Korhonen', note, ...gone.codes, texts.ob3_jwt, texts.ob2_jws, subject]
    expect(subject).not.toBe('')
    for (const word of words) expect(holding(all, word), word).toEqual([])
    // Every line of the whole run: signing in, awarding, asking and erasing (S-50).
    const logged = service.logged()
    const doors = [f.email('pekka'), f.email('kaisa'), password, 'Pekka R.', 'eyJ', 'op_session', '127.0.0.1', 'nimi=']
    expect(logged.length).toBeGreaterThan(50)
    for (const word of [...words, ...doors]) expect(holding(logged, word), word).toEqual([])
    expect(holding(logged, '"route":"/api/v1/tokens/code"').length).toBeGreaterThan(0)
    // The search finds what is there.
    expect(holding(all, 'Pekka R.').length).toBeGreaterThan(0)
  })

  test('the public badge and the hosted assertion answer a neutral 410, and did not before', async () => {
    expect(gone.publicBefore.map(({ status }) => status)).toEqual(forms.map(() => 200))
    const after = await publicAnswers(shown.publicId)
    expect(after.map(({ status }) => status)).toEqual(forms.map(() => 410))
    for (const { body } of after) expect(body).not.toMatch(/Maija|Korhonen|Hionta|hionta|<img[^>]*badges/)
  })

  test('the client is out, and no code opens anything', async () => {
    for (const code of gone.codes)
      expect((await service.api().post('/api/v1/tokens/code', { code })).statusCode).toBe(401)
    const kaisa = await f.as('kaisa')
    expect((await kaisa.get(`/api/v1/clients/${f.clients.maija}`)).statusCode).toBe(404)
  })

  test('the own copies still verify: erasing is not revoking', async () => {
    expect(await verdictOf(texts.ob3_jwt)).toBe('valid')
    expect(await verdictOf(texts.ob2_jws)).toBe('valid')
    expect(await verdictOf(texts.ob3_json ?? '')).toBe('valid')
  })

  test('the chain still verifies, with the tombstone as its last line, and the place in the status list is kept', async () => {
    expect(await checkAwards(service.deps.db, [f.code])).toMatchObject({ faultCount: 0, faults: [] })
    expect((await kindsOf(service, f.code)).at(-1)).toBe('erasure')
    expect([await countOf('award', f.code), await countOf('erased_award', f.code)]).toEqual([0, 1])
  })

  test('others are left as they were, and the next badge gets another place', async () => {
    const antti = await givenOffered(f, 'antti')
    expect(antti.publicId).not.toBe(shown.publicId)
    expect((await checkAwards(service.deps.db, [f.code])).faultCount).toBe(0)
  })

  test('it is in the audit by whom it was done', async () => {
    const { rows } =
      await sql`select actor_id, client_id from audit_event where tenant_id = ${f.code} and kind = 'erasure'`.execute(
        service.database.ownerDb,
      )
    expect(rows).toEqual([{ actor_id: f.accounts.kaisa, client_id: f.clients.maija }])
  })
})

describe('S-52: what an erasure does to badges that were not public, or were revoked', () => {
  test('never public stays 404; a revocation stays in the status list and in the public lists', async () => {
    // What the host's key set was a minute ago is forgotten: this foundation is in it.
    service.at('2026-11-22T09:05:00Z')
    const f = await givenFoundation(service)
    const badge = await givenOffered(f)
    await accept(f, badge)
    const before = await service.database.ownerDb
      .selectFrom('award')
      .select(['ob3_jwt', 'credential_id'])
      .where('id', '=', badge.id)
      .executeTakeFirstOrThrow()
    await revoke(f, badge)
    await erase(f, await givenErasureRequest(service, f))
    expect((await publicAnswers(badge.publicId)).map(({ status }) => status)).toEqual(forms.map(() => 404))
    expect(await verdictOf(before.ob3_jwt)).toBe('revoked')
    const listed = await service.app.inject({ url: `/o/${f.code}/revoked` })
    expect(listed.body).toContain(before.credential_id)
    expect((await checkAwards(service.deps.db, [f.code])).faultCount).toBe(0)
  }, 60_000)
})

describe('S-31, S-52: what was erased and what somebody took out', () => {
  test('are told apart: each tombstone commits to how many awards went, and to no more', async () => {
    const f = await givenFoundation(service)
    const { ownerDb, db } = service.database
    const code = async (): Promise<readonly string[]> =>
      (await checkAwards(db, [f.code])).faults.map((fault) => fault.code)
    await accept(f, await givenOffered(f))
    const antti = await givenOffered(f, 'antti')
    await erase(f, await givenErasureRequest(service, f))
    const tombstone = await sql<{ id: string; salt: Buffer; content: string }>`
      select h.id, c.salt, c.content from history h join history_content c on c.tenant_id = h.tenant_id and c.history_id = h.id
      where h.tenant_id = ${f.code} and h.kind = 'erasure'`.execute(ownerDb)
    const [line] = tombstone.rows
    expect(JSON.parse(line?.content ?? '{}')).toMatchObject({ awards: '1', erasedBy: f.accounts.kaisa })
    expect(line?.content).not.toContain(f.clients.maija)
    expect(await code()).toEqual([])

    // Another award's lines are silenced and its row taken out, and the table of erased awards is made to fit: the chain knows better.
    const kept = await sql<{ history_id: string; salt: Buffer; content: string }>`select history_id, salt, content
      from history_content where tenant_id = ${f.code} and award_id = ${antti.id}`.execute(ownerDb)
    await sql`delete from history_content where tenant_id = ${f.code} and award_id = ${antti.id}`.execute(ownerDb)
    await sql`insert into erased_award (tenant_id, public_id, badge_class_version_id, language, awarded_on, was_accepted, was_public, status_list, status_index)
      select tenant_id, public_id, badge_class_version_id, language, awarded_at, false, false, status_list, status_index from award
      where tenant_id = ${f.code} and id = ${antti.id}`.execute(ownerDb)
    expect(await code()).toContain('award-removed')
    await sql`delete from erased_award where tenant_id = ${f.code} and public_id = ${antti.publicId}`.execute(ownerDb)
    for (const row of kept.rows)
      await sql`insert into history_content (tenant_id, history_id, salt, content)
        values (${f.code}, ${row.history_id}, ${row.salt}, ${row.content})`.execute(ownerDb)
    expect(await code()).toEqual([])

    // A row of the erased is taken out, or what the tombstone says.
    await sql`delete from history_content where tenant_id = ${f.code} and history_id = ${line?.id}`.execute(ownerDb)
    expect(await code()).toEqual(['erasure-differs'])
    await sql`insert into history_content (tenant_id, history_id, salt, content)
      values (${f.code}, ${line?.id}, ${line?.salt}, ${line?.content.replace('"awards":"1"', '"awards":"2"')})`.execute(
      ownerDb,
    )
    expect(await code()).toEqual(['content-changed', 'erasure-differs'])
    await sql`update history_content set content = ${line?.content} where history_id = ${line?.id}`.execute(ownerDb)
    await sql`delete from erased_award where tenant_id = ${f.code}`.execute(ownerDb)
    expect(await code()).toEqual(['erasure-differs'])
  }, 60_000)
})

describe('S-52: who may erase whom', () => {
  test('only a coordinator, only whose own open request names, and only of the own foundation', async () => {
    const f = await givenFoundation(service, { module: false })
    const other = await givenFoundation(service, { module: false })
    const request = await givenErasureRequest(service, f)
    for (const who of ['pekka', 'admin', 'maija'] as const) {
      const browser = await f.browser(who)
      await browser.get('/tarkista')
      expect((await browser.submit(`/hallinta/pyynnot/${request}/poisto`, {})).statusCode, who).toBe(403)
    }
    const stranger = await other.browser('kaisa')
    await stranger.get('/tarkista')
    expect((await stranger.submit(`/hallinta/pyynnot/${request}/poisto`, {})).statusCode).toBe(404)
    const wanted = { id: request, clientId: f.clients.maija }
    await expect(eraseClient(service.deps, other.staffActor('kaisa'), wanted)).rejects.toMatchObject({
      kind: 'conflict',
    })

    const maija = await f.browser('maija')
    await maija.get('/tiedot')
    expect((await maija.submit('/tiedot/poisto/peru', {})).statusCode).toBe(303)
    await expect(eraseClient(service.deps, f.staffActor('kaisa'), wanted)).rejects.toMatchObject({ kind: 'conflict' })
    const kaisa = await f.browser('kaisa')
    expect((await kaisa.get(`/hallinta/pyynnot/${request}/poisto`)).statusCode).toBe(409)
    expect(await dumpOf('client', f.code)).toBe(2)
  })

  test('as the service’s role nothing is deleted but by the request', async () => {
    const f = await givenFoundation(service, { module: false })
    const tries = [
      `delete from client`,
      `delete from award`,
      `delete from observation`,
      `select app.erase_rows('${f.code}', '${f.clients.maija}')`,
      `insert into erasure values ('${f.code}', '${f.clients.maija}', now(), now(), '${f.accounts.kaisa}')`,
      `delete from erased_award`,
    ]
    for (const one of tries) {
      const doing = asTenant(service.deps.db, f.code, async (trx) => await sql.raw(one).execute(trx))
      await expect(doing, one).rejects.toMatchObject({ code: '42501' })
    }
  })

  async function dumpOf(table: 'client', tenant: string): Promise<number> {
    const rows = await service.database.ownerDb.selectFrom(table).select('id').where('tenant_id', '=', tenant).execute()
    return rows.length
  }
})

describe('R-02: an award and an erasure at the same time', () => {
  test('come one after the other, and never leave half an award', async () => {
    const f = await givenFoundation(service)
    for (const who of ['maija', 'antti'] as const) {
      const { id, kaisa } = await givenApplication(service, f, who)
      const request = { id: await givenErasureRequest(service, f, who), clientId: f.clients[who] }
      const decide = async (): Promise<number> =>
        (
          await kaisa.post(
            `/api/v1/applications/${id}/decision`,
            { outcome: 'award' },
            { 'idempotency-key': randomUUID() },
          )
        ).statusCode
      const [first, second, erased] = await Promise.all([
        decide(),
        decide(),
        eraseClient(service.deps, f.staffActor('kaisa'), request).then(() => true),
      ])
      expect(erased).toBe(true)
      for (const status of [first, second]) expect([200, 201, 404]).toContain(status)
      const lines = (await kindsOf(service, f.code)).filter((kind) => kind === 'award').length
      expect([await countOf('award', f.code), await countOf('erased_award', f.code)]).toEqual([0, lines])
      expect((await checkAwards(service.deps.db, [f.code])).faultCount).toBe(0)
    }
  }, 120_000)

  test('a decision that read before and writes after finds nothing to award', async () => {
    const f = await givenFoundation(service)
    const { id, kaisa } = await givenApplication(service, f, 'maija')
    await erase(f, await givenErasureRequest(service, f))
    const decided = await kaisa.post(
      `/api/v1/applications/${id}/decision`,
      { outcome: 'award' },
      { 'idempotency-key': 'k' },
    )
    expect(decided.statusCode).toBe(404)
    const pekka = await f.as('pekka')
    const work = { clientId: f.clients.maija, taskId: f.task('t1').id, supportLevel: 'minor', observedOn: '2026-11-22' }
    expect((await pekka.post('/api/v1/observations', work)).statusCode).toBe(404)
  }, 60_000)
})

describe('S-52: a restored backup', () => {
  test('has everybody on the erasure list erased again, and nobody twice', async () => {
    const f = await givenFoundation(service, { module: false })
    const { ownerDb } = service.database
    // What a backup from before would bring back: the row is there, the list says it was erased.
    const list = [
      {
        tenant: f.code,
        clientId: f.clients.maija,
        askedAt: new Date(),
        erasedAt: new Date(),
        erasedBy: f.accounts.kaisa,
      },
    ]
    const deps = { ...service.deps, ownerDb }
    expect(await replayErasures(deps, list)).toBe(1)
    expect(await replayErasures(deps, list)).toBe(0)
    expect((await listErased(ownerDb, [f.code])).map(({ clientId }) => clientId)).toEqual([f.clients.maija])
    const left = await ownerDb.selectFrom('client').select('id').where('tenant_id', '=', f.code).execute()
    expect(left.map(({ id }) => id)).toEqual([f.clients.antti])
    expect((await checkAwards(service.deps.db, [f.code])).faultCount).toBe(0)
  })
})

test('S-52: an erasure list is read whole or not at all', () => {
  const line = {
    tenant: 'mer1',
    clientId: randomUUID(),
    askedAt: new Date('2026-11-22T09:00:00Z'),
    erasedAt: new Date('2026-11-23T09:00:00Z'),
    erasedBy: randomUUID(),
  }
  expect(linesOf(`${JSON.stringify(line)}\n`)).toEqual([line])
  expect(() => linesOf(`${JSON.stringify(line)}\nx\n`)).toThrow(/line 2/)
})
