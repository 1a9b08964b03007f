import { publicAddresses } from '../credentials/addresses.ts'
import type { EndorsementBody } from './schema.ts'
import type { EndorsementRow } from './store.ts'

/** An endorsement of the school's own as the API answers it. */
export function endorsementBody(row: EndorsementRow, origin: string, school: string): EndorsementBody {
  return {
    id: row.id,
    address: publicAddresses.endorsement(origin, school, row.id),
    subject: { kind: row.subject_kind, id: row.subject, name: row.subject_name, organisation: row.subject_tenant },
    language: row.language,
    comment: row.comment,
    givenAt: row.given_at.toISOString(),
    withdrawnAt: row.withdrawn_at?.toISOString() ?? null,
  }
}
