import { compactVerify, decodeProtectedHeader, importJWK, importSPKI } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { embedProof } from '../../src/awards/embed.ts'
import { verify } from '../../src/credentials/verify.ts'
import { lookAtOwn } from '../../src/publication/look.ts'
import { startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'
import { parseObject, textAt } from '../support/json.ts'
import { accept, givenOffered, publicOrigin } from '../publication/given-award.ts'

let service: TestService
let f: Foundation

beforeAll(async () => {
  service = await startService({ publicOrigin })
})
afterAll(async () => await service.close())
beforeEach(async () => {
  service.at('2026-11-22T09:00:00Z')
})

async function json(path: string): Promise<ReturnType<typeof parseObject>> {
  const answer = await service.app.inject({ url: path })
  expect([path, answer.statusCode]).toEqual([path, 200])
  return parseObject(answer.body)
}

const pathOf = (address: string): string => address.slice(publicOrigin.length)

describe('CONFORMANCE 3.1: a foundation that chose ES256', () => {
  type Texts = { readonly id: string; readonly ob2_jws: string; readonly ob3_jwt: string }
  let award: Texts

  beforeAll(async () => {
    f = await givenFoundation(service, { badgeAlgorithm: 'ES256' })
    const offered = await givenOffered(f)
    await accept(f, offered)
    const { ownerDb } = service.database
    award = await ownerDb
      .selectFrom('award')
      .select(['id', 'ob2_jws', 'ob3_jwt'])
      .where('id', '=', offered.id)
      .executeTakeFirstOrThrow()
  })

  test('signs OB 3.0 by ES256 with its P-256 key, and OB 2.0 by RS256 (CONFORMANCE 1.7)', () => {
    expect(decodeProtectedHeader(award.ob3_jwt)).toEqual({
      alg: 'ES256',
      typ: 'JWT',
      kid: expect.stringMatching(new RegExp(`^${publicOrigin}/o/${f.code}/keys/p256-`)) as string,
    })
    expect(decodeProtectedHeader(award.ob2_jws)).toEqual({
      alg: 'RS256',
      kid: expect.stringMatching(new RegExp(`^${publicOrigin}/o/${f.code}/keys/rsa-`)) as string,
    })
  })

  test('CONFORMANCE 3.2, 3.7: another library verifies both with the keys at their addresses', async () => {
    const kid = decodeProtectedHeader(award.ob3_jwt).kid ?? ''
    const jwk = await json(pathOf(kid))
    await compactVerify(award.ob3_jwt, await importJWK({ ...jwk }, 'ES256'), { algorithms: ['ES256'] })
    const pem = textAt(await json(`${pathOf(decodeProtectedHeader(award.ob2_jws).kid ?? '')}/ob2`), 'publicKeyPem')
    await compactVerify(award.ob2_jws, await importSPKI(pem, 'RS256'), { algorithms: ['RS256'] })
    const { keys } = await json('/.well-known/jwks.json')
    expect(keys).toContainEqual(jwk)
  })

  test('our own verifier finds every form valid, the embedded one too', async () => {
    await embedProof(service.deps, { tenant: f.code, id: award.id })
    const { ob3_json } = await service.database.ownerDb
      .selectFrom('award')
      .select('ob3_json')
      .where('id', '=', award.id)
      .executeTakeFirstOrThrow()
    for (const text of [award.ob3_jwt, award.ob2_jws, ob3_json ?? '']) {
      const verdict = await verify(Buffer.from(text), lookAtOwn(service.deps), { at: service.deps.now() })
      expect([verdict.verdict, verdict.checks.filter(({ outcome }) => outcome !== 'passed')]).toEqual(['valid', []])
    }
  })

  test('deciding takes as many statements as with RS256', async () => {
    const counts: number[] = []
    for (const badgeAlgorithm of ['RS256', 'ES256'] as const) {
      const foundation = await givenFoundation(service, { badgeAlgorithm })
      await givenOffered(foundation, 'maija')
      const id = await waiting(foundation)
      const kaisa = await foundation.as('kaisa')
      const sent = service.statements()
      const decided = await kaisa.post(decision(id), { outcome: 'award' }, { 'idempotency-key': id })
      expect(decided.statusCode, decided.body).toBe(201)
      counts.push(sent().length)
    }
    expect(counts[0]).toBe(counts[1])
  })
})

const decision = (id: string): string => `/api/v1/applications/${id}/decision`

/** Antti's application for the badge that was just awarded to Maija. */
async function waiting(foundation: Foundation): Promise<string> {
  await foundation.readyForSanding('antti')
  const applied = await (await foundation.as('antti')).post('/api/v1/applications', {
    badgeClassId: foundation.badge('hionta').classId,
  })
  expect(applied.statusCode, applied.body).toBe(201)
  return applied.json<{ id: string }>().id
}

describe('before a key is used', () => {
  beforeEach(async () => {
    f = await givenFoundation(service, { badgeAlgorithm: 'ES256' })
  })

  async function decide(id: string): ReturnType<Awaited<ReturnType<Foundation['as']>>['post']> {
    return await (await f.as('kaisa')).post(decision(id), { outcome: 'award' }, { 'idempotency-key': id })
  }

  async function awards(): Promise<number> {
    const { ownerDb } = service.database
    return (await ownerDb.selectFrom('award').select('id').where('tenant_id', '=', f.code).execute()).length
  }

  test('S-24: content that must not be signed is refused, with a pointer to each field, and no key is opened', async () => {
    const id = await waiting(f)
    const { ownerDb } = service.database
    await ownerDb
      .updateTable('organisation')
      .set({ name: 'Tehostettu tuki', url: 'http://meriharju.example/' })
      .where('tenant_id', '=', f.code)
      .execute()
    // Keys that cannot be opened: whoever tried would fail otherwise than by a refusal.
    await breakKeys()
    const answer = await decide(id)
    expect(answer.statusCode, answer.body).toBe(422)
    expect(answer.json()).toMatchObject({ code: 'unfit-to-sign' })
    const pointers = answer.json<{ errors: { pointer: string }[] }>().errors.map(({ pointer }) => pointer)
    expect(new Set(pointers)).toEqual(new Set(['/ob3/issuer/name', '/ob3/issuer/url']))
    expect(await awards()).toBe(0)
  })

  test('the same keys fail when nothing is wrong with the content: they were not opened before', async () => {
    const id = await waiting(f)
    await breakKeys()
    expect((await decide(id)).statusCode).toBe(500)
    expect(await awards()).toBe(0)
  })

  test('CONFORMANCE 3.1: without the key that it chose nothing is signed, by another key least of all', async () => {
    const id = await waiting(f)
    const { ownerDb } = service.database
    await ownerDb
      .updateTable('signing_key')
      .set({ state: 'retired', retired_at: service.deps.now() })
      .where('tenant_id', '=', f.code)
      .where('algorithm', '=', 'ES256')
      .execute()
    const answer = await decide(id)
    expect([answer.statusCode, answer.json()]).toMatchObject([503, { code: 'stopped' }])
    expect(answer.headers['retry-after']).toBeDefined()
    expect(await awards()).toBe(0)
  })

  /** What is sealed moves to another row, as a thief would move it (S-20). */
  async function breakKeys(): Promise<void> {
    const { ownerDb } = service.database
    await ownerDb.updateTable('signing_key').set({ kek_version: 'lost' }).where('tenant_id', '=', f.code).execute()
  }
})
