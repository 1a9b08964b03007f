import { sql } from 'kysely'
import type { TestService } from '../support/app.ts'
import type { Foundation } from '../support/given.ts'
import { givenApplication } from './given-application.ts'

/** So many clients who did what Antti did and applied as he did: ids of their applications, his first. */
export async function givenManyApplications(
  service: TestService,
  foundation: Foundation,
  count: number,
): Promise<readonly string[]> {
  const { id } = await givenApplication(service, foundation, 'antti')
  const [tenant, antti] = [foundation.code, foundation.clients.antti]
  const copies = await service.database.ownerDb.transaction().execute(async (trx) => {
    await sql`create temporary table made on commit drop as
      select gen_random_uuid() as client_id, gen_random_uuid() as session_id, gen_random_uuid() as application_id
      from generate_series(2, ${count})`.execute(trx)
    await sql`insert into client (tenant_id, id, data_key, kek_version, name_sealed, language, created_at)
      select tenant_id, made.client_id, data_key, kek_version, name_sealed, language, created_at
      from client, made where tenant_id = ${tenant} and id = ${antti}`.execute(trx)
    await sql`insert into session (tenant_id, id, client_id, opened_by, browser, started_at, last_seen_at, ends_at)
      select tenant_id, made.session_id, made.client_id, ${foundation.accounts.sari}, browser, started_at, last_seen_at, ends_at
      from session, made where tenant_id = ${tenant} and id = (select submitted_session_id from application where id = ${id})`.execute(
      trx,
    )
    await sql`insert into observation (tenant_id, id, client_id, task_id, observed_on, support_level, recorded_by, recorded_at)
      select tenant_id, gen_random_uuid(), made.client_id, task_id, observed_on, support_level, recorded_by, recorded_at
      from observation, made where tenant_id = ${tenant} and observation.client_id = ${antti}`.execute(trx)
    await sql`insert into self_assessment (tenant_id, id, client_id, task_id, choice, assessed_at, session_id)
      select tenant_id, gen_random_uuid(), made.client_id, task_id, choice, assessed_at, made.session_id
      from self_assessment, made where tenant_id = ${tenant} and self_assessment.client_id = ${antti}`.execute(trx)
    await sql`insert into application (tenant_id, id, client_id, badge_class_id, badge_class_version_id, state, language, created_at,
        submitted_at, submitted_session_id)
      select tenant_id, made.application_id, made.client_id, badge_class_id, badge_class_version_id, state, language, created_at,
        submitted_at, made.session_id
      from application, made where tenant_id = ${tenant} and application.id = ${id}`.execute(trx)
    const { rows } = await sql<{ application_id: string }>`select application_id from made`.execute(trx)
    return rows.map(({ application_id }) => application_id)
  })
  return [id, ...copies]
}

/** A client who applied for so many badges that ask the same of everybody: ids of the applications. */
export async function givenManyBadges(
  service: TestService,
  foundation: Foundation,
  count: number,
): Promise<readonly string[]> {
  const { id } = await givenApplication(service, foundation, 'antti')
  const { rows } = await sql<{ id: string }>`
    with old as (
      select ap, bc, bv, bp from application ap
        join badge_class bc on bc.tenant_id = ap.tenant_id and bc.id = ap.badge_class_id
        join badge_class_version bv on bv.tenant_id = ap.tenant_id and bv.id = ap.badge_class_version_id
        join badge_picture bp on bp.tenant_id = ap.tenant_id and bp.badge_class_version_id = bv.id and bp.language = ap.language
      where ap.tenant_id = ${foundation.code} and ap.id = ${id}
    ), made as materialized (
      select *, jsonb_build_object('badge_class_id', gen_random_uuid(), 'badge_class_version_id', gen_random_uuid()) as ids
      from generate_series(2, ${count}) as number
    ), classes as (
      insert into badge_class select (jsonb_populate_record(old.bc, jsonb_build_object('id', made.ids ->> 'badge_class_id',
        'slug', (old.bc).slug || '-' || made.number))).* from old, made
    ), versions as (
      insert into badge_class_version select (jsonb_populate_record(old.bv, made.ids || jsonb_build_object('id',
        made.ids ->> 'badge_class_version_id'))).* from old, made
    ), pictures as (
      insert into badge_picture select (jsonb_populate_record(old.bp, made.ids)).* from old, made
    )
    insert into application select (jsonb_populate_record(old.ap, made.ids || jsonb_build_object('id', gen_random_uuid()))).* from old, made
    returning id`.execute(service.database.ownerDb)
  return [id, ...rows.map((row) => row.id)]
}
