import { afterAll, beforeAll, expect, test } from 'vitest'
import { messages } from '../../src/i18n/index.ts'
import { paths } from '../../src/web/paths.ts'
import { accept, type GivenAward, givenOffered } from '../publication/given-award.ts'
import { startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'
import { expectAccessible, screenshot, wideElements } from '../support/page.ts'
import { type PeopleInBrowser, peopleInBrowser } from '../support/people-in-browser.ts'

// S-22: what a client sees whose badge was signed anew.

const t = messages('fi')
let service: TestService
let foundation: Foundation
let award: GivenAward
let people: PeopleInBrowser
beforeAll(async () => {
  service = await startService()
  foundation = await givenFoundation(service)
  award = await givenOffered(foundation)
  await accept(foundation, award)
  await service.database.ownerDb
    .updateTable('award')
    .set({ download_again_since: new Date('2026-11-22T08:00:00Z') })
    .where('id', '=', award.id)
    .execute()
  people = await peopleInBrowser(service)
})
afterAll(async () => {
  await people?.close()
  await service?.close()
})

test('the badge asks to be downloaded again, in the list and on its page, and fits at 320 and 1280 px', async () => {
  const page = await people.asClient(foundation, 'maija')
  for (const [name, path, text] of [
    ['badges', paths.badges(), t.badges.downloadAgainTag],
    ['badge', paths.badge(award.id), t.badges.downloadAgain({ date: '22.11.2026' })],
  ] as const) {
    await page.goto(path)
    expect(await page.getByText(text).count()).toBe(1)
    for (const width of [320, 1280]) {
      await page.setViewportSize({ width, height: 800 })
      expect(await wideElements(page)).toEqual([])
      await expectAccessible(page)
      await screenshot(page, `signed-anew-${name}-${width}`)
    }
  }
}, 60_000)
