import { asTenant } from '../db/connect.ts'
import type { Deps } from '../deps.ts'
import type { StaffActor } from '../http/actor.ts'
import { dayInHelsinki } from '../i18n/index.ts'
import { Refusal } from '../refusal.ts'
import { addClient } from './client.ts'
import { coachesAmong } from './coaches.ts'
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
  const { tenant } = actor
  const coaches = await asTenant(deps.db, tenant, async (trx) => await coachesAmong(trx, tenant, coachIds))
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
