import { describe, expect, test } from 'vitest'
import type { ApplicationView, AwardView } from '../../src/awards/list.ts'
import { assessEvidence } from '../../src/badges/evidence.ts'
import type { EvidenceRule } from '../../src/badges/evidence-rule.ts'
import { pathOf } from '../../src/passport/badge-path.ts'
import { nearestFirst, nextStepOf } from '../../src/passport/next-step.ts'
import { type Standing, standingOf } from '../../src/passport/standing.ts'
import type { PublishedBadge } from '../../src/progress/readiness.ts'

const now = new Date('2026-11-22T09:00:00Z')

/** Two badges of one module: washing first, repairing after it; and one badge of another module. */
const badges: readonly PublishedBadge[] = [
  badge('wash', 'bikes', { tasks: ['soap', 'rinse'] }),
  badge('repair', 'bikes', { tasks: ['brakes'], badges: ['wash'] }),
  badge('sand', 'wood', { tasks: ['sand'] }),
]

/** The path goes on after the sanding with more steps than the other module begins with. */
const longerWood = [...badges, badge('paint', 'wood', { tasks: ['oil', 'paint', 'clean'], badges: ['sand'] })]

function badge(slug: string, module: string, wants: { tasks: string[]; badges?: string[] }): PublishedBadge {
  const rule: EvidenceRule = {
    tasks: wants.tasks.map((taskKey) => ({
      taskKey,
      observations: 2,
      days: 2,
      maxSupport: 'general',
      withinMonths: 12,
    })),
    badges: wants.badges ?? [],
    allRequirements: false,
    requirements: [],
    selfAssessment: true,
    recognisedEnvironment: false,
  }
  return {
    classId: slug,
    versionId: slug,
    slug,
    version: 1,
    scope: 'task',
    tier: 'basic',
    name: { fi: slug },
    description: { fi: slug },
    criteria: { fi: slug },
    languages: ['fi'],
    parentSlug: null,
    rule,
    moduleVersionId: module,
    moduleName: { fi: module },
  }
}

type Has = {
  /** Task and day of work, with general support. */
  readonly work?: readonly (readonly [string, string])[]
  readonly assessed?: readonly string[]
  readonly awards?: readonly AwardView[]
  readonly applications?: readonly ApplicationView[]
  readonly of?: readonly PublishedBadge[]
}

function standingsOf({
  work = [],
  assessed = [],
  awards = [],
  applications = [],
  of = badges,
}: Has): readonly Standing[] {
  const evidence = {
    observations: work.map(([taskId, observedOn]) => ({ taskId, observedOn, supportLevel: 'general' as const })),
    badges: awards.filter(({ state }) => state === 'accepted').map(({ slug }) => slug),
    selfAssessedTasks: new Set(assessed),
  }
  return of.map((one) => {
    const readiness = assessEvidence(one.rule, evidence, now)
    return standingOf({ badge: one, readiness, state: 'open', records: 0, days: 0 }, { awards, applications }, now)
  })
}

function stepOf(has: Has): ReturnType<typeof nextStepOf> {
  const { awards = [], applications = [], work = [] } = has
  return nextStepOf(
    standingsOf(has),
    awards.filter(({ state }) => state === 'offered'),
    applications.filter(({ state }) => state === 'proposed'),
    new Set(work.map(([task]) => task)),
  )
}

function awardOf(slug: string, change: Partial<AwardView> = {}): AwardView {
  return {
    id: `award-${slug}`,
    publicId: '',
    tenant: 'mer1',
    clientId: 'maija',
    badgeClassId: slug,
    slug,
    version: 1,
    scope: 'task',
    tier: 'basic',
    name: { fi: slug },
    description: {},
    criteria: {},
    issuerName: 'Meriva',
    cycle: 1,
    language: 'fi',
    state: 'accepted',
    awardedAt: now,
    validUntil: null,
    isPublic: false,
    revokedAt: null,
    revocationReason: null,
    credentialId: '',
    assertionId: '',
    hasEmbedded: true,
    downloadAgainSince: null,
    ...change,
  }
}

