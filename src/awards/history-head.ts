import { z } from 'zod'
import { publicAddresses } from '../credentials/addresses.ts'
import { instant } from '../credentials/instant.ts'
import type { SigningKey } from '../credentials/keys.ts'
import { signJws } from '../credentials/proofs/sign-jws.ts'
import { asTenant } from '../db/connect.ts'
import type { Trx } from '../db/database.ts'
import type { Deps } from '../deps.ts'
import { getActiveKeys } from '../keys/active-keys.ts'
import { wholeSeconds } from '../keys/rotate.ts'

/** Type of the JWS, in its header: no badge, and taken for none. */
export const headType = 'history-head+jws'

/** What a signed head says: the history of this issuer, up to this entry, has this hash (S-31). */
export const HeadClaims = z.strictObject({
  iss: z.url(),
  seq: z.int().positive(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  at: z.iso.datetime(),
})
export type HeadClaims = z.infer<typeof HeadClaims>

export type HeadDeps = Pick<Deps, 'db' | 'vault' | 'config' | 'now'>

/** The history is not the one whose head was signed before: somebody rewrote it. Nothing is signed over it. */
export class HistoryRewritten extends Error {
  constructor(tenant: string, seq: number) {
    super(`the history of ${tenant} up to entry ${seq} is not the one that was signed: run check:awards`)
    this.name = 'HistoryRewritten'
  }
}

/**
 * Signs the head of a tenant's history by its RSA key and keeps it for publication (S-31). Only ever goes on from the head that was signed
 * before. Signing the same place again renews time and key. Throws `HistoryRewritten` when the chain no longer holds what was signed.
 */
export async function signHistoryHead(deps: HeadDeps, tenant: string): Promise<string> {
  const origin = deps.config.publicOrigin
  const { head, key } = await asTenant(deps.db, tenant, async (trx) => {
    await refuseRewritten(trx, tenant)
    const { ob2 } = await getActiveKeys(trx, deps.vault, origin, tenant)
    return { head: await readHead(trx, tenant), key: ob2 }
  })
  const at = wholeSeconds(deps.now())
  const claims: HeadClaims = {
    iss: publicAddresses.issuer(origin, tenant),
    seq: head.seq,
    hash: head.hash.toString('hex'),
    at: instant(at),
  }
  const document = await signJws(JSON.stringify(claims), key, headType)
  await asTenant(deps.db, tenant, async (trx) => await keep(trx, tenant, { ...head, key, at, document }))
  return document
}

/** Every tenant's; one that cannot be signed is logged and keeps no other waiting. */
export async function signAllHeads(deps: HeadDeps & Pick<Deps, 'log'>): Promise<void> {
  const tenants = await deps.db.selectFrom('organisation').select('tenant_id').orderBy('tenant_id').execute()
  for (const { tenant_id: tenant } of tenants) {
    try {
      await signHistoryHead(deps, tenant)
    } catch (error) {
      deps.log.error({ error, tenant }, 'the head of a history was not signed')
    }
  }
}

/** The latest signed head of a tenant, as it is published; undefined when none was signed yet. */
export async function findSignedHead(trx: Trx, tenant: string): Promise<string | undefined> {
  const row = await trx
    .selectFrom('history_signed_head')
    .select('document')
    .where('tenant_id', '=', tenant)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.document
}

/** The head, which must be the last line of the chain: the service's role can write the one, never the other (S-30). */
async function readHead(trx: Trx, tenant: string): Promise<{ readonly seq: number; readonly hash: Buffer }> {
  const head = await trx
    .selectFrom('history_head as head')
    .leftJoin('history as h', (join) =>
      join.onRef('h.tenant_id', '=', 'head.tenant_id').onRef('h.seq', '=', 'head.seq'),
    )
    .select(['head.seq', 'head.hash', 'h.hash as there'])
    .where('head.tenant_id', '=', tenant)
    .executeTakeFirstOrThrow()
  if (!head.there?.equals(head.hash)) throw new HistoryRewritten(tenant, head.seq)
  return head
}

async function refuseRewritten(trx: Trx, tenant: string): Promise<void> {
  const signed = await trx
    .selectFrom('history_signed_head as s')
    .leftJoin('history as h', (join) => join.onRef('h.tenant_id', '=', 's.tenant_id').onRef('h.seq', '=', 's.seq'))
    .select(['s.seq', 's.hash as signed', 'h.hash as there'])
    .where('s.tenant_id', '=', tenant)
    .orderBy('s.seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (signed && !signed.there?.equals(signed.signed)) throw new HistoryRewritten(tenant, signed.seq)
}

async function keep(
  trx: Trx,
  tenant: string,
  signed: {
    readonly seq: number
    readonly hash: Buffer
    readonly key: SigningKey
    readonly at: Date
    readonly document: string
  },
): Promise<void> {
  const kid = signed.key.kid.slice(signed.key.kid.lastIndexOf('/') + 1)
  const renewed = { kid, signed_at: signed.at, document: signed.document }
  await trx
    .insertInto('history_signed_head')
    .values({ tenant_id: tenant, seq: signed.seq, hash: signed.hash, ...renewed })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'seq']).doUpdateSet(renewed))
    .execute()
}
