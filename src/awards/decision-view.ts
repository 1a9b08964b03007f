import { sql } from 'kysely'
import { mayLookAtLevels } from '../audit/look.ts'
import type { StatedReason } from '../audit/record.ts'
import { assessEvidence } from '../badges/evidence.ts'
import { explainReadiness, type ReadinessLine } from '../badges/evidence-words.ts'
import { clientKey, openFor } from '../clients/client-key.ts'
import { asTenant } from '../db/connect.ts'
import type { Trx } from '../db/database.ts'
import type { Deps } from '../deps.ts'
import type { StaffActor } from '../http/actor.ts'
import { isPermitted } from '../http/permissions.ts'
import { dayInHelsinki } from '../i18n/index.ts'
import type { Vault } from '../keys/vault.ts'
import { cellOf, conditionOf } from '../matrix/rows.ts'
import type { SupportLevel } from '../modules/tables.ts'
import type { Text } from '../qualifications/tables.ts'
import { Refusal } from '../refusal.ts'
import { type ApplicationView, type AwardView, getAward, listApplications } from './list.ts'
import { readMarks } from './marks.ts'
import type { Issuing } from './issuing.ts'
import { type DecisionFacts, readDecisionFacts } from './read.ts'
import type { Mark } from './schema.ts'
import { tasksOfRule, whyNotDecider } from './two-persons.ts'

/** One observation as who decides sees it, newest first. */
export type SeenObservation = {
  readonly taskId: string
  readonly taskName: Text
  readonly observedOn: string
  /** Null where the reader is not to see it (S-12). */
  readonly supportLevel: SupportLevel | null
  readonly recordedBy: { readonly id: string; readonly name: string }
  readonly isLate: boolean
  readonly isCorrection: boolean
}

export type SeenAssessment = { readonly taskName: Text; readonly choice: number | null; readonly at: Date }

/** Everything that a coordinator weighs on one page: of the client's work only what this badge looks at. */
export type DecisionView = {
  readonly application: ApplicationView
  readonly isMet: boolean
  readonly lines: readonly ReadinessLine[]
  readonly taskNames: ReadonlyMap<string, Text>
  /** Names of the badges that come first, by slug. */
  readonly badgeNames: ReadonlyMap<string, Text>
  readonly observations: readonly SeenObservation[]
  readonly assessments: readonly SeenAssessment[]
  readonly marks: readonly Mark[]
  /** What the client was told when it was returned or rejected. */
  readonly reason: string | undefined
  /** The award that the application led to. */
  readonly award: AwardView | undefined
  /** The support levels are hidden until the actor says why they are needed. */
  readonly mayAskLevels: boolean
  /** The actor's role decides, and it waits for a decision. */
  readonly mayDecide: boolean
  /** Why the actor must leave this to somebody else, if so (two persons). */
  readonly notYou: 'proposer' | 'only-observer' | null
}

/** Reads an application with what it rests on; that the support levels were looked at is recorded (S-53). Refuses `not-found` for one outside the actor's reach. */
export async function readDecisionView(
  deps: Pick<Deps, 'db' | 'vault' | 'now'> & { readonly issuing: Issuing },
  actor: StaffActor,
  id: string,
  stated?: StatedReason,
): Promise<DecisionView> {
  const { tenant, accountId } = actor
  const now = deps.now()
  const [application] = await listApplications(deps, actor, dayInHelsinki(now), { id })
  const wanted = { sessionId: actor.sessionId, applicationId: id, key: '', now }
  const read = application && (await readDecisionFacts(deps.issuing, tenant, wanted))?.facts
  if (!read) throw new Refusal('not-found', 'There is no such application')
  const readiness = assessEvidence(
    read.rule,
    { observations: read.observations, badges: read.held, selfAssessedTasks: new Set(read.self_assessed) },
    now,
  )
  const work = { tenant, clientId: application.clientId, taskIds: [...tasksOfRule(read.rule)] }
  const mayDecide = isPermitted(actor.roles, 'application:decide')
  const seen = await asTenant(deps.db, tenant, async (trx) => ({
    observations: await seenObservations(trx, work),
    assessments: await seenAssessments(trx, work),
    badgeNames: await namesOfBadges(trx, tenant, read.rule.badges),
  }))
  const look = { clientId: application.clientId, what: '/hakemukset/:id', applicationId: id, stated }
  const seesLevels = seen.observations.length > 0 && (await mayLookAtLevels(deps, actor, look, now))
  return {
    ...seen,
    observations: seesLevels ? seen.observations : seen.observations.map((one) => ({ ...one, supportLevel: null })),
    mayAskLevels: !seesLevels && seen.observations.length > 0 && mayStateReason(actor),
    application,
    isMet: readiness.met,
    // What counts tells how much help there was (S-12).
    lines: seesLevels || seen.observations.length === 0 ? explainReadiness(read.rule, readiness) : [],
    taskNames: new Map(read.task_names.map((task) => [task.id, task.name])),
    marks: await readMarks(deps.db, tenant, id),
    reason: reasonOf(deps.vault, tenant, application, read),
    award: application.awardId === null ? undefined : await getAward(deps.db, actor, application.awardId),
    mayDecide: mayDecide && application.state === 'submitted',
    notYou: whyNotDecider(accountId, read),
  }
}

