import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Config, loadConfig } from '../config.ts'
import { CouldNotReach } from '../could-not-reach.ts'
import type { Verdict } from '../credentials/verdict.ts'
import { type OpenedDatabase, openDatabase } from '../database-server.ts'
import { connect } from '../db/connect.ts'
import { CannotStartDatabase } from '../db/embedded/faults.ts'
import { clusterOf } from '../db/embedded/plan.ts'
import { createVault } from '../keys/vault.ts'
import { createDoor } from '../verification/door.ts'
import { askSecondOpinion } from '../verification/second-opinion.ts'
import { verifyPresented } from '../verification/verify.ts'
import { verify } from '../credentials/verify.ts'
import type { Io } from './command.ts'

/** Verifies like the service does, and is closed afterwards. */
export type OwnVerifier = {
  readonly verify: (bytes: Uint8Array, at: Date, recipient: string | undefined) => Promise<Verdict>
  readonly close: () => Promise<void>
}

/**
 * The service's own way of verifying: badges of our own from the database of the settings, others through the door. Where no database was
 * ever set up none is made for this; then every badge is a foreign one. Throws `BadSettings`, `CouldNotReach` or `CannotStartDatabase`.
 */
export async function openOwnVerifier(io: Pick<Io, 'env' | 'err'>): Promise<OwnVerifier> {
  const config = loadConfig(io.env)
  const door = createDoor(config)
  if (config.databaseUrl === undefined && !existsSync(clusterOf(join(config.dataDir, 'pg')))) {
    io.err(
      'There is no database here: every badge is checked as a foreign one. Give --world FILE, or the settings of your service.\n',
    )
    return {
      verify: async (bytes, at, recipient) =>
        await verify(bytes, door.forOne(), {
          at,
          secondOpinion: askSecondOpinion,
          ...(recipient === undefined ? {} : { recipient }),
        }),
      close: async () => await Promise.resolve(),
    }
  }
  const opened = await open(config, io.env)
  const { kekCurrent, kekPrevious } = opened.secrets
  const db = connect(opened.serviceUrl, { max: 1, applicationName: 'osaamispassi-verify', onError: () => undefined })
  const deps = { db, config, door, vault: createVault(kekCurrent, kekPrevious), now: (): Date => new Date() }
  return {
    verify: async (bytes, at, recipient) => await verifyPresented(deps, { bytes, recipient }, at),
    close: async () => {
      await db.destroy()
      await opened.stop()
    },
  }
}

async function open(config: Config, env: NodeJS.ProcessEnv): Promise<OpenedDatabase> {
  try {
    return await openDatabase(config, env)
  } catch (cause) {
    if (!(cause instanceof CannotStartDatabase)) throw cause
    throw new CouldNotReach(`${cause.message} Or give --world FILE, or use the service's page /tarkista.`, { cause })
  }
}
