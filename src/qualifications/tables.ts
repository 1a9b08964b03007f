import type { ColumnType } from 'kysely'

/** A text in the languages the source has; any may be missing. */
export type Text = { readonly [language: string]: string }
/** jsonb: read parsed, written as JSON text. */
export type Json<T> = ColumnType<T, string, string>

/** Qualification (tutkinto): one row for each version of its criteria. Global, read-only to tenants. */
export type QualificationTable = {
  id: string
  peruste_id: number
  global_version: number
  diary_number: string | null
  name: Json<Text>
  state: string
  valid_from: string | null
  valid_until: string | null
  transition_until: string | null
  languages: string[]
  qualification_codes: Json<readonly unknown[]>
  competence_areas: Json<readonly unknown[]>
  titles: Json<readonly unknown[]>
  scope_unit: string | null
  imported_at: Date
}

/** Unit of a qualification (tutkinnon osa). */
export type UnitTable = {
  id: string
  qualification_id: string
  unit_id: string
  code: string | null
  name: Json<Text>
  kind: string
  scope: ColumnType<string | null, number | null, never>
  scope_max: ColumnType<string | null, number | null, never>
  position: number
  shape: string
}

/** Vocational skill requirement (ammattitaitovaatimus). */
export type RequirementTable = {
  id: string
  unit_id: string
  key: string
  position: number
  area: Json<Text> | null
  text: Json<Text>
  code: string | null
  untrusted_code: string | null
  criteria: Json<readonly { readonly level: string; readonly texts: readonly Text[] }[]>
}
