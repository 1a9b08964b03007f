import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { type AwardsChecked, checkAwards } from '../src/awards/check/check-awards.ts'
import { embedProof } from '../src/awards/embed.ts'
import { signHistoryHead } from '../src/awards/history-head.ts'
import { connect } from '../src/db/connect.ts'
import type { Db } from '../src/db/database.ts'
import { createDeps, type Deps } from '../src/deps.ts'
import { createVault } from '../src/keys/vault.ts'
import { copyAwards } from './history-world.ts'
import { benchEvenTimes } from './even-times.ts'
import { type Bench, openBench, type Tell } from './open.ts'
import type { Measured } from './process.ts'
import type { Row } from './rounds.ts'
import { serviceSettings } from './service-settings.ts'

/** What SECURITY-BAR promises in times and large numbers: each case gives its row, or throws with what was wrong. */
export async function benchSecurity(_rounds: number, tell: Tell): Promise<readonly Row[]> {
  return [...(await benchEvenTimes(tell)), await benchRace(tell), await benchHistory(tell)]
}

const raceRounds = 20
const atOnce = 500

/** 500 identical decisions at once, 20 rounds: one row and one line each, the same answer for all, no failure. */
async function benchRace(tell: Tell): Promise<Row> {
  const bench = await openBench(raceRounds, tell)
  try {
    const service = await bench.startService()
    const token = await bench.tokenOf(service)
    const started = performance.now()
    const cpuBefore = await service.cpuSeconds()
    for (const [round, id] of bench.world.applications.entries()) {
      tell(`R-02 round ${round + 1} of ${raceRounds}`)
      await raceOnce(service, token, id)
    }
    const count = raceRounds * atOnce
    const perSecond = (count / (performance.now() - started)) * 1000
    const perCpuSecond = count / ((await service.cpuSeconds()) - cpuBefore)
    await expectOneEach(bench)
    return {
      name: `R-02 ${raceRounds} × ${atOnce} identical decisions: one award each`,
      perSecond,
      perCpuSecond,
      ratio: 1,
      goal: 1,
    }
  } finally {
    await bench.stop()
  }
}

