import { recordAudit } from '../audit/record.ts'
import { clientKey, sealFor } from '../clients/client-key.ts'
import { listClients, type PersonName, requireClient } from '../clients/client.ts'
import { listPeople } from '../clients/relation-list.ts'
import { asTenant } from '../db/connect.ts'
import type { Deps } from '../deps.ts'
import type { StaffActor } from '../http/actor.ts'
import { dayInHelsinki } from '../i18n/index.ts'
import { Refusal } from '../refusal.ts'
import { type CopyForm, type OwnCopy, readCopy } from './export.ts'
import { getClientKey, getRequest, type RightsRequest } from './request.ts'

type PaperDeps = Pick<Deps, 'db' | 'vault' | 'now' | 'newId'>

export const paperKinds = ['copy', 'correction', 'erasure'] as const satisfies readonly RightsRequest['kind'][]
/** How the coordinator made sure who asks. */
export const waysToBeSure = ['in-person', 'signed'] as const

export type PaperRequest = {
  readonly clientId: string
  readonly kind: RightsRequest['kind']
  /** What is to be corrected; of a correction only. */
  readonly words: string | null
  /** The day on which it came: the time to answer begins there. */
  readonly receivedOn: string
  readonly sure: (typeof waysToBeSure)[number]
}

/** Whose request may be entered; without a name where the identity is protected and the coordinator is no coach of the person (PRODUCT K7). */
export type Asker = { readonly id: string; readonly name: PersonName | undefined }

/** Everybody of the foundation: those whom the coordinator's lists name, then the others. */
export async function listAskers(
  deps: Pick<Deps, 'db' | 'vault' | 'now'>,
  actor: StaffActor,
): Promise<readonly Asker[]> {
  const named = await listClients(deps, actor, dayInHelsinki(deps.now()))
  const known = new Set(named.map(({ id }) => id))
  const others = (await listPeople(deps, actor)).filter(({ id }) => !known.has(id))
  return [...named.map(({ id, name }) => ({ id, name })), ...others.map(({ id }) => ({ id, name: undefined }))]
}

/**
 * A coordinator enters what a client asked on paper or by word of mouth (S-51, S-52): the client sees it on `/tiedot`, with who entered it, and
 * may take an erasure back there. Gives the request's id. Refuses `not-found`, `content` for a day that cannot be, and `conflict` with
 * `already-open` for a second request to be erased.
 */
export async function enterPaperRequest(deps: PaperDeps, actor: StaffActor, wanted: PaperRequest): Promise<string> {
  const { tenant, accountId } = actor
  const { clientId, kind, words, receivedOn, sure } = wanted
  const now = deps.now()
  refuseImpossibleDay(receivedOn, now)
  await requireClient(deps, actor, clientId, dayInHelsinki(now))
  const id = deps.newId()
  await asTenant(deps.db, tenant, async (trx) => {
    const key = clientKey(await getClientKey(trx, tenant, clientId))
    const entered = await trx
      .insertInto('rights_request')
      .values({
        tenant_id: tenant,
        id,
        client_id: clientId,
        kind,
        words_sealed: kind === 'correction' && words !== null ? sealFor(deps.vault, key, 'rights.words', words) : null,
        asked_at: now,
        received_on: receivedOn,
        entered_by: accountId,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst()
    if (!entered) throw new Refusal('conflict', 'The client has asked for this already', { code: 'already-open' })
    const line = { tenant, at: now, by: actor, clientId, ref: id, what: sure } as const
    await recordAudit(trx, { ...line, kind: `${kind}.asked` })
  })
  return id
}

/**
 * The copy for a client who asked for it on paper (S-51). It shows everything, support levels too: that it was taken is in the audit, and the
 * client sees it on `/katselut`. Refuses `not-found` for any other request and for one that was answered.
 */
export async function readPaperCopy(
  deps: PaperDeps,
  actor: StaffActor,
  requestId: string,
  form: CopyForm,
): Promise<OwnCopy> {
  const { clientId } = await getOpenCopy(deps, actor, requestId)
  const { tenant } = actor
  return await readCopy(deps, { tenant, clientId }, async (trx, at) => {
    const line = { tenant, at, by: actor, clientId, ref: requestId } as const
    await recordAudit(trx, { ...line, kind: 'export', what: form })
    await recordAudit(trx, { ...line, kind: 'level.read', reason: 'copy' })
  })
}

/** The copy was handed over: the request is answered. Refuses `not-found`, and `conflict` when it was before. */
export async function handOverCopy(deps: PaperDeps, actor: StaffActor, requestId: string): Promise<void> {
  const { clientId } = await getOpenCopy(deps, actor, requestId)
  const { tenant, accountId } = actor
  const now = deps.now()
  await asTenant(deps.db, tenant, async (trx) => {
    const answered = await trx
      .updateTable('rights_request')
      .set({ state: 'answered', answered_by: accountId, answered_at: now })
      .where('tenant_id', '=', tenant)
      .where('id', '=', requestId)
      .where('state', '=', 'open')
      .executeTakeFirst()
    if (answered.numUpdatedRows === 0n) throw new Refusal('conflict', 'The request was answered already')
    await recordAudit(trx, { tenant, at: now, kind: 'copy.handed-over', by: actor, clientId, ref: requestId })
  })
}

async function getOpenCopy(deps: PaperDeps, actor: StaffActor, id: string): Promise<RightsRequest> {
  const request = await getRequest(deps, actor, id)
  if (request.kind === 'copy' && request.state === 'open') return request
  throw new Refusal('not-found', 'There is no such request')
}

const year = 366 * 86_400_000

function refuseImpossibleDay(day: string, now: Date): void {
  const no = (code: string, detail: string): Refusal =>
    new Refusal('content', detail, { code, fields: [{ pointer: '/receivedOn', code, detail }] })
  if (day > dayInHelsinki(now)) throw no('day-future', 'the day is still to come')
  if (now.getTime() - Date.parse(day) > year) throw no('day-old', 'the day is more than a year ago')
}
