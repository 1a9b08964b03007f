import { randomUUID } from 'node:crypto'
import autocannon from 'autocannon'
import type { Measured } from './process.ts'

export type Case = {
  readonly name: string
  readonly target: Measured
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** The path of the next request; undefined when there is nothing left to ask. */
  next(): string | undefined
}

export type Figures = { readonly perSecond: number; readonly perCpuSecond: number }

/** One round of a case: so many seconds of load on so many connections. Fails on any answer that is no success. */
export async function runRound(one: Case, seconds: number, connections: number): Promise<Figures> {
  const cpuBefore = await one.target.cpuSeconds()
  const started = performance.now()
  const result = await autocannon({
    url: one.target.address,
    connections,
    duration: seconds,
    requests: [
      {
        method: 'POST',
        body: one.body,
        headers: { ...one.headers, 'content-type': 'application/json' },
        setupRequest: (request) => {
          const path = one.next()
          if (path === undefined) throw new Error(`${one.name}: there is nothing left to ask; use fewer rounds`)
          return { ...request, path, headers: { ...request.headers, 'idempotency-key': randomUUID() } }
        },
      },
    ],
  })
  const took = (performance.now() - started) / 1000
  const cpu = (await one.target.cpuSeconds()) - cpuBefore
  const done = result['2xx']
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${one.name}: ${result.non2xx} refused, ${result.errors} failed`)
  return { perSecond: done / took, perCpuSecond: done / cpu }
}

/** The middle of the figures: one slow round on a shared machine says nothing. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}
