import { expect, test } from 'vitest'
import { type Check, type Verdict, type VerdictWord, verdictWords } from '../../src/credentials/verdict.ts'
import { messages } from '../../src/i18n/index.ts'
import { dayOr, decisiveCheck, headline, plainText, presentVerdict } from '../../src/verification/present.ts'

const signature: Check = { id: 'signature', outcome: 'passed', code: 'signature-right' }

function verdictWith(verdict: VerdictWord, ...checks: readonly Check[]): Verdict {
  return { verdict, checks: [signature, ...checks] }
}

test('PRODUCT S1: every verdict has one of four headlines', () => {
  const { ok, warning, bad, unknown } = messages('fi').verify
  const told = Object.fromEntries(verdictWords.map((word) => [word, headline(messages('fi'), word)]))
  expect(told).toEqual({
    valid: ok,
    expired: warning,
    'not-yet-valid': warning,
    revoked: bad,
    suspended: bad,
    invalid: bad,
    'issuer-not-recognised': bad,
    'could-not-check': unknown,
  })
})

test('days stand in the words of the language, and what is no day stands as it is', () => {
  const expired = verdictWith('expired', {
    id: 'dates',
    outcome: 'failed',
    code: 'expired',
    values: { until: '2026-01-05T23:30:00Z' },
  })
  expect(presentVerdict(expired, 'fi').checks[1]?.reason).toBe('Merkin aika päättyi 6.1.2026.')
  expect(presentVerdict(expired, 'en').checks[1]?.reason).toContain('6 Jan 2026')
  expect(dayOr('soon', 'fi')).toBe('soon')
})

test('the reason that made the verdict is found among others', () => {
  const revoked = verdictWith(
    'revoked',
    { id: 'dates', outcome: 'failed', code: 'expired', values: { until: '2026-01-05T00:00:00Z' } },
    { id: 'status', outcome: 'failed', code: 'revoked', values: { reason: 'Myönnetty vahingossa' } },
  )
  const presented = presentVerdict(revoked, 'fi')
  expect(decisiveCheck(presented)?.reason).toBe('Myöntäjä on perunut merkin. Myönnetty vahingossa')
  expect(decisiveCheck(presentVerdict(verdictWith('valid'), 'fi'))).toBeUndefined()
})

test("a picture's other badge: its own reason is told with its check", () => {
  const inner: Check = { id: 'dates', outcome: 'failed', code: 'expired', values: { until: '2026-01-05T00:00:00Z' } }
  const values = { verdict: 'expired', check: 'dates', code: 'expired' }
  const outer: Check = { id: 'companion', outcome: 'failed', code: 'companion-not-valid', values }
  const verdict = { ...verdictWith('expired', outer), companion: verdictWith('expired', inner) }
  const reasons = presentVerdict(verdict, 'fi').checks.map(({ reason }) => reason)
  expect(reasons[1]).toBe('Kuvan toista merkkiä ei voi hyväksyä. Merkin aika päättyi 5.1.2026.')
})

test('CONFORMANCE 6.11: words of the badge in a reason cannot turn the line or move a cursor', () => {
  const values = { owner: 'https://a.example/\u202Egpj\u2066\u001B[31m\r\nx' }
  const check: Check = { id: 'key', outcome: 'failed', code: 'key-of-another-issuer', values }
  expect(presentVerdict(verdictWith('issuer-not-recognised', check), 'fi').checks[1]?.reason).toBe(
    'Avain kuuluu toiselle: https://a.example/gpj [31m x.',
  )
  expect(plainText('Ylläpito\u00ADsiivous 👩‍🔧')).toBe('Ylläpito\u00ADsiivous 👩‍🔧')
})
