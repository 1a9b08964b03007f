import { type Config, loadConfig } from '../config.ts'
import { openDatabase } from '../database-server.ts'
import { connect } from '../db/connect.ts'
import type { Db } from '../db/database.ts'
import { createDeps, type Deps } from '../deps.ts'
import { createVault } from '../keys/vault.ts'
import type { Io } from './command.ts'

/** The service's own parts for a command, with the owner's way into the database for what only maintenance does. */
export type CommandDeps = Deps & { readonly ownerDb: Db; readonly config: Config }

/**
 * Opens the database of the settings, does the work, and closes everything whatever happens. An embedded one must be there, unless the
 * command is one that `mayMake` it.
 */
export async function withService<T>(
  io: Pick<Io, 'env'>,
  work: (deps: CommandDeps) => Promise<T>,
  { mayMake = false }: { readonly mayMake?: boolean } = {},
): Promise<T> {
  const config = loadConfig(io.env)
  const opened = await openDatabase(config, io.env, { existing: !mayMake })
  const of = (url: string): Db =>
    connect(url, { max: 1, applicationName: 'osaamispassi-cli', onError: () => undefined })
  const [db, ownerDb] = [of(opened.serviceUrl), of(opened.ownerUrl)]
  const { kekCurrent, kekPrevious } = opened.secrets
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined }
  const deps = createDeps({
    config,
    secrets: opened.secrets,
    db,
    vault: createVault(kekCurrent, kekPrevious),
    log: silent,
  })
  try {
    return await work({ ...deps, ownerDb })
  } finally {
    await Promise.all([db.destroy(), ownerDb.destroy()])
    await opened.stop()
  }
}