/** Is there a role that sees the support levels after saying why (the matrix' second note)? */
export function mayStateReason({ roles }: StaffActor): boolean {
  return roles.some((role) => {
    const cell = cellOf('support-level:read', role)
    return cell !== undefined && conditionOf(cell) === 'reason-given'
  })
}

function reasonOf(
  vault: Vault,
  tenant: string,
  { clientId, reasonSealed }: ApplicationView,
  read: DecisionFacts,
): string | undefined {
  if (reasonSealed === null) return undefined
  const { client_data_key: data_key, client_kek_version: kek_version } = read
  return openFor(
    vault,
    clientKey({ tenant_id: tenant, id: clientId, data_key, kek_version }),
    'application.reason',
    reasonSealed,
  )
}

type Work = { readonly tenant: string; readonly clientId: string; readonly taskIds: readonly string[] }

async function seenObservations(trx: Trx, work: Work): Promise<readonly SeenObservation[]> {
  const result = await sql<SeenObservation>`
    select t.id as "taskId", t.name as "taskName", ob.observed_on::text as "observedOn", ob.support_level as "supportLevel",
      jsonb_build_object('id', a.id, 'name', a.display_name) as "recordedBy", ob.late_reason_sealed is not null as "isLate",
      ob.replaces is not null as "isCorrection"
    from observation ob
      join task t on t.tenant_id = ob.tenant_id and t.id = ob.task_id
      join account a on a.tenant_id = ob.tenant_id and a.id = ob.recorded_by
    where ob.tenant_id = ${work.tenant} and ob.client_id = ${work.clientId} and ob.task_id = any(${work.taskIds}::uuid[])
      and ob.undone_at is null
      and not exists (select from observation newer where newer.tenant_id = ob.tenant_id and newer.client_id = ob.client_id
        and newer.replaces = ob.id and newer.undone_at is null)
    order by ob.observed_on desc, ob.recorded_at desc limit 200`.execute(trx)
  return result.rows
}

async function seenAssessments(trx: Trx, work: Work): Promise<readonly SeenAssessment[]> {
  const result = await sql<SeenAssessment>`
    select distinct on (t.id) t.name as "taskName", sa.choice, sa.assessed_at as at
    from self_assessment sa join task t on t.tenant_id = sa.tenant_id and t.id = sa.task_id
    where sa.tenant_id = ${work.tenant} and sa.client_id = ${work.clientId} and sa.task_id = any(${work.taskIds}::uuid[])
    order by t.id, sa.assessed_at desc`.execute(trx)
  return result.rows
}

/** Names as the newest version of each class has them. */
async function namesOfBadges(trx: Trx, tenant: string, slugs: readonly string[]): Promise<ReadonlyMap<string, Text>> {
  if (slugs.length === 0) return new Map()
  const rows = await trx
    .selectFrom('badge_class as bc')
    .innerJoin('badge_class_version as bv', (join) =>
      join.onRef('bv.tenant_id', '=', 'bc.tenant_id').onRef('bv.badge_class_id', '=', 'bc.id'),
    )
    .select(['bc.slug', 'bv.name'])
    .where('bc.tenant_id', '=', tenant)
    .where('bc.slug', 'in', slugs)
    .where('bv.state', '<>', 'draft')
    .orderBy('bv.version')
    .execute()
  return new Map(rows.map(({ slug, name }) => [slug, name]))
}
