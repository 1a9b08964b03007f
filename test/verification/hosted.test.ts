import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bakePng } from '../../src/credentials/bake/png.ts'
import type { PresentedVerdict } from '../../src/verification/present.ts'
import { accept, type GivenAward, givenOffered, publicOrigin, revoke, show } from '../publication/given-award.ts'
import { startService, type TestService } from '../support/app.ts'
import { smallPng } from '../support/badge-world.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'
import { assertion05, assertion10, oldJws } from '../support/old-badges.ts'
import { faultsOf, verdictOf } from './presented.ts'

let service: TestService
let foundation: Foundation
let award: GivenAward
let address: string

beforeAll(async () => {
  service = await startService({ publicOrigin })
  foundation = await givenFoundation(service, { code: 'mer1' })
  award = await givenOffered(foundation)
  await accept(foundation, award)
  address = `${publicOrigin}/b/${award.publicId}/ob2`
})
afterAll(async () => await service.close())

async function send(type: string, payload: string | Uint8Array): Promise<PresentedVerdict> {
  const answer = await service.app.inject({
    method: 'POST',
    url: '/api/v1/verifications',
    payload: Buffer.from(payload),
    headers: { 'content-type': type },
  })
  expect(answer.statusCode, answer.body).toBe(200)
  return verdictOf(answer)
}

describe('CONFORMANCE 1.4, 6.10: our own hosted Assertion, with no network', () => {
  test('is there only while the client shows it', async () => {
    expect(faultsOf(await send('text/plain', address))).toEqual({ format: 'badge-not-at-address' })
    await show(foundation, award, true)
    const json = (await service.app.inject({ url: `/b/${award.publicId}/ob2` })).body
    for (const verdict of [
      await send('text/plain', address),
      await send('application/ld+json', json),
      await send('application/json', json),
      await send('image/png', bakePng(smallPng(), { ob2: address })),
    ]) {
      expect(faultsOf(verdict)).toEqual({})
      expect(verdict.verdict).toBe('valid')
      expect(verdict.checks.map(({ reason }) => reason)).toContain('Merkki on siellä, missä myöntäjä pitää merkkinsä.')
      expect(verdict.credential).toMatchObject({ format: 'ob2-json', id: address, issuer: { name: 'Meriva' } })
    }
    await show(foundation, award, false)
    const hidden = await send('text/plain', address)
    expect([hidden.verdict, faultsOf(hidden)]).toEqual(['revoked', { status: 'gone' }])
    await show(foundation, award, true)
  })

  test('CONFORMANCE 1.6: revoked, it is 410 with the reason', async () => {
    await revoke(foundation, award)
    const verdict = await send('text/plain', address)
    expect([verdict.verdict, faultsOf(verdict)]).toEqual(['revoked', { status: 'revoked' }])
    expect(verdict.checks[0]?.reason).toMatch(/^Myöntäjä on perunut merkin\. \p{Lu}/u)
  })
})

describe('S-29: badges of Open Badges 0.5–1.1 of others', () => {
  test('reach the verifier as they are, also without a context', async () => {
    const signed = await send('text/plain', oldJws(assertion10('signed')))
    expect([signed.verdict, faultsOf(signed)['key']]).toEqual(['could-not-check', 'key-not-fetched'])
    expect(faultsOf(signed)['second-opinion']).toBe('second-opinion-not-asked')
    const hosted = await send('application/json', JSON.stringify(assertion10('hosted')))
    expect([hosted.verdict, faultsOf(hosted)]).toEqual(['could-not-check', { format: 'badge-not-fetched' }])
    const old = await send('application/json', JSON.stringify(assertion05()))
    expect([old.verdict, faultsOf(old)]).toEqual(['could-not-check', { format: 'hosted-without-address' }])
  })
})
