import { expect, test } from 'vitest'
import { assessEvidence } from '../../src/badges/evidence.ts'
import type { EvidenceRule } from '../../src/badges/evidence-rule.ts'
import { explainReadiness, explainRule, readinessSentence, ruleSentence } from '../../src/badges/evidence-words.ts'
import { languages, messages } from '../../src/i18n/index.ts'

const rule: EvidenceRule = {
  tasks: [{ taskKey: 't1', observations: 3, days: 2, maxSupport: 'general', withinMonths: 12 }],
  badges: ['apuri'],
  allRequirements: true,
  requirements: [{ requirementKey: 'r1', tasks: ['t1'], maxSupport: 'general' }],
  selfAssessment: true,
  recognisedEnvironment: true,
}
const names = { task: (): string => 'Pyörän pesu', badge: (): string => 'Pyöräpajan apuri' }
const at = new Date('2026-11-22T10:00:00Z')
const seen = (observedOn: string, supportLevel: 'general' | 'enhanced' = 'general') =>
  ({ taskId: 't1', observedOn, supportLevel, environmentRecognised: true }) as const

function sentences(
  observations: readonly ReturnType<typeof seen>[],
  language: 'fi' | 'sv' | 'en' = 'fi',
): readonly string[] {
  const readiness = assessEvidence(rule, { observations, badges: [], selfAssessedTasks: new Set() }, at)
  return explainReadiness(rule, readiness).map((line) =>
    readinessSentence(line, messages(language).evidenceRule, names),
  )
}

test('two of three on the same day reads "one more on another day"', () => {
  expect(sentences([seen('2026-11-20'), seen('2026-11-20')])[1]).toBe('2 / 3, yksi vielä toisena päivänä')
})

test('what is missing is told part by part, badges first', () => {
  expect(sentences([])).toEqual([
    'merkki: Pyöräpajan apuri',
    '0 / 3, 3 kirjausta vielä',
    '0 / 1, yksi vaatimus näkemättä',
    'oma arvio puuttuu',
  ])
})

test('a rule is told in whole sentences', () => {
  const told = explainRule(rule).map((line) => ruleSentence(line, messages('fi').evidenceRule, names))
  expect(told).toHaveLength(5)
  expect(told[1]).toMatch(/^Pyörän pesu: Tee työ 3 kertaa\. Tee se 2 eri päivänä\./)
})

test('no language names a support level, in the rule or in what is missing', () => {
  const level = /tehostet|yleinen|vähäinen|intensifierat|allmän|litet stöd|enhanced|general|minor/i
  const helped = [seen('2026-11-19', 'enhanced'), seen('2026-11-20', 'enhanced'), seen('2026-11-21', 'enhanced')]
  for (const language of languages) {
    const t = messages(language).evidenceRule
    const told = [...sentences(helped, language), ...explainRule(rule).map((line) => ruleSentence(line, t, names))]
    expect(told.join('\n')).not.toMatch(level)
  }
  expect(JSON.stringify(explainRule(rule))).not.toMatch(level)
})
