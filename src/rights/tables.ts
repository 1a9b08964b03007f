import type { Generated } from 'kysely'
import type { RevocationReason } from '../awards/tables.ts'
import type { Language } from '../credentials/facts.ts'

/** What a client asks about the own data (S-51, S-52). The words of both sides are sealed under the client's key. */
export type RightsRequestTable = {
  tenant_id: string
  id: string
  client_id: string
  /** A copy is asked for on paper only. */
  kind: 'copy' | 'correction' | 'erasure'
  state: Generated<'open' | 'answered' | 'withdrawn'>
  words_sealed: Buffer | null
  asked_at: Date
  answer_sealed: Generated<Buffer | null>
  answered_by: Generated<string | null>
  answered_at: Generated<Date | null>
  /** The day on which it came on paper, and who entered it for the client. */
  received_on: Generated<string | null>
  entered_by: Generated<string | null>
}

/** The erasure list: whom a restored backup has to erase again (S-52). */
export type ErasureTable = { tenant_id: string; client_id: string; asked_at: Date; erased_at: Date; erased_by: string }

/** What stays of an erased badge. */
export type ErasedAwardTable = {
  tenant_id: string
  public_id: string
  badge_class_version_id: string
  language: Language
  awarded_on: string
  was_accepted: boolean
  was_public: boolean
  status_list: number
  status_index: number
  revoked_on: string | null
  reason: RevocationReason | null
  credential_id: string | null
  assertion_id: string | null
}
