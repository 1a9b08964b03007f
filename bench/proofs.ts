import { openBench, type Tell } from './open.ts'
import { type Figures, type Row, rowsOf, runWork } from './rounds.ts'

/** More than any machine we know works off in a round. */
const perRound = 1200

/**
 * P12: embedded proofs in the jobs' process, from the queue to the committed row, against `@digitalbazaar/vc` that issues the same credential
 * in its process and keeps it nowhere (PERFORMANCE.md).
 */
export async function benchProofs(rounds: number, tell: Tell): Promise<readonly Row[]> {
  const bench = await openBench((rounds + 1) * perRound, tell)
  try {
    const service = await bench.startService()
    tell('Awarding …')
    await bench.awardAll(service)
    await service.stop()
    const jobs = await bench.start('./jobs.ts', bench.settings)
    const { ob3_jwt: jwt } = await bench.sampleAward()
    const reference = await bench.start('./reference-proofs.ts', { jwt })
    tell('Warming up …')
    await runWork(jobs)
    await runWork(reference)
    const figures = { jobs: [] as Figures[], reference: [] as Figures[] }
    for (let round = 1; round <= rounds; round += 1) {
      tell(`Round ${round} of ${rounds}`)
      figures.reference.push(await runWork(reference))
      figures.jobs.push(await runWork(jobs))
    }
    return rowsOf({ name: '@digitalbazaar/vc, issuing', figures: figures.reference }, [
      { name: 'P12 embedded proofs by the queue', goal: 1, figures: figures.jobs },
    ])
  } finally {
    await bench.stop()
  }
}
