import { readFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { foundOrganisation } from '../../src/foundations/found.ts'
import { loadModule } from '../../src/modules/load.ts'
import { parseModuleFile, parseShortNames } from '../../src/modules/module-file.ts'
import { parseCriteria } from '../../src/qualifications/eperusteet/parse.ts'
import { importCriteria } from '../../src/qualifications/import.ts'
import { startService, type TestService } from '../support/app.ts'
import { openBrowser, openPage } from '../support/browser.ts'
import { expectAccessible, screenshot } from '../support/page.ts'
import { givenAccount, passSecondFactor } from '../support/staff.ts'

const demo = (path: string): Uint8Array => readFileSync(new URL(`../../demo/${path}`, import.meta.url))
const password = 'kuusi-hilla-joki-1'
const now = new Date('2026-11-22T09:00:00Z')
let service: TestService
let browser: Browser
let origin: string

beforeAll(async () => {
  service = await startService()
  const { deps, database } = service
  const ownerDb = database.ownerDb
  const wanted = {
    code: 'mer1',
    kind: 'foundation',
    name: 'Meriva',
    url: 'https://m.example',
    email: 'm@m.example',
  } as const
  await foundOrganisation({ ...deps, ownerDb }, wanted)
  const kaisa = { signInName: 'kaisa@m.example', password, displayName: 'Kaisa M.', roles: ['coordinator'] } as const
  await givenAccount(deps, 'mer1', kaisa)
  await importCriteria(deps, parseCriteria(demo('criteria/ajoneuvoala-OPH-5410-2021.json')), { now })
  const names = parseShortNames(demo('short-names.json'))
  await loadModule(deps, parseModuleFile(demo('modules/polkupyoran-huolto.json'), names), { tenant: 'mer1', now })
  origin = await service.app.listen({ port: 0, host: '127.0.0.1' })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser.close()
  await service.close()
})

async function signIn(page: Page): Promise<void> {
  await page.goto('/kirjaudu')
  await page.getByLabel(/sähköposti/i).fill('kaisa@m.example')
  await page.getByLabel(/salasana/i).fill(password)
  await page.getByRole('button', { name: /kirjaudu/i }).click()
  await passSecondFactor(page, service, 'kaisa@m.example')
}

test.each([
  [320, false],
  [360, true],
  [1280, false],
])('a coordinator opens a module at %i px (dark: %s), without script', async (width, dark) => {
  const page = await openPage(browser, { width, dark, javaScript: false, baseURL: origin })
  await signIn(page)
  await page.goto('/moduulit')
  await page.getByRole('link', { name: 'Polkupyörän huolto' }).click()
  await page.getByText('Työpäivän aloitus ja oman paikan siisteys · Vaativuus').first().click()
  expect(await page.getByText('Tehostettu tuki').first().isVisible()).toBe(true)
  expect(await page.getByText('Ohjelmistopäivitys vaatii valmistajan laitteet').first().isVisible()).toBe(true)
})

test.each<[number, readonly string[]]>([
  [320, ['fi', 'sv']],
  [1280, ['en']],
])('the pages are accessible at %i px in %j, everything opened', async (width, shown) => {
  const page = await openPage(browser, { width, baseURL: origin })
  await signIn(page)
  for (const language of shown) {
    await page.goto(`/moduulit?lang=${language}`)
    await expectAccessible(page)
    await screenshot(page, `modules-${width}-${language}`)
    await page.locator('main a').first().click()
    await screenshot(page, `module-${width}-${language}`)
    for (const summary of await page.locator('main summary').all()) await summary.click()
    expect(await page.locator('main details:not([open])').count()).toBe(0)
    await expectAccessible(page)
    await screenshot(page, `module-open-${width}-${language}`)
  }
})
