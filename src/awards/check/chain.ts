import { sql } from 'kysely'
import { asTenant } from '../../db/connect.ts'
import type { Db } from '../../db/database.ts'
import { commitmentOf, historyHash } from '../history.ts'
import { parseObject } from './bytes.ts'
import type { Findings } from './fault.ts'
import { KeyLines } from './key-lines.ts'
import { pages } from './pages.ts'

/** A line of the history as it is stored, with what it commits to where that was not erased. */
export type Line = {
  readonly seq: number
  readonly id: string
  readonly kind: string
  readonly at: bigint
  readonly prev: Buffer
  readonly hash: Buffer
  readonly commitment: Buffer
  readonly salt: Buffer | null
  readonly content: string | null
  /** Is what the line tells of there? Null where a line tells of nothing that has a row, or its content was erased. */
  readonly isThere: boolean | null
}

/** What the chain showed, for what is looked at next. */
export type Chain = {
  readonly lines: number
  /** Hash at each of the places that were asked for. */
  readonly hashes: ReadonlyMap<number, Buffer>
  readonly keys: KeyLines
}

const page = 2000

/**
 * Recomputes a tenant's chain from its first line (S-31): numbers without gaps, each hash, each link, each commitment, and that awards and
 * revocations that it tells of are there. Takes the places whose hashes somebody signed. Finds faults and goes on.
 */
export async function checkChain(
  db: Db,
  findings: Findings,
  wanted: ReadonlySet<number>,
  onLines: (count: number) => void,
): Promise<Chain> {
  const { tenant } = findings
  const walk = new Walk(findings)
  const hashes = new Map<number, Buffer>()
  const keys = new KeyLines()
  for await (const lines of pages(
    0,
    async (after) => await readLines(db, tenant, after),
    (line) => line.seq,
  )) {
    for (const line of lines) {
      walk.step(line)
      keys.note(line)
      if (wanted.has(line.seq)) hashes.set(line.seq, line.hash)
    }
    onLines(lines.length)
  }
  walk.end()
  await checkHead(db, findings)
  await checkErased(db, findings, walk)
  return { lines: walk.count, hashes, keys }
}

async function readLines(db: Db, tenant: string, after: number): Promise<readonly Line[]> {
  type Row = Omit<Line, 'at'> & { readonly at: string }
  const result = await asTenant(
    db,
    tenant,
    async (trx) =>
      await sql<Row>`
        select h.seq, h.id, h.kind, (extract(epoch from h.at) * 1000000)::bigint::text as at, h.prev, h.hash, h.commitment, c.salt, c.content,
          case when c.content is null then null
            when h.kind = 'award' then exists (select from award aw
              where aw.tenant_id = h.tenant_id and aw.id = c.award_id)
            when h.kind = 'revocation' then exists (select from revocation r
              where r.tenant_id = h.tenant_id and r.award_id = c.award_id) end as "isThere"
        from history h left join history_content c on c.tenant_id = h.tenant_id and c.history_id = h.id
        where h.tenant_id = ${tenant} and h.seq > ${after} order by h.seq limit ${page}`.execute(trx),
  )
  return result.rows.map((row) => ({ ...row, at: BigInt(row.at) }))
}

/** Goes from line to line. */
class Walk {
  readonly #findings: Findings
  #seq = 0
  #prev: Buffer = Buffer.alloc(32)
  /** Lines whose own hash is not theirs, until it is known whether two of them changed places. */
  readonly #changed: Line[] = []
  #shift = 0
  count = 0
  /** How many awards the chain knows of whose content is gone. */
  silent = 0
  /** How many awards the tombstones name, and those that name no number any more. */
  readonly erased = { awards: 0, untold: [] as number[] }

  constructor(findings: Findings) {
    this.#findings = findings
  }

  step(line: Line): void {
    this.count += 1
    const isGap = this.#gap(line)
    if (!this.#ownHash(line)) this.#notOwn(line)
    else if (!isGap && !line.prev.equals(this.#prev)) this.#unlinked(line)
    this.#content(line)
    this.#seq = line.seq
    this.#prev = line.hash
  }

  end(): void {
    const swapped = new Set<Line>()
    for (const [place, line] of this.#changed.entries()) {
      const other = this.#changed.slice(place + 1).find((one) => isSwapped(this.#findings.tenant, line, one))
      if (!other) continue
      swapped.add(line).add(other)
      const what = `entries ${line.seq} and ${other.seq} have changed places`
      this.#findings.add('entries-swapped', what, { seq: line.seq })
    }
    for (const line of this.#changed.filter((one) => !swapped.has(one))) {
      const what = `entry ${line.seq} (${line.kind}, ${line.id}) was changed: its hash is not its own`
      this.#findings.add('entry-changed', what, { seq: line.seq })
    }
  }

  #gap(line: Line): boolean {
    const first = this.#seq + 1
    if (line.seq === first) return false
    const which = line.seq - 1 === first ? `entry ${first} was` : `entries ${first} to ${line.seq - 1} were`
    this.#findings.add('entry-removed', `${which} removed`, { seq: first })
    return true
  }

  #ownHash(line: Line, seq = line.seq): boolean {
    return historyHash(line.prev, { ...line, tenant: this.#findings.tenant, seq }).equals(line.hash)
  }

  /** A line that was right at the next or the former number: something before it was put in or taken out. Said once, for all after it. */
  #notOwn(line: Line): void {
    const shift = [this.#shift, 1, -1].find((by) => by !== 0 && this.#ownHash(line, line.seq - by))
    if (shift === undefined) {
      if (this.#changed.length < 50) this.#changed.push(line)
      return
    }
    if (shift === this.#shift) return
    this.#shift = shift
    if (shift === 1)
      this.#findings.add('entry-inserted', `entry ${line.seq - 1} was inserted: those after it were moved on by one`, {
        seq: line.seq - 1,
      })
    else
      this.#findings.add('entry-removed', `entry ${line.seq} was removed: those after it were moved back by one`, {
        seq: line.seq,
      })
  }

  #unlinked(line: Line): void {
    const what = `entry ${line.seq} (${line.kind}, ${line.id}) does not follow entry ${line.seq - 1}: one of the two was put in or written anew`
    this.#findings.add('entry-not-in-order', what, { seq: line.seq })
  }

