import type { Text } from '../tables.ts'

/** What one coded thing of a qualification is called: a programme, a competence area, a title. */
export type Coded = { readonly code: string; readonly name: Text }

/** `2019`: requirements of their own; `2018`: requirements are the assessment's coded areas; `html`: a list in HTML, not read yet. */
export type Shape = '2019' | '2018' | 'html' | 'none'

/** Criteria of one grade (osaamistaso), lowest first. */
export type LevelCriteria = { readonly level: string; readonly texts: readonly Text[] }

/** Vocational skill requirement (ammattitaitovaatimus): what one can do. */
export type ParsedRequirement = {
  /** Identity inside the unit, stable over versions of the criteria. */
  readonly key: string
  readonly position: number
  readonly area: Text | null
  readonly text: Text
  /** Trusted only in the 2019 shape. */
  readonly code: string | null
  /** In the 2018 shape the codes belong to other sentences: kept, never put into a badge. */
  readonly untrustedCode: string | null
  readonly criteria: readonly LevelCriteria[]
}

/** Unit of a qualification (tutkinnon osa). */
export type ParsedUnit = {
  /** The unit's id in the file; with the qualification's id its identity. */
  readonly unitId: string
  /** `tutkinnonosat_NNNNNN`; may be missing and may occur twice. */
  readonly code: string | null
  readonly name: Text
  /** `common` units (languages, society …) are shared by all qualifications. */
  readonly kind: 'vocational' | 'common'
  readonly scope: number | null
  readonly scopeMax: number | null
  readonly order: number
  readonly shape: Shape
  readonly requirements: readonly ParsedRequirement[]
}

/** Something that whoever imports should know. `code` never changes. */
export type ReportLine = {
  readonly code: 'html-shape' | 'nothing-to-import' | 'shared-identity' | 'unknown-level' | 'not-in-force-state'
  readonly detail: string
}

/** One version of the criteria of a qualification (perusteet). */
export type ParsedCriteria = {
  readonly perusteId: number
  readonly diaryNumber: string
  readonly names: Text
  /** Milliseconds since 1970; grows when the same criteria are edited. */
  readonly globalVersion: number
  readonly state: 'ready' | 'draft' | 'removed'
  /** Calendar days in Finland, `YYYY-MM-DD`. */
  readonly validFrom: string | null
  readonly validUntil: string | null
  /** Who began before may finish until this day. */
  readonly transitionUntil: string | null
  readonly languages: readonly string[]
  readonly qualificationCodes: readonly Coded[]
  readonly competenceAreas: readonly Coded[]
  readonly titles: readonly Coded[]
  /** `osp`: competence points (osaamispiste). */
  readonly scopeUnit: 'osp' | 'ov' | 'op' | 'kurssi' | null
  readonly units: readonly ParsedUnit[]
  readonly report: readonly ReportLine[]
}
