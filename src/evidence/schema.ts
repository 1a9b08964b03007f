import { z } from 'zod'
import { type EvidenceType, evidenceTypes } from './clean.ts'

const types = Object.keys(evidenceTypes).filter((type): type is EvidenceType => type in evidenceTypes)

export const EvidenceFileRef = z.strictObject({ id: z.uuid() })

/** A file as the API tells it; its bytes are at `/api/v1/evidence-files/{id}`. */
export const EvidenceFile = z.object({
  id: z.uuid(),
  observationId: z.uuid(),
  mediaType: z.enum(types),
  size: z.int(),
  addedAt: z.iso.datetime(),
  /** Null: the client. */
  addedBy: z.object({ id: z.uuid(), name: z.string() }).nullable(),
})
export type EvidenceFileBody = z.infer<typeof EvidenceFile>
export const RemovedFile = z.object({ id: z.uuid() })
