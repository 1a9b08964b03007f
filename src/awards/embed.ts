import { createHash } from 'node:crypto'
import { embeddedDocument, signEmbedded } from '../credentials/issue.ts'
import type { JsonObject } from '../credentials/json.ts'
import type { SigningKey } from '../credentials/keys.ts'
import { canonize } from '../credentials/proofs/canonize.ts'
import { createCanonizeByShape } from '../credentials/proofs/canonize-by-shape.ts'
import { verify } from '../credentials/verify.ts'
import { asTenant } from '../db/connect.ts'
import type { Trx } from '../db/database.ts'
import type { Deps } from '../deps.ts'
import { getEmbeddingKey } from '../keys/embedding-key.ts'
import { lookAtOwn } from '../publication/look.ts'
import { newHistoryLine } from './history.ts'
import { NotVerified } from './verify-own.ts'
import { addHistoryLine, KeysMoved, readKeySeq } from './write.ts'

/** Awards of one class differ in a dozen texts: what the contexts make of them is worked out once for each class. */
const canonizeAward = createCanonizeByShape(canonize)

export type EmbedDeps = Pick<Deps, 'db' | 'vault' | 'config' | 'now' | 'newId'>

/**
 * Gives an award its third form, OB 3.0 with an embedded eddsa-rdfc-2022 proof (DESIGN, The award path 6; CONFORMANCE 2.5, 3.9): signed and
 * read back outside any transaction, then kept together with its own history line. Does nothing when the award has it already or is not
 * there. Throws `NotVerified` when our own verifier does not accept the result (S-24).
 */
export async function embedProof(
  deps: EmbedDeps,
  award: { readonly tenant: string; readonly id: string },
): Promise<void> {
  for (let attempt = 1; attempt < tries; attempt += 1) {
    try {
      return await embedOnce(deps, award)
    } catch (error) {
      // The key was rotated while it signed: the next try takes the new one (S-22).
      if (!(error instanceof KeysMoved)) throw error
    }
  }
  await embedOnce(deps, award)
}

const tries = 3

async function embedOnce(deps: EmbedDeps, award: { readonly tenant: string; readonly id: string }): Promise<void> {
  const read = await asTenant(deps.db, award.tenant, async (trx) => await readOnce(trx, deps, award))
  if (!read) return
  const now = deps.now()
  const signed = await signEmbedded(embeddedDocument(read.ob3Jwt), read.key, now, canonizeAward)
  await verifyEmbedded(deps, signed, now)
  const text = JSON.stringify(signed)
  await asTenant(deps.db, award.tenant, async (trx) => {
    const kept = await trx
      .updateTable('award')
      .set({ ob3_json: text })
      .where('tenant_id', '=', award.tenant)
      .where('id', '=', award.id)
      .where('ob3_json', 'is', null)
      // Signed anew meanwhile: that brought its own embedded form.
      .where('ob3_jwt', '=', read.ob3Jwt)
      .executeTakeFirst()
    if (kept.numUpdatedRows === 0n) return
    const facts = { award: award.id, ob3Json: createHash('sha256').update(text).digest('hex') }
    await addHistoryLine(trx, award.tenant, newHistoryLine(deps.newId(), 'award.embedded', now, facts), {
      keySeq: read.keySeq,
    })
  })
}

async function readOnce(
  trx: Trx,
  deps: EmbedDeps,
  { tenant, id }: { readonly tenant: string; readonly id: string },
): Promise<{ readonly ob3Jwt: string; readonly key: SigningKey; readonly keySeq: number } | undefined> {
  const keySeq = await readKeySeq(trx, tenant)
  const row = await trx
    .selectFrom('award')
    .select('ob3_jwt')
    .where('tenant_id', '=', tenant)
    .where('id', '=', id)
    .where('ob3_json', 'is', null)
    .executeTakeFirst()
  if (!row) return undefined
  return { keySeq, ob3Jwt: row.ob3_jwt, key: await getEmbeddingKey(trx, deps.vault, deps.config.publicOrigin, tenant) }
}

/** A badge may be revoked or at its end before the job runs: that is no fault of its proof. */
const sound: ReadonlySet<string> = new Set(['valid', 'revoked', 'expired'])

async function verifyEmbedded(deps: EmbedDeps, signed: JsonObject, now: Date): Promise<void> {
  const bytes = new TextEncoder().encode(JSON.stringify(signed))
  const verdict = await verify(bytes, lookAtOwn(deps), { at: now, canonize: canonizeAward })
  if (!sound.has(verdict.verdict)) throw new NotVerified('ob3Json', verdict)
}
