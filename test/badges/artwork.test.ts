import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { checkLettering, drawBadge } from '../../src/badges/artwork.ts'
import { loadTemplates, templateForScope } from '../../src/badges/templates.ts'
import { Refusal } from '../../src/refusal.ts'
import { ordinary } from './pictures.ts'

const slugs = [...loadTemplates().keys()]

/** Stones as the picture shows them from the bottom up. */
function cairn(svg: string): readonly string[] {
  return [...svg.matchAll(/data-stone="\d" data-state="(on|off)"/g)].map(([, state = '']) => state)
}

/** Number of separate lines of lettering: only they are paths with nothing but a colour and data inside the label. */
function linesDrawn(svg: string): number {
  const label = /<g id="m1-label">(.*?)<\/g>/.exec(svg)?.[1] ?? ''
  return label.split('<path ').length - 1
}

function refusalOf(act: () => unknown): Refusal {
  try {
    act()
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
  throw new Error('Nothing was refused')
}

describe.each(slugs)('%s', (template) => {
  test.each([
    ['basic', ['on', 'off', 'off']],
    ['advanced', ['on', 'on', 'off']],
    ['master', ['on', 'on', 'on']],
  ] as const)('the cairn of %s', (tier, stones) => {
    expect(cairn(drawBadge({ ...ordinary, template, tier }))).toEqual(stones)
  })

  test('holds no text to set, no placeholder, nothing from elsewhere', () => {
    for (const size of ['full', 'small'] as const) {
      const svg = drawBadge({ ...ordinary, template, size })
      expect(svg).not.toMatch(/<text|<tspan|font-|\{\{|<image|<style|<script|href|data-icon-transform|data-min-size/)
      expect(svg.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|file:|data:|url\((?!#m1-)/)
    }
  })

  test('the small picture has no words on it and no cairn, and its motif fills the shape', () => {
    const full = drawBadge({ ...ordinary, template })
    const small = drawBadge({ ...ordinary, template, size: 'small' })
    expect(full).not.toMatch(/<g id="m1-scene" transform=/)
    expect(small).toMatch(/<g id="m1-scene" transform="translate\(/)
    expect(small).not.toMatch(/m1-(label|level|panel)"/)
    expect(cairn(small)).toEqual([])
    expect(small).toContain('<title id="m1-t">Lattian koneellinen puhdistus – Edistynyt</title>')
  })

  test('every id begins with the prefix, so two can be on one page', () => {
    const svg = drawBadge({ ...ordinary, template, idPrefix: 'merkki-7' })
    const ids = [...svg.matchAll(/ id="([^"]+)"/g)].map(([, id = '']) => id)
    expect(ids.length).toBeGreaterThan(5)
    expect(ids.every((id) => id.startsWith('merkki-7-'))).toBe(true)
    expect(svg).toContain('aria-labelledby="merkki-7-t merkki-7-d"')
  })
})

test('the words stay for people who do not see the picture', () => {
  const svg = drawBadge(ordinary)
  expect(svg).toContain('<title id="m1-t">Lattian koneellinen puhdistus – Edistynyt</title>')
  expect(svg).toContain('<desc id="m1-d">Pyöreä osaamismerkki.</desc>')
  expect(svg).toContain(' lang="fi"')
})

test('words are escaped, and are never read as placeholders or replacement patterns', () => {
  const svg = drawBadge({
    ...ordinary,
    fullName: `"><script>alert('1')</script>&amp; {{desc}} $& \u0000\ud800`,
    tierWord: '</title>',
    description: ']]><!-- "x" -->',
  })
  expect(svg).toContain(
    '<title id="m1-t">&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;amp; {{desc}} $&amp; \ufffd\ufffd – &lt;/title&gt;</title>',
  )
  expect(svg).toContain('<desc id="m1-d">]]&gt;&lt;!-- &quot;x&quot; --&gt;</desc>')
})

test('markup in the short name is drawn as letters', () => {
  const svg = drawBadge({ ...ordinary, nameLines: ['<b>A&B</b>', '"x"'] })
  expect(svg).not.toContain('<b>')
  expect(linesDrawn(svg)).toBe(3)
})

test('a prefix that could break out of the attribute is a fault of the caller', () => {
  expect(() => drawBadge({ ...ordinary, idPrefix: '"onload="x' })).toThrow(/Not fit to begin an id/)
})

const ShortNames = z.record(z.string(), z.record(z.string(), z.record(z.enum(['fi', 'sv', 'en']), z.array(z.string()))))
const ModuleFile = z.object({ badges: z.array(z.object({ id: z.string(), kind: z.enum(['task', 'module', 'unit']) })) })

test('every badge of the demo has a short name in each language, and it fits its picture', () => {
  for (const [module, badges] of Object.entries(ShortNames.parse(readJson('short-names.json')))) {
    const scopes = new Map(
      ModuleFile.parse(readJson(`modules/${module}.json`)).badges.map(({ id, kind }) => [id, kind]),
    )
    expect(Object.keys(badges)).toEqual([...scopes.keys()])
    for (const [badge, byLanguage] of Object.entries(badges)) {
      for (const language of ['fi', 'sv', 'en'] as const) {
        const nameLines = byLanguage[language]
        expect(nameLines.length, badge).toBeLessThanOrEqual(2)
        for (const line of nameLines) expect(line.length, line).toBeLessThanOrEqual(18)
        const template = templateForScope(scopes.get(badge) ?? 'task')
        checkLettering({ template, nameLines, issuerName: 'Saura-säätiö', language })
      }
    }
  }
})

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../demo/${file}`, import.meta.url), 'utf8'))
}

describe('what cannot be drawn is refused with the field and what to do', () => {
  test.each(slugs)('too wide for %s at 18 px', (template) => {
    const refusal = refusalOf(() =>
      drawBadge({ ...ordinary, template, nameLines: ['WWWWWWWWWWWWWWWWWW', 'WWWWWWWWWWWWWWWWWW'] }),
    )
    expect(refusal.kind).toBe('content')
    expect(refusal.details.fields).toMatchObject([{ pointer: '/shortName', code: 'too-wide' }])
    expect(refusal.message).toContain('two lines of about 18 characters')
  })

  test('a letter the font does not have', () => {
    const refusal = refusalOf(() => checkLettering({ ...ordinary, nameLines: ['Sáŋgar', 'ŧ'] }))
    expect(refusal.code).toBe('missing-glyph')
    expect(refusal.details.fields).toMatchObject([{ pointer: '/shortName', code: 'missing-glyph' }])
    expect(refusal.message).toContain('ŋ ŧ')
  })

  test.each([[[]], [['', ' ']], [['a', 'b', 'c']]])('short name lines %j', (nameLines) => {
    expect(refusalOf(() => drawBadge({ ...ordinary, nameLines })).code).toBe('short-name-lines')
  })

  test('an issuer whose name does not fit on two lines', () => {
    const issuerName = 'Pohjoisen Suomen kaikkien työpajojen ja yhteisöjen valtakunnallinen tukisäätiö'
    const refusal = refusalOf(() => drawBadge({ ...ordinary, issuerName }))
    expect(refusal.details.fields?.[0]).toMatchObject({ pointer: '/issuerName', code: 'too-wide' })
  })

  test('the small picture has no lettering, so nothing is too long for it', () => {
    expect(drawBadge({ ...ordinary, size: 'small', nameLines: ['W'.repeat(80)] })).toMatch(/^<svg/)
  })
})
