import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'

// A key is no second person: what a program recorded and proposed counts as done by whoever made its key.

let service: TestService
let f: Foundation
const Made = z.object({ id: z.string() })

beforeAll(async () => {
  service = await startService()
  f = await givenFoundation(service)
  await f.grant('kaisa', 'admin')
})
afterAll(async () => await service.close())

/** The key's maker gives it the scopes to record and to propose. */
async function program(maker: 'kaisa' | 'admin', name: string): Promise<ReturnType<TestService['api']>> {
  const scopes = ['observations:write', 'applications:write']
  const answer = await (await f.as(maker)).post('/api/v1/api-keys', { name, mode: 'live', scopes, expiresInDays: 30 })
  expect(answer.statusCode, answer.body).toBe(201)
  return service.api(z.object({ key: z.string() }).parse(answer.json()).key)
}

/** The program records all the work and proposes; the client assesses and agrees. Gives the application's id. */
async function proposedBy(machine: ReturnType<TestService['api']>, who: 'maija' | 'antti'): Promise<string> {
  const clientId = f.clients[who]
  for (const task of ['t1', 't2'])
    for (const observedOn of ['2026-11-21', '2026-11-22']) {
      const work = { clientId, taskId: f.task(task).id, supportLevel: 'minor', observedOn }
      expect((await machine.post('/api/v1/observations', work)).statusCode).toBe(201)
    }
  const badgeClassId = f.badge('hionta').classId
  const proposal = await machine.post('/api/v1/applications/proposals', { clientId, badgeClassId })
  expect(proposal.statusCode, proposal.body).toBe(201)
  const { id } = Made.parse(proposal.json())
  for (const task of ['t1', 't2']) await f.selfAssess(task, 3, who)
  const client = await f.as(who)
  expect((await client.post(`/api/v1/applications/${id}/answer`, { agree: true })).statusCode).toBe(200)
  return id
}

const decide = async (id: string): Promise<{ readonly statusCode: number; readonly body: string }> =>
  await (await f.as('kaisa')).post(
    `/api/v1/applications/${id}/decision`,
    { outcome: 'award' },
    { 'idempotency-key': id },
  )

describe('two persons decide on a badge, also where a program took part (S-15)', () => {
  test('who made the key of the program that proposed does not decide', async () => {
    const id = await proposedBy(await program('kaisa', 'Oma vienti'), 'maija')
    const answer = await decide(id)
    expect(answer.statusCode, answer.body).toBe(422)
    expect(answer.body).toContain('decider-is-proposer')
  })

  test('a program whose key somebody else made is another', async () => {
    const id = await proposedBy(await program('admin', 'Toisen vienti'), 'antti')
    const answer = await decide(id)
    expect(answer.statusCode, answer.body).toBe(201)
  })
})
