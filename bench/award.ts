import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { loadConfig } from '../src/config.ts'
import { openDatabase } from '../src/database-server.ts'
import { connect } from '../src/db/connect.ts'
import { createDeps } from '../src/deps.ts'
import { createVault } from '../src/keys/vault.ts'
import { makeAwardWorld } from './award-world.ts'
import { startMeasured } from './process.ts'
import { type Case, type Figures, median, runRound } from './rounds.ts'

export type Row = {
  readonly name: string
  readonly perSecond: number
  readonly perCpuSecond: number
  readonly ratio: number | null
  readonly goal: number | null
}

const seconds = 2
const connections = 16
/**
 * Rounds before the measured ones. A service that has just started compiles its code as it runs, for some thousand awards; tables that were
 * empty get their statistics.
 */
const warmRounds = 12

/** P1: an award end to end by the API against a bare route that signs and inserts the same bytes (PERFORMANCE.md). */
export async function benchAward(rounds: number, tell: (line: string) => void): Promise<readonly Row[]> {
  const config = loadConfig({ PUBLIC_ORIGIN: 'https://bench.example', LOG_LEVEL: 'silent' })
  const opened = await openDatabase(config, {}, { temporary: true })
  const ownerDb = connect(opened.ownerUrl, {
    max: 2,
    applicationName: 'bench',
    onError: () => undefined,
    statementTimeout: 300_000,
  })
  const db = connect(opened.serviceUrl, { max: 2, applicationName: 'bench', onError: () => undefined })
  const { kekCurrent, kekPrevious } = opened.secrets
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
  const deps = createDeps({ config, secrets: opened.secrets, db, vault: createVault(kekCurrent, kekPrevious), log })
  const count = (rounds + warmRounds) * seconds * 900
  tell(`Preparing ${count} applications …`)
  const world = await makeAwardWorld(deps, ownerDb, count)
  const { ownerUrl, serviceUrl, jobsUrl } = opened
  const service = await startMeasured('./service.ts', {
    urls: { ownerUrl, serviceUrl, jobsUrl },
    secrets: JSON.stringify(opened.secrets),
  })
  const left = world.applications.values()
  const token = await tokenOf(`${service.address}/api/v1/tokens`, { name: world.coordinator, password: world.password })
  const award: Case = {
    name: 'award by API',
    target: service,
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify({ outcome: 'award' }),
    next: () => {
      const { value, done } = left.next()
      return done === true ? undefined : `/api/v1/applications/${value}/decision`
    },
  }
  tell('Warming up …')
  await runRound(award, seconds, connections)
  // What autovacuum would do within a minute.
  await sql`analyze`.execute(ownerDb)
  for (let round = 1; round < warmRounds; round += 1) await runRound(award, seconds, connections)
  const sample = await ownerDb.selectFrom('award').select(['ob2_jws', 'ob3_jwt']).limit(1).executeTakeFirstOrThrow()
  const payloadOf = (jws: string): string => Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString('utf8')
  const reference = await startMeasured('./reference.ts', {
    ownerUrl,
    payloads: [payloadOf(sample.ob2_jws), payloadOf(sample.ob3_jwt)],
  })
  const bareToken = await tokenOf(`${reference.address}/token`)
  const bare: Case = {
    name: 'bare route, two RS256, one insert',
    target: reference,
    headers: { authorization: `Bearer ${bareToken}` },
    body: JSON.stringify({ outcome: 'award' }),
    next: () => `/bare/${randomUUID()}`,
  }
  await runRound(bare, seconds, connections)
  const figures = { award: [] as Figures[], bare: [] as Figures[] }
  for (let round = 1; round <= rounds; round += 1) {
    tell(`Round ${round} of ${rounds}`)
    figures.bare.push(await runRound(bare, seconds, connections))
    figures.award.push(await runRound(award, seconds, connections))
  }
  await Promise.all([service.stop(), reference.stop()])
  await Promise.all([db.destroy(), ownerDb.destroy()])
  await opened.stop()
  const reduced = (all: readonly Figures[]): Figures => ({
    perSecond: median(all.map((one) => one.perSecond)),
    perCpuSecond: median(all.map((one) => one.perCpuSecond)),
  })
  const [ours, theirs] = [reduced(figures.award), reduced(figures.bare)]
  const ratios = figures.award.map(
    (one, round) => one.perCpuSecond / (figures.bare[round]?.perCpuSecond ?? one.perCpuSecond),
  )
  return [
    { name: bare.name, ...theirs, ratio: null, goal: null },
    { name: `P1 ${award.name}`, ...ours, ratio: median(ratios), goal: 0.55 },
  ]
}

async function tokenOf(url: string, body?: unknown): Promise<string> {
  const answer = await fetch(
    url,
    body === undefined
      ? {}
      : { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } },
  )
  const read: unknown = await answer.json()
  if (typeof read === 'object' && read !== null && 'token' in read && typeof read.token === 'string') return read.token
  throw new Error(`${url} gave no token`)
}
