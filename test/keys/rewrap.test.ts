import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { decideApplication } from '../../src/awards/award.ts'
import { createIssuing } from '../../src/awards/issuing.ts'
import { clientKey, openFor } from '../../src/clients/client-key.ts'
import { verify } from '../../src/credentials/verify.ts'
import { listKeys } from '../../src/keys/list.ts'
import { countByKek, rewrapKeys, wrappedTables } from '../../src/keys/rewrap.ts'
import { openerOf } from '../../src/keys/signing-keys.ts'
import { createVault, NoSuchKek, type Vault } from '../../src/keys/vault.ts'
import { lookAtOwn } from '../../src/publication/look.ts'
import { drawSecrets } from '../../src/secrets.ts'
import { givenApplication } from '../awards/given-application.ts'
import { accept, givenOffered, publicOrigin } from '../publication/given-award.ts'
import { startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'

// S-21: the key-encryption key changes, the work is killed and goes on, and the old key can go.

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))
const newKek = { version: '2', key: Buffer.from(drawSecrets()['KEK_CURRENT']?.slice(2) ?? '', 'base64') }
const clients = 1500

let service: TestService
let foundation: Foundation
/** Antti's application, which waits. */
let waiting: string
beforeAll(async () => {
  service = await startService({ publicOrigin })
  foundation = await givenFoundation(service)
  await accept(foundation, await givenOffered(foundation))
  waiting = (await givenApplication(service, foundation, 'antti')).id
  await manyClients()
})
afterAll(async () => await service.close())

/** As many people as it takes for a kill to come between two of them. */
async function manyClients(): Promise<void> {
  const { vault } = service.deps
  const made = Array.from({ length: clients }, () => {
    const id = service.deps.newId()
    const key = vault.newDataKey({ tenant: foundation.code, owner: id })
    const sealed = vault.sealText(key, 'client.name', JSON.stringify({ given: id, family: 'M' }))
    return {
      id,
      data_key: key.dataKey.toString('hex'),
      kek_version: key.kekVersion,
      name_sealed: sealed.toString('hex'),
    }
  })
  await sql`insert into client (tenant_id, id, data_key, kek_version, name_sealed, created_at)
    select ${foundation.code}, r.id, decode(r.data_key, 'hex'), r.kek_version, decode(r.name_sealed, 'hex'), now()
    from jsonb_to_recordset(${JSON.stringify(made)}::jsonb) as r (id uuid, data_key text, kek_version text, name_sealed text)`.execute(
    service.database.ownerDb,
  )
}

type Ran = { readonly child: ChildProcess; readonly said: () => string; readonly ended: Promise<number | string> }

