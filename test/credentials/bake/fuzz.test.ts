import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import extractChunks from 'png-chunks-extract'
import { describe, expect, test } from 'vitest'
import { bakePng, unbakePng } from '../../../src/credentials/bake/png.ts'
import { bakeSvg, unbakeSvg } from '../../../src/credentials/bake/svg.ts'
import { readBytes } from '../../../src/credentials/verify/read.ts'
import { chunk, pngSignature, smallPng } from '../../support/badge-world.ts'

// Whatever the bytes, the readers answer, and what they read others read too (S-45). A reader that never ends would end the test.

const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJuYW1lIjoiVHnDtiJ9.c2ln'
const outcomes = ['read', 'fault']

const ours = Buffer.from(
  bakeSvg(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><g a="b">c</g></svg>'), { ob3: jwt, ob2: '{"a":1}' }),
)

describe('S-45: any bytes', () => {
  test.each([
    ['at all', []],
    ['behind the signature of a PNG', pngSignature],
    ['behind the beginning of an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"')],
  ])('%s are answered, never thrown at', (_, start) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (rest) => {
        const bytes = Buffer.concat([Buffer.from(start), rest])
        expect(outcomes).toContain(unbakePng(bytes).outcome)
        expect(outcomes).toContain(unbakeSvg(bytes).outcome)
        expect(['credential', 'address']).toContain(readBytes(bytes).outcome)
      }),
      { numRuns: 1000 },
    )
  })
})

/** A chunk as it should be, or with a length or CRC that is not its own. */
const chunks = fc
  .record({
    type: fc.constantFrom('iTXt', 'tEXt', 'zTXt', 'IDAT', 'IHDR', 'IEND', 'abCd'),
    keyword: fc.constantFrom(
      'openbadgecredential\0\0\0\0\0',
      'openbadges\0\0\0\0\0',
      'openbadges\0',
      'openbadgecredential',
      '',
    ),
    text: fc.uint8Array({ maxLength: 40 }),
    length: fc.option(fc.constantFrom(0, 1, 12, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff), { freq: 8 }),
    crc: fc.option(fc.nat(), { freq: 8 }),
  })
  .map(({ type, keyword, text, length, crc }) => {
    const bytes = chunk(type, Buffer.concat([Buffer.from(keyword, 'latin1'), text]))
    if (length !== null) bytes.writeUInt32BE(length)
    if (crc !== null) bytes.writeUInt32BE(crc, bytes.length - 4)
    return bytes
  })

function extracted(png: Uint8Array): readonly { readonly name: string; readonly data: Uint8Array }[] | undefined {
  try {
    return extractChunks(png)
  } catch {
    return undefined
  }
}

describe('S-45: PNG', () => {
  test('any chunks are answered; what is read, png-chunks-extract finds too (CONFORMANCE 4.1, 4.2)', () => {
    fc.assert(
      fc.property(fc.array(chunks, { maxLength: 12 }), (more) => {
        const png = smallPng(...more)
        const baked = unbakePng(png)
        if (baked.outcome !== 'read') return
        const found = extracted(png)?.map(({ data }) => Buffer.from(data).toString('utf8')) ?? []
        for (const [keyword, text] of [
          ['openbadgecredential', baked.ob3],
          ['openbadges', baked.ob2],
        ] as const)
          if (text !== undefined) expect(found).toContain(`${keyword}\0\0\0\0\0${text}`)
      }),
      { numRuns: 1000 },
    )
  })

  test('bytes cut out, put in or doubled anywhere in a baked picture are refused or change nothing that is read', () => {
    const png = Buffer.from(bakePng(smallPng(), { ob3: jwt, ob2: '{"a":1}' }))
    const whole = JSON.stringify(unbakePng(png))
    fc.assert(
      fc.property(
        fc.nat({ max: png.length }),
        fc.nat({ max: 40 }),
        fc.uint8Array({ maxLength: 20 }),
        (at, cut, put) => {
          const baked = unbakePng(Buffer.concat([png.subarray(0, at), put, png.subarray(at + cut)]))
          const isLess = baked.outcome === 'read' && baked.ob3 === undefined && baked.ob2 === undefined
          expect(baked.outcome === 'fault' || isLess || JSON.stringify(baked) === whole).toBe(true)
        },
      ),
      { seed: 5, numRuns: 1000 },
    )
  })
})

/** Pieces of markup, right and wrong ones, in any order. */
const markup = fc
  .array(
    fc.constantFrom(
      '<svg xmlns="http://www.w3.org/2000/svg">',
      '</svg>',
      '<g',
      '<g>',
      '</g>',
      '/>',
      '>',
      ' a="b"',
      " a='",
      '"',
      '&lt;',
      '&x;',
      '&#xD800;',
      '<![CDATA[',
      ']]>',
      '<!--',
      '-->',
      '<?xml version="1.0"?>',
      '<?a',
      '?>',
      '<!DOCTYPE svg',
      '[<!ENTITY x "y">]>',
      '\0',
      '\ufeff',
      'ä',
      '<openbadges:credential',
      ' xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"',
      ` verify="${jwt}"`,
      '</openbadges:credential>',
    ),
    { maxLength: 30 },
  )
  .map((pieces) => pieces.join(''))

describe('S-45: SVG', () => {
  test('any markup is answered, and an entity is never resolved', () => {
    fc.assert(
      fc.property(markup, (text) => {
        const baked = unbakeSvg(Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg">${text}`))
        expect(outcomes).toContain(baked.outcome)
        if (text.includes('<!ENTITY')) expect(JSON.stringify(baked)).not.toContain('"y"')
      }),
      { numRuns: 2000 },
    )
  })

  test('any one changed byte of a baked picture is answered', () => {
    fc.assert(
      fc.property(fc.nat({ max: ours.length - 1 }), fc.integer({ min: 1, max: 255 }), (place, flip) => {
        const changed = Buffer.from(ours)
        changed.writeUInt8((changed.at(place) ?? 0) ^ flip, place)
        expect(outcomes).toContain(unbakeSvg(changed).outcome)
      }),
      { seed: 6, numRuns: 1000 },
    )
  })

  test('what is built to keep a reader busy is answered', () => {
    const open = '<svg xmlns="http://www.w3.org/2000/svg"'
    const million = 1_000_000
    const hostile = [
      `${open}${' '.repeat(million)}`,
      `${open}><g${' a'.repeat(million / 2)}`,
      `${open}><g a="${'&amp;'.repeat(million / 5)}"/></svg>`,
      `${open}>${'<g '.repeat(million / 3)}`,
      `${open}>${'<!--'.repeat(million / 4)}`,
      `${open}>${'<?a '.repeat(million / 4)}`,
      `${open}>${']]>'.repeat(million / 3)}</svg>`,
      `${open}>${'&'.repeat(million)}</svg>`,
      `${open}></svg${' '.repeat(million)}x`,
      `<?xml ${' '.repeat(million)}`,
      `${' '.repeat(million)}<svg`,
      `${open}>${Array.from({ length: 90 }, (_, n) => `<g${Array.from({ length: 99 }, (_, m) => ` xmlns:a${n}-${m}="u"`).join('')}>`).join('')}`,
    ]
    for (const text of hostile) expect(outcomes).toContain(unbakeSvg(Buffer.from(text)).outcome)
  })
})
