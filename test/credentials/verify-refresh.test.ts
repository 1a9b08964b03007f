import { beforeAll, describe, expect, test } from 'vitest'
import type { JsonObject } from '../../src/credentials/json.ts'
import type { Check, CheckId, Verdict } from '../../src/credentials/verdict.ts'
import { verify } from '../../src/credentials/verify.ts'
import { awardFacts, now } from '../support/award-facts.ts'
import type { Documents } from '../support/badge-world.ts'
import {
  badgesOf,
  bytesOf,
  jwsOf,
  keys,
  lookIn,
  payloadOf,
  publicDocuments,
  stranger,
  strangerKeys,
} from '../support/badge-world.ts'
import { signEmbedded } from '../../src/credentials/issue.ts'

// A newer version of a credential from its refresh service (CONFORMANCE 6.4).

const service = 'https://merkit.example/refresh/1'
const newer = '2026-11-28T10:00:00Z'

let documents: Documents
let payload: JsonObject
beforeAll(async () => {
  documents = await publicDocuments()
  payload = {
    ...payloadOf((await badgesOf()).ob3),
    refreshService: { id: service, type: '1EdTechCredentialRefresh' },
  }
})

const signed = (change: JsonObject = {}, key = keys.rsa): string =>
  jwsOf({ alg: key.alg, kid: key.kid, typ: 'JWT' }, { ...payload, ...change }, key)
const since = (from: string, change: JsonObject = {}): JsonObject => ({
  validFrom: from,
  nbf: Date.parse(from) / 1000,
  name: 'Polkupyörän huolto, uusi',
  ...change,
})

const check = (verdict: Verdict, id: CheckId): Check | undefined => verdict.checks.find((one) => one.id === id)

/** The verdict, its refresh check, whether the newer name is shown, and how often the service was asked. */
async function outcome(badge: string | JsonObject, changes: Documents, at = now): Promise<readonly unknown[]> {
  const look = lookIn({ ...documents, ...changes })
  const verdict = await verify(bytesOf(badge), look, { at })
  const asked = look.asked.filter(({ purpose }) => purpose === 'refresh').length
  const isNewer = verdict.credential?.name === 'Polkupyörän huolto, uusi'
  return [verdict.verdict, check(verdict, 'refresh')?.code, isNewer, asked]
}

test('CONFORMANCE 6.4: a newer one of the same issuer and id is used, and asked for once', async () => {
  expect(await outcome(signed(), { [service]: signed(since(newer)) })).toEqual(['valid', 'refreshed', true, 1])
  const verdict = await verify(bytesOf(signed()), lookIn({ ...documents, [service]: signed(since(newer)) }), {
    at: now,
  })
  expect(check(verdict, 'refresh')).toMatchObject({ outcome: 'passed', values: { from: newer } })
  expect(verdict.credential).toMatchObject({ format: 'ob3-jwt', validFrom: newer })
})

test('CONFORMANCE 6.4: in the other form as well', async () => {
  const { iss: _iss, jti: _jti, nbf: _nbf, sub: _sub, exp: _exp, ...bare } = { ...payload, ...since(newer) }
  const document = await signEmbedded({ ...bare, validFrom: newer }, keys.ed, now)
  const verdict = await verify(bytesOf(signed()), lookIn({ ...documents, [service]: document }), { at: now })
  expect([verdict.verdict, check(verdict, 'refresh')?.code]).toEqual(['valid', 'refreshed'])
  expect(verdict.credential?.format).toBe('ob3-json')
})

test('CONFORMANCE 6.4: an ended original is good again when it was renewed', async () => {
  const until = '2026-11-25T00:00:00Z'
  const ended = signed({ validUntil: until, exp: Date.parse(until) / 1000 })
  expect((await outcome(ended, {}))[0]).toBe('expired')
  expect(await outcome(ended, { [service]: signed(since(newer)) })).toEqual(['valid', 'refreshed', true, 1])
})

test('CONFORMANCE 6.4, 6.5: dates and status are those of the newer one', async () => {
  const until = '2026-11-29T00:00:00Z'
  const over = signed(since(newer, { validUntil: until, exp: Date.parse(until) / 1000 }))
  expect(await outcome(signed(), { [service]: over })).toEqual(['expired', 'refreshed', true, 1])
  const revoked = await publicDocuments({ revoked: true })
  expect(await outcome(signed(), { ...revoked, [service]: signed(since(newer)) })).toEqual([
    'revoked',
    'refreshed',
    true,
    1,
  ])
})

