import { asTenant } from '../db/connect.ts'
import type { Deps } from '../deps.ts'
import type { StaffActor } from '../http/actor.ts'
import { dayInHelsinki } from '../i18n/index.ts'
import { listObservations, type ObservationView } from '../progress/observation-list.ts'
import { type BadgeReadiness, type ReadinessOfClients, readBadgeReadiness } from '../progress/readiness.ts'
import { latestSelfAssessments } from '../progress/self-assessment.ts'
import type { Text } from '../qualifications/tables.ts'
import type { SupportLevel } from '../modules/tables.ts'
import { type ClientOnList, listClients, requireClient } from './client.ts'

type ReadDeps = Pick<Deps, 'db' | 'vault'>

export type GroupData = {
  readonly people: readonly ClientOnList[]
  readonly readiness: ReadinessOfClients
  /** Day of the latest work that was recorded, by client. */
  readonly lastDays: ReadonlyMap<string, string>
}

/** The people of a coach, or all of the foundation for a coordinator, and how far each is. */
export async function readGroup(deps: ReadDeps, actor: StaffActor, now: Date): Promise<GroupData> {
  const people = await listClients(deps, actor, dayInHelsinki(now))
  const ids = people.map(({ id }) => id)
  return await asTenant(deps.db, actor.tenant, async (trx) => {
    const rows =
      ids.length === 0
        ? []
        : await trx
            .selectFrom('observation')
            .select(['client_id', ({ fn }) => fn.max('observed_on').as('day')])
            .where('tenant_id', '=', actor.tenant)
            .where('client_id', 'in', ids)
            .where('undone_at', 'is', null)
            .groupBy('client_id')
            .execute()
    return {
      people,
      readiness: await readBadgeReadiness(trx, actor.tenant, ids, now),
      lastDays: new Map(rows.map((row) => [row.client_id, row.day])),
    }
  })
}

/** One task of a person: how often it was recorded, the latest support, the own view. */
export type SkillOfPerson = {
  readonly taskId: string
  readonly name: Text
  readonly times: number
  readonly latest: { readonly level: SupportLevel; readonly day: string } | undefined
  readonly own: { readonly choice: number | null; readonly at: Date } | undefined
}

export type PersonData = {
  readonly client: ClientOnList
  /** The newest records, also those that were corrected later; what was undone is left out. */
  readonly records: readonly ObservationView[]
  readonly hasMore: boolean
  readonly skills: readonly SkillOfPerson[]
  readonly readiness: ReadinessOfClients
  readonly badges: readonly BadgeReadiness[]
}

/** So many records are shown on a person's page. */
const shownRecords = 25

/** A person's page. Refuses `not-found` for somebody whom the staff member does not work with (S-11, S-12). `before` turns the page. */
export async function readPerson(
  deps: ReadDeps,
  actor: StaffActor,
  clientId: string,
  now: Date,
  before?: string,
): Promise<PersonData> {
  const client = await requireClient(deps, actor, clientId, dayInHelsinki(now))
  const records = await listObservations(deps, actor.tenant, {
    clientId,
    before,
    limit: shownRecords + 1,
    withoutUndone: true,
  })
  const { readiness, own, done } = await asTenant(deps.db, actor.tenant, async (trx) => ({
    readiness: await readBadgeReadiness(trx, actor.tenant, [clientId], now),
    own: await latestSelfAssessments(trx, actor.tenant, clientId),
    done: await latestWork(trx, actor.tenant, clientId),
  }))
  const taskIds = [...new Set([...done.map(({ taskId }) => taskId), ...own.keys()])]
  const skills = taskIds.map((taskId): SkillOfPerson => {
    const work = done.find((one) => one.taskId === taskId)
    const latest = work && { level: work.level, day: work.day }
    const name = readiness.taskNames.get(taskId) ?? {}
    return { taskId, name, times: work?.times ?? 0, latest, own: own.get(taskId) }
  })
  return {
    client,
    records: records.slice(0, shownRecords),
    hasMore: records.length > shownRecords,
    skills,
    readiness,
    badges: readiness.of(clientId),
  }
}

type Trx = Parameters<Parameters<typeof asTenant>[2]>[0]

/** How often each task was done and how the latest went, the latest first; what was undone or replaced is left out. */
async function latestWork(
  trx: Trx,
  tenant: string,
  clientId: string,
): Promise<
  readonly { readonly taskId: string; readonly times: number; readonly level: SupportLevel; readonly day: string }[]
> {
  const rows = await trx
    .selectFrom('observation as o')
    .select(['o.task_id', 'o.support_level', 'o.observed_on'])
    .where('o.tenant_id', '=', tenant)
    .where('o.client_id', '=', clientId)
    .where('o.undone_at', 'is', null)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('observation as newer')
            .select('newer.id')
            .whereRef('newer.tenant_id', '=', 'o.tenant_id')
            .whereRef('newer.client_id', '=', 'o.client_id')
            .whereRef('newer.replaces', '=', 'o.id')
            .where('newer.undone_at', 'is', null),
        ),
      ),
    )
    .orderBy('o.observed_on', 'desc')
    .orderBy('o.id', 'desc')
    .execute()
  const byTask = Map.groupBy(rows, (row) => row.task_id)
  return [...byTask].flatMap(([taskId, all]) => {
    const [latest] = all
    return latest ? [{ taskId, times: all.length, level: latest.support_level, day: latest.observed_on }] : []
  })
}
