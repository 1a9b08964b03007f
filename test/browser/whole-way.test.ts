import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import extractChunks from 'png-chunks-extract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { messages } from '../../src/i18n/index.ts'
import { headline } from '../../src/verification/present.ts'
import { paths } from '../../src/web/paths.ts'
import { publicOrigin } from '../publication/given-award.ts'
import { startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation, password, type StaffName } from '../support/given.ts'
import { type PeopleInBrowser, peopleInBrowser } from '../support/people-in-browser.ts'
import { authenticatorCode } from '../support/staff.ts'

const t = messages('fi')
let service: TestService
let foundation: Foundation
let people: PeopleInBrowser

beforeAll(async () => {
  service = await startService({ publicOrigin })
  foundation = await givenFoundation(service)
  people = await peopleInBrowser(service)
})
afterAll(async () => {
  await people?.close()
  await service?.close()
})

/** A person at a browser of the own: small window, no script, no mouse. `acts` counts what is chosen, written or pressed; Tab is only the way there. */
type Hand = {
  readonly page: Page
  /** Tab until the control that the selector names has the focus. */
  to(selector: string): Promise<void>
  press(key: string): Promise<void>
  write(words: string): Promise<void>
  /** Goes to a link or button and presses Enter; the next page is there when this is done. */
  enter(selector: string, address: string): Promise<void>
  /** Goes to a group of circles and to the one with this value by the arrow keys. */
  choose(name: string, value: string): Promise<void>
  /** How many acts since it was asked last. */
  acts(): number
}

async function hand(width = 320): Promise<Hand> {
  const page = await people.open({ width, height: 640, javaScript: false })
  let count = 0
  const act = async (key: string): Promise<void> => {
    count += 1
    await page.keyboard.press(key)
  }
  const to: Hand['to'] = async (selector) => {
    for (let presses = 0; presses < 80; presses += 1) {
      await page.keyboard.press('Tab')
      if ((await page.locator(`${selector}:focus`).count()) > 0) return
    }
    throw new Error(`the keyboard does not come to ${selector} on ${page.url()}`)
  }
  return {
    page,
    to,
    press: act,
    write: async (words) => {
      count += 1
      await page.keyboard.type(words)
    },
    enter: async (selector, address) => {
      await to(selector)
      const there = page.waitForURL(address, { waitUntil: 'load' })
      await act('Enter')
      await there
    },
    choose: async (name, value) => {
      await to(`[name="${name}"]`)
      const wanted = page.locator(`[name="${name}"][value="${value}"]`)
      // A circle that the focus comes to is chosen by Space, the next ones by the arrows: one act for the person.
      await act('Space')
      for (let presses = 0; presses < 20 && !(await wanted.isChecked()); presses += 1)
        await page.keyboard.press('ArrowDown')
      expect(await wanted.isChecked()).toBe(true)
    },
    acts: () => {
      const done = count
      count = 0
      return done
    },
  }
}

/** Staff: Kirjaudu sisään, e-mail, password, Enter, and the way to the own first page. 5 acts; 7 with the code of the second factor (S-17). */
async function signIn(person: Hand, who: StaffName, first: string): Promise<void> {
  const { page } = person
  await page.goto(paths.home())
  await person.enter(`main a[href="${paths.signIn()}"]`, `**${paths.signIn()}`)
  await person.to('#email')
  await person.write(foundation.email(who))
  await person.to('#password')
  await person.write(password)
  const hasCode = who === 'kaisa'
  const there = page.waitForURL(hasCode ? `**${paths.secondFactor()}?*` : '**/', { waitUntil: 'load' })
  await person.press('Enter')
  await there
  if (hasCode) {
    await person.to('#code')
    await person.write(await authenticatorCode(service, foundation.email(who)))
    const inside = page.waitForURL('**/', { waitUntil: 'load' })
    await person.press('Enter')
    await inside
  }
  await person.enter(`main a[href="${first}"]`, `**${first}`)
  expect(person.acts()).toBe(hasCode ? 7 : 5)
}

