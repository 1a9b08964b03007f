import { asTenant } from '../db/connect.ts'
import type { StaffActor } from '../http/actor.ts'
import { Refusal } from '../refusal.ts'
import { bindSession, type DeviceRow, endDevice, insertDevice, listDeviceRows } from './device-store.ts'
import { sessionTimes } from './session.ts'
import type { SignInDeps } from './sign-in.ts'
import { keyedDigest, newSecret } from './sign-in-code.ts'

/**
 * Registers the browser that asks as the coach's own device (S-14): a session on it records for 12 hours, and asks for the password again
 * after 30 idle minutes before anything that reads history. Gives the mark that the device keeps in its cookie.
 */
export async function registerDevice(deps: SignInDeps, actor: StaffActor, name: string): Promise<string> {
  const now = deps.now()
  const mark = newSecret(actor.tenant)
  const id = deps.newId()
  await asTenant(deps.db, actor.tenant, async (trx) => {
    await insertDevice(trx, {
      tenant_id: actor.tenant,
      id,
      account_id: actor.accountId,
      digest: keyedDigest(deps.secrets.codePepper, 'device', mark),
      name,
      registered_at: now,
      ended_at: null,
    })
    const openUntil = new Date(now.getTime() + sessionTimes.idle)
    await bindSession(trx, { tenant: actor.tenant, id: actor.sessionId }, { id, openUntil })
  })
  return mark
}

/** The member's own devices, the newest first. */
export async function listDevices(deps: Pick<SignInDeps, 'db'>, actor: StaffActor): Promise<readonly DeviceRow[]> {
  return await asTenant(deps.db, actor.tenant, async (trx) => await listDeviceRows(trx, actor.tenant, actor.accountId))
}

/** A lost or given-up device: its sessions end at once. Refuses `not-found` for another's. */
export async function removeDevice(deps: SignInDeps, actor: StaffActor, id: string): Promise<void> {
  const { tenant, accountId, sessionId } = actor
  await asTenant(deps.db, tenant, async (trx) => {
    const isThere = await endDevice(trx, { tenant, accountId, id, sessionId }, deps.now())
    if (!isThere) throw new Refusal('not-found', 'There is no such device')
  })
}
