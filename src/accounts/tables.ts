import type { Language } from '../credentials/facts.ts'

import type { Role } from '../http/permissions.ts'

export type AccountTable = {
  tenant_id: string
  id: string
  display_name: string
  password_hash: string
  language: Language
  created_at: Date
  disabled_at: Date | null
}

export type RoleGrantTable = {
  tenant_id: string
  account_id: string
  role: Role
  granted_at: Date
  ended_at: Date | null
}

export type SignInNameTable = { digest: Buffer; tenant_id: string; account_id: string }

export type SignInCodeTable = {
  digest: Buffer
  tenant_id: string
  client_id: string
  handed_by: string
  handed_at: Date
  expires_at: Date
  used_at: Date | null
}

export type SignInFailureTable = { source: Buffer; hour: Date; failures: number }

export type SessionTable = {
  tenant_id: string
  id: string
  account_id: string | null
  client_id: string | null
  opened_by: string | null
  browser: Buffer
  shared: boolean
  started_at: Date
  last_seen_at: Date
  ends_at: Date
  ended_at: Date | null
}

export type IdempotencyTable = {
  tenant_id: string
  holder: string
  key: string
  digest: Buffer
  status: number
  ref: string
  at: Date
}
