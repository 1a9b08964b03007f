import { sql } from 'kysely'
import { assessEvidence } from '../badges/evidence.ts'
import { explainReadiness, type ReadinessLine } from '../badges/evidence-words.ts'
import { asTenant } from '../db/connect.ts'
import type { Deps } from '../deps.ts'
import type { StaffActor } from '../http/actor.ts'
import { dayInHelsinki } from '../i18n/index.ts'
import type { SupportLevel } from '../modules/tables.ts'
import type { Text } from '../qualifications/tables.ts'
import { Refusal } from '../refusal.ts'
import { type ApplicationView, listApplications } from './list.ts'
import { readMarks } from './marks.ts'
import { readDecisionFacts } from './read.ts'
import type { Mark } from './schema.ts'

/** One observation as who decides sees it, newest first. The support level is shown to the coordinator of an open application (S-12). */
export type SeenObservation = {
  readonly taskName: Text
  readonly observedOn: string
  readonly supportLevel: SupportLevel
  readonly recordedBy: { readonly id: string; readonly name: string }
}

export type SeenAssessment = { readonly taskName: Text; readonly choice: number | null; readonly at: Date }

/** Everything that a coordinator weighs on one page. */
export type DecisionView = {
  readonly application: ApplicationView
  readonly isMet: boolean
  readonly lines: readonly ReadinessLine[]
  readonly taskNames: ReadonlyMap<string, Text>
  readonly observations: readonly SeenObservation[]
  readonly assessments: readonly SeenAssessment[]
  readonly marks: readonly Mark[]
  /** Why the actor must leave this to somebody else, if so (two persons). */
  readonly notYou: 'proposer' | 'only-observer' | null
}

/** Reads an application with what it rests on. Refuses `not-found` for one outside the actor's reach. */
export async function readDecisionView(
  deps: Pick<Deps, 'db' | 'vault' | 'now'>,
  actor: StaffActor,
  id: string,
): Promise<DecisionView> {
  const now = deps.now()
  const [application] = await listApplications(deps, actor, dayInHelsinki(now), { id })
  if (!application) throw new Refusal('not-found', 'There is no such application')
  const read = await readDecisionFacts(deps.db, {
    tenant: actor.tenant,
    applicationId: id,
    holder: actor.accountId,
    key: '',
  })
  const { observations, assessments } = await asTenant(deps.db, actor.tenant, async (trx) => ({
    observations: await sql<SeenObservation>`
      select t.name as "taskName", ob.observed_on::text as "observedOn", ob.support_level as "supportLevel",
        jsonb_build_object('id', a.id, 'name', a.display_name) as "recordedBy"
      from observation ob
        join task t on t.tenant_id = ob.tenant_id and t.id = ob.task_id
        join account a on a.tenant_id = ob.tenant_id and a.id = ob.recorded_by
      where ob.tenant_id = ${actor.tenant} and ob.client_id = ${application.clientId} and ob.undone_at is null
        and not exists (select from observation newer where newer.tenant_id = ob.tenant_id and newer.client_id = ob.client_id
          and newer.replaces = ob.id and newer.undone_at is null)
      order by ob.observed_on desc, ob.recorded_at desc limit 200`.execute(trx),
    assessments: await sql<SeenAssessment>`
      select distinct on (t.id) t.name as "taskName", sa.choice, sa.assessed_at as at
      from self_assessment sa join task t on t.tenant_id = sa.tenant_id and t.id = sa.task_id
      where sa.tenant_id = ${actor.tenant} and sa.client_id = ${application.clientId}
      order by t.id, sa.assessed_at desc`.execute(trx),
  }))
  if (!read) throw new Refusal('not-found', 'There is no such application')
  const evidence = {
    observations: read.observations,
    badges: read.held,
    selfAssessedTasks: new Set(read.self_assessed),
  }
  const readiness = assessEvidence(read.rule, evidence, now)
  const all = read.observations
  return {
    application,
    isMet: readiness.met,
    lines: explainReadiness(read.rule, readiness),
    taskNames: new Map(read.task_names.map((task) => [task.id, task.name])),
    observations: observations.rows,
    assessments: assessments.rows,
    marks: await readMarks(deps.db, actor.tenant, id),
    notYou:
      read.proposed_by === actor.accountId
        ? 'proposer'
        : all.length > 0 && all.every((one) => one.recordedBy === actor.accountId)
          ? 'only-observer'
          : null,
  }
}
