import { openBench, type Tell } from './open.ts'
import { type Case, compare, type Row, warmUp } from './rounds.ts'

const awards = 1000
/** Requests before the measured ones, of each: the compiler has settled by then. */
const warming = 8000

/**
 * P5: a badge class's picture from memory, and baked pictures of awards, whose state and signed texts are read from the database each time,
 * against a bare route that sends a buffer of the same size (PERFORMANCE.md). The picture's own bytes are kept; no award's are.
 */
export async function benchPictures(rounds: number, tell: Tell): Promise<readonly Row[]> {
  const bench = await openBench(awards, tell)
  try {
    const service = await bench.startService()
    tell('Awarding …')
    await bench.awardAll(service)
    const { publicIds, picture } = await bench.publishAll()
    const [first = ''] = publicIds
    const { byteLength } = await (await fetch(`${service.address}/b/${first}.png`)).arrayBuffer()
    const reference = await bench.start('./reference-picture.ts', { bytes: byteLength })
    const get = { method: 'GET', headers: {} } as const
    const bare: Case = { ...get, name: 'bare route, static buffer', target: reference, next: () => '/bare' }
    let asked = 0
    const inTurn = (): string => {
      asked = (asked + 1) % publicIds.length
      return `/b/${publicIds[asked] ?? first}.png`
    }
    const hot: Case = { ...get, name: 'P5 picture of a badge, hot', target: service, next: () => picture }
    const kept: Case = { ...get, name: 'P5 baked PNG, the same again', target: service, next: () => `/b/${first}.png` }
    const read: Case = { ...get, name: 'P5 baked PNG, a thousand in turn', target: service, next: inTurn }
    tell('Warming up …')
    for (const one of [hot, kept]) await warmUp(one, warming)
    await warmUp(bare, warming)
    return await compare(
      bare,
      [
        { one: hot, goal: 0.7 },
        { one: kept, goal: 0.3 },
        { one: read, goal: 0.12 },
      ],
      rounds,
      tell,
    )
  } finally {
    await bench.stop()
  }
}
