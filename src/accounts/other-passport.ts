import { sql } from 'kysely'
import { recordAudit } from '../audit/record.ts'
import { asTenant } from '../db/connect.ts'
import type { Trx } from '../db/database.ts'
import type { ClientActor } from '../http/actor.ts'
import { Refusal } from '../refusal.ts'
import { openSession, type Origin, type SignedIn, type SignInDeps } from './sign-in.ts'
import { keyedDigest } from './sign-in-code.ts'
import { refuseStaffBrowser } from './staff-browser.ts'
import { endSession } from './store.ts'

/**
 * The client goes over to the own passport in another foundation. The session that the client opened (root) rests meanwhile: the one over there
 * lasts no longer and ends with it, and going back opens the root again, so that whose code or card opened it stays true (S-15). Both foundations
 * have a line about it, which the client sees. Refuses `not-found` when there is no such passport (S-11), and `conflict` in a browser of the staff
 * (`staff-browser`) and out of a session that a code opened (`code-session`): the staff of one foundation know the code, the PIN only the client.
 */
export async function openOtherPassport(
  deps: SignInDeps,
  actor: ClientActor,
  other: string,
  origin: Origin,
): Promise<SignedIn> {
  const { tenant, clientId, sessionId } = actor
  const now = deps.now()
  const link = await asTenant(deps.db, tenant, async (trx) => await findLink(trx, { tenant, clientId, other }))
  if (!link) throw missing()
  const browser = keyedDigest(deps.secrets.codePepper, 'browser', origin.browser)
  await refuseStaffBrowser(deps.db, { tenant, sessionId, browser }, [other])
  return await asTenant(deps.db, tenant, async (trx) => {
    const root = await lockRoot(trx, actor, now)
    if (root.card_id === null && root.tenant_id !== other) throw byCode()
    await recordAudit(trx, { tenant, at: now, kind: 'passport.left', by: actor, clientId, what: other })
    await actFor(trx, other)
    const there = { kind: 'client', clientId: link.other_client } as const
    const opened =
      root.tenant_id === other
        ? await reopen(trx, root, link.other_client, now)
        : await open(deps, trx, { actor, root, other, otherClient: link.other_client, origin, now })
    const by = { ...there, sessionId: opened.sessionId, ...(actor.address !== undefined && { address: actor.address }) }
    const come = { tenant: other, at: now, by, clientId: link.other_client, what: tenant } as const
    await recordAudit(trx, { ...come, kind: 'passport.came' })
    await pointTo(trx, root, opened)
    await endLeft(trx, root, now)
    return opened
  })
}

function missing(): Refusal {
  return new Refusal('not-found', 'You have no passport there')
}

function byCode(): Refusal {
  return new Refusal('conflict', 'Sign in with your card, or ask that foundation for a code', { code: 'code-session' })
}

/** From here on the transaction sees and writes the rows of the other tenant: the client belongs to both. */
async function actFor(trx: Trx, tenant: string): Promise<void> {
  await sql`select set_config('app.tenant', ${tenant}, true)`.execute(trx)
}

async function findLink(
  trx: Trx,
  { tenant, clientId, other }: { readonly tenant: string; readonly clientId: string; readonly other: string },
): Promise<{ readonly other_client: string; readonly opened_by: string } | undefined> {
  return await trx
    .selectFrom('client_link as l')
    .innerJoin('client as c', (j) => j.onRef('c.tenant_id', '=', 'l.tenant_id').onRef('c.id', '=', 'l.client_id'))
    .select(['l.other_client', 'l.opened_by'])
    .where('l.tenant_id', '=', tenant)
    .where('l.client_id', '=', clientId)
    .where('l.other_tenant', '=', other)
    .where('c.ended_at', 'is', null)
    .executeTakeFirst()
}

type Root = {
  readonly tenant_id: string
  readonly id: string
  readonly client_id: string | null
  readonly card_id: string | null
  readonly ends_at: Date
  readonly went_tenant: string | null
  readonly went_session: string | null
}

/** The session that the client opened: this one, or the one that this one comes from. Locked, so that of two goings one comes after the other. */
async function lockRoot(trx: Trx, { tenant, sessionId }: ClientActor, now: Date): Promise<Root> {
  const own = await trx
    .selectFrom('session')
    .select(['root_tenant', 'root_session'])
    .where('tenant_id', '=', tenant)
    .where('id', '=', sessionId)
    .executeTakeFirst()
  const at = own?.root_tenant ?? tenant
  await actFor(trx, at)
  const root = await trx
    .selectFrom('session')
    .select(['tenant_id', 'id', 'client_id', 'card_id', 'ends_at', 'went_tenant', 'went_session'])
    .where('tenant_id', '=', at)
    .where('id', '=', own?.root_session ?? sessionId)
    .where('ended_at', 'is', null)
    .where('ends_at', '>', now)
    .forUpdate()
    .executeTakeFirst()
  await actFor(trx, tenant)
  // Somebody went on from here in the meantime.
  const here = own?.root_session === null ? null : sessionId
  if (!root || (here !== null && root.went_session !== here)) throw new Refusal('not-signed-in', 'The session ended')
  return root
}

type Going = {
  readonly actor: ClientActor
  readonly root: Root
  readonly other: string
  readonly otherClient: string
  readonly origin: Origin
  readonly now: Date
}

/** In the other foundation: its own row about the two gives whose word tied them together. */
async function open(deps: SignInDeps, trx: Trx, going: Going): Promise<SignedIn> {
  const { actor, root, other, otherClient, origin, now } = going
  const back = await findLink(trx, { tenant: other, clientId: otherClient, other: actor.tenant })
  if (back?.other_client !== actor.clientId) throw missing()
  const life = root.ends_at.getTime() - now.getTime()
  return await openSession(
    deps,
    trx,
    { tenant: other, origin, life },
    {
      client_id: otherClient,
      opened_by: back.opened_by,
      shared: actor.shared,
      root_tenant: root.tenant_id,
      root_session: root.id,
    },
  )
}

/** Back where the client came from: the same session as before, with its own end. */
async function reopen(trx: Trx, root: Root, clientId: string, now: Date): Promise<SignedIn> {
  if (root.client_id !== clientId) throw missing()
  await trx
    .updateTable('session')
    .set({ last_seen_at: now })
    .where('tenant_id', '=', root.tenant_id)
    .where('id', '=', root.id)
    .execute()
  return { tenant: root.tenant_id, sessionId: root.id, endsAt: root.ends_at, clientId }
}

/** The root says where the client is now: nowhere else, when that is the root itself. */
async function pointTo(trx: Trx, root: Root, { tenant, sessionId }: SignedIn): Promise<void> {
  const isBack = sessionId === root.id
  await actFor(trx, root.tenant_id)
  await trx
    .updateTable('session')
    .set({ went_tenant: isBack ? null : tenant, went_session: isBack ? null : sessionId })
    .where('tenant_id', '=', root.tenant_id)
    .where('id', '=', root.id)
    .execute()
}

/** The session in which the client was until now, if it was not the root: the root points elsewhere by now and does not end with it. */
async function endLeft(trx: Trx, { went_tenant: tenant, went_session: id }: Root, now: Date): Promise<void> {
  if (tenant === null || id === null) return
  await actFor(trx, tenant)
  await endSession(trx, tenant, id, now)
}
