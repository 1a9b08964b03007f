import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { embedProof } from '../../src/awards/embed.ts'
import { resignOlder } from '../../src/awards/resign-older.ts'
import { resignAward } from '../../src/awards/resign.ts'
import type { Change } from '../../src/credentials/reissue.ts'
import { verify } from '../../src/credentials/verify.ts'
import { asTenant } from '../../src/db/connect.ts'
import { runOnce } from '../../src/jobs/runner.ts'
import { compromiseKey } from '../../src/keys/compromise.ts'
import { setIssuing } from '../../src/keys/issuing-switch.ts'
import { listKeys } from '../../src/keys/list.ts'
import { rotateKey } from '../../src/keys/rotate.ts'
import type { KeyAlgorithm } from '../../src/keys/tables.ts'
import { lookAtOwn } from '../../src/publication/look.ts'
import { createTasks } from '../../src/tasks.ts'
import { accept, type GivenAward, givenOffered, publicOrigin, revoke, show } from '../publication/given-award.ts'
import { startService, type TestService } from '../support/app.ts'
import { payloadOf } from '../support/badge-world.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'
import { parseObject } from '../support/json.ts'
import { kindsOf, linesOf } from './history-lines.ts'

let service: TestService
let f: Foundation
let award: GivenAward
beforeAll(async () => {
  service = await startService({ publicOrigin })
})
afterAll(async () => await service.close())
beforeEach(async () => {
  service.at('2026-11-22T09:00:00Z')
  f = await givenFoundation(service)
  award = await givenOffered(f)
  await embedProof(service.deps, ref())
})

const ref = (): { tenant: string; id: string } => ({ tenant: f.code, id: award.id })

type Stored = {
  ob2_jws: string
  ob3_jwt: string
  ob3_json: string | null
  valid_from: Date
  download_again_since: Date | null
}

