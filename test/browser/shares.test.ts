import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { messages } from '../../src/i18n/index.ts'
import { paths } from '../../src/web/paths.ts'
import { accept, givenOffered } from '../publication/given-award.ts'
import { startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'
import { expectAccessible, expectKeyboardWay, screenshot } from '../support/page.ts'
import { type PeopleInBrowser, peopleInBrowser } from '../support/people-in-browser.ts'

const t = messages('fi')
let service: TestService
let foundation: Foundation
let people: PeopleInBrowser

beforeAll(async () => {
  service = await startService()
  foundation = await givenFoundation(service)
  await accept(foundation, await givenOffered(foundation))
  service.at('2026-11-22T09:05:00Z')
  people = await peopleInBrowser(service)
})
afterAll(async () => {
  await people?.close()
  await service?.close()
})

async function expectGood(page: Page, name: string): Promise<void> {
  for (const [width, colorScheme] of [
    [320, 'dark'],
    [1280, 'light'],
  ] as const) {
    await page.setViewportSize({ width, height: 800 })
    await page.emulateMedia({ colorScheme })
    await expectAccessible(page)
    await screenshot(page, `share-${name}-${width}`)
  }
}

test('PRODUCT A4: from the passport to a link in four taps; what its holder sees; closed', async () => {
  const page = await people.asClient(foundation, 'maija')

  let taps = 1
  await page.getByRole('link', { name: t.share.makeNew }).click()
  await expectGood(page, 'form')
  expect(await expectKeyboardWay(page)).toContain(t.share.make)
  // The only badge is chosen already: for more, one tap each.
  await page.getByText(t.share.lifetimes.P7D).click()
  await page.getByRole('button', { name: t.share.make }).click()
  taps += 2
  expect(taps).toBeLessThanOrEqual(4)
  await page.getByRole('heading', { name: t.share.ready }).waitFor()
  await expectGood(page, 'made')
  const address = (await page.locator('.key a').getAttribute('href')) ?? ''

  const stranger = await people.open()
  await stranger.goto(new URL(address).pathname)
  await expectGood(stranger, 'opened')
  expect(await stranger.getByRole('heading', { level: 1 }).innerText()).toContain('Maija')

  await page.goto(paths.shares())
  await expectGood(page, 'list')
  await page.getByRole('button', { name: t.share.close }).click()
  await page.getByText(t.share.closedNow).waitFor()
  const closed = await stranger.goto(new URL(address).pathname)
  expect(closed?.status()).toBe(410)
  await expectGood(stranger, 'closed')
})
