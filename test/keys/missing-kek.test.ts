import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { missingKeks } from '../../src/keys/missing-kek.ts'
import { drawSecrets } from '../../src/secrets.ts'
import { startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'

// S-21: the old key-encryption key was taken out too early.

let service: TestService
let foundation: Foundation
let current: string
beforeAll(async () => {
  service = await startService()
  foundation = await givenFoundation(service, { module: false })
  current = service.deps.vault.kekVersion
})
afterAll(async () => await service.close())

async function wrapOne(version: string): Promise<void> {
  await sql`update client set kek_version = ${version} where id = ${foundation.clients.maija}`.execute(
    service.database.ownerDb,
  )
}

describe('what no given key opens', () => {
  test('is found before, between and behind the given versions, in each table, and only there', async () => {
    const find = async (...known: readonly string[]): Promise<readonly string[]> =>
      await missingKeks(service.deps.db, [foundation.code], known)
    expect(await find(current)).toEqual([])
    expect(await find(`${current}-old`, current, `${current}-new`)).toEqual([])
    for (const odd of ['0', 'A', 'a_', 'z-9', `${current}x`]) {
      await wrapOne(odd)
      expect(await find('M', current, 'm')).toEqual([odd])
      expect(await find('M', current, odd)).toEqual([])
    }
    await sql`update signing_key set kek_version = 'K' where tenant_id = ${foundation.code}`.execute(
      service.database.ownerDb,
    )
    expect(await find(current)).toEqual(['K', `${current}x`].toSorted())
    await sql`update signing_key set kek_version = ${current} where tenant_id = ${foundation.code}`.execute(
      service.database.ownerDb,
    )
    await wrapOne(current)
  })

  test('is asked by an index, whatever the number of clients', async () => {
    const { rows } = await service.database.ownerDb.transaction().execute(async (trx) => {
      await sql`set local enable_seqscan = off`.execute(trx)
      return await sql<{ 'QUERY PLAN': string }>`explain select kek_version from client
        where tenant_id = ${foundation.code} and kek_version collate "C" > '1' and octet_length(data_key) > 0 limit 1`.execute(
        trx,
      )
    })
    expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toMatch(/client_by_kek[\s\S]*kek_version[\s\S]*> '1'/)
  })
})

test('the service does not start, names the version and says what to do; with the old key it starts', async () => {
  const secrets = inject('server').secrets
  const old = secrets['KEK_CURRENT'] ?? ''
  const fresh = `new:${drawSecrets()['KEK_CURRENT']?.slice(2) ?? ''}`
  const without = await serve({ ...secrets, KEK_CURRENT: fresh })
  expect(without.code).toBe(3)
  expect(without.said).toContain(`still wrapped by version "${current}"`)
  expect(without.said).toContain('add it to KEK_PREVIOUS')
  expect(without.said).toContain('keys rewrap')
  expect(without.said).not.toContain(fresh.slice(4))
  const both = await serve({ ...secrets, KEK_CURRENT: fresh, KEK_PREVIOUS: old })
  expect(both.said).toContain('listens on')
  expect(both.code).toBe(0)
})

/** `serve` in a process of its own until it ends by itself, or listens and is told to stop. */
async function serve(env: Record<string, string>): Promise<{ readonly code: unknown; readonly said: string }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'missing-kek-'))
  const program = fileURLToPath(new URL('../../bin/osaamispassi.js', import.meta.url))
  const started = spawn(process.execPath, [program, 'serve'], {
    env: {
      PORT: '0',
      PUBLIC_ORIGIN: 'http://localhost',
      DATA_DIR: dataDir,
      LOG_LEVEL: 'warn',
      DATABASE_URL: service.database.ownerUrl,
      ...env,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  started.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString()
    if (said.includes('listens on')) started.kill('SIGTERM')
  })
  const code = await once(started, 'exit').then(([ended]: unknown[]) => ended)
  await rm(dataDir, { recursive: true, force: true })
  return { code, said }
}