function applicationOf(slug: string, state: ApplicationView['state']): ApplicationView {
  return {
    id: `application-${slug}`,
    clientId: 'maija',
    isHidden: false,
    clientName: { given: 'Maija', family: 'Korhonen' },
    badgeClassId: slug,
    slug,
    badgeName: { fi: slug },
    tier: 'basic',
    scope: 'task',
    version: 1,
    state,
    language: 'fi',
    languages: ['fi'],
    proposedBy: null,
    createdAt: now,
    submittedAt: now,
    decidedAt: null,
    awardId: null,
    reasonSealed: null,
    isRevoked: false,
  }
}

const wholeWash = {
  work: [
    ['soap', '2026-11-10'],
    ['soap', '2026-11-11'],
    ['rinse', '2026-11-10'],
    ['rinse', '2026-11-11'],
  ],
  assessed: ['soap', 'rinse'],
} as const

describe('the next step', () => {
  test('on a first visit it is the badge with the fewest steps that needs no other badge', () => {
    expect(stepOf({})).toMatchObject({ kind: 'task', taskId: 'sand', assess: true, standing: { missing: 3 } })
  })

  test('what was begun goes before what has fewer steps', () => {
    const step = stepOf({ work: [['rinse', '2026-11-20']], assessed: ['soap', 'rinse', 'sand'] })
    expect(step).toMatchObject({ kind: 'task', taskId: 'rinse', assess: false, line: { done: 1, needed: 2 } })
  })

  test('work that was seen and not yet looked at oneself comes first: the client can do that alone', () => {
    const step = stepOf({ work: wholeWash.work, assessed: ['soap'] })
    expect(step).toMatchObject({ kind: 'task', taskId: 'rinse', assess: true, line: { met: true } })
    expect(step).toMatchObject({ standing: { missing: 1, mayApply: true } })
  })

  test('when everything is there: apply', () => {
    expect(stepOf(wholeWash)).toMatchObject({
      kind: 'badge',
      line: undefined,
      standing: { isMet: true, mayApply: true },
    })
  })

  test('one step short may apply, two steps short may not', () => {
    const [wash] = standingsOf({ ...wholeWash, work: wholeWash.work.slice(1) })
    expect(wash).toMatchObject({ missing: 1, mayApply: true, isMet: false })
    const [two] = standingsOf({ ...wholeWash, work: wholeWash.work.slice(2) })
    expect(two).toMatchObject({ missing: 2, mayApply: false })
  })

  test('a badge that has to come first is more than one step', () => {
    const done = standingsOf({
      work: [
        ['brakes', '2026-11-10'],
        ['brakes', '2026-11-11'],
      ],
      assessed: ['brakes'],
    })
    expect(done[1]).toMatchObject({ missing: 2, mayApply: false, badgesFirst: 1 })
  })

  test('a sent application is waited for, unless other work has begun', () => {
    const applications = [applicationOf('wash', 'submitted')]
    expect(stepOf({ ...wholeWash, applications })).toMatchObject({
      kind: 'wait',
      application: { id: 'application-wash' },
    })
    const busy = {
      work: [...wholeWash.work, ['sand', '2026-11-20']] as const,
      assessed: wholeWash.assessed,
      applications,
    }
    expect(stepOf(busy)).toMatchObject({ kind: 'task', taskId: 'sand' })
  })

  test('what waits for the own answer goes before everything: a badge offered, then a proposal', () => {
    const applications = [applicationOf('sand', 'proposed')]
    expect(stepOf({ ...wholeWash, applications })).toMatchObject({ kind: 'proposal' })
    const awards = [awardOf('wash', { state: 'offered' })]
    expect(stepOf({ ...wholeWash, applications, awards })).toMatchObject({ kind: 'answer', award: { slug: 'wash' } })
  })

  test('a badge that was revoked, declined or has ended is a badge to get again', () => {
    for (const change of [
      { revokedAt: now, revocationReason: 'issued-in-error' as const },
      { state: 'declined' as const },
      { validUntil: new Date('2026-11-22T08:59:59Z') },
    ]) {
      const [wash] = standingsOf({ ...wholeWash, awards: [awardOf('wash', change)] })
      expect(wash?.award).toBeUndefined()
    }
  })

  test('who holds a badge of a module, or has worked in it, stays there however near another module is', () => {
    const awards = [awardOf('sand')]
    const work = [
      ['sand', '2026-11-20'],
      ['sand', '2026-11-21'],
    ] as const
    const held = { of: longerWood, work, assessed: ['sand'], awards }
    expect(stepOf(held)).toMatchObject({ kind: 'task', taskId: 'oil', standing: { badge: { slug: 'paint' } } })
    expect(pathOf(standingsOf(held), stepOf(held), awards)?.moduleName).toEqual({ fi: 'wood' })
    // The badge came without work that was recorded here.
    expect(stepOf({ of: longerWood, awards })).toMatchObject({ standing: { badge: { slug: 'paint' } } })
    // Work of a later badge alone.
    const brakes = stepOf({ work: [['brakes', '2026-11-20']] })
    expect(brakes).toMatchObject({ kind: 'task', taskId: 'soap', standing: { badge: { slug: 'wash' } } })
  })

  test('with every badge held there is nothing but new work', () => {
    const awards = badges.map(({ slug }) => awardOf(slug))
    expect(stepOf({ awards })).toEqual({ kind: 'nothing' })
  })
})