/** `cli keys rewrap` in a process of its own, on the test's database. */
function rewrap(previous: readonly string[] = [inject('server').secrets['KEK_CURRENT'] ?? '']): Ran {
  const child = spawn(process.execPath, [main, 'keys', 'rewrap'], {
    env: {
      ...inject('server').secrets,
      DATABASE_URL: service.database.ownerUrl,
      KEK_CURRENT: `${newKek.version}:${newKek.key.toString('base64')}`,
      KEK_PREVIOUS: previous.join(','),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stdout.on('data', (part: Buffer) => (said += part.toString()))
  child.stderr.on('data', (part: Buffer) => (said += part.toString()))
  const ended = once(child, 'exit').then(([code, signal]: (number | string | null)[]) => code ?? signal ?? '')
  return { child, said: () => said, ended }
}

const counts = async (): Promise<Readonly<Record<string, number>>> =>
  Object.fromEntries(await countByKek(service.deps.db, [foundation.code]))

/** Everything sealed in the foundation, opened by this vault. Throws at the first that does not open. */
async function openAll(vault: Vault): Promise<number> {
  const { ownerDb } = service.database
  const keys = await ownerDb.selectFrom('signing_key').selectAll().where('tenant_id', '=', foundation.code).execute()
  for (const key of keys) openerOf(vault)(key)
  const people = await ownerDb.selectFrom('client').selectAll().where('tenant_id', '=', foundation.code).execute()
  for (const one of people) openFor(vault, clientKey(one), 'client.name', one.name_sealed)
  return keys.length + people.length
}

describe('S-21: a change of the key-encryption key', () => {
  test('killed half-way and run again it wraps everything once, and the old key is needed no more', async () => {
    const before = await counts()
    const all = before['1'] ?? 0
    expect(before).toEqual({ 1: all })
    expect(all).toBeGreaterThan(clients)
    const sealed = await sealedNow()

    const first = rewrap()
    await expect.poll(() => first.said(), { timeout: 30_000 }).toMatch(/Wrapping keys [1-9]0 %/)
    first.child.kill('SIGKILL')
    expect(await first.ended).toBe('SIGKILL')
    const half = await counts()
    expect(half['2']).toBeGreaterThan(0)
    expect(half['1']).toBeGreaterThan(0)
    // Half-way both are needed, and both together open everything.
    const both = createVault(newKek, [service.database.secrets.kekCurrent])
    expect(await openAll(both)).toBe(clients + 2 + 2)

    const second = rewrap()
    expect(await second.ended, second.said()).toBe(0)
    expect(second.said()).toMatch(/KEK 1 is no longer needed/)
    expect(await counts()).toEqual({ 2: all })
    expect(await openAll(createVault(newKek))).toBe(clients + 2 + 2)
    await expect(openAll(createVault(service.database.secrets.kekCurrent))).rejects.toThrow(NoSuchKek)
    // What the data keys seal was not touched: no private key was opened, written or said.
    expect(await sealedNow()).toEqual(sealed)
    expect(first.said() + second.said()).not.toMatch(/PRIVATE|BEGIN|[A-Za-z0-9+/]{43}=/)
  }, 90_000)

  test('every badge still verifies, and the service with the new key alone awards another', async () => {
    expect(await awardWithNewKek()).toBe(true)
    const awards = await service.database.ownerDb
      .selectFrom('award')
      .select(['ob2_jws', 'ob3_jwt'])
      .where('tenant_id', '=', foundation.code)
      .execute()
    expect(awards).toHaveLength(2)
    const look = lookAtOwn({ ...service.deps, vault: createVault(newKek) })
    for (const text of awards.flatMap((award) => [award.ob2_jws, award.ob3_jwt])) {
      expect((await verify(Buffer.from(text), look, { at: service.deps.now() })).verdict).toBe('valid')
    }
  })

  test('run once more it has nothing to do', async () => {
    const third = rewrap([])
    expect(await third.ended, third.said()).toBe(0)
    expect(third.said()).toContain('0 keys were wrapped anew')
  })

  test('without a key that still wraps something it stops and says which one is missing', async () => {
    const later = { version: '3', key: Buffer.alloc(32, 3) }
    const deps = { db: service.deps.db, vault: createVault(later) }
    await expect(rewrapKeys(deps, [foundation.code])).rejects.toMatchObject({ version: '2' })
    expect(Object.keys(await counts())).toEqual(['2'])
  })

  test('every table that keeps wrapped keys is wrapped anew', async () => {
    const { rows } = await sql<{ name: string }>`select table_name as name from information_schema.columns
      where table_schema = 'public' and column_name = 'kek_version' order by 1`.execute(service.database.ownerDb)
    expect(rows.map(({ name }) => name)).toEqual(wrappedTables.map(({ table }) => table).toSorted())
    expect((await listKeys(service.deps.db, foundation.code)).every((key) => key.kekVersion === '2')).toBe(true)
  })
})

/** All that is sealed under data keys, as a digest for each table. */
async function sealedNow(): Promise<unknown> {
  const { rows } = await sql`
    select (select md5(string_agg(private_sealed::text, ',' order by kid)) from signing_key where tenant_id = ${foundation.code}) as keys,
      (select md5(string_agg(name_sealed::text, ',' order by id)) from client where tenant_id = ${foundation.code}) as names`.execute(
    service.database.ownerDb,
  )
  return rows
}

/** The rule with a vault of the new key alone: what the service does when it was started with it. */
async function awardWithNewKek(): Promise<boolean> {
  const { deps, database } = service
  const vault = createVault(newKek)
  const session = await database.ownerDb
    .selectFrom('session')
    .select('id')
    .where('tenant_id', '=', foundation.code)
    .where('account_id', '=', foundation.accounts.kaisa)
    .where('ended_at', 'is', null)
    .where('wants', 'is', null)
    .executeTakeFirstOrThrow()
  const { created } = await decideApplication(
    { ...deps, vault, issuing: createIssuing({ ...deps, vault }) },
    { tenant: foundation.code, sessionId: session.id },
    { id: waiting, outcome: 'award', idempotencyKey: 'new-kek' },
    deps.now(),
  )
  return created
}
