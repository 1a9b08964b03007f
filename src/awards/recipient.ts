import { randomBytes } from 'node:crypto'
import { carriesEmail, carriesThisEmail, emailRecipient, urnRecipient } from '../credentials/recipient-change.ts'
import { type AwardDocuments, documentsIn } from '../credentials/reissue.ts'
import { asTenant } from '../db/connect.ts'
import type { Db, Trx } from '../db/database.ts'
import type { ClientActor } from '../http/actor.ts'
import { Refusal } from '../refusal.ts'
import { resignAward, type ResignDeps } from './resign.ts'

/** What a badge names its recipient by, besides nothing that tells who it is. */
export type RecipientKind = 'email' | 'urn'

/**
 * The client has the salted hash of an e-mail address put into an offered badge, or taken out of it again by null (DESIGN, Recipient;
 * CONFORMANCE 5): the badge is signed anew, with its history line, and the address itself is kept nowhere. Nothing is signed when the badge
 * says so already. Refuses `not-found`; `conflict` (`recipient-too-late`, `revoked`, `ended`); `stopped`; `busy` when it was signed a second ago.
 */
export async function setEmailRecipient(
  deps: ResignDeps,
  actor: ClientActor,
  { id, email }: { readonly id: string; readonly email: string | null },
): Promise<{ readonly recipient: RecipientKind }> {
  const { tenant } = actor
  const recipient = email === null ? 'urn' : 'email'
  const own = await asTenant(deps.db, tenant, async (trx) => await getOwn(trx, actor, id))
  refuseUnlessOpen(own, deps.now())
  if (isAsWanted(documentsIn(own), email)) return { recipient }
  refuseUnlessSettled(own, deps.now())
  const change = email === null ? urnRecipient(newSalt) : emailRecipient(email, newSalt)
  // The award is locked: it may have been revoked, or signed anew by another request, while this one signed.
  const alongside = async (trx: Trx): Promise<void> => {
    const locked = await getOwn(trx, actor, id)
    refuseUnlessOpen(locked, deps.now())
    if (isAsWanted(documentsIn(locked), email)) throw new SaidAlready()
    refuseUnlessSettled(locked, deps.now())
  }
  try {
    const resigning = { why: 'recipient', onlyWhile: ['offered'], change, alongside } as const
    if (!(await resignAward(deps, { tenant, id }, resigning))) throw tooLate()
  } catch (error) {
    if (!(error instanceof SaidAlready)) throw error
  }
  return { recipient }
}

/** The same form was sent twice, and the other one was first: what this one signed is not needed. */
class SaidAlready extends Error {}

/** What an own badge names its recipient by. Refuses `not-found`. */
export async function getRecipientKind(db: Db, actor: ClientActor, id: string): Promise<RecipientKind> {
  const own = await asTenant(db, actor.tenant, async (trx) => await getOwn(trx, actor, id))
  return carriesEmail(documentsIn(own)) ? 'email' : 'urn'
}

/** 128 random bits (CONFORMANCE 5.5). */
const newSalt = (): string => randomBytes(16).toString('hex')

function isAsWanted(documents: AwardDocuments, email: string | null): boolean {
  return email === null ? !carriesEmail(documents) : carriesEmail(documents) && carriesThisEmail(documents, email)
}

type Own = {
  readonly state: 'offered' | 'accepted' | 'declined'
  readonly validFrom: Date
  readonly validUntil: Date | null
  readonly revokedAt: Date | null
  readonly ob2Jws: string
  readonly ob3Jwt: string
}

async function getOwn(trx: Trx, actor: ClientActor, id: string): Promise<Own> {
  const row = await trx
    .selectFrom('award as aw')
    .leftJoin('revocation as r', (join) =>
      join.onRef('r.tenant_id', '=', 'aw.tenant_id').onRef('r.award_id', '=', 'aw.id'),
    )
    .select([
      'aw.state',
      'aw.valid_from as validFrom',
      'aw.valid_until as validUntil',
      'r.revoked_at as revokedAt',
      'aw.ob2_jws as ob2Jws',
      'aw.ob3_jwt as ob3Jwt',
    ])
    .where('aw.tenant_id', '=', actor.tenant)
    .where('aw.client_id', '=', actor.clientId)
    .where('aw.id', '=', id)
    .executeTakeFirst()
  if (!row) throw new Refusal('not-found', 'There is no such badge')
  return row
}

function refuseUnlessOpen({ state, revokedAt, validUntil }: Own, now: Date): void {
  if (state !== 'offered') throw tooLate()
  if (revokedAt !== null) throw new Refusal('conflict', 'The badge was revoked meanwhile', { code: 'revoked' })
  // A signing of the last second would begin no later than the one before.
  if (validUntil !== null && validUntil.getTime() <= now.getTime() + 2000)
    throw new Refusal('conflict', 'The badge is past its end', { code: 'ended' })
}

/** Each signing begins to hold a second after the one before: the next waits, or the badge would hold only later than now (CONFORMANCE 2.7). */
function refuseUnlessSettled({ validFrom }: Own, now: Date): void {
  if (validFrom > now) throw new Refusal('busy', 'The badge was signed a moment ago. Try again', { retryAfter: 1 })
}

function tooLate(): Refusal {
  return new Refusal('conflict', 'The recipient of a badge that was answered cannot be changed', {
    code: 'recipient-too-late',
  })
}
