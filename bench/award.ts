import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { openBench, type Tell, tokenAt } from './open.ts'
import { type Case, compare, type Row, warmUp } from './rounds.ts'

/** Awards before the measured ones: by then the service's code is compiled and the tables, empty before, have their statistics. */
const warming = 9000
/** Then some more: new statistics make every connection plan its statements anew. */
const planning = 1000
/** More than any machine we know decides in a second. */
const mostPerSecond = 900

/** P1: an award end to end by the API against a bare route that signs and inserts the same bytes (PERFORMANCE.md). */
export async function benchAward(rounds: number, tell: Tell): Promise<readonly Row[]> {
  const bench = await openBench(warming + planning + (rounds + 2) * 2 * mostPerSecond, tell)
  try {
    const service = await bench.startService()
    const left = bench.world.applications.values()
    const token = await bench.tokenOf(service)
    const award: Case = {
      name: 'P1 award by API',
      target: service,
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify({ outcome: 'award' }),
      next: () => {
        const { value, done } = left.next()
        return done === true ? undefined : `/api/v1/applications/${value}/decision`
      },
    }
    tell('Warming up …')
    await warmUp(award, 200)
    // What autovacuum does every minute: without it the plans stay those of tables that were empty when the service started.
    await sql`analyze`.execute(bench.ownerDb)
    await warmUp(award, warming)
    await sql`analyze`.execute(bench.ownerDb)
    await warmUp(award, planning)
    const sample = await bench.sampleAward()
    const payloadOf = (jws: string): string => Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString('utf8')
    const reference = await bench.start('./reference.ts', {
      ownerUrl: bench.ownerUrl,
      payloads: [payloadOf(sample.ob2_jws), payloadOf(sample.ob3_jwt)],
    })
    const bareToken = await tokenAt(`${reference.address}/token`)
    const bare: Case = {
      name: 'bare route, two RS256, one insert',
      target: reference,
      headers: { authorization: `Bearer ${bareToken}` },
      body: JSON.stringify({ outcome: 'award' }),
      next: () => `/bare/${randomUUID()}`,
    }
    await warmUp(bare, warming)
    return await compare(bare, [{ one: award, goal: 0.55 }], rounds, tell)
  } finally {
    await bench.stop()
  }
}
