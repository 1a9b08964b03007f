import { readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { z } from 'zod'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const Strings = z.array(z.string())

/**
 * What every page must meet (PRODUCT 12): no axe violation, one `h1`, no sideways scroll at this width, everything that one taps at least
 * 44 px (links inside a sentence excepted). The page's own CSP stays in force: axe comes in through the debugger.
 */
export async function expectAccessible(page: Page): Promise<void> {
  expect(await axeFaults(page)).toEqual([])
  expect(await page.locator('h1').count(), 'headings h1').toBe(1)
  expect(await wideElements(page)).toEqual([])
  expect(await smallTargets(page)).toEqual([])
}

/** One line for each axe violation and element. */
export async function axeFaults(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe)
  const found = await page.evaluate<unknown>(`axe.run(document, {
    runOnly: { type: 'tag', values: ${JSON.stringify(tags)} }, resultTypes: ['violations'], preload: false,
  }).then(({ violations }) => violations.flatMap((rule) => rule.nodes.map((node) =>
    rule.id + ': ' + node.target.join(' ') + ' – ' + node.failureSummary)))`)
  return Strings.parse(found)
}

/** Texts and elements that reach beyond the window, when the page can be scrolled sideways; otherwise none. */
export async function wideElements(page: Page): Promise<readonly string[]> {
  const found = await page.evaluate<unknown>(`(() => {
    const width = document.documentElement.clientWidth
    if (document.documentElement.scrollWidth <= width) return []
    const reaches = (node) => {
      const range = document.createRange()
      range.selectNodeContents(node)
      return [...range.getClientRects()].some(({ right }) => right > width + 0.5)
    }
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    const found = ['page is ' + document.documentElement.scrollWidth + ' wide in ' + width]
    while (walker.nextNode()) if (reaches(walker.currentNode)) found.push(walker.currentNode.parentElement.outerHTML.slice(0, 120))
    for (const element of document.body.querySelectorAll('*'))
      if (element.getBoundingClientRect().right > width + 0.5) found.push(element.outerHTML.slice(0, 120))
    return found.slice(0, 10)
  })()`)
  return Strings.parse(found)
}

/** Things one taps that are smaller than 44 px. The label is the target of a choice. */
export async function smallTargets(page: Page): Promise<readonly string[]> {
  const found =
    await page.evaluate<unknown>(`[...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
    .map((element) => element.closest('label') ?? element)
    .filter((element) => getComputedStyle(element).display !== 'inline' && element.checkVisibility())
    .map((element) => ({ element, box: element.getBoundingClientRect() }))
    .filter(({ box }) => box.height < 44 || box.width < 44)
    .map(({ element, box }) => Math.round(box.width) + '×' + Math.round(box.height) + ' ' + element.outerHTML.slice(0, 120))`)
  return Strings.parse(found)
}

const Stop = z.object({ name: z.string(), seen: z.boolean(), covered: z.boolean() })

/** One place where the keyboard stops. */
export type Stop = z.infer<typeof Stop>

/**
 * Presses Tab until the page is done and tells each stop: its name, whether the focus can be seen, whether something lies over it
 * (PRODUCT 12.2). At most 200 stops, so that a trap ends the walk.
 */
export async function keyboardWalk(page: Page): Promise<readonly Stop[]> {
  const stops: Stop[] = []
  await page.evaluate('document.activeElement?.blur()')
  for (let count = 0; count < 200; count += 1) {
    await page.keyboard.press('Tab')
    const stop = z.nullable(Stop).parse(await page.evaluate<unknown>(stopHere))
    if (stop === null) return stops
    stops.push(stop)
  }
  throw new Error(
    `The keyboard is caught: ${stops
      .slice(-3)
      .map(({ name }) => name)
      .join(', ')}`,
  )
}

/** Walks the page by keyboard; every stop is seen, uncovered and has a name. Gives the names in order. */
export async function expectKeyboardWay(page: Page): Promise<readonly string[]> {
  const stops = await keyboardWalk(page)
  expect(stops.filter(({ name, seen, covered }) => name === '' || !seen || covered)).toEqual([])
  return stops.map(({ name }) => name)
}

const stopHere = `(() => {
  const element = document.activeElement
  if (!element || element === document.body || element.dataset.walked) return null
  element.dataset.walked = 'yes'
  const shown = element.closest('label') ?? element
  const { outlineStyle, outlineWidth } = getComputedStyle(shown)
  const box = shown.getBoundingClientRect()
  const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2)
  const label = element.labels?.[0]?.textContent ?? ''
  const name = (element.getAttribute('aria-label') ?? (label || element.textContent)).trim().replace(/\\s+/g, ' ')
  const heading = element.getAttribute('aria-labelledby')
  return {
    name: name || document.getElementById(heading ?? '')?.textContent || '',
    seen: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2,
    covered: !(top && (shown.contains(top) || top.contains(shown) || top.closest('label') === shown)),
  }
})()`

/** A picture of the whole page for people to look at, only when `SCREENSHOTS` names a directory. */
export async function screenshot(page: Page, name: string): Promise<void> {
  const directory = process.env['SCREENSHOTS']
  if (directory === undefined || directory === '') return
  await mkdir(directory, { recursive: true })
  const size = page.viewportSize() ?? { width: 1280, height: 800 }
  const height = z.number().parse(await page.evaluate<unknown>('document.documentElement.scrollHeight'))
  // As high as the page, so that what sticks to the window's edge stands where it ends up.
  await page.setViewportSize({ width: size.width, height })
  await page.screenshot({ path: join(directory, `${name}.png`) })
  await page.setViewportSize(size)
}

const schemes = ['light', 'dark'] as const
const widths = [320, 360, 1280] as const

/**
 * How each page is looked at. Colours do not depend on the width, so one width is dark and one is light, and 360 px is for the width; with
 * pictures to be taken, every width in both.
 */
export const looks: readonly {
  readonly width: (typeof widths)[number]
  readonly colorScheme: (typeof schemes)[number]
}[] =
  (process.env['SCREENSHOTS'] ?? '') === ''
    ? [
        { width: 320, colorScheme: 'dark' },
        { width: 360, colorScheme: 'light' },
        { width: 1280, colorScheme: 'light' },
      ]
    : widths.flatMap((width) => schemes.map((colorScheme) => ({ width, colorScheme })))
