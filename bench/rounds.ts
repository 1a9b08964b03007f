import { randomUUID } from 'node:crypto'
import autocannon from 'autocannon'
import type { Measured } from './process.ts'

export type Case = {
  readonly name: string
  readonly target: Measured
  readonly method?: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** The path of the next request; undefined when there is nothing left to ask. */
  next(): string | undefined
}

export type Row = {
  readonly name: string
  readonly perSecond: number
  readonly perCpuSecond: number
  readonly ratio: number | null
  readonly goal: number | null
}

export type Figures = { readonly perSecond: number; readonly perCpuSecond: number }

const seconds = 2
const connections = 16

/** One round of a case: so many seconds of load on so many connections. Fails on any answer that is no success. */
async function runRound(one: Case): Promise<Figures & { readonly done: number }> {
  const cpuBefore = await one.target.cpuSeconds()
  const started = performance.now()
  const result = await autocannon({
    url: one.target.address,
    connections,
    duration: seconds,
    requests: [
      {
        method: one.method ?? 'POST',
        ...(one.body === undefined ? {} : { body: one.body }),
        headers: { 'content-type': 'application/json', ...one.headers },
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
  return { done, perSecond: done / took, perCpuSecond: done / cpu }
}

/** The middle of the figures: one slow round on a shared machine says nothing. */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}

/** Rounds of one case that are not counted, until so many requests are answered: a process that has just started compiles its code as it runs. */
export async function warmUp(one: Case, requests: number): Promise<void> {
  for (let done = 0; done < requests; ) done += (await runRound(one)).done
}

/** One round of a process that works by itself. */
export async function runWork(target: Measured): Promise<Figures> {
  const cpuBefore = await target.cpuSeconds()
  const started = performance.now()
  const done = await target.work(seconds * 1000)
  const took = (performance.now() - started) / 1000
  return { perSecond: done / took, perCpuSecond: done / ((await target.cpuSeconds()) - cpuBefore) }
}

/**
 * Cases against their reference, interleaved in rounds: medians, and the median of each round's ratio per CPU second of the measured process
 * (PERFORMANCE.md).
 */
export async function compare(
  reference: Case,
  others: readonly { readonly one: Case; readonly goal: number }[],
  rounds: number,
  tell: (line: string) => void,
): Promise<readonly Row[]> {
  const bare: Figures[] = []
  const figures = others.map(() => [] as Figures[])
  for (let round = 1; round <= rounds; round += 1) {
    tell(`Round ${round} of ${rounds}`)
    bare.push(await runRound(reference))
    for (const [place, { one }] of others.entries()) figures[place]?.push(await runRound(one))
  }
  return rowsOf(
    { name: reference.name, figures: bare },
    others.map(({ one, goal }, place) => ({ name: one.name, goal, figures: figures[place] ?? [] })),
  )
}

/** The table's rows of figures taken round by round: the reference first. */
export function rowsOf(
  reference: { readonly name: string; readonly figures: readonly Figures[] },
  others: readonly { readonly name: string; readonly goal: number; readonly figures: readonly Figures[] }[],
): readonly Row[] {
  const reduced = (all: readonly Figures[]): Figures => ({
    perSecond: median(all.map((one) => one.perSecond)),
    perCpuSecond: median(all.map((one) => one.perCpuSecond)),
  })
  const ratio = (all: readonly Figures[]): number =>
    median(all.map((one, round) => one.perCpuSecond / (reference.figures[round]?.perCpuSecond ?? one.perCpuSecond)))
  return [
    { name: reference.name, ...reduced(reference.figures), ratio: null, goal: null },
    ...others.map((other) => ({
      name: other.name,
      ...reduced(other.figures),
      ratio: ratio(other.figures),
      goal: other.goal,
    })),
  ]
}
