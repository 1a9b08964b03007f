import type { Generated } from 'kysely'
import type { Language } from '../credentials/facts.ts'

import type { Role } from '../http/permissions.ts'

export type AccountTable = {
  tenant_id: string
  id: string
  /** A program's account is its API key's: nobody signs in with it. */
  kind: Generated<'person' | 'program'>
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

export type SignInFailureTable = { source: Buffer; minute: Date; failures: number }

export type SignInBackoffTable = {
  subject: Buffer
  failures: number
  last_failed_at: Date
  wait_until: Date | null
}

export type SignInSubjectTable = { digest: Buffer; tenant_id: string; account_id: string; linked_at: Date }

export type SecondFactorTable = {
  tenant_id: string
  account_id: string
  data_key: Buffer
  kek_version: string
  secret_sealed: Buffer | null
  next_sealed: Buffer | null
  confirmed_at: Date | null
  last_step: Generated<number>
}

export type RecoveryCodeTable = { tenant_id: string; account_id: string; digest: Buffer; used_at: Date | null }

export type SignInCardTable = {
  tenant_id: string
  id: string
  client_id: string
  digest: Buffer
  pin_digest: Buffer
  made_by: string
  made_at: Date
  expires_at: Date
  ended_at: Date | null
}

export type StaffDeviceTable = {
  tenant_id: string
  id: string
  account_id: string
  digest: Buffer
  name: string
  registered_at: Date
  ended_at: Date | null
}

export type SetupLinkTable = {
  digest: Buffer
  organisation: string | null
  made_at: Date
  expires_at: Date
  used_at: Date | null
}

/** A link by which a member of staff sets the own password. */
export type AccountLinkTable = {
  tenant_id: string
  digest: Buffer
  account_id: string
  made_by: string
  made_at: Date
  expires_at: Date
  used_at: Date | null
}

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
  wants: 'second-factor' | 'enrolment' | null
  device_id: string | null
  open_until: Date | null
  more_time_until: Date | null
  card_id: string | null
  /** In another foundation's passport: the session that the client opened, with which this one ends. */
  root_tenant: string | null
  root_session: string | null
  /** Where the client is meanwhile: the session there. */
  went_tenant: string | null
  went_session: string | null
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
