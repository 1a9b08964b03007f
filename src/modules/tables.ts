import type { Json, Text } from '../qualifications/tables.ts'

/** Support level (tuen taso): how much help the work needed. Stays inside the foundation. */
export type SupportLevel = 'enhanced' | 'general' | 'minor'

export type ModuleTable = { tenant_id: string; id: string; slug: string; created_at: Date }

export type ModuleVersionTable = {
  tenant_id: string
  id: string
  module_id: string
  version: number
  state: 'draft' | 'reviewed' | 'published' | 'retired'
  name: Json<Text>
  workplace: Json<Text>
  disclaimer: Json<Text>
  unit_id: string
  created_at: Date
  published_at: Date | null
}

/** Work task (työtehtävä). */
export type TaskTable = {
  tenant_id: string
  id: string
  key: string
  name: Json<Text>
  easy_fi: string | null
  difficulty: number
  support_criteria: Json<Readonly<Record<SupportLevel, Text>>>
  prerequisites: string[]
}

export type StepTable = { tenant_id: string; task_id: string; position: number; text: Json<Text> }
export type ModuleTaskTable = { tenant_id: string; module_version_id: string; task_id: string; position: number }
export type TaskRequirementTable = { tenant_id: string; task_id: string; requirement_id: string }
export type ModuleGapTable = {
  tenant_id: string
  module_version_id: string
  requirement_id: string
  reason: Json<Text>
}
