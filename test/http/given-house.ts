import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import type { GivenAward } from '../publication/given-award.ts'
import type { TestService } from '../support/app.ts'
import type { ClientName, Foundation } from '../support/given.ts'

/** What the foundation's administration has rows of. */
export type House = {
  readonly standIn: string
  readonly workUnit: string
  /** Pekka, in that place of work. */
  readonly unitCoach: string
  readonly signingKey: string
  /** A colleague whose account an admin may close without anybody being missed. */
  readonly colleague: string
}

/** A stand-in that is over, a place of work, and the key that signs. */
export async function givenHouse({ database, deps }: TestService, foundation: Foundation): Promise<House> {
  const { ownerDb } = database
  const { code, accounts } = foundation
  const [standIn, workUnit, unitCoach] = [randomUUID(), randomUUID(), randomUUID()]
  await ownerDb
    .insertInto('stand_in')
    .values({
      tenant_id: code,
      id: standIn,
      account_id: accounts.pekka,
      stand_in_account_id: accounts.sari,
      from_day: '2026-01-01',
      until_day: '2026-01-31',
      made_by: accounts.kaisa,
      made_at: deps.now(),
      ended_by: null,
      ended_at: null,
    })
    .execute()
  await ownerDb
    .insertInto('work_unit')
    .values({ tenant_id: code, id: workUnit, name: 'Puupaja', created_at: deps.now(), closed_at: null })
    .execute()
  await ownerDb
    .insertInto('account_unit')
    .values({
      tenant_id: code,
      id: unitCoach,
      account_id: accounts.pekka,
      unit_id: workUnit,
      from_day: '2026-01-01',
      until_day: null,
      made_by: accounts.kaisa,
      made_at: deps.now(),
    })
    .execute()
  const { kid } = await ownerDb
    .selectFrom('signing_key')
    .select('kid')
    .where('tenant_id', '=', code)
    .where('algorithm', '=', 'RS256')
    .executeTakeFirstOrThrow()
  return { standIn, workUnit, unitCoach, signingKey: kid, colleague: accounts.sari }
}

/** The relation of a client with Pekka. */
export async function relationOf(
  { database }: TestService,
  { code, accounts, clients }: Foundation,
  who: ClientName,
): Promise<string> {
  const { id } = await database.ownerDb
    .selectFrom('client_coach')
    .select('id')
    .where('tenant_id', '=', code)
    .where('client_id', '=', clients[who])
    .where('account_id', '=', accounts.pekka)
    .executeTakeFirstOrThrow()
  return id
}

/** The client shows a badge to somebody for a while; the share's id. */
export async function givenShare(foundation: Foundation, who: ClientName, award: GivenAward): Promise<string> {
  const made = await (await foundation.as(who)).post('/api/v1/shares', { awardIds: [award.id], lifetime: 'P7D' })
  expect(made.statusCode, made.body).toBe(201)
  return made.json<{ id: string }>().id
}
