import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createVault } from '../../src/keys/vault.ts'
import { givenApplication } from '../awards/given-application.ts'
import { publicOrigin } from '../publication/given-award.ts'
import { startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'

let service: TestService
let foundation: Foundation
beforeAll(async () => {
  service = await startService({ publicOrigin })
  foundation = await givenFoundation(service)
})
afterAll(async () => await service.close())

/** What a thief with the owner's rights can do that the database's own guard forbids everybody else. */
async function asThief(statement: ReturnType<typeof sql>): Promise<void> {
  await service.database.ownerDb.transaction().execute(async (trx) => {
    await sql`alter table signing_key disable trigger key_moves`.execute(trx)
    await statement.execute(trx)
    await sql`alter table signing_key enable trigger key_moves`.execute(trx)
  })
}

/** Exchanges everything sealed of two keys. Done twice, all is as before. */
async function swap(one: readonly [string, string], other: readonly [string, string]): Promise<void> {
  const [tenants, kids] = [
    [one[0], other[0]],
    [one[1], other[1]],
  ]
  await asThief(sql`update signing_key k set data_key = o.data_key, kek_version = o.kek_version, private_sealed = o.private_sealed
    from signing_key o
    where (k.tenant_id, k.kid) in (select * from unnest(${tenants}::text[], ${kids}::text[]))
      and (o.tenant_id, o.kid) in (select * from unnest(${tenants}::text[], ${kids}::text[])) and (o.tenant_id, o.kid) <> (k.tenant_id, k.kid)`)
}

async function kidOf(tenant: string, algorithm: 'RS256' | 'EdDSA'): Promise<string> {
  const row = await service.database.ownerDb
    .selectFrom('signing_key')
    .select('kid')
    .where('tenant_id', '=', tenant)
    .where('algorithm', '=', algorithm)
    .executeTakeFirstOrThrow()
  return row.kid
}

describe('S-20: a private key opens in its own row only', () => {
  test('two rows swapped, of two foundations or of one: signing fails closed, and goes on when they are back', async () => {
    const other = await givenFoundation(service, { module: false })
    const rsa = await kidOf(foundation.code, 'RS256')
    const { decide, countAwards } = await givenApplication(service, foundation)
    for (const [tenant, algorithm] of [
      [other.code, 'RS256'],
      [foundation.code, 'EdDSA'],
    ] as const) {
      const their = await kidOf(tenant, algorithm)
      await swap([foundation.code, rsa], [tenant, their])
      expect((await decide()).statusCode).toBe(500)
      expect(await countAwards()).toBe(0)
      await swap([foundation.code, rsa], [tenant, their])
    }
    expect((await decide()).statusCode).toBe(201)
  })

  test('swapped while the service has the right key open in memory: refused as well', async () => {
    const other = await givenFoundation(service, { module: false })
    const rsa = await kidOf(foundation.code, 'RS256')
    const { decide } = await givenApplication(service, foundation, 'antti')
    const their = await kidOf(other.code, 'RS256')
    await swap([foundation.code, rsa], [other.code, their])
    expect((await decide()).statusCode).toBe(500)
    await swap([foundation.code, rsa], [other.code, their])
    expect((await decide()).statusCode).toBe(201)
  })

  test('the database refuses to change a key’s halves or to take a compromise back, to everybody who does not own the table', async () => {
    const { db } = service.database
    await expect(
      db.transaction().execute(async (trx) => {
        await sql`select set_config('app.tenant', ${foundation.code}, true)`.execute(trx)
        await sql`update signing_key set private_sealed = '\\x00'`.execute(trx)
      }),
    ).rejects.toMatchObject({ code: '23514' })
  })
})

describe('S-20: the vault', () => {
  const kek = { version: '1', key: Buffer.alloc(32, 7) }
  const vault = createVault(kek)
  const key = vault.newDataKey({ tenant: 'mer1', owner: 'rsa-1' })
  const sealed = vault.seal(key, 'signing-key', Buffer.from('private'))

  test('what is sealed opens as it was', () => {
    expect(vault.open(key, 'signing-key', sealed).toString()).toBe('private')
  })

  test.each([
    ['another tenant', { ...key, tenant: 'tor2' }, 'signing-key'],
    ['another key', { ...key, owner: 'rsa-2' }, 'signing-key'],
    ['another purpose', key, 'client.name'],
  ] as const)('under %s it does not open', (_, other, purpose) => {
    expect(() => vault.open(other, purpose, sealed)).toThrow('authenticate')
  })

  test.each([0, 13, 29])('nor with byte %i changed', (place) => {
    const changed = Buffer.from(sealed)
    changed.writeUInt8(changed.readUInt8(place) ^ 1, place)
    expect(() => vault.open(key, 'signing-key', changed)).toThrow('authenticate')
  })

  test('nor when the tag is cut short', () => {
    expect(() => vault.open(key, 'signing-key', sealed.subarray(0, 20))).toThrow()
  })
})
