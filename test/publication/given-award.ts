import { expect } from 'vitest'
import type { Language } from '../../src/credentials/facts.ts'
import type { Foundation } from '../support/given.ts'

export const publicOrigin = 'https://merkit.example'

export type GivenAward = { readonly id: string; readonly publicId: string }

/** The main job through the API: work recorded, badge applied for, decided by another person. Offered, not yet accepted. */
export async function givenOffered(
  foundation: Foundation,
  who: 'maija' | 'antti' = 'maija',
  language: Language = 'fi',
): Promise<GivenAward> {
  await foundation.readyForSanding(who)
  const client = await foundation.as(who)
  const applied = await client.post('/api/v1/applications', {
    badgeClassId: foundation.badge('hionta').classId,
    language,
  })
  expect(applied.statusCode, applied.body).toBe(201)
  const { id } = applied.json<{ id: string }>()
  const kaisa = await foundation.as('kaisa')
  const decided = await kaisa.post(
    `/api/v1/applications/${id}/decision`,
    { outcome: 'award' },
    { 'idempotency-key': id },
  )
  expect(decided.statusCode, decided.body).toBe(201)
  return decided.json<{ award: GivenAward }>().award
}

/** The client takes the badge. */
export async function accept(
  foundation: Foundation,
  award: GivenAward,
  who: 'maija' | 'antti' = 'maija',
): Promise<void> {
  const answered = await (await foundation.as(who)).post(`/api/v1/awards/${award.id}/answer`, { accept: true })
  expect(answered.statusCode, answered.body).toBeLessThan(300)
}

/** The client makes it public, or private again. */
export async function show(
  foundation: Foundation,
  award: GivenAward,
  isPublic: boolean,
  who: 'maija' | 'antti' = 'maija',
): Promise<void> {
  const shown = await (await foundation.as(who)).post(`/api/v1/awards/${award.id}/visibility`, { public: isPublic })
  expect(shown.statusCode, shown.body).toBeLessThan(300)
}

/** A coordinator revokes it. */
export async function revoke(foundation: Foundation, award: GivenAward): Promise<void> {
  const kaisa = await foundation.as('kaisa')
  const revoked = await kaisa.post(
    `/api/v1/awards/${award.id}/revocation`,
    { reason: 'issued-in-error' },
    { 'idempotency-key': `revoke ${award.id}` },
  )
  expect(revoked.statusCode, revoked.body).toBe(201)
}
