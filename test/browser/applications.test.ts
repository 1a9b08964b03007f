import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { messages } from '../../src/i18n/index.ts'
import { paths } from '../../src/web/paths.ts'
import { type FilledApplications, fillApplications } from '../awards/filled-applications.ts'
import { startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation, type StaffName } from '../support/given.ts'
import { expectAccessible, expectKeyboardWay, looks, screenshot, wideElements } from '../support/page.ts'
import { type PeopleInBrowser, peopleInBrowser } from '../support/people-in-browser.ts'

const t = messages('fi')
let service: TestService
let foundation: Foundation
let filled: FilledApplications
let people: PeopleInBrowser

beforeAll(async () => {
  service = await startService()
  foundation = await givenFoundation(service)
  filled = await fillApplications(service, foundation)
  people = await peopleInBrowser(service)
})
afterAll(async () => {
  await people?.close()
  await service?.close()
})

type Shown = readonly [StaffName, (filled: FilledApplications) => string]

const pages: Readonly<Record<string, Shown>> = {
  list: ['kaisa', () => paths.applications()],
  'list-coach': ['pekka', () => paths.applications()],
  marked: ['kaisa', ({ marked }) => paths.application(marked)],
  unmet: ['kaisa', ({ unmet }) => paths.application(unmet)],
  awarded: ['kaisa', ({ awarded }) => paths.application(awarded)],
  'seen-by-coach': ['pekka', ({ marked }) => paths.application(marked)],
  proposal: ['sari', ({ maija, maalaus }) => paths.proposeBadge(maija, maalaus)],
  revocation: ['kaisa', ({ award }) => paths.revocation(award)],
}

describe.each(Object.entries(pages))('%s', (name, [who, pathOf]) => {
  test('is accessible and fits at 320, 360 and 1280 px, light and dark', async () => {
    const page = await people.asStaff(foundation.email(who))
    const complaints: string[] = []
    page.on('console', (message) => complaints.push(message.text()))
    page.on('requestfailed', (request) => complaints.push(request.url()))
    await everySize(page, name, async () => void (await page.goto(pathOf(filled))))
    expect(complaints).toEqual([])
    await page.context().close()
  })
})

test.each(['sv', 'en'] as const)('%s: the words fit and the page says its language', async (language) => {
  const page = await people.asStaff(foundation.email('kaisa'), { width: 320 })
  for (const path of [
    paths.application(filled.marked),
    paths.application(filled.unmet),
    paths.revocation(filled.award),
  ]) {
    await page.goto(`${path}?lang=${language}`)
    expect(await page.locator('html').getAttribute('lang')).toBe(language)
    await expectAccessible(page)
  }
  await page.goto(paths.application(filled.marked))
  await screenshot(page, `hakemukset-marked-320-${language}`)
  await page.context().close()
})

/** Opens the decision page and sends its form as the next steps need it. */
async function decide(page: Page, id: string, outcome: string, reason = ''): Promise<void> {
  await page.goto(paths.application(id))
  if (outcome !== '') await page.getByRole('radio', { name: outcome }).check()
  await page.getByRole('textbox', { name: t.applications.reason }).fill(reason)
  await page.getByRole('button', { name: t.applications.check }).click()
}

const words = 'Tee hionta vielä kerran. Olet hyvässä vauhdissa.'
const steps: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  'check-award': async (page) => await decide(page, filled.marked, t.applications.outcomes.award),
  'check-return': async (page) => await decide(page, filled.marked, t.applications.outcomes.return, words),
  'nothing-chosen': async (page) => await decide(page, filled.marked, ''),
  'reason-missing': async (page) => await decide(page, filled.unmet, t.applications.outcomes.reject),
  'revocation-error': async (page) => {
    await page.goto(paths.revocation(filled.award))
    await page.getByLabel(t.awards.revokeNote).fill('ei')
    await page.getByRole('button', { name: t.awards.revokeAction }).click()
  },
}

describe.each(Object.entries(steps))('%s', (name, come) => {
  test('what a form answers is accessible too, and an error has the focus', async () => {
    const page = await people.asStaff(foundation.email('kaisa'))
    await everySize(page, name, async () => await come(page))
    const errors = await page.getByRole('alert').count()
    if (errors > 0) {
      expect(await page.title()).toMatch(/^Virhe: /)
      expect(await page.locator('.error-summary:focus').count()).toBe(1)
    }
    expect(errors).toBe(name.startsWith('check') ? 0 : 1)
    await page.context().close()
  })
})

test.each([
  [paths.applications(), 'kaisa'],
  ['one application', 'kaisa'],
  ['the revocation', 'kaisa'],
  ['the proposal', 'sari'],
] as const)('%s by keyboard alone: every stop is seen, uncovered and has a name', async (path, who) => {
  const page = await people.asStaff(foundation.email(who), { width: 320, height: 640 })
  const addresses: Readonly<Record<string, string>> = {
    'one application': paths.application(filled.marked),
    'the revocation': paths.revocation(filled.award),
    'the proposal': paths.proposeBadge(filled.maija, filled.maalaus),
  }
  await page.goto(addresses[path] ?? path)
  const names = await expectKeyboardWay(page)
  expect(names[0]).toBe(t.app.skip)
  expect(names).toContain(t.app.logOut)
  await page.context().close()
})

/** Looks at one page in each width and colour scheme. Between the narrowest and the widest what can break is the width. */
async function everySize(page: Page, name: string, come: () => Promise<void>): Promise<void> {
  for (const { width, colorScheme } of looks) {
    await page.setViewportSize({ width, height: 800 })
    await page.emulateMedia({ colorScheme })
    await come()
    if (width === 360) expect(await wideElements(page)).toEqual([])
    else await expectAccessible(page)
    await screenshot(page, `hakemukset-${name}-${width}${colorScheme === 'dark' ? '-dark' : ''}`)
  }
}
