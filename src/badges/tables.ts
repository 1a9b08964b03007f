import type { Language, Scope, Tier } from '../credentials/facts.ts'
import type { Json, Text } from '../qualifications/tables.ts'
import type { EvidenceRule } from './evidence-rule.ts'

/** Badge class (osaamismerkki, the definition). */
export type BadgeClassTable = { tenant_id: string; id: string; slug: string; scope: Scope; created_at: Date }

/** A unit the badge points to, before a language is chosen. */
export type StoredAlignment = {
  /** Row id of the unit. */
  readonly unitId: string
  readonly targetCode: string
  readonly targetUrl: string
  readonly targetFramework: Text
  readonly targetName: Text
}

export type BadgeClassVersionTable = {
  tenant_id: string
  id: string
  badge_class_id: string
  version: number
  module_version_id: string
  state: 'draft' | 'published' | 'retired' | 'withdrawn'
  tier: Tier
  template: string
  name: Json<Text>
  short_name: Json<Readonly<Partial<Record<Language, readonly string[]>>>>
  description: Json<Text>
  criteria: Json<Text>
  languages: Language[]
  parent_slug: string | null
  position: number
  rule: Json<EvidenceRule>
  alignments: Json<readonly StoredAlignment[]>
  valid_months: number | null
  published_at: Date | null
}

export type BadgePictureTable = {
  tenant_id: string
  badge_class_version_id: string
  language: Language
  svg: string
  small_svg: string
  png_400: Buffer
  png_128: Buffer
  caption: string
}
