import { sql } from 'kysely'
import { publicAddresses } from '../credentials/addresses.ts'
import type { History, SignedBadge } from '../credentials/verdict.ts'
import { asTenant } from '../db/connect.ts'
import type { Trx } from '../db/database.ts'
import type { Deps } from '../deps.ts'

/**
 * What our own history knows of our own badges: when a line first committed to exactly these signed bytes (S-22, S-31). For a badge whose key
 * was compromised since, this and not its dates tells that it is older. Undefined for other issuers, for bytes that no line names, and for
 * an award whose content was erased from the history (S-32).
 */
export function recordedHere(deps: Pick<Deps, 'db' | 'config'>): History {
  return async (badge) => {
    const tenant = tenantOf(badge.issuerId, deps.config.publicOrigin)
    if (tenant === undefined) return undefined
    return await asTenant(
      deps.db,
      tenant,
      async (trx) => (await firstLine(trx, tenant, badge)) ?? (await ownLine(trx, tenant, badge)),
    )
  }
}

/** The organisation whose issuer id this is, in 3.0 or in 2.0. */
function tenantOf(issuerId: string, origin: string): string | undefined {
  const code = issuerId.slice(publicAddresses.issuer(origin, '').length).split('/')[0] ?? ''
  const ours = [publicAddresses.issuer(origin, code), publicAddresses.issuerOb2(origin, code)]
  return /^[0-9a-z]{4}$/.test(code) && ours.includes(issuerId) ? code : undefined
}

const lastUuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** An endorsement and a passport have one line, by the id that the signed document itself tells. */
async function ownLine(trx: Trx, tenant: string, { id, sha256 }: SignedBadge): Promise<Date | undefined> {
  const line = lastUuid.exec(id)?.[0]
  if (line === undefined) return undefined
  const found = await sql<{ at: Date }>`
    select h.at from history h join history_content c on c.tenant_id = h.tenant_id and c.history_id = h.id
    where h.tenant_id = ${tenant} and h.id = ${line} and h.kind in ('endorsement', 'passport.signed')
      and c.content::jsonb ->> 'sha256' = ${sha256} and h.commitment = sha256(c.salt || convert_to(c.content, 'UTF8'))`.execute(
    trx,
  )
  return found.rows[0]?.at
}

/** Content that is not what its line committed to is nobody's word. */
async function firstLine(trx: Trx, tenant: string, { id, sha256 }: SignedBadge): Promise<Date | undefined> {
  const found = await sql<{ at: Date | null }>`
    select min(h.at) as at
    from award aw
      join history_content c on c.tenant_id = aw.tenant_id and c.award_id = aw.id
      join history h on h.tenant_id = c.tenant_id and h.id = c.history_id
    where aw.tenant_id = ${tenant} and (aw.credential_id = ${id} or aw.assertion_id = ${id})
      and h.kind in ('award', 'award.embedded', 'award.resigned')
      and ${sha256} in (c.content::jsonb ->> 'ob2', c.content::jsonb ->> 'ob3', c.content::jsonb ->> 'ob3Json')
      and h.commitment = sha256(c.salt || convert_to(c.content, 'UTF8'))`.execute(trx)
  return found.rows[0]?.at ?? undefined
}
