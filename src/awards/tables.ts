import type { Generated, GeneratedAlways } from 'kysely'
import type { EvidenceRule } from '../badges/evidence-rule.ts'
import type { Language } from '../credentials/facts.ts'
import type { Json } from '../qualifications/tables.ts'

/** History line (S-31): hash = SHA-256(prev ‖ seq ‖ tenant ‖ id ‖ kind ‖ at ‖ commitment), computed by the database. */
export type HistoryTable = {
  tenant_id: string
  seq: number
  id: string
  kind: string
  at: Date
  prev: Buffer
  hash: Buffer
  commitment: Buffer
}
/** `award_id`: which award it speaks of, taken from the content by the database. */
export type HistoryContentTable = {
  tenant_id: string
  history_id: string
  salt: Buffer
  content: string
  award_id: GeneratedAlways<string | null>
}
/** `key_seq`: place of the latest line about keys or the stop switch. */
export type HistoryHeadTable = {
  tenant_id: string
  seq: number
  prev: Buffer
  hash: Buffer
  key_seq: Generated<number>
}

/** A head as it was signed and published (S-31). */
export type HistorySignedHeadTable = {
  tenant_id: string
  seq: number
  hash: Buffer
  kid: string
  signed_at: Date
  document: string
}

export type StatusListTable = {
  tenant_id: string
  list: number
  /** `bit varying` as text of 0 and 1. */
  taken: string
  leased: number
  changed_at: Date
  signed_at: Date | null
  document: string | null
}

export type ApplicationState = 'proposed' | 'submitted' | 'withdrawn' | 'declined' | 'returned' | 'rejected' | 'awarded'

/** Application (hakemus), also a coach's proposal that the client accepted. */
export type ApplicationTable = {
  tenant_id: string
  id: string
  client_id: string
  badge_class_id: string
  badge_class_version_id: string
  state: ApplicationState
  language: Language
  proposed_by: string | null
  created_at: Date
  submitted_at: Date | null
  submitted_session_id: string | null
  decided_by: string | null
  decided_at: Date | null
  reason_sealed: Buffer | null
  award_id: string | null
}

/** Award (myöntö): the exact bytes that were signed lie here. */
export type AwardTable = {
  tenant_id: string
  id: string
  public_id: string
  client_id: string
  badge_class_id: string
  badge_class_version_id: string
  cycle: number
  application_id: string
  language: Language
  state: 'offered' | 'accepted' | 'declined'
  decided_by: string
  awarded_at: Date
  valid_from: Date
  valid_until: Date | null
  rule: Json<EvidenceRule>
  credential_id: string
  assertion_id: string
  recipient_urn: string
  /** Of the first signing. A badge that was signed for another recipient has its salts in its bytes only. */
  recipient_salt: string
  status_list: number
  status_index: number
  ob2_jws: string
  ob3_jwt: string
  ob3_json: string | null
  answered_at: Date | null
  answered_session_id: string | null
  published_at: Date | null
  unpublished_at: Date | null
  /** The holder's copy is older than the latest signing since then. */
  download_again_since: Generated<Date | null>
}

export type RevocationReason = 'issued-in-error' | 'evidence-corrected' | 'misuse' | 'holder-asked'

/** Revocation (mitätöinti). `reason` is public; the coordinator's own words are sealed. */
export type RevocationTable = {
  tenant_id: string
  award_id: string
  client_id: string
  revoked_by: string
  revoked_at: Date
  reason: RevocationReason
  note_sealed: Buffer | null
}
