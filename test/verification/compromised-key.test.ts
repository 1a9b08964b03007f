import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { embedProof } from '../../src/awards/embed.ts'
import { recordedHere } from '../../src/awards/recorded.ts'
import { bakePng } from '../../src/credentials/bake/png.ts'
import type { KeyAlgorithm } from '../../src/keys/tables.ts'
import { type GivenAward, givenOffered, publicOrigin } from '../publication/given-award.ts'
import { startService, type TestService } from '../support/app.ts'
import { jwsOf, payloadOf, smallPng } from '../support/badge-world.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'
import { keyOf } from './given-keys.ts'
import type { PresentedVerdict } from '../../src/verification/present.ts'
import { verdictOf } from './presented.ts'

// A key of ours was stolen: our history tells which badges are older (S-22).

const awardedAt = '2026-11-22T09:00:00Z'
const stolenAt = new Date('2026-11-25T00:00:00Z')

let service: TestService
let foundation: Foundation
let award: GivenAward
let texts: { ob2_jws: string; ob3_jwt: string; ob3_json: string | null; credential_id: string }

beforeAll(async () => {
  service = await startService({ publicOrigin })
  service.at(awardedAt)
  foundation = await givenFoundation(service)
  award = await givenOffered(foundation)
  await embedProof(service.deps, { tenant: foundation.code, id: award.id })
  texts = await service.database.ownerDb
    .selectFrom('award')
    .select(['ob2_jws', 'ob3_jwt', 'ob3_json', 'credential_id'])
    .where('id', '=', award.id)
    .executeTakeFirstOrThrow()
})
afterAll(async () => await service.close())

async function compromise(algorithm: KeyAlgorithm, at = stolenAt): Promise<void> {
  await service.database.ownerDb
    .updateTable('signing_key')
    .set({ state: 'compromised', compromised_at: at })
    .where('tenant_id', '=', foundation.code)
    .where('algorithm', '=', algorithm)
    .execute()
  // What is kept in memory is up to five seconds old.
  service.at('2026-12-01T00:00:00Z')
}

async function ask(credential: string): Promise<PresentedVerdict> {
  const response = await service.app.inject({
    method: 'POST',
    url: '/api/v1/verifications',
    payload: { credential },
    headers: { 'accept-language': 'en' },
  })
  return verdictOf(response)
}

const key = (verdict: PresentedVerdict): PresentedVerdict['checks'][number] | undefined =>
  verdict.checks.find(({ id }) => id === 'key')

describe('before anybody knows', () => {
  test('all forms are valid', async () => {
    for (const text of [texts.ob2_jws, texts.ob3_jwt, texts.ob3_json ?? '']) {
      expect([(await ask(text)).verdict, key(await ask(text))?.code]).toEqual(['valid', 'key-of-issuer'])
    }
  })
})