async function stored(id = award.id): Promise<Stored> {
  return await service.database.ownerDb
    .selectFrom('award')
    .select(['ob2_jws', 'ob3_jwt', 'ob3_json', 'valid_from', 'download_again_since'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
}

async function compromise(algorithm: KeyAlgorithm, since: string): Promise<void> {
  const key = (await listKeys(service.deps.db, f.code)).find(
    (one) => one.algorithm === algorithm && one.state === 'active',
  )
  await compromiseKey(service.deps, f.code, { kid: key?.kid ?? '', since: new Date(since) })
}

async function verdictOf(text: string | null): Promise<string> {
  return (await verify(Buffer.from(text ?? ''), lookAtOwn(service.deps), { at: service.deps.now() })).verdict
}

async function expectValid({ ob2_jws, ob3_jwt, ob3_json }: Stored): Promise<void> {
  for (const text of [ob2_jws, ob3_jwt, ob3_json]) expect(await verdictOf(text)).toBe('valid')
}

describe('S-22, CONFORMANCE 2.7: a badge is signed anew after its key was compromised', () => {
  test('all forms by the new key: same ids, issuer and first date, a newer validFrom, everything else as it was, and its line', async () => {
    const before = await stored()
    service.at('2026-12-01T08:00:00Z')
    await compromise('RS256', '2026-11-30T00:00:00Z')
    expect(await verdictOf(before.ob3_jwt)).not.toBe('valid')
    expect(await resignOlder(service.deps, f.code)).toEqual({ resigned: 1, later: [], differing: [] })
    const after = await stored()
    await expectValid(after)

    const [old, anew] = [payloadOf(before.ob3_jwt), payloadOf(after.ob3_jwt)]
    expect(anew).toEqual({ ...old, validFrom: '2026-12-01T08:00:00Z', nbf: Date.UTC(2026, 11, 1, 8) / 1000 })
    expect(anew['awardedDate']).toBe('2026-11-22T09:00:00Z')
    const [old2, anew2] = [payloadOf(before.ob2_jws), payloadOf(after.ob2_jws)]
    expect({ ...anew2, verification: null }).toEqual({ ...old2, verification: null })
    expect(anew2['verification']).not.toEqual(old2['verification'])
    const { proof: _, ...embedded } = parseObject(after.ob3_json ?? '')
    expect(embedded['validFrom']).toBe('2026-12-01T08:00:00Z')
    expect(after.valid_from.toISOString()).toBe('2026-12-01T08:00:00.000Z')
    const line = (await linesOf(service, f.code)).at(-1)
    expect(line).toMatchObject({ kind: 'award.resigned', content: { award: award.id, why: 'key-compromised' } })
  })

  test('the same when only the key of embedded proofs was compromised', async () => {
    service.at('2026-12-01T08:00:00Z')
    await compromise('EdDSA', '2026-11-30T00:00:00Z')
    expect(await verdictOf((await stored()).ob3_json)).not.toBe('valid')
    expect((await resignOlder(service.deps, f.code)).resigned).toBe(1)
    await expectValid(await stored())
  })

  test('done once it is done; a retired key asks for nothing', async () => {
    await rotateKey(service.deps, f.code, { algorithm: 'RS256' })
    expect((await resignOlder(service.deps, f.code)).resigned).toBe(0)
    service.at('2026-12-01T08:00:00Z')
    await compromise('RS256', '2026-12-01T00:00:00Z')
    // The badge was signed by the key before that one.
    expect((await resignOlder(service.deps, f.code)).resigned).toBe(0)
    const retired = (await listKeys(service.deps.db, f.code)).find(({ state }) => state === 'retired')
    await compromiseKey(service.deps, f.code, { kid: retired?.kid ?? '', since: new Date('2026-12-01T00:00:00Z') })
    expect((await resignOlder(service.deps, f.code)).resigned).toBe(1)
    expect((await resignOlder(service.deps, f.code)).resigned).toBe(0)
  })

  test('what was awarded after others had the key is left and named, and signed only when somebody says so', async () => {
    service.at('2026-12-01T08:00:00Z')
    const late = await givenOffered(f, 'antti')
    await compromise('RS256', '2026-11-30T00:00:00Z')
    expect(await resignOlder(service.deps, f.code)).toEqual({ resigned: 1, later: [late.publicId], differing: [] })
    expect(await verdictOf((await stored(late.id)).ob3_jwt)).not.toBe('valid')
    expect(await resignOlder(service.deps, f.code, { alsoLater: true })).toEqual({
      resigned: 1,
      later: [],
      differing: [],
    })
    await expectValid(await stored(late.id))
  })

  test('bytes that the history does not know get no second signature', async () => {
    const other = await givenOffered(f, 'antti')
    const { ob2_jws, ob3_jwt } = await stored(other.id)
    await service.database.ownerDb.updateTable('award').set({ ob2_jws, ob3_jwt }).where('id', '=', award.id).execute()
    service.at('2026-12-01T08:00:00Z')
    await compromise('RS256', '2026-11-30T00:00:00Z')
    expect(await resignOlder(service.deps, f.code)).toEqual({ resigned: 1, later: [], differing: [award.publicId] })
    expect((await stored()).ob3_jwt).toBe(ob3_jwt)
  })

  test('the holder of a taken badge is told to download it again, until that is done; what is public is the new one at once', async () => {
    await accept(f, award)
    await show(f, award, true)
    service.at('2026-12-01T08:00:00Z')
    await compromise('RS256', '2026-11-30T00:00:00Z')
    await resignOlder(service.deps, f.code)
    const { ob3_jwt: jwt } = await stored()
    expect((await service.app.inject({ url: `/b/${award.publicId}.jwt` })).body).toBe(jwt)

    const maija = await f.browser('maija')
    expect((await maija.get(`/merkit/${award.id}`)).body).toContain('Lataa merkki uudelleen')
    expect((await maija.get('/merkit')).body).toContain('Lataa uudelleen')
    expect((await maija.get(`/merkit/${award.id}/lataa/jwt`)).body).toBe(jwt)
    expect((await maija.get(`/merkit/${award.id}`)).body).not.toContain('Lataa merkki uudelleen')
    expect((await stored()).download_again_since).toBeNull()
  })

  test('a badge that is only offered, revoked or at its end is signed anew without anybody being told', async () => {
    service.at('2026-12-01T08:00:00Z')
    const other = await givenOffered(f, 'antti')
    await accept(f, other, 'antti')
    await revoke(f, other)
    service.at('2026-12-03T08:00:00Z')
    await compromise('RS256', '2026-12-02T00:00:00Z')
    expect((await resignOlder(service.deps, f.code)).resigned).toBe(2)
    expect((await stored()).download_again_since).toBeNull()
    expect(await verdictOf((await stored(other.id)).ob3_jwt)).toBe('revoked')
    const antti = await f.browser('antti')
    expect((await antti.get(`/merkit/${other.id}`)).body).not.toContain('Lataa merkki uudelleen')
  })

  test('the service goes on where a command was ended: the compromise left a job behind', async () => {
    service.at('2026-12-01T08:00:00Z')
    await compromise('RS256', '2026-11-30T00:00:00Z')
    const { ownerDb, jobsUrl } = service.database
    await sql`update graphile_worker._private_jobs set run_at = now()`.execute(ownerDb)
    await runOnce(jobsUrl, createTasks(service.deps), service.deps.log)
    await expectValid(await stored())
  })
})

describe('S-22: at the same time', () => {
  test('ten who sign the same badge anew write one line and one set of bytes; rotation beside it changes nothing of that', async () => {
    service.at('2026-12-01T08:00:00Z')
    await compromise('RS256', '2026-11-30T00:00:00Z')
    await Promise.all([
      ...Array.from({ length: 10 }, async () => await resignOlder(service.deps, f.code)),
      rotateKey(service.deps, f.code, { algorithm: 'EdDSA' }),
    ])
    const kinds = await kindsOf(service, f.code)
    expect(kinds.filter((kind) => kind === 'award.resigned')).toHaveLength(1)
    await expectValid(await stored())
  })

  test('beside the client’s answer and a revocation: all happen, and the badge says so', async () => {
    service.at('2026-12-01T08:00:00Z')
    await compromise('RS256', '2026-11-30T00:00:00Z')
    const [maija, kaisa] = [await f.as('maija'), await f.as('kaisa')]
    const [done, taken, revoked] = await Promise.all([
      resignOlder(service.deps, f.code),
      maija.post(`/api/v1/awards/${award.id}/answer`, { accept: true }),
      kaisa.post(`/api/v1/awards/${award.id}/revocation`, { reason: 'misuse' }, { 'idempotency-key': 'revoke' }),
    ])
    // Who was quicker: taken and then revoked, or revoked and no longer to be taken.
    expect([200, 409]).toContain(taken.statusCode)
    expect([done.resigned, revoked.statusCode]).toEqual([1, 201])
    const kinds = await kindsOf(service, f.code)
    expect(kinds.filter((kind) => kind === 'award.resigned')).toHaveLength(1)
    expect(await verdictOf((await stored()).ob3_jwt)).toBe('revoked')
  })

  test('beside the job of the embedded form: the form belongs to the bytes that stand there', async () => {
    const antti = await givenOffered(f, 'antti')
    service.at('2026-12-01T08:00:00Z')
    await compromise('RS256', '2026-11-30T00:00:00Z')
    await Promise.all([embedProof(service.deps, { tenant: f.code, id: antti.id }), resignOlder(service.deps, f.code)])
    const after = await stored(antti.id)
    await expectValid(after)
    expect(parseObject(after.ob3_json ?? '')['validFrom']).toBe(payloadOf(after.ob3_jwt)['validFrom'])
  })
})

describe('another recipient before the badge is taken (DESIGN, Recipient)', () => {
  const another: Change = ({ assertion, credential }) => ({
    assertion: {
      ...assertion,
      recipient: { type: 'url', hashed: true, salt: 'ab'.repeat(16), identity: `sha256$${'0'.repeat(64)}` },
    },
    credential,
  })

  test('the documents say the other recipient, with what goes along in the same transaction', async () => {
    service.at('2026-11-22T09:05:00Z')
    const resigned = await resignAward(service.deps, ref(), {
      why: 'recipient',
      onlyWhile: ['offered'],
      change: another,
      alongside: async (trx) => {
        await trx.updateTable('award').set({ download_again_since: null }).where('id', '=', award.id).execute()
      },
    })
    expect(resigned?.validFrom.toISOString()).toBe('2026-11-22T09:05:00.000Z')
    const after = await stored()
    expect(payloadOf(after.ob2_jws)['recipient']).toMatchObject({ salt: 'ab'.repeat(16) })
    await expectValid(after)
  })

  test('not once it was taken, and nothing but the recipient may change', async () => {
    const reach = (change: Change): Promise<unknown> => resignAward(service.deps, ref(), { why: 'recipient', change })
    await expect(
      reach(({ assertion, credential }) => ({ assertion, credential: { ...credential, name: 'Mestari' } })),
    ).rejects.toMatchObject({ kind: 'unfit-to-sign' })
    await expect(
      reach(({ assertion, credential }) => ({ assertion: { ...assertion, id: `urn:uuid:${award.id}` }, credential })),
    ).rejects.toMatchObject({ kind: 'unfit-to-sign' })
    await accept(f, award)
    const late = await resignAward(service.deps, ref(), { why: 'recipient', onlyWhile: ['offered'], change: another })
    expect(late).toBeUndefined()
    expect(await kindsOf(service, f.code)).not.toContain('award.resigned')
  })

  test('what goes along and fails takes everything back; issuing that is stopped signs nothing', async () => {
    const before = await stored()
    const alongside = async (): Promise<void> => await Promise.reject(new Error('no'))
    await expect(resignAward(service.deps, ref(), { why: 'recipient', change: another, alongside })).rejects.toThrow(
      'no',
    )
    await setIssuing(service.deps, f.code, { stopped: true })
    await expect(resignAward(service.deps, ref(), { why: 'recipient', change: another })).rejects.toMatchObject({
      kind: 'stopped',
    })
    expect(await stored()).toEqual(before)
  })
})

describe('S-30: signed bytes', () => {
  test('change by no other way than with a line that commits to them, also for the service', async () => {
    const door = sql`select app.resign_award(${award.id}, ${award.id}, 'a', 'b', 'c', now())`
    const { db } = service.database
    await expect(asTenant(db, f.code, async (trx) => await door.execute(trx))).rejects.toMatchObject({ code: '23514' })
    await expect(sql`update award set ob2_jws = 'x'`.execute(db)).rejects.toMatchObject({ code: '42501' })
    await expect(sql`update award set valid_from = now()`.execute(db)).rejects.toMatchObject({ code: '42501' })
  })
})
