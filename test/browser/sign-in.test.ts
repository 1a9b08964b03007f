import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { messages } from '../../src/i18n/index.ts'
import { paths } from '../../src/web/paths.ts'
import { startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation, password, type StaffName } from '../support/given.ts'
import { expectAccessible, expectKeyboardWay, looks, screenshot, wideElements } from '../support/page.ts'
import { enterCode, type PeopleInBrowser, peopleInBrowser } from '../support/people-in-browser.ts'
import { authenticatorCode } from '../support/staff.ts'

const t = messages('fi')
const nothing = '00000000-0000-7000-8000-000000000000'
let service: TestService
let foundation: Foundation
let people: PeopleInBrowser

beforeAll(async () => {
  service = await startService()
  foundation = await givenFoundation(service, { module: false })
  people = await peopleInBrowser(service)
})
afterAll(async () => {
  await people?.close()
  await service?.close()
})

async function staff(page: Page, who: StaffName, secret = password): Promise<void> {
  await page.goto(paths.signIn())
  await page.getByLabel(t.signIn.email).fill(foundation.email(who))
  await page.getByLabel(t.signIn.password).fill(secret)
  await page.getByRole('button', { name: t.signIn.title }).click()
}

type Shown = { readonly first?: (page: Page) => Promise<void>; readonly come: (page: Page) => Promise<unknown> }

const pages: Readonly<Record<string, Shown>> = {
  front: { come: async (page) => await page.goto(paths.home()) },
  'front-coach': {
    first: async (page) => await staff(page, 'pekka'),
    come: async (page) => await page.goto(paths.home()),
  },
  'front-client': {
    first: async (page) => await enterCode(page, await foundation.code8('maija')),
    come: async (page) => await page.goto(paths.home()),
  },
  'sign-in': { come: async (page) => await page.goto(paths.signIn()) },
  // Somebody who signs in nowhere else here: after five wrong ones the name waits (S-17).
  'sign-in-wrong': { come: async (page) => await staff(page, 'sari', 'wrong') },
  code: { come: async (page) => await page.goto(paths.signInCode()) },
  'signed-out': {
    come: async (page) => {
      await staff(page, 'pekka')
      await page.getByRole('button', { name: t.app.logOut }).click()
    },
  },
  'not-found': { come: async (page) => await page.goto('/ei-mitaan') },
  'client-forbidden': {
    first: async (page) => await enterCode(page, await foundation.code8('maija')),
    come: async (page) => await page.goto(paths.application(nothing)),
  },
  'coach-forbidden': {
    first: async (page) => await staff(page, 'pekka'),
    come: async (page) => await page.goto(paths.revocation(nothing)),
  },
}

describe.each(Object.entries(pages))('%s', (name, { first, come }) => {
  test('is accessible and fits at 320, 360 and 1280 px, light and dark', async () => {
    const page = await people.open()
    await first?.(page)
    for (const { width, colorScheme } of looks) {
      await page.setViewportSize({ width, height: 800 })
      await page.emulateMedia({ colorScheme })
      await come(page)
      // Between the two what can break is the width.
      if (width === 360) expect(await wideElements(page)).toEqual([])
      else await expectAccessible(page)
      await screenshot(page, `sisaan-${name}-${width}${colorScheme === 'dark' ? '-dark' : ''}`)
    }
    await page.context().close()
  })
})

test('a wrong code comes back with the focus on what to do, and everything typed is kept', async () => {
  const page = await people.open({ width: 320 })
  await page.goto(paths.signInCode())
  await page.getByLabel(t.signIn.code).fill('2345-6789')
  await page.getByLabel(t.signIn.shared).check()
  const answered = page.waitForResponse((response) => response.request().method() === 'POST')
  await page.getByRole('button', { name: t.signIn.title }).click()
  expect((await answered).status()).toBe(422)
  expect(await page.title()).toBe(`${t.error.titlePrefix} ${t.signIn.clientTitle} – ${t.app.name}`)
  expect(await page.locator('.error-summary:focus').count()).toBe(1)
  await expectAccessible(page)
  await screenshot(page, 'sisaan-code-wrong-320')
  expect(await page.getByRole('textbox', { name: t.signIn.code }).inputValue()).toBe('2345-6789')
  expect(await page.getByRole('checkbox').isChecked()).toBe(true)
  await page.getByRole('link', { name: t.signIn.codeWrong }).press('Enter')
  expect(await page.locator('#code:focus').count()).toBe(1)
  await page.context().close()
})

test('by keyboard alone and without JavaScript: in, to the own page, and out', async () => {
  // Her second factor is set up already.
  await foundation.as('kaisa')
  const page = await people.open({ width: 320, height: 640, javaScript: false })
  await page.goto(paths.signIn())
  await tabTo(page, '#email')
  await page.keyboard.type(foundation.email('kaisa'))
  await tabTo(page, '#password')
  await page.keyboard.type(password)
  await page.keyboard.press('Enter')
  await page.waitForURL(`**${paths.secondFactor()}?*`)
  await tabTo(page, '#code')
  await page.keyboard.type(await authenticatorCode(service, foundation.email('kaisa')))
  await page.keyboard.press('Enter')
  await page.waitForURL('**/')
  await tabTo(page, `main a[href="${paths.applications()}"]`)
  await page.keyboard.press('Enter')
  await page.waitForURL('**/hakemukset')
  expect(await page.getByText(t.applications.empty).isVisible()).toBe(true)
  await tabTo(page, 'header .linkbtn')
  await page.keyboard.press('Enter')
  await page.getByText(t.signIn.signedOut).waitFor()
  await page.goBack()
  // Nothing of the visit is shown again (PRODUCT A8).
  expect(await page.getByText('Kaisa M.').count()).toBe(0)
  await page.context().close()
})

test.each([paths.home(), paths.signIn(), paths.signInCode(), '/ei-mitaan'])(
  '%s: every stop of the keyboard is seen, uncovered and has a name',
  async (path) => {
    const page = await people.open({ width: 320, height: 640 })
    await page.goto(path)
    expect((await expectKeyboardWay(page))[0]).toBe(t.app.skip)
    await page.context().close()
  },
)

/** Presses Tab until the focus stands on what is wanted. */
async function tabTo(page: Page, wanted: string): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab')
    if ((await page.locator(`${wanted}:focus`).count()) > 0) return
  }
  throw new Error(`the keyboard does not come to ${wanted}`)
}
