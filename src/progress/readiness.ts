import { sql } from 'kysely'
import { assessEvidence, type Readiness } from '../badges/evidence.ts'
import type { EvidenceRule } from '../badges/evidence-rule.ts'
import type { Language, Scope, Tier } from '../credentials/facts.ts'
import type { Db } from '../db/database.ts'
import type { SupportLevel } from '../modules/tables.ts'
import type { Text } from '../qualifications/tables.ts'

/** A badge that the tenant awards now: the newest published version of its class. */
export type PublishedBadge = {
  readonly classId: string
  readonly versionId: string
  readonly slug: string
  readonly version: number
  readonly scope: Scope
  readonly tier: Tier
  readonly name: Text
  readonly description: Text
  readonly criteria: Text
  readonly languages: readonly Language[]
  readonly parentSlug: string | null
  readonly rule: EvidenceRule
  readonly moduleVersionId: string
  readonly moduleName: Text
}

/** Where the client and the badge stand: on the way, waiting for somebody, offered to the client, or held. */
export type BadgeState = 'open' | 'proposed' | 'submitted' | 'offered' | 'accepted'

export type BadgeReadiness = {
  readonly badge: PublishedBadge
  readonly readiness: Readiness
  readonly state: BadgeState
  /** All observations of the rule's tasks and the different days of them, for the reason in words. */
  readonly records: number
  readonly days: number
}

export type ReadinessOfClients = {
  /** In the order of the modules and of the badges in them. */
  readonly badges: readonly PublishedBadge[]
  /** Names of the tasks that the rules name, by id. */
  readonly taskNames: ReadonlyMap<string, Text>
  /** For one of the asked clients: every badge, in the same order. */
  of(clientId: string): readonly BadgeReadiness[]
}

type EvidenceRow = {
  readonly client_id: string
  readonly observations: readonly {
    readonly taskId: string
    readonly observedOn: string
    readonly supportLevel: SupportLevel
    readonly recordedLate: boolean
  }[]
  readonly assessed: readonly string[]
  readonly held: readonly string[]
  readonly states: readonly { readonly classId: string; readonly state: BadgeState }[]
}

/**
 * How far each client is by the evidence rule of every published badge, in three statements however many clients there are. Takes a
 * transaction of the tenant. What was undone or replaced never counts. Support levels go in and do not come out.
 */
export async function readBadgeReadiness(
  trx: Db,
  tenant: string,
  clientIds: readonly string[],
  at: Date,
): Promise<ReadinessOfClients> {
  const badges = await publishedBadges(trx, tenant)
  const taskNames = await namesOfTasks(trx, tenant)
  const rows = await evidenceOf(trx, tenant, clientIds, at)
  const byClient = new Map(rows.map((row) => [row.client_id, row]))
  const nothing = { observations: [], assessed: [], held: [], states: [] }
  return {
    badges,
    taskNames,
    of: (clientId) => badges.map((badge) => readinessOf(badge, byClient.get(clientId) ?? nothing, at)),
  }
}

function readinessOf(badge: PublishedBadge, row: Omit<EvidenceRow, 'client_id'>, at: Date): BadgeReadiness {
  const { rule } = badge
  const tasks = new Set([...rule.tasks.map((task) => task.taskKey), ...rule.requirements.flatMap((one) => one.tasks)])
  const records = row.observations.filter((one) => tasks.has(one.taskId))
  const evidence = {
    observations: row.observations,
    badges: row.held,
    selfAssessedTasks: new Set(row.assessed),
  }
  return {
    badge,
    readiness: assessEvidence(rule, evidence, at),
    state: row.states.find(({ classId }) => classId === badge.classId)?.state ?? 'open',
    records: records.length,
    days: new Set(records.map((one) => one.observedOn)).size,
  }
}

async function publishedBadges(trx: Db, tenant: string): Promise<readonly PublishedBadge[]> {
  const result = await sql<PublishedBadge>`
    select * from (
      select distinct on (bc.id) bc.id as "classId", bv.id as "versionId", bc.slug, bv.version, bc.scope, bv.tier, bv.name, bv.description,
        bv.criteria, bv.languages, bv.parent_slug as "parentSlug", bv.rule, bv.module_version_id as "moduleVersionId",
        mv.name as "moduleName", bv.position
      from badge_class bc
        join badge_class_version bv on bv.tenant_id = bc.tenant_id and bv.badge_class_id = bc.id and bv.state = 'published'
        join module_version mv on mv.tenant_id = bv.tenant_id and mv.id = bv.module_version_id
      where bc.tenant_id = ${tenant}
      order by bc.id, bv.version desc) newest
    order by "moduleName"->>'fi', "moduleVersionId", position`.execute(trx)
  return result.rows
}

async function namesOfTasks(trx: Db, tenant: string): Promise<ReadonlyMap<string, Text>> {
  const rows = await trx.selectFrom('task').select(['id', 'name']).where('tenant_id', '=', tenant).execute()
  return new Map(rows.map((row) => [row.id, row.name]))
}

async function evidenceOf(
  trx: Db,
  tenant: string,
  clientIds: readonly string[],
  at: Date,
): Promise<readonly EvidenceRow[]> {
  const result = await sql<EvidenceRow>`
    with live as (
      -- awards that hold now
      select aw.client_id, aw.badge_class_id, bc.slug, aw.state from award aw
        join badge_class bc on bc.tenant_id = aw.tenant_id and bc.id = aw.badge_class_id
      where aw.tenant_id = ${tenant} and aw.client_id = any(${[...clientIds]}::uuid[]) and aw.state in ('offered', 'accepted')
        and (aw.valid_until is null or aw.valid_until > ${at})
        and not exists (select from revocation r where r.tenant_id = aw.tenant_id and r.award_id = aw.id)
    )
    select asked.client_id,
      (select coalesce(jsonb_agg(jsonb_build_object('taskId', o.task_id, 'observedOn', o.observed_on, 'supportLevel', o.support_level,
          'recordedLate', o.late_reason_sealed is not null)), '[]')
        from observation o
        where o.tenant_id = ${tenant} and o.client_id = asked.client_id and o.undone_at is null
          and not exists (select from observation newer where newer.tenant_id = o.tenant_id and newer.client_id = o.client_id
            and newer.replaces = o.id and newer.undone_at is null)) as observations,
      (select coalesce(jsonb_agg(distinct sa.task_id), '[]') from self_assessment sa
        where sa.tenant_id = ${tenant} and sa.client_id = asked.client_id) as assessed,
      coalesce((select jsonb_agg(distinct aw.slug) from live aw where aw.client_id = asked.client_id and aw.state = 'accepted'), '[]') as held,
      coalesce((select jsonb_agg(jsonb_build_object('classId', aw.badge_class_id, 'state', aw.state))
        from live aw where aw.client_id = asked.client_id), '[]')
      || coalesce((select jsonb_agg(jsonb_build_object('classId', ap.badge_class_id, 'state', ap.state)) from application ap
        where ap.tenant_id = ${tenant} and ap.client_id = asked.client_id and ap.state in ('proposed', 'submitted')), '[]') as states
    from unnest(${[...clientIds]}::uuid[]) as asked (client_id)`.execute(trx)
  return result.rows
}
