import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { messages } from '../../src/i18n/index.ts'
import { paths } from '../../src/web/paths.ts'
import { startService, type TestService } from '../support/app.ts'
import { openBrowser, openPage } from '../support/browser.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'
import { expectAccessible, screenshot } from '../support/page.ts'
import { fillPassports, type FilledPassports } from '../passport/filled-passport.ts'

const t = messages('fi')
let service: TestService
let foundation: Foundation
let filled: FilledPassports
let browser: Browser
let baseURL: string

beforeAll(async () => {
  service = await startService()
  foundation = await givenFoundation(service)
  filled = await fillPassports(service, foundation)
  baseURL = await service.app.listen({ host: '127.0.0.1', port: 0 })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await service?.close()
})

/** A page on which Maija is signed in: her session's cookie is made by the code that her coach hands out, as in real life. */
async function signedIn(page: Page, who: 'maija' | 'antti' = 'maija'): Promise<Page> {
  await page.goto(paths.signInCode())
  await page.getByLabel(t.signIn.code).fill(await foundation.code8(who))
  await page.getByRole('button', { name: t.signIn.title }).click()
  await page.waitForURL('**/passi')
  return page
}

const pages: Readonly<Record<string, readonly ['maija' | 'antti', (shown: FilledPassports) => string]>> = {
  passport: ['maija', () => paths.passport()],
  'passport-offered': ['antti', () => paths.passport()],
  badges: ['maija', () => paths.badges()],
  'badges-offered': ['antti', () => paths.badges()],
  'badge-accepted': ['maija', ({ accepted }) => paths.badge(accepted)],
  'badge-offered': ['antti', ({ offered }) => paths.badge(offered)],
  'badge-revoked': ['antti', ({ revoked }) => paths.badge(revoked)],
  'decline-check': ['antti', ({ offered }) => paths.answerBadge(offered)],
  'public-check': ['maija', ({ accepted }) => paths.badgeVisibility(accepted)],
  'apply-missing': ['maija', ({ missing }) => paths.applyForBadge(missing)],
}

describe.each(Object.entries(pages))('%s', (name, [who, pathOf]) => {
  test('is accessible and fits at 320, 360 and 1280 px, light and dark', async () => {
    const page = await signedIn(await openPage(browser, { baseURL }), who)
    const complaints: string[] = []
    page.on('console', (message) => complaints.push(message.text()))
    page.on('requestfailed', (request) => complaints.push(request.url()))
    for (const width of [320, 360, 1280]) {
      await page.setViewportSize({ width, height: 800 })
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        await page.goto(pathOf(filled))
        await expectAccessible(page)
        await screenshot(page, `${name}-${width}${colorScheme === 'dark' ? '-dark' : ''}`)
      }
    }
    expect(complaints).toEqual([])
    await page.context().close()
  })
})
