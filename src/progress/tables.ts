import type { SupportLevel } from '../modules/tables.ts'

export type ClientEvidenceTable = { tenant_id: string; client_id: string; revision: number }

/** Observation (kirjaus, havainto): what a client did, when, and with how much support. */
export type ObservationTable = {
  tenant_id: string
  id: string
  client_id: string
  task_id: string
  observed_on: string
  support_level: SupportLevel
  note_sealed: Buffer | null
  late_reason_sealed: Buffer | null
  recorded_by: string
  recorded_at: Date
  session_id: string | null
  replaces: string | null
  replace_reason_sealed: Buffer | null
  undone_at: Date | null
}

/** Self-assessment (itsearviointi): 1 practising … 4 can do it alone; null: cannot say. */
export type SelfAssessmentTable = {
  tenant_id: string
  id: string
  client_id: string
  task_id: string
  choice: number | null
  words_sealed: Buffer | null
  assessed_at: Date
  session_id: string
}
