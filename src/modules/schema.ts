import { z } from 'zod'

export const ModuleRef = z.strictObject({ id: z.uuid() })

const Text = z.record(z.string(), z.string())

export const ModuleSummary = z.object({
  id: z.uuid(),
  slug: z.string(),
  version: z.int(),
  name: Text,
  workplace: Text,
  unit: z.object({ id: z.uuid(), code: z.string().nullable(), name: Text }),
  tasks: z.int(),
  coverage: z.object({ total: z.int(), covered: z.int() }),
})
export type ModuleSummary = z.infer<typeof ModuleSummary>

/** What a task looks like at each support level: only in answers to the foundation's own staff. */
const SupportCriteria = z.object({ enhanced: Text, general: Text, minor: Text })

export const ModuleTask = z.object({
  id: z.uuid(),
  key: z.string(),
  name: Text,
  easyFi: z.string().nullable(),
  difficulty: z.int(),
  prerequisites: z.array(z.string()),
  steps: z.array(Text),
  requirements: z.array(z.uuid()),
  supportCriteria: SupportCriteria.optional(),
})
export type ModuleTask = z.infer<typeof ModuleTask>

/** A requirement of the unit: which tasks cover it, or why none does. */
export const ModuleRequirement = z.object({
  id: z.uuid(),
  position: z.int(),
  area: Text.nullable(),
  text: Text,
  coveredBy: z.array(z.uuid()),
  notCoveredReason: Text.nullable(),
})
export type ModuleRequirement = z.infer<typeof ModuleRequirement>

export const ModuleBadge = z.object({
  id: z.uuid(),
  slug: z.string(),
  version: z.int(),
  scope: z.enum(['task', 'module', 'unit']),
  tier: z.enum(['basic', 'advanced', 'master']),
  name: Text,
  description: Text,
  criteria: Text,
  parentSlug: z.string().nullable(),
})
export type ModuleBadge = z.infer<typeof ModuleBadge>

export const ModuleDetail = ModuleSummary.omit({ tasks: true }).extend({
  disclaimer: Text,
  publishedAt: z.iso.datetime().nullable(),
  qualification: z.object({
    id: z.uuid(),
    perusteId: z.int(),
    name: Text,
    diaryNumber: z.string().nullable(),
    versionAt: z.iso.datetime(),
    importedAt: z.iso.datetime(),
  }),
  tasks: z.array(ModuleTask),
  requirements: z.array(ModuleRequirement),
  badges: z.array(ModuleBadge),
})
export type ModuleDetail = z.infer<typeof ModuleDetail>
