import { sql } from 'kysely'
import { recordAudit } from '../audit/record.ts'
import { type ClientKeyColumns, clientKey, openFor, sealFor } from '../clients/client-key.ts'
import { openName, type PersonName } from '../clients/client.ts'
import { asTenant } from '../db/connect.ts'
import type { Trx } from '../db/database.ts'
import type { Deps } from '../deps.ts'
import type { ClientActor, StaffActor } from '../http/actor.ts'
import { Refusal } from '../refusal.ts'

type RightsDeps = Pick<Deps, 'db' | 'vault' | 'now' | 'newId'>

/** A client's request about the own data, its words opened. */
export type RightsRequest = {
  readonly id: string
  readonly clientId: string
  readonly clientName: PersonName
  /** Protected identity, or a client who went elsewhere: a list shows no name (PRODUCT K7). */
  readonly isProtected: boolean
  readonly kind: 'copy' | 'correction' | 'erasure'
  readonly state: 'open' | 'answered' | 'withdrawn'
  readonly words: string | null
  readonly askedAt: Date
  readonly answer: string | null
  readonly answeredAt: Date | null
  /** Where a coordinator entered it for the client: the day on which it came on paper, and who did. */
  readonly onPaper: { readonly day: string; readonly name: string } | null
}

/** The client tells what is wrong; a coordinator reads it (S-51). */
export async function askCorrection(deps: RightsDeps, actor: ClientActor, words: string): Promise<void> {
  await ask(deps, actor, 'correction', words)
}

/** The client asks to be erased (S-52). One request is open at a time: asking again changes nothing. */
export async function askErasure(deps: RightsDeps, actor: ClientActor): Promise<void> {
  await ask(deps, actor, 'erasure', null)
}

