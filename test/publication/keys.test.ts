import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { isJsonList, isJsonObject, type JsonObject } from '../../src/credentials/json.ts'
import { asTenant } from '../../src/db/connect.ts'
import { newSigningKey } from '../../src/keys/signing-keys.ts'
import type { KeyAlgorithm } from '../../src/keys/tables.ts'
import { startService, type TestService } from '../support/app.ts'
import { givenFoundation } from '../support/given.ts'
import { parseObject, textAt } from '../support/json.ts'
import { publicOrigin } from './given-award.ts'

let service: TestService
let code: string
let minute = 0

beforeAll(async () => {
  service = await startService({ publicOrigin })
})
afterAll(async () => await service.close())
beforeEach(async () => {
  code = (await givenFoundation(service, { badgeAlgorithm: 'ES256', module: false })).code
})

/** A public document as a stranger gets it, later than what was kept in memory before. */
async function json(path: string): Promise<JsonObject> {
  minute += 1
  service.at(new Date(Date.UTC(2026, 10, 22, 10, minute)))
  const answer = await service.app.inject({ url: path })
  expect([path, answer.statusCode]).toEqual([path, 200])
  return parseObject(answer.body)
}

const listOf = (document: JsonObject, member: string): readonly JsonObject[] => {
  const list = document[member]
  return isJsonList(list) ? list.filter(isJsonObject) : []
}
/** The texts of a list that holds nothing else. */
const textsOf = (document: JsonObject, member: string): readonly string[] => {
  const list = document[member]
  return isJsonList(list) ? list.filter((one) => typeof one === 'string') : []
}
const pathOf = (address: string): string => address.slice(publicOrigin.length)

