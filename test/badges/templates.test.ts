import { readdirSync } from 'node:fs'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { drawBadge } from '../../src/badges/artwork.ts'
import { allElements, readArtwork, type SvgElement } from '../../src/badges/svg.ts'
import {
  type BadgeTemplate,
  getTemplate,
  loadTemplates,
  pictureWords,
  type Slot,
  templateForScope,
} from '../../src/badges/templates.ts'
import { ordinary } from './pictures.ts'
import { pixelsOf } from './pixels.ts'

const folders = readdirSync(new URL('../../badge-templates/', import.meta.url))

test('every folder is a template, and every scope has one', () => {
  expect([...loadTemplates().keys()]).toEqual(folders.toSorted())
  expect(templateForScope('task')).toBe('taito-hilla')
  expect(templateForScope('module')).toBe('moduuli-joki')
  expect(templateForScope('unit')).toBe('kokonaisuus-revontuli')
})

test('a template that is not there is refused with the ones that are', () => {
  expect(() => getTemplate('../secrets')).toThrow(/Use one of: .*taito-hilla/)
})

describe.each(folders)('%s', (slug) => {
  const template = getTemplate(slug)
  const elements = [...allElements(template.artwork)]
  const byId = (id: string): SvgElement | undefined => elements.find((element) => element.attributes.get('id') === id)

  test('the canvas is 400 × 400 and is named by its title and description', () => {
    const { attributes } = template.artwork
    expect(attributes.get('viewBox')).toBe('0 0 400 400')
    expect(attributes.get('role')).toBe('img')
    expect(attributes.get('aria-labelledby')).toBe('t d')
    expect(byId('t')?.children).toEqual(['{{name}} – {{level}}'])
    expect(byId('d')?.children).toEqual(['{{desc}}'])
  })

  test('has every part that the drawer works on', () => {
    for (const id of ['frame', 'scene', 'panel', 'rim', 'level', 'label', 'clip']) expect(byId(id), id).toBeDefined()
    for (const id of ['panel', 'level', 'label']) expect(byId(id)?.attributes.get('data-min-size')).toBe('120')
    expect(byId('scene')?.attributes.get('data-icon-transform')).toMatch(/^translate\(.+\) scale\(.+\)$/)
  })

  test('three stones, each drawn once on and once off', () => {
    const stones = elements.flatMap(({ attributes }) =>
      attributes.has('data-stone') ? [`${attributes.get('data-stone')} ${attributes.get('data-state')}`] : [],
    )
    expect(stones.toSorted()).toEqual(['1 off', '1 on', '2 off', '2 on', '3 off', '3 on'])
  })

  test('every id is there once and every reference finds it', () => {
    const ids = elements.flatMap(({ attributes }) => attributes.get('id') ?? [])
    expect(new Set(ids).size).toBe(ids.length)
    for (const { attributes } of elements) {
      for (const [, id] of [...attributes.values()].join(' ').matchAll(/url\(#([^)]+)\)/g)) expect(ids).toContain(id)
    }
  })

  test('the sample text of the artwork stands where template.json says', () => {
    const sample = elements.flatMap(({ name, attributes, children }) =>
      name === 'text' ? [{ text: children[0], y: Number(attributes.get('y')), fill: attributes.get('fill') }] : [],
    )
    const { name, issuer } = template
    expect(sample).toEqual([
      { text: '{{name_1}}', y: name.two[0].y, fill: name.fill },
      { text: '{{name_2}}', y: name.two[1].y, fill: name.fill },
      { text: '{{issuer}}', y: issuer.one[0].y, fill: issuer.fill },
    ])
  })

  test('text sizes are those of the rules and its colours can be read', () => {
    expect(template.name.maxSize).toBeLessThanOrEqual(25)
    expect(template.name.minSize).toBe(18)
    expect(
      byId('panel')?.children.some(
        (child) => typeof child !== 'string' && child.attributes.get('fill') === template.panel,
      ),
    ).toBe(true)
    for (const block of [template.name, template.issuer]) {
      expect(contrast(block.fill, template.panel)).toBeGreaterThanOrEqual(7)
    }
  })

  test('the widest line keeps clear of the frame by 8 px, wherever it stands', async () => {
    const half = await halfWidths(template)
    for (const [slot, size] of slots(template)) {
      // Å is the tallest letter and reaches 0.87 of the size, tails go 0.17 below the baseline.
      const rows = half.slice(Math.floor(slot.y - 0.87 * size), Math.ceil(slot.y + 0.17 * size) + 1)
      expect(Math.min(...rows) - slot.maxWidth / 2, `line at ${slot.y}`).toBeGreaterThanOrEqual(8)
    }
  })

  test('no line touches another, the panel’s edge or the cairn', async () => {
    const { name, issuer } = template
    const top = await panelTop(template)
    const cairn = Math.min(...circles(byId('level')).map(({ cy, r }) => cy - r))
    const lifts = [
      { names: [name.one, name.two], issuers: issuer.one, lift: 0 },
      { names: [name.one, name.two], issuers: issuer.two, lift: name.lift },
    ]
    for (const { names, issuers, lift } of lifts) {
      const issuerSize = issuers.length === 1 ? issuer.maxSize : issuer.minSize
      for (const lines of names) {
        const baselines = lines.map(({ y }) => y - lift)
        expect(Math.min(...baselines) - 0.87 * name.maxSize).toBeGreaterThan(top)
        // Capitals are 0.67 of the size.
        const issuerTop = Math.min(...issuers.map(({ y }) => y)) - 0.67 * issuerSize
        expect(Math.max(...baselines) + 0.17 * name.maxSize).toBeLessThan(issuerTop)
      }
      expect(Math.max(...issuers.map(({ y }) => y)) + 0.17 * issuerSize).toBeLessThan(cairn)
    }
  })

  test.each(['fi', 'sv', 'en'] as const)('has its words in %s, one sentence for each tier', (language) => {
    const told = (['basic', 'advanced', 'master'] as const).map((tier) => pictureWords(slug, language, tier))
    expect(new Set(told.map(({ tierWord }) => tierWord)).size).toBe(3)
    expect(new Set(told.map(({ description }) => description)).size).toBe(3)
    for (const { description } of told) expect(description).toMatch(/^\p{Lu}.+\. \p{Lu}.+\.$/u)
  })

  test('draws in all tiers and both sizes', () => {
    for (const tier of ['basic', 'advanced', 'master'] as const) {
      for (const size of ['full', 'small'] as const) {
        expect(drawBadge({ ...ordinary, template: slug, tier, size })).toMatch(/^<svg [^]+<\/svg>\n$/)
      }
    }
  })
})

test.each([
  ['<svg><script>x</script></svg>', /may not use <script>/],
  ['<svg><image href="http://elsewhere.example/x.png"/></svg>', /may not use <image>/],
  ['<svg><g style="fill:red"/></svg>', /attribute style/],
  ['<svg><g onload="x"/></svg>', /attribute onload/],
  ['<svg><g fill="url(http://elsewhere.example/x)"/></svg>', /points outside/],
  ['<!DOCTYPE svg [<!ENTITY a "b">]><svg/>', /unexpected markup/],
  ['<svg><g></svg></g>', /closes <g>/],
  ['<svg></svg></g>', /closes/],
  ['<svg><g>', /not one closed/],
  ['<svg/><svg/>', /not one closed/],
])('artwork %s is refused', (text, message) => {
  expect(() => readArtwork(text, 'artwork.svg')).toThrow(message)
})

function slots({ name, issuer }: BadgeTemplate): readonly (readonly [Slot, number])[] {
  return [
    ...[...name.one, ...name.two].map((slot) => [slot, name.maxSize] as const),
    ...issuer.one.map((slot) => [slot, issuer.maxSize] as const),
    ...issuer.two.map((slot) => [slot, issuer.minSize] as const),
  ]
}

/** For each row of the canvas, how far the shape reaches from the middle on its narrower side. */
async function halfWidths(template: BadgeTemplate): Promise<readonly number[]> {
  const clip = [...allElements(template.artwork)].find(({ attributes }) => attributes.get('id') === 'clip')
  const { rgba, width } = await shapePixels(clip?.children.map(bareShape).join('') ?? '')
  const inside = (x: number, y: number): boolean => (rgba[(y * width + x) * 4 + 3] ?? 0) > 127
  return Array.from({ length: 400 }, (_, y) => {
    let reach = 0
    while (reach < 200 && inside(200 + reach, y) && inside(199 - reach, y)) reach += 1
    return reach
  })
}

/** The lowest row where the panel's upper edge still shows its bright line. */
async function panelTop(template: BadgeTemplate): Promise<number> {
  const panel = [...allElements(template.artwork)].find(({ attributes }) => attributes.get('id') === 'panel')
  const edge = panel?.children.find((child) => typeof child !== 'string' && child.attributes.has('stroke'))
  if (edge === undefined || typeof edge === 'string') throw new Error('The panel has no edge line')
  const { rgba, width } = await shapePixels(
    `<path d="${edge.attributes.get('d')}" fill="none" stroke="#000" stroke-width="3"/>`,
  )
  // Text is in the middle 60 %.
  const rows = Array.from({ length: 400 }, (_, y) => y)
  return Math.max(
    ...rows.filter((y) =>
      rgba.subarray((y * width + 80) * 4, (y * width + 320) * 4).some((value, at) => at % 4 === 3 && value > 127),
    ),
  )
}

async function shapePixels(inside: string): ReturnType<typeof pixelsOf> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" width="400" height="400">${inside}</svg>`
  return await pixelsOf(await sharp(Buffer.from(svg)).png().toBuffer())
}

function bareShape(node: SvgElement | string): string {
  if (typeof node === 'string') return node
  return `<${node.name} ${[...node.attributes].map(([key, value]) => `${key}="${value}"`).join(' ')}/>`
}

function circles(group: SvgElement | undefined): readonly { cy: number; r: number }[] {
  const found = (group?.children ?? []).flatMap((child) =>
    typeof child !== 'string' && child.name === 'circle'
      ? [{ cy: Number(child.attributes.get('cy')), r: Number(child.attributes.get('r')) }]
      : [],
  )
  expect(found.length).toBeGreaterThan(0)
  return found
}

/** WCAG 2.2 contrast ratio of two `#RRGGBB` colours. */
function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].toSorted((x, y) => y - x)
  return (light + 0.05) / (dark + 0.05)
}

function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
