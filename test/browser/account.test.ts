import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { makeSetupLink } from '../../src/accounts/setup.ts'
import { messages } from '../../src/i18n/index.ts'
import { paths } from '../../src/web/paths.ts'
import { startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation, password } from '../support/given.ts'
import { expectAccessible, expectKeyboardWay, looks, screenshot, wideElements } from '../support/page.ts'
import { enterCode, enterPassword, type PeopleInBrowser, peopleInBrowser } from '../support/people-in-browser.ts'
import { givenAccount, authenticatorCode, passSecondFactor } from '../support/staff.ts'

const t = messages('fi')
let service: TestService
let foundation: Foundation
let people: PeopleInBrowser

beforeAll(async () => {
  service = await startService(
    { oidc: { issuer: 'https://login.example', clientId: 'osaamispassi' } },
    { oidcClientSecret: 'x'.repeat(32) },
  )
  foundation = await givenFoundation(service)
  await foundation.readyForSanding('maija')
  await foundation.as('kaisa')
  people = await peopleInBrowser(service)
})
afterAll(async () => {
  await people?.close()
  await service?.close()
})
beforeEach(() => service.at('2026-11-22T09:00:00Z'))

async function coach(page: Page): Promise<void> {
  await enterPassword(page, foundation.email('pekka'))
}

let count = 0
/** A coordinator who has no second factor yet. */
async function newcomer(): Promise<string> {
  count += 1
  const signInName = `uusi${count}@${foundation.code}.example`
  await givenAccount(service.deps, foundation.code, {
    signInName,
    password,
    displayName: 'Outi O.',
    roles: ['coordinator'],
  })
  return signInName
}

async function ownDevice(page: Page): Promise<void> {
  await coach(page)
  await page.goto(paths.account())
  if ((await page.locator('#name').count()) === 0) return
  await page.locator('#name').fill('Pajan tabletti')
  await page.locator(`form[action="${paths.devices()}"] button`).click()
  await page.waitForURL('**/tili?tehty=laite')
}

async function card(page: Page): Promise<void> {
  await coach(page)
  await page.goto(paths.client(foundation.clients.maija))
  await page.locator('form[action$="/kortti"] button').click()
  await page.locator('svg.qr').waitFor()
}

async function cardAddress(): Promise<string> {
  const made = await (await foundation.as('pekka')).post(`/api/v1/clients/${foundation.clients.maija}/cards`, {})
  return new URL(made.json<{ address: string }>().address).pathname
}

const pages: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
  kirjaudu: async (page) => await page.goto(paths.signIn()),
  vahvistus: async (page) => await enterPassword(page, foundation.email('kaisa')),
  'vahvistus-vaarin': async (page) => {
    await enterPassword(page, foundation.email('kaisa'))
    await page.locator('#code').fill('000000')
    await page.locator('#code').press('Enter')
    await page.locator('.error-summary').waitFor()
  },
  'vahvistus-uusi': async (page) => await enterPassword(page, await newcomer()),
  varakoodit: async (page) => {
    const email = await newcomer()
    await enterPassword(page, email)
    await page.locator('#code').fill(await authenticatorCode(service, email))
    await page.locator('#code').press('Enter')
    await page.locator('.recovery').waitFor()
  },
  tili: ownDevice,
  'tili-koordinaattori': async (page) => {
    await enterPassword(page, foundation.email('kaisa'))
    await passSecondFactor(page, service, foundation.email('kaisa'))
    await page.goto(paths.account())
  },
  salasana: async (page) => {
    await coach(page)
    await page.goto(paths.password())
    await page.locator('#next').fill('lyhyt')
    await page.getByRole('button', { name: t.account.passwordAction }).click()
    await page.locator('.error-summary').waitFor()
  },
  'kirjaa-suljettu': async (page) => {
    await ownDevice(page)
    service.at('2026-11-22T10:00:00Z')
    await page.goto(paths.record())
  },
  uudelleen: async (page) => {
    await ownDevice(page)
    service.at('2026-11-22T10:00:00Z')
    await page.goto(paths.group())
  },
  kortti: card,
  henkilo: async (page) => {
    await card(page)
    await page.goto(paths.client(foundation.clients.maija))
  },
  pin: async (page) => await page.goto(await cardAddress()),
  'pin-vaarin': async (page) => {
    await page.goto(await cardAddress())
    await page.locator('#pin').fill('abcd')
    await page.locator('#pin').press('Enter')
    await page.locator('.error-summary').waitFor()
  },
  'yhteinen-kone': async (page) => await enterCode(page, await foundation.code8('maija'), { shared: true }),
  katselut: async (page) => {
    await cardAddress()
    await enterCode(page, await foundation.code8('maija'))
    await page.goto(paths.handOuts())
  },
  kayttoonotto: async (page) => {
    const { link } = await makeSetupLink({ ...service.deps, ownerDb: service.database.ownerDb }, null)
    await page.goto(paths.setup(link))
  },
  'kayttoonotto-vaarin': async (page) => {
    const { link } = await makeSetupLink({ ...service.deps, ownerDb: service.database.ownerDb }, null)
    await page.goto(paths.setup(link))
    await page.getByRole('button', { name: t.account.setupAction }).click()
    await page.locator('.error-summary').waitFor()
  },
}

