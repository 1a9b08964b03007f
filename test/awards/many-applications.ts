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
