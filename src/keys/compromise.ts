import { newHistoryLine } from '../awards/history.ts'
import { addHistoryLine } from '../awards/write.ts'
import { asTenant } from '../db/connect.ts'
import type { Trx } from '../db/database.ts'
import { addJobOnce } from '../jobs/queue.ts'
import { forgetKeys } from '../publication/hot.ts'
import { dropSignedLists } from '../publication/status.ts'
import { Refusal } from '../refusal.ts'
import { addActiveKey, type By, factsOf, recordWhere } from './add-key.ts'
import { type KeyDeps, lockKeys, wholeSeconds } from './rotate.ts'
import { newKid, newSigningKey } from './signing-keys.ts'
import type { KeyAlgorithm } from './tables.ts'

export type Compromised = {
  readonly kid: string
  readonly algorithm: KeyAlgorithm
  /** From when on others may have had it. */
  readonly since: Date
  /** The key that signs instead, when it was the one in use. */
  readonly replacedBy: string | null
  /** False: that was known already. */
  readonly changed: boolean
}

/**
 * Says that others may have had a key since a time (S-22). It leaves the key sets, carries `revoked` in the controller document, and is replaced
 * when it was in use; what it signed of status lists is signed anew when somebody asks. The queue is asked to sign the older awards anew. An
 * earlier time may be given later, a later one not. Refuses `not-found`, and `content` for a time that cannot be.
 */
export async function compromiseKey(
  deps: KeyDeps,
  tenant: string,
  wanted: { readonly kid: string; readonly since: Date; readonly by?: By },
): Promise<Compromised> {
  const { kid, by } = wanted
  const now = wholeSeconds(deps.now())
  const since = wholeSeconds(wanted.since)
  const found = await asTenant(deps.db, tenant, async (trx) => await findKey(trx, tenant, kid))
  refuseImpossible(found, since, now)
  // Made before anything is locked; thrown away when the key was not in use.
  const key = await newSigningKey(deps.vault, tenant, newKid(found.algorithm, now), found.algorithm)
  const { algorithm } = found
  const done = await asTenant(deps.db, tenant, async (trx): Promise<Compromised> => {
    await lockKeys(trx, tenant)
    const { state, compromised_at: known } = await findKey(trx, tenant, kid)
    if (known && known <= since) return { kid, algorithm, since: known, replacedBy: null, changed: false }
    await markCompromised(trx, tenant, kid, since)
    const facts = { kid, algorithm, since: since.toISOString(), ...factsOf(by) }
    if (algorithm === 'EdDSA') await dropSignedLists(trx, tenant)
    await askForResigning(trx, tenant)
    await addHistoryLine(trx, tenant, newHistoryLine(deps.newId(), 'key.compromised', now, facts))
    const replacedBy = state === 'active' ? key.kid : null
    if (replacedBy !== null) await addActiveKey(trx, tenant, key, { lineId: deps.newId(), now, by })
    await recordWhere(trx, tenant, now, by)
    return { kid, algorithm, since, replacedBy, changed: true }
  })
  forgetKeys(deps.db, tenant)
  return done
}

type FoundKey = {
  readonly algorithm: KeyAlgorithm
  readonly state: 'active' | 'retired' | 'compromised'
  readonly created_at: Date
  readonly compromised_at: Date | null
}

async function findKey(trx: Trx, tenant: string, kid: string): Promise<FoundKey> {
  const row = await trx
    .selectFrom('signing_key')
    .select(['algorithm', 'state', 'created_at', 'compromised_at'])
    .where('tenant_id', '=', tenant)
    .where('kid', '=', kid)
    .executeTakeFirst()
  if (!row) throw new Refusal('not-found', `${tenant} has no key ${kid}`)
  return row
}

function refuseImpossible({ created_at: made, compromised_at: known }: FoundKey, since: Date, now: Date): void {
  const no = (detail: string): Refusal =>
    new Refusal('content', detail, { fields: [{ pointer: '/since', code: 'time', detail }] })
  if (since > now) throw no('The time is still to come')
  if (since < made) throw no(`The key was made at ${made.toISOString()}: nobody can have had it before`)
  if (known && known < since) throw no(`It is known since ${known.toISOString()}: only an earlier time can be given`)
}

async function markCompromised(trx: Trx, tenant: string, kid: string, since: Date): Promise<void> {
  await trx
    .updateTable('signing_key')
    .set({ state: 'compromised', compromised_at: since })
    .where('tenant_id', '=', tenant)
    .where('kid', '=', kid)
    .execute()
}

/** The service goes on by itself where a command is ended before its time. */
async function askForResigning(trx: Trx, tenant: string): Promise<void> {
  await addJobOnce(trx, 'awards.resign', { tenant }, { key: `awards.resign ${tenant}`, afterMs: 10_000 })
}