  #tombstone({ seq, content }: Line): void {
    const count = awardsErased(content)
    if (count === undefined) this.erased.untold.push(seq)
    else this.erased.awards += count
  }

  #content(line: Line): void {
    const { seq, kind, salt, content } = line
    if (kind === 'award' && content === null) this.silent += 1
    if (kind === 'erasure') this.#tombstone(line)
    if (salt !== null && content !== null && !commitmentOf(salt, content).equals(line.commitment)) {
      this.#findings.add('content-changed', `what entry ${seq} (${kind}) tells was changed`, { seq })
    }
    if (line.isThere !== false) return
    const which = kind === 'award' ? 'award' : 'revocation'
    this.#findings.add(`${which}-removed`, `the ${which} that entry ${seq} tells of was removed`, { seq })
  }
}

/** How many awards a tombstone says that it took; undefined when it says nothing. */
function awardsErased(content: string | null): number | undefined {
  const count = Number(parseObject(content ?? '{}')['awards'] ?? Number.NaN)
  return Number.isSafeInteger(count) && count >= 0 ? count : undefined
}

/** Does each of two lines get its hash right with the other's content, or with the other's number? */
function isSwapped(tenant: string, one: Line, other: Line): boolean {
  const fits = (place: Line, told: Line): boolean =>
    historyHash(place.prev, { ...told, tenant, seq: place.seq }).equals(place.hash) ||
    historyHash(place.prev, { ...place, tenant, seq: told.seq }).equals(place.hash)
  return fits(one, other) && fits(other, one)
}

async function checkHead(db: Db, findings: Findings): Promise<void> {
  const { tenant } = findings
  type Ends = { seq: number; hash: Buffer; last: number; lastHash: Buffer | null }
  const result = await asTenant(
    db,
    tenant,
    async (trx) =>
      await sql<Ends>`select head.seq, head.hash, coalesce(h.seq, 0) as last, h.hash as "lastHash" from history_head head
        left join lateral (select l.seq, l.hash from history l where l.tenant_id = head.tenant_id order by l.seq desc limit 1) h on true
        where head.tenant_id = ${tenant}`.execute(trx),
  )
  const [ends] = result.rows
  if (!ends) return findings.add('head-differs', 'the history has no head')
  const { seq, last } = ends
  if (last > seq) findings.add('entry-inserted', `entry ${seq + 1} was inserted after the head`, { seq: seq + 1 })
  else if (last < seq) {
    const which = last + 1 === seq ? `entry ${seq} was` : `entries ${last + 1} to ${seq} were`
    findings.add('entry-removed', `${which} removed from the end`, { seq: last + 1 })
  } else if (ends.lastHash && !ends.hash.equals(ends.lastHash)) {
    findings.add('head-differs', `the head is not the hash of entry ${seq}`, { seq })
  }
}

/**
 * Content goes when its client is erased (S-32, S-52). Each erasure has its line, which commits to how many awards went: the chain itself says
 * how many may be silent. More silence is somebody else's work, less means that something erased is back. The table of erased awards is held
 * against the same number.
 */
async function checkErased(db: Db, findings: Findings, { silent, erased }: Walk): Promise<void> {
  const { tenant } = findings
  for (const seq of erased.untold)
    findings.add('erasure-differs', `the erasure of entry ${seq} does not say any more how many awards went`, { seq })
  if (erased.untold.length === 0 && silent > erased.awards) {
    const what = `the entries of ${silent} awards tell nothing any more, but only ${erased.awards} were erased with their client`
    return findings.add('award-removed', what)
  }
  if (erased.untold.length === 0 && silent < erased.awards) {
    const what = `${erased.awards} awards were erased with their client, but the entries of only ${silent} are silent: something erased is back`
    return findings.add('erasure-differs', what)
  }
  const { kept } = await asTenant(
    db,
    tenant,
    async (trx) =>
      await trx
        .selectFrom('erased_award')
        .select((eb) => eb.fn.countAll<number>().as('kept'))
        .where('tenant_id', '=', tenant)
        .executeTakeFirstOrThrow(),
  )
  if (kept === silent || erased.untold.length > 0) return
  const what = `the entries of ${silent} awards tell nothing any more, and ${kept} are kept as erased: a row was put in or taken out`
  findings.add('erasure-differs', what)
}
