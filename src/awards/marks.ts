import { sql } from 'kysely'
import { asTenant } from '../db/connect.ts'
import type { Db } from '../db/database.ts'
import type { Mark } from './schema.ts'

/**
 * What the decider must see before deciding (S-15; PRODUCT K4): the client's acts — the application and each self-assessment of the
 * badge's tasks — that were done in a session opened by a staff member's code, or from a browser that a staff member signs in with; and
 * observations recorded late or corrected. Nothing here refuses: a person weighs it.
 */
export async function readMarks(db: Db, tenant: string, applicationId: string): Promise<readonly Mark[]> {
  return await asTenant(db, tenant, async (trx) => {
    const result = await sql<Mark>`
      with ap as (
        select ap.*, bv.rule from application ap
          join badge_class_version bv on bv.tenant_id = ap.tenant_id and bv.id = ap.badge_class_version_id
        where ap.tenant_id = ${tenant} and ap.id = ${applicationId}
      ), task as (
        select distinct (t ->> 'taskKey')::uuid as id from ap, jsonb_array_elements(ap.rule -> 'tasks') t
        union
        select distinct (k #>> '{}')::uuid from ap, jsonb_array_elements(ap.rule -> 'requirements') r, jsonb_array_elements(r -> 'tasks') k
      ), act as (
        select 'application' as act, ap.submitted_session_id as session_id from ap where ap.submitted_session_id is not null
        union
        select distinct 'self-assessment', sa.session_id from ap, self_assessment sa
        where sa.tenant_id = ap.tenant_id and sa.client_id = ap.client_id and sa.task_id in (select id from task)
      ), opened as (
        select distinct 'opened-by-code' as kind, act.act, a.id, a.display_name, null::date as day
        from act join session s on s.tenant_id = ${tenant} and s.id = act.session_id
          join account a on a.tenant_id = s.tenant_id and a.id = s.opened_by
      ), browser as (
        select distinct 'same-browser' as kind, act.act, a.id, a.display_name, null::date as day
        from act join session s on s.tenant_id = ${tenant} and s.id = act.session_id
          join session other on other.tenant_id = s.tenant_id and other.browser = s.browser and other.account_id is not null
          join account a on a.tenant_id = other.tenant_id and a.id = other.account_id
      ), work as (
        select case when ob.replaces is null then 'recorded-late' else 'corrected' end as kind, 'observation' as act, a.id,
          a.display_name, ob.observed_on as day
        from ap, observation ob join account a on a.tenant_id = ob.tenant_id and a.id = ob.recorded_by
        where ob.tenant_id = ap.tenant_id and ob.client_id = ap.client_id and ob.task_id in (select id from task) and ob.undone_at is null
          and (ob.late_reason_sealed is not null or ob.replaces is not null)
      ), mark as (select * from opened union all select * from browser union all select * from work)
      select kind, act, jsonb_build_object('id', id, 'name', display_name) as by, day::text as day from mark order by kind, act, day`.execute(
      trx,
    )
    return result.rows
  })
}
