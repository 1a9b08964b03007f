import { createHash } from 'node:crypto'
import { statusOf } from '../http/problem.ts'
import type { SessionRef } from '../http/session-tokens.ts'
import { Refusal, type RefusalKind } from '../refusal.ts'
import { type AwardDeps, checkDecision, decideApplication } from './award.ts'
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
  for (const [row, decision] of wanted.decisions.entries()) {
    const one = { ...decision, idempotencyKey: keyOfRow(wanted.idempotencyKey, row) }
    try {
      if (wanted.dryRun) {
        await checkDecision(deps, session, one, now)
        rows.push({ row, id: decision.id, status: 200, state: null, award: null, problem: null })
      } else {
        const { application, award, created } = await decideApplication(deps, session, one, now)
        rows.push({ row, id: decision.id, status: created ? 201 : 200, state: application.state, award, problem: null })
      }
    } catch (error) {
      if (!(error instanceof Refusal) || ofTheAsker.includes(error.kind)) throw error
      const problem = { code: error.code, detail: error.message }
      rows.push({ row, id: decision.id, status: statusOf[error.kind], state: null, award: null, problem })
    }
  }
  return rows
}

function keyOfRow(key: string, row: number): string {
  return createHash('sha256')
    .update(JSON.stringify([key, row]))
    .digest('hex')
}
