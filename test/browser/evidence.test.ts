import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { messages } from '../../src/i18n/index.ts'
import { paths } from '../../src/web/paths.ts'
import { heic, photo } from '../evidence/pictures.ts'
import { startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'
import { expectAccessible, expectKeyboardWay, screenshot } from '../support/page.ts'
import { type PeopleInBrowser, peopleInBrowser } from '../support/people-in-browser.ts'

const { error, evidence } = messages('fi')
let service: TestService
let foundation: Foundation
let people: PeopleInBrowser

beforeAll(async () => {
  service = await startService()
  foundation = await givenFoundation(service)
  await foundation.record()
  people = await peopleInBrowser(service)
})
afterAll(async () => {
  await people?.close()
  await service?.close()
})

async function choose(page: Page, buffer: Buffer, name: string): Promise<void> {
  await page.locator('#file').setInputFiles({ name, mimeType: 'image/jpeg', buffer })
}

describe.each([320, 1280])('S-44 at %i px', (width) => {
  test('the coach adds a photo with the client’s consent; the client sees it and takes it away', async () => {
    const coach = await people.asStaff(foundation.email('pekka'), { width })
    await coach.goto(paths.client(foundation.clients.maija))
    await expectAccessible(coach)
    await screenshot(coach, `henkilo-${width}`)
    await coach.getByRole('link', { name: new RegExp(`^${evidence.title}`) }).click()
    await choose(coach, heic, 'IMG_1.heic')
    await coach.getByRole('button', { name: evidence.addAction }).click()
    await coach.getByText(evidence.consentMissing).first().waitFor()
    await coach.locator('#consent').check()
    await choose(coach, heic, 'IMG_1.heic')
    await coach.getByRole('button', { name: evidence.addAction }).click()
    await coach.getByText(error.codes['file-heic']).first().waitFor()
    await expectAccessible(coach)
    await screenshot(coach, `liitteet-virhe-${width}`)
    await coach.locator('#consent').check()
    await choose(coach, await photo('jpeg'), 'IMG_1.jpg')
    await coach.getByRole('button', { name: evidence.addAction }).click()
    await coach.getByText(evidence.added).waitFor()

    const client = await people.asClient(foundation, 'maija', { width })
    await client.getByRole('link', { name: evidence.ownLink }).click()
    await expectAccessible(client)
    await screenshot(client, `liitteet-omat-${width}`)
    await client.getByRole('link', { name: foundation.task('t2').name }).click()
    const shown = client.locator('main img')
    expect(await shown.getAttribute('alt')).toContain('Pekka R.')
    await shown.scrollIntoViewIfNeeded()
    // 20 × 40 after it was set upright: it came and could be drawn under the page's own policy.
    await expect
      .poll(async () => await client.evaluate<unknown>("document.querySelector('main img').naturalWidth"))
      .toBe(20)
    await expectAccessible(client)
    await expectKeyboardWay(client)
    await client.getByText(evidence.remove, { exact: true }).click()
    await screenshot(client, `liitteet-${width}`)
    await client.getByRole('button', { name: evidence.removeAction }).click()
    await client.getByText(evidence.removed).waitFor()
    expect(await client.locator('main img').count()).toBe(0)
  })
})
