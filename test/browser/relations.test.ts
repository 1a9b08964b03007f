import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addWorkUnit } from '../../src/foundations/work-unit.ts'
import { messages } from '../../src/i18n/index.ts'
import { paths } from '../../src/web/paths.ts'
import { startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'
import { expectAccessible, expectKeyboardWay, screenshot } from '../support/page.ts'
import { type PeopleInBrowser, peopleInBrowser } from '../support/people-in-browser.ts'

const { relations } = messages('fi')
let service: TestService
let foundation: Foundation
let people: PeopleInBrowser

beforeAll(async () => {
  service = await startService()
  foundation = await givenFoundation(service, { module: false })
  await foundation.as('kaisa')
  people = await peopleInBrowser(service)
})
afterAll(async () => {
  await people?.close()
  await service?.close()
})

describe.each([320, 1280])('at %i px', (width) => {
  test('the coordinator gives a coach, ends that, changes the name and marks a protected identity', async () => {
    const id = await foundation.addClient({ given: `Aune ${'x'.repeat(width === 320 ? 1 : 2)}`, family: 'Kallio' }, [])
    const page = await people.asStaff(foundation.email('kaisa'), { width })
    await page.goto(paths.relations())
    await expectAccessible(page)
    await screenshot(page, `suhteet-${width}`)
    await page.locator(`a[href="${paths.relationsOf(id)}"]`).click()
    await page.getByRole('button', { name: relations.addAction }).click()
    await expectAccessible(page)
    expect(await page.locator('#coachId-error').count()).toBe(1)
    await page.locator('#coachId').selectOption({ label: 'Sari L.' })
    await page.getByRole('button', { name: relations.addAction }).click()
    expect(await page.getByRole('status').textContent()).toContain(relations.added)
    await expectAccessible(page)
    await expectKeyboardWay(page)
    await screenshot(page, `suhde-${width}`)
    await page.getByRole('button', { name: relations.end }).click()
    expect(await page.getByRole('status').textContent()).toContain(relations.ended)
    await page.locator('#family').fill('Karhu')
    await page.getByRole('button', { name: relations.nameAction }).click()
    expect(await page.getByRole('status').textContent()).toContain(relations.named)
    await page.getByRole('button', { name: relations.protectionOn }).click()
    await expectAccessible(page)
    await screenshot(page, `suhde-turvakielto-${width}`)
  })

  test('a unit gets a coach, and a client moves to it', async () => {
    const client = await foundation.addClient(
      { given: `Lahja ${'x'.repeat(width === 320 ? 1 : 2)}`, family: 'Oja' },
      [],
    )
    const unit = await addWorkUnit(service.deps, foundation.staffActor('admin'), `Metallipaja ${width}`)
    const page = await people.asStaff(foundation.email('kaisa'), { width })
    await page.goto(paths.units())
    await page.locator(`a[href="${paths.unitCoaches(unit)}"]`).click()
    await page.locator('#coachId').selectOption({ label: 'Sari L.' })
    await page.getByRole('button', { name: relations.addAction }).click()
    expect(await page.getByRole('status').textContent()).toContain(relations.added)
    await expectAccessible(page)
    await expectKeyboardWay(page)
    await screenshot(page, `yksikko-valmentajat-${width}`)
    await page.goto(paths.relationsOf(client))
    await page.locator('#unitId').selectOption({ label: `Metallipaja ${width}` })
    await page.getByRole('button', { name: relations.unitMoveAction }).click()
    expect(await page.getByRole('status').textContent()).toContain(relations.unitMoved)
    await expectAccessible(page)
    await screenshot(page, `suhde-yksikko-${width}`)
  })

  test('stand-ins', async () => {
    const page = await people.asStaff(foundation.email('kaisa'), { width })
    await page.goto(paths.standIns())
    await expectAccessible(page)
    await page.locator('#coachId').selectOption({ label: 'Pekka R.' })
    await page.locator('#standInId').selectOption({ label: 'Sari L.' })
    await page.locator('#untilDay').fill('2026-11-30')
    await page.getByRole('button', { name: relations.standInAdd }).click()
    expect(await page.getByRole('status').textContent()).toContain(relations.standInAdded)
    await expectAccessible(page)
    await screenshot(page, `sijaiset-${width}`)
  })
})

describe.each([320, 1280])('another foundation, at %i px', (width) => {
  test('a code is made; the client reads what it means, chooses and agrees; the new coach sees what came', async () => {
    const other = await givenFoundation(service, { name: 'Eduro', module: false })
    await other.as('kaisa')
    const kaisa = await people.asStaff(other.email('kaisa'), { width })
    await kaisa.goto(paths.invitations())
    await expectAccessible(kaisa)
    await kaisa.locator('#coachId').selectOption({ label: 'Sari L.' })
    await kaisa.getByRole('button', { name: relations.inviteAction }).click()
    await expectAccessible(kaisa)
    await screenshot(kaisa, `kutsu-${width}`)
    const code = (await kaisa.locator('.one-time-code').textContent()) ?? ''

    const page = await people.open({ width })
    // By card: what a code opens does not lead on into another foundation's passport.
    const made = await (await foundation.as('pekka')).post(`/api/v1/clients/${foundation.clients.maija}/cards`, {})
    const { address, pin } = made.json<{ address: string; pin: string }>()
    await page.goto(new URL(address).pathname)
    await page.locator('#pin').fill(pin)
    await page.locator('#pin').press('Enter')
    await page.waitForURL((url) => url.pathname === paths.passport())
    await page.goto(paths.ownData())
    await page.getByRole('link', { name: relations.moveLink }).click()
    await expectAccessible(page)
    await page.locator('#code').fill(code)
    await page.getByRole('button', { name: relations.moveNext }).click()
    await expectAccessible(page)
    await screenshot(page, `siirto-${width}`)
    await page.getByRole('button', { name: relations.moveYes }).click()
    await expectAccessible(page)
    expect(await page.getByText(relations.moveWhichMissing).count()).toBeGreaterThan(0)
    await page.getByLabel(relations.moveBoth).check()
    await page.getByLabel(relations.moveChoices.work).check()
    await page.getByRole('button', { name: relations.moveYes }).click()
    expect(await page.getByRole('status').textContent()).toContain(relations.moved({ name: 'Eduro' }))
    await expectAccessible(page)
    await screenshot(page, `siirretty-${width}`)
    await page.goto(paths.passport())
    await expectAccessible(page)
    await page.getByRole('button', { name: relations.othersOpen }).last().click()
    await page.waitForURL((url) => url.pathname === paths.passport())
    await expectAccessible(page)
  })

  test('two rows of one person are joined and taken apart', async () => {
    const twice = await foundation.addClient({ given: 'Veikko', family: `Aho${width}` }, ['pekka'])
    await foundation.addClient({ given: 'Veikko', family: `Ahho${width}` }, ['sari'])
    const page = await people.asStaff(foundation.email('kaisa'), { width })
    await page.goto(paths.relationsOf(twice))
    await page.locator('#toinen').selectOption({ label: `Veikko Ahho${width}` })
    await page.getByRole('button', { name: relations.mergeNext }).click()
    await expectAccessible(page)
    await screenshot(page, `yhdista-${width}`)
    await page.getByRole('button', { name: relations.mergeAction }).click()
    expect(await page.getByRole('status').textContent()).toContain(relations.merged)
    await expectAccessible(page)
    await screenshot(page, `yhdistetty-${width}`)
    await page.getByRole('button', { name: relations.split }).click()
    expect(await page.getByRole('status').textContent()).toContain(relations.splitDone)
  })
})
