import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'
import { expectAccessible, expectKeyboardWay, screenshot } from '../support/page.ts'
import { enterCode, type PeopleInBrowser, peopleInBrowser } from '../support/people-in-browser.ts'

let service: TestService
let meriva: Foundation
let people: PeopleInBrowser

beforeAll(async () => {
  service = await startService()
  meriva = await givenFoundation(service)
  for (const [given, family] of [
    ['Fatima', 'Ahmed'],
    ['Juhani', 'Salmi'],
    ['Leena', 'Virtanen'],
    ['Niko', 'Pohjola'],
    ['Ritva', 'Talvi'],
    ['Samu', 'Lehto'],
  ] as const) {
    await meriva.addClient({ given, family })
  }
  await meriva.readyForSanding()
  people = await peopleInBrowser(service)
})
afterAll(async () => {
  await people?.close()
  await service?.close()
})
beforeEach(() => service.at('2026-11-22T09:12:00Z'))

const sizes = [
  [320, false],
  [360, true],
  [1280, false],
  [1280, true],
] as const

describe.each(sizes)('at %i px (dark: %s)', (width, dark) => {
  const name = (what: string): string => `${what}-${width}${dark ? '-dark' : ''}`

  test('C1, without script: a coach records, sees it, and takes it back', async () => {
    const page = await people.asStaff(meriva.email('pekka'), { width, dark, javaScript: false })
    await page.goto('/kirjaa')
    // axe needs script in the page: the same page is looked at with it.
    const seen = await people.asStaff(meriva.email('pekka'), { width, dark })
    await seen.goto('/kirjaa')
    await expectAccessible(seen)
    await screenshot(seen, name('kirjaa'))
    await seen.getByRole('button', { name: 'Tallenna' }).click()
    await expectAccessible(seen)
    await screenshot(seen, name('kirjaa-virhe'))

    // 4 taps: who, what, how, save.
    const taps = [
      page.getByLabel('Leena V.'),
      page.getByLabel('Hionta ja kittaus'),
      page.getByLabel('Vähäinen tuki'),
      page.getByRole('button', { name: 'Tallenna' }),
    ]
    for (const tap of taps) await tap.click()
    expect(taps).toHaveLength(4)
    await page.getByText('Tallennettu: Leena V., Hionta ja kittaus').waitFor()
    await screenshot(page, name('kirjaa-tallennettu'))
    await page.getByRole('status').getByRole('button', { name: 'Kumoa' }).click()
    await page.getByText('Kumottu: Leena V., Hionta ja kittaus').waitFor()
    await Promise.all([page.context().close(), seen.context().close()])
  })

  test('C2: all at once with one person’s support changed', async () => {
    const page = await people.asStaff(meriva.email('pekka'), { width, dark })
    await page.goto('/kirjaa')
    await page.getByRole('button', { name: 'Valitse kaikki 8' }).click()
    await page.getByLabel('Ruiskulakkaus').click()
    await page.getByLabel('Yleinen tuki').click()
    await page.getByRole('button', { name: 'Tallenna' }).click()
    await expectAccessible(page)
    await screenshot(page, name('kirjaa-tarkista'))
    await page.getByLabel('Antti H.').selectOption('enhanced')
    await page.getByRole('button', { name: 'Tallenna 8 henkilölle' }).click()
    await page.getByText('Tallennettu 8 henkilölle: Ruiskulakkaus').waitFor()
    await expectAccessible(page)
    await page.getByRole('status').getByRole('button', { name: 'Kumoa' }).click()
    await page.getByText('Kumottu 8 henkilöltä').waitFor()
    await page.context().close()
  })

  test('the group, one person, a code, a correction and a self-assessment', async () => {
    const page = await people.asStaff(meriva.email('pekka'), { width, dark })
    await page.goto('/ryhma')
    await expectAccessible(page)
    await screenshot(page, name('ryhma'))
    await page.getByRole('link', { name: 'Maija K.' }).first().click()
    await expectAccessible(page)
    await screenshot(page, name('ryhma-ihminen'))
    await page
      .getByRole('link', { name: /^Korjaa/ })
      .first()
      .click()
    await expectAccessible(page)
    await screenshot(page, name('korjaa'))
    await page.goto('/ryhma')
    await page.getByRole('button', { name: 'Anna koodi Maija K.' }).click()
    await expectAccessible(page)
    await screenshot(page, name('koodi'))
    const code = await page.locator('.one-time-code').innerText()

    const maija = await people.open({ width, dark })
    await enterCode(maija, code)
    await maija.goto(`/passi/arvioi/${meriva.task('t4').id}`)
    await expectAccessible(maija)
    await screenshot(maija, name('arvioi'))
    for (const choice of await maija.locator('.choice').all()) {
      // A2: targets at least 56 px high.
      expect((await choice.boundingBox())?.height).toBeGreaterThanOrEqual(56)
    }
    await maija.getByLabel('En osaa sanoa').click()
    await maija.getByRole('button', { name: 'Tallenna arvio' }).click()
    await maija.getByText('Kiitos! Arviosi on tallessa.').waitFor()
    await Promise.all([page.context().close(), maija.context().close()])
  })
})

test('keyboard only: from the first field to a saved record, every stop seen and uncovered', async () => {
  const page = await people.asStaff(meriva.email('pekka'), { width: 360, height: 640 })
  await page.goto('/kirjaa')
  const way = await expectKeyboardWay(page)
  const order = ['Antti H.', 'Valitse kaikki 8', 'Tallenna'].map((one) => way.indexOf(one))
  expect(order).toEqual(order.toSorted((a, b) => a - b))
  expect(order).not.toContain(-1)

  await page.goto('/kirjaa')
  const niko = await page.getByLabel('Niko P.').getAttribute('id')
  await tabTo(page, `#${niko}`)
  await page.keyboard.press('Space')
  await tabTo(page, '[name=task]')
  await page.keyboard.press('Space')
  await tabTo(page, '[name=support]')
  await page.keyboard.press('ArrowDown')
  await tabTo(page, '.savebar button')
  await page.keyboard.press('Enter')
  await page.getByText('Tallennettu: Niko P.').waitFor()
  await page.context().close()
})

/** Presses Tab until the focus stands on what is wanted. */
async function tabTo(page: Page, wanted: string): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab')
    if ((await page.locator(`${wanted}:focus`).count()) > 0) return
  }
  throw new Error(`the keyboard does not come to ${wanted}`)
}
