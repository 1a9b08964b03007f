import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HeadClaims, signAllHeads, signHistoryHead } from '../../src/awards/history-head.ts'
import { asTenant } from '../../src/db/connect.ts'
import { runOnce } from '../../src/jobs/runner.ts'
import { compromiseKey } from '../../src/keys/compromise.ts'
import { listKeys } from '../../src/keys/list.ts'
import { rotateKey } from '../../src/keys/rotate.ts'
import { createTasks, schedule } from '../../src/tasks.ts'
import { publicOrigin } from '../publication/given-award.ts'
import { startService, type TestService } from '../support/app.ts'
import { payloadOf } from '../support/badge-world.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'

let service: TestService
let f: Foundation
beforeAll(async () => {
  service = await startService({ publicOrigin })
  f = await givenFoundation(service, { module: false })
})
afterAll(async () => await service.close())

const address = (): string => `/o/${f.code}/history-head`

describe('S-31: the head of the history', () => {
  test('is signed by the hourly job for every foundation, and published as a JWS that no reader takes for a badge', async () => {
    expect((await service.app.inject({ url: address() })).statusCode).toBe(404)
    expect(schedule).toMatchObject({ 'history.heads': '7 * * * *' })
    await sql`select graphile_worker.add_job('history.heads', '{}')`.execute(service.database.ownerDb)
    service.at('2026-11-22T10:07:00Z')
    await runOnce(service.database.jobsUrl, createTasks(service.deps), service.deps.log)
    const answer = await service.app.inject({ url: address() })
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'application/jose'])
    const head = await service.database.ownerDb
      .selectFrom('history_head')
      .selectAll()
      .where('tenant_id', '=', f.code)
      .executeTakeFirstOrThrow()
    expect(HeadClaims.parse(payloadOf(answer.body))).toEqual({
      iss: `${publicOrigin}/o/${f.code}`,
      seq: head.seq,
      hash: head.hash.toString('hex'),
      at: '2026-11-22T10:07:00Z',
    })
    const checked = await service.api().post('/api/v1/verifications', { credential: answer.body })
    expect(checked.json<{ verdict: string }>().verdict).toBe('invalid')
  })

  test('is kept for each place at which it was signed; the same place again renews time and key', async () => {
    const kept = async (): Promise<readonly { seq: number; kid: string; signed_at: Date }[]> =>
      await service.database.ownerDb
        .selectFrom('history_signed_head')
        .select(['seq', 'kid', 'signed_at'])
        .where('tenant_id', '=', f.code)
        .orderBy('seq')
        .execute()
    const [first] = await kept()
    service.at('2026-11-22T11:07:00Z')
    await signHistoryHead(service.deps, f.code)
    expect(await kept()).toEqual([{ ...first, signed_at: new Date('2026-11-22T11:07:00Z') }])
    const { kid } = await rotateKey(service.deps, f.code, { algorithm: 'RS256' })
    await signHistoryHead(service.deps, f.code)
    expect((await kept()).map((one) => one.kid)).toEqual([first?.kid, kid])
    service.at('2026-11-22T11:08:00Z')
    expect((await service.app.inject({ url: address() })).body).toBe(await latest())
  })

  async function latest(): Promise<string> {
    const row = await service.database.ownerDb
      .selectFrom('history_signed_head')
      .select('document')
      .where('tenant_id', '=', f.code)
      .orderBy('seq', 'desc')
      .executeTakeFirstOrThrow()
    return row.document
  }

  test('is signed anew by the new key once its key was compromised', async () => {
    const [key] = (await listKeys(service.deps.db, f.code)).filter(
      ({ algorithm, state }) => algorithm === 'RS256' && state === 'active',
    )
    const { replacedBy } = await compromiseKey(service.deps, f.code, { kid: key?.kid ?? '', since: service.deps.now() })
    await signHistoryHead(service.deps, f.code)
    const head = Buffer.from((await latest()).split('.')[0] ?? '', 'base64url').toString('utf8')
    expect(head).toContain(`/keys/${replacedBy}"`)
  })

  test('is not signed over a head that was forged, nor over a chain that was written anew; the others are', async () => {
    const other = await givenFoundation(service, { module: false })
    const { ownerDb } = service.database
    const before = await latest()
    const forge = async (hash: ReturnType<typeof sql>): Promise<void> => {
      await sql`update history_head set hash = ${hash} where tenant_id = ${f.code}`.execute(ownerDb)
    }
    // This much the service's own role can do (S-30).
    const { db, log } = service.deps
    await asTenant(db, f.code, async (trx) => {
      await sql`update history_head set hash = sha256('x') where tenant_id = ${f.code}`.execute(trx)
    })
    const errors: string[] = []
    const told = { ...log, error: (_: unknown, message: string): void => void errors.push(message) }
    await expect(signHistoryHead(service.deps, f.code)).rejects.toThrow('is not the one that was signed')
    await signAllHeads({ ...service.deps, log: told })
    expect(errors).toEqual(['the head of a history was not signed'])
    expect(await latest()).toBe(before)
    expect((await service.app.inject({ url: `/o/${other.code}/history-head` })).statusCode).toBe(200)
    await forge(sql`(select h.hash from history h where h.tenant_id = ${f.code} order by seq desc limit 1)`)
    await sql`update history_signed_head set hash = sha256('y') where tenant_id = ${f.code}`.execute(ownerDb)
    await expect(signHistoryHead(service.deps, f.code)).rejects.toThrow('run check:awards')
  })
})

describe('S-30: as the service’s own role', () => {
  test.each([
    `update history_signed_head set hash = ''`,
    'update history_signed_head set seq = 1',
    'delete from history_signed_head',
    'truncate history_signed_head',
    'update history set seq = seq',
    'delete from history',
    'truncate history',
    'update app.issuance set stopped_at = null',
    'delete from app.issuance',
  ])('refused: %s', async (statement) => {
    await expect(sql.raw(statement).execute(service.database.db)).rejects.toMatchObject({ code: '42501' })
  })
})
