import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { findBinaries } from './binaries.ts'
import { CannotStartDatabase } from './faults.ts'
import { freeFromOrphan, holderOf } from './holder.ts'
import { clusterOf, ownerName, passwordOf, type Plan } from './plan.ts'
import { canEnter, chooseUser, type RunAs } from './run-as.ts'

export type EmbeddedServer = {
  /** Connection string of the cluster's superuser, to its database `postgres`. */
  readonly ownerUrl: string
  /** Stops the server (fast shutdown) and, when temporary, removes its files. */
  readonly stop: () => Promise<void>
}

export type EmbeddedOptions =
  | { readonly temporary: true; readonly durable?: boolean }
  | { readonly temporary?: false; readonly dataDir: string; readonly durable?: boolean }

/**
 * Starts our own PostgreSQL for `npm start`, the demo and tests: in `dataDir/pg`, or with `temporary` in a folder that goes away with it.
 * Loopback only, random password, free port. Whatever happens to this process, the server ends with it (watcher.ts).
 * Throws `CannotStartDatabase` with one sentence when this system cannot, or another process has the folder in use.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const home = options.temporary
    ? join(tmpdir(), `osaamispassi-${randomBytes(6).toString('hex')}`)
    : homeIn(options.dataDir)
  mkdirSync(dirname(home), { recursive: true })
  const user = userFor(home)
  const enclosed = !canEnter(dirname(home), user)
  if (enclosed && process.platform !== 'linux')
    throw new CannotStartDatabase(
      `The user ${user?.name ?? ''} cannot enter ${dirname(home)}: choose another DATA_DIR.`,
    )

  const deadline = Date.now() + 10_000
  for (;;) {
    const { folder, copiedTo } = await findBinaries(user)
    const removeAtEnd = [...(options.temporary ? [home] : []), ...(copiedTo ? [copiedTo] : [])]
    const durable = options.durable ?? !options.temporary
    const port = await freePort()
    const tried = await run({ home, binaries: folder, ...(user && { user }), port, durable, enclosed, removeAtEnd })
    if (tried.state === 'ready') return { ownerUrl: await urlOf(home, port), stop: tried.stop }
    await waitOrRefuse(home, tried.reason, Date.now() > deadline)
  }
}

function homeIn(dataDir: string): string {
  return join(resolve(dataDir), 'pg')
}

/** Is a database of ours in this folder already? */
export function isEmbeddedIn(dataDir: string): boolean {
  return existsSync(clusterOf(homeIn(dataDir)))
}

/** As root: whoever owns the cluster already, else a user chosen now. */
function userFor(home: string): RunAs | undefined {
  const chosen = chooseUser()
  const owner = statSync(clusterOf(home), { throwIfNoEntry: false })
  if (!chosen || !owner || owner.uid === 0) return chosen
  return { name: String(owner.uid), uid: owner.uid, gid: owner.gid }
}

type Tried =
  | { readonly state: 'ready'; readonly stop: () => Promise<void> }
  | { readonly state: 'failed'; readonly reason: string }

async function run(plan: Plan): Promise<Tried> {
  const watcher = spawn(
    process.execPath,
    [fileURLToPath(new URL('watcher.ts', import.meta.url)), JSON.stringify(plan)],
    {
      stdio: ['pipe', 'pipe', 'ignore'],
      detached: true,
      cwd: '/',
    },
  )
  const ended = new Promise<void>((done) => watcher.once('close', () => done()))
  watcher.stdin.on('error', () => undefined)
  let said = ''
  const firstLine = new Promise<void>((done) => {
    watcher.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (said.includes('\n')) done()
    })
  })
  await Promise.race([firstLine, ended])
  if (!said.startsWith('ready')) {
    await ended
    return { state: 'failed', reason: reasonIn(said) }
  }
  // A program that forgets to stop the server may still end; the pipe closes with it.
  watcher.unref()
  for (const pipe of [watcher.stdin, watcher.stdout]) if (pipe instanceof Socket) pipe.unref()
  return {
    state: 'ready',
    stop: async () => {
      watcher.ref()
      watcher.stdin.end()
      await ended
    },
  }
}

function reasonIn(said: string): string {
  const text = said.replace(/^failed /, '').trim()
  return text === '' ? 'its watcher ended without a word' : z.string().parse(JSON.parse(text))
}

/**
 * The folder is locked: by a service that runs (refused at once), by one that was killed a moment ago and whose server is just stopping, or by
 * the lingering number of a dead process (tried again for 10 s). The port may have been taken since we looked: tried again. All else is told.
 */
async function waitOrRefuse(home: string, reason: string, isLate: boolean): Promise<void> {
  const isLocked = reason.includes('lock file "postmaster.pid"') || reason.includes('pre-existing shared memory block')
  if (isLocked && !isLate) {
    const holder = await holderOf(home)
    if (holder === 'service')
      throw new CannotStartDatabase(
        `Another process already uses the database in ${home}: stop it first, or set another DATA_DIR.`,
      )
    if (holder === 'orphan') await freeFromOrphan(home)
    await sleep(200)
    return
  }
  if (reason.includes('could not create any TCP/IP sockets') && !isLate) return
  throw new CannotStartDatabase(`The database in ${home} could not be started. PostgreSQL says: ${reason}`)
}

async function urlOf(home: string, port: number): Promise<string> {
  return `postgresql://${ownerName}:${(await readFile(passwordOf(home), 'utf8')).trim()}@127.0.0.1:${port}/postgres`
}

async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no free port')),
      )
    })
  })
}
