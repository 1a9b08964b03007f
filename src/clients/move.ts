import { hideBadges } from './protection.ts'
import { sql } from 'kysely'
import { refuseStaffBrowser } from '../accounts/staff-browser.ts'
import { recordAudit } from '../audit/record.ts'
import { asTenant } from '../db/connect.ts'
import type { Trx } from '../db/database.ts'
import type { Deps } from '../deps.ts'
import type { ClientActor } from '../http/actor.ts'
import { dayInHelsinki } from '../i18n/index.ts'
import { clientKey, sealFor } from './client-key.ts'
import { endUnit } from './client-unit.ts'
import { openName } from './client.ts'
import { type HandoverPart, readParts } from './handover.ts'
import { type OpenInvitation, wrongInvitation } from './invitation.ts'
import { insertName } from './name-row.ts'
import { closeRelations, insertRelation } from './relation.ts'

type MoveDeps = Pick<Deps, 'db' | 'vault' | 'now' | 'newId'>

/** Which words the client read and agreed to: changes with them. */
const textVersion = 1

export type Agreed = {
  readonly invitation: OpenInvitation
  /** `move`: the old foundation loses access now. `join`: the client is in both. */
  readonly purpose: 'move' | 'join'
  readonly chosen: readonly HandoverPart[]
}

/**
 * The client agrees, in the own session, to be a client of another foundation too, or instead (one account, a client of each). The new one gets
 * name, language and what was chosen, under a key of its own. After a move the staff of the old one know the client no more: relations,
 * cards, codes and other sessions end, open applications are withdrawn. Awards stay with their issuer as they are, and the client keeps the own
 * passport there. All of it in one transaction over both tenants, each under its own policy. Refuses `content` when the code was used meanwhile, and
 * `conflict` in a browser of the staff: whoever consents is the client (S-15).
 */
export async function agreeToMove(deps: MoveDeps, actor: ClientActor, agreed: Agreed): Promise<void> {
  const { invitation, purpose, chosen } = agreed
  const now = deps.now()
  await refuseStaffBrowser(deps.db, actor, [invitation.tenant])
  await asTenant(deps.db, actor.tenant, async (trx) => {
    const old = await readOld(trx, actor)
    const content = JSON.stringify(await readParts(trx, actor.tenant, actor.clientId, chosen))
    await actFor(trx, invitation.tenant)
    const coming = { old, content, invitation, from: actor, now }
    const arrived = await arrive(deps, trx, coming)
    await actFor(trx, actor.tenant)
    const { tenant, clientId } = actor
    await link(trx, {
      tenant_id: tenant,
      client_id: clientId,
      other_tenant: invitation.tenant,
      other_client: arrived,
      opened_by: actor.openedBy,
      linked_at: now,
    })
    const id = deps.newId()
    await trx
      .insertInto('client_consent')
      .values({
        tenant_id: tenant,
        id,
        client_id: clientId,
        purpose,
        text_version: textVersion,
        receiver: invitation.tenant,
        chosen: [...chosen],
        given_at: now,
        session_id: actor.sessionId,
      })
      .execute()
    await recordAudit(trx, { tenant, at: now, kind: 'consent.given', by: actor, clientId, ref: id, what: purpose })
    if (purpose === 'move') await leave(trx, actor, now)
  })
}

/** From here on the transaction sees and writes the rows of the other tenant: the client belongs to both, nobody else's rows are asked for. */
async function actFor(trx: Trx, tenant: string): Promise<void> {
  await sql`select set_config('app.tenant', ${tenant}, true)`.execute(trx)
}

type Old = Awaited<ReturnType<typeof readOld>>

async function readOld(trx: Trx, { tenant, clientId }: ClientActor) {
  const row = await trx
    .selectFrom('client')
    .select(['tenant_id', 'id', 'data_key', 'kek_version', 'name_sealed', 'language', 'protected_at'])
    .where('tenant_id', '=', tenant)
    .where('id', '=', clientId)
    .forNoKeyUpdate()
    .executeTakeFirstOrThrow()
  return row
}

type Coming = {
  readonly old: Old
  readonly content: string
  readonly invitation: OpenInvitation
  readonly from: ClientActor
  readonly now: Date
}

/** In the new foundation: the row of the client, new or of an earlier time, the coach, what came along. Gives the client's id there. */
async function arrive(deps: MoveDeps, trx: Trx, { old, content, invitation, from, now }: Coming): Promise<string> {
  const { tenant, digest } = invitation
  const used = await trx
    .updateTable('client_invitation')
    .set({ used_at: now })
    .where('tenant_id', '=', tenant)
    .where('digest', '=', digest)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .returning(['coach_id', 'made_by'])
    .executeTakeFirst()
  if (!used) throw wrongInvitation()
  const client =
    (await findReturning(trx, { tenant, from, old, now })) ?? (await insertNew(deps, trx, tenant, old, now))
  const { made_by: madeBy, coach_id: coachId } = used
  const clientId = client.id
  await insertRelation(trx, { tenant, clientId, coachId, fromDay: dayInHelsinki(now), untilDay: null, madeBy, now })
  const sealed = sealFor(deps.vault, clientKey(client), 'client.handover', content)
  const handover = { tenant_id: tenant, client_id: clientId, from_tenant: from.tenant }
  await trx
    .insertInto('client_handover')
    .values({ ...handover, content_sealed: sealed, brought_at: now })
    .onConflict((conflict) =>
      conflict
        .columns(['tenant_id', 'client_id', 'from_tenant'])
        .doUpdateSet({ content_sealed: sealed, brought_at: now }),
    )
    .execute()
  await link(trx, {
    tenant_id: tenant,
    client_id: clientId,
    other_tenant: from.tenant,
    other_client: from.clientId,
    opened_by: madeBy,
    linked_at: now,
  })
  await recordAudit(trx, { tenant, at: now, kind: 'client.joined', by: { kind: 'client', clientId }, clientId })
  return clientId
}

