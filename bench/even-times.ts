import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { signInStaff } from '../src/accounts/sign-in.ts'
import { makeAccount } from '../src/accounts/account.ts'
import { buildApp } from '../src/app.ts'
import { connect } from '../src/db/connect.ts'
import { createDeps, type Deps } from '../src/deps.ts'
import { foundOrganisation } from '../src/foundations/found.ts'
import { createVault } from '../src/keys/vault.ts'
import { Refusal } from '../src/refusal.ts'
import { type Bench, openBench, type Tell } from './open.ts'
import type { Row } from './rounds.ts'
import { serviceSettings } from './service-settings.ts'

/** Two medians are even when neither is more than 20 % longer (S-11, S-17). */
const even = 1 / 1.2
const tries = 60
const warming = 10

/**
 * Answers that must not differ in time: who signs in wrongly in one of four ways (S-17), and an id of another foundation against one that
 * nobody has, for three kinds of object (S-11). Asked in turn, so that a slow moment meets all; the slowest median against the quickest.
 */
export async function benchEvenTimes(tell: Tell): Promise<readonly Row[]> {
  const bench = await openBench(50, tell)
  const { config, opened } = serviceSettings(bench.settings)
  const db = connect(opened.serviceUrl, { max: 4, applicationName: 'bench', onError: () => undefined })
  const { kekCurrent, kekPrevious } = opened.secrets
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
  const deps = createDeps({ config, secrets: opened.secrets, db, vault: createVault(kekCurrent, kekPrevious), log })
  try {
    tell('S-17: wrong sign-ins in turn')
    const signIns = await wrongSignIns(deps, bench)
    tell('S-11: foreign and unknown ids in turn')
    return [signIns, ...(await strangeIds(deps, bench))]
  } finally {
    await db.destroy()
    await bench.stop()
  }
}

async function wrongSignIns(deps: Deps, { world, ownerDb }: Bench): Promise<Row> {
  // Each try from a network of its own: what one network may try is another promise.
  let networks = 0
  const tryToSignIn = async (name: string, password: string): Promise<void> => {
    networks += 1
    const address = `10.${networks >> 16}.${(networks >> 8) & 255}.${networks & 255}`
    try {
      await signInStaff(deps, name, password, { address, browser: randomUUID() })
    } catch (error) {
      if (error instanceof Refusal && error.kind === 'not-signed-in') return
      throw error
    }
    throw new Error('a wrong sign-in was let in')
  }
  const account = async (name: string): Promise<void> => {
    const signInName = `${name}@bench.example`
    await makeAccount(deps, 'ben1', { signInName, password: world.password, displayName: name, roles: ['coach'] })
  }
  await account('locked')
  for (let failures = 0; failures < 8; failures += 1) await tryToSignIn('locked@bench.example', 'wrong-joki-hilla-1')
  await account('closed')
  await sql`update account set disabled_at = now() where display_name = 'closed'`.execute(ownerDb)
  let known = 0
  return await rowOf('S-17 wrong name, wrong password, waiting, closed', {
    'wrong name': async () => await tryToSignIn(`${randomUUID()}@bench.example`, 'wrong-joki-hilla-1'),
    // Each its own account: five wrong passwords make one wait.
    'wrong password': async () => {
      known += 1
      if (known % 4 === 1) await account(`known${known}`)
      await tryToSignIn(`known${known - ((known - 1) % 4)}@bench.example`, 'wrong-joki-hilla-1')
    },
    waiting: async () => await tryToSignIn('locked@bench.example', world.password),
    closed: async () => await tryToSignIn('closed@bench.example', world.password),
  })
}

async function strangeIds(deps: Deps, { world, ownerDb }: Bench): Promise<readonly Row[]> {
  const organisation = {
    code: 'ben2',
    kind: 'foundation',
    name: 'Toinen säätiö',
    url: 'https://other.example/',
    email: 'other@bench.example',
  } as const
  await foundOrganisation({ ...deps, ownerDb }, organisation)
  const signInName = 'stranger@bench.example'
  const { password } = world
  const accountId = await makeAccount(deps, 'ben2', { signInName, password, displayName: 'S', roles: ['coordinator'] })
  const app = await buildApp(deps)
  try {
    await app.ready()
    const { sessionId } = await signInStaff(deps, signInName, password, { address: '10.9.9.9', browser: 'bench' })
    await sql`update session set wants = null where account_id = ${accountId}`.execute(ownerDb)
    const authorization = `Bearer ${app.sessions.bearerToken({ tenant: 'ben2', sessionId })}`
    const clients = await ownerDb.selectFrom('client').select('id').where('tenant_id', '=', 'ben1').execute()
    const asking = async (path: string): Promise<void> => {
      const { statusCode } = await app.inject({ url: path, headers: { authorization } })
      if (statusCode !== 404) throw new Error(`${path} was answered ${statusCode}`)
    }
    const rows: Row[] = []
    for (const [kind, ids] of [
      ['applications', world.applications],
      ['clients', clients.map(({ id }) => id)],
    ] as const) {
      let at = 0
      const next = (): string => ids[(at += 1) % ids.length] ?? ''
      const row = await rowOf(`S-11 /api/v1/${kind}/{id}: another foundation’s, nobody’s`, {
        foreign: async () => await asking(`/api/v1/${kind}/${next()}`),
        unknown: async () => await asking(`/api/v1/${kind}/${randomUUID()}`),
      })
      rows.push(row)
    }
    return rows
  } finally {
    await app.close()
  }
}

/** The quickest median against the slowest. */
async function rowOf(name: string, ways: Readonly<Record<string, () => Promise<void>>>): Promise<Row> {
  const took = new Map<string, number[]>(Object.keys(ways).map((way) => [way, []]))
  for (let turn = -warming; turn < tries; turn += 1) {
    for (const [way, ask] of Object.entries(ways)) {
      const started = performance.now()
      await ask()
      if (turn >= 0) took.get(way)?.push(performance.now() - started)
    }
  }
  const medians = [...took.values()].map((all) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0)
  const slowest = Math.max(...medians)
  const told = [...took.keys()].map((way, place) => `${way} ${medians[place]?.toFixed(1)} ms`).join(', ')
  return {
    name: `${name} (${told})`,
    perSecond: 1000 / slowest,
    perCpuSecond: 1000 / slowest,
    ratio: Math.min(...medians) / slowest,
    goal: even,
  }
}
