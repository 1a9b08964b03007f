import { z } from 'zod'

export const QualificationRef = z.strictObject({ id: z.uuid() })
export const UnitRef = z.strictObject({ id: z.uuid(), unitId: z.uuid() })

const Text = z.record(z.string(), z.string())
const Coded = z.object({ code: z.string(), name: Text })

/** One version of a qualification's criteria (perusteet) in a list. Source of the texts: Opetushallitus. */
export const QualificationSummary = z.object({
  id: z.uuid(),
  perusteId: z.int(),
  diaryNumber: z.string().nullable(),
  name: Text,
  state: z.string(),
  /** When the criteria were last edited at their source: tells versions apart. */
  versionAt: z.iso.datetime(),
  validFrom: z.iso.date().nullable(),
  validUntil: z.iso.date().nullable(),
  transitionUntil: z.iso.date().nullable(),
  languages: z.array(z.string()),
  source: z.string(),
  importedAt: z.iso.datetime(),
  units: z.int(),
  requirements: z.int(),
})
export type QualificationSummary = z.infer<typeof QualificationSummary>

export const UnitSummary = z.object({
  id: z.uuid(),
  unitId: z.string(),
  code: z.string().nullable(),
  name: Text,
  kind: z.string(),
  scope: z.number().nullable(),
  scopeMax: z.number().nullable(),
  shape: z.string(),
  requirements: z.int(),
})
export type UnitSummary = z.infer<typeof UnitSummary>

export const Qualification = QualificationSummary.extend({
  scopeUnit: z.string().nullable(),
  qualificationCodes: z.array(Coded),
  competenceAreas: z.array(Coded),
  titles: z.array(Coded),
})
export type Qualification = z.infer<typeof Qualification>

/** A requirement. A code that is not trusted stays inside (FORMAT, Codes of shape 2 are wrong). */
export const Requirement = z.object({
  id: z.uuid(),
  key: z.string(),
  position: z.int(),
  area: Text.nullable(),
  text: Text,
  code: z.string().nullable(),
  criteria: z.array(z.object({ level: z.string(), texts: z.array(Text) })),
})
export type Requirement = z.infer<typeof Requirement>

export const Unit = UnitSummary.omit({ requirements: true }).extend({
  qualificationId: z.uuid(),
  requirements: z.array(Requirement),
})
export type Unit = z.infer<typeof Unit>

/** What an import did. */
export const Imported = z.object({
  outcome: z.enum(['imported', 'already-there', 'nothing-to-import']),
  qualificationId: z.uuid().nullable(),
  perusteId: z.int(),
  diaryNumber: z.string(),
  name: Text,
  units: z.int(),
  unitsWithRequirements: z.int(),
  requirements: z.int(),
  report: z.array(z.object({ code: z.string(), detail: z.string() })),
})
export type Imported = z.infer<typeof Imported>
