import { sql } from 'kysely'
import type { EvidenceRule } from '../badges/evidence-rule.ts'
import type { Trx } from '../db/database.ts'
import type { ModuleBadge, ModuleDetail, ModuleRequirement, ModuleSummary, ModuleTask } from './schema.ts'

/** The newest version of each of the foundation's modules that is in use, newest module first; one more than the limit. */
export async function listModules(
  trx: Trx,
  tenant: string,
  page: { readonly limit: number; readonly after: string | undefined },
): Promise<readonly ModuleSummary[]> {
  const after = page.after === undefined ? sql`` : sql`and m.id < ${page.after}`
  const result = await sql<ModuleSummary>`
    select m.id, m.slug, v.version, v.name, v.workplace,
      jsonb_build_object('id', u.id, 'code', u.code, 'name', u.name) as unit,
      (select count(*) from module_task mt where mt.tenant_id = v.tenant_id and mt.module_version_id = v.id) as tasks,
      jsonb_build_object(
        'total', (select count(*) from requirement r where r.unit_id = v.unit_id),
        'covered', (select count(distinct tr.requirement_id)
          from module_task mt join task_requirement tr on tr.tenant_id = mt.tenant_id and tr.task_id = mt.task_id
          where mt.tenant_id = v.tenant_id and mt.module_version_id = v.id)) as coverage
    from module m
      join module_version v on v.tenant_id = m.tenant_id and v.module_id = m.id and v.state = 'published'
      join unit u on u.id = v.unit_id
    where m.tenant_id = ${tenant} ${after}
    order by m.id desc limit ${page.limit + 1}`.execute(trx)
  return result.rows
}

/** A module as it is in use, with all that belongs to it, and the rule of each badge. */
export type ModuleRead = {
  readonly detail: Omit<ModuleDetail, 'tasks' | 'coverage'>
  readonly tasks: readonly Required<ModuleTask>[]
  readonly rules: ReadonlyMap<string, EvidenceRule>
}

type Version = Omit<
  ModuleDetail,
  'tasks' | 'requirements' | 'badges' | 'coverage' | 'publishedAt' | 'qualification'
> & {
  readonly versionId: string
  readonly unitRow: string
  readonly publishedAt: Date | null
  readonly qualification: Omit<ModuleDetail['qualification'], 'versionAt'> & { readonly globalVersion: number }
}

/** Undefined when the foundation has no such module in use. */
export async function findModule(trx: Trx, tenant: string, id: string): Promise<ModuleRead | undefined> {
  const version = await findVersion(trx, tenant, id)
  if (!version) return undefined
  const { versionId, unitRow, publishedAt, qualification, ...rest } = version
  const { globalVersion, ...criteria } = qualification
  const badges = await readBadges(trx, tenant, versionId)
  return {
    detail: {
      ...rest,
      publishedAt: publishedAt?.toISOString() ?? null,
      qualification: {
        ...criteria,
        versionAt: new Date(globalVersion).toISOString(),
        importedAt: new Date(criteria.importedAt).toISOString(),
      },
      requirements: [...(await readRequirements(trx, tenant, versionId, unitRow))],
      badges: badges.map(({ rule: _rule, ...badge }) => badge),
    },
    tasks: await readTasks(trx, tenant, versionId),
    rules: new Map(badges.map(({ id: badgeId, rule }) => [badgeId, rule])),
  }
}

async function findVersion(trx: Trx, tenant: string, id: string): Promise<Version | undefined> {
  const result = await sql<Version>`
    select m.id, m.slug, v.id as "versionId", v.version, v.name, v.workplace, v.disclaimer, v.published_at as "publishedAt",
      u.id as "unitRow", jsonb_build_object('id', u.id, 'code', u.code, 'name', u.name) as unit,
      jsonb_build_object('id', q.id, 'perusteId', q.peruste_id, 'name', q.name, 'diaryNumber', q.diary_number,
        'globalVersion', q.global_version, 'importedAt', q.imported_at) as qualification
    from module m
      join module_version v on v.tenant_id = m.tenant_id and v.module_id = m.id and v.state = 'published'
      join unit u on u.id = v.unit_id
      join qualification q on q.id = u.qualification_id
    where m.tenant_id = ${tenant} and m.id = ${id}
    order by v.version desc limit 1`.execute(trx)
  return result.rows[0]
}

async function readTasks(trx: Trx, tenant: string, versionId: string): Promise<readonly Required<ModuleTask>[]> {
  const result = await sql<Required<ModuleTask>>`
    select t.id, t.key, t.name, t.easy_fi as "easyFi", t.difficulty, t.prerequisites, t.support_criteria as "supportCriteria",
      (select coalesce(jsonb_agg(s.text order by s.position), '[]') from step s
        where s.tenant_id = t.tenant_id and s.task_id = t.id) as steps,
      (select coalesce(jsonb_agg(tr.requirement_id), '[]') from task_requirement tr
        where tr.tenant_id = t.tenant_id and tr.task_id = t.id) as requirements
    from module_task mt join task t on t.tenant_id = mt.tenant_id and t.id = mt.task_id
    where mt.tenant_id = ${tenant} and mt.module_version_id = ${versionId}
    order by mt.position`.execute(trx)
  return result.rows
}

/** All requirements of the unit, also those that the module does not know of. */
async function readRequirements(
  trx: Trx,
  tenant: string,
  versionId: string,
  unitRow: string,
): Promise<readonly ModuleRequirement[]> {
  const result = await sql<ModuleRequirement>`
    select r.id, r.position, r.area, r.text, g.reason as "notCoveredReason",
      (select coalesce(jsonb_agg(tr.task_id order by mt.position), '[]')
        from module_task mt join task_requirement tr on tr.tenant_id = mt.tenant_id and tr.task_id = mt.task_id
        where mt.tenant_id = ${tenant} and mt.module_version_id = ${versionId} and tr.requirement_id = r.id) as "coveredBy"
    from requirement r
      left join module_gap g on g.tenant_id = ${tenant} and g.module_version_id = ${versionId} and g.requirement_id = r.id
    where r.unit_id = ${unitRow}
    order by r.position`.execute(trx)
  return result.rows
}

type BadgeRead = ModuleBadge & { readonly rule: EvidenceRule }

async function readBadges(trx: Trx, tenant: string, versionId: string): Promise<readonly BadgeRead[]> {
  const result = await sql<BadgeRead>`
    select c.id, c.slug, v.version, c.scope, v.tier, v.name, v.description, v.criteria, v.parent_slug as "parentSlug", v.rule
    from badge_class_version v join badge_class c on c.tenant_id = v.tenant_id and c.id = v.badge_class_id
    where v.tenant_id = ${tenant} and v.module_version_id = ${versionId} and v.state = 'published'
    order by v.position`.execute(trx)
  return result.rows
}
