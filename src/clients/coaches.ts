import { asTenant } from '../db/connect.ts'
import type { Db, Trx } from '../db/database.ts'
import { Refusal } from '../refusal.ts'

export type Coach = { readonly id: string; readonly name: string }

/** The coaches of an organisation who may be given people, by name in Finnish order. */
export async function listCoaches({ db }: { readonly db: Db }, tenant: string): Promise<readonly Coach[]> {
  const rows = await asTenant(db, tenant, async (trx) => await coaches(trx, tenant).execute())
  const order = new Intl.Collator('fi')
  return rows
    .map(({ id, display_name: name }) => ({ id, name }))
    .toSorted((a, b) => order.compare(a.name, b.name) || (a.id < b.id ? -1 : 1))
}

/** Which of the accounts are coaches of the organisation. */
export async function coachesAmong(trx: Trx, tenant: string, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set()
  const rows = await coaches(trx, tenant).where('a.id', 'in', ids).execute()
  return new Set(rows.map((row) => row.id))
}

/** Refuses `content`, with the pointer, for an account that is no coach of the own foundation (S-11: also for another's). */
export async function refuseUnknownCoach(trx: Trx, tenant: string, id: string, pointer: string): Promise<void> {
  if ((await coachesAmong(trx, tenant, [id])).has(id)) return
  const detail = 'there is no such coach in the foundation'
  const fields = [{ pointer, code: 'unknown-coach', detail }]
  throw new Refusal('content', `${pointer}: ${detail}`, { code: 'unknown-coach', fields })
}

function coaches(trx: Trx, tenant: string) {
  return trx
    .selectFrom('role_grant as g')
    .innerJoin('account as a', (j) => j.onRef('a.tenant_id', '=', 'g.tenant_id').onRef('a.id', '=', 'g.account_id'))
    .select(['a.id', 'a.display_name'])
    .where('g.tenant_id', '=', tenant)
    .where('g.role', '=', 'coach')
    .where('g.ended_at', 'is', null)
    .where('a.disabled_at', 'is', null)
}
