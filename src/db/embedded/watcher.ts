/**
 * A small process of its own that makes the cluster when there is none, runs the server, and stops it when the pipe on its standard input
 * closes. The other end of that pipe is the service: however that ends, also by kill -9, the server is stopped and nothing is left behind.
 * It reports one line on standard output: `ready`, or `failed` with the reason as JSON.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { closeSync, openSync } from 'node:fs'
import { access, chown, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isAlive } from './alive.ts'
import { clusterOf, initdbArguments, logOf, passwordOf, type Plan, serverArguments, watcherOf } from './plan.ts'

// The one door through which the plan comes in: written by start.ts of the same version.
const plan = JSON.parse(process.argv[2] ?? '') as Plan
const user = plan.user ? { uid: plan.user.uid, gid: plan.user.gid } : {}
const environment = { LC_ALL: 'C', TZ: 'UTC' }

let running: ChildProcess | undefined
let stopSignal: NodeJS.Signals = 'SIGKILL'
const asked = { toStop: false }

process.stdin.resume()
process.stdin.on('close', () => void stop())
// The reader of our one line may be gone already.
process.stdout.on('error', () => undefined)
// Ctrl-C and a closed terminal are the service's to answer; the pipe alone decides here.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)

let exitCode = 1
try {
  await makeClusterWhenMissing()
  exitCode = await serve()
} catch (error) {
  report(`failed ${JSON.stringify(error instanceof Error ? error.message : String(error))}`)
} finally {
  for (const folder of plan.removeAtEnd) await rm(folder, { recursive: true, force: true, maxRetries: 5 })
}
process.exit(exitCode)

async function stop(): Promise<void> {
  if (asked.toStop) return
  asked.toStop = true
  running?.kill(stopSignal)
  if (stopSignal !== 'SIGINT') return
  // Fast shutdown takes well under a second; these are for a disk or a machine that hangs.
  await sleep(15_000, undefined, { ref: false })
  running?.kill('SIGQUIT')
  await sleep(5_000, undefined, { ref: false })
  running?.kill('SIGKILL')
}

/** Made under another name and renamed, so that a crash half-way leaves no half cluster and two starts at once make one. */
async function makeClusterWhenMissing(): Promise<void> {
  if (await exists(join(clusterOf(plan.home), 'PG_VERSION'))) return
  await removeLeftovers()
  const fresh = `${plan.home}.new-${process.pid}`
  const cluster = clusterOf(fresh)
  try {
    await mkdir(cluster, { recursive: true, mode: 0o700 })
    await writeFile(passwordOf(fresh), randomBytes(24).toString('base64url'), { mode: 0o600 })
    for (const path of [fresh, cluster, passwordOf(fresh)])
      if (plan.user) await chown(path, plan.user.uid, plan.user.gid)
    await initdb(cluster)
    await rename(fresh, plan.home).catch(async (error: unknown) => {
      if (!(await exists(clusterOf(plan.home)))) throw error
    })
  } finally {
    await rm(fresh, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function removeLeftovers(): Promise<void> {
  const prefix = `${basename(plan.home)}.new-`
  for (const name of await readdir(dirname(plan.home))) {
    if (!name.startsWith(prefix) || isAlive(Number(name.slice(prefix.length)))) continue
    await rm(join(dirname(plan.home), name), { recursive: true, force: true })
  }
}

async function initdb(cluster: string): Promise<void> {
  const made = spawn(join(plan.binaries, 'initdb'), initdbArguments(plan, cluster), {
    ...user,
    cwd: cluster,
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  made.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const code = await ended(made, 'SIGKILL')
  if (asked.toStop) throw new Error('stopped while the database was being made')
  if (code !== 0) throw new Error(`initdb: ${said.trim()}`)
}

/** Runs the server until it ends. Gives the exit code of this process: 0 when we stopped it. */
async function serve(): Promise<number> {
  if (asked.toStop) return 0
  const log = openSync(logOf(plan.home), 'w', 0o600)
  const server = spawn(join(plan.binaries, 'postgres'), serverArguments(plan), {
    ...user,
    cwd: clusterOf(plan.home),
    env: environment,
    stdio: ['ignore', log, log],
    // In a process group of its own, out of reach of the terminal.
    detached: true,
  })
  closeSync(log)
  const end = ended(server, 'SIGINT')
  void announce(server)
  await end
  if (!asked.toStop) throw new Error(await lastWords())
  return 0
}

/** The server writes its state into its lock file: `ready` on the eighth line. */
async function announce(server: ChildProcess): Promise<void> {
  const lock = join(clusterOf(plan.home), 'postmaster.pid')
  while (server.exitCode === null && server.signalCode === null && !asked.toStop) {
    const lines = (await readFile(lock, 'utf8').catch(() => '')).split('\n')
    if (lines[0] === String(server.pid) && lines[7]?.trim() === 'ready') {
      await writeFile(watcherOf(plan.home), `${process.pid}\n`)
      report('ready')
      return
    }
    await sleep(10)
  }
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  running = child
  stopSignal = signal
  if (asked.toStop) child.kill(signal)
  try {
    return await new Promise((resolve, reject) => child.once('exit', resolve).once('error', reject))
  } finally {
    running = undefined
  }
}

async function lastWords(): Promise<string> {
  const lines = (await readFile(logOf(plan.home), 'utf8')).trim().split('\n')
  return lines.filter((line) => /FATAL|PANIC|HINT|could not/.test(line)).join('\n') || lines.slice(-3).join('\n')
}

function report(line: string): void {
  process.stdout.write(`${line}\n`)
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  )
}
