import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import { emptyDatabase, freshDatabase } from '../support/database.ts'

let dataDir: string
const started: ChildProcess[] = []
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'serve-test-'))
})
afterEach(async () => {
  for (const service of started.splice(0)) service.kill('SIGKILL')
  await serverIsGone()
  await rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
})

type Service = { readonly process: ChildProcess; readonly said: () => string; readonly ended: Promise<number | null> }

function start(env: Record<string, string>): Service {
  const program = fileURLToPath(new URL('../../bin/osaamispassi.js', import.meta.url))
  const service = spawn(process.execPath, [program, 'serve'], {
    env: { PORT: '0', PUBLIC_ORIGIN: 'http://localhost', DATA_DIR: dataDir, LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  started.push(service)
  let said = ''
  service.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const ended = once(service, 'exit').then(([code]: (number | null)[]) => code ?? null)
  return { process: service, said: () => said, ended }
}

async function address(service: Service): Promise<string> {
  const pattern = /listens on (\S+) /
  await expect.poll(() => service.said(), { timeout: 20_000 }).toMatch(pattern)
  return pattern.exec(service.said())?.[1] ?? ''
}

async function serverIsGone(): Promise<void> {
  const lock = join(dataDir, 'pg', 'cluster', 'postmaster.pid')
  await expect.poll(async () => await stat(lock).catch(() => 'gone'), { timeout: 5000 }).toBe('gone')
}

test('on its own database from nothing: ready, and SIGTERM ends it and the server cleanly', async () => {
  const service = start({})
  const origin = await address(service)
  expect((await fetch(`${origin}/health/live`)).status).toBe(200)
  expect((await fetch(`${origin}/health/ready`)).status).toBe(200)
  service.process.kill('SIGTERM')
  expect(await service.ended).toBe(0)
  await serverIsGone()
})

test('kill -9 leaves no server, and the next start is clean', async () => {
  const first = start({})
  await address(first)
  first.process.kill('SIGKILL')
  await first.ended
  const second = start({})
  expect((await fetch(`${await address(second)}/health/ready`)).status).toBe(200)
  second.process.kill('SIGINT')
  expect(await second.ended).toBe(0)
})

test('refuses a database of one’s own that was not migrated', async () => {
  const empty = await emptyDatabase()
  const service = start({ ...inject('server').secrets, DATABASE_URL: empty.ownerUrl })
  expect(await service.ended).toBe(3)
  expect(service.said()).toContain('run npm run migrate first')
  await empty.close()
})

test('says which port is taken', async () => {
  const database = await freshDatabase()
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const taken = other.address()
  const port = typeof taken === 'object' && taken ? String(taken.port) : ''
  const service = start({ ...inject('server').secrets, DATABASE_URL: database.ownerUrl, PORT: port })
  expect(await service.ended).toBe(3)
  expect(service.said()).toContain(`PORT: ${port} is taken`)
  other.close()
  await database.close()
})
