import type { Check, CheckCode, VerdictWord } from '../verdict.ts'

/**
 * From the heaviest to the lightest. What is known to be wrong comes before what could not be learnt: a badge that is revoked is
 * revoked, also when its recipient could not be compared. That it was made up comes before everything that only a true badge can be.
 */
const precedence: readonly VerdictWord[] = [
  'invalid',
  'issuer-not-recognised',
  'revoked',
  'suspended',
  'expired',
  'not-yet-valid',
  'could-not-check',
  'valid',
]

/** Failures that have a word of their own. */
const wordOfCode: ReadonlyMap<CheckCode, VerdictWord> = new Map<CheckCode, VerdictWord>([
  ['revoked', 'revoked'],
  // CONFORMANCE 1.6: others read it as revoked, and nothing is left that would say otherwise.
  ['gone', 'revoked'],
  ['suspended', 'suspended'],
  ['expired', 'expired'],
  ['not-yet-valid', 'not-yet-valid'],
  ['issued-in-future', 'not-yet-valid'],
  // The 2.0 way of signing for another: the key's owner is not the issuer of the badge.
  ['badge-class-of-another-issuer', 'issuer-not-recognised'],
])

/** The word that one check alone asks for. */
function wordOf(check: Check): VerdictWord {
  // Our own checks decide alone: it makes nothing valid, and nothing else either (S-29; DESIGN, Rules that settle disputes).
  if (check.id === 'second-opinion') return 'valid'
  if (check.outcome === 'passed') return 'valid'
  if (check.outcome === 'not-checked') return 'could-not-check'
  const own = wordOfCode.get(check.code)
  if (own !== undefined) return own
  // DESIGN, Words: recognised means that the key is shown to belong to issuer.id; a failed `key` or `issuer` says it is not.
  return check.id === 'key' || check.id === 'issuer' ? 'issuer-not-recognised' : 'invalid'
}

/** The heaviest of these words; `could-not-check` when there is none. */
export function heaviest(words: readonly VerdictWord[]): VerdictWord {
  return precedence.find((word) => words.includes(word)) ?? 'could-not-check'
}

/** The verdict that follows from the checks: `valid` only when every single one of our own passed (S-28, CONFORMANCE 6.8, DESIGN, Words). */
export function verdictWordOf(checks: readonly Check[]): VerdictWord {
  return heaviest(checks.map(wordOf))
}
