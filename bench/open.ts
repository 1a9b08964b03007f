import { sql } from 'kysely'
import { loadConfig } from '../src/config.ts'
import { openDatabase } from '../src/database-server.ts'
import { connect } from '../src/db/connect.ts'
import type { Db } from '../src/db/database.ts'
import { createDeps } from '../src/deps.ts'
import { createVault } from '../src/keys/vault.ts'
import { type AwardWorld, makeAwardWorld } from './award-world.ts'
import { coordinatorToken } from './coordinator.ts'
import { type Measured, startMeasured } from './process.ts'

/** Rows of one request of many decisions. */
const atOnce = 500

export type Tell = (line: string) => void

/** What every case begins with: a database of its own with a foundation and applications that wait, and processes to measure. */
export type Bench = {
  readonly world: AwardWorld
  readonly ownerDb: Db
  readonly ownerUrl: string
  /** What a process of this folder needs to be the service, or its queue. */
  readonly settings: Readonly<Record<string, unknown>>
  startService(): Promise<Measured>
  start(file: string, settings: Readonly<Record<string, unknown>>): Promise<Measured>
  /** A bearer token of the coordinator. */
  tokenOf(service: Measured): Promise<string>
  /** One award that was made here. */
  sampleAward(): Promise<{ readonly public_id: string; readonly ob2_jws: string; readonly ob3_jwt: string }>
  /** Decides every application that waits, by the API for many. */
  awardAll(service: Measured): Promise<void>
  /** Makes every award public, as its client would; gives their ids and the path of their badge's picture. */
  publishAll(): Promise<{ readonly publicIds: readonly string[]; readonly picture: string }>
  stop(): Promise<void>
}

/** Opens a throw-away database with `count` applications that wait. The caller stops it. */
export async function openBench(count: number, tell: Tell): Promise<Bench> {
  const config = loadConfig({ PUBLIC_ORIGIN: 'https://bench.example', LOG_LEVEL: 'silent', EGRESS: 'off' })
  const opened = await openDatabase(config, {}, { temporary: true })
  const settled = { max: 2, applicationName: 'bench', onError: () => undefined }
  const ownerDb = connect(opened.ownerUrl, { ...settled, statementTimeout: 300_000 })
  const db = connect(opened.serviceUrl, settled)
  const { kekCurrent, kekPrevious } = opened.secrets
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
  const deps = createDeps({ config, secrets: opened.secrets, db, vault: createVault(kekCurrent, kekPrevious), log })
  tell(`Preparing ${count} applications …`)
  const world = await makeAwardWorld(deps, ownerDb, count)
  const { ownerUrl, serviceUrl, jobsUrl } = opened
  const settings = { urls: { ownerUrl, serviceUrl, jobsUrl }, secrets: JSON.stringify(opened.secrets) }
  const running: Measured[] = []
  const start: Bench['start'] = async (file, given) => {
    const one = await startMeasured(file, given)
    running.push(one)
    return one
  }
  const who = { name: world.coordinator, password: world.password }
  const tokenOf: Bench['tokenOf'] = async ({ address }) => await coordinatorToken(`${address}/api/v1`, who)
  return {
    world,
    ownerDb,
    ownerUrl,
    settings,
    start,
    startService: async () => await start('./service.ts', settings),
    tokenOf,
    sampleAward: async () =>
      await ownerDb.selectFrom('award').select(['public_id', 'ob2_jws', 'ob3_jwt']).limit(1).executeTakeFirstOrThrow(),
    awardAll: async (service) => {
      const token = await tokenOf(service)
      for (let from = 0; from < world.applications.length; from += atOnce) {
        const decisions = world.applications.slice(from, from + atOnce).map((id) => ({ id, outcome: 'award' }))
        const answer = await fetch(`${service.address}/api/v1/applications/decisions`, {
          method: 'POST',
          body: JSON.stringify({ decisions }),
          headers: {
            'content-type': 'application/json',
            authorization: `Bearer ${token}`,
            'idempotency-key': `bench-${from}`,
          },
        })
        if (!answer.ok) throw new Error(`awarding was answered ${answer.status}: ${await answer.text()}`)
      }
    },
    publishAll: async () => {
      await sql`update award set state = 'accepted', answered_at = now(), published_at = now()`.execute(ownerDb)
      const { rows } = await sql<{ id: string; picture: string }>`
        select aw.public_id as id, '/o/' || aw.tenant_id || '/badges/' || bc.slug || '/' || bv.version || '/' || aw.language || '.png' as picture
        from award aw join badge_class bc on bc.tenant_id = aw.tenant_id and bc.id = aw.badge_class_id
          join badge_class_version bv on bv.tenant_id = aw.tenant_id and bv.id = aw.badge_class_version_id`.execute(
        ownerDb,
      )
      return { publicIds: rows.map((row) => row.id), picture: rows[0]?.picture ?? '' }
    },
    stop: async () => {
      await Promise.all(running.map(async (one) => await one.stop()))
      await Promise.all([db.destroy(), ownerDb.destroy()])
      await opened.stop()
    },
  }
}

/** Asks an address for a token. */
export async function tokenAt(url: string, body?: unknown): Promise<string> {
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