/** Everything that the organisation says of its keys, by their short names. */
async function said(): Promise<Readonly<Record<'jwks' | 'host' | 'did' | 'assertion' | 'ob2', readonly string[]>>> {
  const short = (text: string): string =>
    text
      .replace(/\/ob2$/, '')
      .split(/[/#]/)
      .at(-1) ?? ''
  const issuer = `${publicOrigin}/o/${code}`
  const host = listOf(await json('/.well-known/jwks.json'), 'keys').filter((key) => key['iss'] === issuer)
  return {
    jwks: listOf(await json(`/o/${code}/jwks.json`), 'keys').map((key) => short(textAt(key, 'kid'))),
    host: host.map((key) => short(textAt(key, 'kid'))),
    did: listOf(await json(`/o/${code}/did.json`), 'verificationMethod').map((method) => short(textAt(method, 'id'))),
    assertion: textsOf(await json(`/o/${code}`), 'assertionMethod').map(short),
    ob2: textsOf(await json(`/o/${code}/ob2`), 'publicKey').map(short),
  }
}

/** The key in use of a kind is retired, and a new one takes its place. */
async function rotate(algorithm: KeyAlgorithm): Promise<{ readonly old: string; readonly fresh: string }> {
  const fresh = `${algorithm.toLowerCase()}-later`
  const key = await newSigningKey(service.deps.vault, code, fresh, algorithm)
  const at = service.deps.now()
  return await asTenant(service.database.ownerDb, code, async (trx) => {
    const { kid: old } = await trx
      .updateTable('signing_key')
      .set({ state: 'retired', retired_at: at })
      .where('tenant_id', '=', code)
      .where('algorithm', '=', algorithm)
      .returning('kid')
      .executeTakeFirstOrThrow()
    const row = {
      tenant_id: code,
      kid: fresh,
      algorithm,
      state: 'active',
      public_jwk: JSON.stringify(key.publicJwk),
    } as const
    const sealed = { data_key: key.wrapped.dataKey, kek_version: key.wrapped.kekVersion, private_sealed: key.sealed }
    const times = { created_at: at, retired_at: null, compromised_at: null }
    await trx
      .insertInto('signing_key')
      .values({ ...row, ...sealed, ...times })
      .execute()
    return { old, fresh }
  })
}

const starting = (list: readonly string[], kind: string): readonly string[] =>
  list.filter((name) => name.startsWith(kind))

describe('the keys of a foundation that chose ES256', () => {
  test('S-23: are in its set and in the host’s, each with address, algorithm, use and issuer, and nothing private', async () => {
    const keys = listOf(await json(`/o/${code}/jwks.json`), 'keys')
    expect(keys.map((key) => textAt(key, 'alg')).sort()).toEqual(['ES256', 'RS256'])
    for (const key of keys) {
      expect(key).toMatchObject({ use: 'sig', iss: `${publicOrigin}/o/${code}` })
      expect(textAt(key, 'kid')).toMatch(`${publicOrigin}/o/${code}/keys/`)
      for (const member of ['d', 'p', 'q', 'dp', 'dq', 'qi']) expect(key).not.toHaveProperty(member)
    }
    expect(listOf(await json('/.well-known/jwks.json'), 'keys')).toEqual(expect.arrayContaining([...keys]))
  })

  test('CONFORMANCE 3.2, 3.8, 3.10: each address answers that one key: a JWK, or a Multikey for Ed25519', async () => {
    const keys = listOf(await json(`/o/${code}/jwks.json`), 'keys')
    for (const key of keys) expect(await json(pathOf(textAt(key, 'kid')))).toEqual(key)
    const { kid } = await service.database.ownerDb
      .selectFrom('signing_key')
      .select('kid')
      .where('tenant_id', '=', code)
      .where('algorithm', '=', 'EdDSA')
      .executeTakeFirstOrThrow()
    const { '@context': _, ...multikey } = await json(`/o/${code}/keys/${kid}`)
    expect(listOf(await json(`/o/${code}`), 'verificationMethod')).toEqual([multikey])
  })

  test('CONFORMANCE 1.7, 1.8: OB 2.0 knows the RSA key only', async () => {
    const { ob2, jwks } = await said()
    expect(ob2).toEqual(starting(jwks, 'rsa'))
    const p256 = starting(jwks, 'p256')[0] ?? ''
    expect((await service.app.inject({ url: `/o/${code}/keys/${p256}/ob2` })).statusCode).toBe(404)
  })

  test('CONFORMANCE 3.14: did:web lists all three under the DID, as its address says', async () => {
    const did = await json(`/o/${code}/did.json`)
    const id = `did:web:merkit.example:o:${code}`
    expect(did).toMatchObject({ id, alsoKnownAs: [`${publicOrigin}/o/${code}`] })
    const methods = listOf(did, 'verificationMethod')
    expect(methods.map((method) => textAt(method, 'type')).sort()).toEqual(['JsonWebKey', 'JsonWebKey', 'Multikey'])
    expect(did['assertionMethod']).toEqual(methods.map((method) => method['id']))
    for (const method of methods) expect(textAt(method, 'id')).toMatch(new RegExp(`^${id}#`))
    const p256 = methods.find((method) => textAt(method, 'id').includes('#p256-'))
    expect(p256).toMatchObject({ controller: id, publicKeyJwk: { kty: 'EC', crv: 'P-256', alg: 'ES256' } })
  })
})

test.each([
  ['RS256', 'rsa', ['jwks', 'host', 'did', 'ob2']],
  ['ES256', 'p256', ['jwks', 'host', 'did']],
] as const)(
  'CONFORMANCE 3.8, T14, S-22: a retired %s key stays in every list and at its address',
  async (algorithm, kind, places) => {
    const before = await said()
    const { old, fresh } = await rotate(algorithm)
    const after = await said()
    expect(old).toMatch(new RegExp(`^${kind}-`))
    for (const place of places) {
      expect([place, before[place].includes(old)]).toEqual([place, true])
      expect([place, [...after[place]].sort()]).toEqual([place, [...before[place], fresh].sort()])
    }
    for (const kid of [old, fresh]) expect(await json(`/o/${code}/keys/${kid}`)).toMatchObject({ alg: algorithm })
  },
)

test('CONFORMANCE 3.8, 3.11, T14: a retired Ed25519 key stays an assertion method of issuer and did:web document', async () => {
  const before = await said()
  const { old, fresh } = await rotate('EdDSA')
  const after = await said()
  expect(before.assertion).toHaveLength(1)
  expect(after.assertion).toHaveLength(2)
  expect(after.assertion).toEqual(expect.arrayContaining([...before.assertion]))
  expect(after.did).toEqual(expect.arrayContaining([...before.assertion]))
  for (const kid of [old, fresh]) expect(await json(`/o/${code}/keys/${kid}`)).toMatchObject({ type: 'Multikey' })
})
