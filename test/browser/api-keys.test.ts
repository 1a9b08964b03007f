import { afterAll, beforeAll, expect, test } from 'vitest'
import { givenKey, givenSandbox } from '../integrations/given-key.ts'
import { startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'
import { expectAccessible, expectKeyboardWay, screenshot } from '../support/page.ts'
import { type PeopleInBrowser, peopleInBrowser } from '../support/people-in-browser.ts'

// PRODUCT I1 in a real browser: a key is made, shown once, and ended.

let service: TestService
let foundation: Foundation
let people: PeopleInBrowser

beforeAll(async () => {
  service = await startService()
  foundation = await givenFoundation(service, { module: false })
  await givenSandbox(service)
  await givenKey(service, foundation, {
    name: 'Ohjelma, jonka nimi on pitkä ja jatkuu vielä: Opiskelijahallintojärjestelmä',
  })
  people = await peopleInBrowser(service)
})
afterAll(async () => {
  await people?.close()
  await service?.close()
})

test.each([320, 1280])('the page and its answers are accessible at %i px', async (width) => {
  const page = await people.asStaff(foundation.email('admin'), { width })
  for (const language of ['fi', 'sv', 'en']) {
    await page.goto(`/hallinta/avaimet?lang=${language}`)
    await expectAccessible(page)
    await screenshot(page, `keys-${width}-${language}`)
  }
  await page.goto('/hallinta/avaimet?lang=fi')
  await page.getByRole('button', { name: 'Tee avain' }).click()
  await page.locator('.error-summary').waitFor()
  await expectAccessible(page)
  await screenshot(page, `keys-error-${width}`)
  await page.getByLabel('Ohjelman nimi').fill(`Raportti ${width}`)
  await page.getByRole('button', { name: 'Tee avain' }).click()
  await page.getByText('Näet sen vain tämän kerran').waitFor()
  await expectAccessible(page)
  await screenshot(page, `key-made-${width}`)
  await page.getByRole('link', { name: 'Takaisin avaimiin' }).click()
  await page.getByRole('link', { name: new RegExp(`^Lopeta.*Raportti ${width}$`) }).click()
  await page.getByText('Tätä ei voi perua').waitFor()
  await expectAccessible(page)
  await screenshot(page, `key-end-${width}`)
})

test('a key is made and ended by keyboard alone, without script', async () => {
  const page = await people.asStaff(foundation.email('admin'), { width: 360, javaScript: false })
  await page.goto('/hallinta/avaimet')
  await page.getByLabel('Ohjelman nimi').fill('Näppäimistö')
  await page.keyboard.press('Enter')
  await page
    .getByText(/op_test_koe1/)
    .first()
    .waitFor()
  await page.goto('/hallinta/avaimet')
  await page.getByRole('link', { name: /^Lopeta.*Näppäimistö$/ }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Lopeta avain' }).focus()
  await page.keyboard.press('Enter')
  await page.getByText('Avain on lopetettu.').waitFor()
})

test('the keyboard stops at each thing in order, seen and uncovered', async () => {
  const page = await people.asStaff(foundation.email('admin'), { width: 1280 })
  await page.goto('/hallinta/avaimet')
  const names = await expectKeyboardWay(page)
  expect(names).toContain('Ohjelman nimi')
  expect(names).toContain('Tee avain')
})
