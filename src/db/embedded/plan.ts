import { join } from 'node:path'
import type { RunAs } from './run-as.ts'

/** What the watcher is told to do: one JSON argument. Holds no secret, because arguments can be read by everybody on the machine. */
export type Plan = {
  /** The folder of this database: `cluster/`, `password`, `server.log`, `watcher.pid`. */
  readonly home: string
  /** Where `initdb` and `postgres` are. */
  readonly binaries: string
  readonly user?: RunAs
  readonly port: number
  /** False: nothing is forced to disk. For tests and throw-away databases only. */
  readonly durable: boolean
  /** The server's user may not pass through the folders above: it is started inside its folder and names that `/proc/self/cwd`. */
  readonly enclosed: boolean
  /** Removed when the server has stopped. */
  readonly removeAtEnd: readonly string[]
}

/** The cluster's superuser: the owner role of the embedded database. */
export const ownerName = 'osaamispassi'

export const clusterOf = (home: string): string => join(home, 'cluster')
export const passwordOf = (home: string): string => join(home, 'password')
export const logOf = (home: string): string => join(home, 'server.log')
export const watcherOf = (home: string): string => join(home, 'watcher.pid')

/** Arguments of `initdb`. The cluster is the working directory, the password lies beside it. */
export function initdbArguments(plan: Plan, cluster: string): string[] {
  const where = ['-D', plan.enclosed ? '/proc/self/cwd' : cluster]
  const access = ['-U', ownerName, '--pwfile=../password', '--auth=scram-sha-256']
  const words = ['-E', 'UTF8', '--locale=C', '--locale-provider=icu', '--icu-locale=fi-FI']
  return [...where, ...access, ...words, '--no-instructions', ...(plan.durable ? [] : ['--no-sync'])]
}

/** Arguments of `postgres`: loopback only, no socket file, and no words of statements or rows in its log (S-50). */
export function serverArguments(plan: Plan): string[] {
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    port: String(plan.port),
    unix_socket_directories: '',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    ...(plan.durable
      ? {}
      : {
          fsync: 'off',
          synchronous_commit: 'off',
          full_page_writes: 'off',
          wal_level: 'minimal',
          max_wal_senders: '0',
        }),
  }
  const asArguments = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  return ['-D', plan.enclosed ? '/proc/self/cwd' : clusterOf(plan.home), ...asArguments]
}
