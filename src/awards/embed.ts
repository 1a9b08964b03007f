import { createHash } from 'node:crypto'
import { embeddedDocument, signEmbedded } from '../credentials/issue.ts'
import type { JsonObject } from '../credentials/json.ts'
import type { SigningKey } from '../credentials/keys.ts'
import { verify } from '../credentials/verify.ts'
import { asTenant } from '../db/connect.ts'
import type { Trx } from '../db/database.ts'
import type { Deps } from '../deps.ts'
import { getEmbeddingKey } from '../keys/embedding-key.ts'
import { lookAtOwn } from '../publication/look.ts'
import { newHistoryLine } from './history.ts'
import { addHistoryLine } from './write.ts'
import { NotVerified } from './verify-own.ts'

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
  const read = await asTenant(deps.db, award.tenant, async (trx) => await readOnce(trx, deps, award))
  if (!read) return
  const now = deps.now()
  const signed = await signEmbedded(embeddedDocument(read.ob3Jwt), read.key, now)
  await verifyEmbedded(deps, signed, now)
  const text = JSON.stringify(signed)
  await asTenant(deps.db, award.tenant, async (trx) => {
    const kept = await trx
      .updateTable('award')
      .set({ ob3_json: text })
      .where('tenant_id', '=', award.tenant)
      .where('id', '=', award.id)
      .where('ob3_json', 'is', null)
      .executeTakeFirst()
    if (kept.numUpdatedRows === 0n) return
    const facts = { award: award.id, ob3Json: createHash('sha256').update(text).digest('hex') }
    await addHistoryLine(trx, award.tenant, newHistoryLine(deps.newId(), 'award.embedded', now, facts))
  })
}

async function readOnce(
  trx: Trx,
  deps: EmbedDeps,
  { tenant, id }: { readonly tenant: string; readonly id: string },
): Promise<{ readonly ob3Jwt: string; readonly key: SigningKey } | undefined> {
  const row = await trx
    .selectFrom('award')
    .select('ob3_jwt')
    .where('tenant_id', '=', tenant)
    .where('id', '=', id)
    .where('ob3_json', 'is', null)
    .executeTakeFirst()
  if (!row) return undefined
  return { ob3Jwt: row.ob3_jwt, key: await getEmbeddingKey(trx, deps.vault, deps.config.publicOrigin, tenant) }
}

/** A badge may be revoked or at its end before the job runs: that is no fault of its proof. */
const sound: ReadonlySet<string> = new Set(['valid', 'revoked', 'expired'])

async function verifyEmbedded(deps: EmbedDeps, signed: JsonObject, now: Date): Promise<void> {
  const bytes = new TextEncoder().encode(JSON.stringify(signed))
  const verdict = await verify(bytes, lookAtOwn(deps), { at: now })
  if (!sound.has(verdict.verdict)) throw new NotVerified('ob3Json', verdict)
}
