import { sql } from 'kysely'
import { z } from 'zod'
import { asTenant } from '../db/connect.ts'
import type { Trx } from '../db/database.ts'
import type { Deps } from '../deps.ts'
import { clientKey, openFor } from './client-key.ts'

/** What a client can choose to take along to another foundation. Never a support level: that stays inside (DESIGN, Rules). */
export const handoverParts = ['badges', 'work', 'own'] as const
export type HandoverPart = (typeof handoverParts)[number]

const Text = z.record(z.string(), z.string())

/** What came along (siirtymätieto), as it was on that day. */
const Handover = z.object({
  badges: z.array(z.object({ name: Text, issuer: z.string(), awardedAt: z.string() })).optional(),
  work: z.array(z.object({ task: Text, times: z.number(), lastDay: z.string() })).optional(),
  own: z.array(z.object({ task: Text, choice: z.number().nullable() })).optional(),
})
export type Handover = z.infer<typeof Handover>

/** Reads the chosen parts in the transaction of the foundation that the client comes from. */
export async function readParts(
  trx: Trx,
  tenant: string,
  clientId: string,
  chosen: readonly HandoverPart[],
): Promise<Handover> {
  return {
    ...(chosen.includes('badges') && { badges: await badgesOf(trx, tenant, clientId) }),
    ...(chosen.includes('work') && { work: await workOf(trx, tenant, clientId) }),
    ...(chosen.includes('own') && { own: await ownViewsOf(trx, tenant, clientId) }),
  }
}

async function badgesOf(trx: Trx, tenant: string, clientId: string): Promise<NonNullable<Handover['badges']>> {
  const { rows } = await sql<{ name: Record<string, string>; issuer: string; at: Date }>`
    select v.name, o.name as issuer, aw.awarded_at as at from award aw
      join badge_class_version v on v.tenant_id = aw.tenant_id and v.id = aw.badge_class_version_id
      join organisation o on o.tenant_id = aw.tenant_id
    where aw.tenant_id = ${tenant} and aw.client_id = ${clientId} and aw.state = 'accepted'
      and not exists (select from revocation r where r.tenant_id = aw.tenant_id and r.award_id = aw.id)
    order by aw.awarded_at, aw.id`.execute(trx)
  return rows.map(({ name, issuer, at }) => ({ name, issuer, awardedAt: at.toISOString() }))
}

async function workOf(trx: Trx, tenant: string, clientId: string): Promise<NonNullable<Handover['work']>> {
  const { rows } = await sql<{ task: Record<string, string>; times: number; lastDay: string }>`
    select t.name as task, count(*)::integer as times, max(o.observed_on) as "lastDay" from observation o
      join task t on t.tenant_id = o.tenant_id and t.id = o.task_id
    where o.tenant_id = ${tenant} and o.client_id = ${clientId} and o.undone_at is null
      and not exists (select from observation newer where newer.tenant_id = o.tenant_id and newer.client_id = o.client_id
        and newer.replaces = o.id and newer.undone_at is null)
    group by t.id, t.name order by max(o.observed_on) desc, t.id`.execute(trx)
  return rows
}

async function ownViewsOf(trx: Trx, tenant: string, clientId: string): Promise<NonNullable<Handover['own']>> {
  const { rows } = await sql<{ task: Record<string, string>; choice: number | null }>`
    select distinct on (t.id) t.name as task, s.choice from self_assessment s
      join task t on t.tenant_id = s.tenant_id and t.id = s.task_id
    where s.tenant_id = ${tenant} and s.client_id = ${clientId}
    order by t.id, s.assessed_at desc, s.id desc`.execute(trx)
  return rows
}

/** What a client of the organisation brought along, with where it is from. The caller has looked that the client is in reach. */
export async function readHandovers(
  deps: Pick<Deps, 'db' | 'vault'>,
  tenant: string,
  clientId: string,
): Promise<readonly { readonly from: string; readonly at: Date; readonly content: Handover }[]> {
  const rows = await asTenant(
    deps.db,
    tenant,
    async (trx) =>
      await trx
        .selectFrom('client_handover as h')
        .innerJoin('client as c', (j) => j.onRef('c.tenant_id', '=', 'h.tenant_id').onRef('c.id', '=', 'h.client_id'))
        .innerJoin('organisation as o', 'o.tenant_id', 'h.from_tenant')
        .select(['c.tenant_id', 'c.id', 'c.data_key', 'c.kek_version', 'h.content_sealed', 'h.brought_at', 'o.name'])
        .where('h.tenant_id', '=', tenant)
        .where('h.client_id', '=', clientId)
        .orderBy('h.brought_at', 'desc')
        .execute(),
  )
  return rows.map((row) => ({
    from: row.name,
    at: row.brought_at,
    content: Handover.parse(JSON.parse(openFor(deps.vault, clientKey(row), 'client.handover', row.content_sealed))),
  }))
}
