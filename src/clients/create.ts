import { asTenant } from '../db/connect.ts'
import type { Deps } from '../deps.ts'
import type { StaffActor } from '../http/actor.ts'
import { dayInHelsinki } from '../i18n/index.ts'
import { Refusal } from '../refusal.ts'
import { addClient } from './client.ts'
import type { Client, NewClient } from './schema.ts'

/**
 * A coordinator adds a client with the coaches who begin today. Refuses `content`, with a pointer, for an account that is no coach of the
 * own foundation.
 */
export async function createClient(
  deps: Pick<Deps, 'db' | 'vault' | 'now' | 'newId'>,
  actor: StaffActor,
  wanted: NewClient,
  now: Date,
): Promise<Client> {
  const coachIds = [...new Set(wanted.coachIds)]
  const coaches = await coachesAmong(deps, actor.tenant, coachIds)
  const fields = wanted.coachIds.flatMap((id, index) =>
    coaches.has(id)
      ? []
      : [{ pointer: `/coachIds/${index}`, code: 'unknown-coach', detail: 'there is no such coach in the foundation' }],
  )
  const first = fields[0]
  if (first) throw new Refusal('content', `${first.pointer}: ${first.detail}`, { code: 'validation', fields })
  const { givenName, familyName, language } = wanted
  const name = { given: givenName, family: familyName }
  const id = await addClient(deps, actor, { name, language, coachIds, today: dayInHelsinki(now) })
  return { id, givenName, familyName, language }
}

async function coachesAmong(
  deps: Pick<Deps, 'db'>,
  tenant: string,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set()
  const rows = await asTenant(
    deps.db,
    tenant,
    async (trx) =>
      await trx
        .selectFrom('role_grant as g')
        .innerJoin('account as a', (j) => j.onRef('a.tenant_id', '=', 'g.tenant_id').onRef('a.id', '=', 'g.account_id'))
        .select('g.account_id')
        .where('g.tenant_id', '=', tenant)
        .where('g.role', '=', 'coach')
        .where('g.ended_at', 'is', null)
        .where('a.disabled_at', 'is', null)
        .where('g.account_id', 'in', ids)
        .execute(),
  )
  return new Set(rows.map((row) => row.account_id))
}
