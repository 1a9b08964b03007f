import { setImmediate } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
import { createTogether } from '../../src/awards/together.ts'

/** Work that keeps what it was asked and goes on when it is told. */
function givenWork(): {
  readonly ask: (tenant: string, item: number) => Promise<string>
  readonly asked: (readonly [string, ...number[]])[]
  readonly finish: () => void
  /** What failed for several, in its own words. */
  readonly failures: string[]
} {
  const asked: (readonly [string, ...number[]])[] = []
  const waiting: (() => void)[] = []
  const failures: string[] = []
  const ask = createTogether<number, string>(
    async (tenant, items) => {
      asked.push([tenant, ...items])
      await new Promise<void>((resolve) => waiting.push(resolve))
      if (items.includes(13)) throw new Error(`13 was among ${items.length}`)
      return items.map((item) => `${tenant} ${item}`)
    },
    (error) => failures.push(String(error)),
  )
  return { failures, ask, asked, finish: () => waiting.splice(0).forEach((go) => go()) }
}

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n + 20)

describe('together', () => {
  test('those of the same moment go in one piece, and each gets its own answer', async () => {
    const { ask, asked, finish } = givenWork()
    const answers = Promise.all([1, 2, 3].map(async (item) => await ask('mer1', item)))
    await setImmediate()
    finish()
    expect(await answers).toEqual(['mer1 1', 'mer1 2', 'mer1 3'])
    expect(asked).toEqual([['mer1', 1, 2, 3]])
  })

  test('those that come while others are under way go together next', async () => {
    const { ask, asked, finish } = givenWork()
    const first = ask('mer1', 1)
    await setImmediate()
    const others = Promise.all([2, 3].map(async (item) => await ask('mer1', item)))
    await setImmediate()
    expect(asked).toEqual([['mer1', 1]])
    finish()
    expect(await first).toBe('mer1 1')
    await setImmediate()
    finish()
    expect(await others).toEqual(['mer1 2', 'mer1 3'])
    expect(asked).toEqual([
      ['mer1', 1],
      ['mer1', 2, 3],
    ])
  })

  test('S-10: tenants never share a piece, and none waits for another', async () => {
    const { ask, asked, finish } = givenWork()
    const answers = Promise.all([ask('mer1', 1), ask('tai2', 2), ask('mer1', 3)])
    await setImmediate()
    expect(asked).toEqual([
      ['mer1', 1, 3],
      ['tai2', 2],
    ])
    finish()
    expect(await answers).toEqual(['mer1 1', 'tai2 2', 'mer1 3'])
  })

  test('16 at most: the seventeenth goes with the next', async () => {
    const { ask, asked, finish } = givenWork()
    const answers = Promise.all(upTo(17).map(async (item) => await ask('mer1', item)))
    await setImmediate()
    finish()
    await setImmediate()
    finish()
    expect(await answers).toHaveLength(17)
    expect(asked.map(([, ...items]) => items.length)).toEqual([16, 1])
  })

  test('what fails for several is tried for each: one harms no other, and hears why', async () => {
    const { ask, asked, finish, failures } = givenWork()
    const answers = Promise.allSettled([12, 13, 14].map(async (item) => await ask('mer1', item)))
    await setImmediate()
    finish()
    await setImmediate()
    finish()
    expect(await answers).toEqual([
      { status: 'fulfilled', value: 'mer1 12' },
      { status: 'rejected', reason: new Error('13 was among 1') },
      { status: 'fulfilled', value: 'mer1 14' },
    ])
    expect(failures).toEqual(['Error: 13 was among 3'])
    expect(asked).toEqual([
      ['mer1', 12, 13, 14],
      ['mer1', 12],
      ['mer1', 13],
      ['mer1', 14],
    ])
    const after = ask('mer1', 15)
    await setImmediate()
    finish()
    expect(await after).toBe('mer1 15')
  })

  test('what takes long holds up nobody who comes later', async () => {
    const { ask, asked, finish } = givenWork()
    const slow = ask('mer1', 1)
    await setImmediate()
    const later = ask('mer1', 2)
    await vi.waitFor(() => expect(asked).toHaveLength(2))
    finish()
    expect(await Promise.all([slow, later])).toEqual(['mer1 1', 'mer1 2'])
  })

  test('work that does not answer each is an error, and keeps nobody waiting', async () => {
    const ask = createTogether<number, number>(async () => await Promise.resolve([]))
    await expect(ask('mer1', 1)).rejects.toThrow('each that asked wants an answer')
  })
})
