import { Buffer } from 'node:buffer'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { drawBadge } from '../../src/badges/artwork.ts'
import { pictureWords } from '../../src/badges/templates.ts'
import { bakeSvg, unbakeSvg } from '../../src/credentials/bake/svg.ts'
import { type Badges, badgesOf } from '../support/badge-world.ts'
import { openBrowser, openPage } from '../support/browser.ts'

// What we bake, a parser that is not ours reads, and a browser draws as before.

let browser: Browser
let page: Page
let badges: Badges

beforeAll(async () => {
  browser = await openBrowser()
  page = await openPage(browser)
  badges = await badgesOf()
})
afterAll(async () => await browser.close())

type Seen = {
  readonly isBroken: boolean
  /** Of each credential element in document order: its name, attribute, text, and its place among its parent's children. */
  readonly found: readonly (readonly [name: string, verify: string | null, text: string, place: number])[]
  /** The document without them. */
  readonly rest: string
  readonly pixels: string
}

/** Runs in the page. */
const look = `async (text) => {
  const document = new DOMParser().parseFromString(text, 'image/svg+xml')
  const of = (namespace, name) => [...document.getElementsByTagNameNS(namespace, name)]
  const elements = [...of('https://purl.imsglobal.org/ob/v3p0', 'credential'), ...of('http://openbadges.org', 'assertion')]
  const found = elements.map((one) => [
    one.localName, one.getAttribute('verify'), one.textContent, [...one.parentNode.children].indexOf(one),
  ])
  const isBroken = document.getElementsByTagName('parsererror').length > 0
  for (const one of elements) one.remove()
  document.documentElement.removeAttributeNS('http://www.w3.org/2000/xmlns/', 'openbadges')
  const image = new Image(200, 200)
  image.src = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }))
  await image.decode()
  const canvas = Object.assign(window.document.createElement('canvas'), { width: 200, height: 200 })
  canvas.getContext('2d').drawImage(image, 0, 0, 200, 200)
  return { isBroken, found, rest: new XMLSerializer().serializeToString(document), pixels: canvas.toDataURL() }
}`

async function seen(svg: Uint8Array): Promise<Seen> {
  return await page.evaluate<Seen>(`(${look})(${JSON.stringify(Buffer.from(svg).toString())})`)
}

function ownDrawing(): string {
  return drawBadge({
    template: 'moduuli-joki',
    tier: 'master',
    language: 'fi',
    nameLines: ['Polkupyörän', 'huolto'],
    issuerName: 'Meriharjun työpajasäätiö',
    fullName: 'Polkupyörän huolto & "korjaus"',
    idPrefix: 'm',
    ...pictureWords('moduuli-joki', 'fi', 'master'),
  })
}

const square = '<path d="M1 1h7v7z" fill="#284"/>'
const drawings: readonly (readonly [string, () => string])[] = [
  ['our own', ownDrawing],
  [
    'one with a byte order mark and an XML header',
    () => `\ufeff<?xml version="1.0" encoding="UTF-8"?>\n${ownDrawing()}`,
  ],
  [
    'one with prefixes',
    () =>
      '<s:svg xmlns:s="http://www.w3.org/2000/svg" width="9" height="9"><s:circle r="5" fill="#123"/><!-- <svg> --></s:svg>',
  ],
  [
    'one where others use our prefix',
    () =>
      `<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="urn:x" width="9" height="9"><metadata><openbadges:note a="b">&amp;</openbadges:note></metadata>${square}</svg>`,
  ],
  ['an empty one', () => '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'],
]

describe.each(drawings)('CONFORMANCE 4.3–4.6, T10: %s', (name, drawing) => {
  test('holds both credentials for the browser’s own parser, first of all, and looks as before', async () => {
    const before = await seen(Buffer.from(drawing()))
    const after = await seen(bakeSvg(Buffer.from(drawing()), { ob3: badges.ob3, ob2: badges.ob2 }))
    expect(after.isBroken).toBe(false)
    expect(after.found).toEqual([
      ['credential', badges.ob3, '', 0],
      ['assertion', badges.ob2, '', 1],
    ])
    if (name !== 'one where others use our prefix') expect(after.rest).toBe(before.rest)
    expect(after.pixels).toBe(before.pixels)
  })

  test('holds JSON that says the same, with what CDATA cannot hold', async () => {
    const json = { ...badges.json, name: ']]> <b>&amp; \u2028 \uffff 🚲' }
    const baked = bakeSvg(Buffer.from(drawing()), { ob3: JSON.stringify(json), ob2: 'https://a.example/1?a&b' })
    const { isBroken, found } = await seen(baked)
    expect(isBroken).toBe(false)
    expect(found.map(([element, verify]) => [element, verify])).toEqual([
      ['credential', null],
      ['assertion', 'https://a.example/1?a&b'],
    ])
    expect(JSON.parse(found[0]?.[2] ?? '')).toEqual(json)
    expect(unbakeSvg(baked)).toMatchObject({ outcome: 'read', ob3: found[0]?.[2] })
  })
})

test('CONFORMANCE 4.3: baked anew, the browser finds the new credential alone', async () => {
  const first = bakeSvg(Buffer.from(ownDrawing()), { ob3: JSON.stringify(badges.json), ob2: badges.ob2 })
  const { found } = await seen(bakeSvg(first, { ob3: badges.ob3 }))
  expect(found).toEqual([
    ['credential', badges.ob3, '', 0],
    ['assertion', badges.ob2, '', 1],
  ])
})
