import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bakePng } from '../../src/credentials/bake/png.ts'
import { messages } from '../../src/i18n/index.ts'
import { startService, type TestService } from '../support/app.ts'
import { jwsOf, payloadOf, smallPng } from '../support/badge-world.ts'
import { openBrowser, openPage } from '../support/browser.ts'
import { givenFoundation } from '../support/given.ts'
import { expectAccessible, expectKeyboardWay, looks, screenshot } from '../support/page.ts'
import { givenOffered, publicOrigin, revoke } from '../publication/given-award.ts'
import { keyOf } from '../verification/given-keys.ts'

const { verify } = messages('fi')
let service: TestService
let browser: Browser
let baseURL: string
let ob3: string
let revoked: string
let early: string
let png: Buffer
const long = 'Ylläpitosiivouspalvelutyöntekijänperehdytysohjelmakokonaisuus'

beforeAll(async () => {
  service = await startService({ publicOrigin })
  const foundation = await givenFoundation(service, { code: 'mer1' })
  const textOf = async (id: string): Promise<{ ob3_jwt: string; ob2_jws: string }> =>
    await service.database.ownerDb
      .selectFrom('award')
      .select(['ob3_jwt', 'ob2_jws'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
  const first = await textOf((await givenOffered(foundation)).id)
  const second = await givenOffered(foundation, 'antti')
  ob3 = first.ob3_jwt
  png = Buffer.from(bakePng(smallPng(), { ob3, ob2: first.ob2_jws }))
  revoked = (await textOf(second.id)).ob3_jwt
  await revoke(foundation, second)
  // The same badge from tomorrow on, with a name that is hard to fit.
  const key = await keyOf(service, 'mer1', 'RS256')
  const tomorrow = { validFrom: '2026-11-23T09:00:00Z', nbf: 1_795_424_400, name: `${long} ${long}` }
  early = jwsOf({ alg: 'RS256', kid: key.kid, typ: 'JWT' }, { ...payloadOf(ob3), ...tomorrow }, key)
  baseURL = await service.app.listen({ host: '127.0.0.1', port: 0 })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await service?.close()
})

async function paste(page: Page, text: string): Promise<void> {
  await page.goto('/tarkista')
  await page.getByLabel(verify.input).fill(text)
  await page.getByRole('button', { name: verify.action }).click()
}

const shown: Readonly<Record<string, (page: Page) => Promise<string>>> = {
  ask: async (page) => {
    await page.goto('/tarkista?osoite=https://merkit.example/b/mer1k3v9s0a7c2m5q8x1z4w6')
    return verify.title
  },
  errors: async (page) => {
    await paste(page, '')
    return verify.title
  },
  ok: async (page) => {
    await page.goto('/tarkista')
    await page.getByLabel(verify.upload).setInputFiles({ name: 'merkki.png', mimeType: 'image/png', buffer: png })
    await page.getByRole('button', { name: verify.action }).click()
    return verify.ok
  },
  note: async (page) => {
    await paste(page, early)
    return verify.warning
  },
  bad: async (page) => {
    await paste(page, revoked)
    return verify.bad
  },
  rubbish: async (page) => {
    await paste(page, 'Tämä ei ole merkki')
    return verify.nothingFound
  },
  unknown: async (page) => {
    await paste(page, 'https://toinen.example/merkit/1')
    return verify.unknown
  },
}

test.each(Object.keys(shown))(
  '/tarkista, %s, is accessible and fits at 320, 360 and 1280 px, light and dark',
  async (name) => {
    const page = await openPage(browser, { baseURL })
    const complaints: string[] = []
    page.on('requestfailed', (request) => complaints.push(request.url()))
    page.on('request', (request) => {
      if (!request.url().startsWith(baseURL)) complaints.push(request.url())
    })
    const title = await shown[name]?.(page)
    expect(await page.locator('h1').textContent()).toBe(title)
    for (const { width, colorScheme } of looks) {
      await page.setViewportSize({ width, height: 800 })
      await page.emulateMedia({ colorScheme })
      await expectAccessible(page)
      await screenshot(page, `verify-${name}-${width}-${colorScheme}`)
    }
    expect(complaints).toEqual([])
    await page.context().close()
  },
)

test('without JavaScript and on a small phone: an uploaded file is answered', async () => {
  const page = await openPage(browser, { width: 320, height: 640, javaScript: false, baseURL })
  expect(await shown['ok']?.(page)).toBe(await page.locator('h1').textContent())
  expect(await page.getByRole('row').count()).toBeGreaterThan(8)
  await page.getByRole('link', { name: verify.again }).click()
  expect(await page.locator('h1').textContent()).toBe(verify.title)
  await page.context().close()
})

test('by keyboard alone: nothing given puts the focus on the summary, which leads to the field', async () => {
  const page = await openPage(browser, { width: 360, height: 640, baseURL })
  await page.goto('/tarkista')
  const stops = await expectKeyboardWay(page)
  expect(stops.filter((stop) => [verify.input, verify.upload, verify.action].includes(stop))).toHaveLength(3)
  await page.getByRole('button', { name: verify.action }).press('Enter')
  expect(await page.evaluate<unknown>('document.activeElement.className')).toBe('error-summary')
  await page.getByRole('link', { name: verify.nothingGiven }).press('Enter')
  await page.keyboard.type('rubbish')
  await page.getByRole('button', { name: verify.action }).press('Enter')
  expect(await page.locator('h1').textContent()).toBe(verify.nothingFound)
  await page.context().close()
})
