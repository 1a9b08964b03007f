/** Organisation (säätiö, oppilaitos): its name and addresses are public facts. `tenant_id` is its fixed 4-character code. */
export type OrganisationTable = {
  tenant_id: string
  kind: 'foundation' | 'school'
  name: string
  url: string
  email: string
  badge_algorithm: 'RS256' | 'ES256'
  demo: boolean
  issuing_stopped_at: Date | null
  founded_at: Date
}

/** A place of work of the organisation (työyksikkö). */
export type WorkUnitTable = { tenant_id: string; id: string; name: string; created_at: Date; closed_at: Date | null }
