import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { messages } from '../../src/i18n/index.ts'
import { paths } from '../../src/web/paths.ts'
import { startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation, password } from '../support/given.ts'
import { expectAccessible, expectKeyboardWay, screenshot, wideElements } from '../support/page.ts'
import { type PeopleInBrowser, peopleInBrowser } from '../support/people-in-browser.ts'
import { givenAccount } from '../support/staff.ts'

// S-12, the notes, as people see them: hidden levels, and a lead who says why.

const t = messages('fi')
let service: TestService
let foundation: Foundation
let application: string
let people: PeopleInBrowser

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
  await givenAccount(service.deps, foundation.code, lead)
  people = await peopleInBrowser(service)
})
afterAll(async () => {
  await people?.close()
  await service?.close()
})

const leadName = (): string => `outi@${foundation.code}.example`

async function look(page: Page, name: string): Promise<void> {
  for (const width of [320, 1280]) {
    await page.setViewportSize({ width, height: 800 })
    expect(await wideElements(page)).toEqual([])
    await expectAccessible(page)
    await screenshot(page, `levels-${name}-${width}`)
  }
}

test('a coordinator without an open application reads that the level is hidden', async () => {
  const page = await people.asStaff(foundation.email('kaisa'))
  await page.goto(paths.client(foundation.clients.maija))
  await page.getByText(t.levels.hidden).waitFor()
  expect(await page.locator('main').getByText(t.supportLevel.minor).count()).toBe(0)
  await look(page, 'hidden')
  await page.context().close()
})

test('a lead says why, by the keyboard too, and sees the levels once', { timeout: 90_000 }, async () => {
  const page = await people.asStaff(leadName())
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
