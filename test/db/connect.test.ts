import { once } from 'node:events'
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asTenant, connect, inOneTrip } from '../../src/db/connect.ts'
import { statement } from '../../src/db/statement.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
const statements: string[] = []
beforeAll(async () => {
  database = await freshDatabase({ log: (event) => void statements.push(event.query.sql) })
  await sql`
    insert into organisation (tenant_id, kind, name, url, email, founded_at)
    values ('aaa1', 'foundation', 'Harjula', 'https://a.example', 'a@a.example', now()),
           ('bbb1', 'foundation', 'Rantala', 'https://b.example', 'b@b.example', now())
  `.execute(database.ownerDb)
})
afterAll(async () => await database.close())

async function tenantNow(db: Parameters<typeof asTenant>[0]): Promise<string | null | undefined> {
  const answer = await sql<{
    tenant: string | null
  }>`select nullif(current_setting('app.tenant', true), '') as tenant`.execute(db)
  return answer.rows[0]?.tenant
}

describe('a transaction of one tenant', () => {
  test('sees its tenant, and the connection forgets it afterwards', async () => {
    expect(await asTenant(database.db, 'aaa1', tenantNow)).toBe('aaa1')
    for (let i = 0; i < 10; i += 1) expect(await tenantNow(database.db)).toBeNull()
  })

  test('begins and sets the tenant in one round trip', async () => {
    statements.length = 0
    await asTenant(database.db, 'aaa1', async (trx) => await sql`select 1`.execute(trx))
    expect(statements).toEqual([`begin; set local app.tenant = 'aaa1'`, 'select 1', 'commit'])
  })

  test('1 000 interleaved transactions of two tenants over two connections are never mixed up', async () => {
    const two = connect(database.serviceUrl, { max: 2, onError: () => undefined, applicationName: 'two' })
    const tenants = Array.from({ length: 1000 }, (_, i) => (i % 2 ? 'aaa1' : 'bbb1'))
    expect(await Promise.all(tenants.map(async (tenant) => await asTenant(two, tenant, tenantNow)))).toEqual(tenants)
    await two.destroy()
  })

  test('rolls back when the work throws, and throws the same', async () => {
    const change = asTenant(database.db, 'aaa1', async (trx) => {
      await trx.updateTable('organisation').set({ name: 'Changed' }).where('tenant_id', '=', 'aaa1').execute()
      throw new Error('stop here')
    })
    await expect(change).rejects.toThrow('stop here')
    const found = await database.db
      .selectFrom('organisation')
      .select('name')
      .where('tenant_id', '=', 'aaa1')
      .executeTakeFirst()
    expect(found?.name).toBe('Harjula')
  })

  test('cannot change what is another tenant’s', async () => {
    const changed = await asTenant(
      database.db,
      'aaa1',
      async (trx) =>
        await trx.updateTable('organisation').set({ name: 'Taken' }).where('tenant_id', '=', 'bbb1').executeTakeFirst(),
    )
    expect(changed.numUpdatedRows).toBe(0n)
  })

  test.each([`aaa1'; drop table award; --`, '', 'AAA1', 'aaa11', 'aaa'])(
    'refuses %j as a tenant before any statement',
    async (tenant) => {
      statements.length = 0
      await expect(asTenant(database.db, tenant, tenantNow)).rejects.toThrow('four lower-case letters or digits')
      expect(statements).toEqual([])
    },
  )

  test('a transaction of its own inside the work has no tenant', async () => {
    const inner = asTenant(database.db, 'aaa1', async () => await database.db.transaction().execute(tenantNow))
    expect(await inner).toBeNull()
  })

  test('is done again after a deadlock, three times in all', async () => {
    let tries = 0
    const fail = async (code: string): Promise<never> => {
      tries += 1
      return await asTenantFailing(code)
    }
    const asTenantFailing = async (code: string): Promise<never> => {
      await sql`do ${sql.raw(`$$ begin raise exception 'again' using errcode = '${code}'; end $$`)}`.execute(
        database.db,
      )
      throw new Error('not reached')
    }
    await expect(asTenant(database.db, 'aaa1', async () => await fail('40P01'))).rejects.toMatchObject({
      code: '40P01',
    })
    expect(tries).toBe(3)
    tries = 0
    await expect(asTenant(database.db, 'aaa1', async () => await fail('23505'))).rejects.toMatchObject({
      code: '23505',
    })
    expect(tries).toBe(1)
  })
})

describe('values', () => {
  test('counts are numbers, days are text, instants are dates', async () => {
    const row = await sql`
      select count(*) as n, date '2026-03-29' as day, array[date '2026-03-29', null] as days, array[]::date[] as none, timestamptz '2026-03-29T10:00:00Z' as at
      from generate_series(1, 3)`.execute(database.db)
    expect(row.rows[0]).toEqual({
      n: 3,
      day: '2026-03-29',
      days: ['2026-03-29', null],
      none: [],
      at: new Date('2026-03-29T10:00:00Z'),
    })
  })

  test('a number that would be wrong is an error instead', async () => {
    await expect(sql`select 9007199254740993::int8 as n`.execute(database.db)).rejects.toThrow('too large')
  })
})

