import type { Db } from '../db/database.ts'
import type { Deps } from '../deps.ts'
import { createKeyOpener, type OpenedKey, type StoredSigningKey } from '../keys/signing-keys.ts'
import { type BadgeFacts, type FindBadgeFacts, type FindMoving, readBadgeFacts, readMoving } from './read.ts'
import { createInStep, type Walker } from './in-step.ts'
import { createStatusLeases, type StatusPlace } from './status-lease.ts'
import { createTogether } from './together.ts'
import { type NewAward, writeAwards } from './write.ts'

/** What a process keeps between awards to be quick. Nothing here matters when it is lost. */
export type Issuing = {
  readonly openKey: (stored: StoredSigningKey) => OpenedKey
  readonly leaseStatus: (tenant: string, now: Date) => Promise<StatusPlace>
  readonly findBadgeFacts: FindBadgeFacts
  /** Reads and writes what several ask for at once in one statement: see `createTogether`. */
  readonly findMoving: FindMoving
  readonly writeAward: (tenant: string, award: NewAward) => Promise<boolean>
  /** One more award of this tenant is on its way: see `createInStep`. */
  readonly inStep: (tenant: string) => Walker
}

export function createIssuing({ db, vault, log }: Pick<Deps, 'db' | 'vault' | 'log'>): Issuing {
  const onFailure = (error: unknown): void =>
    log.warn({ error }, 'decisions of the same moment could not share a statement')
  return {
    openKey: createKeyOpener(vault),
    leaseStatus: createStatusLeases(db),
    findBadgeFacts: createBadgeFacts(db),
    findMoving: createTogether(async (tenant, wanted) => await readMoving(db, tenant, wanted), onFailure),
    writeAward: createTogether(async (tenant, awards) => await writeAwards(db, tenant, awards), onFailure),
    inStep: createInStep(),
  }
}

const keptAtMost = 500

/**
 * A badge class version never changes once it is published: each is read once and kept (DESIGN, Rules that settle disputes), with the
 * endorsements that stand; others of them are another name.
 */
function createBadgeFacts(db: Db): FindBadgeFacts {
  const kept = new Map<string, BadgeFacts>()
  return async (ref) => {
    const name = [ref.tenant, ref.versionId, ref.language, ...ref.endorsements].join('/')
    const there = kept.get(name)
    if (there) return there
    const read = await readBadgeFacts(db, ref)
    if (kept.size >= keptAtMost) kept.clear()
    if (read) kept.set(name, read)
    return read
  }
}
