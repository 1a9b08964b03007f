import type { Scope } from '../http/scopes.ts'

/** API key (avain) of a program. Acts in the organisation that owns the row; `made_for` is the one whose admin made it. */
export type ApiKeyTable = {
  tenant_id: string
  id: string
  account_id: string
  name: string
  mode: KeyMode
  digest: Buffer
  scopes: Scope[]
  made_for: string
  made_by: string
  created_at: Date
  expires_at: Date
  last_used_at: Date | null
  revoked_at: Date | null
  revoked_by: string | null
}

/** A live key acts in the own organisation, a test key in the sandbox only (PRODUCT §7, Auth). */
export type KeyMode = 'test' | 'live'
