import type {
  Check,
  CheckCode,
  CheckId,
  CredentialSummary,
  Outcome,
  Verdict,
  VerdictWord,
} from '../credentials/verdict.ts'
import { verdictWordOf } from '../credentials/verify/word.ts'
import { checkSentence, formatDay, type Language, type Messages, messages } from '../i18n/index.ts'
import type { VerdictKind } from '../web/components/verdict.ts'

export type PresentedCheck = {
  readonly id: CheckId
  readonly outcome: Outcome
  readonly code: CheckCode
  /** The code as a sentence in the reader's language. */
  readonly reason: string
}

/** A verdict as API, page and command tell it (PRODUCT §7, Verification). */
export type PresentedVerdict = {
  readonly verdict: VerdictWord
  readonly checks: readonly PresentedCheck[]
  /** What the badge says of itself: untrusted (CONFORMANCE 6.11). Null when nothing could be read. */
  readonly credential: CredentialSummary | null
  /** The badges inside a collection, each by itself (CONFORMANCE 10.4). */
  readonly credentials?: readonly PresentedVerdict[]
}

/** The four kinds of answer that a person gets (PRODUCT S1). */
const kinds = {
  valid: 'ok',
  expired: 'note',
  'not-yet-valid': 'note',
  revoked: 'bad',
  suspended: 'bad',
  invalid: 'bad',
  'issuer-not-recognised': 'bad',
  'could-not-check': 'unknown',
} as const satisfies Readonly<Record<VerdictWord, VerdictKind>>

export function kindOf(word: VerdictWord): VerdictKind {
  return kinds[word]
}

/** The headline: one of four sentences. */
export function headline(t: Messages, word: VerdictWord): string {
  const { ok, warning, bad, unknown } = t.verify
  return { ok, note: warning, bad, unknown }[kinds[word]]
}

/** Adds to each check its reason as a sentence. The verdict itself stays as the verifier decided it (S-28). */
export function presentVerdict(verdict: Verdict, language: Language): PresentedVerdict {
  const t = messages(language)
  return {
    verdict: verdict.verdict,
    checks: verdict.checks.map((check) => ({
      id: check.id,
      outcome: check.outcome,
      code: check.code,
      reason: reasonOf(check, verdict.companion, t, language),
    })),
    credential: verdict.credential ?? null,
    ...(verdict.credentials === undefined
      ? {}
      : { credentials: verdict.credentials.map((one) => presentVerdict(one, language)) }),
  }
}

/** The check that made the verdict what it is; undefined for `valid`. */
export function decisiveCheck({ verdict, checks }: PresentedVerdict): PresentedCheck | undefined {
  if (verdict === 'valid') return undefined
  return (
    checks.find((check) => verdictWordOf([check]) === verdict) ?? checks.find(({ outcome }) => outcome !== 'passed')
  )
}

function reasonOf(check: Check, companion: Verdict | undefined, t: Messages, language: Language): string {
  const sentence = checkSentence(t, check.code, readable(check.values ?? {}, language))
  // The other badge of a picture has checks of its own; the one that tells is told here, because it is shown nowhere else.
  const cause = companion?.checks.find(
    ({ id, code }) => id === check.values?.['check'] && code === check.values['code'],
  )
  if (check.cause !== undefined) return `${sentence} ${reasonOf(check.cause, undefined, t, language)}`
  return check.id === 'companion' && cause ? `${sentence} ${reasonOf(cause, undefined, t, language)}` : sentence
}

const instants = ['from', 'until', 'since', 'recorded']

/** Values come from the badge: instants become days, and what could turn the line round or move a cursor is left out. */
function readable(values: NonNullable<Check['values']>, language: Language): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      instants.includes(name) ? dayOr(value, language) : plainText(value),
    ]),
  )
}

/** An instant of the badge as a day for people; the text itself when it is none. */
export function dayOr(value: string, language: Language): string {
  const instant = new Date(value)
  return Number.isNaN(instant.getTime()) ? plainText(value) : formatDay(instant, language)
}

/** A stranger's text as one line without control characters and marks that change the direction of what follows (CONFORMANCE 6.11). */
export function plainText(text: string): string {
  return text
    .replaceAll(/[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g, '')
    .replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim()
}
