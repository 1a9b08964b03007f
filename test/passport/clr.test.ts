import type { LightMyRequestResponse } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isJsonList, isJsonObject, type JsonObject } from '../../src/credentials/json.ts'
import { verify } from '../../src/credentials/verify.ts'
import { lookAtOwn } from '../../src/publication/look.ts'
import { collectWorld } from '../../src/publication/world.ts'
import { accept, type GivenAward, givenOffered, publicOrigin, revoke } from '../publication/given-award.ts'
import { startService, type TestService } from '../support/app.ts'
import { judgeByDigitalBazaar } from '../support/digitalbazaar.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'
import { objectAt, parseObject, textAt } from '../support/json.ts'
import { doJobs, givenSchool } from '../support/school.ts'

// CONFORMANCE 10: the client takes the passport along as one signed collection.

let service: TestService
let foundation: Foundation
let sanding: GivenAward

beforeAll(async () => {
  service = await startService({ publicOrigin })
  foundation = await givenFoundation(service)
})
afterAll(async () => await service.close())

const take = async (who: 'maija' | 'antti' = 'maija'): Promise<LightMyRequestResponse> =>
  await (await foundation.as(who)).post('/api/v1/passport/clr', {})

async function storedJson(award: GivenAward): Promise<string> {
  const { ownerDb } = service.database
  const row = await ownerDb.selectFrom('award').select('ob3_json').where('id', '=', award.id).executeTakeFirstOrThrow()
  return row.ob3_json ?? ''
}

describe('before there is anything to take', () => {
  test('no badge: told so; offered but not taken counts as none', async () => {
    expect((await take()).json()).toMatchObject({ status: 409, code: 'no-badges' })
    sanding = await givenOffered(foundation)
    expect((await take()).json()).toMatchObject({ status: 409, code: 'no-badges' })
  })

  test('the embedded proof follows in a moment: come again', async () => {
    await accept(foundation, sanding)
    const answer = await take()
    expect(answer.json()).toMatchObject({ status: 503, code: 'coming' })
    await doJobs(service)
  })
})