async function raceOnce({ address }: Measured, token: string, id: string): Promise<void> {
  const answers = await Promise.all(
    Array.from({ length: atOnce }, async () => {
      const answer = await fetch(`${address}/api/v1/applications/${id}/decision`, {
        method: 'POST',
        body: JSON.stringify({ outcome: 'award' }),
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${token}`,
          'idempotency-key': randomUUID(),
        },
      })
      const body: unknown = await answer.json()
      return { status: answer.status, award: JSON.stringify(body) }
    }),
  )
  const failed = answers.find(({ status }) => status !== 200 && status !== 201)
  if (failed) throw new Error(`a decision was answered ${failed.status}: ${failed.award}`)
  const different = new Set(answers.map(({ award }) => award)).size
  if (different !== 1) throw new Error(`one decision had ${different} different answers`)
}

async function expectOneEach({ ownerDb }: Bench): Promise<void> {
  const { rows } = await sql<{ awards: number; lines: number }>`select (select count(*) from award) as awards,
    (select count(*) from history where kind = 'award') as lines`.execute(ownerDb)
  const [found] = rows
  if (found?.awards !== raceRounds || found.lines !== raceRounds)
    throw new Error(`${raceRounds} decisions made ${found?.awards} awards and ${found?.lines} lines`)
}

const many = 100_000
const allowed = 60
const tenant = 'ben1'

/** S-31: the whole history and all badges of 100 000 awards in under 60 s, with four different forgeries each found and named. */
async function benchHistory(tell: Tell): Promise<Row> {
  const bench = await openBench(1, tell)
  const { config, opened } = serviceSettings(bench.settings)
  const db = connect(opened.serviceUrl, { max: 1, applicationName: 'bench', onError: () => undefined })
  const { kekCurrent, kekPrevious } = opened.secrets
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
  const deps = createDeps({ config, secrets: opened.secrets, db, vault: createVault(kekCurrent, kekPrevious), log })
  try {
    const service = await bench.startService()
    await bench.awardAll(service)
    await service.stop()
    await fill(deps, bench.ownerDb, tell)
    const clean = await timed(async () => await checkAwards(db, [tenant]))
    tell(`Clean: ${clean.seconds.toFixed(1)} s`)
    if (clean.result.faultCount > 0 || clean.result.awards < many) throw new Error('a clean history has faults')
    const places = await forge(bench.ownerDb)
    const forged = await timed(async () => await checkAwards(db, [tenant]))
    tell(`With forgeries: ${forged.seconds.toFixed(1)} s`)
    expectNamed(forged.result, places)
    const seconds = Math.max(clean.seconds, forged.seconds)
    const perCpuSecond = many / Math.max(clean.cpu, forged.cpu)
    const name = `S-31 check:awards of ${many} awards in ${seconds.toFixed(1)} s (goal ${allowed} s)`
    return { name, perSecond: many / seconds, perCpuSecond, ratio: allowed / seconds, goal: 1 }
  } finally {
    await db.destroy()
    await bench.stop()
  }
}

async function fill(deps: Deps, ownerDb: Db, tell: Tell): Promise<void> {
  const { id } = await ownerDb.selectFrom('award').select('id').executeTakeFirstOrThrow()
  await embedProof(deps, { tenant, id })
  const onCopied = (done: number): void => {
    if (done % 10_000 === 0) tell(`${done} of ${many} awards signed`)
  }
  await copyAwards(deps, ownerDb, { tenant, count: many, onCopied })
  await signHistoryHead(deps, tenant)
}

type Timed<T> = { readonly result: T; readonly seconds: number; readonly cpu: number }

async function timed<T>(work: () => Promise<T>): Promise<Timed<T>> {
  const cpuBefore = process.cpuUsage()
  const started = performance.now()
  const result = await work()
  const { user, system } = process.cpuUsage(cpuBefore)
  return { result, seconds: (performance.now() - started) / 1000, cpu: (user + system) / 1e6 }
}

type Places = {
  readonly changed: number
  readonly removed: number
  readonly swapped: number
  readonly inserted: number
}

/** What somebody with the owner's rights could do, at four places far from each other. */
async function forge(ownerDb: Db): Promise<Places> {
  const { seq: end } = await ownerDb
    .selectFrom('history_head')
    .select('seq')
    .where('tenant_id', '=', tenant)
    .executeTakeFirstOrThrow()
  const places = { changed: 20_001, removed: 70_001, swapped: 100_001, inserted: end + 1 }
  const other = 150_001
  await sql`update history set at = at + interval '1 second' where tenant_id = ${tenant} and seq = ${places.changed}`.execute(
    ownerDb,
  )
  await sql`delete from history where tenant_id = ${tenant} and seq = ${places.removed}`.execute(ownerDb)
  for (const [from, to] of [
    [places.swapped, -1],
    [other, places.swapped],
    [-1, other],
  ] as const)
    await sql`update history set seq = ${to} where tenant_id = ${tenant} and seq = ${from}`.execute(ownerDb)
  await sql`insert into history select tenant_id, ${places.inserted}, gen_random_uuid(), kind, at, hash, sha256(hash), commitment
    from history where tenant_id = ${tenant} and seq = ${end}`.execute(ownerDb)
  return places
}

function expectNamed({ faults }: AwardsChecked, places: Places): void {
  const wanted = [
    ['entry-changed', places.changed],
    ['entry-removed', places.removed],
    ['entries-swapped', places.swapped],
    ['entry-inserted', places.inserted],
  ] as const
  for (const [code, seq] of wanted) {
    if (!faults.some((fault) => fault.code === code && fault.seq === seq))
      throw new Error(`${code} at ${seq} was not found: ${JSON.stringify(faults.slice(0, 5))}`)
  }
}
