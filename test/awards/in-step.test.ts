import { afterEach, describe, expect, test, vi } from 'vitest'
import { createInStep } from '../../src/awards/in-step.ts'

afterEach(() => {
  vi.useRealTimers()
})

/** Tells whether it has come through yet. */
function watched(waiting: Promise<void>): { through: boolean } {
  const seen = { through: false }
  void waiting.then(() => {
    seen.through = true
  })
  return seen
}

const settle = async (): Promise<void> => await new Promise((resolve) => setImmediate(resolve))

describe('awards in step', () => {
  test('who is alone never waits', async () => {
    const walker = createInStep()()
    await walker.gather()
    await walker.meet()
    walker.leave()
  })

  test('the first waits for the one that is on its way, and they go on together', async () => {
    const walk = createInStep()
    const [first, second] = [walk(), walk()]
    const early = watched(first.gather())
    await settle()
    expect(early.through).toBe(false)
    await second.gather()
    await settle()
    expect(early.through).toBe(true)

    const signed = watched(first.meet())
    await settle()
    expect(signed.through).toBe(false)
    await second.meet()
    await settle()
    expect(signed.through).toBe(true)
  })

  test('nobody waits for one that turned back before the others gathered, or after', async () => {
    const walk = createInStep()
    const [first, second, third] = [walk(), walk(), walk()]
    const early = watched(first.gather())
    third.leave()
    await second.gather()
    await settle()
    expect(early.through).toBe(true)

    const signed = watched(first.meet())
    await settle()
    expect(signed.through).toBe(false)
    second.leave()
    await settle()
    expect(signed.through).toBe(true)
  })

  test('leaving twice counts once', async () => {
    const walk = createInStep()
    const [first, second] = [walk(), walk()]
    walk().leave()
    second.leave()
    second.leave()
    const third = walk()
    const early = watched(first.gather())
    await settle()
    expect(early.through).toBe(false)
    third.leave()
    await settle()
    expect(early.through).toBe(true)
  })

  test('a group is of 16 at most: the seventeenth begins the next one', async () => {
    const walk = createInStep()
    const walkers = Array.from({ length: 18 }, () => walk())
    const all = walkers.slice(0, 17).map((walker) => watched(walker.gather()))
    await settle()
    expect(all.map(({ through }) => through)).toEqual([...Array.from({ length: 16 }, () => true), false])
    walkers[17]?.leave()
    await settle()
    expect(all[16]?.through).toBe(true)
  })

  test('one that takes long holds the others up for a moment only', async () => {
    vi.useFakeTimers()
    const walk = createInStep()
    const [first, slow] = [walk(), walk()]
    const early = watched(first.gather())
    await vi.advanceTimersByTimeAsync(24)
    expect(early.through).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(early.through).toBe(true)
    // The slow one is a group by itself.
    await slow.gather()
    await first.meet()
  })
})
