import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { asTenant } from '../../src/db/connect.ts'
import { addJob } from '../../src/jobs/queue.ts'
import { runOnce, startRunner } from '../../src/jobs/runner.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'

const said: string[] = []
const log = {
  info: (): void => undefined,
  warn: (_facts: Record<string, unknown>, message: string): void => void said.push(message),
  error: (_facts: Record<string, unknown>, message: string): void => void said.push(message),
}

let database: TestDatabase
const seen: unknown[] = []
const tasks = {
  note: async (payload: unknown): Promise<void> => void (await Promise.resolve(seen.push(payload))),
  fail: async (): Promise<void> => await Promise.reject(new Error('not today')),
}
beforeAll(async () => {
  database = await freshDatabase()
})
beforeEach(() => {
  seen.length = 0
  said.length = 0
})
afterAll(async () => await database.close())

test('a job joins the transaction and runs after its commit', async () => {
  await asTenant(database.db, 'aaa1', async (trx) => await addJob(trx, 'note', { award: 'a-1' }))
  await runOnce(database.jobsUrl, tasks, log)
  expect(seen).toEqual([{ award: 'a-1' }])
})

test('a job is gone with the transaction that rolls back', async () => {
  const work = asTenant(database.db, 'aaa1', async (trx) => {
    await addJob(trx, 'note', { award: 'a-2' })
    throw new Error('changed my mind')
  })
  await expect(work).rejects.toThrow('changed my mind')
  await runOnce(database.jobsUrl, tasks, log)
  expect(seen).toEqual([])
})

test('a running runner sees a job at once, and stops when told', async () => {
  const runner = await startRunner(database.jobsUrl, tasks, log)
  await asTenant(database.db, 'aaa1', async (trx) => await addJob(trx, 'note', { award: 'a-3' }))
  await expect.poll(() => seen, { timeout: 5000 }).toEqual([{ award: 'a-3' }])
  await runner.stop()
  await asTenant(database.db, 'aaa1', async (trx) => await addJob(trx, 'note', { award: 'a-4' }))
  await runOnce(database.jobsUrl, tasks, log)
  expect(seen).toEqual([{ award: 'a-3' }, { award: 'a-4' }])
})

test('a task that fails is told of, kept and tried again later', async () => {
  await asTenant(database.db, 'aaa1', async (trx) => await addJob(trx, 'fail', { award: 'a-5' }))
  await runOnce(database.jobsUrl, tasks, log)
  // That it failed, and not in whose words (S-50).
  expect(said.join('\n')).toMatch(/^a job failed\nFailed task \d+ \(fail, /)
  expect(said.join('\n')).not.toContain('not today')
  const kept = await sql<{ attempts: number; later: boolean }>`
    select attempts, run_at > now() as later from graphile_worker.jobs where task_identifier = 'fail'`.execute(
    database.ownerDb,
  )
  expect(kept.rows).toEqual([{ attempts: 1, later: true }])
})

test('the service reaches the queue by that door only', async () => {
  for (const statement of [`select graphile_worker.add_job('note', '{}'::json)`, 'select * from graphile_worker.jobs'])
    await expect(sql.raw(statement).execute(database.db)).rejects.toMatchObject({ code: '42501' })
})
