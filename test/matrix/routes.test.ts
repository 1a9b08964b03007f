import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildApp } from '../../src/app.ts'
import { asTenant, connect } from '../../src/db/connect.ts'
import type { Things } from '../http/given-world.ts'
import { nameOf, type SeenRoute } from '../http/seen-routes.ts'
import type { Asked } from '../support/app.ts'
import { openTables } from '../support/tables.ts'
import { type AskedWorld, type Asker, givenAskers } from './given-askers.ts'
import { leaksOf } from './leaks.ts'
import { readsOf, replayAs, tablesWithTenant } from './replayed.ts'
import { callOf, isAsExpected, isKnown, isPersonal, send, textOf, triesOf, type Try } from './tries.ts'

// S-12: every role asks every route that the service has about things in every relation. What has to come is computed from the matrix.

let asked: AskedWorld
beforeAll(async () => {
  asked = await givenAskers()
}, 120_000)
afterAll(async () => await asked.world.service.close())

const known = (): readonly SeenRoute[] => asked.world.routes.filter((route) => isKnown(asked, route))

/** What a call says is written or done only where it has to be refused; where it may be done, that comes last. */
const isRead = ({ route }: Try): boolean => route.method === 'GET'
const isRefused = ({ expected }: Try): boolean => expected === 'door' || expected === 'hidden'

async function faultsOf(asker: Asker, tries: readonly Try[]): Promise<readonly string[]> {
  const found: string[] = []
  const done = new Set<string>()
  for (const one of tries) {
    const call = callOf(one.route, one.target.things)
    // What names nothing of anybody is the same call in every relation.
    const text = `${one.route.method} ${textOf(call)}`
    if (done.has(text)) continue
    done.add(text)
    const answer = await send(asked, one.route, asker, call)
    const name = `${asker.name} (${asker.role}), ${one.target.relation}: ${nameOf(one.route)} by ${one.permission}`
    if (!isAsExpected(one.expected, answer))
      found.push(`${name} should be ${one.expected}, was ${answer.statusCode} ${answer.body.slice(0, 120)}`)
    found.push(...leaksOf(asked, asker, one, answer).map((leak) => `${name} told ${leak}`))
  }
  return found
}

describe('S-12: every role × every route × every relation', () => {
  test('there is something to ask, in every relation', () => {
    const tries = asked.askers.flatMap((asker) => triesOf(asked, asker))
    for (const expected of ['door', 'hidden', 'open', 'any'] as const)
      expect(tries.filter((one) => one.expected === expected).length, expected).toBeGreaterThan(30)
    expect(known().filter((route) => isPersonal(asked, route)).length).toBeGreaterThan(25)
    // A new route with an id: `thingOf` in given-world.ts has to know what the id is of.
    expect(asked.world.routes.filter((route) => !isKnown(asked, route)).map(nameOf)).toEqual([])
  })

  test('whoever asks by naming a client in a body or a query is asked here so too', () => {
    const naming = known().filter(({ namesClient, method }) => namesClient && method !== 'HEAD')
    expect(naming.length).toBeGreaterThan(3)
    expect(naming.filter((route) => !isPersonal(asked, route)).map(nameOf)).toEqual([])
  })

  test('reads what the matrix opens, and everything else is refused or not there', { timeout: 180_000 }, async () => {
    const found: string[] = []
    for (const asker of asked.askers)
      found.push(
        ...(await faultsOf(
          asker,
          triesOf(asked, asker).filter((one) => isRead(one) || isRefused(one)),
        )),
      )
    expect(found).toEqual([])
  })
})

