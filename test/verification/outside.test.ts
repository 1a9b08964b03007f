import type { RequestListener } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createDoor } from '../../src/verification/door.ts'
import { startService, type TestService } from '../support/app.ts'
import { issuerId } from '../support/award-facts.ts'
import { type Badges, badgesOf, type Documents, publicDocuments, statusListAddress } from '../support/badge-world.ts'
import { openOutside, type Outside } from '../support/outside.ts'
import { messages } from '../../src/i18n/index.ts'
import { faultsOf, verdictOf } from './presented.ts'

// The badges are of merkit.example; the service that is asked is another one.
const own = 'https://own.example'
const foreign = 'https://merkit.example'
let documents: Documents = {}
let badges: Badges
let outside: Outside
let open: TestService
let shut: TestService

const serve: RequestListener = (request, response) => {
  const document = documents[`https://${request.headers.host ?? ''}${request.url ?? ''}`]
  if (document === undefined) response.writeHead(404).end()
  else if (typeof document === 'string') response.writeHead(302, { location: document }).end()
  else response.setHeader('content-type', 'application/json').end(JSON.stringify(document))
}

beforeAll(async () => {
  outside = await openOutside(['merkit.example', 'evil.example'], serve)
  badges = await badgesOf()
  const door = createDoor({ egressOpen: true, egressAllowOrigins: [] }, outside)
  open = await startService({ publicOrigin: own }, { door })
  shut = await startService({ publicOrigin: own })
  for (const service of [open, shut]) service.at('2026-12-01T00:00:00Z')
})
afterAll(async () => {
  await Promise.all([open.close(), shut.close()])
  await outside.close()
})
beforeEach(async () => {
  documents = await publicDocuments()
  outside.requests.length = 0
  outside.addresses.clear()
})

type Told = { readonly verdict: string; readonly faults: Record<string, string> }

async function verifyAt(service: TestService, badge: object): Promise<Told> {
  const answer = await service.api().post('/api/v1/verifications', badge)
  expect(answer.statusCode, answer.body).toBe(200)
  const verdict = verdictOf(answer)
  return { verdict: verdict.verdict, faults: faultsOf(verdict) }
}

describe('a badge of another service, door open (S-46)', () => {
  test('verifies in every form, by what its host publishes, within eight fetches', async () => {
    for (const credential of [badges.ob3, badges.ob2, badges.json]) {
      outside.requests.length = 0
      expect(await verifyAt(open, { credential })).toEqual({ verdict: 'valid', faults: {} })
      expect(outside.requests.length).toBeGreaterThan(1)
      expect(outside.requests.length).toBeLessThanOrEqual(8)
    }
  })

  test('is revoked when its host says so', async () => {
    documents = await publicDocuments({ revoked: true })
    expect((await verifyAt(open, { credential: badges.ob3 })).verdict).toBe('revoked')
  })

  test('its key is asked for before anything else that it names', async () => {
    await verifyAt(open, { credential: badges.ob3 })
    expect(outside.requests[0]?.url).toBe('merkit.example/.well-known/jwks.json')
  })

  test('is never valid when a list leads inward or cannot be had', async () => {
    documents = { ...documents, [statusListAddress]: 'https://127.0.0.1/status/1' }
    const inward = await verifyAt(open, { credential: badges.ob3 })
    outside.addresses.set('merkit.example', ['10.0.0.1'])
    const hidden = await verifyAt(open, { credential: badges.ob3 })
    expect([inward.verdict, inward.faults['status']]).toEqual(['could-not-check', 'status-not-fetched'])
    expect(hidden.verdict).toBe('could-not-check')
  })

  test('CONFORMANCE 3.11, 3.15: whose issuer document its host sends for elsewhere is nobody’s word', async () => {
    const elsewhere = 'https://evil.example/o/mer1'
    documents = { ...documents, [elsewhere]: documents[issuerId] ?? {}, [issuerId]: elsewhere }
    expect(await verifyAt(open, { credential: badges.json })).toMatchObject({
      verdict: 'issuer-not-recognised',
      faults: { issuer: 'issuer-elsewhere' },
    })
  })

  test('at an address: what lies there is verified; every refusal reads alike', async () => {
    const address = `${foreign}/b/1.jwt`
    documents = { ...documents, [address]: badges.json }
    expect((await verifyAt(open, { url: address })).verdict).toBe('valid')
    const asked = [
      'http://merkit.example/',
      'https://127.0.0.1/',
      'https://10.0.0.1/',
      `${foreign}:8443/`,
      `${own}.x.example/`,
    ]
    const answers = await Promise.all(asked.map(async (url) => await verifyAt(open, { url })))
    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(
      new Set([JSON.stringify({ verdict: 'could-not-check', faults: { format: 'badge-not-fetched' } })]),
    )
  })
})

describe('with the network off', () => {
  test('a badge of another service could not be checked now, and the page says so', async () => {
    expect(await verifyAt(shut, { credential: badges.ob3 })).toMatchObject({
      verdict: 'could-not-check',
      faults: { key: 'key-not-fetched' },
    })
    expect((await verifyAt(shut, { credential: badges.ob2 })).verdict).toBe('could-not-check')
    expect((await verifyAt(shut, { credential: badges.json })).verdict).toBe('could-not-check')
    expect((await verifyAt(shut, { url: issuerId })).verdict).toBe('could-not-check')
    const browser = shut.browser()
    await browser.get('/tarkista')
    const page = await browser.submit('/tarkista', { badge: badges.ob3 })
    expect(page.body).toContain(messages('fi').verify.unknown)
    expect(outside.requests).toEqual([])
  })
})
