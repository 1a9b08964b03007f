import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { connect as connectTo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { isAlive } from '../../src/db/embedded/alive.ts'
import { findBinaries } from '../../src/db/embedded/binaries.ts'
import { clusterOf, passwordOf, watcherOf } from '../../src/db/embedded/plan.ts'
import { chooseUser } from '../../src/db/embedded/run-as.ts'
import { startEmbedded } from '../../src/db/embedded/start.ts'

let dataDir: string
const holders: ChildProcess[] = []
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'embedded-test-'))
})
afterEach(async () => {
  for (const holder of holders.splice(0)) holder.kill('SIGKILL')
  await expect.poll(async () => await serverPid(dataDir), { timeout: 10_000 }).toBeUndefined()
  await rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
})

/** Starts a process that holds a server; gives it and the server's address. */
async function hold(place: string): Promise<{ process: ChildProcess; ownerUrl: string }> {
  const holder = spawnHolder(place)
  const said: unknown[] = await once(holder.stdout, 'data')
  return { process: holder, ownerUrl: String(said[0]).trim() }
}

function spawnHolder(place: string): ReturnType<typeof spawnPiped> {
  const holder = spawnPiped(place)
  holders.push(holder)
  return holder
}

function spawnPiped(place: string) {
  const script = fileURLToPath(new URL('../support/hold-database.ts', import.meta.url))
  return spawn(process.execPath, [script, place], { stdio: ['ignore', 'pipe', 'inherit'] })
}

async function serverPid(dir: string): Promise<number | undefined> {
  const lock = await readFile(join(clusterOf(join(dir, 'pg')), 'postmaster.pid'), 'utf8').catch(() => undefined)
  return lock === undefined ? undefined : Number(lock.split('\n')[0])
}

