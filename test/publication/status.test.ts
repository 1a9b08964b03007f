import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { decodeStatusList, statusAt } from '../../src/credentials/status-list.ts'
import { asTenant } from '../../src/db/connect.ts'
import { askForSigning, currentStatusList, signStatusList, signWhenDue } from '../../src/publication/status.ts'
import { startService, type TestService } from '../support/app.ts'
import { statusByDigitalBazaar } from '../support/digitalbazaar.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'
import { objectAt, parseObject, textAt } from '../support/json.ts'
import { type GivenAward, givenOffered, publicOrigin, revoke } from './given-award.ts'

let service: TestService
let foundation: Foundation
let award: GivenAward
let other: GivenAward

beforeAll(async () => {
  service = await startService({ publicOrigin })
  foundation = await givenFoundation(service)
  award = await givenOffered(foundation)
  other = await givenOffered(foundation, 'antti')
})
afterAll(async () => await service.close())

async function stored(): Promise<{ document: string | null; signed_at: Date | null }> {
  return await service.database.ownerDb
    .selectFrom('status_list')
    .select(['document', 'signed_at'])
    .where('tenant_id', '=', foundation.code)
    .executeTakeFirstOrThrow()
}

async function placeOf({ id }: GivenAward): Promise<number> {
  const row = await service.database.ownerDb
    .selectFrom('award')
    .select('status_index')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return row.status_index
}

function encodedList(document: string): string {
  return textAt(objectAt(parseObject(document), 'credentialSubject'), 'encodedList')
}

test('a list is signed when somebody asks for it first, and then kept', async () => {
  expect(await stored()).toEqual({ document: null, signed_at: null })
  const document = await currentStatusList(service.deps, foundation.code, 1)
  expect(await stored()).toEqual({ document, signed_at: service.deps.now() })
  service.at('2026-11-22T09:30:00Z')
  expect(await currentStatusList(service.deps, foundation.code, 1)).toBe(document)
  expect(await signStatusList(service.deps, foundation.code, 1, service.deps.now())).toBe(document)
  expect(await currentStatusList(service.deps, foundation.code, 2)).toBeUndefined()
  expect(await signStatusList(service.deps, foundation.code, 2, service.deps.now())).toBeUndefined()
})

test('after a revocation exactly that badge’s bit is set, as another implementation reads it too (CONFORMANCE 7.3, 7.5, T12)', async () => {
  await revoke(foundation, award)
  const document = (await currentStatusList(service.deps, foundation.code, 1)) ?? ''
  const bits = decodeStatusList(encodedList(document))
  expect(bits.length * 8).toBe(131_072)
  const place = await placeOf(award)
  const set = Array.from({ length: 131_072 }, (_, index) => index).filter((index) => statusAt(bits, index))
  expect(set).toEqual([place])
  expect(await statusByDigitalBazaar(encodedList(document), place)).toBe(true)
  expect(await statusByDigitalBazaar(encodedList(document), await placeOf(other))).toBe(false)
})

test('many who sign at once make one document', async () => {
  await revoke(foundation, other)
  const documents = await Promise.all(
    Array.from({ length: 10 }, async () => await signStatusList(service.deps, foundation.code, 1, service.deps.now())),
  )
  expect(new Set(documents).size).toBe(1)
  expect((await stored()).document).toBe(documents[0])
})

test('however many revocations, one job a second (PERFORMANCE, Designs)', async () => {
  await askTimes(50)
  const jobs = await sql<{ payload: unknown; wait: number }>`
    select payload, extract(epoch from run_at - now())::float8 as wait from graphile_worker._private_jobs j
      join graphile_worker._private_tasks t on t.id = j.task_id where t.identifier = 'status.sign'`.execute(
    service.database.ownerDb,
  )
  expect(jobs.rows).toHaveLength(1)
  expect(jobs.rows[0]?.payload).toEqual({ tenant: foundation.code, list: '1' })
  expect(jobs.rows[0]?.wait).toBeLessThanOrEqual(1)
})

test('the job waits when the list was signed less than a second ago, and signs when it is due', async () => {
  const { deps, database } = service
  await database.ownerDb
    .updateTable('status_list')
    .set({ document: null, signed_at: deps.now() })
    .where('tenant_id', '=', foundation.code)
    .execute()
  await signWhenDue(deps, foundation.code, 1)
  expect((await stored()).document).toBeNull()
  service.at(new Date(deps.now().getTime() + 1000))
  await signWhenDue(deps, foundation.code, 1)
  expect((await stored()).document).not.toBeNull()
  // Nothing changed since: nothing is signed.
  const before = await stored()
  service.at(new Date(deps.now().getTime() + 60_000))
  await signWhenDue(deps, foundation.code, 1)
  expect(await stored()).toEqual(before)
})

async function askTimes(times: number): Promise<void> {
  for (let count = 0; count < times; count += 1) {
    await asTenant(service.deps.db, foundation.code, async (trx) => await askForSigning(trx, foundation.code, 1))
  }
}
