import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { decodeProtectedHeader } from 'jose'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type DecidedNow, decideApplication } from '../../src/awards/award.ts'
import { checkAwards } from '../../src/awards/check/check-awards.ts'
import { newHistoryLine } from '../../src/awards/history.ts'
import { createIssuing, type Issuing } from '../../src/awards/issuing.ts'
import { decideMany } from '../../src/awards/many.ts'
import { Decisions } from '../../src/awards/schema.ts'
import { addHistoryLine, type NewAward } from '../../src/awards/write.ts'
import { asTenant, connect } from '../../src/db/connect.ts'
import type { Db } from '../../src/db/database.ts'
import { rotateKey } from '../../src/keys/rotate.ts'
import { Refusal } from '../../src/refusal.ts'
import { startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'
import { kindsOf, linesOf } from './history-lines.ts'
import { givenManyApplications, givenManyBadges } from './many-applications.ts'

// Decisions of the same moment share their statements (decision 18): here each still has its own guard, its own answer and its own place.

let service: TestService
let f: Foundation
/** Kaisa's session. */
let kaisa: string

beforeAll(async () => {
  service = await startService()
})
afterAll(async () => await service.close())
beforeEach(async () => {
  service.at('2026-11-22T09:00:00Z')
  f = await givenFoundation(service)
  await f.as('kaisa')
  const session = await service.database.ownerDb
    .selectFrom('session')
    .select('id')
    .where('account_id', '=', f.accounts.kaisa)
    .where('wants', 'is', null)
    .executeTakeFirstOrThrow()
  kaisa = session.id
})

type Outcome = DecidedNow | Refusal | Error

/** Kaisa awards all of these at the same moment, in a process that has this `issuing`; what each of them led to. */
async function awardAll(
  ids: readonly string[],
  {
    issuing,
    db = service.deps.db,
    keyOf = () => randomUUID(),
  }: {
    readonly issuing?: Issuing
    readonly db?: Db
    readonly keyOf?: (place: number) => string
  } = {},
): Promise<readonly Outcome[]> {
  const deps = { ...service.deps, db, issuing: issuing ?? createIssuing({ ...service.deps, db }) }
  const now = service.deps.now()
  return await Promise.all(
    ids.map(async (id, place) => {
      try {
        const wanted = { id, outcome: 'award', idempotencyKey: keyOf(place) } as const
        return await decideApplication(deps, { tenant: f.code, sessionId: kaisa }, wanted, now)
      } catch (error) {
        return error instanceof Error ? error : new Error('not an error', { cause: error })
      }
    }),
  )
}

/** A process's issuing in which something happens to an award between signing and writing. */
function meddling(change: (award: NewAward, tenant: string) => Promise<NewAward>): Issuing {
  const issuing = createIssuing(service.deps)
  return {
    ...issuing,
    writeAward: async (tenant, award) => await issuing.writeAward(tenant, await change(award, tenant)),
  }
}

const wordOf = (outcome: Outcome | undefined): string => {
  if (outcome instanceof Refusal) return outcome.code
  if (outcome instanceof Error) return 'failed'
  return outcome?.created === true ? 'awarded' : 'there already'
}

/** Every award has its line, the lines have no gap, and each hash is the one that follows. */
async function expectWhole(awards: number): Promise<void> {
  const kinds = await kindsOf(service, f.code)
  expect(kinds.filter((kind) => kind === 'award')).toHaveLength(awards)
  expect((await linesOf(service, f.code)).map(({ seq }) => seq)).toEqual(kinds.map((_, place) => place + 1))
  const checked = await checkAwards(service.deps.db, [f.code])
  expect([checked.awards, checked.faultCount]).toEqual([awards, 0])
}

describe('decisions of the same moment', () => {
  test('share their statements; each client has an own badge, an own line and an own job', async () => {
    const ids = await givenManyApplications(service, f, 16)
    const seen = service.statements()
    const outcomes = await awardAll(ids)
    expect(outcomes.map(wordOf)).toEqual(ids.map(() => 'awarded'))
    const statements = seen()
    const count = (part: string): number => statements.filter((sql) => sql.includes(part)).length
    // How many go together depends on the machine; alone each would have two of its own.
    expect(count("'facts', (select") + count('insert into award ')).toBeLessThan(16)

    const { ownerDb } = service.database
    const rows = await ownerDb.selectFrom('award').selectAll().where('tenant_id', '=', f.code).execute()
    const applications = await ownerDb.selectFrom('application').selectAll().where('tenant_id', '=', f.code).execute()
    for (const { id, client_id, state, award_id, decided_by } of applications) {
      const award = rows.find((row) => row.application_id === id)
      expect([award?.client_id, award?.id, state, decided_by]).toEqual([
        client_id,
        award_id,
        'awarded',
        f.accounts.kaisa,
      ])
    }
    for (const column of ['public_id', 'credential_id', 'recipient_urn', 'status_index', 'ob2_jws', 'ob3_jwt'] as const)
      expect(new Set(rows.map((row) => row[column])).size).toBe(16)
    const lines = (await linesOf(service, f.code)).filter(({ kind }) => kind === 'award')
    expect(new Set(lines.map(({ content }) => content['award']))).toEqual(new Set(rows.map(({ id }) => id)))
    const audited = await ownerDb
      .selectFrom('audit_event')
      .select(['client_id', 'ref'])
      .where('tenant_id', '=', f.code)
      .where('kind', '=', 'award')
      .execute()
    expect(new Set(audited.map(({ client_id, ref }) => `${client_id} ${ref}`))).toEqual(
      new Set(rows.map(({ client_id, id }) => `${client_id} ${id}`)),
    )
    await expectWhole(16)
  })

  test('S-31: two processes at once, while others enter the history and a key is changed: no place twice, no line lost', async () => {
    const ids = await givenManyApplications(service, f, 40)
    const other = connect(service.database.serviceUrl, { max: 8, onError: () => undefined, applicationName: 'other' })
    const { deps } = service
    const others = Array.from({ length: 20 }, async (_, n) => {
      await setTimeout(n * 10)
      const line = newHistoryLine(deps.newId(), 'client.merged', deps.now(), { merge: deps.newId() })
      await asTenant(deps.db, f.code, async (trx) => await addHistoryLine(trx, f.code, line))
    })
    try {
      const [mine, theirs] = await Promise.all([
        awardAll(ids),
        awardAll(ids.toReversed(), { db: other }),
        rotateKey(service.deps, f.code, { algorithm: 'RS256' }),
        ...others,
      ])
      // Both were asked for each of them, in opposite orders: one of the two made it.
      const pairs = ids.map((_, place) => [wordOf(mine[place]), wordOf(theirs.at(-1 - place))].toSorted())
      expect(pairs).toEqual(ids.map(() => ['awarded', 'there already']))
      await expectWhole(40)
    } finally {
      await other.destroy()
    }
  })

  test('one whose evidence moved meanwhile is left out and reads again; the others are awarded', async () => {
    const ids = await givenManyApplications(service, f, 4)
    const { ownerDb } = service.database
    const outcomes = await awardAll(ids, {
      issuing: meddling(async (award) => {
        if (award.applicationId === ids[2]) {
          await sql`update observation set undone_at = ${service.deps.now()} where client_id =
            (select client_id from application where id = ${award.applicationId})`.execute(ownerDb)
        }
        return award
      }),
    })
    expect(outcomes.map(wordOf)).toEqual(['awarded', 'awarded', 'criteria-unmet', 'awarded'])
    await expectWhole(3)
  })

  test('S-22: a key that was changed between signing and writing: nothing of what was signed before is kept, all are signed anew', async () => {
    const ids = await givenManyApplications(service, f, 5)
    let rotating: Promise<{ readonly kid: string }> | undefined
    const outcomes = await awardAll(ids, {
      issuing: meddling(async (award, tenant) => {
        rotating ??= rotateKey(service.deps, tenant, { algorithm: 'RS256' })
        await rotating
        return award
      }),
    })
    expect(outcomes.map(wordOf)).toEqual(ids.map(() => 'awarded'))
    const { kid = '' } = (await rotating) ?? {}
    const signed = await service.database.ownerDb
      .selectFrom('award')
      .select('ob3_jwt')
      .where('tenant_id', '=', f.code)
      .execute()
    expect(signed.map(({ ob3_jwt }) => decodeProtectedHeader(ob3_jwt).kid?.endsWith(kid))).toEqual(ids.map(() => true))
    await expectWhole(5)
  })

  test('S-33: one key for two applications: one is awarded, the other refused, the rest not touched', async () => {
    const ids = await givenManyApplications(service, f, 4)
    const shared = randomUUID()
    const outcomes = await awardAll(ids, { keyOf: (place) => (place < 2 ? shared : randomUUID()) })
    const words = outcomes.map(wordOf)
    expect(words.slice(0, 2).toSorted()).toEqual(['awarded', 'idempotency_mismatch'])
    expect(words.slice(2)).toEqual(['awarded', 'awarded'])
    await expectWhole(3)
  })

  test('one that the database refuses harms no other', async () => {
    const ids = await givenManyApplications(service, f, 4)
    const outcomes = await awardAll(ids, {
      issuing: meddling(async (award) => {
        return await Promise.resolve(award.applicationId === ids[1] ? { ...award, publicId: 'no public id' } : award)
      }),
    })
    expect(outcomes.map(wordOf)).toEqual(['awarded', 'failed', 'awarded', 'awarded'])
    await expectWhole(3)
  })

  test('many badges of one client are no hindrance to each other', async () => {
    const ids = await givenManyBadges(service, f, 20)
    expect((await awardAll(ids.slice(0, 10))).map(wordOf)).toEqual(ids.slice(0, 10).map(() => 'awarded'))
    const decisions = ids.slice(10).map((id) => ({ id, outcome: 'award' }))
    const many = '/api/v1/applications/decisions'
    const answer = await (await f.as('kaisa')).post(many, { decisions }, { 'idempotency-key': randomUUID() })
    const rows = answer.json<{ data: { status: number }[] }>().data
    expect(rows.map(({ status }) => status)).toEqual(decisions.map(() => 201))
    await expectWhole(20)
  })

  test('a row of many that others were always quicker than is decided once more, by itself', async () => {
    const ids = await givenManyApplications(service, f, 3)
    const issuing = createIssuing(service.deps)
    let moved = 0
    const writeAward: Issuing['writeAward'] = async (tenant, award) => {
      if (award.applicationId === ids[1] && (moved += 1) <= 5) return false
      return await issuing.writeAward(tenant, award)
    }
    const { decisions } = Decisions.parse({ decisions: ids.map((id) => ({ id, outcome: 'award' })) })
    const rows = await decideMany(
      { ...service.deps, issuing: { ...issuing, writeAward } },
      { tenant: f.code, sessionId: kaisa },
      { decisions, idempotencyKey: randomUUID(), dryRun: false },
      service.deps.now(),
    )
    expect([rows.map(({ status }) => status), moved]).toEqual([[201, 201, 201], 6])
    await expectWhole(3)
  })

  test('a row that somebody holds keeps its own decision waiting, and no other', async () => {
    const ids = await givenManyApplications(service, f, 8)
    const [held = ''] = ids
    const issuing = createIssuing(service.deps)
    const order: string[] = []
    const ask = async (id: string): Promise<Outcome | undefined> => {
      const [outcome] = await awardAll([id], { issuing })
      order.push(id)
      return outcome
    }
    const outcomes = await service.database.ownerDb.transaction().execute(async (trx) => {
      await sql`select from application where id = ${held} for update`.execute(trx)
      const first = ids.slice(0, 4).map(ask)
      const later = ids.slice(4).map(ask)
      // All but one are answered while the row is still held.
      await Promise.all([...first.slice(1), ...later])
      expect(order).not.toContain(held)
      return [...first, ...later]
    })
    expect((await Promise.all(outcomes)).map(wordOf)).toEqual(ids.map(() => 'awarded'))
    expect(order.at(-1)).toBe(held)
    expect(service.logged().some((line) => line.includes('could not share a statement'))).toBe(true)
    await expectWhole(8)
  })
})
