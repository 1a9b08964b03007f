import { sql } from 'kysely'
import type { Trx } from '../db/database.ts'
import type { SupportLevel } from '../modules/tables.ts'
import type { Text } from '../qualifications/tables.ts'

/** A work task that the client has a view of, or a coach has. */
export type SkillRow = {
  readonly taskId: string
  readonly name: Text
  readonly own: { readonly choice: 1 | 2 | 3 | 4 | null; readonly at: string } | null
  readonly coach: { readonly supportLevel: SupportLevel; readonly observedOn: string } | null
}

/** The client's skills, the latest first: own view and the coach's last record of each task. */
export async function listSkillRows(trx: Trx, tenant: string, clientId: string): Promise<readonly SkillRow[]> {
  const result = await sql<SkillRow>`
    with own as (
      select distinct on (task_id) task_id, choice, assessed_at from self_assessment
      where tenant_id = ${tenant} and client_id = ${clientId} order by task_id, assessed_at desc, id desc
    ), coach as (
      select distinct on (task_id) task_id, support_level, observed_on from (${currentObservations(tenant, clientId)}) ob
      order by task_id, observed_on desc, recorded_at desc
    )
    select t.id as "taskId", t.name,
      case when own.task_id is null then null else jsonb_build_object('choice', own.choice, 'at', own.assessed_at) end as own,
      case when coach.task_id is null then null
        else jsonb_build_object('supportLevel', coach.support_level, 'observedOn', coach.observed_on) end as coach
    from task t left join own on own.task_id = t.id left join coach on coach.task_id = t.id
    where t.tenant_id = ${tenant} and (own.task_id is not null or coach.task_id is not null)
    order by greatest(own.assessed_at, coach.observed_on::timestamptz) desc, t.key`.execute(trx)
  return result.rows
}

/** Neither undone nor replaced by a correction that stands. */
function currentObservations(tenant: string, clientId: string): ReturnType<typeof sql> {
  return sql`select ob.* from observation ob
    where ob.tenant_id = ${tenant} and ob.client_id = ${clientId} and ob.undone_at is null
      and not exists (select from observation newer where newer.tenant_id = ob.tenant_id and newer.client_id = ob.client_id
        and newer.replaces = ob.id and newer.undone_at is null)`
}

/** What opens the words that are sealed under the client's key, and the foundation's public name. */
export async function findHolder(
  trx: Trx,
  tenant: string,
  clientId: string,
): Promise<{
  readonly tenant_id: string
  readonly id: string
  readonly data_key: Buffer
  readonly kek_version: string
  readonly issuerName: string
}> {
  return await trx
    .selectFrom('client as c')
    .innerJoin('organisation as o', 'o.tenant_id', 'c.tenant_id')
    .select(['c.tenant_id', 'c.id', 'c.data_key', 'c.kek_version', 'o.name as issuerName'])
    .where('c.tenant_id', '=', tenant)
    .where('c.id', '=', clientId)
    .executeTakeFirstOrThrow()
}

/** The sealed words of an award's revocation, for its holder. */
export async function findRevocationNote(trx: Trx, tenant: string, awardId: string): Promise<Buffer | null> {
  const row = await trx
    .selectFrom('revocation')
    .select('note_sealed')
    .where('tenant_id', '=', tenant)
    .where('award_id', '=', awardId)
    .executeTakeFirst()
  return row?.note_sealed ?? null
}
