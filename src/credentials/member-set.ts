import type { z } from 'zod'
import { pointerOf } from './faults.ts'
import type { Fault, FaultCode } from './faults.ts'

type Issue = z.core.$ZodIssue

function codeOf(issue: Issue): FaultCode {
  const last = issue.path.at(-1)
  if (issue.path[0] === '@context') return 'context'
  if (
    last === 'validFrom' ||
    last === 'validUntil' ||
    last === 'awardedDate' ||
    last === 'issuedOn' ||
    last === 'expires'
  ) {
    return 'date'
  }
  return issue.code === 'invalid_type' && issue.input === undefined ? 'missing-member' : 'shape'
}

function faultsOf(issue: Issue): readonly Fault[] {
  if (issue.code !== 'unrecognized_keys') {
    return [{ pointer: pointerOf(issue.path), code: codeOf(issue), detail: issue.message }]
  }
  return issue.keys.map((member) => ({
    pointer: pointerOf([...issue.path, member]),
    code: 'unknown-member',
    detail: `The member ${member} is never in our documents`,
  }))
}

export type Members<T> =
  | { readonly right: true; readonly document: T }
  | { readonly right: false; readonly faults: readonly Fault[] }

/** Holds a document against the exact members that we write: the document with its types, or a fault for each difference. */
export function readMembers<T extends z.ZodType>(members: T, document: unknown): Members<z.output<T>> {
  const parsed = members.safeParse(document, { reportInput: true })
  if (parsed.success) return { right: true, document: parsed.data }
  return { right: false, faults: parsed.error.issues.flatMap(faultsOf) }
}

/** Only the faults of `readMembers`. */
export function checkMembers(members: z.ZodType, document: unknown): readonly Fault[] {
  const read = readMembers(members, document)
  return read.right ? [] : read.faults
}
