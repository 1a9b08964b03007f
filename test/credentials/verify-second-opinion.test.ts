import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../src/credentials/json.ts'
import type { Check, Learnt, SecondOpinion, SecondOpinionAnswer, Verdict } from '../../src/credentials/verdict.ts'
import { verify } from '../../src/credentials/verify.ts'
import { now } from '../support/award-facts.ts'
import { bytesOf } from '../support/badge-world.ts'
import {
  type Answers,
  assertion10,
  assertion11,
  at,
  badgeClass,
  changed,
  lookAt,
  oldJws,
  oldWorld,
} from '../support/old-badges.ts'

type Asked = { readonly badge: string; readonly documents: readonly Learnt[] }

/** What another validator is asked, and what becomes of its answer. */
async function judge(
  badge: string | JsonObject,
  world: Answers,
  answer: SecondOpinionAnswer,
): Promise<{
  readonly verdict: Verdict
  readonly opinion: Check | undefined
  readonly asked: readonly Asked[]
  readonly looked: readonly string[]
}> {
  const asked: Asked[] = []
  const secondOpinion: SecondOpinion = async (given, documents) => {
    asked.push({ badge: given, documents })
    return await Promise.resolve(answer)
  }
  const look = lookAt(world)
  const verdict = await verify(bytesOf(badge), look, { at: now, secondOpinion })
  const opinion = verdict.checks.find(({ id }) => id === 'second-opinion')
  return { verdict, opinion, asked, looked: look.asked.map(({ address }) => address) }
}

describe('S-29: a second opinion of Open Badges 0.5–1.1', () => {
  test.each<[SecondOpinionAnswer, Partial<Check>]>([
    [{ outcome: 'good' }, { outcome: 'passed', code: 'second-opinion-good' }],
    [
      { outcome: 'bad', why: 'schema' },
      { outcome: 'failed', code: 'second-opinion-bad', values: { why: 'schema' } },
    ],
    [
      { outcome: 'none', why: 'late' },
      { outcome: 'not-checked', code: 'second-opinion-not-given', values: { why: 'late' } },
    ],
  ])('%j is told and never counted', async (answer, told) => {
    for (const [badge, world] of [
      [oldJws(assertion10('signed')), oldWorld()],
      [assertion11('hosted'), oldWorld(assertion11('hosted'))],
    ] as const) {
      const { verdict, opinion } = await judge(badge, world, answer)
      expect(opinion).toMatchObject(told)
      expect(verdict.verdict).toBe('valid')
    }
  })

  test('is given what our own checks found, and of a picture only that there is one', async () => {
    const hosted = assertion11('hosted')
    const { asked } = await judge(hosted, oldWorld(hosted), { outcome: 'good' })
    const [one] = asked
    expect(asked).toHaveLength(1)
    expect(JSON.parse(one?.badge ?? '')).toEqual(hosted)
    const sizes = new Map(one?.documents.map(({ address, body }) => [address, body.length]))
    expect([...sizes.keys()].sort()).toEqual([at.assertion, at.badge, at.issuer, at.list, at.picture].sort())
    expect(sizes.get(at.picture)).toBe(0)
    expect(sizes.get(at.badge)).toBeGreaterThan(0)
  })

  test('a picture that is data, or nothing, is not asked for', async () => {
    for (const image of ['data:image/png;base64,AAAA', 'kuva']) {
      const world = { ...oldWorld(), [at.badge]: { body: changed(badgeClass, { image }) } }
      const { looked, asked } = await judge(oldJws(assertion10('signed')), world, { outcome: 'good' })
      expect(asked).toHaveLength(1)
      expect(looked).not.toContain(at.picture)
    }
  })

  test('is not asked about a badge that our own checks do not take', async () => {
    const { verdict, opinion, asked } = await judge(
      oldJws(assertion10('signed')),
      { ...oldWorld(), [at.key]: { status: 404 } },
      { outcome: 'good' },
    )
    expect(opinion).toMatchObject({ outcome: 'not-checked', code: 'second-opinion-not-asked' })
    expect(asked).toEqual([])
    expect(verdict.verdict).not.toBe('valid')
  })
})
