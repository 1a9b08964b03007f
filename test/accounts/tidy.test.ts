import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { removeOld } from '../../src/accounts/tidy.ts'
import { runOnce, startRunner } from '../../src/jobs/runner.ts'
import { createTasks, schedule } from '../../src/tasks.ts'
import { startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'

// Rows that are needed for a time only go when that time is over; what an act still names stays (S-15).

let service: TestService
let foundation: Foundation
beforeAll(async () => {
  service = await startService()
  foundation = await givenFoundation(service)
})
afterAll(async () => await service.close())

type Kind = 'idempotency' | 'session' | 'sign_in_code' | 'sign_in_failure' | 'rate_limit'

async function count(table: Kind): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*) as n from ${sql.table(table)}`.execute(
    service.database.ownerDb,
  )
  return rows[0]?.n ?? 0
}

const tidy = async (): Promise<void> => await removeOld(service.deps, service.deps.now())

test('what is needed for a time only is removed when that is over, and not before', async () => {
  const coach = await foundation.as('pekka')
  const work = { clientId: foundation.clients.maija, taskId: foundation.task('t2').id, supportLevel: 'minor' }
  const body = { ...work, observedOn: '2026-11-22' }
  const first = await coach.post('/api/v1/observations', body, { 'idempotency-key': 'kerran' })
  expect(first.statusCode, first.body).toBe(201)
  await foundation.code8('antti')
  await service.api().post('/api/v1/tokens/code', { code: 'AAAA9999' })
  await service.database.ownerDb
    .insertInto('rate_limit')
    .values({ bucket: Buffer.alloc(32), starts_at: new Date('2026-11-22T09:00:00Z'), taken: 5 })
    .execute()

  service.at('2026-11-23T08:59:00Z')
  await tidy()
  expect(await count('idempotency')).toBe(1)
  expect(await count('rate_limit')).toBe(1)
  expect(await count('sign_in_code')).toBe(1)
  expect(await count('sign_in_failure')).toBeGreaterThan(0)

  service.at('2026-11-23T09:02:00Z')
  await tidy()
  expect(await count('idempotency')).toBe(0)
  expect(await count('rate_limit')).toBe(0)
  expect(await count('sign_in_failure')).toBe(0)
  expect(await count('sign_in_code')).toBe(1)

  service.at('2027-02-20T09:16:00Z')
  await tidy()
  expect(await count('sign_in_code')).toBe(0)
  service.at('2026-11-22T09:00:00Z')
})

test('old sessions go, but not those that a client’s act names, nor the staff’s in the same browser (S-15)', async () => {
  await foundation.selfAssess('t2')
  await foundation.as('sari')
  const { ownerDb } = service.database
  const sessions = await ownerDb.selectFrom('session').select(['id', 'client_id', 'account_id', 'browser']).execute()
  const named = await ownerDb.selectFrom('self_assessment').select('session_id').executeTakeFirstOrThrow()
  const mark = sessions.find(({ id }) => id === named.session_id)?.browser
  const pekkas = sessions.find(({ account_id: account }) => account === foundation.accounts.pekka)
  if (!mark || !pekkas) throw new Error('both have been signed in')
  await ownerDb.updateTable('session').set({ browser: mark }).where('id', '=', pekkas.id).execute()

  service.at('2026-12-22T08:00:00Z')
  await tidy()
  expect(await count('session')).toBe(sessions.length)
  service.at('2026-12-23T09:00:00Z')
  await tidy()
  const left = await ownerDb.selectFrom('session').select('id').execute()
  expect(left.map(({ id }) => id).toSorted()).toEqual([named.session_id, pekkas.id].toSorted())
  service.at('2026-11-22T09:00:00Z')
})

test('every table whose rows name a session is known to the tidying', async () => {
  const { rows } = await sql<{ name: string }>`
    select conrelid::regclass::text as name from pg_constraint
    where confrelid = 'session'::regclass and contype = 'f' order by 1`.execute(service.database.ownerDb)
  expect(rows.map(({ name }) => name)).toEqual(['application', 'award', 'self_assessment'])
})

test('it is a job that the clock begins once a day', async () => {
  expect(schedule['accounts.tidy']).toBe('10 1 * * *')
  const tasks = createTasks(service.deps)
  expect(Object.keys(schedule).filter((name) => !(name in tasks))).toEqual([])
  const { log } = service.deps
  const runner = await startRunner(service.database.jobsUrl, tasks, log, schedule)
  await runner.stop()
  const { rows } = await sql<{
    name: string
  }>`select identifier as name from graphile_worker._private_known_crontabs`.execute(service.database.ownerDb)
  expect(rows.map(({ name }) => name)).toContain('accounts.tidy')
  await runOnce(service.database.jobsUrl, tasks, log)
})
