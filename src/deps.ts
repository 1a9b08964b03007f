import { randomFillSync } from 'node:crypto'
import type { Config } from './config.ts'
import type { Db } from './db/database.ts'
import type { Vault } from './keys/vault.ts'
import type { Secrets } from './secrets.ts'
import { createDoor, type Door } from './verification/door.ts'

/** What the service says of itself while it runs. Never personal data (S-50). */
export type Log = {
  info(facts: Record<string, unknown>, message: string): void
  warn(facts: Record<string, unknown>, message: string): void
  error(facts: Record<string, unknown>, message: string): void
}

/** What the features share. */
export type Deps = {
  readonly config: Config
  readonly secrets: Secrets
  /** As the service's own database role: owns nothing, sees only the tenant set in its transaction. */
  readonly db: Db
  readonly vault: Vault
  readonly log: Log
  /** The one way out to addresses that are not ours (S-46). */
  readonly door: Door
  now(): Date
  newId(): string
}

/** A UUIDv7 (RFC 9562 §5.7) for the given instant: time-ordered inside a tenant. */
export function uuidv7(now: Date): string {
  const bytes = randomFillSync(Buffer.alloc(16))
  bytes.writeUIntBE(now.getTime(), 0, 6)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** Puts the shared parts together. Tests pass their own clock, and their own door. */
export function createDeps(
  parts: { config: Config; secrets: Secrets; db: Db; vault: Vault; log: Log },
  overrides: Partial<Pick<Deps, 'now' | 'newId' | 'door'>> = {},
): Deps {
  const now = overrides.now ?? ((): Date => new Date())
  const door = overrides.door ?? createDoor(parts.config)
  return { ...parts, door, now, newId: overrides.newId ?? ((): string => uuidv7(now())) }
}
