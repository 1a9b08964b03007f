import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeAccount } from '../../src/accounts/account.ts'
import { messages } from '../../src/i18n/index.ts'
import { paths } from '../../src/web/paths.ts'
import { startService, type TestService } from '../support/app.ts'
import { openBrowser, openPage } from '../support/browser.ts'
import { type Foundation, givenFoundation, password } from '../support/given.ts'
import { expectAccessible, expectKeyboardWay, screenshot, wideElements } from '../support/page.ts'
import { passSecondFactor } from '../support/staff.ts'

// S-12, the notes, as people see them: hidden levels, and a lead who says why.

const t = messages('fi')
let service: TestService
let foundation: Foundation
let application: string
let browser: Browser
let baseURL: string

beforeAll(async () => {
  service = await startService()
  foundation = await givenFoundation(service)
  await foundation.readyForSanding('antti')
  const applied = await (await foundation.as('antti')).post('/api/v1/applications', {
    badgeClassId: foundation.badge('hionta').classId,
  })
  application = applied.json<{ id: string }>().id
  await foundation.record({ who: 'maija', note: 'Hyvin meni' })
  const lead = { signInName: leadName(), password, displayName: 'Outi O.', roles: ['foundation_lead'] as const }
  await makeAccount(service.deps, foundation.code, lead)
  baseURL = await service.app.listen({ host: '127.0.0.1', port: 0 })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await service?.close()
})

const leadName = (): string => `outi@${foundation.code}.example`

async function signedIn(name: string): Promise<Page> {
  const page = await openPage(browser, { baseURL })
  await page.goto(paths.signIn())
  await page.getByLabel(t.signIn.email).fill(name)
  await page.getByLabel(t.signIn.password).fill(password)
  await page.getByRole('button', { name: t.signIn.title }).click()
  await passSecondFactor(page, service, name)
  await page.waitForURL('**/')
  return page
}

async function look(page: Page, name: string): Promise<void> {
  for (const width of [320, 1280]) {
    await page.setViewportSize({ width, height: 800 })
    expect(await wideElements(page)).toEqual([])
    await expectAccessible(page)
    await screenshot(page, `levels-${name}-${width}`)
  }
}

test('a coordinator without an open application reads that the level is hidden', async () => {
  const page = await signedIn(foundation.email('kaisa'))
  await page.goto(paths.client(foundation.clients.maija))
  await page.getByText(t.levels.hidden).waitFor()
  expect(await page.locator('main').getByText(t.supportLevel.minor).count()).toBe(0)
  await look(page, 'hidden')
  await page.context().close()
})

test('a lead says why, by the keyboard too, and sees the levels once', { timeout: 90_000 }, async () => {
  const page = await signedIn(leadName())
  await page.goto(paths.application(application))
  await look(page, 'ask')
  await expectKeyboardWay(page)
  await page.getByRole('button', { name: t.levels.show }).click()
  await page.locator('.error-summary a').first().waitFor()
  await look(page, 'unsaid')
  await page.getByLabel(t.levels.reasons.feedback).check()
  await page.getByRole('button', { name: t.levels.show }).click()
  await page.locator('main').getByText(t.supportLevel.minor).first().waitFor()
  await look(page, 'shown')
  await page.goto(paths.application(application))
  expect(await page.locator('main').getByText(t.supportLevel.minor).count()).toBe(0)
  await page.context().close()
})
