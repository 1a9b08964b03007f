import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { messages } from '../../src/i18n/index.ts'
import { paths } from '../../src/web/paths.ts'
import { type GivenAward, givenOffered } from '../publication/given-award.ts'
import { startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'
import { expectAccessible, expectKeyboardWay, looks, screenshot } from '../support/page.ts'
import { type PeopleInBrowser, peopleInBrowser } from '../support/people-in-browser.ts'

const t = messages('fi')
let service: TestService
let foundation: Foundation
let people: PeopleInBrowser
let award: GivenAward

beforeAll(async () => {
  service = await startService()
  foundation = await givenFoundation(service)
  award = await givenOffered(foundation)
  service.at('2026-11-22T09:05:00Z')
  people = await peopleInBrowser(service)
})
afterAll(async () => {
  await people?.close()
  await service?.close()
})

/** What Maija sees, at both widths, light and dark. */
async function expectGood(page: Page, name: string): Promise<void> {
  for (const { width, colorScheme } of looks) {
    await page.setViewportSize({ width, height: 800 })
    await page.emulateMedia({ colorScheme })
    await expectAccessible(page)
    await screenshot(page, `recipient-${name}-${width}${colorScheme === 'dark' ? '-dark' : ''}`)
  }
}

test('the e-mail mark: closed, opened, a bad address, in the badge, out again', async () => {
  const page = await people.asClient(foundation, 'maija')
  await page.goto(paths.badge(award.id))
  await expectGood(page, 'closed')
  expect(await page.getByLabel(t.badges.emailLabel).isVisible()).toBe(false)
  expect(await expectKeyboardWay(page)).toContain(t.badges.emailSummary)

  await page.getByText(t.badges.emailSummary).click()
  await expectGood(page, 'open')

  await page.getByLabel(t.badges.emailLabel).fill('maija')
  await page.getByRole('button', { name: t.badges.emailAdd }).click()
  await page.getByRole('alert').waitFor()
  expect(await page.getByLabel(t.badges.emailLabel).inputValue()).toBe('maija')
  await expectGood(page, 'bad')

  await page.getByLabel(t.badges.emailLabel).fill('maija@example.fi')
  await page.getByRole('button', { name: t.badges.emailAdd }).click()
  await page.waitForURL('**/merkit/*?tehty=tunniste')
  await expectGood(page, 'marked')

  service.at('2026-11-22T09:06:00Z')
  await page.getByRole('button', { name: t.badges.emailRemove }).click()
  await page.waitForURL('**/merkit/*?tehty=tunniste-pois')
  expect(await page.getByRole('status').first().textContent()).toContain(t.badges.emailRemoved)
  await page.context().close()
})

test('the same by keyboard alone, without JavaScript', async () => {
  service.at('2026-11-22T09:07:00Z')
  const page = await people.open({ width: 320, height: 640, javaScript: false })
  await page.goto(paths.signInCode())
  await page.getByLabel(t.signIn.code).fill(await foundation.code8('maija'))
  await page.keyboard.press('Enter')
  await page.waitForURL('**/passi')
  await page.goto(paths.badge(award.id))
  await page.getByText(t.badges.emailSummary).focus()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  await page.keyboard.type('maija@example.fi')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/merkit/*?tehty=tunniste')
  expect(await page.getByText(t.badges.emailCarried).isVisible()).toBe(true)
  await page.context().close()
})

test('the check page with the owner’s address opened fits and is accessible', async () => {
  const page = await people.open()
  await page.goto(paths.verify())
  await page.getByText(t.verify.recipientMore).click()
  await expectGood(page, 'check')
  await page.context().close()
})