describe('the signed passport', () => {
  let text: string
  let clr: JsonObject
  let subject: JsonObject
  beforeAll(async () => {
    const answer = await take()
    expect(answer.statusCode, answer.body).toBe(200)
    expect(answer.headers).toMatchObject({
      'content-type': 'application/vc+ld+json',
      'content-disposition': 'attachment; filename="osaamispassi.json"',
      'cache-control': 'no-store',
    })
    text = answer.body
    clr = parseObject(text)
    subject = objectAt(clr, 'credentialSubject')
  })

  test('is a ClrCredential of the foundation with the badge as it was signed, byte by byte (10.1, 10.2)', async () => {
    expect(clr).toMatchObject({
      type: ['VerifiableCredential', 'ClrCredential'],
      name: 'Osaamispassi',
      partial: true,
      issuer: { id: `${publicOrigin}/o/${foundation.code}` },
      proof: { cryptosuite: 'eddsa-rdfc-2022' },
    })
    expect(text).toContain(await storedJson(sanding))
  })

  test('tells how the badge is part of its module and of the unit (10.3)', () => {
    const [of, slug] = [`${publicOrigin}/o/${foundation.code}/badges/`, (name: string) => foundation.badge(name).slug]
    const [task, module, unit] = ['hionta', 'moduuli', 'tutkinnonosa'].map((name) => `${of}${slug(name)}/1/fi`)
    expect(subject['association']).toEqual([
      { type: 'Association', associationType: 'isPartOf', sourceId: task, targetId: module },
      { type: 'Association', associationType: 'isPartOf', sourceId: module, targetId: unit },
    ])
    const { achievement } = subject
    const wholes = isJsonList(achievement) ? achievement.filter(isJsonObject).map((one) => one['id']) : []
    expect(wholes).toEqual([module, unit])
  })

  test('our verifier and another implementation accept it, in safe mode', async () => {
    const verdict = await verify(Buffer.from(text), lookAtOwn(service.deps), { at: service.deps.now() })
    expect(verdict.verdict).toBe('valid')
    expect(verdict.credentials?.map((one) => one.verdict)).toEqual(['valid'])
    const world = await collectWorld(service.deps, [foundation.code])
    const documents = Object.entries(world).flatMap(([address, { body, encoding }]) =>
      encoding === undefined && body.startsWith('{') ? [[address, parseObject(body)] as const] : [],
    )
    expect(await judgeByDigitalBazaar(clr, Object.fromEntries(documents), service.deps.now())).toEqual({
      verified: true,
    })
  })

  test('the API’s verification answers each badge inside with its own verdict', async () => {
    const answer = await service.api().post('/api/v1/verifications', { credential: clr })
    expect(answer.json()).toMatchObject({
      verdict: 'valid',
      credential: { format: 'clr-json', name: 'Osaamispassi' },
      credentials: [{ verdict: 'valid' }],
    })
  })

  test('holds no name, e-mail address or support level, and names the badges’ own subjects only (10.4)', () => {
    expect(text).not.toMatch(/Maija|Korhonen|supportLevel|"minor"|vähäinen tuki/i)
    const inner = subject['verifiableCredential']
    const first = isJsonList(inner) ? inner.find(isJsonObject) : undefined
    const id = textAt(objectAt(first ?? {}, 'credentialSubject'), 'id')
    expect(subject['identifier']).toEqual([
      { type: 'IdentityObject', hashed: false, identityHash: id, identityType: 'identifier' },
    ])
    expect(subject['id']).not.toBe(id)
  })

  test('each copy has ids of its own and a line in the history (S-22)', async () => {
    const again = parseObject((await take()).body)
    expect(again['id']).not.toBe(clr['id'])
    expect(objectAt(again, 'credentialSubject')['id']).not.toBe(subject['id'])
    const lines = await service.database.ownerDb
      .selectFrom('history')
      .select('id')
      .where('tenant_id', '=', foundation.code)
      .where('kind', '=', 'passport.signed')
      .execute()
    const signed = lines.map(({ id }) => `urn:uuid:${id}`)
    expect(signed).toEqual(expect.arrayContaining([textAt(clr, 'id'), textAt(again, 'id')]))
  })

  test('carries what a school says of the award (6.7), and the page gives the same file', async () => {
    const school = await givenSchool(service)
    const outi = await school.as()
    const badge = await storedJson(sanding)
    const given = await outi.post('/api/v1/endorsements', { badge, comment: 'Näytti meille hyvän työn.' })
    expect(given.statusCode, given.body).toBe(201)
    await doJobs(service)
    const browser = await foundation.browser('maija')
    const page = await browser.get('/passi')
    expect(page.body).toContain('action="/passi/tiedosto"')
    const file = await browser.submit('/passi/tiedosto', {})
    expect(file.statusCode, file.body).toBe(200)
    expect(parseObject(file.body)['endorsement']).toMatchObject([{ issuer: { name: school.name } }])
    const verdict = await verify(Buffer.from(file.body), lookAtOwn(service.deps), { at: service.deps.now() })
    expect([verdict.verdict, verdict.credential?.endorsements?.[0]?.comment]).toEqual([
      'valid',
      'Näytti meille hyvän työn.',
    ])
  })

  test('a badge that was revoked stays out, and an old copy tells it', async () => {
    const antti = await givenOffered(foundation, 'antti')
    await accept(foundation, antti, 'antti')
    await doJobs(service)
    const before = (await take('antti')).body
    await revoke(foundation, antti)
    await doJobs(service)
    expect((await take('antti')).json()).toMatchObject({ code: 'no-badges' })
    const verdict = await verify(Buffer.from(before), lookAtOwn(service.deps), { at: service.deps.now() })
    expect(verdict.verdict).toBe('revoked')
  })

  test('nothing is signed while signing is stopped (S-25)', async () => {
    const { ownerDb } = service.database
    const stopped = async (at: Date | null): Promise<unknown> =>
      await ownerDb
        .updateTable('organisation')
        .set({ issuing_stopped_at: at })
        .where('tenant_id', '=', foundation.code)
        .execute()
    await stopped(service.deps.now())
    expect((await take()).statusCode).toBe(503)
    await stopped(null)
    expect((await take()).statusCode).toBe(200)
  })
})
