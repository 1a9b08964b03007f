import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { messages } from '../../src/i18n/index.ts'
import { accept, type GivenAward, givenOffered, show } from '../publication/given-award.ts'
import { startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'
import { expectAccessible, expectKeyboardWay, screenshot } from '../support/page.ts'
import { type PeopleInBrowser, peopleInBrowser } from '../support/people-in-browser.ts'
import { doJobs, givenSchool, type School } from '../support/school.ts'

// PRODUCT S3: a school endorses a badge. Without JavaScript, by keyboard, at 320 px, with axe.

const { endorsements: words, passport, verify } = messages('fi')
let service: TestService
let people: PeopleInBrowser
let foundation: Foundation
let school: School
let award: GivenAward
const comment = 'Merkki vastaa tutkinnon osan vaatimuksia, ja tunnustamme sen osaksi opintoja.'

beforeAll(async () => {
  service = await startService()
  foundation = await givenFoundation(service)
  school = await givenSchool(service)
  award = await givenOffered(foundation)
  await accept(foundation, award)
  await doJobs(service)
  people = await peopleInBrowser(service)
})
afterAll(async () => {
  await people?.close()
  await service?.close()
})

async function look(page: Page, name: string): Promise<void> {
  await expectAccessible(page)
  await expectKeyboardWay(page)
  await screenshot(page, `endorsements-${name}-${page.viewportSize()?.width ?? 0}`)
}

test.each([320, 1280])('the whole way at %i px: choose, write, check, give, take back', async (width) => {
  const page = await people.asStaff(school.email, { width, javaScript: false })
  await page.goto('/oppilaitos/suositukset')
  await page.getByRole('link', { name: 'Meriva' }).click()
  await page
    .getByRole('link', { name: /^Suosittele: suomi/i })
    .first()
    .click()
  await page.getByRole('button', { name: words.check }).click()
  // Nothing written: the summary leads to the field, and the badge stays chosen.
  expect(await page.getByRole('alert').textContent()).toContain(words.tooShort)
  await page.getByLabel(words.comment).fill(comment)
  await page.getByRole('button', { name: words.check }).click()
  expect(await page.locator('h1').textContent()).toBe(words.checkTitle)
  await page.getByRole('button', { name: words.send }).click()
  expect(await page.getByText(words.done).isVisible()).toBe(true)
  expect(await page.getByText(comment).first().isVisible()).toBe(true)
  await page
    .getByRole('link', { name: new RegExp(words.withdraw) })
    .first()
    .click()
  await page.getByRole('button', { name: words.withdraw }).click()
  expect(await page.getByText(words.withdrawnDone).isVisible()).toBe(true)
  await page.context().close()
})

test.each([320, 1280])('every page of it is accessible at %i px', async (width) => {
  const page = await people.asStaff(school.email, { width })
  await page.goto('/oppilaitos/suositukset')
  await look(page, 'list')
  await page.goto(`/oppilaitos/suositukset/merkit?saatio=${foundation.code}`)
  await look(page, 'badges')
  await page.goto('/oppilaitos/suositukset/uusi')
  await look(page, 'shown')
  await page.getByRole('button', { name: words.check }).click()
  await look(page, 'errors')
  await page.goto(`/oppilaitos/suositukset/merkit?saatio=${foundation.code}`)
  await page
    .getByRole('link', { name: /^Suosittele: svenska/i })
    .first()
    .click()
  await page.getByLabel(words.comment).fill(`${comment} (${width})`)
  await look(page, 'new')
  await page.getByRole('button', { name: words.check }).click()
  await look(page, 'check')
  await page.getByRole('button', { name: words.send }).click()
  await look(page, 'given')
  await page
    .getByRole('link', { name: new RegExp(words.withdraw) })
    .first()
    .click()
  await look(page, 'withdraw')
  await page.getByRole('button', { name: words.withdraw }).click()
  await page.context().close()
})

test('what is wrong is told beside the field, with everything kept', async () => {
  const page = await people.asStaff(school.email, { width: 1280, javaScript: false })
  await page.goto('/oppilaitos/suositukset/uusi')
  await page.getByLabel(words.badge).fill('https://muualla.example/merkki')
  await page.getByLabel(words.comment).fill('Kysy lisää: outi@opisto.example')
  await page.getByRole('button', { name: words.check }).click()
  expect(await page.getByRole('alert').textContent()).toContain('Merkki ei ole aito ja voimassa')
  expect(await page.getByLabel(words.badge).inputValue()).toBe('https://muualla.example/merkki')
  await show(foundation, award, true)
  await page.getByLabel(words.badge).fill(`${service.deps.config.publicOrigin}/b/${award.publicId}`)
  await page.getByRole('button', { name: words.check }).click()
  await page.getByRole('button', { name: words.send }).click()
  expect(await page.getByRole('alert').textContent()).toContain(words.unfit)
  await page.getByLabel(words.comment).fill('Hän näytti meille hyvän työn.')
  await page.getByRole('button', { name: words.check }).click()
  await page.getByRole('button', { name: words.send }).click()
  expect(await page.getByText(words.done).isVisible()).toBe(true)
  await doJobs(service)
  await page.context().close()
})

test.each([320, 1280])('what others see at %i px: the badge’s page, the holder’s page, the passport', async (width) => {
  const stranger = await people.open({ width })
  await stranger.goto(`/b/${award.publicId}`)
  expect(await stranger.getByText('Hän näytti meille hyvän työn.').isVisible()).toBe(true)
  await look(stranger, 'public')
  await stranger.context().close()
  const maija = await people.asClient(foundation, 'maija', { width })
  await maija.goto(`/merkit/${award.id}`)
  expect(await maija.getByText('Hän näytti meille hyvän työn.').isVisible()).toBe(true)
  await look(maija, 'own')
  await maija.goto('/passi')
  await look(maija, 'passport')
  const [file] = await Promise.all([
    maija.waitForEvent('download'),
    maija.getByRole('button', { name: passport.takeAlongAction }).click(),
  ])
  expect(file.suggestedFilename()).toBe('osaamispassi.json')
  const path = await file.path()
  await maija.goto('/tarkista')
  await maija.getByLabel(verify.upload).setInputFiles({
    name: 'osaamispassi.json',
    mimeType: 'application/json',
    buffer: await readFile(path),
  })
  await maija.getByRole('button', { name: verify.action }).click()
  expect(await maija.locator('h1').textContent()).toBe(verify.ok)
  expect(await maija.getByRole('heading', { name: verify.checks.credentials }).isVisible()).toBe(true)
  await look(maija, 'verified')
  await maija.context().close()
})
