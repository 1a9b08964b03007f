import { createHash } from 'node:crypto'
import { statusOf } from '../http/problem.ts'
import type { SessionRef } from '../http/session-tokens.ts'
import { Refusal, type RefusalKind } from '../refusal.ts'
import { type AwardDeps, checkDecision, decideApplication } from './award.ts'
import { atMost } from './in-step.ts'
import type { DecidedRow, Decisions } from './schema.ts'

/** Who asks may not: the whole request is refused, not each row. */
const ofTheAsker: readonly RefusalKind[] = ['not-signed-in', 'forbidden']

/**
 * Decides many applications, each by the same rule and for itself: an answer per row, and what one row refuses stops no other (DESIGN, The
 * award path 1). Each row has a key of its own made of the request's, so that sending the same request again goes on where it broke off
 * (S-33). A dry run says what would be refused and writes nothing. Refuses only `not-signed-in` and `forbidden` as a whole.
 */
export async function decideMany(
  deps: AwardDeps,
  session: SessionRef,
  wanted: Decisions & { readonly idempotencyKey: string; readonly dryRun: boolean },
  now: Date,
): Promise<readonly DecidedRow[]> {
  const rows: DecidedRow[] = []
  for (const together of groupsOf(wanted.decisions)) {
    const settled = await Promise.allSettled(
      together.map(async (one) => await decideRow(deps, session, wanted, one, now)),
    )
    for (const one of settled) {
      if (one.status === 'rejected') throw one.reason
      rows.push(one.value)
    }
    // What stood in each other's way, as many badges of one client may, goes one after the other.
    for (const one of together) {
      if (rows[one.row]?.problem?.code === 'busy') rows[one.row] = await decideRow(deps, session, wanted, one, now)
    }
  }
  return rows
}

type Row = { readonly row: number; readonly decision: Decisions['decisions'][number] }

/** The rows in their order, as many at a time as go together (decision 18). Two of the same application are never at the same time, because the second waits for what the first did. */
function groupsOf(decisions: Decisions['decisions']): readonly (readonly Row[])[] {
  const groups: Row[][] = []
  for (const [row, decision] of decisions.entries()) {
    const last = groups.at(-1)
    const isWithUs = last && last.length < atMost && !last.some((one) => isSame(one.decision.id, decision.id))
    if (isWithUs) last.push({ row, decision })
    else groups.push([{ row, decision }])
  }
  return groups
}

/** A UUID may be written in small or capital letters. */
function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}

async function decideRow(
  deps: AwardDeps,
  session: SessionRef,
  { idempotencyKey, dryRun }: { readonly idempotencyKey: string; readonly dryRun: boolean },
  { row, decision }: Row,
  now: Date,
): Promise<DecidedRow> {
  const one = { ...decision, idempotencyKey: keyOfRow(idempotencyKey, row) }
  try {
    if (dryRun) {
      await checkDecision(deps, session, one, now)
      return { row, id: decision.id, status: 200, state: null, award: null, problem: null }
    }
    const { application, award, created } = await decideApplication(deps, session, one, now)
    return { row, id: decision.id, status: created ? 201 : 200, state: application.state, award, problem: null }
  } catch (error) {
    if (!(error instanceof Refusal) || ofTheAsker.includes(error.kind)) throw error
    const { facts } = error.details
    const problem = { code: error.code, detail: error.message, ...(facts && { facts }) }
    return { row, id: decision.id, status: statusOf[error.kind], state: null, award: null, problem }
  }
}

function keyOfRow(key: string, row: number): string {
  return createHash('sha256')
    .update(JSON.stringify([key, row]))
    .digest('hex')
}
