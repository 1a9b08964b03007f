import { sql } from 'kysely'
import { type ClientOnList, listCoachedClients } from '../clients/client.ts'
import { asTenant } from '../db/connect.ts'
import type { Deps } from '../deps.ts'
import type { StaffActor } from '../http/actor.ts'
import { dayInHelsinki } from '../i18n/index.ts'
import type { Text } from '../qualifications/tables.ts'
import { listTodays, type ObservationView } from './observation-list.ts'
import { type ReadinessOfClients, readBadgeReadiness } from './readiness.ts'

/** A task that can be recorded, with the module it belongs to. */
export type TaskChoice = { readonly id: string; readonly name: Text; readonly module: Text }

export type RecordData = {
  readonly people: readonly ClientOnList[]
  /** The coach's last used first, then in the order of the modules. */
  readonly tasks: readonly TaskChoice[]
  readonly todays: readonly ObservationView[]
  readonly readiness: ReadinessOfClients
  readonly now: Date
  /** An own device that lay idle: it records, and shows nothing of what was before (S-14). */
  readonly isLocked: boolean
}

/** All that `/kirjaa` shows besides the form's own fields. */
export async function readRecordData(
  deps: Pick<Deps, 'db' | 'vault'>,
  actor: StaffActor,
  now: Date,
): Promise<RecordData> {
  const people = await listCoachedClients(deps, actor, dayInHelsinki(now))
  const todays = await listTodays(deps, actor, now)
  const isLocked = actor.wants === 'password'
  const ids = isLocked ? [] : people.map(({ id }) => id)
  return await asTenant(deps.db, actor.tenant, async (trx) => ({
    people,
    todays,
    now,
    isLocked,
    tasks: await listTaskChoices(trx, actor, now),
    readiness: await readBadgeReadiness(trx, actor.tenant, ids, now),
  }))
}

/** So far back a task counts as lately used. */
const lately = 90 * 86_400_000

export async function listTaskChoices(
  trx: Parameters<typeof readBadgeReadiness>[0],
  actor: StaffActor,
  now: Date,
): Promise<readonly TaskChoice[]> {
  const result = await sql<TaskChoice>`
    with used as (
      select o.task_id, max(o.recorded_at) as at from observation o
      where o.tenant_id = ${actor.tenant} and o.recorded_by = ${actor.accountId}
        and o.recorded_at > ${new Date(now.getTime() - lately)} and o.undone_at is null
      group by o.task_id
    ), offered as (
      select distinct on (t.id) t.id, t.name, mv.name as module, mv.id as version, mt.position
      from module_version mv
        join module_task mt on mt.tenant_id = mv.tenant_id and mt.module_version_id = mv.id
        join task t on t.tenant_id = mt.tenant_id and t.id = mt.task_id
      where mv.tenant_id = ${actor.tenant} and mv.state = 'published'
      order by t.id, mv.version desc
    )
    select offered.id, offered.name, offered.module
    from offered left join used on used.task_id = offered.id
    order by used.at desc nulls last, offered.module->>'fi', offered.version, offered.position`.execute(trx)
  return result.rows
}
