import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { bakeSvg, unbakeSvg } from '../../src/credentials/bake/svg.ts'
import { signEmbedded } from '../../src/credentials/issue.ts'
import type { CheckCode, Verdict } from '../../src/credentials/verdict.ts'
import { verify } from '../../src/credentials/verify.ts'
import { awardFacts, now } from '../support/award-facts.ts'
import type { Badges, Documents } from '../support/badge-world.ts'
import { badgesOf, keys, lookIn, publicDocuments } from '../support/badge-world.ts'

const drawing = Buffer.from(
  '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>Polkupyörän huolto</title><path d="M0 0h9v9z"/></svg>\n',
)
let badges: Badges
let documents: Documents
beforeAll(async () => {
  badges = await badgesOf()
  documents = await publicDocuments()
})

async function judge(bytes: Uint8Array): Promise<Verdict> {
  return await verify(bytes, lookIn(documents), { at: now })
}

async function codeOf(text: string): Promise<CheckCode | undefined> {
  const { verdict, checks } = await judge(Buffer.from(text))
  expect(verdict).toBe('invalid')
  return checks.find(({ outcome }) => outcome === 'failed')?.code
}

describe('CONFORMANCE 6.1: a badge in an SVG', () => {
  test('CONFORMANCE 4.3, 4.4, 4.6: is valid in every form, alone and beside the other', async () => {
    const { ob2, ob3, json } = badges
    const forms = [{ ob3 }, { ob2 }, { ob3, ob2 }, { ob3: JSON.stringify(json) }, { ob3: JSON.stringify(json), ob2 }]
    for (const baked of forms) {
      const verdict = await judge(bakeSvg(drawing, baked))
      expect([verdict.verdict, verdict.checks.filter(({ outcome }) => outcome !== 'passed')]).toEqual(['valid', []])
      expect(verdict.companion?.verdict).toBe('ob3' in baked && 'ob2' in baked ? 'valid' : undefined)
    }
  })

  test('CONFORMANCE 4.3: keeps its embedded proof, also when its words hold what CDATA cannot', async () => {
    const name = 'Merkki ]]> ja \uffff & <b>'
    const { proof: _, ...unsigned } = badges.json
    const signed = await signEmbedded({ ...unsigned, name }, keys.ed, now)
    const verdict = await judge(bakeSvg(drawing, { ob3: JSON.stringify(signed) }))
    expect(verdict.checks.find(({ id }) => id === 'signature')?.code).toBe('signature-right')
  })

  test('CONFORMANCE 4.6, 9.9: is only as good as the worse of two, and both must be of one award', async () => {
    const other = await badgesOf({ ...awardFacts, assertionId: 'urn:uuid:019ab000-0000-7000-8000-0000000000aa' })
    const verdict = await judge(bakeSvg(drawing, { ob3: badges.ob3, ob2: other.ob2 }))
    expect(verdict.verdict).toBe('invalid')
    expect(verdict.checks.find(({ id }) => id === 'companion')?.code).toBe('companion-of-another-award')
  })

  test('CONFORMANCE T10: is in its own place: 3.0 content is not read where 2.0 stands, and the other way', async () => {
    for (const baked of [{ ob2: badges.ob3 }, { ob3: badges.ob2 }])
      expect((await judge(bakeSvg(drawing, baked))).checks).toMatchObject([{ id: 'structure', code: 'versions-mixed' }])
  })

  test('is told to be none when there is none, and the reason when it is not read', async () => {
    expect(await codeOf(drawing.toString())).toBe('not-baked')
    expect(await codeOf(`<!DOCTYPE svg>${drawing.toString()}`)).toBe('svg-doctype')
    expect(await codeOf(drawing.toString().replace('</svg>', ''))).toBe('svg-broken')
    expect(await codeOf('<!DOCTYPE html><html></html>')).toBe('unknown-format')
    const latin = drawing.toString().replace('"1.0"', '"1.0" encoding="latin1"')
    expect(await codeOf(latin)).toBe('svg-encoding')
  })

  test('an SVG inside an SVG is no credential', async () => {
    const inside = drawing.toString().split('\n')[1] ?? ''
    const text = inside.replaceAll('<', '&lt;').replaceAll('"', '&quot;')
    const credential = `<o:credential xmlns:o="https://purl.imsglobal.org/ob/v3p0">${text}</o:credential>`
    expect(await codeOf(inside.replace('<title>', `${credential}<title>`))).toBe('unknown-format')
  })
})

describe('S-45: one changed byte of a baked SVG', () => {
  test('is refused or leaves the identical credential', async () => {
    const baked = Buffer.from(bakeSvg(drawing, { ob3: badges.ob3, ob2: badges.ob2 }))
    const texts = new Set<unknown>([undefined, badges.ob3, badges.ob2])
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: baked.length - 1 }), fc.integer({ min: 1, max: 255 }), async (place, flip) => {
        const changed = Buffer.from(baked)
        changed.writeUInt8((changed.at(place) ?? 0) ^ flip, place)
        if ((await judge(changed)).verdict !== 'valid') return
        const read = unbakeSvg(changed)
        expect(read.outcome === 'read' && texts.has(read.ob3) && texts.has(read.ob2)).toBe(true)
      }),
      { seed: 7, numRuns: 300 },
    )
  })
})
