import type { EvidenceType } from './clean.ts'

/** A photo or paper beside a record of work (näyttöaineisto). The file itself is sealed under the client's key. */
export type EvidenceFileTable = {
  tenant_id: string
  id: string
  client_id: string
  observation_id: string
  media_type: EvidenceType
  byte_size: number
  content_sealed: Buffer
  /** Null: the client. */
  added_by: string | null
  added_at: Date
  /** Which text a member of staff confirmed (`consentText`); null where the client added it. */
  consent_text: number | null
}