async function accepts(url: string): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connectTo(Number(new URL(url).port), '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

async function ask(url: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const answer = await client.query<Record<string, unknown>>(statement)
  await client.end()
  return answer.rows
}

describe('our own PostgreSQL', () => {
  test('keeps its rows from one start to the next, with a password that only we can read', async () => {
    const first = await startEmbedded({ dataDir, durable: false })
    await ask(first.ownerUrl, 'create table kept as select 7 as n')
    await first.stop()
    expect(await accepts(first.ownerUrl)).toBe(false)

    const home = join(dataDir, 'pg')
    expect((await stat(passwordOf(home))).mode & 0o777).toBe(0o600)
    expect((await stat(clusterOf(home))).mode & 0o777).toBe(0o700)

    const second = await startEmbedded({ dataDir, durable: false })
    expect(await ask(second.ownerUrl, 'select n from kept')).toEqual([{ n: 7 }])
    await second.stop()
  })

  test('listens on loopback only, speaks UTF-8 and sorts as Finns do', async () => {
    const server = await startEmbedded({ temporary: true })
    const rows = await ask(
      server.ownerUrl,
      `select current_setting('listen_addresses') as listens, current_setting('unix_socket_directories') as sockets,
              current_setting('server_encoding') as encoding, (select string_agg(w, '' order by w) from unnest(array['ö','a','å','z','ä']) w) as sorted`,
    )
    expect(rows).toEqual([{ listens: '127.0.0.1', sockets: '', encoding: 'UTF8', sorted: 'azåäö' }])
    const guessed = new URL(server.ownerUrl)
    guessed.password = 'postgres'
    await expect(ask(guessed.href, 'select 1')).rejects.toThrow('password authentication failed')
    await server.stop()
  })

  test('a second start beside the first is refused in one sentence, and the first goes on', async () => {
    const first = await startEmbedded({ dataDir, durable: false })
    await expect(startEmbedded({ dataDir })).rejects.toThrow(
      /^Another process already uses the database in .+: stop it first/,
    )
    expect(await ask(first.ownerUrl, 'select 1 as one')).toEqual([{ one: 1 }])
    await first.stop()
  })
})

describe('kill -9 leaves nothing behind', () => {
  test('of the process that holds the server: it stops, and the next start is clean', async () => {
    const held = await hold(dataDir)
    await ask(held.ownerUrl, 'create table kept as select 7 as n')
    const pid = await serverPid(dataDir)
    held.process.kill('SIGKILL')

    const next = await startEmbedded({ dataDir, durable: false })
    expect(isAlive(pid ?? 0)).toBe(false)
    expect(await accepts(held.ownerUrl)).toBe(false)
    expect(await ask(next.ownerUrl, 'select n from kept')).toEqual([{ n: 7 }])
    await next.stop()
  })

  test('of a throw-away server: its files go too', async () => {
    const held = await hold('temporary')
    const [row] = await ask(held.ownerUrl, `select current_setting('data_directory') as folder`)
    const folder = String(row && typeof row === 'object' && 'folder' in row ? row.folder : '')
    expect(await stat(folder).then(() => true)).toBe(true)
    held.process.kill('SIGKILL')
    await expect.poll(async () => await stat(folder).catch(() => 'gone'), { timeout: 5000 }).toBe('gone')
    expect(await accepts(held.ownerUrl)).toBe(false)
  })

  test('while the database is being made: no half database', async () => {
    const holder = spawnHolder(dataDir)
    await expect
      .poll(async () => (await readdir(dataDir)).some((name) => name.startsWith('pg.new-')), {
        interval: 5,
        timeout: 10_000,
      })
      .toBe(true)
    holder.kill('SIGKILL')
    await expect.poll(async () => await readdir(dataDir), { timeout: 5000 }).toEqual([])
    await (await startEmbedded({ dataDir, durable: false })).stop()
  })

  test('of the watcher itself: the next start finds the server without one and stops it', async () => {
    const held = await hold(dataDir)
    const watcher = Number(await readFile(watcherOf(join(dataDir, 'pg')), 'utf8'))
    process.kill(watcher, 'SIGKILL')
    await expect.poll(() => isAlive(watcher)).toBe(false)
    expect(await accepts(held.ownerUrl)).toBe(true)

    const next = await startEmbedded({ dataDir, durable: false })
    expect(await accepts(held.ownerUrl)).toBe(false)
    await next.stop()
  })

  test('of the server: the next start recovers at once', async () => {
    const held = await hold(dataDir)
    process.kill((await serverPid(dataDir)) ?? 0, 'SIGKILL')
    const next = await startEmbedded({ dataDir, durable: false })
    expect(await ask(next.ownerUrl, 'select 1 as one')).toEqual([{ one: 1 }])
    held.process.kill('SIGKILL')
    await next.stop()
  })
})

describe('a folder that the server’s user may not enter', () => {
  test('holds the database all the same', async () => {
    // As root the server runs as another user; as an ordinary user this is an ordinary folder.
    const closed = join(dataDir, 'closed')
    await mkdir(closed, { mode: 0o700 })
    const server = await startEmbedded({ dataDir: closed, durable: false })
    await ask(server.ownerUrl, 'create table kept as select 7 as n')
    expect(await ask(server.ownerUrl, `select pg_reload_conf() as reloaded`)).toEqual([{ reloaded: true }])
    await server.stop()
    const again = await startEmbedded({ dataDir: closed, durable: false })
    expect(await ask(again.ownerUrl, 'select n from kept')).toEqual([{ n: 7 }])
    await again.stop()
  })

  test('holds the programs: they are copied to where they can be run, and their missing links are made', async () => {
    const user = chooseUser()
    const installed = await findBinaries(user)
    const closed = join(dataDir, 'closed')
    const home = join(closed, 'package')
    await cp(join(installed.folder, '..', '..'), home, { recursive: true, verbatimSymlinks: true })
    for (const entry of await readdir(join(home, 'native', 'lib'), { withFileTypes: true }))
      if (entry.isSymbolicLink()) await rm(join(home, 'native', 'lib', entry.name))
    // Root writes anywhere but its server's user may not come here; an ordinary user cannot make the links here.
    await chmod(user ? closed : join(home, 'native', 'lib'), user ? 0o700 : 0o555)

    const found = await findBinaries(user, home)
    expect(found.copiedTo).toBeDefined()
    expect(found.folder.startsWith(found.copiedTo ?? 'nowhere')).toBe(true)
    await chmod(user ? closed : join(home, 'native', 'lib'), 0o755)
    for (const copy of [installed.copiedTo, found.copiedTo]) if (copy !== undefined) await rm(copy, { recursive: true })
  })
})
