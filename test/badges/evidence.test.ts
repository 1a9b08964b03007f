import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  assessEvidence,
  type Evidence,
  type EvidenceObservation,
  monthsBefore,
  type TaskPart,
} from '../../src/badges/evidence.ts'
import { EvidenceRule, supportLevels } from '../../src/badges/evidence-rule.ts'

const at = new Date('2026-11-22T10:00:00Z')

function rule(more: Partial<EvidenceRule> = {}, task: Partial<EvidenceRule['tasks'][number]> = {}): EvidenceRule {
  return {
    tasks: [{ taskKey: 'pesu', observations: 2, days: 2, maxSupport: 'general', withinMonths: 12, ...task }],
    badges: [],
    allRequirements: false,
    requirements: [],
    selfAssessment: false,
    recognisedEnvironment: false,
    ...more,
  }
}

function seen(observedOn: string, more: Partial<EvidenceObservation> = {}): EvidenceObservation {
  return { taskId: 'pesu', observedOn, supportLevel: 'general', ...more }
}

function evidence(observations: readonly EvidenceObservation[], more: Partial<Evidence> = {}): Evidence {
  return { observations, badges: [], selfAssessedTasks: new Set(), ...more }
}

function taskPart(wanted: EvidenceRule, observations: readonly EvidenceObservation[], when = at): TaskPart {
  const part = assessEvidence(wanted, evidence(observations), when).parts[0]
  if (part?.kind !== 'task') throw new Error('no task part')
  return part
}

describe('a task of the rule', () => {
  test('is met by two observations on two days', () => {
    const readiness = assessEvidence(rule(), evidence([seen('2026-11-20'), seen('2026-11-21')]), at)
    expect(readiness).toMatchObject({
      met: true,
      parts: [{ done: 2, needed: 2, daysDone: 2, met: true, missing: null }],
    })
  })

  test('two of three on one day: one more, on another day', () => {
    const part = taskPart(rule({}, { observations: 3 }), [seen('2026-11-20'), seen('2026-11-20')])
    expect(part).toMatchObject({
      done: 2,
      needed: 3,
      daysDone: 1,
      stillNeeded: 1,
      onAnotherDay: true,
      missing: 'another-day',
    })
  })

  test('five on one day are still one day', () => {
    const part = taskPart(
      rule(),
      Array.from({ length: 5 }, () => seen('2026-11-20')),
    )
    expect(part).toMatchObject({ done: 2, needed: 2, met: false, stillNeeded: 1, missing: 'another-day' })
  })

  test('nothing yet asks for work, not for another day', () => {
    expect(taskPart(rule(), [])).toMatchObject({
      done: 0,
      stillNeeded: 2,
      onAnotherDay: false,
      missing: 'observations',
    })
  })

  test('work with more help than the badge allows does not count, and less help does', () => {
    const helped = { supportLevel: 'enhanced' } as const
    expect(taskPart(rule(), [seen('2026-11-20', helped), seen('2026-11-21', helped)])).toMatchObject({
      done: 0,
      missing: 'support',
    })
    const alone = { supportLevel: 'minor' } as const
    expect(taskPart(rule(), [seen('2026-11-20', alone), seen('2026-11-21')]).met).toBe(true)
    expect(taskPart(rule({}, { maxSupport: 'minor' }), [seen('2026-11-20', alone), seen('2026-11-21')]).missing).toBe(
      'support',
    )
    expect(taskPart(rule({}, { maxSupport: 'enhanced' }), [seen('2026-11-20', helped), seen('2026-11-21')]).met).toBe(
      true,
    )
  })

  test('the day a year ago counts, the day before it does not, and any age where the rule sets none', () => {
    expect(taskPart(rule(), [seen('2025-11-22'), seen('2026-11-21')]).met).toBe(true)
    expect(taskPart(rule(), [seen('2025-11-21'), seen('2026-11-21')])).toMatchObject({ met: false, missing: 'recent' })
    expect(taskPart(rule({}, { withinMonths: null }), [seen('1999-01-01'), seen('2026-11-21')]).met).toBe(true)
  })

  test('today is the day in Finland: work of the evening counts when it is already tomorrow there', () => {
    const lateEvening = new Date('2026-11-21T22:30:00Z')
    expect(taskPart(rule(), [seen('2026-11-22'), seen('2026-11-21')], lateEvening).met).toBe(true)
    expect(taskPart(rule(), [seen('2026-11-23'), seen('2026-11-21')], lateEvening).done).toBe(1)
  })

  test('work of another task does not count; late recording counts and is told', () => {
    expect(taskPart(rule(), [seen('2026-11-20', { taskId: 'rengas' }), seen('2026-11-21')]).done).toBe(1)
    const late = taskPart(rule(), [seen('2026-10-01', { recordedLate: true }), seen('2026-11-21')])
    expect(late).toMatchObject({ met: true, late: 1 })
  })

  test('only a recognised environment counts where the rule says so', () => {
    const there = { environmentRecognised: true }
    const wanted = rule({ recognisedEnvironment: true })
    expect(taskPart(wanted, [seen('2026-11-20', there), seen('2026-11-21', there)]).met).toBe(true)
    expect(taskPart(wanted, [seen('2026-11-20', there), seen('2026-11-21')])).toMatchObject({
      done: 1,
      missing: 'environment',
    })
  })
})

