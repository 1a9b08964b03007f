import { sql } from 'kysely'
import { clientKey, sealFor } from '../clients/client-key.ts'
import { hasIdentityCode } from '../clients/identity-code.ts'
import { asTenant } from '../db/connect.ts'
import type { Trx } from '../db/database.ts'
import type { Deps } from '../deps.ts'
import type { ClientActor } from '../http/actor.ts'
import type { Text } from '../qualifications/tables.ts'
import { Refusal } from '../refusal.ts'
import type { NewSelfAssessment } from './schema.ts'
import { clientKeys } from './store.ts'

export type Assessed = {
  readonly id: string
  readonly taskId: string
  readonly choice: number | null
  readonly at: Date
}

/**
 * Keeps how the client sees the own skill in a task (itsearviointi). Every view stays, the newest is shown. `id` may be made by the form,
 * so that the same form sent twice keeps one. Refuses `not-found` for a task outside the tenant's published modules and `content` for
 * a personal identity code in the words.
 */
export async function assessSelf(
  deps: Pick<Deps, 'db' | 'vault' | 'newId'>,
  actor: ClientActor,
  wanted: NewSelfAssessment & { readonly id?: string },
  now: Date,
): Promise<Assessed> {
  const { taskId, choice, words } = wanted
  if (hasIdentityCode(words ?? '')) {
    const detail = 'leave the personal identity code out: it is not stored here'
    const fields = [{ pointer: '/words', code: 'identity-code', detail }]
    throw new Refusal('content', `/words: ${detail}`, { code: 'validation', fields })
  }
  const id = wanted.id ?? deps.newId()
  await asTenant(deps.db, actor.tenant, async (trx) => {
    const sealed = words === undefined ? null : await sealWords(deps, trx, actor, words)
    const result = await sql<{ is_task: boolean }>`
      with possible as (
        select exists (select from module_task mt join module_version mv on mv.tenant_id = mt.tenant_id and mv.id = mt.module_version_id
          where mt.tenant_id = ${actor.tenant} and mt.task_id = ${taskId} and mv.state = 'published') as is_task
      ), kept as (
        insert into self_assessment (tenant_id, id, client_id, task_id, choice, words_sealed, assessed_at, session_id)
        select ${actor.tenant}, ${id}::uuid, ${actor.clientId}::uuid, ${taskId}::uuid, ${choice}::smallint, ${sealed}::bytea,
          ${now}::timestamptz, ${actor.sessionId}::uuid
        from possible where is_task
        on conflict (tenant_id, id) do nothing
      )
      select is_task from possible`.execute(trx)
    if (!result.rows[0]?.is_task) throw new Refusal('not-found', 'There is no such task in a published module')
  })
  return { id, taskId, choice, at: now }
}

async function sealWords(deps: Pick<Deps, 'vault'>, trx: Trx, actor: ClientActor, words: string): Promise<Buffer> {
  const key = (await clientKeys(trx, actor.tenant, [actor.clientId])).get(actor.clientId)
  if (!key) throw new Refusal('not-found', 'There is no such client')
  return sealFor(deps.vault, clientKey(key), 'self-assessment.words', words)
}

/** A client's newest view of each task. */
export async function latestSelfAssessments(
  trx: Trx,
  tenant: string,
  clientId: string,
): Promise<ReadonlyMap<string, { readonly choice: number | null; readonly at: Date }>> {
  const rows = await trx
    .selectFrom('self_assessment')
    .distinctOn('task_id')
    .select(['task_id', 'choice', 'assessed_at'])
    .where('tenant_id', '=', tenant)
    .where('client_id', '=', clientId)
    .orderBy('task_id')
    .orderBy('assessed_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
  return new Map(rows.map((row) => [row.task_id, { choice: row.choice, at: row.assessed_at }]))
}

/** A task as the client meets it: its name, the plain words, the steps. */
export type TaskToAssess = {
  readonly id: string
  readonly name: Text
  readonly easyFi: string | null
  readonly steps: readonly Text[]
}

/** Refuses `not-found` for a task outside the tenant's published modules. */
export async function getTaskToAssess(trx: Trx, tenant: string, taskId: string): Promise<TaskToAssess> {
  const result = await sql<{ id: string; name: Text; easy_fi: string | null; steps: readonly Text[] }>`
    select t.id, t.name, t.easy_fi,
      (select coalesce(jsonb_agg(s.text order by s.position), '[]') from step s
        where s.tenant_id = t.tenant_id and s.task_id = t.id) as steps
    from task t
    where t.tenant_id = ${tenant} and t.id = ${taskId}
      and exists (select from module_task mt join module_version mv on mv.tenant_id = mt.tenant_id and mv.id = mt.module_version_id
        where mt.tenant_id = t.tenant_id and mt.task_id = t.id and mv.state = 'published')`.execute(trx)
  const row = result.rows[0]
  if (!row) throw new Refusal('not-found', 'There is no such task in a published module')
  return { id: row.id, name: row.name, easyFi: row.easy_fi, steps: row.steps }
}
