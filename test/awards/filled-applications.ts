import { expect } from 'vitest'
import { givenOffered } from '../passport/filled-passport.ts'
import type { TestService } from '../support/app.ts'
import type { ClientName, Foundation } from '../support/given.ts'

/** Ids of what a coordinator finds on `/hakemukset` on 22 November 2026. */
export type FilledApplications = {
  /** Antti's, met, with every kind of mark beside it. */
  readonly marked: string
  /** Maija's for the module's badge, sent a step early: other badges are missing. */
  readonly unmet: string
  /** Maija's, awarded and taken. */
  readonly awarded: string
  /** The award of it. */
  readonly award: string
  /** Pekka's proposal that waits for Maija. */
  readonly proposed: string
  /** Antti's, returned with words about what is missing. */
  readonly returned: string
  readonly maija: string
  /** The badge class that Sari may propose. */
  readonly maalaus: string
}

/** A client's own application, or the agreed proposal of the same badge; its id. */
export async function givenApplication(foundation: Foundation, badge: string, who: ClientName): Promise<string> {
  const applied = await (await foundation.as(who)).post('/api/v1/applications', {
    badgeClassId: foundation.badge(badge).classId,
    language: 'fi',
  })
  expect([200, 201], applied.body).toContain(applied.statusCode)
  return applied.json<{ id: string }>().id
}

/** Three weeks at a workshop, seen from the coordinator's desk. */
export async function fillApplications(service: TestService, foundation: Foundation): Promise<FilledApplications> {
  service.at('2026-11-09T08:00:00Z')
  await foundation.readyForSanding('maija')
  const award = await givenOffered(foundation, 'hionta', 'maija')
  const maija = await foundation.as('maija')
  expect((await maija.post(`/api/v1/awards/${award}/answer`, { accept: true })).statusCode).toBe(200)
  const kaisa = await foundation.as('kaisa')
  const list = await kaisa.get('/api/v1/applications?state=awarded')
  const awarded = list.json<{ data: { id: string }[] }>().data[0]?.id ?? ''

  service.at('2026-11-10T08:00:00Z')
  const returned = await givenApplication(foundation, 'maalaus', 'antti')
  const kaisaNow = await foundation.as('kaisa')
  const answered = await kaisaNow.post(
    `/api/v1/applications/${returned}/decision`,
    { outcome: 'return', reason: 'Tee vielä ruiskulakkaus kaksi kertaa. Olet hyvässä vauhdissa.' },
    { 'idempotency-key': returned },
  )
  expect(answered.statusCode, answered.body).toBe(200)

  service.at('2026-11-11T08:00:00Z')
  const unmet = await givenApplication(foundation, 'moduuli', 'maija')

  service.at('2026-11-19T08:00:00Z')
  const first = await foundation.record({ who: 'antti', task: 't1', on: '2026-10-29', lateReason: 'Olin lomalla.' })
  await foundation.record({ who: 'antti', task: 't1', on: '2026-11-18' })
  await foundation.record({ who: 'antti', task: 't2', on: '2026-11-17', support: 'general' })
  await foundation.record({ who: 'antti', task: 't2', on: '2026-11-18' })
  await foundation.record({ who: 'antti', task: 't3', on: '2026-11-18', by: 'pekka' })
  const corrected = await (await foundation.as('pekka')).post('/api/v1/observations', {
    clientId: foundation.clients.antti,
    taskId: foundation.task('t1').id,
    supportLevel: 'general',
    observedOn: '2026-11-16',
    replaces: first,
    replaceReason: 'Päivä oli väärä.',
  })
  expect(corrected.statusCode, corrected.body).toBe(201)
  await foundation.selfAssess('t1', 3, 'antti')
  await foundation.selfAssess('t2', null, 'antti')
  const marked = await givenApplication(foundation, 'hionta', 'antti')

  for (const task of ['t3', 't4', 't6']) {
    for (const on of ['2026-11-18', '2026-11-19']) await foundation.record({ task, on })
    await foundation.selfAssess(task)
  }
  service.at('2026-11-20T08:00:00Z')
  const proposal = await (await foundation.as('pekka')).post('/api/v1/applications/proposals', {
    clientId: foundation.clients.antti,
    badgeClassId: foundation.badge('maalaus').classId,
  })
  expect(proposal.statusCode, proposal.body).toBe(201)
  service.at('2026-11-22T09:00:00Z')
  return {
    marked,
    unmet,
    awarded,
    award,
    proposed: proposal.json<{ id: string }>().id,
    returned,
    maija: foundation.clients.maija,
    maalaus: foundation.badge('maalaus').classId,
  }
}
