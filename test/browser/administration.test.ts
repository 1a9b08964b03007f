import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addWorkUnit } from '../../src/foundations/work-unit.ts'
import { setIssuing } from '../../src/keys/issuing-switch.ts'
import { listKeys } from '../../src/keys/list.ts'
import { startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation, password } from '../support/given.ts'
import { expectAccessible, expectKeyboardWay, screenshot } from '../support/page.ts'
import { type PeopleInBrowser, peopleInBrowser } from '../support/people-in-browser.ts'
import { givenAccount } from '../support/staff.ts'

// `/hallinta` and its pages in a real browser, on a telephone and on a wide screen.

let service: TestService
let foundation: Foundation
let people: PeopleInBrowser
let kid: string
let unit: string

beforeAll(async () => {
  service = await startService()
  foundation = await givenFoundation(service, { module: false })
  const { code } = foundation
  await givenAccount(service.deps, code, {
    signInName: `pitka@${code}.example`,
    password,
    displayName: 'Anna-Maria Kaarina von Wolffenschildt-Korpelainen',
    roles: ['coach', 'coordinator', 'foundation_lead'],
  })
  unit = await addWorkUnit(
    service.deps,
    foundation.staffActor('admin'),
    'Puu- ja metallipaja, Rovaniementien toimipiste',
  )
  await setIssuing(service.deps, code, {
    stopped: true,
    reason: 'key-suspected',
    by: { accountId: foundation.accounts.admin },
  })
  kid = (await listKeys(service.deps.db, code))[0]?.kid ?? ''
  people = await peopleInBrowser(service)
})
afterAll(async () => {
  await people?.close()
  await service?.close()
})

/** The link that the page shows, as a path. */
async function linkOn(page: Page): Promise<string> {
  return (await page.locator('code').innerText()).replace(/^.*(?=\/kayttoonotto)/, '')
}

async function look(page: Page, path: string, name: string): Promise<void> {
  await page.goto(path)
  await expectAccessible(page)
  await screenshot(page, name)
}

test.each([320, 1280])('every page of administration is accessible at %i px', { timeout: 90_000 }, async (width) => {
  const page = await people.asStaff(foundation.email('admin'), { width })
  const sari = foundation.accounts.sari
  const pages: Readonly<Record<string, string>> = {
    front: '/hallinta',
    users: '/hallinta/kayttajat',
    'user-new': '/hallinta/kayttajat/uusi',
    user: `/hallinta/kayttajat/${sari}`,
    'user-close': `/hallinta/kayttajat/${sari}/sulje`,
    'user-factor': `/hallinta/kayttajat/${sari}/vahvistus`,
    units: '/hallinta/yksikot',
    unit: `/hallinta/yksikot/${unit}`,
    keys: '/hallinta/allekirjoitus',
    'key-rotate': '/hallinta/allekirjoitus/vaihda/RS256',
    'key-leak': `/hallinta/allekirjoitus/${kid}/vuotanut`,
    switch: '/hallinta/allekirjoitus/myontaminen',
    audit: '/hallinta/loki',
  }
  for (const [name, path] of Object.entries(pages)) await look(page, path, `administration-${name}-${width}`)
  await page.goto('/hallinta/kayttajat/uusi')
  await page.getByRole('button', { name: 'Lisää ja näytä linkki' }).click()
  await page.locator('.error-summary').waitFor()
  await expectAccessible(page)
  await screenshot(page, `administration-user-error-${width}`)
  await page.goto(`/hallinta/kayttajat/${sari}`)
  await page.getByRole('button', { name: 'Tee uusi linkki' }).click()
  await page.getByText('Näet sen vain tämän kerran').waitFor()
  await expectAccessible(page)
  await screenshot(page, `administration-link-${width}`)
  await look(page, await linkOn(page), `administration-welcome-${width}`)
  for (const language of ['sv', 'en'])
    for (const name of ['front', 'user', 'units', 'keys'])
      await look(page, `${pages[name]}?lang=${language}`, `administration-${name}-${width}-${language}`)
})

test.each([320, 1280])('a coordinator enters a request that came on paper at %i px', async (width) => {
  const page = await people.asStaff(foundation.email('kaisa'), { width })
  await look(page, '/hallinta/pyynnot', `administration-requests-${width}`)
  await page.getByRole('link', { name: 'Lisää paperilla tullut pyyntö' }).click()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Kirjaa pyyntö' }).click()
  await page.locator('.error-summary').waitFor()
  await expectAccessible(page)
  await screenshot(page, `administration-paper-error-${width}`)
  await page.getByLabel('Kenen pyyntö?').selectOption({ label: 'Antti Halonen' })
  await page.getByLabel('Jäljennös tiedoista').check()
  await page.getByLabel('Paperissa on hänen allekirjoituksensa').check()
  await page.getByRole('button', { name: 'Kirjaa pyyntö' }).click()
  await page.getByText('Pyyntö on kirjattu.').waitFor()
  await expectAccessible(page)
  await screenshot(page, `administration-paper-copy-${width}`)
})

test('somebody is added by keyboard alone, without script, and comes in by the link', async () => {
  const page = await people.asStaff(foundation.email('admin'), { width: 320, javaScript: false })
  await page.goto('/hallinta')
  await page.getByRole('link', { name: 'Käyttäjät ja roolit' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: 'Lisää käyttäjä' }).focus()
  await page.keyboard.press('Enter')
  await page.getByLabel('Nimi').fill('Ville V.')
  await page.getByLabel('Sähköposti, jolla hän kirjautuu').fill('ville@meriva.example')
  await page.getByRole('checkbox', { name: /^Valmentaja/ }).focus()
  await page.keyboard.press('Space')
  await page.keyboard.press('Enter')
  await page.getByText('Näet sen vain tämän kerran').waitFor()
  const link = await linkOn(page)
  const own = await people.open({ width: 320, javaScript: false })
  await own.goto(link)
  await own.getByLabel('Salasana').fill('kuusi-hilla-joki-7')
  await own.keyboard.press('Enter')
  await own.getByRole('button', { name: 'Kirjaudu ulos' }).waitFor()
  await own.goto('/ryhma')
  expect(await own.getByRole('heading', { level: 1 }).count()).toBe(1)
})

test('a key is marked as compromised step by step, and the keyboard stops at each thing in order', async () => {
  const page = await people.asStaff(foundation.email('admin'), { width: 1280 })
  await page.goto(`/hallinta/allekirjoitus/${kid}/vuotanut`)
  await page.getByLabel(/Mistä päivästä/).fill('2026-11-22')
  await page.getByRole('button', { name: 'Jatka' }).click()
  await page.getByText('Tarkista ennen kuin jatkat').waitFor()
  await expectAccessible(page)
  await screenshot(page, 'administration-key-leak-check-1280')
  await page.getByLabel('Kirjoita avaimen nimi vahvistukseksi').fill(kid)
  await page.getByRole('button', { name: 'Merkitse vuotaneeksi' }).click()
  await page.getByText('Avain on merkitty vuotaneeksi.').waitFor()
  await expectAccessible(page)
  await screenshot(page, 'administration-keys-after-1280')
  const names = await expectKeyboardWay(page)
  expect(names).toContain('Aloita myöntäminen')
})
