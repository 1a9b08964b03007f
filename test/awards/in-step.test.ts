import { afterEach, describe, expect, test, vi } from 'vitest'
import { createInStep, type Walker } from '../../src/awards/in-step.ts'

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

/** Has it come through, when everything that waits for no time has run? */
async function isThrough(seen: { readonly through: boolean } | undefined): Promise<boolean> {
  await new Promise((resolve) => setImmediate(resolve))
  return seen?.through ?? false
}

function ofOneTenant(): () => Walker {
  const walk = createInStep()
  return () => walk('mer1')
}

describe('awards in step', () => {
  test('who is alone never waits', async () => {
    const walker = createInStep()('mer1')
    expect(await isThrough(watched(walker.gather()))).toBe(true)
    expect(await isThrough(watched(walker.meet()))).toBe(true)
  })

  test('the first waits for the one that is on its way, and they go on together', async () => {
    const walk = ofOneTenant()
    const [first, second] = [walk(), walk()]
    const early = watched(first.gather())
    expect(await isThrough(early)).toBe(false)
    await second.gather()
    expect(await isThrough(early)).toBe(true)

    const signed = watched(first.meet())
    expect(await isThrough(signed)).toBe(false)
    await second.meet()
    expect(await isThrough(signed)).toBe(true)
  })

  test('nobody waits for one that turned back before the others gathered, or after', async () => {
    const walk = ofOneTenant()
    const [first, second, third] = [walk(), walk(), walk()]
    const early = watched(first.gather())
    third.leave()
    await second.gather()
    expect(await isThrough(early)).toBe(true)

    const signed = watched(first.meet())
    expect(await isThrough(signed)).toBe(false)
    second.leave()
    expect(await isThrough(signed)).toBe(true)
  })

  test('tenants do not wait for each other', async () => {
    const walk = createInStep()
    const [own] = [walk('mer1'), walk('tai2')]
    expect(await isThrough(watched(own.gather()))).toBe(true)
  })

  test('leaving twice counts once', async () => {
    const walk = ofOneTenant()
    const [first, second] = [walk(), walk()]
    walk().leave()
    second.leave()
    second.leave()
    const third = walk()
    const early = watched(first.gather())
    expect(await isThrough(early)).toBe(false)
    third.leave()
    expect(await isThrough(early)).toBe(true)
  })

  test('a group is of 16 at most: the seventeenth begins the next one', async () => {
    const walk = ofOneTenant()
    const walkers = Array.from({ length: 18 }, () => walk())
    const all = walkers.slice(0, 17).map((walker) => watched(walker.gather()))
    await isThrough(all[0])
    expect(all.map(({ through }) => through)).toEqual([...Array.from({ length: 16 }, () => true), false])
    walkers[17]?.leave()
    expect(await isThrough(all[16])).toBe(true)
  })

  test('one that takes long holds the others up for a moment only', async () => {
    vi.useFakeTimers()
    const walk = ofOneTenant()
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
