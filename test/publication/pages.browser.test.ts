import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runOnce } from '../../src/jobs/runner.ts'
import { createTasks } from '../../src/tasks.ts'
import { startService, type TestService } from '../support/app.ts'
import { openBrowser, openPage } from '../support/browser.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'
import { expectAccessible, expectKeyboardWay, screenshot } from '../support/page.ts'
import { accept, type GivenAward, givenOffered, publicOrigin, show } from './given-award.ts'

let service: TestService
let foundation: Foundation
let award: GivenAward
let hidden: GivenAward
let browser: Browser
let origin: string

beforeAll(async () => {
  service = await startService({ publicOrigin })
  foundation = await givenFoundation(service)
  award = await givenOffered(foundation)
  hidden = await givenOffered(foundation, 'antti')
  await runOnce(service.database.jobsUrl, createTasks(service.deps), service.deps.log)
  await accept(foundation, award)
  await show(foundation, award, true)
  await accept(foundation, hidden, 'antti')
  await show(foundation, hidden, true, 'antti')
  await show(foundation, hidden, false, 'antti')
  origin = await service.app.listen({ port: 0, host: '127.0.0.1' })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser.close()
  await service.close()
})

const places = (): Readonly<Record<string, string>> => ({
  award: `/b/${award.publicId}`,
  hidden: `/b/${hidden.publicId}`,
  issuer: `/o/${foundation.code}`,
  achievement: `/o/${foundation.code}/badges/${foundation.badge('hionta').slug}/1/fi`,
})

test.each([
  [320, false],
  [360, true],
  [1280, false],
])('public pages at %i px (dark: %s) (PRODUCT §12)', async (width, dark) => {
  const page = await openPage(browser, { width, dark, baseURL: origin })
  const foreign: string[] = []
  page.on('request', (request) => {
    if (!request.url().startsWith(origin)) foreign.push(request.url())
  })
  for (const [name, path] of Object.entries(places())) {
    await page.goto(path)
    await expectAccessible(page)
    await screenshot(page, `public-${name}-${width}`)
  }
  expect(foreign).toEqual([])
})

test('a stranger comes by a link and goes on to check the badge, by keyboard', async () => {
  const page = await openPage(browser, { width: 360, baseURL: origin })
  await page.goto(`/b/${award.publicId}`)
  expect(await page.getByText('Merkki on aito ja voimassa').isVisible()).toBe(true)
  expect(await page.evaluate<unknown>("document.querySelector('main img').naturalWidth")).toBe(400)
  const stops = await expectKeyboardWay(page)
  expect(stops).toContain('Tarkista merkki')
  await page.locator('main').getByRole('link', { name: 'Tarkista merkki' }).click()
  expect(await page.locator('h1').textContent()).toBe('Tarkista osaamismerkki')
  expect(await page.locator('textarea').inputValue()).toBe(`${publicOrigin}/b/${award.publicId}`)
})
