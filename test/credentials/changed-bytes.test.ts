import { describe, expect, test } from 'vitest'
import { judgeOf, randomFrom, withChangedByte } from '../support/changed-byte.ts'
import { makeSamples } from '../support/samples.ts'

// `npm run fuzz` does the same ten thousand times.
const changesOfEach = 20

const { samples, documents } = await makeSamples()

describe('CONFORMANCE 6.1: every form that is read', () => {
  test('is there, more than once', () => {
    expect(samples.length).toBeGreaterThanOrEqual(25)
    expect(samples.length * changesOfEach).toBeGreaterThanOrEqual(500)
  })

  test.each(samples)('$name is valid, on every check', async (sample) => {
    expect((await judgeOf(sample, documents)).unmet).toEqual([])
  })
})

describe('CONFORMANCE 3.6, 3.9, S-26: one changed byte anywhere is refused or leaves the identical badge', () => {
  const seeded = samples.map((sample, place) => ({ ...sample, seed: place + 1 }))
  test.each(seeded)('$name', { timeout: 120_000 }, async ({ seed, ...sample }) => {
    const { problemOf } = await judgeOf(sample, documents)
    const random = randomFrom(seed)
    for (let count = 0; count < changesOfEach; count += 1) {
      const changed = withChangedByte(sample.bytes, random)
      expect(await problemOf(changed), Buffer.from(changed).toString('latin1')).toBeUndefined()
    }
  })
})
