import { recordAudit } from '../audit/record.ts'
import { asTenant } from '../db/connect.ts'
import type { Trx } from '../db/database.ts'
import type { Deps } from '../deps.ts'
import type { ClientActor, StaffActor } from '../http/actor.ts'
import { Refusal } from '../refusal.ts'
import { lockedClient } from './relation.ts'

/**
 * Protected identity (turvakielto): one mark (PRODUCT K7, DOMAIN 9.13). Lists of the foundation leave the person out or show no name, to all
 * but the coaches who work with the person; public badges and links to badges, which tell place and time, end and cannot be made anew. Taking
 * the mark off makes nothing public again. Refuses `not-found`. The same again changes nothing.
 */
export async function setProtection(
  deps: Pick<Deps, 'db' | 'now'>,
  actor: StaffActor,
  wanted: { readonly clientId: string; readonly isProtected: boolean },
): Promise<void> {
  const { tenant } = actor
  const { clientId, isProtected } = wanted
  const now = deps.now()
  await asTenant(deps.db, tenant, async (trx) => {
    const client = await lockedClient(trx, tenant, clientId, 'change')
    if ((client.protected_at !== null) === isProtected) return
    await trx
      .updateTable('client')
      .set({ protected_at: isProtected ? now : null })
      .where('tenant_id', '=', tenant)
      .where('id', '=', clientId)
      .execute()
    if (isProtected) await hideBadges(trx, tenant, clientId, now)
    const kind = isProtected ? 'client.protected' : 'client.unprotected'
    await recordAudit(trx, { tenant, at: now, kind, by: actor, clientId })
  })
}

/** What a person of protected identity has shown of badges ends: public ones are private, and links show nothing any more. */
export async function hideBadges(trx: Trx, tenant: string, clientId: string, now: Date): Promise<void> {
  await trx
    .updateTable('share')
    .set({ closed_at: now })
    .where('tenant_id', '=', tenant)
    .where('client_id', '=', clientId)
    .where('closed_at', 'is', null)
    .execute()
  await trx
    .updateTable('award')
    .set({ unpublished_at: now })
    .where('tenant_id', '=', tenant)
    .where('client_id', '=', clientId)
    .where('published_at', 'is not', null)
    .where('unpublished_at', 'is', null)
    .execute()
}

/**
 * A badge tells place and time, so one of a person with protected identity is shown to nobody (PRODUCT K7). Locks the client: the mark comes
 * before or after. Refuses `conflict` with `protected-identity`.
 */
export async function refuseProtected(
  trx: Trx,
  { tenant, clientId }: Pick<ClientActor, 'tenant' | 'clientId'>,
): Promise<void> {
  const row = await trx
    .selectFrom('client')
    .select('protected_at')
    .where('tenant_id', '=', tenant)
    .where('id', '=', clientId)
    .forShare()
    .executeTakeFirst()
  if (row?.protected_at)
    throw new Refusal('conflict', 'A badge tells where and when, and your identity is protected', {
      code: 'protected-identity',
    })
}

/** Since when the identity is protected; null: it is not. Refuses `not-found`. */
export async function readProtection(deps: Pick<Deps, 'db'>, tenant: string, clientId: string): Promise<Date | null> {
  return await asTenant(
    deps.db,
    tenant,
    async (trx) => (await lockedClient(trx, tenant, clientId, 'look')).protected_at,
  )
}
