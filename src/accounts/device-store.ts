import type { Insertable, Selectable } from 'kysely'
import type { Db, Trx } from '../db/database.ts'
import type { StaffDeviceTable } from './tables.ts'

/** The id of the account's registered device with this mark. */
export async function findDevice(
  db: Db,
  wanted: { readonly tenant: string; readonly accountId: string; readonly digest: Buffer },
): Promise<string | undefined> {
  const row = await db
    .selectFrom('staff_device')
    .select('id')
    .where('tenant_id', '=', wanted.tenant)
    .where('digest', '=', wanted.digest)
    .where('account_id', '=', wanted.accountId)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return row?.id
}

export type DeviceRow = Pick<Selectable<StaffDeviceTable>, 'id' | 'name' | 'registered_at'>

export async function listDeviceRows(db: Db, tenant: string, accountId: string): Promise<readonly DeviceRow[]> {
  return await db
    .selectFrom('staff_device')
    .select(['id', 'name', 'registered_at'])
    .where('tenant_id', '=', tenant)
    .where('account_id', '=', accountId)
    .where('ended_at', 'is', null)
    .orderBy('registered_at', 'desc')
    .execute()
}

export async function insertDevice(trx: Trx, device: Insertable<StaffDeviceTable>): Promise<void> {
  await trx.insertInto('staff_device').values(device).execute()
}

/** Makes a live session one of the device: from now on it records for the day. */
export async function bindSession(
  trx: Trx,
  session: { readonly tenant: string; readonly id: string },
  device: { readonly id: string; readonly openUntil: Date },
): Promise<void> {
  await trx
    .updateTable('session')
    .set({ device_id: device.id, open_until: device.openUntil })
    .where('tenant_id', '=', session.tenant)
    .where('id', '=', session.id)
    .execute()
}

/** Ends the device and its sessions but the one named, which goes on as on any other browser. Says whether the account had it. */
export async function endDevice(
  trx: Trx,
  wanted: { readonly tenant: string; readonly accountId: string; readonly id: string; readonly sessionId: string },
  now: Date,
): Promise<boolean> {
  const { tenant, accountId, id, sessionId } = wanted
  const ended = await trx
    .updateTable('staff_device')
    .set({ ended_at: now })
    .where('tenant_id', '=', tenant)
    .where('id', '=', id)
    .where('account_id', '=', accountId)
    .where('ended_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  if (!ended) return false
  const ofDevice = trx.updateTable('session').where('tenant_id', '=', tenant).where('device_id', '=', id)
  await ofDevice.set({ ended_at: now }).where('ended_at', 'is', null).where('id', '!=', sessionId).execute()
  await ofDevice.set({ device_id: null, open_until: null }).where('id', '=', sessionId).execute()
  return true
}
