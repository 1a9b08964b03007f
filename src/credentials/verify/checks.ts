import type { Check, CheckCode, CheckId, Outcome } from '../verdict.ts'

export type Values = Readonly<Record<string, string>>

/** Characters of one value. */
const longest = 200

// Values come from badges: long ones would only push the sentence off the page (CONFORMANCE 6.11).
function cut(values: Values): Values {
  if (Object.values(values).every(({ length }) => length <= longest)) return values
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value.slice(0, longest)]))
}

function check(id: CheckId, outcome: Outcome, code: CheckCode, values?: Values): Check {
  return values === undefined ? { id, outcome, code } : { id, outcome, code, values: cut(values) }
}

/** The check was made and is good. */
export function passed(id: CheckId, code: CheckCode, values?: Values): Check {
  return check(id, 'passed', code, values)
}

/** The check was made and is not good. */
export function failed(id: CheckId, code: CheckCode, values?: Values): Check {
  return check(id, 'failed', code, values)
}

/** The check could not be made: the whole is then never `valid` (CONFORMANCE 6.8). */
export function notChecked(id: CheckId, code: CheckCode, values?: Values): Check {
  return check(id, 'not-checked', code, values)
}

/** Did every one of these checks pass? */
export function allPassed(...checks: readonly Check[]): boolean {
  return checks.every((one) => one.outcome === 'passed')
}

/** The same check with the one inside that made it so. */
export function because(whole: Check, cause: Check | undefined): Check {
  return cause === undefined ? whole : { ...whole, cause }
}