async function ask(
  deps: RightsDeps,
  actor: ClientActor,
  kind: RightsRequest['kind'],
  words: string | null,
): Promise<void> {
  const { tenant, clientId } = actor
  const now = deps.now()
  const id = deps.newId()
  await asTenant(deps.db, tenant, async (trx) => {
    const key = clientKey(await getClientKey(trx, tenant, clientId))
    const asked = await trx
      .insertInto('rights_request')
      .values({
        tenant_id: tenant,
        id,
        client_id: clientId,
        kind,
        words_sealed: words === null ? null : sealFor(deps.vault, key, 'rights.words', words),
        asked_at: now,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst()
    if (asked) await recordAudit(trx, { tenant, at: now, kind: `${kind}.asked`, by: actor, clientId, ref: id })
  })
}

/** The client takes the wish to be erased back, until somebody has carried it out. Refuses `conflict` when there is none. */
export async function withdrawErasure(deps: RightsDeps, actor: ClientActor): Promise<void> {
  const { tenant, clientId } = actor
  const now = deps.now()
  await asTenant(deps.db, tenant, async (trx) => {
    const withdrawn = await trx
      .updateTable('rights_request')
      .set({ state: 'withdrawn', answered_at: now })
      .where('tenant_id', '=', tenant)
      .where('client_id', '=', clientId)
      .where('kind', '=', 'erasure')
      .where('state', '=', 'open')
      .returning('id')
      .executeTakeFirst()
    if (!withdrawn) throw new Refusal('conflict', 'There is no open request')
    await recordAudit(trx, { tenant, at: now, kind: 'erasure.withdrawn', by: actor, clientId, ref: withdrawn.id })
  })
}

/** A coordinator answers a request to correct something, in words that the client reads. Refuses `not-found`, `conflict`. */
export async function answerCorrection(
  deps: RightsDeps,
  actor: StaffActor,
  wanted: { readonly id: string; readonly answer: string },
): Promise<void> {
  const { tenant } = actor
  const now = deps.now()
  await asTenant(deps.db, tenant, async (trx) => {
    const request = await lockedRow(trx, tenant, wanted.id)
    if (request?.kind !== 'correction') throw new Refusal('not-found', 'There is no such request')
    const key = clientKey({ ...request, id: request.client_id })
    const answered = await trx
      .updateTable('rights_request')
      .set({
        state: 'answered',
        answer_sealed: sealFor(deps.vault, key, 'rights.answer', wanted.answer),
        answered_by: actor.accountId,
        answered_at: now,
      })
      .where('tenant_id', '=', tenant)
      .where('id', '=', wanted.id)
      .where('client_id', '=', request.client_id)
      .where('state', '=', 'open')
      .executeTakeFirst()
    if (answered.numUpdatedRows === 0n) throw new Refusal('conflict', 'The request was answered already')
    const clientId = request.client_id
    await recordAudit(trx, { tenant, at: now, kind: 'correction.answered', by: actor, clientId, ref: wanted.id })
  })
}

/** The client's own requests, newest first. */
export async function listOwnRequests(deps: RightsDeps, actor: ClientActor): Promise<readonly RightsRequest[]> {
  const { tenant, clientId } = actor
  const rows = await asTenant(
    deps.db,
    tenant,
    async (trx) =>
      await requests(trx, tenant).where('q.client_id', '=', clientId).orderBy('q.asked_at', 'desc').execute(),
  )
  return rows.map((row) => viewOf(deps, row))
}

/** What waits for the coordinator, oldest first. */
export async function listOpenRequests(deps: RightsDeps, actor: StaffActor): Promise<readonly RightsRequest[]> {
  const { tenant } = actor
  const rows = await asTenant(
    deps.db,
    tenant,
    async (trx) =>
      await requests(trx, tenant)
        .where('q.state', '=', 'open')
        .where(isForStaff)
        .orderBy('q.asked_at')
        .limit(200)
        .execute(),
  )
  return rows.map((row) => viewOf(deps, row))
}

/** One request of the own foundation. Refuses `not-found` (S-11). */
export async function getRequest(deps: RightsDeps, actor: StaffActor, id: string): Promise<RightsRequest> {
  const { tenant } = actor
  const row = await asTenant(deps.db, tenant, async (trx) => await findRow(trx, tenant, id))
  if (!row) throw new Refusal('not-found', 'There is no such request')
  return viewOf(deps, row)
}

type Row = Awaited<ReturnType<ReturnType<typeof requests>['execute']>>[number]

function requests(trx: Trx, tenant: string) {
  return trx
    .selectFrom('rights_request as q')
    .innerJoin('client as c', (join) => join.onRef('c.tenant_id', '=', 'q.tenant_id').onRef('c.id', '=', 'q.client_id'))
    .leftJoin('account as e', (join) =>
      join.onRef('e.tenant_id', '=', 'q.tenant_id').onRef('e.id', '=', 'q.entered_by'),
    )
    .select(['q.id', 'q.client_id', 'q.kind', 'q.state', 'q.words_sealed', 'q.asked_at', 'q.answer_sealed'])
    .select(['q.received_on', 'e.display_name as entered_name'])
    .select(['q.answered_at', 'c.tenant_id', 'c.data_key', 'c.kek_version', 'c.name_sealed', 'c.protected_at'])
    .select('c.moved_at')
    .where('q.tenant_id', '=', tenant)
}

/**
 * What the staff see of the requests. Of a client who went elsewhere nothing from before and nothing that staff entered: only what the client
 * asks of the old foundation since, and a wish to be erased, which that one still has to carry out.
 */
const isForStaff = sql<boolean>`(c.moved_at is null
  or (q.entered_by is null and (q.kind = 'erasure' or (q.kind = 'correction' and q.asked_at >= c.moved_at))))`

async function findRow(trx: Trx, tenant: string, id: string): Promise<Row | undefined> {
  return await requests(trx, tenant).where('q.id', '=', id).where(isForStaff).executeTakeFirst()
}

/** The request with its client locked: two rows that are joined at this moment come before or after, and the key is that of whose it is then. */
async function lockedRow(trx: Trx, tenant: string, id: string): Promise<Row | undefined> {
  const found = await findRow(trx, tenant, id)
  if (!found) return undefined
  await trx
    .selectFrom('client')
    .select('id')
    .where('tenant_id', '=', tenant)
    .where('id', '=', found.client_id)
    .forKeyShare()
    .execute()
  const now = await findRow(trx, tenant, id)
  return now === undefined || now.client_id === found.client_id ? now : await lockedRow(trx, tenant, id)
}

function viewOf({ vault }: Pick<Deps, 'vault'>, row: Row): RightsRequest {
  const columns = { ...row, id: row.client_id }
  const key = clientKey(columns)
  return {
    id: row.id,
    clientId: row.client_id,
    clientName: openName(vault, columns),
    isProtected: row.protected_at !== null || row.moved_at !== null,
    kind: row.kind,
    state: row.state,
    words: row.words_sealed && openFor(vault, key, 'rights.words', row.words_sealed),
    askedAt: row.asked_at,
    answer: row.answer_sealed && openFor(vault, key, 'rights.answer', row.answer_sealed),
    answeredAt: row.answered_at,
    onPaper: row.received_on === null ? null : { day: row.received_on, name: row.entered_name ?? '' },
  }
}

/** The columns of the client's own key. Refuses `not-found`. */
export async function getClientKey(trx: Trx, tenant: string, id: string): Promise<ClientKeyColumns> {
  const row = await trx
    .selectFrom('client')
    .select(['tenant_id', 'id', 'data_key', 'kek_version'])
    .where('tenant_id', '=', tenant)
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row) throw new Refusal('not-found', 'There is no such client')
  return row
}
