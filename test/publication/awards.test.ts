import type { LightMyRequestResponse } from 'fastify'
import extractChunks from 'png-chunks-extract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { unbakePng } from '../../src/credentials/bake/png.ts'
import { unbakeSvg } from '../../src/credentials/bake/svg.ts'
import { verify } from '../../src/credentials/verify.ts'
import { runOnce } from '../../src/jobs/runner.ts'
import { lookAtOwn } from '../../src/publication/look.ts'
import { createTasks } from '../../src/tasks.ts'
import { startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'
import { parseObject } from '../support/json.ts'
import { markupFaults } from '../support/markup.ts'
import { accept, type GivenAward, givenOffered, publicOrigin, revoke, show } from './given-award.ts'

let service: TestService
let foundation: Foundation
let award: GivenAward

const endings = ['', '.jwt', '.json', '.png', '.svg', '/ob2'] as const
const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'

beforeAll(async () => {
  service = await startService({ publicOrigin })
  foundation = await givenFoundation(service)
  award = await givenOffered(foundation)
  await runOnce(service.database.jobsUrl, createTasks(service.deps), service.deps.log)
})
afterAll(async () => await service.close())

async function get(url: string, headers: Record<string, string> = {}): Promise<LightMyRequestResponse> {
  return await service.app.inject({ url, headers })
}

/** Status, body and headers of an answer, without what names the request. */
function comparable({ statusCode, body, headers }: LightMyRequestResponse): unknown {
  const { 'request-id': _, date: __, 'content-length': ___, ...rest } = headers
  return { statusCode, body: body.replace(/requests\/[\w-]+/, ''), rest }
}

// One story: the tests of this file follow each other.
test('an offered badge, and one that was taken but not shown, answer exactly as an id that nobody has (S-11, DESIGN 7)', async () => {
  const nobody = `${foundation.code}${'x'.repeat(22)}`
  const compare = async (): Promise<void> => {
    for (const ending of endings) {
      const unknown = comparable(await get(`/b/${nobody}${ending}`))
      expect(comparable(await get(`/b/${award.publicId}${ending}`))).toEqual(unknown)
      expect(unknown).toMatchObject({ statusCode: 404 })
      expect(comparable(await get(`/b/zzz9${'x'.repeat(22)}${ending}`))).toEqual(unknown)
    }
  }
  await compare()
  await accept(foundation, award)
  await compare()
})

describe('while the client shows it', () => {
  beforeAll(async () => await show(foundation, award, true))

  test('each form answers at its own address (DESIGN, Public addresses)', async () => {
    const expected = {
      '.jwt': 'text/plain',
      '.json': 'application/vc+ld+json',
      '.png': 'image/png',
      '.svg': 'image/svg+xml',
      '/ob2': 'application/ld+json',
      '': 'text/html; charset=utf-8',
    }
    for (const [ending, type] of Object.entries(expected)) {
      const answer = await get(`/b/${award.publicId}${ending}`)
      expect([ending, answer.statusCode, answer.headers['content-type']]).toEqual([ending, 200, type])
      expect(answer.headers['access-control-allow-origin']).toBe('*')
      expect(answer.headers['cache-control']).toBe(ending === '' ? 'no-store' : 'no-cache')
      const head = await service.app.inject({ method: 'HEAD', url: `/b/${award.publicId}${ending}` })
      expect([head.statusCode, head.body]).toEqual([200, ''])
    }
  })

  test('every file verifies, without any outgoing request', async () => {
    for (const ending of ['.jwt', '.json', '.png', '.svg']) {
      const { rawPayload } = await get(`/b/${award.publicId}${ending}`)
      const verdict = await verify(rawPayload, lookAtOwn(service.deps), { at: service.deps.now() })
      expect([ending, verdict.verdict, verdict.checks.filter((check) => check.outcome !== 'passed')]).toEqual([
        ending,
        'valid',
        [],
      ])
    }
    const address = new TextEncoder().encode(`${publicOrigin}/b/${award.publicId}`)
    expect((await verify(address, lookAtOwn(service.deps), { at: service.deps.now() })).verdict).toBe('valid')
  })

  test('the achievement in the credential is the one at its address, word for word', async () => {
    const credential = parseObject((await get(`/b/${award.publicId}.json`)).body)
    const slug = foundation.badge('hionta').slug
    const { '@context': _, ...achievement } = parseObject((await get(`/o/${foundation.code}/badges/${slug}/1/fi`)).body)
    expect(credential['credentialSubject']).toMatchObject({ achievement })
  })

  test('a program that asks for a credential first gets it at the page’s address too', async () => {
    const at = async (wanted: string): Promise<string> =>
      String((await get(`/b/${award.publicId}`, { accept: wanted })).headers['content-type'])
    expect(await at('application/vc')).toBe('application/vc')
    expect(await at('application/ld+json, text/html;q=0.9')).toBe('application/ld+json')
    expect(await at(browser)).toContain('text/html')
  })

  test('the picture holds both formats, byte for byte as they were signed (CONFORMANCE 4.1–4.4, 4.6)', async () => {
    const { rawPayload } = await get(`/b/${award.publicId}.png`)
    const { body: jwt } = await get(`/b/${award.publicId}.jwt`)
    const { ob2_jws } = await service.database.ownerDb
      .selectFrom('award')
      .select('ob2_jws')
      .where('id', '=', award.id)
      .executeTakeFirstOrThrow()
    expect(unbakePng(rawPayload)).toEqual({ outcome: 'read', ob3: jwt, ob2: ob2_jws })
    expect(extractChunks(rawPayload).filter((chunk) => chunk.name === 'iTXt')).toHaveLength(2)
    const svg = (await get(`/b/${award.publicId}.svg`)).body
    expect(svg).toContain(`><openbadges:credential verify="${jwt}"/><openbadges:assertion `)
    expect(svg).toMatch(/^<svg xmlns:openbadges="https:\/\/purl\.imsglobal\.org\/ob\/v3p0" xmlns=/)
    expect(unbakeSvg(Buffer.from(svg))).toEqual({ outcome: 'read', ob3: jwt, ob2: ob2_jws })
  })

  test('S-44: a picture that is opened by itself runs nothing, loads nothing and has no origin', async () => {
    for (const ending of ['.png', '.svg']) {
      const { headers } = await get(`/b/${award.publicId}${ending}`)
      expect(headers).toMatchObject({
        'content-security-policy':
          "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
        'x-content-type-options': 'nosniff',
        'cross-origin-resource-policy': 'cross-origin',
      })
    }
  })

  test('the hosted Assertion says what the signed one says, under its own address (CONFORMANCE 1.4)', async () => {
    const hosted = parseObject((await get(`/b/${award.publicId}/ob2`)).body)
    expect(hosted).toMatchObject({
      type: 'Assertion',
      id: `${publicOrigin}/b/${award.publicId}/ob2`,
      verification: { type: 'HostedBadge' },
    })
    const profile = parseObject((await get(`/o/${foundation.code}/ob2`)).body)
    expect(profile['verification']).toMatchObject({ startsWith: [`${publicOrigin}/b/${foundation.code}`] })
  })

  test('one small statement each time, and 304 for who has it (PERFORMANCE P8)', async () => {
    for (const ending of ['.jwt', '.json', '.png']) {
      const { etag } = (await get(`/b/${award.publicId}${ending}`)).headers
      const sent = service.statements()
      const again = await get(`/b/${award.publicId}${ending}`, { 'if-none-match': String(etag) })
      expect([again.statusCode, sent().filter((sql) => !/^(begin|commit)/.test(sql)).length]).toEqual([304, 1])
    }
  })

  test('the page shows the badge as it is signed and what our verifier says, in three languages and without a name (PRODUCT §5)', async () => {
    for (const [lang, words] of [
      ['fi', ['Merkki on aito ja voimassa', 'Mitä merkkiin vaadittiin', 'Tarkista merkki']],
      ['sv', ['Vad som krävdes för märket', 'Kontrollera märket']],
      ['en', ['What the badge required', 'Check the badge']],
    ] as const) {
      const { body, headers } = await get(`/b/${award.publicId}`, { accept: browser, 'accept-language': lang })
      expect(markupFaults(body)).toEqual([])
      for (const word of words) expect(body).toContain(word)
      for (const property of ['og:title', 'og:description', 'og:image', 'og:url', 'og:site_name'])
        expect(body).toMatch(new RegExp(`<meta property="${property}" content="[^"]+">`))
      expect(body).toContain(`type="application/ld+json" href="${publicOrigin}/b/${award.publicId}.json"`)
      expect(body).toContain(`type="application/vc+jwt" href="${publicOrigin}/b/${award.publicId}.jwt"`)
      expect(body).toContain('eperusteet.opintopolku.fi')
      expect(body).not.toMatch(/Maija|Korhonen|Pekka|Kaisa|tuki|stöd|supportLevel/i)
      expect(headers['set-cookie']).toBeUndefined()
      expect(headers['x-robots-tag']).toBe('noindex')
    }
  })

  test('no public form holds a support level (PRODUCT 12.12)', async () => {
    const forbidden =
      /supportLevel|"(enhanced|general|minor)"|(tehostettu|yleinen|vähäinen) tuki|(intensifierat|allmänt|litet) stöd|(enhanced|general|minor) support/i
    for (const ending of endings) {
      const { rawPayload } = await get(`/b/${award.publicId}${ending}`)
      const payloads = [rawPayload.toString('utf8'), ...decodedJws(rawPayload.toString('latin1'))]
      for (const text of payloads) expect([ending, forbidden.exec(text)?.[0]]).toEqual([ending, undefined])
    }
  })
})

test('hidden again: a neutral 410 that tells nothing of the badge (S-52)', async () => {
  await show(foundation, award, false)
  for (const ending of endings) {
    const answer = await get(`/b/${award.publicId}${ending}`, { accept: '*/*' })
    expect([ending, answer.statusCode]).toEqual([ending, 410])
    expect(answer.body).not.toMatch(/hion|revok|Merkki peruttiin|Meriva/i)
  }
  const page = await get(`/b/${award.publicId}`, { accept: browser })
  expect(page.body).toContain('Merkin omistaja ei näytä tätä merkkiä julkisesti.')
  expect(markupFaults(page.body)).toEqual([])
  // A copy in the client's own hands still verifies.
  const { ob3_jwt } = await service.database.ownerDb
    .selectFrom('award')
    .select('ob3_jwt')
    .where('id', '=', award.id)
    .executeTakeFirstOrThrow()
  const verdict = await verify(Buffer.from(ob3_jwt), lookAtOwn(service.deps), { at: service.deps.now() })
  expect(verdict.verdict).toBe('valid')
})

test('revoked while it is shown: 410 with the reason, and every list says so at once (CONFORMANCE 1.6, 7; DESIGN, Status)', async () => {
  await show(foundation, award, true)
  const files = await Promise.all(
    ['.jwt', '.json', '.png', '.svg'].map(async (one) => await get(`/b/${award.publicId}${one}`)),
  )
  const before = await get(`/o/${foundation.code}/status/1`)
  await revoke(foundation, award)
  for (const ending of endings) {
    const answer = await get(`/b/${award.publicId}${ending}`, { accept: 'application/json' })
    const id = `${publicOrigin}/b/${award.publicId}${ending}`
    expect([answer.statusCode, answer.json()]).toEqual([
      410,
      { id, revoked: true, revocationReason: 'Merkki myönnettiin vahingossa' },
    ])
  }
  const page = await get(`/b/${award.publicId}`, { accept: browser })
  expect(page.statusCode).toBe(410)
  expect(page.body).toContain('Merkki peruttiin 22.11.2026. Syy: Merkki myönnettiin vahingossa')
  expect(page.body).not.toMatch(/hion/i)
  for (const { rawPayload } of files) {
    const verdict = await verify(rawPayload, lookAtOwn(service.deps), { at: service.deps.now() })
    expect(verdict.verdict).toBe('revoked')
  }
  expect((await get(`/o/${foundation.code}/status/1`)).headers.etag).not.toBe(before.headers.etag)
  const { credential_id, assertion_id } = await service.database.ownerDb
    .selectFrom('award')
    .select(['credential_id', 'assertion_id'])
    .where('id', '=', award.id)
    .executeTakeFirstOrThrow()
  const revocationReason = 'Merkki myönnettiin vahingossa'
  expect(parseObject((await get(`/o/${foundation.code}/revoked`)).body)).toMatchObject({
    revokedCredential: [{ id: credential_id, revoked: true, revocationReason }],
  })
  expect(parseObject((await get(`/o/${foundation.code}/revoked/ob2`)).body)).toMatchObject({
    revokedAssertions: [{ id: assertion_id, revocationReason }],
  })
})

/** The headers and payloads of all JWS in a text. */
function decodedJws(text: string): string[] {
  return [...text.matchAll(/eyJ[\w-]+\.(eyJ[\w-]+)\.[\w-]+/g)].map(([, payload = '']) =>
    Buffer.from(payload, 'base64url').toString('utf8'),
  )
}
