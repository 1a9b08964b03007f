import { createHash } from 'node:crypto'
import { statusOf } from '../http/problem.ts'
import type { SessionRef } from '../http/session-tokens.ts'
import { Refusal, type RefusalKind } from '../refusal.ts'
import { type AwardDeps, checkDecision, decideApplication } from './award.ts'
import type { DecidedRow, Decisions } from './schema.ts'

/** Who asks may not: the whole request is refused, not each row. */
const ofTheAsker: readonly RefusalKind[] = ['not-signed-in', 'forbidden']

/** So many rows are decided at the same time, and so read and written together (decision 18). */
const atOnce = 16

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
  for (let from = 0; from < wanted.decisions.length; from += atOnce) {
    const settled = await Promise.allSettled(
      wanted.decisions
        .slice(from, from + atOnce)
        .map(async (decision, place) => await decideRow(deps, session, wanted, { row: from + place, decision }, now)),
    )
    for (const one of settled) {
      if (one.status === 'rejected') throw one.reason
      rows.push(one.value)
    }
  }
  return rows
}

async function decideRow(
  deps: AwardDeps,
  session: SessionRef,
  { idempotencyKey, dryRun }: { readonly idempotencyKey: string; readonly dryRun: boolean },
  { row, decision }: { readonly row: number; readonly decision: Decisions['decisions'][number] },
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
    const problem = { code: error.code, detail: error.message }
    return { row, id: decision.id, status: statusOf[error.kind], state: null, award: null, problem }
  }
}

function keyOfRow(key: string, row: number): string {
  return createHash('sha256')
    .update(JSON.stringify([key, row]))
    .digest('hex')
}
