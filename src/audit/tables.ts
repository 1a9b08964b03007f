import type { Generated } from 'kysely'

/** One act or look (S-53). Ids and codes only. */
export type AuditEventTable = {
  tenant_id: string
  at: Date
  id: Generated<string>
  kind: string
  actor_kind: 'staff' | 'client' | 'machine' | 'command'
  actor_id: string | null
  session_id: string | null
  client_id: string | null
  ref: string | null
  reason: string | null
  what: string | null
}

/** From which network address; kept for 14 days (S-50). */
export type AuditOriginTable = { tenant_id: string; at: Date; event_id: string; address: string }
