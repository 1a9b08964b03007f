import { createHash, createPublicKey } from 'node:crypto'
import { type RawBuilder, sql } from 'kysely'
import type { IssuerFacts } from '../credentials/facts.ts'
import type { Signed } from '../credentials/issue.ts'
import { encodeMultikey } from '../credentials/proofs/multikey.ts'
import type { Trx } from '../db/database.ts'
import { type ActiveKeys, getActiveKeys } from '../keys/active-keys.ts'
import type { Vault } from '../keys/vault.ts'
import { Refusal } from '../refusal.ts'
import { readKeySeq } from './write.ts'

/** What signing anew rests on. */
export type SignedBefore = {
  readonly state: 'offered' | 'accepted' | 'declined'
  readonly signed: Signed
  readonly validFrom: Date
  readonly validUntil: Date | null
  /** Short names of the keys that signed it. */
  readonly kids: readonly string[]
  readonly isStopped: boolean
  readonly issuer: IssuerFacts
  readonly keys: ActiveKeys
  readonly keySeq: number
}

type Row = {
  readonly state: SignedBefore['state']
  readonly ob2Jws: string
  readonly ob3Jwt: string
  readonly ob3Json: string | null
  readonly validFrom: Date
  readonly validUntil: Date | null
  readonly content: string | null
  readonly ob2Kid: string
  readonly ob3Kid: string
  readonly isStopped: boolean
  readonly name: string
  readonly url: string
  readonly email: string
}

/**
 * Reads an award to be signed anew, with the keys of this moment. The history must say that these are the bytes that were signed: nothing else
 * is ever given a second signature. Undefined when there is no such award; refuses `conflict`, code `history-differs`.
 */
export async function readSignedBefore(
  trx: Trx,
  deps: { readonly vault: Vault; readonly config: { readonly publicOrigin: string } },
  wanted: { readonly tenant: string; readonly id: string },
): Promise<SignedBefore | undefined> {
  const { tenant, id } = wanted
  const origin = deps.config.publicOrigin
  // Before the keys: what moves later is then noticed when it is written.
  const keySeq = await readKeySeq(trx, tenant)
  const row = await readRow(trx, tenant, id)
  if (!row) return undefined
  const { ob2Jws, ob3Jwt, name, url, email, state, validFrom, validUntil, isStopped } = row
  const signed = { ob2Jws, ob3Jwt }
  if (!commits(row.content, signed)) {
    throw new Refusal('conflict', 'The stored badge is not what the history says. Run check:awards', {
      code: 'history-differs',
    })
  }
  const embedded = await embeddedKids(trx, tenant, row.ob3Json)
  const kids = [...new Set([row.ob2Kid, row.ob3Kid].map(shortName).concat(embedded))]
  const keys = await getActiveKeys(trx, deps.vault, origin, tenant)
  const issuer = { origin, code: tenant, name, url, email }
  return { state, signed, validFrom, validUntil, kids, isStopped, issuer, keys, keySeq }
}

/**
 * The latest line of these kinds that speaks of an award, for a lateral join; `aw` is the award's row in the statement. The contents of the
 * award are found first, whatever the statistics say: by the order of the lines alone each award would read the whole history.
 */
export const latestLine = (kinds: readonly string[]): RawBuilder<unknown> => sql`(
  with told as materialized (select c.history_id, c.content from history_content c where c.tenant_id = aw.tenant_id and c.award_id = aw.id)
  select h.seq, h.id, h.at, told.content from told join history h on h.tenant_id = aw.tenant_id and h.id = told.history_id
  where h.kind = any(${kinds}) order by h.seq desc limit 1)`

/** The latest line that speaks of an award's signed bytes. */
export const latestSigning = latestLine(['award', 'award.resigned'])

async function readRow(trx: Trx, tenant: string, id: string): Promise<Row | undefined> {
  const result = await sql<Row>`
    select aw.state, aw.ob2_jws as "ob2Jws", aw.ob3_jwt as "ob3Jwt", aw.ob3_json as "ob3Json", aw.valid_from as "validFrom",
      aw.valid_until as "validUntil", line.content, app.jws_kid(aw.ob2_jws) as "ob2Kid", app.jws_kid(aw.ob3_jwt) as "ob3Kid",
      o.issuing_stopped_at is not null or exists (select from app.issuance where stopped_at is not null) as "isStopped",
      o.name, o.url, o.email
    from award aw join organisation o on o.tenant_id = aw.tenant_id left join lateral ${latestSigning} line on true
    where aw.tenant_id = ${tenant} and aw.id = ${id}`.execute(trx)
  return result.rows[0]
}

/** Does what the chain committed to name exactly these texts? */
function commits(content: string | null, signed: Signed): boolean {
  if (content === null) return false
  const said: unknown = JSON.parse(content)
  if (typeof said !== 'object' || said === null || !('ob2' in said) || !('ob3' in said)) return false
  return said.ob2 === sha256(signed.ob2Jws) && said.ob3 === sha256(signed.ob3Jwt)
}

/** The Ed25519 keys whose embedded proof stands in a text: it names the public key itself (CONFORMANCE 3.10). */
async function embeddedKids(trx: Trx, tenant: string, ob3Json: string | null): Promise<readonly string[]> {
  if (ob3Json === null) return []
  const keys = await trx
    .selectFrom('signing_key')
    .select(['kid', 'public_jwk'])
    .where('tenant_id', '=', tenant)
    .where('algorithm', '=', 'EdDSA')
    .execute()
  return keys.filter((key) => ob3Json.includes(methodEnd(key.public_jwk))).map((key) => key.kid)
}

/** How the address of an Ed25519 key ends inside a proof: the key is its own name. */
export function methodEnd(jwk: Readonly<Record<string, string>>): string {
  return `#${encodeMultikey(createPublicKey({ key: { ...jwk }, format: 'jwk' }))}"`
}

/** The short name of a key from its whole address. */
function shortName(kid: string): string {
  return kid.slice(kid.lastIndexOf('/') + 1)
}

export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex')
}