type NewKey = {
  readonly tenant_id: string
  readonly id: string
  readonly data_key: Buffer
  readonly kek_version: string
}

type Returning = {
  readonly tenant: string
  readonly from: ClientActor
  readonly old: Old
  readonly now: Date
}

/** Somebody who comes back has the row of before, with the name that stood there. */
async function findReturning(trx: Trx, { tenant, from, old, now }: Returning): Promise<NewKey | undefined> {
  const row = await trx
    .selectFrom('client as c')
    .innerJoin('client_link as l', (j) => j.onRef('l.tenant_id', '=', 'c.tenant_id').onRef('l.client_id', '=', 'c.id'))
    .select(['c.tenant_id', 'c.id', 'c.data_key', 'c.kek_version', 'c.protected_at'])
    .where('c.tenant_id', '=', tenant)
    .where('l.other_tenant', '=', from.tenant)
    .where('l.other_client', '=', from.clientId)
    .where('c.ended_at', 'is', null)
    .forNoKeyUpdate('c')
    .executeTakeFirst()
  if (!row) return undefined
  await trx
    .updateTable('client')
    .set({ moved_at: null })
    .where('tenant_id', '=', tenant)
    .where('id', '=', row.id)
    .execute()
  if (old.protected_at !== null && row.protected_at === null) await protect(trx, tenant, row.id, now)
  return row
}

/** Whose identity is protected is so everywhere: nothing of before stays public where the client comes back to. */
async function protect(trx: Trx, tenant: string, clientId: string, now: Date): Promise<void> {
  await sql`update client set protected_at = ${now} where tenant_id = ${tenant} and id = ${clientId}`.execute(trx)
  await hideBadges(trx, tenant, clientId, now)
  const by = { kind: 'client', clientId } as const
  await recordAudit(trx, { tenant, at: now, kind: 'client.protected', by, clientId })
}

async function insertNew({ vault, newId }: MoveDeps, trx: Trx, tenant: string, old: Old, now: Date): Promise<NewKey> {
  const id = newId()
  const key = vault.newDataKey({ tenant, owner: id })
  const sealed = sealFor(vault, key, 'client.name', JSON.stringify(openName(vault, old)))
  await trx
    .insertInto('client')
    .values({
      tenant_id: tenant,
      id,
      data_key: key.dataKey,
      kek_version: key.kekVersion,
      name_sealed: sealed,
      language: old.language,
      created_at: now,
      ended_at: null,
      // Whose identity is protected is so everywhere.
      protected_at: old.protected_at === null ? null : now,
    })
    .execute()
  await insertName(trx, { tenant, id: newId(), clientId: id, sealed, madeBy: null, now })
  return { tenant_id: tenant, id, data_key: key.dataKey, kek_version: key.kekVersion }
}

type LinkRow = {
  readonly tenant_id: string
  readonly client_id: string
  readonly other_tenant: string
  readonly other_client: string
  readonly opened_by: string
  readonly linked_at: Date
}

async function link(trx: Trx, row: LinkRow): Promise<void> {
  await trx
    .insertInto('client_link')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .columns(['tenant_id', 'client_id', 'other_tenant'])
        // Somebody who was erased over there and comes anew is another row there.
        .doUpdateSet({ other_client: row.other_client, opened_by: row.opened_by, linked_at: row.linked_at })
        .where('client_link.other_client', '<>', row.other_client),
    )
    .execute()
}

/** In the old foundation: nobody of the staff reaches the client from now on. The client's own session goes on. */
async function leave(trx: Trx, actor: ClientActor, now: Date): Promise<void> {
  const { tenant, clientId, sessionId } = actor
  // In the order in which everybody locks applications (`writeAwards`).
  await sql`select from application where tenant_id = ${tenant} and client_id = ${clientId} order by id for update`.execute(
    trx,
  )
  await trx
    .updateTable('application')
    .set({ state: 'withdrawn' })
    .where('tenant_id', '=', tenant)
    .where('client_id', '=', clientId)
    .where('state', 'in', ['proposed', 'submitted'])
    .execute()
  await closeRelations(trx, { tenant, clientId, which: sql`true`, by: actor, now, spared: sessionId })
  await endUnit(trx, { tenant, clientId, endedBy: null, now })
  await trx
    .updateTable('client')
    .set({ moved_at: now })
    .where('tenant_id', '=', tenant)
    .where('id', '=', clientId)
    .execute()
  await sql`update sign_in_card set ended_at = ${now} where tenant_id = ${tenant} and client_id = ${clientId}
    and ended_at is null`.execute(trx)
  await sql`update sign_in_code set expires_at = ${now} where tenant_id = ${tenant} and client_id = ${clientId}
    and used_at is null and expires_at > ${now}`.execute(trx)
  await sql`update session set ended_at = ${now} where tenant_id = ${tenant} and client_id = ${clientId}
    and ended_at is null and id <> ${sessionId}`.execute(trx)
  await recordAudit(trx, { tenant, at: now, kind: 'client.moved', by: actor, clientId })
}