test('from recording to a badge that verifies, by keyboard alone and without JavaScript', {
  timeout: 120_000,
}, async () => {
  // The coordinator's second factor is set up already.
  await foundation.as('kaisa')
  const pekka = await hand()
  const maija = await hand(360)
  const kaisa = await hand(1280)
  const [first, second] = [foundation.task('t1'), foundation.task('t2')]

  // The coach records. 4 acts: who, what, how, save (PRODUCT C1).
  await signIn(pekka, 'pekka', paths.record())
  await pekka.to(`[name="people"][value="${foundation.clients.maija}"]`)
  await pekka.press('Space')
  await pekka.choose('task', first.id)
  await pekka.choose('support', 'general')
  await pekka.enter('.savebar button', '**/kirjaa?*')
  expect(pekka.acts()).toBe(4)
  expect(await pekka.page.getByRole('status').innerText()).toContain(`Tallennettu: Maija K., ${first.name}`)

  // The other days of work, recorded in the same way.
  await foundation.record({ task: 't1', on: '2026-11-21' })
  await foundation.record({ task: 't2', on: '2026-11-20' })
  await foundation.record({ task: 't2', on: '2026-11-21' })

  // The coach hands out a code. 2 acts: Ryhmä, Anna koodi.
  await pekka.enter(`nav a[href="${paths.group()}"]`, `**${paths.group()}`)
  await pekka.enter(`form[action="${paths.clientCode(foundation.clients.maija)}"] button`, '**/koodi')
  expect(pekka.acts()).toBe(2)
  const code = await pekka.page.locator('.one-time-code').innerText()

  // The client comes in on another device. 3 acts: Minulla on koodi, the code, Enter.
  await maija.page.goto(paths.home())
  await maija.enter(`main a[href="${paths.signInCode()}"]`, `**${paths.signInCode()}`)
  await maija.to('#code')
  await maija.write(code)
  const inside = maija.page.waitForURL('**/passi', { waitUntil: 'load' })
  await maija.press('Enter')
  await inside
  expect(maija.acts()).toBe(3)

  // The own view of each task. 3 acts each: Arvioi itse, how well, Tallenna arvio (PRODUCT A2).
  for (const _ of [first, second]) {
    await maija.enter('main a.btn[href^="/passi/arvioi/"]', '**/passi/arvioi/*')
    await maija.choose('choice', '3')
    await maija.enter('main form .btns button', '**/passi?*')
    expect(maija.acts()).toBe(3)
  }

  // The client applies. 3 acts: Hae merkkiä, Hae merkkiä, Lähetä hakemus (PRODUCT A3).
  const badge = foundation.badge('hionta').classId
  await maija.enter(`main a.btn[href="${paths.applyForBadge(badge)}"]`, '**/hae')
  await maija.enter(`main a.btn[href="${paths.applyCheck(badge)}"]`, '**/hae/tarkista')
  await maija.enter('main form .btns button', '**/hae?*')
  expect(maija.acts()).toBe(3)
  expect(await maija.page.getByRole('status').innerText()).toContain('Hakemus on lähetetty.')

  // The coordinator decides. 4 acts: the application, Myönnä merkki, Tarkista päätös, Myönnä merkki (PRODUCT K4).
  await signIn(kaisa, 'kaisa', paths.applications())
  await kaisa.enter('main a[href^="/hakemukset/"]', '**/hakemukset/*')
  expect(await kaisa.page.locator('h1').innerText()).toBe('Maija Korhonen: Hionta ja suojaimet')
  await kaisa.choose('outcome', 'award')
  await kaisa.enter('button[name="step"][value="check"]', '**/paatos')
  expect(await kaisa.page.locator('h1').innerText()).toBe(t.applications.check)
  await kaisa.enter('button[name="step"][value="send"]', '**/hakemukset?*')
  expect(kaisa.acts()).toBe(4)
  expect(await kaisa.page.getByRole('status').innerText()).toBe(t.applications.done.award({ name: 'Maija' }))

  // The client takes the badge. 3 acts: Passi, Katso merkki, Ota merkki vastaan.
  await maija.enter(`nav a[href="${paths.passport()}"]`, '**/passi')
  await maija.enter('main a.btn[href^="/merkit/"]', '**/merkit/*')
  await maija.enter('button[name="answer"][value="accept"]', '**/merkit/*?tehty=otettu')
  expect(maija.acts()).toBe(3)
  expect(await maija.page.getByRole('status').innerText()).toBe(t.badges.accepted)

  // ... and its picture. 1 act.
  await maija.to('a[href$="/lataa/png"]')
  const coming = maija.page.waitForEvent('download')
  await maija.press('Enter')
  const download = await coming
  expect(maija.acts()).toBe(1)
  expect(download.suggestedFilename()).toBe('osaamismerkki-puupintojen-kasittely-hionta.png')
  const file = await download.path()
  const baked = await readFile(file)
  const stored = await service.database.ownerDb
    .selectFrom('award')
    .select(['ob3_jwt', 'ob2_jws'])
    .where('tenant_id', '=', foundation.code)
    .executeTakeFirstOrThrow()
  expect(bakedTexts(baked)).toEqual({ openbadgecredential: stored.ob3_jwt, openbadges: stored.ob2_jws })

  // Somebody who knows nothing of it checks the file. 3 acts: Tarkista merkki, the file, Tarkista (PRODUCT S1).
  const stranger = await hand()
  await stranger.page.goto(paths.home())
  await stranger.enter(`main a[href="${paths.verify()}"]`, `**${paths.verify()}`)
  await stranger.to('#file')
  const chooser = stranger.page.waitForEvent('filechooser', { timeout: 5000 })
  await stranger.press('Space')
  await (await chooser).setFiles({ name: download.suggestedFilename(), mimeType: 'image/png', buffer: baked })
  await stranger.to('main form button')
  const answered = stranger.page.waitForResponse((response) => response.request().method() === 'POST')
  await stranger.press('Enter')
  await answered
  expect(stranger.acts()).toBe(3)
  await stranger.page.getByRole('heading', { level: 1, name: headline(t, 'valid') }).waitFor()
  await Promise.all([pekka, maija, kaisa, stranger].map(async ({ page }) => await page.context().close()))
})

/** The texts of the uncompressed iTXt chunks by keyword, read by another program's chunk reader. */
function bakedTexts(png: Buffer): Record<string, string> {
  const chunks = extractChunks(new Uint8Array(png)).filter(({ name }) => name === 'iTXt')
  return Object.fromEntries(
    chunks.map(({ data }) => {
      const text = Buffer.from(data).toString('utf8')
      const end = text.indexOf('\0')
      return [text.slice(0, end), text.slice(end + 5)]
    }),
  )
}
