import type { LightMyRequestResponse } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { documentLoader } from '../../src/credentials/contexts.ts'
import { isJsonList, isJsonObject, type JsonObject } from '../../src/credentials/json.ts'
import { checkSafeJsonLd } from '../../src/credentials/safe-json-ld.ts'
import { startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'
import { parseObject, textAt } from '../support/json.ts'
import { markupFaults } from '../support/markup.ts'
import { givenOffered, publicOrigin } from './given-award.ts'

let service: TestService
let foundation: Foundation
let badge: string
let kids: Readonly<Record<'RS256' | 'EdDSA', string>>

beforeAll(async () => {
  service = await startService({ publicOrigin })
  foundation = await givenFoundation(service, { code: 'mer1' })
  await givenFoundation(service, { code: 'tor2', name: 'Toriseudun pajayhdistys' })
  await givenOffered(foundation)
  badge = `/o/mer1/badges/${foundation.badge('hionta').slug}/1/fi`
  const rows = await service.database.ownerDb
    .selectFrom('signing_key')
    .select(['kid', 'algorithm'])
    .where('tenant_id', '=', 'mer1')
    .execute()
  const kidOf = (algorithm: string): string => rows.find((row) => row.algorithm === algorithm)?.kid ?? ''
  kids = { RS256: kidOf('RS256'), EdDSA: kidOf('EdDSA') }
})
afterAll(async () => await service.close())

async function get(url: string, headers: Record<string, string> = {}): Promise<LightMyRequestResponse> {
  return await service.app.inject({ url, headers })
}

async function json(url: string): Promise<JsonObject> {
  const answer = await get(url)
  expect(answer.statusCode, url).toBe(200)
  return parseObject(answer.body)
}

/** Every class-level address with the content type it answers by default and, where there is one, another that may be asked for. */
function addresses(): readonly (readonly [string, string, string?])[] {
  return [
    ['/.well-known/jwks.json', 'application/jwk-set+json', 'application/json'],
    ['/o/mer1', 'application/ld+json', 'application/json'],
    ['/o/mer1/ob2', 'application/ld+json', 'application/json'],
    ['/o/mer1/jwks.json', 'application/jwk-set+json', 'application/json'],
    ['/o/mer1/did.json', 'application/did+ld+json', 'application/did'],
    [`/o/mer1/keys/${kids.RS256}`, 'application/json', 'application/jwk+json'],
    [`/o/mer1/keys/${kids.RS256}/ob2`, 'application/ld+json', 'application/json'],
    [`/o/mer1/keys/${kids.EdDSA}`, 'application/ld+json', 'application/json'],
    [badge, 'application/ld+json', 'application/json'],
    [`${badge}/ob2`, 'application/ld+json', 'application/json'],
    [`${badge}.png`, 'image/png'],
    [`${badge}.png?size=128`, 'image/png'],
    [`${badge}.svg`, 'image/svg+xml'],
    [`${badge}.svg?size=128`, 'image/svg+xml'],
    ['/o/mer1/status/1', 'application/vc+ld+json', 'application/vc'],
    ['/o/mer1/revoked', 'application/json'],
    ['/o/mer1/revoked/ob2', 'application/ld+json', 'application/json'],
  ]
}

describe('every address', () => {
  test('answers with its content type, open to all, by HEAD too (CONFORMANCE 1.5, 2.8, 3.7, 3.8)', async () => {
    for (const [url, type, other] of addresses()) {
      const answer = await get(url)
      expect([url, answer.statusCode, answer.headers['content-type']]).toEqual([url, 200, type])
      expect(answer.headers['access-control-allow-origin'], url).toBe('*')
      expect(answer.headers['cross-origin-resource-policy'], url).toBe('cross-origin')
      expect(answer.headers['x-robots-tag'], url).toBe('noindex')
      expect(answer.headers['set-cookie'], url).toBeUndefined()
      expect((await get(url, { accept: '*/*' })).headers['content-type'], url).toBe(type)
      if (other !== undefined) expect((await get(url, { accept: other })).headers['content-type'], url).toBe(other)
      const head = await service.app.inject({ method: 'HEAD', url })
      expect([head.statusCode, head.body, head.headers['content-length']], url).toEqual([
        200,
        '',
        String(answer.rawPayload.length),
      ])
    }
  })

  test('may be kept for a while, a status list for minutes only (CONFORMANCE 7.5), and answers 304 to who has it', async () => {
    for (const [url] of addresses()) {
      const first = await get(url)
      expect(first.headers['cache-control'], url).toMatch(/^public, max-age=\d+$/)
      if (url.includes('/status/')) expect(first.headers['cache-control'], url).toBe('public, max-age=300')
      const etag = String(first.headers.etag)
      const again = await get(url, { 'if-none-match': `"other", W/${etag}` })
      expect([again.statusCode, again.body, again.headers.etag], url).toEqual([304, '', etag])
      expect(again.headers['access-control-allow-origin'], url).toBe('*')
      expect((await get(url, { 'if-none-match': '"other"' })).statusCode, url).toBe(200)
    }
  })

  test('takes one data statement when it is cold and none when it is hot (PERFORMANCE P8)', async () => {
    service.at('2026-11-22T09:10:00Z')
    for (const [url] of addresses()) {
      if (url.startsWith('/.well-known')) continue
      const cold = await statements(async () => await get(url))
      const hot = await statements(async () => await get(url))
      expect([url, cold, hot]).toEqual([url, 1, 0])
    }
    service.at('2026-11-22T09:00:00Z')
  })

  test('is safe-mode JSON-LD where it has a context', async () => {
    for (const [url, type] of addresses()) {
      if (!type.includes('json')) continue
      const document = await json(url)
      if (document['@context'] !== undefined) expect([url, await checkSafeJsonLd(document)]).toEqual([url, []])
    }
  })

  test('a preflight of a browser is let through', async () => {
    const answer = await service.app.inject({ method: 'OPTIONS', url: '/o/mer1' })
    expect([answer.statusCode, answer.headers['access-control-allow-origin']]).toEqual([204, '*'])
  })

  test('holds no support level and no name (DESIGN, Rules; PRODUCT 12.12)', async () => {
    const forbidden =
      /supportLevel|"(enhanced|general|minor)"|(tehostettu|yleinen|vähäinen) tuki|(intensifierat|allmänt|litet) stöd|(enhanced|general|minor) support|Maija|Korhonen|Pekka|Kaisa/i
    for (const [url] of addresses()) {
      for (const accept of ['*/*', 'text/html']) {
        const answer = await get(url, { accept })
        expect([url, forbidden.exec(answer.rawPayload.toString('latin1'))?.[0]]).toEqual([url, undefined])
        expect([url, forbidden.exec(answer.rawPayload.toString('utf8'))?.[0]]).toEqual([url, undefined])
      }
    }
  })
})

test('what nobody has is one 404, whether the code, the key, the badge or the list is wrong (S-11)', async () => {
  const unknown = [
    '/o/zzz9',
    '/o/MER1',
    '/o/mer1/',
    '/o/mer1/nothing',
    '/o/zzz9/revoked',
    '/o/mer1/keys/rsa-2020-01-01-0000',
    `/o/mer1/keys/${kids.EdDSA}/ob2`,
    `/o/tor2/keys/${kids.RS256}`,
    '/o/mer1/badges/no-such-badge/1/fi',
    badge.replace('/1/fi', '/2/fi'),
    badge.replace('/1/fi', '/01/fi'),
    badge.replace('/1/fi', '/1/de'),
    '/o/mer1/status/2',
    '/o/tor2/status/1',
    '/o/mer1/status/1e0',
    `/o/mer1/keys/${'a'.repeat(400)}`,
  ]
  const bodies = new Set<string>()
  for (const url of unknown) {
    const answer = await get(url)
    expect([url, answer.statusCode]).toEqual([url, 404])
    bodies.add(answer.body.replace(/requests\/[\w-]+/, ''))
  }
  expect(bodies.size).toBe(1)
})

test('a draft is nobody’s to see', async () => {
  const { versionId, slug } = foundation.badge('maalaus')
  const url = `/o/mer1/badges/${slug}/1/fi`
  await service.database.ownerDb
    .updateTable('badge_class_version')
    .set({ state: 'draft' })
    .where('id', '=', versionId)
    .execute()
  expect((await get(url)).statusCode).toBe(404)
})

describe('keys', () => {
  test('the host’s key set names for each key its address, algorithm, use and issuer, and nothing private (S-23)', async () => {
    const { keys } = await json('/.well-known/jwks.json')
    const listed = isJsonList(keys) ? keys.filter(isJsonObject) : []
    expect(listed.map((key) => key['iss'])).toEqual([`${publicOrigin}/o/mer1`, `${publicOrigin}/o/tor2`])
    for (const key of listed) {
      expect(Object.keys(key).sort()).toEqual(['alg', 'e', 'iss', 'kid', 'kty', 'n', 'use'])
      expect(key).toMatchObject({ alg: 'RS256', use: 'sig', kty: 'RSA' })
      // Each key's address answers that very JWK (CONFORMANCE 3.2).
      expect(await json(textAt(key, 'kid').slice(publicOrigin.length))).toEqual(key)
    }
  })

  test('an Ed25519 key answers a Multikey, the same as in the issuer document (CONFORMANCE 3.10)', async () => {
    const { '@context': _, ...key } = await json(`/o/mer1/keys/${kids.EdDSA}`)
    const issuer = await json('/o/mer1')
    expect(issuer['verificationMethod']).toEqual([key])
    expect(issuer['assertionMethod']).toEqual([key['id']])
    expect(key).toMatchObject({ type: 'Multikey', controller: `${publicOrigin}/o/mer1` })
    expect(textAt(key, 'publicKeyMultibase')).toMatch(/^z6Mk/)
  })

  test('an OB 2.0 key and its owner name each other (CONFORMANCE 1.8)', async () => {
    const profile = await json('/o/mer1/ob2')
    const key = await json(`/o/mer1/keys/${kids.RS256}/ob2`)
    expect(profile['publicKey']).toEqual([key['id']])
    expect(key['owner']).toBe(profile['id'])
  })

  test('a compromised key leaves every list and its own address; the controller document says since when (S-22)', async () => {
    const code = (await givenFoundation(service)).code
    const change = { state: 'compromised', compromised_at: new Date('2026-11-20T08:00:00Z') } as const
    const rows = await service.database.ownerDb
      .updateTable('signing_key')
      .set(change)
      .where('tenant_id', '=', code)
      .returning(['kid', 'algorithm'])
      .execute()
    const rsa = rows.find((row) => row.algorithm === 'RS256')?.kid ?? ''
    expect((await json(`/o/${code}/jwks.json`))['keys']).toEqual([])
    expect((await json(`/o/${code}/ob2`))['publicKey']).toEqual([])
    expect((await get(`/o/${code}/keys/${rsa}`)).statusCode).toBe(404)
    // The 2.0 key says since when, and has nothing left that a plain reader would verify with.
    const gone = await get(`/o/${code}/keys/${rsa}/ob2`)
    expect([gone.statusCode, gone.body.includes('publicKeyPem')]).toEqual([410, false])
    const issuer = await json(`/o/${code}`)
    expect(issuer['assertionMethod']).toEqual([])
    const revoked = '2026-11-20T08:00:00Z'
    expect(issuer['verificationMethod']).toMatchObject([
      { type: 'Multikey', revoked },
      { type: 'JsonWebKey', id: `${publicOrigin}/o/${code}/keys/${rsa}`, revoked },
    ])
  })
})

describe('people who ask for a page first', () => {
  const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'

  test('see issuer and badge class as pages with the same facts, in their language', async () => {
    for (const [url, words] of [
      ['/o/mer1', ['Meriva', 'https://mer1.example', `${publicOrigin}/o/mer1`]],
      [badge, ['Puuteollisuuden perustutkinto OPH-2455-2017', 'eperusteet.opintopolku.fi', '/o/mer1']],
    ] as const) {
      for (const lang of ['fi', 'sv', 'en']) {
        const answer = await get(url, { accept: browser, 'accept-language': lang })
        expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
        expect(answer.headers['content-language']).toBe(lang)
        expect(answer.headers['vary']).toContain('accept')
        expect(answer.headers['set-cookie']).toBeUndefined()
        expect(markupFaults(answer.body)).toEqual([])
        expect(answer.body).toContain('<meta name="robots" content="noindex">')
        for (const word of words) expect(answer.body).toContain(word)
      }
    }
  })

  test('HTML comes only when it is asked for above JSON (CONFORMANCE 1.5, T7)', async () => {
    const typeFor = async (accept: string): Promise<string> =>
      String((await get('/o/mer1', { accept })).headers['content-type'])
    expect(await typeFor('application/ld+json, text/html')).toBe('application/ld+json')
    expect(await typeFor('text/html;q=0.5, application/json')).toBe('application/json')
    expect(await typeFor('text/html, */*')).toBe('application/ld+json')
    expect(await typeFor('text/html')).toContain('text/html')
    expect(await typeFor('image/webp')).toBe('application/ld+json')
    expect(await typeFor(';;;q=x,,')).toBe('application/ld+json')
    expect((await get(`${badge}/ob2`, { accept: browser })).headers['content-type']).toBe('application/ld+json')
  })
})

test('pictures come in two sizes, and nothing else of a query counts', async () => {
  const wide = (bytes: Buffer): number => bytes.readUInt32BE(16)
  expect(wide((await get(`${badge}.png`)).rawPayload)).toBe(400)
  expect(wide((await get(`${badge}.png?size=128`)).rawPayload)).toBe(128)
  expect(wide((await get(`${badge}.png?size=9000&x=1`)).rawPayload)).toBe(400)
  const svg = await get(`${badge}.svg`)
  expect(svg.body).toMatch(/^<svg /)
  expect(svg.headers['content-security-policy']).toContain('; sandbox')
  // All lettering is in paths: it looks the same everywhere and asks for no font.
  expect(svg.body).not.toMatch(/<text|<style|<script|href=/)
  expect(svg.body.length).toBeLessThan(64 * 1024)
})

test('contexts of our documents are all bundled, so nobody needs to fetch one (CONFORMANCE T3)', async () => {
  for (const [url, type] of addresses()) {
    if (!type.includes('json')) continue
    const context = (await json(url))['@context'] ?? []
    for (const one of [context].flat()) await documentLoader(typeof one === 'string' ? one : '')
  }
})

/** How many data statements the service sent; begin, commit and the one set_config are not counted. */
async function statements(work: () => Promise<unknown>): Promise<number> {
  const sent = service.statements()
  await work()
  return sent().filter((sql) => !/^(begin|commit)/.test(sql)).length
}
