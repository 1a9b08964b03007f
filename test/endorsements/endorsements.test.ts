import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { historyHash } from '../../src/awards/history.ts'
import { recordedHere } from '../../src/awards/recorded.ts'
import { embeddedDocument } from '../../src/credentials/issue.ts'
import type { JsonObject } from '../../src/credentials/json.ts'
import { verify } from '../../src/credentials/verify.ts'
import { verifyEndorsement } from '../../src/credentials/verify/endorsements.ts'
import { lookAtOwn } from '../../src/publication/look.ts'
import { accept, type GivenAward, givenOffered, publicOrigin, revoke, show } from '../publication/given-award.ts'
import { type ApiClient, startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'
import { objectAt, parseObject } from '../support/json.ts'
import { doJobs, givenSchool, type School } from '../support/school.ts'

let service: TestService
let foundation: Foundation
let school: School
let outi: ApiClient
let early: GivenAward

const comment = 'Merkki vastaa tutkinnon osan vaatimuksia.'
const address = (language = 'fi'): string =>
  `${publicOrigin}/o/${foundation.code}/badges/${foundation.badge('hionta').slug}/1/${language}`

beforeAll(async () => {
  service = await startService({ publicOrigin })
  foundation = await givenFoundation(service)
  school = await givenSchool(service)
  outi = await school.as()
  early = await givenOffered(foundation)
  await accept(foundation, early)
  await doJobs(service)
})
afterAll(async () => await service.close())

type Body = {
  id: string
  address: string
  subject: { kind: string; id: string; name: string }
  withdrawnAt: string | null
}

async function endorsed(badge: string, words = comment): Promise<Body> {
  const answer = await outi.post('/api/v1/endorsements', { badge, comment: words })
  expect(answer.statusCode, answer.body).toBe(201)
  await doJobs(service)
  return answer.json<Body>()
}

async function jwtOf(award: GivenAward): Promise<string> {
  const { ownerDb } = service.database
  const row = await ownerDb.selectFrom('award').select('ob3_jwt').where('id', '=', award.id).executeTakeFirstOrThrow()
  return row.ob3_jwt
}

const carriedBy = (jwt: string): unknown =>
  objectAt(objectAt(embeddedDocument(jwt), 'credentialSubject'), 'achievement')['endorsement']

const onlyThePath = (url: string): string => url.slice(publicOrigin.length)

async function publicDocument(url: string): Promise<{ status: number; body: string }> {
  const answer = await service.app.inject({ url: onlyThePath(url), headers: { accept: 'application/json' } })
  return { status: answer.statusCode, body: answer.body }
}

describe('a school endorses a badge class (CONFORMANCE 9.6)', () => {
  let given: Body
  beforeAll(async () => {
    given = await endorsed(address())
  })

  test('signed by the school’s own key; its address answers the exact bytes, and our verifier accepts them', async () => {
    expect(given).toMatchObject({
      address: `${publicOrigin}/o/${school.code}/endorsements/${given.id}`,
      subject: { kind: 'achievement', id: address(), organisation: foundation.code },
      language: 'fi',
      comment,
      withdrawnAt: null,
    })
    const { status, body } = await publicDocument(given.address)
    expect(status).toBe(200)
    const document = parseObject(body)
    expect(document).toMatchObject({
      id: given.address,
      type: ['VerifiableCredential', 'EndorsementCredential'],
      name: 'Suositus: Hionta ja suojaimet',
      issuer: { id: `${publicOrigin}/o/${school.code}`, name: school.name },
      credentialSubject: { id: address(), endorsementComment: comment },
      proof: { cryptosuite: 'eddsa-rdfc-2022' },
    })
    const verdict = await verifyEndorsement(document, lookAtOwn(service.deps), { at: service.deps.now() })
    expect(verdict.verdict).toBe('valid')
  })

  test('a line of the school’s own history commits to it, and the chain holds (S-31)', async () => {
    const rows = await service.database.ownerDb
      .selectFrom('history as h')
      .innerJoin('history_content as c', (on) =>
        on.onRef('c.tenant_id', '=', 'h.tenant_id').onRef('c.history_id', '=', 'h.id'),
      )
      .selectAll('h')
      .select('c.content')
      .where('h.tenant_id', '=', school.code)
      .orderBy('h.seq')
      .execute()
    const line = rows.find(({ kind }) => kind === 'endorsement')
    expect(line).toBeDefined()
    if (!line) return
    expect(line.id).toBe(given.id)
    expect(JSON.parse(line.content)).toMatchObject({ endorsement: given.id, subject: address() })
    const entry = { ...line, tenant: line.tenant_id }
    expect(historyHash(line.prev, entry)).toEqual(line.hash)
  })

  test('is carried inside the achievement of credentials signed after it, in both forms; the one before is as it was', async () => {
    const later = await givenOffered(foundation, 'antti')
    await doJobs(service)
    const jwt = await jwtOf(later)
    const document = parseObject((await publicDocument(given.address)).body)
    expect(carriedBy(jwt)).toEqual([document])
    expect(JSON.stringify(carriedBy(jwt))).toBe(JSON.stringify([document]))
    expect(carriedBy(await jwtOf(early))).toBeUndefined()
    const row = await service.database.ownerDb
      .selectFrom('award')
      .select('ob3_json')
      .where('id', '=', later.id)
      .executeTakeFirstOrThrow()
    for (const badge of [jwt, row.ob3_json ?? '']) {
      const verdict = await verify(Buffer.from(badge), lookAtOwn(service.deps), { at: service.deps.now() })
      expect(verdict.verdict).toBe('valid')
      expect(verdict.checks.find(({ id }) => id === 'endorsements')?.code).toBe('endorsements-right')
      expect(verdict.credential?.endorsements).toMatchObject([{ endorser: { name: school.name }, comment }])
    }
  })

  test('another language of the badge is another achievement: it carries none', async () => {
    const answer = await publicDocument(address('sv'))
    expect(parseObject(answer.body)['endorsement']).toBeUndefined()
  })

  test('is listed beside older badges: in the achievement’s document and on its page', async () => {
    const { body } = await publicDocument(address())
    expect(parseObject(body)['endorsement']).toMatchObject([{ id: given.address }])
    const page = await service.app.inject({ url: onlyThePath(address()), headers: { accept: 'text/html' } })
    expect(page.body).toContain(comment)
    expect(page.body).toContain(`/o/${school.code}/endorsements/${given.id}`)
    await show(foundation, early, true)
    const shown = await service.app.inject({ url: `/b/${early.publicId}`, headers: { accept: 'text/html' } })
    expect(shown.body).toContain(comment)
    await show(foundation, early, false)
  })

  test('the same words again: the endorsement that is there; other words: conflict; both at once: one', async () => {
    const again = await outi.post('/api/v1/endorsements', { badge: address(), comment })
    expect([again.statusCode, again.json<Body>().id]).toEqual([200, given.id])
    const other = await outi.post('/api/v1/endorsements', { badge: address(), comment: 'Jotain ihan muuta.' })
    expect(other.statusCode).toBe(409)
    expect(other.json()).toMatchObject({ code: 'already-endorsed' })
    const badge = address('en')
    const both = await Promise.all(
      [1, 2, 3].map(async () => await outi.post('/api/v1/endorsements', { badge, comment })),
    )
    expect(new Set(both.map((answer) => answer.json<Body>().id)).size).toBe(1)
  })

  test('the list and the single one are the school’s own; a stranger school sees nothing of them (S-11)', async () => {
    const listed = await outi.get('/api/v1/endorsements?limit=1')
    expect(listed.json<{ data: Body[]; page: { next: string | null } }>().page.next).not.toBeNull()
    const one = await outi.get(`/api/v1/endorsements/${given.id}`)
    expect(one.json<Body>().address).toBe(given.address)
    const stranger = await (await givenSchool(service, 'Toinen opisto')).as()
    expect((await stranger.get(`/api/v1/endorsements/${given.id}`)).statusCode).toBe(404)
    expect((await stranger.post(`/api/v1/endorsements/${given.id}/withdrawal`, {})).statusCode).toBe(404)
    expect((await stranger.get('/api/v1/endorsements')).json<{ data: Body[] }>().data).toEqual([])
  })

  test('words that must not be in a badge are refused, and what is no badge of ours', async () => {
    const tries: readonly [object, number, string][] = [
      [{ badge: address('sv'), comment: 'Koodi on 131052-308T tässä' }, 422, 'validation'],
      [{ badge: address('sv'), comment: 'Kysy minulta: outi@opisto.example' }, 422, 'unfit-to-sign'],
      [{ badge: address('sv'), comment: 'lyhyt' }, 422, 'validation'],
      [{ badge: `${publicOrigin}/o/${foundation.code}/badges/ei-ole/1/fi`, comment }, 422, 'badge-not-found'],
      [{ badge: 'https://muualla.example/merkki/1', comment }, 422, 'badge-not-valid'],
      [{ badge: 'a.b.c', comment }, 422, 'badge-not-valid'],
    ]
    for (const [body, status, code] of tries) {
      const answer = await outi.post('/api/v1/endorsements', body)
      expect([answer.statusCode, answer.json<{ code: string }>().code], JSON.stringify(body)).toEqual([status, code])
    }
  })

  test('withdrawn: 410 at its address, no longer listed, not put into new badges; older ones keep it and stay valid', async () => {
    const before = await carryingBadge()
    const withdrawn = await outi.post(`/api/v1/endorsements/${given.id}/withdrawal`, {})
    expect(withdrawn.statusCode, withdrawn.body).toBe(200)
    expect(withdrawn.json<Body>().withdrawnAt).toBe('2026-11-22T09:00:00.000Z')
    await doJobs(service)
    const { status, body } = await publicDocument(given.address)
    expect([status, parseObject(body)]).toEqual([410, { id: given.address, revoked: true }])
    service.at('2026-11-22T09:00:10Z')
    expect(parseObject((await publicDocument(address())).body)['endorsement']).toBeUndefined()
    const verdict = await verify(Buffer.from(before), lookAtOwn(service.deps), { at: service.deps.now() })
    expect(verdict.verdict).toBe('valid')
    const again = await outi.post(`/api/v1/endorsements/${given.id}/withdrawal`, {})
    expect(again.json<Body>().withdrawnAt).toBe('2026-11-22T09:00:00.000Z')
    const renewed = await endorsed(address(), 'Uusi arvio merkistä on tässä.')
    expect(renewed.id).not.toBe(given.id)
  })

  /** A badge that carries the endorsement: any that was signed meanwhile. */
  async function carryingBadge(): Promise<string> {
    const rows = await service.database.ownerDb
      .selectFrom('award')
      .select('ob3_jwt')
      .where('tenant_id', '=', foundation.code)
      .execute()
    return rows.map((row) => row.ob3_jwt).find((jwt) => carriedBy(jwt) !== undefined) ?? ''
  }
})

describe('a school endorses an award that it was shown', () => {
  let given: Body
  beforeAll(async () => {
    given = await endorsed(await jwtOf(early), 'Hän näytti meille hyvän työn.')
  })

  test('by the signed text: it names the 3.0 credential, whichever form was shown', async () => {
    const credential = embeddedDocument(await jwtOf(early))
    expect(given.subject).toMatchObject({ kind: 'award', id: credential['id'], name: credential['name'] })
  })

  test('nobody reads it at its address while the badge is not public; its holder sees it on the own page', async () => {
    expect((await publicDocument(given.address)).status).toBe(404)
    const own = await (await foundation.browser('maija')).get(`/merkit/${early.id}`)
    expect(own.body).toContain('Hän näytti meille hyvän työn.')
    await show(foundation, early, true)
    expect((await publicDocument(given.address)).status).toBe(200)
    const page = await service.app.inject({ url: `/b/${early.publicId}`, headers: { accept: 'text/html' } })
    expect(page.body).toContain('Hän näytti meille hyvän työn.')
    await show(foundation, early, false)
    expect((await publicDocument(given.address)).status).toBe(404)
  })

  test('its public address is enough while there is one; a revoked badge is not endorsed', async () => {
    const later = await service.database.ownerDb
      .selectFrom('award')
      .select(['id', 'public_id as publicId'])
      .where('client_id', '=', foundation.clients.antti)
      .executeTakeFirstOrThrow()
    const offered = await outi.post('/api/v1/endorsements', { badge: await jwtOf(later), comment })
    // Not yet taken: nobody outside knows of it (DESIGN, The award path 7).
    expect(offered.json()).toMatchObject({ code: 'badge-not-ours' })
    await accept(foundation, later, 'antti')
    await show(foundation, later, true, 'antti')
    const shown = await endorsed(`${publicOrigin}/b/${later.publicId}`)
    expect(shown.subject.kind).toBe('award')
    await revoke(foundation, later)
    const refused = await outi.post('/api/v1/endorsements', {
      badge: await jwtOf(later),
      comment: 'Vielä kerran hyvä.',
    })
    expect(refused.json()).toMatchObject({ code: 'badge-not-valid' })
  })
})

describe('who may', () => {
  test('only a school: the role in a foundation is not enough; nobody else has the permission', async () => {
    const kaisa = await foundation.as('kaisa')
    expect((await kaisa.post('/api/v1/endorsements', { badge: address(), comment })).statusCode).toBe(403)
    expect((await kaisa.get('/api/v1/endorsements')).statusCode).toBe(403)
    await service.database.ownerDb
      .insertInto('role_grant')
      .values({
        tenant_id: foundation.code,
        account_id: foundation.accounts.sari,
        role: 'school',
        granted_at: new Date(),
        ended_at: null,
      })
      .execute()
    const sari = await foundation.as('sari')
    const refused = await sari.post('/api/v1/endorsements', { badge: address(), comment })
    expect([refused.statusCode, refused.json<{ code: string }>().code]).toEqual([403, 'not-a-school'])
  })

  test('nothing is signed while signing is stopped for the school (S-25)', async () => {
    const { ownerDb } = service.database
    const stopped = (at: Date | null): Promise<unknown> =>
      ownerDb.updateTable('organisation').set({ issuing_stopped_at: at }).where('tenant_id', '=', school.code).execute()
    await stopped(service.deps.now())
    const badge = address('sv')
    const answer = await outi.post('/api/v1/endorsements', { badge, comment })
    expect(answer.statusCode).toBe(503)
    await stopped(null)
    expect((await outi.post('/api/v1/endorsements', { badge, comment })).statusCode).toBe(201)
  })
})

test('the history tells when an endorsement was signed, by the id that the document itself names (S-22)', async () => {
  const given = await service.database.ownerDb
    .selectFrom('endorsement')
    .selectAll()
    .where('tenant_id', '=', school.code)
    .where('withdrawn_at', 'is', null)
    .executeTakeFirstOrThrow()
  const document: JsonObject = parseObject(given.document)
  const history = recordedHere(service.deps)
  const known = await history({
    issuerId: `${publicOrigin}/o/${school.code}`,
    id: `${publicOrigin}/o/${school.code}/endorsements/${given.id}`,
    sha256: createHash('sha256').update(JSON.stringify(document)).digest('hex'),
  })
  expect(known).toEqual(given.given_at)
})
