import { verify } from 'node:crypto'
import { sql } from 'kysely'
import { asTenant } from '../../db/connect.ts'
import type { Db } from '../../db/database.ts'
import { latestLine, latestSigning } from '../resign-read.ts'
import type { Findings } from './fault.ts'
import type { KnownKey } from './key-lines.ts'
import { pages } from './pages.ts'

type Row = {
  readonly id: string
  readonly publicId: string
  readonly credentialId: string
  readonly assertionId: string
  readonly ob2Jws: string
  readonly ob3Jwt: string
  readonly ob2Hash: string
  readonly ob3Hash: string
  readonly jsonHash: string | null
  readonly seq: number | null
  readonly at: Date | null
  readonly content: string | null
  readonly jsonContent: string | null
  readonly isRevoked: boolean
  readonly revocationLine: boolean
}

const page = 500

/**
 * Every badge of a tenant against the history and its keys (S-31): the chain knows it and committed to exactly these bytes, both JWS are good
 * and say the ids of their row, and none was signed by a key after others had it. The embedded form is compared by its hash, which the chain
 * holds too. A badge whose bytes were erased says nothing any more. Gives how many there were.
 */
export async function checkBytes(
  db: Db,
  findings: Findings,
  keys: ReadonlyMap<string, KnownKey>,
  onAwards: (count: number) => void,
): Promise<number> {
  const { tenant } = findings
  let count = 0
  const first = '00000000-0000-0000-0000-000000000000'
  for await (const rows of pages(
    first,
    async (after) => await readRows(db, tenant, after),
    (row) => row.id,
  )) {
    for (const row of rows) checkRow(row, findings, keys)
    count += rows.length
    onAwards(rows.length)
  }
  return count
}

async function readRows(db: Db, tenant: string, after: string): Promise<readonly Row[]> {
  const hashOf = (column: string): ReturnType<typeof sql> =>
    sql`encode(sha256(convert_to(aw.${sql.ref(column)}, 'UTF8')), 'hex')`
  const result = await asTenant(
    db,
    tenant,
    async (trx) =>
      await sql<Row>`
        select aw.id, aw.public_id as "publicId", aw.credential_id as "credentialId", aw.assertion_id as "assertionId",
          aw.ob2_jws as "ob2Jws", aw.ob3_jwt as "ob3Jwt", ${hashOf('ob2_jws')} as "ob2Hash", ${hashOf('ob3_jwt')} as "ob3Hash",
          ${hashOf('ob3_json')} as "jsonHash", line.seq, line.at, line.content, json.content as "jsonContent",
          exists (select from revocation r where r.tenant_id = aw.tenant_id and r.award_id = aw.id) as "isRevoked",
          revoked.seq is not null as "revocationLine"
        from award aw left join lateral ${latestSigning} line on true
          left join lateral ${latestLine(['award.embedded', 'award.resigned'])} json on true
          left join lateral ${latestLine(['revocation'])} revoked on true
        where aw.tenant_id = ${tenant} and aw.id > ${after} order by aw.id limit ${page}`.execute(trx),
  )
  return result.rows
}

function checkRow(row: Row, findings: Findings, keys: ReadonlyMap<string, KnownKey>): void {
  const award = row.publicId
  if (!row.ob2Jws && !row.ob3Jwt) return
  const where = row.seq === null ? { award } : { award, seq: row.seq }
  if (row.content === null)
    return findings.add(
      'award-inserted',
      `the award ${award} is in no entry: it was put in, or what its entry tells was taken out`,
      where,
    )
  const said = parseObject(row.content)
  if (said['ob2'] !== row.ob2Hash)
    findings.add('award-changed', `the OB 2.0 badge of award ${award} was changed`, where)
  if (said['ob3'] !== row.ob3Hash)
    findings.add('award-changed', `the OB 3.0 badge of award ${award} was changed`, where)
  if (row.jsonHash !== null && parseObject(row.jsonContent ?? '{}')['ob3Json'] !== row.jsonHash)
    findings.add('award-changed', `the OB 3.0 badge with embedded proof of award ${award} was changed`, where)
  if (row.isRevoked && !row.revocationLine)
    findings.add('revocation-inserted', `the revocation of award ${award} is in no entry`, where)
  const signed = [
    ['OB 2.0', row.ob2Jws, { id: row.assertionId }],
    ['OB 3.0', row.ob3Jwt, { id: row.credentialId, jti: row.credentialId }],
  ] as const
  for (const [format, jws, ids] of signed) {
    const fault = jwsFault(jws, ids, findings.tenant, keys, row.at)
    if (fault) findings.add(fault.code, `the ${format} badge of award ${award} ${fault.what}`, where)
  }
}

type JwsFault = { readonly code: 'award-signature' | 'signed-after-compromise'; readonly what: string }

/** By our own key of its name and that key's algorithm, whatever the header says; in one pass, since there are many. */
function jwsFault(
  jws: string,
  ids: Readonly<Record<string, string>>,
  tenant: string,
  keys: ReadonlyMap<string, KnownKey>,
  at: Date | null,
): JwsFault | undefined {
  const wrong = (what: string): JwsFault => ({ code: 'award-signature', what })
  const [head = '', body = '', signature = ''] = jws.split('.')
  const kid = kidOf(head)
  const known = keys.get(kid.slice(kid.lastIndexOf('/') + 1))
  if (!known || !kid.includes(`/o/${tenant}/keys/`)) return wrong('names no key of its issuer')
  if (!isSigned(`${head}.${body}`, signature, known)) return wrong('has a wrong signature')
  const payload = parseObject(Buffer.from(body, 'base64url').toString('utf8'))
  if (Object.entries(ids).some(([member, id]) => payload[member] !== id)) return wrong('is another award’s')
  if (known.compromisedAt === null || (at && at < known.compromisedAt)) return undefined
  return { code: 'signed-after-compromise', what: 'was signed by a key that others may have had by then' }
}

const kids = new Map<string, string>()

/** A key's header is the same text in every badge it signs. */
function kidOf(head: string): string {
  const there = kids.get(head)
  if (there !== undefined) return there
  const kid = parseObject(Buffer.from(head, 'base64url').toString('utf8'))['kid']
  if (kids.size > 1000) kids.clear()
  kids.set(head, typeof kid === 'string' ? kid : '')
  return typeof kid === 'string' ? kid : ''
}

/** Of a JWS of ours: RS256, or ES256 with r ‖ s. */
export function isSigned(input: string, signature: string, { key, algorithm }: KnownKey): boolean {
  if (algorithm === 'EdDSA') return false
  const bytes = Buffer.from(signature, 'base64url')
  if (algorithm === 'RS256') return verify('sha256', Buffer.from(input), key, bytes)
  return verify('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }, bytes)
}

/** A stored text that should be a JSON object; anything else says nothing. */
export function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(text)
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {}
  } catch {
    return {}
  }
}
