import { randomInt } from 'node:crypto'
import { asTenant } from '../db/connect.ts'
import type { StaffActor } from '../http/actor.ts'
import { Refusal } from '../refusal.ts'
import { refuseFastNetwork, tryOf } from './backoff.ts'
import { forgetFailures, isWaiting, noteFailure } from './backoff-store.ts'
import { endCards, findCard, findLiveCard, replaceCard } from './card-store.ts'
import { refuseOutOfReach } from './hand-outs.ts'
import { sessionTimes } from './session.ts'
import { openSession, type Origin, type SignedIn, type SignInDeps } from './sign-in.ts'
import { keyedDigest, newSecret, tenantOfSecret } from './sign-in-code.ts'

/** How long a printed card opens (S-17). */
const months = 6

/** A card that was just made: the secret is in its QR code, the PIN in the client's head. Neither can be shown again. */
export type NewCard = { readonly card: string; readonly pin: string; readonly expiresAt: Date }

/**
 * A member of staff makes a client of the own foundation a card: 128 random bits for the QR code and a PIN of 4 digits; 6 months; the old
 * card ends (S-17). Refuses `not-found` for a client who has left.
 */
export async function handOutCard(deps: SignInDeps, actor: StaffActor, clientId: string): Promise<NewCard> {
  const now = deps.now()
  const { tenant } = actor
  const card = newSecret(tenant)
  const pin = String(randomInt(10_000)).padStart(4, '0')
  const expiresAt = addMonths(now, months)
  await asTenant(deps.db, tenant, async (trx) => {
    const row = {
      tenant_id: tenant,
      id: deps.newId(),
      client_id: clientId,
      ...digestsOf(deps, card, pin),
      made_by: actor.accountId,
      made_at: now,
      expires_at: expiresAt,
      ended_at: null,
    }
    if (!(await replaceCard(trx, row, now))) throw new Refusal('not-found', 'There is no such client')
    await refuseOutOfReach(trx, actor, clientId, now)
  })
  return { card, pin, expiresAt }
}

/** The card is lost, or the client wants none: it opens nothing any more, and what it opened ends. Refuses `conflict` when there is none. */
export async function endCard(deps: Pick<SignInDeps, 'db' | 'now'>, tenant: string, clientId: string): Promise<void> {
  await asTenant(deps.db, tenant, async (trx) => {
    const wasThere = await endCards(trx, tenant, clientId, deps.now())
    if (!wasThere) throw new Refusal('conflict', 'There is no card in use', { code: 'no-card' })
  })
}

/** The client's card in use. */
export async function readCard(
  deps: Pick<SignInDeps, 'db' | 'now'>,
  tenant: string,
  clientId: string,
): Promise<{ readonly madeAt: Date; readonly expiresAt: Date } | undefined> {
  const row = await asTenant(deps.db, tenant, async (trx) => await findLiveCard(trx, tenant, clientId, deps.now()))
  return row && { madeAt: row.made_at, expiresAt: row.expires_at }
}

/**
 * Signs a client in with card and PIN. An unknown, ended and expired card and a wrong PIN answer alike, and wrong PINs make the card wait
 * (S-17). The session says who made the card (S-15).
 */
export async function signInWithCard(
  deps: SignInDeps,
  given: { readonly card: string; readonly pin: string; readonly shared: boolean },
  origin: Origin,
): Promise<SignedIn> {
  const now = deps.now()
  const digests = digestsOf(deps, given.card, given.pin.replaceAll(/\s/g, ''))
  const one = tryOf(deps, { what: 'card', name: digests.digest.toString('hex'), address: origin.address })
  await refuseFastNetwork(deps, one, now)
  const mustWait = await isWaiting(deps.db, one.subject, now)
  const tenant = tenantOfSecret(given.card) ?? '0000'
  const session = await asTenant(deps.db, tenant, async (trx) => {
    const found = await findCard(trx, { tenant, digest: digests.digest, pin: digests.pin_digest, now })
    if (!found || mustWait || !(await forgetFailures(trx, one, now))) return undefined
    const { id: card_id, client_id, made_by: opened_by } = found
    const ofWhom = { client_id, opened_by, card_id, shared: given.shared }
    return await openSession(deps, trx, { tenant, origin, life: sessionTimes.clientWhole }, ofWhom)
  })
  if (session) return session
  await noteFailure(deps.db, one, now)
  throw new Refusal('not-signed-in', 'The card or the PIN is wrong', { code: 'wrong-card' })
}

/** The PIN's digest holds the card's secret too: from the database alone no PIN can be tried out. */
function digestsOf(
  deps: Pick<SignInDeps, 'secrets'>,
  card: string,
  pin: string,
): { readonly digest: Buffer; readonly pin_digest: Buffer } {
  const pepper = deps.secrets.codePepper
  return { digest: keyedDigest(pepper, 'card', card), pin_digest: keyedDigest(pepper, 'pin', `${card} ${pin}`) }
}

/** The same day of a later month, or its last day. */
function addMonths(from: Date, count: number): Date {
  const month = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + count + 1, 0))
  const day = Math.min(from.getUTCDate(), month.getUTCDate())
  return new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth(), day, from.getUTCHours(), from.getUTCMinutes()))
}
