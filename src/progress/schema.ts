import { z } from 'zod'
import { supportLevels } from '../badges/evidence-rule.ts'
import { ListQuery } from '../http/list.ts'

export const ObservationId = z.uuid().brand('ObservationId')
export type ObservationId = z.infer<typeof ObservationId>

/** The longest note, reason or own words of a self-assessment. */
export const maxWords = 2000
const Words = z.string().trim().min(1).max(maxWords)

/** As the database writes it, so that what is sent in capitals finds the same row. */
const Id = z.uuid().toLowerCase()

/** A calendar day of work. No work is older than a working life; the calendar has days that the database has not. */
export const WorkDay = z.iso.date().refine((day) => day >= '1900-01-01', 'a day after the year 1900')

/**
 * What a coach saw (kirjaus): who did which task, on which day, with how much support. A correction names the observation that it
 * replaces and why (DESIGN, Dates of work).
 */
export const NewObservation = z.strictObject({
  clientId: Id,
  taskId: Id,
  supportLevel: z.enum(supportLevels),
  /** Calendar day of the work in Europe/Helsinki. */
  observedOn: WorkDay,
  note: Words.optional(),
  /** Needed when the work was more than 14 days ago. */
  lateReason: Words.optional(),
  replaces: Id.optional(),
  replaceReason: Words.optional(),
})
export type NewObservation = z.infer<typeof NewObservation>

/** Many at once: all are recorded or none (PRODUCT §7, Bulk). */
export const ObservationBatch = z.strictObject({ observations: z.array(NewObservation).min(1).max(500) })

export const ObservationRef = z.strictObject({ id: ObservationId })
export const ObservationQuery = ListQuery.extend({ clientId: Id })

/** The answer to recording: only what creation fixed, so that a replay answers the same. */
export const Recorded = z.object({
  id: z.uuid(),
  clientId: z.uuid(),
  taskId: z.uuid(),
  /** Not told to programs. */
  supportLevel: z.enum(supportLevels).optional(),
  observedOn: z.iso.date(),
  recordedAt: z.iso.datetime(),
  replaces: z.uuid().nullable(),
  undoUntil: z.iso.datetime(),
})
export type Recorded = z.infer<typeof Recorded>

export const RecordedBatch = z.object({ data: z.array(Recorded.extend({ row: z.int() })) })

/** An observation as the own coaches, the coordinator and the client read it. The late reason is for staff; programs get no words. */
export const Observation = Recorded.extend({
  state: z.enum(['current', 'replaced', 'undone']),
  recordedBy: z.object({ id: z.uuid(), name: z.string().optional() }),
  /** So long after the work that a reason was asked. */
  recordedLate: z.boolean(),
  note: z.string().nullable().optional(),
  replaceReason: z.string().nullable().optional(),
  lateReason: z.string().nullable().optional(),
})

export const Undone = z.object({ id: z.uuid(), undoneAt: z.iso.datetime() })

/** The client's own view of a task: 1 practising … 4 can do it alone; null: cannot say. */
export const NewSelfAssessment = z.strictObject({
  taskId: z.uuid(),
  choice: z.int().min(1).max(4).nullable(),
  words: Words.optional(),
})
export type NewSelfAssessment = z.infer<typeof NewSelfAssessment>

export const SelfAssessment = z.object({
  id: z.uuid(),
  taskId: z.uuid(),
  choice: z.int().nullable(),
  assessedAt: z.iso.datetime(),
})
