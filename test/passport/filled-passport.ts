import { expect } from 'vitest'
import type { TestService } from '../support/app.ts'
import type { ClientName, Foundation } from '../support/given.ts'

/** Ids of what stands in two passports: Maija has come far; Antti has one badge revoked and the same one offered again. */
export type FilledPassports = {
  /** Maija's, taken and valid. */
  readonly accepted: string
  /** Antti's. */
  readonly revoked: string
  readonly offered: string
  /** A badge class that is more than one step away. */
  readonly missing: string
}

type Step = {
  readonly day: string
  readonly task: string
  readonly support?: 'enhanced' | 'general' | 'minor'
  readonly who?: ClientName
}

/** Records work on its own day, as a coach does it: the service's clock goes to that day. */
async function work(service: TestService, foundation: Foundation, steps: readonly Step[]): Promise<void> {
  for (const { day, task, support = 'minor', who = 'maija' } of steps) {
    service.at(`${day}T09:00:00Z`)
    await foundation.record({ task, on: day, support, who })
  }
}

/** The client applies, the coordinator awards; the award's id. */
export async function givenOffered(foundation: Foundation, badge: string, who: ClientName): Promise<string> {
  const applied = await (await foundation.as(who)).post('/api/v1/applications', {
    badgeClassId: foundation.badge(badge).classId,
    language: 'fi',
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
  return decided.json<{ award: { id: string } }>().award.id
}

async function answer(foundation: Foundation, id: string, who: ClientName, accept = true): Promise<void> {
  const answered = await (await foundation.as(who)).post(`/api/v1/awards/${id}/answer`, { accept })
  expect(answered.statusCode, answered.body).toBe(200)
}

async function revoke(foundation: Foundation, id: string, note?: string): Promise<void> {
  const kaisa = await foundation.as('kaisa')
  const revoked = await kaisa.post(
    `/api/v1/awards/${id}/revocation`,
    { reason: 'issued-in-error', ...(note === undefined ? {} : { note }) },
    { 'idempotency-key': `revoke ${id}` },
  )
  expect(revoked.statusCode, revoked.body).toBe(201)
}

/** Six weeks of two people at the workshop. Ends on 22 November 2026. */
export async function fillPassports(service: TestService, foundation: Foundation): Promise<FilledPassports> {
  await work(service, foundation, [
    { day: '2026-10-12', task: 't1' },
    { day: '2026-10-13', task: 't1' },
    { day: '2026-10-13', task: 't2', support: 'general' },
    { day: '2026-10-14', task: 't2', support: 'general' },
  ])
  await foundation.selfAssess('t1', 4)
  await foundation.selfAssess('t2', 3)
  const first = await givenOffered(foundation, 'hionta', 'maija')
  await answer(foundation, first, 'maija')

  await work(service, foundation, [
    { day: '2026-11-02', task: 't3', support: 'general' },
    { day: '2026-11-03', task: 't3', support: 'general' },
    { day: '2026-11-03', task: 't4', support: 'general' },
    { day: '2026-11-04', task: 't4' },
    { day: '2026-11-04', task: 't6' },
    { day: '2026-11-05', task: 't6' },
  ])
  for (const [task, choice] of [
    ['t3', 3],
    ['t4', 2],
    ['t6', 4],
  ] as const)
    await foundation.selfAssess(task, choice)
  service.at('2026-11-06T10:00:00Z')
  const second = await givenOffered(foundation, 'maalaus', 'maija')
  await answer(foundation, second, 'maija')

  await work(service, foundation, [
    { day: '2026-11-06', task: 't1', who: 'antti' },
    { day: '2026-11-09', task: 't1', who: 'antti' },
    { day: '2026-11-09', task: 't2', who: 'antti' },
    { day: '2026-11-10', task: 't2', who: 'antti' },
  ])
  await foundation.selfAssess('t1', 3, 'antti')
  await foundation.selfAssess('t2', null, 'antti')
  const revoked = await givenOffered(foundation, 'hionta', 'antti')
  await answer(foundation, revoked, 'antti')
  await revoke(foundation, revoked, 'Merkki meni väärälle ihmiselle. Pahoittelemme.')
  const offered = await givenOffered(foundation, 'hionta', 'antti')

  await work(service, foundation, [
    { day: '2026-11-17', task: 't7', support: 'enhanced' },
    { day: '2026-11-18', task: 't5', support: 'general' },
    { day: '2026-11-19', task: 't7', support: 'general' },
    { day: '2026-11-20', task: 't5', support: 'general' },
  ])
  await foundation.selfAssess('t5', 2)
  service.at('2026-11-22T09:00:00Z')
  return { accepted: first, revoked, offered, missing: foundation.badge('tutkinnonosa').classId }
}
