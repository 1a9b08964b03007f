import { readFile } from 'node:fs/promises'
import fastify from 'fastify'
import type { FastifyInstance } from 'fastify'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { messages } from '../../src/i18n/index.ts'
import { assets } from '../../src/web/assets.ts'
import type { Html } from '../../src/web/html.ts'
import { renderPage } from '../../src/web/html.ts'
import { openBrowser, openPage } from '../support/browser.ts'
import { expectAccessible, expectKeyboardWay, screenshot, smallTargets, wideElements } from '../support/page.ts'
import { passportPage, recordPage } from './composed.ts'
import { examplesPage, verdictPage } from './examples.ts'

const t = messages('fi')
const shown: Readonly<Record<string, () => Html>> = {
  examples: examplesPage,
  record: recordPage,
  'record-errors': () =>
    recordPage([
      { field: 'people', message: t.error.choosePerson },
      { field: 'support', message: t.error.chooseSupport },
    ]),
  passport: passportPage,
  'verdict-ok': () => verdictPage('ok'),
  'verdict-note': () => verdictPage('note'),
  'verdict-bad': () => verdictPage('bad'),
  'verdict-unknown': () => verdictPage('unknown'),
}
const policy =
  "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

let server: FastifyInstance
let browser: Browser
let baseURL: string

beforeAll(async () => {
  server = fastify()
  server.addHook('onSend', (_, reply, __, done) => {
    void reply.header('content-security-policy', policy)
    done()
  })
  for (const { path, contentType, body } of assets) server.get(path, (_, reply) => reply.type(contentType).send(body))
  for (const [name, made] of Object.entries(shown)) {
    server.get(`/${name}`, (_, reply) => reply.type('text/html; charset=utf-8').send(renderPage(made())))
  }
  server.get<{ Params: { file: string } }>('/pictures/:file', async ({ params }, reply) => {
    const picture = await readFile(new URL(`pictures/${params.file}`, import.meta.url))
    return await reply.type('image/svg+xml').send(picture)
  })
  baseURL = await server.listen({ host: '127.0.0.1', port: 0 })
  browser = await openBrowser()
})

afterAll(async () => {
  await browser?.close()
  await server?.close()
})

test.each(Object.keys(shown))(
  '%s is accessible in light and dark, narrow and wide, and asks nobody else for anything',
  async (name) => {
    const page = await openPage(browser, { baseURL })
    const complaints: string[] = []
    page.on('console', (message) => complaints.push(message.text()))
    page.on('requestfailed', (request) => complaints.push(request.url()))
    await page.goto(`/${name}`)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      for (const width of [320, 1280]) {
        await page.setViewportSize({ width, height: 800 })
        await expectAccessible(page)
        await screenshot(page, `${name}-${width}-${colorScheme}`)
      }
    }
    await page.setViewportSize({ width: 360, height: 800 })
    expect([...(await wideElements(page)), ...(await smallTargets(page))]).toEqual([])
    await screenshot(page, `${name}-360`)
    expect(complaints).toEqual([])
    await page.context().close()
  },
)

test.each(['record', 'passport'])('%s can be walked by keyboard, also on a small phone', async (name) => {
  for (const [width, height] of [
    [1280, 800],
    [320, 640],
  ] as const) {
    const page = await openPage(browser, { width, height, baseURL })
    await page.goto(`/${name}`)
    const names = await expectKeyboardWay(page)
    expect(names[0]).toBe(t.app.skip)
    expect(names).toContain(t.app.logOut)
    await page.context().close()
  }
})

test('a form come back puts the focus on its summary, which leads to the field', async () => {
  const page = await openPage(browser, { baseURL, javaScript: false })
  await page.goto('/record-errors')
  expect(await page.evaluate<unknown>('document.activeElement.className')).toBe('error-summary')
  await page.getByRole('link', { name: t.error.chooseSupport }).click()
  expect(await page.evaluate<unknown>('document.activeElement.name')).toBe('support')
  await page.context().close()
})

test('wider text spacing and forced colours lose nothing', async () => {
  const page = await openPage(browser, { width: 320, forcedColors: true, baseURL })
  await page.goto('/examples')
  expect(await wideElements(page)).toEqual([])
  await page.evaluate(`(() => { const { style } = document.body
    style.letterSpacing = '.12em'; style.wordSpacing = '.16em'; style.lineHeight = '1.5' })()`)
  expect(await wideElements(page)).toEqual([])
  await screenshot(page, 'examples-320-spaced')
  await page.context().close()
})

test('on paper there is no menu and no button', async () => {
  const page = await openPage(browser, { baseURL })
  await page.goto('/passport')
  await page.emulateMedia({ media: 'print' })
  expect(await page.locator('nav:visible, .btn:visible, footer:visible').count()).toBe(0)
  expect(await page.getByRole('heading', { level: 1 }).isVisible()).toBe(true)
  await page.context().close()
})