test('a lost idle connection does not end the process, and the pool goes on', async () => {
  const lost: Error[] = []
  const db = connect(database.serviceUrl, {
    max: 1,
    onError: (error) => lost.push(error),
    applicationName: 'to-be-lost',
  })
  await sql`select 1`.execute(db)
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'to-be-lost'`.execute(
    database.ownerDb,
  )
  await expect.poll(() => lost.length).toBe(1)
  expect((await sql<{ one: number }>`select 1 as one`.execute(db)).rows).toEqual([{ one: 1 }])
  await db.destroy()
})

test('a statement that runs too long is ended by the server', async () => {
  const db = connect(database.serviceUrl, {
    max: 1,
    onError: () => undefined,
    applicationName: 'slow',
    statementTimeout: 50,
  })
  await expect(sql`select pg_sleep(5)`.execute(db)).rejects.toMatchObject({ code: '57014' })
  await db.destroy()
})

describe('one statement in one trip', () => {
  test('sets its tenant, and the connection forgets it afterwards (S-10)', async () => {
    const asking = statement<{ tenant: string }>('test.tenant')`select current_setting('app.tenant', true) as tenant`
    expect(await inOneTrip(database.db, 'aaa1', asking)).toEqual([{ tenant: 'aaa1' }])
    for (let i = 0; i < 10; i += 1) expect(await tenantNow(database.db)).toBeNull()
  })

  test('500 interleaved trips of two tenants over two connections are never mixed up', async () => {
    const two = connect(database.serviceUrl, { max: 2, onError: () => undefined, applicationName: 'two' })
    const tenants = Array.from({ length: 500 }, (_, i) => (i % 2 ? 'aaa1' : 'bbb1'))
    const seen = await Promise.all(
      tenants.map(async (tenant) => {
        const asking = statement<{ tenant: string }>(
          'test.tenant',
        )`select current_setting('app.tenant', true) as tenant`
        return (await inOneTrip(two, tenant, asking))[0]?.tenant
      }),
    )
    expect(seen).toEqual(tenants)
    await two.destroy()
  })

  test('an error rolls back what it wrote and is told; the connection goes on', async () => {
    const change = statement<unknown>(
      'test.change',
    )`with changed as (update organisation set name = 'Changed' where tenant_id = 'aaa1' returning 1)
      select app.must(not exists (select from changed), 'stop here')`
    await expect(inOneTrip(database.db, 'aaa1', change)).rejects.toMatchObject({ code: 'OP001', message: 'stop here' })
    const name = statement<{ name: string }>('test.name')`select name from organisation where tenant_id = 'aaa1'`
    expect(await inOneTrip(database.db, 'aaa1', name)).toEqual([{ name: 'Harjula' }])
  })

  test('R-06: a connection that falls silent is given up, and the next trip takes another', async () => {
    const sockets: Socket[] = []
    const { hostname, port } = new URL(database.serviceUrl)
    const between = createServer((near) => {
      const far = createConnection(Number(port), hostname)
      sockets.push(near, far)
      for (const socket of [near, far]) socket.on('error', () => undefined)
      near.pipe(far).pipe(near)
    }).listen(0, '127.0.0.1')
    await once(between, 'listening')
    const url = new URL(database.serviceUrl)
    url.port = String((between.address() as AddressInfo).port)
    const db = connect(url.href, { max: 1, onError: () => undefined, applicationName: 'silent', statementTimeout: 50 })
    const name = statement<{ name: string }>('test.name')`select name from organisation where tenant_id = 'aaa1'`
    try {
      expect(await inOneTrip(db, 'aaa1', name)).toEqual([{ name: 'Harjula' }])
      // Nothing is closed and nothing is passed on, as when a firewall has forgotten the connection.
      for (const socket of sockets) socket.unpipe().pause()
      await expect(inOneTrip(db, 'aaa1', name)).rejects.toThrow('Connection terminated')
      expect(await inOneTrip(db, 'aaa1', name)).toEqual([{ name: 'Harjula' }])
    } finally {
      await db.destroy()
      for (const socket of sockets) socket.destroy()
      between.close()
    }
  })

  test('gives up waiting for a lock when it is told how long', async () => {
    const asking = statement<unknown>('test.lock')`update organisation set name = name where tenant_id = 'aaa1'`
    await database.ownerDb.transaction().execute(async (trx) => {
      await sql`select from organisation where tenant_id = 'aaa1' for update`.execute(trx)
      await expect(inOneTrip(database.db, 'aaa1', asking, { lockTimeout: 20 })).rejects.toMatchObject({ code: '55P03' })
    })
    expect(await inOneTrip(database.db, 'aaa1', asking, { lockTimeout: 20 })).toEqual([])
  })

  test('refuses a tenant of another shape before any statement', async () => {
    await expect(inOneTrip(database.db, `a'; --`, statement<unknown>('test.one')`select 1`)).rejects.toThrow(
      'four lower-case letters or digits',
    )
  })
})
