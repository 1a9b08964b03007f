import type { Db } from '../db/database.ts'
import { createKeyOpener, type OpenedKey, type StoredSigningKey } from '../keys/signing-keys.ts'
import type { Vault } from '../keys/vault.ts'
import { createStatusLeases, type StatusPlace } from './status-lease.ts'

/** What a process keeps between awards to be quick. Nothing here matters when it is lost. */
export type Issuing = {
  readonly openKey: (stored: StoredSigningKey) => OpenedKey
  readonly leaseStatus: (tenant: string, now: Date) => Promise<StatusPlace>
}

export function createIssuing(db: Db, vault: Vault): Issuing {
  return { openKey: createKeyOpener(vault), leaseStatus: createStatusLeases(db) }
}
