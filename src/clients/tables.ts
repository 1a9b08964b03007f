import type { Generated } from 'kysely'
import type { Language } from '../credentials/facts.ts'

/** Client (valmentautuja): one row for each tenant. The name is sealed under the client's own data key. */
export type ClientTable = {
  tenant_id: string
  id: string
  data_key: Buffer
  kek_version: string
  name_sealed: Buffer
  language: Language
  created_at: Date
  ended_at: Date | null
  /** Protected identity (turvakielto), since when. */
  protected_at: Generated<Date | null>
  /** Went to another foundation, when: the staff of this one see the client no more. */
  moved_at: Generated<Date | null>
  /** Another row of the same person, to which everything of this one went. */
  merged_into: Generated<string | null>
}

/** Who coaches whom, by days. What has no `stand_in_id` is the coach's own relation. */
export type ClientCoachTable = {
  tenant_id: string
  client_id: string
  account_id: string
  from_day: string
  until_day: string | null
  id: Generated<string>
  stand_in_id: Generated<string | null>
  made_by: Generated<string | null>
  made_at: Generated<Date | null>
  ended_by: Generated<string | null>
  ended_at: Generated<Date | null>
}

/** The client's work unit, by days: one at a time. */
export type ClientUnitTable = {
  tenant_id: string
  id: Generated<string>
  client_id: string
  unit_id: string
  from_day: string
  until_day: string | null
  made_by: string
  made_at: Date
  ended_by: Generated<string | null>
  ended_at: Generated<Date | null>
}

/** A coach of a work unit, by days. */
export type AccountUnitTable = Omit<ClientUnitTable, 'client_id'> & { account_id: string }

/** Stand-in (sijainen): who has somebody's group so long as that one is away. */
export type StandInTable = {
  tenant_id: string
  id: string
  account_id: string
  stand_in_account_id: string
  from_day: string
  until_day: string
  made_by: string
  made_at: Date
  ended_by: Generated<string | null>
  ended_at: Generated<Date | null>
}

/** A name from a day on, sealed. */
export type ClientNameTable = {
  tenant_id: string
  id: string
  client_id: string
  from_day: string
  name_sealed: Buffer
  made_by: string | null
  made_at: Date
}

/** A foundation's code for a person who comes from another one. */
export type ClientInvitationTable = {
  tenant_id: string
  digest: Buffer
  coach_id: string
  made_by: string
  made_at: Date
  expires_at: Date
  used_at: Date | null
}

/** The same person in another foundation. */
export type ClientLinkTable = {
  tenant_id: string
  client_id: string
  other_tenant: string
  other_client: string
  opened_by: string
  linked_at: Date
}

/** What a client agreed to, and what was chosen. */
export type ClientConsentTable = {
  tenant_id: string
  id: string
  client_id: string
  purpose: 'move' | 'join'
  text_version: number
  receiver: string
  chosen: string[]
  given_at: Date
  session_id: string
}

/** What a client brought along from another foundation, sealed. */
export type ClientHandoverTable = {
  tenant_id: string
  client_id: string
  from_tenant: string
  content_sealed: Buffer
  brought_at: Date
}

/** Two rows of one person: `from_client` went into `client_id`. */
export type ClientMergeTable = {
  tenant_id: string
  id: string
  client_id: string
  from_client: string
  merged_by: string
  merged_at: Date
  split_by: string | null
  split_at: Date | null
}

/** A row that went along; `cycle` is what an award had before. */
export type ClientMergeRowTable = {
  tenant_id: string
  merge_id: string
  table_name: string
  row_key: string
  cycle: number | null
}
