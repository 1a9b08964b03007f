import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newAwardIdentity } from '../../src/awards/facts.ts'
import { createStatusLeases } from '../../src/awards/status-lease.ts'
import { startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'

describe('CONFORMANCE 7.5: places in a status list', () => {
  let service: TestService
  let foundation: Foundation
  beforeAll(async () => {
    service = await startService()
    foundation = await givenFoundation(service, { module: false })
  })
  afterAll(async () => await service.close())

  test('are random and never given twice, also by several processes at once', async () => {
    const processes = Array.from({ length: 3 }, () => createStatusLeases(service.deps.db))
    const rounds = Array.from({ length: 700 })
    const taken = await Promise.all(
      processes.map(async (take) => {
        const places: number[] = []
        for (const _ of rounds) places.push((await take(foundation.code, service.deps.now())).index)
        return places
      }),
    )
    const all = taken.flat()
    expect(new Set(all).size).toBe(2100)
    expect(all.every((index) => Number.isInteger(index) && index >= 0 && index < 131_072)).toBe(true)
    // One after another they tell nothing of each other: neighbours are as rare as chance makes them.
    const neighbours = taken.flatMap((places) =>
      places.filter((index, at) => Math.abs(index - (places[at - 1] ?? -9)) === 1),
    )
    expect(neighbours.length).toBeLessThan(5)
    expect(all.filter((index) => index < 65_536).length).toBeGreaterThan(900)
    expect(all.filter((index) => index >= 65_536).length).toBeGreaterThan(900)
  })

  test('what a stopped process had is lost, and a list that is nearly full is followed by the next', async () => {
    const { ownerDb } = service.database
    const before = await createStatusLeases(service.deps.db)(foundation.code, service.deps.now())
    const after = await createStatusLeases(service.deps.db)(foundation.code, service.deps.now())
    expect([before.list, after.list]).toEqual([1, 1])
    const { leased } = await ownerDb
      .selectFrom('status_list')
      .select('leased')
      .where('tenant_id', '=', foundation.code)
      .executeTakeFirstOrThrow()
    // Each of the five took a block of its own.
    expect(leased).toBe(5000)
    await ownerDb.updateTable('status_list').set({ leased: 98_304 }).where('tenant_id', '=', foundation.code).execute()
    expect((await createStatusLeases(service.deps.db)(foundation.code, service.deps.now())).list).toBe(2)
  })
})

test('CONFORMANCE 5.5: every award has a recipient and a salt of its own, of 128 random bits', () => {
  const identities = Array.from({ length: 500 }, () => newAwardIdentity('mer1'))
  for (const { recipient } of identities) expect(recipient.salt).toMatch(/^[0-9a-f]{32}$/)
  expect(new Set(identities.map(({ recipient }) => recipient.salt)).size).toBe(500)
  expect(new Set(identities.flatMap((one) => [one.recipient.urn, one.credentialId, one.assertionId])).size).toBe(1500)
})
