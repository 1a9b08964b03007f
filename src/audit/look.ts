import { sql } from 'kysely'
import { isCoachedBy } from '../clients/relation.ts'
import { asTenant } from '../db/connect.ts'
import type { Db, Trx } from '../db/database.ts'
import type { Actor, MachineActor, StaffActor } from '../http/actor.ts'
import { dayInHelsinki } from '../i18n/index.ts'
import { cellOf, conditionOf, reachIn } from '../matrix/rows.ts'
import { type LookReason, recordAudit, type StatedReason } from './record.ts'

export type WantedLook = {
  readonly clientId: string
  /** The route's pattern. */
  readonly what: string
  /** On an application's own page: only this one's being open is a ground. */
  readonly applicationId?: string
  /** Why a lead has to look (the matrix' second note): chosen before, by the lead. */
  readonly stated?: StatedReason | undefined
}

type Asked = Omit<WantedLook, 'what'>
type Ground = { readonly reason: LookReason; readonly ref: string | null }

/**
 * May the actor see this client's support levels now (the matrix' row `support-level:read` with its notes)? For staff the ground is looked for
 * — the relation, the application that waits for a decision, the reason that a lead gave — and a look that has one leaves its line (S-53)
 * before the answer leaves. Without a ground there is nothing to see. Clients see their own, and programs see none: nothing is written.
 * The caller has looked that the client is in the actor's reach.
 */
export async function mayLookAtLevels(
  deps: { readonly db: Db },
  actor: Actor | MachineActor,
  look: WantedLook,
  now: Date,
): Promise<boolean> {
  if (actor.kind === 'machine') return false
  if (actor.kind === 'client') return actor.clientId === look.clientId
  return await asTenant(deps.db, actor.tenant, async (trx) => {
    const ground = await findGround(trx, actor, look, now)
    if (!ground) return false
    const { clientId, what } = look
    await recordAudit(trx, { tenant: actor.tenant, at: now, kind: 'level.read', by: actor, clientId, what, ...ground })
    return true
  })
}

/**
 * The same for records of work: whoever may not see the levels, but reads the notes of the records, leaves a line for that. The caller has looked
 * that the client is in the actor's reach, and says whether there are words to be read.
 */
export async function lookAtRecords(
  deps: { readonly db: Db },
  actor: Actor | MachineActor,
  look: WantedLook & { readonly hasNotes: boolean },
  now: Date,
): Promise<boolean> {
  if (await mayLookAtLevels(deps, actor, look, now)) return true
  if (actor.kind !== 'staff' || !look.hasNotes) return false
  await asTenant(deps.db, actor.tenant, async (trx) => {
    const { clientId, what } = look
    const ground = await groundOfLook(trx, actor, look, now)
    await recordAudit(trx, { tenant: actor.tenant, at: now, kind: 'note.read', by: actor, clientId, what, ...ground })
  })
  return false
}

/** Why this member of staff looks at what is no level (DESIGN, At rest): the relation, the open application, or the coordinating of it all. */
export async function groundOfLook(trx: Trx, actor: StaffActor, look: Asked, now: Date): Promise<Ground> {
  return (await findGround(trx, actor, look, now)) ?? { reason: 'coordination', ref: null }
}

async function findGround(trx: Trx, actor: StaffActor, look: Asked, now: Date): Promise<Ground | undefined> {
  const { rows } = await sql<Standing>`
    select ${isCoachedBy(actor.accountId, dayInHelsinki(now), sql`${look.clientId}`, sql`${actor.tenant}`)} as related,
      (select a.id from application a where a.tenant_id = ${actor.tenant} and a.client_id = ${look.clientId} and a.state = 'submitted'
        ${look.applicationId === undefined ? sql`` : sql`and a.id = ${look.applicationId}`} order by a.id limit 1) as application`.execute(
    trx,
  )
  const [standing] = rows
  return standing && groundOf(actor, standing, look)
}

type Standing = { readonly related: boolean; readonly application: string | null }

/** The first ground that one of the roles has, in the order of the matrix' columns. */
function groundOf({ roles }: StaffActor, standing: Standing, { stated }: Asked): Ground | undefined {
  const grounds = roles.flatMap((role): readonly Ground[] => {
    const cell = cellOf('support-level:read', role)
    if (cell === undefined) return []
    switch (conditionOf(cell)) {
      case 'application-open':
        return standing.application === null ? [] : [{ reason: 'application', ref: standing.application }]
      case 'reason-given':
        return stated === undefined ? [] : [{ reason: stated, ref: null }]
      case undefined:
        return reachIn(cell) === 'current' && standing.related ? [{ reason: 'relation', ref: null }] : []
      case 'turned-on':
      case 'party':
        return []
    }
  })
  return grounds.find(({ reason }) => reason === 'relation') ?? grounds[0]
}