describe('CONFORMANCE 6.4: otherwise the original stands, with a note', () => {
  const strangerId = `${stranger.origin}/o/${stranger.code}`
  test.each<[string, () => Documents, string]>([
    ['nothing there', () => ({}), 'refresh-not-newer'],
    ['the same', () => ({ [service]: signed() }), 'refresh-not-newer'],
    ['an older one', () => ({ [service]: signed(since('2026-11-01T10:00:00Z')) }), 'refresh-not-newer'],
    ['no credential', () => ({ [service]: '<html>' }), 'refresh-not-accepted'],
    [
      'one with another id',
      () => ({ [service]: signed(since(newer, { id: 'urn:x:1', jti: 'urn:x:1' })) }),
      'refresh-not-accepted',
    ],
    [
      'one that was changed',
      () => ({ [service]: `${signed(since(newer)).slice(0, -8)}AAAAAAAA` }),
      'refresh-not-accepted',
    ],
    ['one without its proof', () => ({ [service]: { ...payload, ...since(newer) } }), 'refresh-not-accepted'],
    ['one whose claims differ', () => ({ [service]: signed(since(newer, { nbf: 1 })) }), 'refresh-not-accepted'],
    ['one that fails the schema', () => ({ [service]: signed(since(newer, { image: 'x' })) }), 'refresh-not-accepted'],
    [
      'one by a key of another issuer',
      () => ({ [service]: signed(since(newer), strangerKeys.rsa) }),
      'refresh-not-accepted',
    ],
    [
      'one of another issuer',
      () => ({
        [service]: signed(
          since(newer, { iss: strangerId, issuer: { id: strangerId, type: ['Profile'] } }),
          strangerKeys.rsa,
        ),
      }),
      'refresh-not-accepted',
    ],
  ])('%s', async (_, changes, code) => {
    expect(await outcome(signed(), changes())).toEqual(['valid', code, false, 1])
  })

  test('an answer that did not come', async () => {
    const inner = lookIn(documents)
    const verdict = await verify(
      bytesOf(signed()),
      async (address, purpose) =>
        purpose === 'refresh' ? { outcome: 'not-fetched', why: 'unreachable' } : await inner(address, purpose),
      { at: now },
    )
    expect([verdict.verdict, check(verdict, 'refresh')]).toMatchObject([
      'valid',
      { outcome: 'passed', code: 'refresh-not-fetched' },
    ])
  })

  test.each<[string, JsonObject[string], string]>([
    ['of another kind', { id: service, type: 'ManualRefreshService2018' }, 'ManualRefreshService2018'],
    ['that is no object', 'https://merkit.example/refresh/1', ''],
  ])('a service %s is not asked', async (_, refreshService, type) => {
    const look = lookIn(documents)
    const verdict = await verify(bytesOf(signed({ refreshService: refreshService ?? null })), look, { at: now })
    expect(check(verdict, 'refresh')).toMatchObject({ outcome: 'passed', code: 'refresh-not-known', values: { type } })
    expect(look.asked.map(({ address }) => address)).not.toContain(service)
  })

  test('a newer one is not asked for a still newer one', async () => {
    const second = 'https://merkit.example/refresh/2'
    const look = lookIn({
      ...documents,
      [service]: signed(since(newer, { refreshService: { id: second, type: '1EdTechCredentialRefresh' } })),
      [second]: signed(since('2026-11-29T10:00:00Z')),
    })
    await verify(bytesOf(signed()), look, { at: now })
    expect(look.asked.map(({ address }) => address)).not.toContain(second)
  })
})

test('CONFORMANCE 6.3, 6.4: the service is not asked before the proof is good', async () => {
  const wrong = `${signed().slice(0, -8)}AAAAAAAA`
  expect(await outcome(wrong, { [service]: signed(since(newer)) })).toEqual(['invalid', undefined, false, 0])
  expect(await outcome(signed({}, strangerKeys.rsa), {})).toEqual(['issuer-not-recognised', undefined, false, 0])
})

test('CONFORMANCE 2.7: a credential without a refresh service has no such check', async () => {
  const { ob3 } = await badgesOf(awardFacts)
  const look = lookIn(documents)
  const verdict = await verify(bytesOf(ob3), look, { at: now })
  expect(check(verdict, 'refresh')).toBeUndefined()
})
