import { z } from 'zod'
import type { SupportLevel } from '../modules/tables.ts'

/** Most help first (DESIGN, Words). */
export const supportLevels = ['enhanced', 'general', 'minor'] as const satisfies readonly SupportLevel[]

/**
 * Evidence rule (näyttöehto): what it takes to get a badge, as data (DESIGN, The award path 3). Stored with the badge class version and,
 * as it was, with the award.
 *
 * `taskKey` names a task. In a module file it is the file's own key (`t1`); in a stored rule it is the id of the task's row, the same that
 * an observation carries.
 */
export const TaskEvidence = z.strictObject({
  taskKey: z.string().min(1),
  /** How many observations, and on how many different days (Europe/Helsinki). */
  observations: z.int().min(1).max(100),
  days: z.int().min(1).max(100),
  /** The most help that an observation may have needed and still count. Never shown as a word (DOMAIN §4). */
  maxSupport: z.enum(supportLevels),
  /** How old an observation may be; null: any age. */
  withinMonths: z.int().min(1).max(120).nullable(),
})
export type TaskEvidence = z.infer<typeof TaskEvidence>

/** One requirement of the unit: it is observed when one of the tasks that cover it has one observation that counts, of any age. */
export const RequirementEvidence = z.strictObject({
  requirementKey: z.string().min(1),
  tasks: z.array(z.string().min(1)).min(1),
  maxSupport: z.enum(supportLevels),
})
export type RequirementEvidence = z.infer<typeof RequirementEvidence>

export const EvidenceRule = z.strictObject({
  tasks: z.array(TaskEvidence),
  /** Slugs of badges that the client must hold, valid and not revoked. */
  badges: z.array(z.string().min(1)),
  /** True for a badge of a whole unit: every requirement in `requirements` must have been observed. */
  allRequirements: z.boolean(),
  requirements: z.array(RequirementEvidence).default([]),
  /** The client has assessed each task. */
  selfAssessment: z.boolean(),
  /** Only work in a recognised learning environment counts. */
  recognisedEnvironment: z.boolean(),
})
export type EvidenceRule = z.infer<typeof EvidenceRule>
