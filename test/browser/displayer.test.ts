import { Buffer } from 'node:buffer'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bakePng } from '../../src/credentials/bake/png.ts'
import { numericDate } from '../../src/credentials/instant.ts'
import { signEmbedded } from '../../src/credentials/issue.ts'
import type { JsonObject } from '../../src/credentials/json.ts'
import type { SigningKey } from '../../src/credentials/keys.ts'
import { messages } from '../../src/i18n/index.ts'
import { givenOffered, publicOrigin, revoke } from '../publication/given-award.ts'
import { startService, type TestService } from '../support/app.ts'
import { jwsOf, payloadOf, smallPng } from '../support/badge-world.ts'
import { openBrowser, openPage } from '../support/browser.ts'
import { givenFoundation } from '../support/given.ts'
import { objectAt, textAt } from '../support/json.ts'
import { screenshot } from '../support/page.ts'
import { inWordsOf1 } from '../support/samples.ts'
import { keyOf } from '../verification/given-keys.ts'

// The displayer test of Open Badges 3.0 as a person would do it; docs/conformance.md tells what was seen.

const { verify } = messages('fi')
const issuerId = `${publicOrigin}/o/mer1`
const status = { id: `${issuerId}/revoked`, type: '1EdTechRevocationList' }

let service: TestService
let browser: Browser
let baseURL: string
let keys: Readonly<Record<'RS256' | 'EdDSA', SigningKey>>
/** The same badge twice; the second was revoked. */
let good: JsonObject
let revoked: JsonObject

/** A credential on VC 2.0 as the displayer test has it: the JSON list for its status, and perhaps an end that has come. */
function onVc2(payload: JsonObject, isExpired: boolean): JsonObject {
  const { iss: _iss, jti: _jti, nbf: _nbf, sub: _sub, exp: _exp, validUntil: _end, ...document } = payload
  const ended = isExpired
    ? { validFrom: '2025-11-01T09:00:00Z', validUntil: '2026-11-01T09:00:00Z', awardedDate: '2025-11-01T09:00:00Z' }
    : {}
  return { ...document, credentialStatus: status, ...ended }
}

function onVc1(document: JsonObject): JsonObject {
  const { validUntil, ...rest } = document
  const { expirationDate: _none, ...old } = inWordsOf1(jwsOf({ alg: 'RS256' }, rest, keys.RS256))
  return { ...old, ...(validUntil === undefined ? {} : { expirationDate: validUntil }), credentialStatus: status }
}

function jwtOf(document: JsonObject, isVc1: boolean): string {
  const [from, until] = isVc1 ? ['issuanceDate', 'expirationDate'] : ['validFrom', 'validUntil']
  const seconds = (member: string): number => numericDate(new Date(textAt(document, member)))
  const claims = {
    iss: issuerId,
    jti: textAt(document, 'id'),
    sub: textAt(objectAt(document, 'credentialSubject'), 'id'),
    nbf: seconds(from ?? ''),
    ...(document[until ?? ''] === undefined ? {} : { exp: seconds(until ?? '') }),
  }
  const payload = isVc1 ? { ...claims, vc: document } : { ...document, ...claims }
  return jwsOf({ alg: 'RS256', kid: keys.RS256.kid, typ: 'JWT' }, payload, keys.RS256)
}

beforeAll(async () => {
  service = await startService({ publicOrigin })
  const foundation = await givenFoundation(service, { code: 'mer1' })
  const payload = async (id: string): Promise<JsonObject> => {
    const rows = service.database.ownerDb.selectFrom('award').select('ob3_jwt').where('id', '=', id)
    return payloadOf((await rows.executeTakeFirstOrThrow()).ob3_jwt)
  }
  good = await payload((await givenOffered(foundation)).id)
  const second = await givenOffered(foundation, 'antti')
  revoked = await payload(second.id)
  await revoke(foundation, second)
  keys = { RS256: await keyOf(service, 'mer1', 'RS256'), EdDSA: await keyOf(service, 'mer1', 'EdDSA') }
  baseURL = await service.app.listen({ host: '127.0.0.1', port: 0 })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await service?.close()
})

async function present(page: Page, name: string, bytes: Buffer): Promise<void> {
  await page.goto('/tarkista')
  await page.getByLabel(verify.upload).setInputFiles({ name, mimeType: 'application/octet-stream', buffer: bytes })
  await page.getByRole('button', { name: verify.action }).click()
}

async function fileOf(document: JsonObject, form: string, isVc1: boolean): Promise<readonly [name: string, Buffer]> {
  if (form === 'JWT') return ['merkki.jwt', Buffer.from(jwtOf(document, isVc1))]
  const signed = JSON.stringify(await signEmbedded(document, keys.EdDSA, service.deps.now()))
  if (form === 'embedded proof') return ['merkki.json', Buffer.from(signed)]
  return ['merkki.png', Buffer.from(bakePng(smallPng(), { ob3: signed }))]
}

const expected = {
  good: { title: verify.ok, says: verify.verdicts.valid, date: '22.11.2026' },
  expired: { title: verify.warning, says: verify.verdicts.expired, date: '1.11.2025' },
  revoked: { title: verify.bad, says: verify.verdicts.revoked, date: '22.11.2026' },
} as const

describe.each(['VC 2.0', 'VC 1.1'])('CONFORMANCE 6.9: the displayer test on %s', (model) => {
  describe.each(['embedded proof', 'JWT', 'embedded proof in a PNG'])('with %s', (form) => {
    test.each(['good', 'expired', 'revoked'] as const)('a %s badge', async (state) => {
      const isVc1 = model === 'VC 1.1'
      const document = onVc2(state === 'revoked' ? revoked : good, state === 'expired')
      const page = await openPage(browser, { baseURL, javaScript: false })
      await present(page, ...(await fileOf(isVc1 ? onVc1(document) : document, form, isVc1)))

      const achievement = objectAt(objectAt(document, 'credentialSubject'), 'achievement')
      const { title, says, date } = expected[state]
      expect(await page.locator('h1').textContent()).toBe(title)
      const text = await page.locator('main').innerText()
      expect(text).toContain(says)
      expect(text).toContain(textAt(achievement, 'name'))
      expect(text).toContain(textAt(achievement, 'description'))
      expect(text).toContain(textAt(objectAt(document, 'issuer'), 'name'))
      expect(text).toContain(date)
      const picture = page.locator('.badge-aside img')
      expect(await picture.getAttribute('src')).toBe(
        textAt(objectAt(achievement, 'image'), 'id').slice(publicOrigin.length),
      )
      await screenshot(page, `displayer-${model}-${form}-${state}`.replaceAll(/[^\w-]/g, '-'))
      await page.context().close()
    })
  })
})

test('CONFORMANCE 6.9: the picture is there, also of a badge that was revoked', async () => {
  const page = await openPage(browser, { baseURL })
  await present(page, ...(await fileOf(onVc2(revoked, false), 'embedded proof', false)))
  const drawn = `document.querySelector('.badge-aside img')`
  const width = await page.evaluate<number>(`${drawn}.decode().then(() => ${drawn}.naturalWidth)`)
  expect(width).toBeGreaterThanOrEqual(400)
  await page.context().close()
})
