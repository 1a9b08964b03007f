import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { connect } from '../../src/db/connect.ts'
import { asTenant } from '../../src/db/connect.ts'
import { nearestBadge } from '../../src/progress/ready.ts'
import { type BadgeReadiness, readBadgeReadiness } from '../../src/progress/readiness.ts'
import { startService, type TestService } from '../support/app.ts'
import { dayBefore, type Foundation, givenFoundation } from '../support/given.ts'

const today = '2026-11-22'
let service: TestService
let meriva: Foundation
let who: { readonly clientId: string }

beforeAll(async () => {
  service = await startService()
  meriva = await givenFoundation(service)
})
afterAll(async () => await service.close())
beforeEach(async () => {
  who = { clientId: await meriva.addClient({ given: 'Niko', family: 'Pohjola' }) }
})

async function sanding(at = service.deps.now()): Promise<BadgeReadiness> {
  const all = await asTenant(
    service.deps.db,
    meriva.code,
    async (trx) => await readBadgeReadiness(trx, meriva.code, [who.clientId], at),
  )
  const found = all.of(who.clientId).find(({ badge }) => badge.slug === meriva.badge('hionta').slug)
  if (!found) throw new Error('the module has the badge')
  return found
}

const done = async (): Promise<readonly number[]> =>
  (await sanding()).readiness.parts.flatMap((part) => (part.kind === 'task' ? [part.done] : []))

test('what was recorded counts; what was undone or replaced never does', async () => {
  expect(await done()).toEqual([0, 0])
  const first = await meriva.record({ who, task: 't1', on: dayBefore(today, 1) })
  const second = await meriva.record({ who, task: 't2' })
  expect(await done()).toEqual([1, 1])
  const pekka = await meriva.as('pekka')
  await pekka.post(`/api/v1/observations/${first}/undo`, {})
  expect(await done()).toEqual([0, 1])
  const corrected = await pekka.post('/api/v1/observations', {
    clientId: who.clientId,
    taskId: meriva.task('t1').id,
    supportLevel: 'minor',
    observedOn: today,
    replaces: second,
    replaceReason: 'Väärä työ.',
  })
  expect(corrected.statusCode).toBe(201)
  expect(await done()).toEqual([1, 0])
  await pekka.post(`/api/v1/observations/${corrected.json<{ id: string }>().id}/undo`, {})
  expect(await done()).toEqual([0, 1])
})

test('more help than the badge allows does not count, and no level comes out', async () => {
  await meriva.record({ who, task: 't1', support: 'enhanced' })
  const one = await sanding()
  expect(one.readiness.parts[0]).toMatchObject({ done: 0, missing: 'observations' })
  expect(one.records).toBe(1)
  expect(JSON.stringify(one.readiness)).not.toMatch(/enhanced|general|minor/)
})

test('ready when every task is done on two days and the client has assessed each', async () => {
  await meriva.readyForSanding('antti')
  who = { clientId: meriva.clients.antti }
  expect(await sanding()).toMatchObject({ state: 'open', records: 4, days: 2, readiness: { met: true } })
  // A year later the same work is too old.
  expect((await sanding(new Date('2027-12-24T09:00:00Z'))).readiness.met).toBe(false)
})

test('an open application or an award changes the state, so that nobody proposes twice', async () => {
  const { ownerDb } = service.database
  const { classId, versionId } = meriva.badge('hionta')
  await ownerDb
    .insertInto('application')
    .values({
      tenant_id: meriva.code,
      id: service.deps.newId(),
      client_id: who.clientId,
      badge_class_id: classId,
      badge_class_version_id: versionId,
      state: 'proposed',
      language: 'fi',
      proposed_by: meriva.accounts.pekka,
      created_at: service.deps.now(),
      submitted_at: null,
      submitted_session_id: null,
      decided_by: null,
      decided_at: null,
      reason_sealed: null,
      award_id: null,
    })
    .execute()
  expect(await sanding()).toMatchObject({ state: 'proposed' })
  await ownerDb.updateTable('application').set({ state: 'declined' }).where('client_id', '=', who.clientId).execute()
  expect(await sanding()).toMatchObject({ state: 'open' })
})

test('P6: three statements, however many people', async () => {
  const statements: string[] = []
  const db = connect(service.database.serviceUrl, {
    max: 1,
    applicationName: 'count',
    onError: () => undefined,
    log: (event) => void statements.push(event.query.sql),
  })
  const ids = [who.clientId, meriva.clients.maija, meriva.clients.antti]
  const all = await asTenant(
    db,
    meriva.code,
    async (trx) => await readBadgeReadiness(trx, meriva.code, ids, service.deps.now()),
  )
  await db.destroy()
  expect(all.badges.map(({ slug }) => slug.replace('puupintojen-kasittely-', ''))).toEqual([
    'hionta',
    'maalaus',
    'moduuli',
    'tutkinnonosa',
  ])
  expect(statements.filter((sql) => !/^(begin|commit|rollback)/.test(sql))).toHaveLength(3)
})

test('the nearest badge is one of the module where the person holds a badge or has records', () => {
  const one = (slug: string, module: string, has: Partial<BadgeReadiness>, stillNeeded: number): BadgeReadiness => ({
    badge: {
      classId: slug,
      versionId: slug,
      slug,
      version: 1,
      scope: 'task',
      tier: 'basic',
      name: { fi: slug },
      description: {},
      criteria: {},
      languages: ['fi'],
      parentSlug: null,
      rule: {
        tasks: [],
        badges: [],
        allRequirements: false,
        requirements: [],
        selfAssessment: false,
        recognisedEnvironment: false,
      },
      moduleVersionId: module,
      moduleName: { fi: module },
    },
    readiness: {
      met: stillNeeded === 0,
      parts: [
        {
          kind: 'task',
          taskId: slug,
          done: 0,
          needed: stillNeeded,
          daysDone: 0,
          daysNeeded: 0,
          stillNeeded,
          onAnotherDay: false,
          met: stillNeeded === 0,
          missing: null,
          late: 0,
        },
      ],
    },
    state: 'open',
    records: 0,
    days: 0,
    ...has,
  })
  const bikes = one('wash', 'bikes', {}, 4)
  const sanded = one('sand', 'wood', { state: 'accepted', records: 4 }, 0)
  expect(nearestBadge([bikes, sanded, one('paint', 'wood', {}, 6)])?.badge.slug).toBe('paint')
  expect(nearestBadge([bikes, one('sand', 'wood', {}, 5), one('paint', 'wood', { records: 1 }, 6)])?.badge.slug).toBe(
    'paint',
  )
  expect(nearestBadge([one('wash', 'bikes', { records: 1 }, 7), sanded, one('paint', 'wood', {}, 6)])?.badge.slug).toBe(
    'wash',
  )
  expect(nearestBadge([bikes, sanded])?.badge.slug).toBe('wash')
  expect(nearestBadge([bikes])).toBeUndefined()
})
