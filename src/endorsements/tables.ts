import type { Language } from '../credentials/facts.ts'

/** Endorsement (suositus): what a school says of a badge that is not its own. The exact bytes that were signed lie here. */
export type EndorsementTable = {
  tenant_id: string
  id: string
  /** The foundation whose badge it is. */
  subject_tenant: string
  subject_kind: 'achievement' | 'award'
  /** Address of the achievement, or id of the award's credential. */
  subject: string
  subject_name: string
  language: Language
  comment: string
  document: string
  given_by: string
  given_at: Date
  withdrawn_by: string | null
  withdrawn_at: Date | null
}

/** The foundation's copy of an endorsement: of one badge class version in one language, or of one award. */
export type ReceivedEndorsementTable = {
  tenant_id: string
  id: string
  endorser: string
  badge_class_version_id: string | null
  language: Language | null
  award_id: string | null
  document: string
  given_at: Date
  withdrawn_at: Date | null
}
