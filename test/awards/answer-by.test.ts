import { expect, test } from 'vitest'
import { answerBy } from '../../src/awards/answer-by.ts'

// PRODUCT K4: working days, Finnish holidays.
test.each([
  ['2026-11-23', '2026-12-07', 'ten working days over two weekends'],
  ['2026-12-14', '2026-12-30', 'Christmas Eve and Christmas Day do not count'],
  ['2026-12-22', '2027-01-11', 'nor New Year and Epiphany'],
  ['2027-03-22', '2027-04-07', 'nor Good Friday and Easter Monday of 2027'],
  ['2027-06-14', '2027-06-29', 'nor Midsummer Eve'],
  ['2026-11-21', '2026-12-04', 'sent on a Saturday, it is counted from Monday'],
])('sent on %s is answered by %s: %s', (sent, by) => {
  expect(answerBy(sent)).toBe(by)
})