describe('the other parts', () => {
  test('a child badge is held or not', () => {
    const wanted = rule({ tasks: [], badges: ['pyora-apuri'] })
    expect(assessEvidence(wanted, evidence([]), at)).toMatchObject({
      met: false,
      parts: [{ slug: 'pyora-apuri', met: false }],
    })
    expect(assessEvidence(wanted, evidence([], { badges: ['pyora-apuri'] }), at).met).toBe(true)
  })

  test('a unit needs every requirement seen once, by any of the tasks that cover it, at any age', () => {
    const requirements = [
      { requirementKey: 'r1', tasks: ['pesu', 'rengas'], maxSupport: 'general' as const },
      { requirementKey: 'r2', tasks: ['jarru'], maxSupport: 'general' as const },
    ]
    const wanted = rule({ tasks: [], allRequirements: true, requirements })
    const some = assessEvidence(wanted, evidence([seen('2020-01-01', { taskId: 'rengas' })]), at)
    expect(some).toMatchObject({ met: false, parts: [{ done: 1, needed: 2, missing: ['r2'] }] })
    const helped = seen('2026-11-21', { taskId: 'jarru', supportLevel: 'enhanced' })
    expect(assessEvidence(wanted, evidence([seen('2020-01-01'), helped]), at).met).toBe(false)
    expect(
      assessEvidence(wanted, evidence([seen('2020-01-01'), seen('2026-11-21', { taskId: 'jarru' })]), at).met,
    ).toBe(true)
  })

  test('the client has assessed each task, and for a unit one task of each requirement', () => {
    const wanted = rule({ selfAssessment: true })
    const done = [seen('2026-11-20'), seen('2026-11-21')]
    const without = assessEvidence(wanted, evidence(done), at)
    expect(without).toMatchObject({
      met: false,
      parts: [{ met: true }, { kind: 'self-assessment', missing: ['pesu'], met: false }],
    })
    expect(assessEvidence(wanted, evidence(done, { selfAssessedTasks: new Set(['pesu']) }), at).met).toBe(true)
    const unit = rule({
      tasks: [],
      selfAssessment: true,
      allRequirements: true,
      requirements: [{ requirementKey: 'r1', tasks: ['pesu', 'rengas'], maxSupport: 'general' }],
    })
    expect(assessEvidence(unit, evidence(done, { selfAssessedTasks: new Set(['rengas']) }), at).met).toBe(true)
    expect(assessEvidence(unit, evidence(done), at).met).toBe(false)
  })
})

