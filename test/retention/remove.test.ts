import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runOnce, startRunner } from '../../src/jobs/runner.ts'
import { asTenant } from '../../src/db/connect.ts'
import { type Kept, kept, lasting } from '../../src/retention/kept.ts'
import { removeOld } from '../../src/retention/remove.ts'
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

test('the session in which a client gave consent stays', async () => {
  const { ownerDb } = service.database
  await foundation.as('antti')
  const session = await ownerDb
    .selectFrom('session')
    .select('id')
    .where('client_id', '=', foundation.clients.antti)
    .orderBy('started_at', 'desc')
    .executeTakeFirstOrThrow()
  await sql`insert into client_consent (tenant_id, id, client_id, purpose, text_version, receiver, chosen, given_at, session_id)
    values (${foundation.code}, gen_random_uuid(), ${foundation.clients.antti}, 'join', 1, 'zz99', '{}', now(), ${session.id})`.execute(
    ownerDb,
  )
  service.at('2026-12-23T09:00:00Z')
  await tidy()
  const left = await ownerDb.selectFrom('session').select('id').where('id', '=', session.id).execute()
  expect(left).toHaveLength(1)
  await sql`delete from client_consent`.execute(ownerDb)
  service.at('2026-11-22T09:00:00Z')
})

test('every table whose rows name a session is known to the tidying', async () => {
  const { rows } = await sql<{ name: string }>`
    select conrelid::regclass::text as name from pg_constraint
    where confrelid = 'session'::regclass and contype = 'f' order by 1`.execute(service.database.ownerDb)
  expect(rows.map(({ name }) => name)).toEqual(['application', 'award', 'self_assessment'])
})

test('every table says how long it keeps what it has, or why for ever', async () => {
  const { rows } = await sql<{ name: string }>`select table_name as name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE' and table_name not like 'kysely%'`.execute(
    service.database.ownerDb,
  )
  const known = new Set([...kept.map(({ table }) => table), ...Object.keys(lasting)])
  expect(rows.map(({ name }) => name).filter((name) => !known.has(name))).toEqual([])
  expect([...known].filter((name) => !rows.some((row) => row.name === name))).toEqual([])
  expect(Object.keys(lasting).filter((name) => kept.some(({ table }) => table === name))).toEqual([])
  for (const why of [...kept.map((one) => one.why), ...Object.values(lasting)]) expect(why.length).toBeGreaterThan(15)
})

