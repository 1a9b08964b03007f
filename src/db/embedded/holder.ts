import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { isAlive } from './alive.ts'
import { clusterOf, ownerName, passwordOf, watcherOf } from './plan.ts'

/** Who has the folder in use: a running service; a server whose watcher was killed; nobody (a lock file that is only left over). */
export type Holder = 'service' | 'orphan' | 'nobody'

/**
 * Asks the server that the lock file names, with our own password: a process number alone proves nothing, because numbers are used again.
 * A service that was killed a moment ago still answers until its watcher has seen it: so it must go on answering for a second.
 */
export async function holderOf(home: string): Promise<Holder> {
  for (let tries = 0; tries < 5; tries += 1) {
    if (!(await answers(home))) return 'nobody'
    await sleep(200)
  }
  const watcher = Number(await readFile(watcherOf(home), 'utf8').catch(() => ''))
  return isAlive(watcher) ? 'service' : 'orphan'
}

/** Asks a server without a watcher to stop (fast shutdown). */
export async function freeFromOrphan(home: string): Promise<void> {
  const [pid] = await lockFile(home)
  if (pid !== undefined && pid > 1) process.kill(pid, 'SIGINT')
}

async function answers(home: string): Promise<boolean> {
  const [, port] = await lockFile(home)
  const password = await readFile(passwordOf(home), 'utf8').catch(() => undefined)
  if (port === undefined || password === undefined) return false
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: ownerName,
    password: password.trim(),
    database: 'postgres',
    connectionTimeoutMillis: 2000,
  })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** Process number and port of the lock file: its first and fourth line. */
async function lockFile(home: string): Promise<[pid: number | undefined, port: number | undefined]> {
  const lines = (await readFile(join(clusterOf(home), 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')
  return [numberIn(lines[0]), numberIn(lines[3])]
}

function numberIn(line: string | undefined): number | undefined {
  const number = Number.parseInt(line ?? '', 10)
  return Number.isSafeInteger(number) ? number : undefined
}
