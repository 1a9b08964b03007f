import { asTenant } from '../../db/connect.ts'
import type { Db } from '../../db/database.ts'
import { HeadClaims } from '../history-head.ts'
import { isSigned, parseObject } from './bytes.ts'
import type { Findings } from './fault.ts'
import type { KnownKey } from './key-lines.ts'

/** A head that somebody signed: kept here, or elsewhere. */
export type SignedHead = { readonly seq: number; readonly hash: string; readonly at: string; readonly document: string }

/** The heads that were signed and kept, oldest first, and one that was kept elsewhere. */
export async function readSignedHeads(
  db: Db,
  findings: Findings,
  elsewhere: readonly string[],
): Promise<readonly SignedHead[]> {
  const { tenant } = findings
  const rows = await asTenant(
    db,
    tenant,
    async (trx) =>
      await trx
        .selectFrom('history_signed_head')
        .select(['seq', 'hash', 'document'])
        .where('tenant_id', '=', tenant)
        .orderBy('seq')
        .execute(),
  )
  const kept = rows.flatMap(({ seq, hash, document }) => {
    const claims = claimsIn(document)
    if (claims?.seq === seq && claims.hash === hash.toString('hex') && isOf(claims, tenant))
      return [{ ...claims, document }]
    findings.add('signed-head-wrong', `the head that was signed at entry ${seq} was changed`, { seq })
    return []
  })
  const others = elsewhere.flatMap((document) => {
    const claims = claimsIn(document)
    return claims && isOf(claims, tenant) ? [{ ...claims, document }] : []
  })
  return [...kept, ...others].toSorted((a, b) => a.seq - b.seq)
}

/** Whose head a document is; undefined for what is none. */
export function tenantOfHead(document: string): string | undefined {
  return /\/o\/([0-9a-z]{4})$/.exec(claimsIn(document)?.iss ?? '')?.[1]
}

/**
 * Every signed head against the chain (S-31): who rewrites the history, with all hashes after it, cannot sign its heads. A finding names the
 * entries between the last head that is right and the first that is not.
 */
export function checkSignedHeads(
  findings: Findings,
  heads: readonly SignedHead[],
  chain: { readonly hashes: ReadonlyMap<number, Buffer> },
  keys: ReadonlyMap<string, KnownKey>,
): void {
  let right = 0
  for (const { seq, hash, at, document } of heads) {
    if (!isOurs(document, at, keys)) {
      findings.add('signed-head-wrong', `the head of ${at} at entry ${seq} has no good signature of ours`, { seq })
      continue
    }
    if (chain.hashes.get(seq)?.toString('hex') !== hash) {
      const what = `entries ${right + 1} to ${seq} are not those whose head was signed on ${at}: they were removed or written anew`
      return findings.add('history-rewritten', what, { seq: right + 1 })
    }
    right = seq
  }
}

function claimsIn(document: string): HeadClaims | undefined {
  const read = HeadClaims.safeParse(
    parseObject(Buffer.from(document.split('.')[1] ?? '', 'base64url').toString('utf8')),
  )
  return read.success ? read.data : undefined
}

function isOf({ iss }: HeadClaims, tenant: string): boolean {
  return iss.endsWith(`/o/${tenant}`)
}

function isOurs(document: string, at: string, keys: ReadonlyMap<string, KnownKey>): boolean {
  const [head = '', body = '', signature = ''] = document.trim().split('.')
  const kid = parseObject(Buffer.from(head, 'base64url').toString('utf8'))['kid']
  const known = typeof kid === 'string' ? keys.get(kid.slice(kid.lastIndexOf('/') + 1)) : undefined
  if (!known || (known.compromisedAt && known.compromisedAt <= new Date(at))) return false
  return isSigned(`${head}.${body}`, signature, known)
}