describe.each(Object.entries(pages))('%s', (name, come) => {
  test('is accessible and fits at 320, 360 and 1280 px, light and dark', { timeout: 60_000 }, async () => {
    const page = await people.open()
    await come(page)
    for (const { width, colorScheme } of looks) {
      await page.setViewportSize({ width, height: 800 })
      await page.emulateMedia({ colorScheme })
      if (width === 360) expect(await wideElements(page)).toEqual([])
      else await expectAccessible(page)
      await screenshot(page, `tili-${name}-${width}${colorScheme === 'dark' ? '-dark' : ''}`)
    }
    await page.setViewportSize({ width: 320, height: 640 })
    // Where something is to be mended, the focus stands there.
    const isMended = (await page.locator('.error-summary').count()) > 0
    const [first] = await expectKeyboardWay(page)
    if (!isMended) expect(first).toBe(t.app.skip)
    await page.context().close()
  })
})

test.each(['sv', 'en'] as const)('in %s the pages fit at 320 px too', { timeout: 60_000 }, async (language) => {
  const page = await people.open({ width: 320 })
  await page.goto(`/?lang=${language}`)
  for (const name of ['vahvistus-uusi', 'tili', 'kortti', 'pin', 'kayttoonotto']) {
    await page.context().clearCookies({ name: 'op_session' })
    await pages[name]?.(page)
    expect(await page.locator('html').getAttribute('lang')).toBe(language)
    expect(await wideElements(page), name).toEqual([])
  }
  await page.context().close()
})

test('without JavaScript: the second factor is set up, a card is made, and the client comes in with it on a shared computer', async () => {
  const page = await people.open({ width: 320, javaScript: false })
  const email = await newcomer()
  await enterPassword(page, email)
  await passSecondFactor(page, service, email)
  await page.goto(paths.client(foundation.clients.maija))
  await page.getByRole('button', { name: /^Tee (uusi )?kortti/ }).click()
  const address = await page.locator('.sign-in-card .key').innerText()
  const pin = await page.locator('.one-time-code').innerText()
  expect(await page.locator('svg.qr').count()).toBe(1)
  const other = await people.open({ width: 320, javaScript: false })
  await other.goto(new URL(address).pathname)
  await other.locator('#pin').fill(pin)
  await other.getByRole('checkbox').check()
  await other.locator('#pin').press('Enter')
  await other.waitForURL('**/passi')
  await other.getByRole('button', { name: t.signIn.moreTime }).click()
  await other.waitForURL('**/passi')
  expect(await other.getByText('kello 11.20').isVisible()).toBe(true)
  await page.context().close()
  await other.context().close()
})

test('on paper a card is the card alone: no PIN, no menu', async () => {
  const page = await people.open()
  await card(page)
  await page.emulateMedia({ media: 'print' })
  expect(await page.locator('.sign-in-card').isVisible()).toBe(true)
  for (const hidden of ['.one-time-code', 'nav.nav', 'footer', '.btn'])
    expect(await page.locator(hidden).first().isVisible(), hidden).toBe(false)
  await screenshot(page, 'tili-kortti-paperi')
  await page.context().close()
})
