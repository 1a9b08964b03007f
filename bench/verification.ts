import { openBench, type Tell } from './open.ts'
import { type Case, compare, type Row, warmUp } from './rounds.ts'

/** Requests before the measured ones: so many until the compiler has made its last pass over the path, ours and the bare one. */
const warming = 30_000

/**
 * P4: a badge of our own verified by the API against a bare route that checks the signature of the same JWS by node:crypto and parses it
 * (PERFORMANCE.md).
 */
export async function benchVerification(rounds: number, tell: Tell): Promise<readonly Row[]> {
  const bench = await openBench(1, tell)
  try {
    const service = await bench.startService()
    await bench.awardAll(service)
    const { ob3_jwt: jws } = await bench.sampleAward()
    const kid = headerOf(jws)
    const jwk: unknown = await (await fetch(service.address + new URL(kid).pathname)).json()
    const reference = await bench.start('./reference-verification.ts', { jwk })
    const text = { 'content-type': 'text/plain' }
    const ours: Case = {
      name: 'P4 own badge verified by API',
      target: service,
      headers: text,
      body: jws,
      next: () => '/api/v1/verifications',
    }
    const bare: Case = {
      name: 'bare route, signature by node:crypto, JSON.parse',
      target: reference,
      headers: text,
      body: jws,
      next: () => '/bare',
    }
    tell('Warming up …')
    await warmUp(ours, warming)
    await warmUp(bare, warming)
    return await compare(bare, [{ one: ours, goal: 0.5 }], rounds, tell)
  } finally {
    await bench.stop()
  }
}

function headerOf(jws: string): string {
  const header: unknown = JSON.parse(Buffer.from(jws.split('.')[0] ?? '', 'base64url').toString('utf8'))
  if (typeof header === 'object' && header !== null && 'kid' in header && typeof header.kid === 'string')
    return header.kid
  throw new Error('a badge of ours without the address of its key')
}
