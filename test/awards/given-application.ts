import { randomUUID } from 'node:crypto'
import type { LightMyRequestResponse } from 'fastify'
import { expect } from 'vitest'
import type { ApiClient, TestService } from '../support/app.ts'
import type { ClientName, Foundation } from '../support/given.ts'

export type GivenApplication = {
  readonly id: string
  readonly kaisa: ApiClient
  /** Kaisa awards it, with a key of its own each time. */
  readonly decide: () => Promise<LightMyRequestResponse>
  /** How many awards the foundation has of this client. */
  readonly countAwards: () => Promise<number>
}

/** A client who did all the work and applied: it waits for Kaisa. */
export async function givenApplication(
  service: TestService,
  foundation: Foundation,
  who: ClientName = 'maija',
): Promise<GivenApplication> {
  await foundation.readyForSanding(who)
  return await applyAgain(service, foundation, who)
}

/** The same, when the work was done before. */
export async function applyAgain(
  service: TestService,
  foundation: Foundation,
  who: ClientName = 'maija',
): Promise<GivenApplication> {
  const applied = await (await foundation.as(who)).post('/api/v1/applications', {
    badgeClassId: foundation.badge('hionta').classId,
  })
  expect(applied.statusCode, applied.body).toBe(201)
  const { id } = applied.json<{ id: string }>()
  const kaisa = await foundation.as('kaisa')
  return {
    id,
    kaisa,
    decide: async () =>
      await kaisa.post(
        `/api/v1/applications/${id}/decision`,
        { outcome: 'award' },
        { 'idempotency-key': randomUUID() },
      ),
    countAwards: async () => {
      const rows = await service.database.ownerDb
        .selectFrom('award')
        .select('id')
        .where('tenant_id', '=', foundation.code)
        .where('client_id', '=', foundation.clients[who])
        .execute()
      return rows.length
    },
  }
}
