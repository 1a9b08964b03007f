import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { messages } from '../../src/i18n/index.ts'
import { paths } from '../../src/web/paths.ts'
import { startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'
import { expectAccessible, expectKeyboardWay, screenshot } from '../support/page.ts'
import { type PeopleInBrowser, peopleInBrowser } from '../support/people-in-browser.ts'

const { ownData, audit } = messages('fi')
let service: TestService
let foundation: Foundation
let people: PeopleInBrowser

beforeAll(async () => {
  service = await startService()
  foundation = await givenFoundation(service)
  await foundation.record()
  await (await foundation.as('pekka')).get(`/api/v1/observations?clientId=${foundation.clients.maija}`)
  await foundation.as('kaisa')
  people = await peopleInBrowser(service)
})
afterAll(async () => {
  await people?.close()
  await service?.close()
})

async function look(page: Page, path: string, name: string): Promise<void> {
  await page.goto(path)
  await expectAccessible(page)
  await screenshot(page, name)
}

describe.each([320, 1280])('at %i px', (width) => {
  test('the client reads what is kept, asks for a correction and for erasure, and takes that back', async () => {
    const page = await people.asClient(foundation, 'maija', { width })
    await page.getByRole('link', { name: ownData.title }).click()
    await expectAccessible(page)
    await page.locator('#words').fill('Sukunimeni on väärin')
    await page.getByRole('button', { name: ownData.correctAction }).click()
    expect(await page.getByRole('status').textContent()).toContain(ownData.correctSent)
    await screenshot(page, `tiedot-${width}`)
    await page.getByRole('link', { name: ownData.eraseLink }).click()
    await expectAccessible(page)
    await screenshot(page, `tiedot-poisto-${width}`)
    await page.getByRole('button', { name: ownData.eraseConfirm }).click()
    expect(await page.getByText(ownData.eraseWaits).count()).toBe(1)
    await page.getByRole('button', { name: ownData.eraseWithdraw }).click()
    expect(await page.getByRole('status').textContent()).toContain(ownData.eraseWithdrawn)
    await expectKeyboardWay(page)
    await look(page, paths.handOuts(), `katselut-${width}`)
    expect(await page.getByText('Pekka R.').count()).toBeGreaterThan(0)
  })

  test('an empty correction comes back with its error', async () => {
    const page = await people.asClient(foundation, 'maija', { width })
    await page.goto(paths.ownData())
    await page.getByRole('button', { name: ownData.correctAction }).click()
    await expectAccessible(page)
    expect(await page.locator('#words-error').textContent()).toContain(ownData.correctMissing)
  })

  test('the coordinator finds requests and the audit', async () => {
    const client = await people.asClient(foundation, 'maija', { width })
    await client.goto(paths.askErasure())
    await client.getByRole('button', { name: ownData.eraseConfirm }).click()
    const page = await people.asStaff(foundation.email('kaisa'), { width })
    await look(page, paths.rightsRequests(), `pyynnot-${width}`)
    const links = await page.locator('main a[href^="/hallinta/pyynnot/"]').all()
    const requests = await Promise.all(links.map(async (link) => (await link.getAttribute('href')) ?? ''))
    expect(requests.length).toBeGreaterThanOrEqual(2)
    for (const [place, href] of requests.entries()) await look(page, href, `pyynto-${place}-${width}`)
    const erasing = requests.at(-1) ?? ''
    await look(page, `${erasing}/poisto`, `pyynto-poisto-${width}`)
    await look(page, paths.audit(), `loki-${width}`)
    await page.locator('#kind').selectOption('level.read')
    await page.getByRole('button', { name: audit.show }).click()
    await expectAccessible(page)
    expect(await page.getByText('Pekka R.').count()).toBeGreaterThan(0)
    await client.goto(paths.ownData())
    await client.getByRole('button', { name: ownData.eraseWithdraw }).click()
  })
})
