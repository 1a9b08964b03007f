import { signEmbedded } from '../credentials/issue.ts'
import { decodeStatusList, emptyStatusList, setStatus, statusListCredential } from '../credentials/status-list.ts'
import { isJsonObject } from '../credentials/json.ts'
import { asTenant } from '../db/connect.ts'
import type { Trx } from '../db/database.ts'
import type { Deps } from '../deps.ts'
import { addJobOnce } from '../jobs/queue.ts'
import { getEmbeddingKey } from '../keys/embedding-key.ts'
import { forgetLists } from './hot.ts'
import { addressedIssuer } from './issuer.ts'
import { findStatusList, keepSignedList, lockStatusList, revokedPlaces, type StoredStatusList } from './status-store.ts'

export type StatusDeps = Pick<Deps, 'db' | 'vault' | 'config' | 'now'>

/** A list is signed at most once in so many milliseconds, however many badges are revoked (PERFORMANCE, Designs). */
const signedEvery = 1000

/**
 * The signed status list as it stands now (CONFORMANCE 7.3). What was signed before is given again; a list that nobody asked for yet, or
 * whose job has not run since a revocation, is signed first. Undefined when the tenant has no such list.
 */
export async function currentStatusList(deps: StatusDeps, tenant: string, list: number): Promise<string | undefined> {
  const stored = await asTenant(deps.db, tenant, async (trx) => await findStatusList(trx, tenant, list))
  if (!stored) return undefined
  return upToDate(stored) ?? (await signStatusList(deps, tenant, list, deps.now()))
}

/**
 * Builds the bits from the revocations, signs the list by the tenant's Ed25519 key and keeps it, unless what is kept says the same already
 * (CONFORMANCE 7.3, 7.5, 7.6). Others who sign the same list wait; awards do not. Gives the signed text, undefined when there is no such list.
 */
export async function signStatusList(
  deps: StatusDeps,
  tenant: string,
  list: number,
  now: Date,
): Promise<string | undefined> {
  const document = await asTenant(deps.db, tenant, async (trx) => {
    if (!(await lockStatusList(trx, tenant, list))) return undefined
    // Read after the lock, so that every revocation committed before it is seen.
    const stored = await findStatusList(trx, tenant, list)
    return stored && (upToDate(stored) ?? (await sign(trx, deps, { tenant, list, changedAt: stored.changedAt, now })))
  })
  forgetLists(deps.db, tenant)
  return document
}

async function sign(
  trx: Trx,
  deps: StatusDeps,
  wanted: { readonly tenant: string; readonly list: number; readonly changedAt: Date; readonly now: Date },
): Promise<string> {
  const { tenant, list, changedAt, now } = wanted
  const origin = deps.config.publicOrigin
  const bits = emptyStatusList()
  for (const place of await revokedPlaces(trx, tenant, list)) setStatus(bits, place)
  const key = await getEmbeddingKey(trx, deps.vault, origin, tenant)
  // It holds from its last change on, not only from this signing.
  const facts = { issuer: addressedIssuer(origin, tenant), list, bits, validFrom: changedAt }
  const document = JSON.stringify(await signEmbedded(statusListCredential(facts), key, now))
  await keepSignedList(trx, { tenant, list, document, at: now })
  return document
}

/** Throws away what a key signed that others may have had: each list is signed anew when it is next asked for (S-22). */
export async function dropSignedLists(trx: Trx, tenant: string): Promise<void> {
  await trx.updateTable('status_list').set({ document: null }).where('tenant_id', '=', tenant).execute()
}

/**
 * The kept document when it still says everything. Revocations are never taken back, so equal numbers are equal sets: no time is compared,
 * because the clocks of two processes differ.
 */
function upToDate({ document, revoked }: StoredStatusList): string | undefined {
  return document !== null && countRevoked(document) === revoked ? document : undefined
}

function countRevoked(document: string): number {
  const parsed: unknown = JSON.parse(document)
  const subject = isJsonObject(parsed) ? parsed['credentialSubject'] : undefined
  const encoded = isJsonObject(subject) ? subject['encodedList'] : undefined
  if (typeof encoded !== 'string') return -1
  let count = 0
  for (let byte of decodeStatusList(encoded)) for (; byte !== 0; byte &= byte - 1) count += 1
  return count
}

/**
 * Asks for a list to be signed anew after a revocation, as part of its transaction. Any number of askings within a second become one job.
 */
export async function askForSigning(trx: Trx, tenant: string, list: number): Promise<void> {
  const payload = { tenant, list: String(list) }
  await addJobOnce(trx, 'status.sign', payload, { key: `status.sign ${tenant} ${list}`, afterMs: signedEvery })
}

/** What the job does: signs, or asks to be called again when the list was signed less than a second ago. */
export async function signWhenDue(deps: StatusDeps, tenant: string, list: number): Promise<void> {
  const now = deps.now()
  const isTooSoon = await asTenant(deps.db, tenant, async (trx) => {
    const stored = await findStatusList(trx, tenant, list)
    if (!stored || upToDate(stored) !== undefined) return true
    const since = stored.signedAt === null ? signedEvery : now.getTime() - stored.signedAt.getTime()
    if (since < 0 || since >= signedEvery) return false
    await askForSigning(trx, tenant, list)
    return true
  })
  if (!isTooSoon) await signStatusList(deps, tenant, list, now)
}