describe('the badges that are near', () => {
  const near = (has: Has): readonly string[] => {
    const work = new Set((has.work ?? []).map(([task]) => task))
    return nearestFirst(standingsOf({ of: longerWood, ...has }), work).map(({ badge: { slug } }) => slug)
  }

  test('stand by what is missing, with what the badges before them miss', () => {
    expect(near({})).toEqual(['sand', 'wash', 'repair', 'paint'])
    // Washing is on the way to repairing: what is done of it brings both nearer.
    expect(near({ assessed: ['soap', 'rinse', 'brakes', 'sand'] })).toEqual(['sand', 'wash', 'repair', 'paint'])
  })

  test('what was begun goes first, then the module that the person knows; what is held is not there', () => {
    expect(near({ work: [['rinse', '2026-11-20']] })).toEqual(['wash', 'sand', 'repair', 'paint'])
    expect(near({ awards: [awardOf('sand')] })).toEqual(['paint', 'wash', 'repair'])
  })
})

describe('my path', () => {
  const statesOf = (has: Has): Record<string, string> => {
    const path = pathOf(standingsOf(has), stepOf(has), has.awards ?? [])
    return Object.fromEntries(path?.badges.map(({ standing, state }) => [standing.badge.slug, state]) ?? [])
  }

  test('goes through the module of the next step, badge by badge', () => {
    expect(statesOf(wholeWash)).toEqual({ wash: 'current', repair: 'next' })
    expect(statesOf({ awards: [awardOf('wash')], work: [['brakes', '2026-11-20']] })).toEqual({
      wash: 'done',
      repair: 'current',
    })
  })

  test('a badge that is only offered is where the client stands, not done', () => {
    expect(statesOf({ ...wholeWash, awards: [awardOf('wash', { state: 'offered' })] })).toMatchObject({
      wash: 'current',
    })
  })

  test('with everything held it shows the module of the newest badge, all done', () => {
    const awards = ['sand', 'repair', 'wash'].map((slug) => awardOf(slug))
    expect(statesOf({ awards })).toEqual({ sand: 'done' })
  })

  test('a foundation without badges has no path', () => {
    expect(pathOf([], { kind: 'nothing' }, [])).toBeUndefined()
  })
})