test('months are counted on the calendar, and the last day stands in for a day that is not there', () => {
  expect(monthsBefore('2026-11-22', 12)).toBe('2025-11-22')
  expect(monthsBefore('2024-03-31', 1)).toBe('2024-02-29')
  expect(monthsBefore('2024-02-29', 12)).toBe('2023-02-28')
  expect(monthsBefore('2026-01-15', 1)).toBe('2025-12-15')
  expect(monthsBefore('2026-11-22', -12)).toBe('2027-11-22')
})

test('a rule with a word that it does not know is no rule', () => {
  expect(EvidenceRule.safeParse({ ...rule(), difficulty: 3 }).success).toBe(false)
  expect(EvidenceRule.safeParse(rule({}, { observations: 0 })).success).toBe(false)
  expect(EvidenceRule.parse({ ...rule(), requirements: undefined })).toEqual(rule())
})

const observations = fc.array(
  fc.record({
    taskId: fc.constantFrom('pesu', 'rengas'),
    observedOn: fc
      .date({ min: new Date('2025-06-01T00:00:00Z'), max: new Date('2026-12-31T00:00:00Z'), noInvalidDate: true })
      .map((day) => day.toISOString().slice(0, 10)),
    supportLevel: fc.constantFrom(...supportLevels),
  }),
  { maxLength: 12 },
)
const wanted = fc
  .record({
    observations: fc.integer({ min: 1, max: 4 }),
    days: fc.integer({ min: 1, max: 4 }),
    maxSupport: fc.constantFrom(...supportLevels),
    withinMonths: fc.option(fc.integer({ min: 1, max: 24 })),
  })
  .map((task) => rule({}, task))

describe('for any evidence and any rule', () => {
  test('it is met exactly when enough work with little enough help, new enough, was on enough days', () => {
    fc.assert(
      fc.property(wanted, observations, (rule, list) => {
        const task = rule.tasks[0]
        if (!task) return
        const from = task.withinMonths === null ? '0' : monthsBefore('2026-11-22', task.withinMonths)
        const levels: readonly string[] = {
          enhanced: ['enhanced', 'general', 'minor'],
          general: ['general', 'minor'],
          minor: ['minor'],
        }[task.maxSupport]
        const good = list.filter(
          (one) =>
            one.taskId === 'pesu' &&
            one.observedOn >= from &&
            one.observedOn <= '2026-11-22' &&
            levels.includes(one.supportLevel),
        )
        const isMet = good.length >= task.observations && new Set(good.map((one) => one.observedOn)).size >= task.days
        expect(assessEvidence(rule, evidence(list), at).met).toBe(isMet)
      }),
    )
  })

  test('more work never takes a badge further away, and order does not matter', () => {
    fc.assert(
      fc.property(wanted, observations, observations, (rule, list, more) => {
        const before = taskPart(rule, list)
        const after = taskPart(rule, [...list, ...more])
        expect(after.stillNeeded).toBeLessThanOrEqual(before.stillNeeded)
        expect(taskPart(rule, list.toReversed())).toEqual(before)
      }),
    )
  })

  test('doing exactly what it asks for, on new days and with little help, meets it', () => {
    fc.assert(
      fc.property(wanted, observations, (rule, list) => {
        const { stillNeeded } = taskPart(rule, list)
        const days = Array.from({ length: 28 }, (_, i) => `2026-11-${String(22 - i).padStart(2, '0')}`).filter(
          (day) => day >= '2026-11-01' && !list.some((one) => one.observedOn === day),
        )
        const next = days.slice(0, stillNeeded).map((day) => seen(day, { supportLevel: 'minor' }))
        if (next.length === stillNeeded) expect(taskPart(rule, [...list, ...next]).met).toBe(true)
      }),
    )
  })

  test('no support level comes out', () => {
    fc.assert(
      fc.property(wanted, observations, (rule, list) => {
        expect(JSON.stringify(assessEvidence(rule, evidence(list), at))).not.toMatch(/enhanced|general|minor/)
      }),
    )
  })
})