describe('S-10: with every check of the application taken away', () => {
  /** What tells of the foundation's people and their things. */
  function privateIds(): readonly string[] {
    return [asked.maijas, asked.anttis].flatMap(({ client, observation, application, award, rightsRequest }) => [
      client,
      observation,
      application,
      award.id,
      rightsRequest,
    ])
  }

  /** Does the answer tell one of them? A statement that makes rows of the ids that it was given (`unnest`) tells those back itself. */
  function tells({ text, values }: Asked, answer = ''): boolean {
    const given = text.includes('unnest(') ? JSON.stringify(values) : ''
    return privateIds().some((id) => answer.includes(id) && !given.includes(id))
  }
  const tenantOf = ({ award }: Things): string => award.publicId.slice(0, 4)

  test('B reads nothing of A by any statement that A’s own people read with', { timeout: 180_000 }, async () => {
    const { service } = asked.world
    const sent = service.queries()
    for (const asker of asked.askers) {
      const inside = triesOf(asked, asker).filter(
        ({ route, target, expected }) => route.method === 'GET' && target.relation !== 'other' && expected !== 'door',
      )
      const calls = inside.map(({ route, target }) => ({ route, call: callOf(route, target.things) }))
      for (const { route, call } of new Map(calls.map((one) => [textOf(one.call), one])).values())
        await send(asked, route, asker, call)
    }
    const reads = readsOf(sent())
    expect(reads.length).toBeGreaterThan(100)

    const own = await replayAs(service.database.db, tenantOf(asked.maijas), reads)
    expect(reads.filter((one, index) => tells(one, own[index])).length).toBeGreaterThan(50)
    const foreign = await replayAs(service.database.db, tenantOf(asked.theirs), reads)
    expect(reads.filter((one, index) => tells(one, foreign[index])).map(({ text }) => text)).toEqual([])
  })

  test('B counts no row of A in any table, but for what is published', async () => {
    const { db, ownerDb } = asked.world.service.database
    const [a, b] = [tenantOf(asked.maijas), tenantOf(asked.theirs)]
    const filled: string[] = []
    const seen: string[] = []
    for (const table of await tablesWithTenant(ownerDb)) {
      const count = sql<{ n: number }>`select count(*) as n from ${sql.table(table)} where tenant_id = ${a}`
      const n = async (rows: Promise<{ readonly rows: readonly { readonly n: number }[] }>): Promise<number> =>
        (await rows).rows[0]?.n ?? 0
      if ((await n(count.execute(ownerDb))) > 0) filled.push(table)
      if ((await n(asTenant(db, b, async (trx) => await count.execute(trx)))) > 0) seen.push(table)
    }
    expect(filled.length).toBeGreaterThan(20)
    // Read-only policies of their own, and what is asked before a tenant is known: keyed digests (`globalWithTenant`).
    expect(seen.filter((name) => !openTables.includes(name))).toEqual([])
  })

  test('1 000 interleaved requests of two tenants over two connections: each reads its own', {
    timeout: 180_000,
  }, async () => {
    const { service } = asked.world
    const db = connect(service.database.serviceUrl, { max: 2, onError: () => undefined, applicationName: 'two' })
    const app = await buildApp({ ...service.deps, db })
    try {
      const [ours, others] = [asked.coachToken, asked.theirCoachToken]
      const wrong: string[] = []
      for (let wave = 0; wave < 10; wave += 1) {
        const answers = await Promise.all(
          Array.from({ length: 100 }, async (_, index) => {
            const isOurs = index % 2 === 0
            const [mine, not] = isOurs ? [asked.maijas, asked.theirs] : [asked.theirs, asked.maijas]
            const url = ['/api/v1/clients', `/api/v1/observations?clientId=${mine.client}`][index % 4 < 2 ? 0 : 1] ?? ''
            const answer = await app.inject({ url, headers: { authorization: `Bearer ${isOurs ? ours : others}` } })
            const isRight =
              answer.statusCode === 200 && answer.body.includes(mine.client) && !answer.body.includes(not.client)
            return isRight ? [] : [`${url} ${answer.statusCode} ${answer.body.slice(0, 100)}`]
          }),
        )
        wrong.push(...answers.flat())
      }
      expect(wrong).toEqual([])
    } finally {
      await app.close()
      await db.destroy()
    }
  })
})

// Last, because it changes things.
describe('S-12: what the matrix lets be done', () => {
  test('to somebody’s things is not refused', { timeout: 180_000 }, async () => {
    const found: string[] = []
    for (const asker of asked.askers) {
      const tries = triesOf(asked, asker).filter((one) => !isRead(one) && one.expected === 'open')
      found.push(...(await faultsOf(asker, tries)))
    }
    expect(found).toEqual([])
  })
})
