import { sql } from 'kysely'
import { refuseUnfit } from '../badges/refuse-unfit.ts'
import { embeddedDocument, sign, signEmbedded, type SigningKey } from '../credentials/issue.ts'
import { type Change, prepareAgain } from '../credentials/reissue.ts'
import { asTenant } from '../db/connect.ts'
import type { Trx } from '../db/database.ts'
import type { Deps } from '../deps.ts'
import { wholeSeconds } from '../keys/rotate.ts'
import { lookAtOwn } from '../publication/look.ts'
import { Refusal } from '../refusal.ts'
import { newHistoryLine } from './history.ts'
import { readSignedBefore, sha256, type SignedBefore } from './resign-read.ts'
import { verifyAgain } from './verify-own.ts'
import { addHistoryLine, KeysMoved } from './write.ts'

export type ResignDeps = Pick<Deps, 'db' | 'vault' | 'config' | 'now' | 'newId'>

/** Why, and what the new signing says differently. */
export type Resigning = {
  readonly why: 'key-compromised' | 'recipient'
  /** Changes both documents; only the recipient may become another: ids, issuer, achievement and dates stay (CONFORMANCE 2.7). */
  readonly change?: Change
  /** Only while the award is in one of these states; offered and accepted when nothing is said. */
  readonly onlyWhile?: readonly ('offered' | 'accepted')[]
  /** Only while one of these keys (short names) is among those that signed it. */
  readonly onlySignedBy?: readonly string[]
  /** Writes what goes with it, in the same transaction, with the award locked. */
  readonly alongside?: (trx: Trx) => Promise<void>
}

export type Resigned = { readonly validFrom: Date }

const tries = 5

/**
 * Signs all forms of an award anew by the keys of now (S-22; CONFORMANCE 2.7): the same credential and Assertion id and issuer, a newer
 * `validFrom`, the first date in `awardedDate` and `issuedOn`. Like an award: read, signed and read back by our own verifier outside any
 * transaction, written together with its history line, or not at all (S-24). The holder of an accepted badge is told to download it again.
 * Gives undefined when nothing had to be done: no such award, another state, or none of `onlySignedBy`. Refuses `stopped` (but not after a
 * compromise), `conflict` with code `history-differs`, `unfit-to-sign`, `busy`.
 */
export async function resignAward(
  deps: ResignDeps,
  award: { readonly tenant: string; readonly id: string },
  resigning: Resigning,
): Promise<Resigned | undefined> {
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    const read = await asTenant(deps.db, award.tenant, async (trx) => await readSignedBefore(trx, deps, award))
    if (!read || !isWanted(read, resigning)) return undefined
    if (read.isStopped && resigning.why !== 'key-compromised')
      throw new Refusal('stopped', 'Issuing is stopped. Nothing was lost', { retryAfter: 600 })
    const anew = await signAnew(deps, read, resigning)
    if (await write(deps, award, read, anew, resigning)) return { validFrom: anew.validFrom }
  }
  throw new Refusal('busy', 'Others are changing the same badge. Try again in a moment', { retryAfter: 1 })
}

function isWanted(read: SignedBefore, { onlyWhile = ['offered', 'accepted'], onlySignedBy }: Resigning): boolean {
  const { state, kids } = read
  return onlyWhile.some((one) => one === state) && (onlySignedBy?.some((kid) => kids.includes(kid)) ?? true)
}

type SignedAnew = {
  readonly ob2Jws: string
  readonly ob3Jwt: string
  readonly ob3Json: string
  readonly validFrom: Date
}

async function signAnew(deps: ResignDeps, read: SignedBefore, resigning: Resigning): Promise<SignedAnew> {
  const { keys, issuer } = read
  const validFrom = newerThan(read, wholeSeconds(deps.now()))
  const addresses = { ob2: keys.ob2.kid, ob3: keys.ob3.kid }
  const prepared = await refuseUnfit(
    async () =>
      await Promise.resolve(prepareAgain(read.signed, { validFrom, keys: addresses, change: resigning.change })),
  )
  const signed = await sign(prepared, keys.ob2, keys.ob3)
  const embedded = await signEmbedded(embeddedDocument(signed.ob3Jwt), keys.embedded, validFrom)
  const texts = { ...signed, ob3Json: JSON.stringify(embedded) }
  const all: readonly SigningKey[] = [...new Set(Object.values(keys))]
  await verifyAgain(texts, { issuer, keys: all, otherwise: lookAtOwn(deps) }, validFrom)
  return { ...texts, validFrom }
}

/** Newer than before also when the clock is not, and before the end of a badge that has ended: it stays an ended badge. */
function newerThan({ validFrom, validUntil }: SignedBefore, now: Date): Date {
  const next = Math.max(now.getTime(), validFrom.getTime() + 1000)
  return new Date(validUntil === null ? next : Math.min(next, validUntil.getTime() - 1000))
}

/** One short transaction: award → head. False when the award or the keys moved since they were read; then nothing is written. */
async function write(
  deps: ResignDeps,
  award: { readonly tenant: string; readonly id: string },
  read: SignedBefore,
  anew: SignedAnew,
  { why, alongside }: Resigning,
): Promise<boolean> {
  const { tenant, id } = award
  const { ob2Jws, ob3Jwt, ob3Json, validFrom } = anew
  const now = wholeSeconds(deps.now())
  const line = newHistoryLine(deps.newId(), 'award.resigned', now, {
    award: id,
    why,
    ob2: sha256(ob2Jws),
    ob3: sha256(ob3Jwt),
    ob3Json: sha256(ob3Json),
  })
  try {
    return await asTenant(deps.db, tenant, async (trx) => {
      if (!(await lockAsRead(trx, award, read, now))) return false
      await alongside?.(trx)
      await addHistoryLine(trx, tenant, line, { keySeq: read.keySeq })
      const { rows } = await sql<{ done: boolean }>`
        select app.resign_award(${id}, ${line.id}, ${ob2Jws}, ${ob3Jwt}, ${ob3Json}, ${validFrom}) as done`.execute(trx)
      if (rows[0]?.done !== true) throw new Error('an award that was locked could not be changed')
      return true
    })
  } catch (error) {
    if (error instanceof KeysMoved) return false
    throw error
  }
}

/** Locks the award as it was read, and marks its holder's copy as an old one where there may be a copy. */
async function lockAsRead(
  trx: Trx,
  { tenant, id }: { readonly tenant: string; readonly id: string },
  read: SignedBefore,
  now: Date,
): Promise<boolean> {
  const moved = await trx
    .updateTable('award')
    .set({ download_again_since: read.state === 'accepted' ? now : null })
    .where('tenant_id', '=', tenant)
    .where('id', '=', id)
    .where('state', '=', read.state)
    .where('valid_from', '=', read.validFrom)
    .executeTakeFirst()
  return moved.numUpdatedRows === 1n
}
