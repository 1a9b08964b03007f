import { afterAll, beforeAll, expect, test } from 'vitest'
import { embedProof } from '../../src/awards/embed.ts'
import { checkSafeJsonLd } from '../../src/credentials/safe-json-ld.ts'
import { messages } from '../../src/i18n/index.ts'
import { accept, type GivenAward, givenOffered, publicOrigin } from '../publication/given-award.ts'
import { type Browser, startService, type TestService } from '../support/app.ts'
import { judgeByDigitalBazaar } from '../support/digitalbazaar.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'
import { parseObject } from '../support/json.ts'
import { multipartOf, multipartType, verdictOf } from '../verification/presented.ts'

// The issuer test of Open Badges 3.0, as far as it goes without the post; docs/conformance.md tells what was seen.

const { badges } = messages('fi')
const address = 'conformance@imsglobal.org'
const files = ['png', 'svg', 'jwt', 'json', 'jws'] as const

let service: TestService
let foundation: Foundation
let award: GivenAward
let client: Browser
beforeAll(async () => {
  service = await startService({ publicOrigin })
  foundation = await givenFoundation(service)
  award = await givenOffered(foundation)
  client = await foundation.browser('maija')
})
afterAll(async () => await service.close())

async function judge(file: string, bytes: Buffer, recipient: string): Promise<readonly unknown[]> {
  const answer = await service.app.inject({
    method: 'POST',
    url: '/api/v1/verifications',
    payload: multipartOf({ name: 'file', file: `merkki.${file}`, bytes }, { name: 'recipient', text: recipient }),
    headers: { 'content-type': multipartType },
  })
  const { verdict, checks } = verdictOf(answer)
  return [verdict, checks.find(({ id }) => id === 'recipient')?.code]
}

test('CONFORMANCE 2.9: a badge for conformance@imsglobal.org, as its holder gets it, is valid in every form and safe JSON-LD', async () => {
  service.at('2026-11-22T09:05:00Z')
  const marked = await client.submit(`/merkit/${award.id}/saaja`, { email: address })
  expect(marked.statusCode).toBe(303)
  const told = await client.get(String(marked.headers.location))
  expect(told.body).toContain(badges.emailAdded)
  expect(told.body).not.toContain(address)
  service.at('2026-11-22T09:06:00Z')
  await accept(foundation, award)
  await embedProof(service.deps, { tenant: foundation.code, id: award.id })

  for (const file of files) {
    const taken = await client.get(`/merkit/${award.id}/lataa/${file}`)
    expect([file, taken.statusCode]).toEqual([file, 200])
    expect(taken.headers['content-disposition']).toMatch(/^attachment; filename="osaamismerkki-/)
    const mine = await judge(file, taken.rawPayload, address)
    expect([file, mine]).toEqual([file, ['valid', 'recipient-right']])
    expect(await judge(file, taken.rawPayload, 'somebody@imsglobal.org')).toEqual(['invalid', 'recipient-other'])
    if (file !== 'json') continue
    const credential = parseObject(taken.body)
    expect(await checkSafeJsonLd(credential)).toEqual([])
    expect(taken.body).not.toContain(address)
    const publicOnes = [`/o/${foundation.code}`, `/o/${foundation.code}/status/1`]
    const answers = await Promise.all(publicOnes.map(async (url) => (await service.app.inject(url)).body))
    const world = Object.fromEntries(
      publicOnes.map((url, place) => [`${publicOrigin}${url}`, parseObject(answers[place] ?? '')]),
    )
    expect(await judgeByDigitalBazaar(credential, world, service.deps.now())).toEqual({
      verified: true,
      revoked: false,
    })
  }
})
