import { createHash } from 'node:crypto'
import { newHistoryLine } from '../awards/history.ts'
import { recordedHere } from '../awards/recorded.ts'
import { NotVerified } from '../awards/verify-own.ts'
import { addHistoryLine, KeysMoved } from '../awards/write.ts'
import { refuseUnfit } from '../badges/refuse-unfit.ts'
import { signEndorsement } from '../credentials/sign-checked.ts'
import { verifyEndorsement } from '../credentials/verify/endorsements.ts'
import { asTenant } from '../db/connect.ts'
import type { Deps } from '../deps.ts'
import type { StaffActor } from '../http/actor.ts'
import { messages } from '../i18n/index.ts'
import { addJob } from '../jobs/queue.ts'
import { readSigner } from '../keys/signer.ts'
import { lookAtOwn } from '../publication/look.ts'
import { Refusal } from '../refusal.ts'
import type { NewEndorsement } from './schema.ts'
import { type EndorsementRow, findEndorsement, findStanding, insertEndorsement, markWithdrawn } from './store.ts'
import { findSubject, type Subject } from './subject.ts'

export type EndorseDeps = Pick<Deps, 'db' | 'vault' | 'config' | 'now' | 'newId' | 'door'>

/** How often the keys may move while something is signed. */
const tries = 3

/**
 * A school endorses a badge or an award (CONFORMANCE 9.6): signed by its own Ed25519 key outside any transaction, read back, and kept together
 * with its history line and the job that brings it to the foundation. The same words about the same thing again: the endorsement that is
 * there. Refuses `forbidden` (not a school), `content` (see `findSubject`), `conflict` (other words about it stand), `stopped`, and
 * `unfit-to-sign` for words that must not be in a badge.
 */
export async function endorse(
  deps: EndorseDeps,
  actor: StaffActor,
  wanted: NewEndorsement,
): Promise<{ readonly endorsement: EndorsementRow; readonly created: boolean }> {
  await refuseUnlessSchool(deps, actor.tenant)
  const subject = await findSubject(deps, wanted.badge)
  for (let attempt = 1; ; attempt += 1) {
    const there = await asTenant(
      deps.db,
      actor.tenant,
      async (trx) => await findStanding(trx, actor.tenant, subject.id),
    )
    if (there) return { endorsement: sameWords(there, wanted.comment), created: false }
    try {
      const made = await signAndKeep(deps, actor, subject, wanted.comment)
      if (made) return { endorsement: made, created: true }
    } catch (error) {
      if (!(error instanceof KeysMoved) || attempt === tries) throw error
    }
  }
}

function sameWords(there: EndorsementRow, comment: string): EndorsementRow {
  if (there.comment === comment) return there
  throw new Refusal('conflict', 'You have endorsed this already. Take that back first to say something else', {
    code: 'already-endorsed',
  })
}

/** Undefined: somebody of the school endorsed the same thing meanwhile. */
async function signAndKeep(
  deps: EndorseDeps,
  actor: StaffActor,
  subject: Subject,
  comment: string,
): Promise<EndorsementRow | undefined> {
  const { tenant } = actor
  const { issuer, key, keySeq } = await asTenant(deps.db, tenant, async (trx) => await readSigner(trx, deps, tenant))
  // Documents speak in whole seconds (CONFORMANCE 3.4).
  const givenAt = new Date(Math.floor(deps.now().getTime() / 1000) * 1000)
  const id = deps.newId()
  const name = messages(subject.language).endorsements.credentialName({ name: subject.name })
  const facts = {
    endorser: issuer,
    id,
    subject: subject.id,
    name,
    comment,
    language: subject.language,
    validFrom: givenAt,
  }
  const signed = await refuseUnfit(async () => await signEndorsement(facts, key, givenAt))
  const verdict = await verifyEndorsement(signed, lookAtOwn(deps), { at: givenAt, history: recordedHere(deps) })
  if (verdict.verdict !== 'valid') throw new NotVerified('endorsement', verdict)
  const document = JSON.stringify(signed)
  const row: EndorsementRow = {
    id,
    subject_tenant: subject.organisation,
    subject_kind: subject.kind,
    subject: subject.id,
    subject_name: subject.name,
    language: subject.language,
    comment,
    document,
    given_by: actor.accountId,
    given_at: givenAt,
    withdrawn_by: null,
    withdrawn_at: null,
  }
  const isNew = await asTenant(deps.db, tenant, async (trx) => {
    if (!(await insertEndorsement(trx, { tenant_id: tenant, ...row }))) return false
    await addJob(trx, 'endorsement.deliver', { school: tenant, endorsement: id })
    const told = {
      endorsement: id,
      subject: subject.id,
      givenBy: actor.accountId,
      sha256: createHash('sha256').update(document).digest('hex'),
    }
    // The line has the endorsement's own id: so the history is asked for it by an id that the signed document tells.
    await addHistoryLine(trx, tenant, newHistoryLine(id, 'endorsement', givenAt, told), { keySeq })
    return true
  })
  return isNew ? row : undefined
}

async function refuseUnlessSchool(deps: EndorseDeps, tenant: string): Promise<void> {
  const row = await deps.db.selectFrom('organisation').select('kind').where('tenant_id', '=', tenant).executeTakeFirst()
  if (row?.kind !== 'school') throw new Refusal('forbidden', 'Only a school endorses badges', { code: 'not-a-school' })
}

/**
 * A school takes an endorsement back: from then on its address answers 410, the foundation's pages show it no more and no new credential
 * carries it. Badges that were signed with it keep it, since it was given when they were. Again: nothing more happens. Refuses `not-found`.
 */
export async function withdrawEndorsement(
  deps: EndorseDeps,
  actor: StaffActor,
  id: string,
): Promise<EndorsementRow & { readonly withdrawn_at: Date }> {
  const { tenant } = actor
  const now = deps.now()
  return await asTenant(deps.db, tenant, async (trx) => {
    const isNew = await markWithdrawn(trx, { tenant, id, by: actor.accountId, at: now })
    const row = await findEndorsement(trx, tenant, id)
    if (!row?.withdrawn_at) throw new Refusal('not-found', 'There is no such endorsement')
    if (isNew) {
      await addJob(trx, 'endorsement.deliver', { school: tenant, endorsement: id })
      const told = { endorsement: id, withdrawnBy: actor.accountId }
      await addHistoryLine(trx, tenant, newHistoryLine(deps.newId(), 'endorsement.withdrawn', now, told))
    }
    return { ...row, withdrawn_at: row.withdrawn_at }
  })
}