describe('S-22: once the key for JWS is known to be stolen', () => {
  beforeAll(async () => await compromise('RS256'))

  test('our older badges verify, with a note', async () => {
    for (const text of [texts.ob2_jws, texts.ob3_jwt]) {
      const verdict = await ask(text)
      expect([verdict.verdict, key(verdict)]).toEqual([
        'valid',
        {
          id: 'key',
          outcome: 'passed',
          code: 'key-revoked-later',
          reason:
            "The key was taken out of use on 25 Nov 2026. The badge is older: it is in the issuer's history since 22 Nov 2026.",
        },
      ])
    }
  })

  test('both together in one picture too', async () => {
    const png = bakePng(smallPng(), { ob2: texts.ob2_jws, ob3: texts.ob3_jwt })
    const response = await service.app.inject({
      method: 'POST',
      url: '/api/v1/verifications',
      payload: Buffer.from(png),
      headers: { 'content-type': 'image/png' },
    })
    expect(verdictOf(response).verdict).toBe('valid')
  })

  test('what the thief makes does not, dated back and with the id of a true badge', async () => {
    const stolen = await keyOf(service, foundation.code, 'RS256')
    const header = { alg: 'RS256', kid: stolen.kid, typ: 'JWT' }
    const own = payloadOf(texts.ob3_jwt)
    const forged = [
      { ...own, name: 'Mestari' },
      {
        ...own,
        id: 'urn:uuid:019ab000-0000-7000-8000-00000000abcd',
        jti: 'urn:uuid:019ab000-0000-7000-8000-00000000abcd',
      },
    ].map((payload) => jwsOf(header, payload, stolen))
    const ob2 = jwsOf({ alg: 'RS256' }, { ...payloadOf(texts.ob2_jws), issuedOn: '2026-11-20T10:00:00Z' }, stolen)
    for (const text of [...forged, ob2]) {
      const verdict = await ask(text)
      expect([verdict.verdict, key(verdict)?.code]).toEqual(['issuer-not-recognised', 'key-revoked'])
    }
  })

  test('the 2.0 key answers 410 and says since when, without a key that a plain reader would use', async () => {
    const { kid } = await keyOf(service, foundation.code, 'RS256')
    const path = `${kid.slice(publicOrigin.length)}/ob2`
    const response = await service.app.inject({ url: path })
    expect(response.statusCode).toBe(410)
    expect(response.json()).toMatchObject({ type: 'CryptographicKey', revoked: '2026-11-25T00:00:00Z' })
    expect(response.body).not.toContain('publicKeyPem')
  })

  test('a time before the award: then the award itself may be the thief’s', async () => {
    await service.database.ownerDb
      .updateTable('signing_key')
      .set({ compromised_at: new Date('2026-11-22T08:00:00Z') })
      .where('tenant_id', '=', foundation.code)
      .where('algorithm', '=', 'RS256')
      .execute()
    service.at('2026-12-01T00:01:00Z')
    expect(key(await ask(texts.ob3_jwt))?.code).toBe('key-revoked')
  })
})

describe('S-22: once the key for embedded proofs is known to be stolen', () => {
  beforeAll(async () => await compromise('EdDSA'))

  test('the older badge’s key passes, also when its JSON was written with spaces', async () => {
    const json = texts.ob3_json ?? ''
    const spaced = JSON.stringify(JSON.parse(json), null, 2)
    for (const text of [json, spaced]) expect(key(await ask(text))?.code).toBe('key-revoked-later')
  })
})

describe('what the history tells', () => {
  const at = async (issuerId: string, id: string, sha256: string): Promise<Date | undefined> =>
    await recordedHere(service.deps)({ issuerId, id, sha256 })
  const own = (): string => `${publicOrigin}/o/${foundation.code}`

  test('nothing of other issuers, other badges and other bytes', async () => {
    const id = texts.credential_id
    const sha256 = 'ab'.repeat(32)
    for (const [issuer, badge] of [
      [own(), id],
      [own(), 'urn:uuid:019ab000-0000-7000-8000-00000000abcd'],
      [`${own()}/other`, id],
      ['https://a.example/o/mer1', id],
      [`${publicOrigin}/o/zzzz`, id],
      [`${publicOrigin}/o/`, id],
    ] as const) {
      expect([issuer, await at(issuer, badge, sha256)]).toEqual([issuer, undefined])
    }
  })

  test('nothing once its content was changed or erased (S-32)', async () => {
    const [line] = await service.database.ownerDb
      .selectFrom('history_content')
      .selectAll()
      .where('tenant_id', '=', foundation.code)
      .where('content', 'like', `%"award":"${award.id}"%"ob3":%`)
      .execute()
    const facts: unknown = JSON.parse(line?.content ?? '{}')
    const sha256 = typeof facts === 'object' && facts !== null && 'ob3' in facts ? String(facts.ob3) : ''
    expect(await at(own(), texts.credential_id, sha256)).toEqual(new Date(awardedAt))
    await service.database.ownerDb
      .updateTable('history_content')
      .set({ content: `${line?.content ?? ''} ` })
      .where('tenant_id', '=', foundation.code)
      .where('history_id', '=', line?.history_id ?? '')
      .execute()
    expect(await at(own(), texts.credential_id, sha256)).toBeUndefined()
  })
})
