import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { messages } from '../../src/i18n/index.ts'
import { paths } from '../../src/web/paths.ts'
import { startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'
import { expectAccessible, expectKeyboardWay, looks, screenshot, wideElements } from '../support/page.ts'
import { type PeopleInBrowser, peopleInBrowser } from '../support/people-in-browser.ts'
import { fillPassports, type FilledPassports, givenOffered } from '../passport/filled-passport.ts'

const t = messages('fi')
let service: TestService
let foundation: Foundation
let filled: FilledPassports
let people: PeopleInBrowser

beforeAll(async () => {
  service = await startService()
  foundation = await givenFoundation(service)
  filled = await fillPassports(service, foundation)
  people = await peopleInBrowser(service)
})
afterAll(async () => {
  await people?.close()
  await service?.close()
})

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
    const page = await people.asClient(foundation, who)
    const complaints: string[] = []
    page.on('console', (message) => complaints.push(message.text()))
    page.on('requestfailed', (request) => complaints.push(request.url()))
    for (const { width, colorScheme } of looks) {
      await page.setViewportSize({ width, height: 800 })
      await page.emulateMedia({ colorScheme })
      await page.goto(pathOf(filled))
      // Between the two what can break is the width.
      if (width === 360) expect(await wideElements(page)).toEqual([])
      else await expectAccessible(page)
      await screenshot(page, `${name}-${width}${colorScheme === 'dark' ? '-dark' : ''}`)
    }
    expect(complaints).toEqual([])
    await page.context().close()
  })
})

test('on a small phone what I can do and the next step are seen at once (PRODUCT A1)', async () => {
  const page = await people.asClient(foundation, 'maija', { width: 360, height: 740 })
  const foldOf = async (name: string): Promise<number> => {
    const box = await page.getByText(name, { exact: true }).first().boundingBox()
    return box ? box.y + box.height : Number.POSITIVE_INFINITY
  }
  expect(await foldOf(t.passport.canDo)).toBeLessThan(740)
  expect(await foldOf(t.selfAssessment.title)).toBeLessThan(740)
  await page.context().close()
})

test('a badge is taken by keyboard alone, without JavaScript, from the passport on', async () => {
  const other = await givenFoundation(service)
  await other.readyForSanding('antti')
  await givenOffered(other, 'hionta', 'antti')
  const page = await people.open({ width: 320, height: 640, javaScript: false })
  await page.goto(paths.signInCode())
  await goTo(page, t.signIn.code)
  await page.keyboard.type(await other.code8('antti'))
  await page.keyboard.press('Enter')
  await page.waitForURL('**/passi')
  await goTo(page, t.passport.seeBadge)
  await page.keyboard.press('Enter')
  await page.waitForURL('**/merkit/*')
  await goTo(page, t.badges.accept)
  await page.keyboard.press('Enter')
  await page.waitForURL('**/merkit/*?tehty=otettu')
  expect(await page.getByRole('status').textContent()).toContain(t.badges.accepted)
  expect(await page.getByRole('link', { name: t.badges.downloadPng }).isVisible()).toBe(true)
  await page.context().close()
})

/** Presses Tab until the focus is on the control of this name. */
async function goTo(page: Page, name: string): Promise<void> {
  for (let count = 0; count < 60; count += 1) {
    await page.keyboard.press('Tab')
    const focused = await page.evaluate<unknown>(
      `(document.activeElement.labels?.[0] ?? document.activeElement).textContent.trim()`,
    )
    if (focused === name) return
  }
  throw new Error(`The keyboard does not reach ${name}`)
}

test.each(['passport', 'badge-offered'])('%s: every stop of the keyboard is seen and has a name', async (name) => {
  const [who, pathOf] = pages[name] ?? ['maija', () => paths.passport()]
  const page = await people.asClient(foundation, who, { width: 320, height: 640 })
  await page.goto(pathOf(filled))
  const names = await expectKeyboardWay(page)
  expect(names[0]).toBe(t.app.skip)
  expect(names).toContain(t.app.logOut)
  await page.context().close()
})