describe('each on both sides of its day', () => {
  const began = new Date('2026-11-22T09:00:00Z')
  const minute = 60_000

  /** One row of each that had its time at `began`; ids are the foundation's own. */
  async function givenRows(): Promise<void> {
    const { ownerDb } = service.database
    const [t, maija, pekka] = [foundation.code, foundation.clients.maija, foundation.accounts.pekka]
    const id = (): string => service.deps.newId()
    const early = new Date('2026-11-01T09:00:00Z')
    const rows: Readonly<Record<string, object>> = {
      idempotency: {
        tenant_id: t,
        holder: pekka,
        key: 'k',
        digest: Buffer.alloc(32),
        status: 201,
        ref: 'r',
        at: began,
      },
      sign_in_code: {
        digest: Buffer.alloc(32, 1),
        tenant_id: t,
        client_id: maija,
        handed_by: pekka,
        handed_at: early,
        expires_at: began,
      },
      sign_in_card: {
        tenant_id: t,
        id: id(),
        client_id: maija,
        digest: Buffer.alloc(32, 2),
        pin_digest: Buffer.alloc(32),
        made_by: pekka,
        made_at: early,
        expires_at: new Date('2027-05-01T09:00:00Z'),
        ended_at: began,
      },
      staff_device: {
        tenant_id: t,
        id: id(),
        account_id: pekka,
        digest: Buffer.alloc(32, 3),
        name: 'Tabletti',
        registered_at: early,
        ended_at: began,
      },
      share: {
        tenant_id: t,
        id: id(),
        client_id: maija,
        token_digest: Buffer.alloc(32, 4),
        made_at: early,
        ends_at: began,
      },
      client_invitation: {
        tenant_id: t,
        digest: Buffer.alloc(32, 5),
        coach_id: pekka,
        made_by: pekka,
        made_at: early,
        expires_at: began,
      },
      account_link: {
        tenant_id: t,
        digest: Buffer.alloc(32, 6),
        account_id: pekka,
        made_by: pekka,
        made_at: early,
        expires_at: began,
      },
      setup_link: { digest: Buffer.alloc(32, 7), made_at: early, expires_at: began },
      rights_request: {
        tenant_id: t,
        id: id(),
        client_id: maija,
        kind: 'correction',
        state: 'answered',
        words_sealed: Buffer.alloc(1),
        asked_at: early,
        answer_sealed: Buffer.alloc(1),
        answered_by: pekka,
        answered_at: began,
      },
      audit_origin: { tenant_id: t, at: began, event_id: id(), address: '192.0.2.7' },
      sign_in_failure: { source: Buffer.alloc(32, 8), minute: began, failures: 1 },
      sign_in_backoff: { subject: Buffer.alloc(32, 9), failures: 5, last_failed_at: began },
      rate_limit: { bucket: Buffer.alloc(32, 10), starts_at: began, taken: 1 },
    }
    for (const [table, row] of Object.entries(rows)) {
      const names = Object.keys(row).map((name) => sql.ref(name))
      const values = Object.values(row).map((value) => sql`${value}`)
      await sql`insert into ${sql.table(table)} (${sql.join(names)}) values (${sql.join(values)})`.execute(ownerDb)
    }
  }

  async function left({ table, from }: Kept): Promise<number> {
    const { rows } = await sql<{ n: number }>`select count(*) as n from ${sql.table(table)} r
      where (${sql.raw(from)}) = ${began}`.execute(service.database.ownerDb)
    return rows[0]?.n ?? -1
  }

  test('it stays until then and is gone after, one day after another', async () => {
    service.at(began)
    await givenRows()
    const timed = kept.filter(({ table }) => table !== 'session')
    for (const days of [...new Set(timed.map((one) => one.days))].toSorted((a, b) => a - b)) {
      const end = began.getTime() + days * 86_400_000
      service.at(new Date(end - minute))
      await tidy()
      for (const one of timed.filter((other) => other.days === days))
        expect(await left(one), `${one.table} before`).toBe(1)
      service.at(new Date(end + minute))
      // The audit's own latest line is what its addresses are as old as (S-53): not the service's word for what day it is.
      await foundation.as('pekka')
      await (await foundation.as('pekka')).get('/api/v1/api-keys')
      await tidy()
      for (const one of timed.filter((other) => other.days === days))
        expect(await left(one), `${one.table} after`).toBe(0)
    }
    service.at(began)
  })

  test('an open request never goes, not even when the service asks for it', async () => {
    const { ownerDb } = service.database
    const t = foundation.code
    const row = {
      tenant_id: t,
      id: service.deps.newId(),
      client_id: foundation.clients.maija,
      kind: 'erasure' as const,
      words_sealed: null,
      asked_at: began,
    }
    await ownerDb.insertInto('rights_request').values(row).execute()
    service.at('2030-01-01T09:00:00Z')
    await tidy()
    const asked = async (): Promise<number> =>
      (await ownerDb.selectFrom('rights_request').select('id').where('id', '=', row.id).execute()).length
    expect(await asked()).toBe(1)
    await asTenant(
      service.deps.db,
      t,
      async (trx) => await trx.deleteFrom('rights_request').where('tenant_id', '=', t).execute(),
    )
    expect(await asked()).toBe(1)
    service.at(began)
  })
})

test('it is a job that the clock begins once a day', async () => {
  expect(schedule['retention.remove']).toBe('10 1 * * *')
  const tasks = createTasks(service.deps)
  expect(Object.keys(schedule).filter((name) => !(name in tasks))).toEqual([])
  const { log } = service.deps
  const runner = await startRunner(service.database.jobsUrl, tasks, log, schedule)
  await runner.stop()
  const { rows } = await sql<{
    name: string
  }>`select identifier as name from graphile_worker._private_known_crontabs`.execute(service.database.ownerDb)
  expect(rows.map(({ name }) => name)).toContain('retention.remove')
  await runOnce(service.database.jobsUrl, tasks, log)
})
