import { sql } from 'kysely'
import type { EvidenceRule } from '../badges/evidence-rule.ts'
import type { StoredAlignment } from '../badges/tables.ts'
import type { Language, Scope, Tier } from '../credentials/facts.ts'
import { inOneTrip } from '../db/connect.ts'
import type { Db } from '../db/database.ts'
import type { SupportLevel } from '../modules/tables.ts'
import type { Text } from '../qualifications/tables.ts'
import type { ApplicationState } from './tables.ts'

/** Everything a decision needs, as one statement reads it (DESIGN, The award path 4). */
export type DecisionFacts = {
  readonly application_id: string
  readonly state: ApplicationState
  readonly language: Language
  readonly client_id: string
  readonly client_data_key: Buffer
  readonly client_kek_version: string
  readonly proposed_by: string | null
  readonly application_award: { readonly id: string; readonly publicId: string } | null
  readonly badge_class_id: string
  readonly badge_class_version_id: string
  readonly slug: string
  readonly scope: Scope
  readonly version: number
  readonly version_state: 'draft' | 'published' | 'retired' | 'withdrawn'
  readonly tier: Tier
  readonly name: Text
  readonly description: Text
  readonly criteria: Text
  readonly languages: Language[]
  readonly rule: EvidenceRule
  readonly alignments: readonly StoredAlignment[]
  readonly valid_months: number | null
  readonly caption: string
  readonly task_names: readonly { readonly id: string; readonly name: Text }[]
  readonly org_name: string
  readonly org_url: string
  readonly org_email: string
  readonly issuing_stopped_at: Date | null
  readonly revision: number
  readonly observations: readonly {
    readonly taskId: string
    readonly observedOn: string
    readonly supportLevel: SupportLevel
    readonly recordedBy: string
    readonly late: boolean
  }[]
  readonly self_assessed: readonly string[]
  readonly held: readonly string[]
  readonly ob2: StoredKey
  readonly ob3: StoredKey | null
  readonly idempotency: { readonly digest: string; readonly status: number; readonly ref: string } | null
}

type StoredKey = {
  readonly kid: string
  readonly algorithm: 'RS256' | 'ES256'
  readonly data_key: string
  readonly kek_version: string
  readonly private_sealed: string
}

/** Reads one application with its rule, evidence, keys and idempotency row in one statement. Undefined when the tenant has no such application. */
export async function readDecisionFacts(
  db: Db,
  wanted: { readonly tenant: string; readonly applicationId: string; readonly holder: string; readonly key: string },
): Promise<DecisionFacts | undefined> {
  const { tenant, applicationId, holder, key } = wanted
  const statement = sql<DecisionFacts>`/* hot: award.read */
    select ap.id as application_id, ap.state, ap.language, ap.client_id, ap.proposed_by,
      cl.data_key as client_data_key, cl.kek_version as client_kek_version,
      (select jsonb_build_object('id', aw.id, 'publicId', aw.public_id) from award aw
        where aw.tenant_id = ap.tenant_id and aw.id = ap.award_id) as application_award,
      bc.id as badge_class_id, bc.slug, bc.scope,
      bv.id as badge_class_version_id, bv.version, bv.state as version_state, bv.tier, bv.name, bv.description, bv.criteria,
      bv.languages, bv.rule, bv.alignments, bv.valid_months, coalesce(bp.caption, '') as caption,
      (select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'name', t.name) order by mt.position), '[]')
        from module_task mt join task t on t.tenant_id = mt.tenant_id and t.id = mt.task_id
        where mt.tenant_id = bv.tenant_id and mt.module_version_id = bv.module_version_id) as task_names,
      o.name as org_name, o.url as org_url, o.email as org_email, o.issuing_stopped_at,
      coalesce(e.revision, 0) as revision,
      (select coalesce(jsonb_agg(jsonb_build_object('taskId', ob.task_id, 'observedOn', ob.observed_on,
          'supportLevel', ob.support_level, 'recordedBy', ob.recorded_by, 'late', ob.late_reason_sealed is not null)), '[]')
        from observation ob
        where ob.tenant_id = ap.tenant_id and ob.client_id = ap.client_id and ob.undone_at is null
          and not exists (select from observation newer where newer.tenant_id = ob.tenant_id and newer.client_id = ob.client_id
            and newer.replaces = ob.id and newer.undone_at is null)) as observations,
      (select coalesce(jsonb_agg(distinct sa.task_id), '[]') from self_assessment sa
        where sa.tenant_id = ap.tenant_id and sa.client_id = ap.client_id) as self_assessed,
      (select coalesce(jsonb_agg(distinct hb.slug), '[]')
        from award held join badge_class hb on hb.tenant_id = held.tenant_id and hb.id = held.badge_class_id
        where held.tenant_id = ap.tenant_id and held.client_id = ap.client_id and held.state = 'accepted'
          and (held.valid_until is null or held.valid_until > now())
          and not exists (select from revocation r where r.tenant_id = held.tenant_id and r.award_id = held.id)) as held,
      jsonb_build_object('kid', k2.kid, 'algorithm', k2.algorithm, 'data_key', encode(k2.data_key, 'base64'),
        'kek_version', k2.kek_version, 'private_sealed', encode(k2.private_sealed, 'base64')) as ob2,
      case when k3.kid is null then null else jsonb_build_object('kid', k3.kid, 'algorithm', k3.algorithm,
        'data_key', encode(k3.data_key, 'base64'), 'kek_version', k3.kek_version,
        'private_sealed', encode(k3.private_sealed, 'base64')) end as ob3,
      (select jsonb_build_object('digest', encode(i.digest, 'hex'), 'status', i.status, 'ref', i.ref) from idempotency i
        where i.tenant_id = ap.tenant_id and i.holder = ${holder} and i.key = ${key}) as idempotency
    from application ap
      join client cl on cl.tenant_id = ap.tenant_id and cl.id = ap.client_id
      join badge_class bc on bc.tenant_id = ap.tenant_id and bc.id = ap.badge_class_id
      join badge_class_version bv on bv.tenant_id = ap.tenant_id and bv.id = ap.badge_class_version_id
      left join badge_picture bp on bp.tenant_id = bv.tenant_id and bp.badge_class_version_id = bv.id and bp.language = ap.language
      join organisation o on o.tenant_id = ap.tenant_id
      left join client_evidence e on e.tenant_id = ap.tenant_id and e.client_id = ap.client_id
      left join signing_key k2 on k2.tenant_id = ap.tenant_id and k2.algorithm = 'RS256' and k2.state = 'active'
      left join signing_key k3 on k3.tenant_id = ap.tenant_id and o.badge_algorithm = 'ES256' and k3.algorithm = 'ES256'
        and k3.state = 'active'
    where ap.tenant_id = ${tenant} and ap.id = ${applicationId}`
  return (await inOneTrip(db, tenant, statement))[0]
}
