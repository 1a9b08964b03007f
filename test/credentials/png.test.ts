import { Buffer } from 'node:buffer'
import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import extractChunks from 'png-chunks-extract'
import { describe, expect, test } from 'vitest'
import { bakePng, isPng, NotPng, unbakePng } from '../../src/credentials/bake/png.ts'
import { chunk, pngSignature, smallPng } from '../support/badge-world.ts'

const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJuYW1lIjoiVHnDtiJ9.c2ln'
const json = '{"name":"Työ ®  emoji 🚲"}'

function itxt(keyword: string, text: string | Uint8Array, flag = 0, method = 0, tags = '\0\0'): Buffer {
  const head = Buffer.concat([Buffer.from(`${keyword}\0`, 'latin1'), Buffer.from([flag, method])])
  return chunk('iTXt', Buffer.concat([head, Buffer.from(tags, 'latin1'), Buffer.from(text)]))
}

function faultOf(png: Uint8Array): string {
  const baked = unbakePng(png)
  return baked.outcome === 'fault' ? baked.code : 'read'
}

describe('baking', () => {
  test('CONFORMANCE 4.1, 4.2, 4.6: another reader finds both formats, byte for byte, and all else as it was', () => {
    const png = smallPng()
    const chunks = extractChunks(bakePng(png, { ob3: jwt, ob2: json }))
    expect(chunks.map(({ name }) => name)).toEqual(['IHDR', 'iTXt', 'iTXt', 'IDAT', 'IEND'])
    const texts = chunks.filter(({ name }) => name === 'iTXt').map(({ data }) => Buffer.from(data).toString('utf8'))
    expect(texts).toEqual([`openbadgecredential\0\0\0\0\0${jwt}`, `openbadges\0\0\0\0\0${json}`])
    const others = (bytes: Uint8Array): unknown => extractChunks(bytes).filter(({ name }) => name !== 'iTXt')
    expect(others(bakePng(png, { ob3: jwt, ob2: json }))).toEqual(others(png))
  })

  test('CONFORMANCE 4.1: baking anew replaces its own format and leaves the other', () => {
    const first = bakePng(smallPng(), { ob3: jwt, ob2: json })
    const second = bakePng(first, { ob3: 'a.b.c' })
    expect(unbakePng(second)).toEqual({ outcome: 'read', ob3: 'a.b.c', ob2: json })
    expect(extractChunks(second)).toHaveLength(5)
    expect(bakePng(second, { ob3: jwt, ob2: json })).toEqual(first)
    const legacy = smallPng(chunk('tEXt', Buffer.from('openbadges\0https://old.example/1')))
    expect(unbakePng(bakePng(legacy, { ob2: jwt }))).toEqual({ outcome: 'read', ob2: jwt })
  })

  test('CONFORMANCE 4.1: any text comes back as it went in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 3000 }), (text) => {
        expect(unbakePng(bakePng(smallPng(), { ob3: text }))).toEqual({ outcome: 'read', ob3: text })
      }),
    )
  })

  test('what is no whole PNG cannot be baked into', () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from('GIF89a'), pngSignature, smallPng().subarray(0, -1)]) {
      expect(() => bakePng(bytes, { ob3: jwt })).toThrow(NotPng)
    }
  })
})

describe('unbaking', () => {
  test('CONFORMANCE 4.5: other texts are left alone; without ours there is nothing', () => {
    const png = smallPng(itxt('Comment', 'openbadges'), chunk('tEXt', Buffer.from('Software\0GIMP')))
    expect(unbakePng(png)).toEqual({ outcome: 'read' })
    expect(unbakePng(bakePng(png, { ob2: jwt }))).toEqual({ outcome: 'read', ob2: jwt })
  })

  test('CONFORMANCE 4.2, T10: a tEXt of Open Badges 1.0 is reported apart', () => {
    const png = smallPng(chunk('tEXt', Buffer.from('openbadges\0https://old.example/1')))
    expect(unbakePng(png)).toEqual({ outcome: 'read', legacy: 'https://old.example/1' })
  })

  test('a language tag and a translated keyword are read over', () => {
    expect(unbakePng(smallPng(itxt('openbadges', jwt, 0, 0, 'fi\0merkki\0')))).toEqual({ outcome: 'read', ob2: jwt })
  })

  test.each([
    ['compressed', itxt('openbadgecredential', deflateSync(jwt), 1), 'baked-text-compressed'],
    [
      'in a zTXt',
      chunk('zTXt', Buffer.concat([Buffer.from('openbadges\0\0'), deflateSync(jwt)])),
      'baked-text-compressed',
    ],
    ['of an unknown compression', itxt('openbadges', jwt, 0, 1), 'baked-text-malformed'],
    ['with a strange flag', itxt('openbadges', jwt, 2), 'baked-text-malformed'],
    ['without its ends', chunk('iTXt', Buffer.from('openbadges\0\0\0')), 'baked-text-malformed'],
    ['that is not UTF-8', itxt('openbadges', Buffer.from([0xff, 0xfe])), 'baked-text-malformed'],
    ['longer than 1 MB', itxt('openbadges', 'x'.repeat(1024 * 1024 + 1)), 'too-large'],
  ])('S-45: a text %s is refused', (_, bad, code) => {
    expect(faultOf(smallPng(bad))).toBe(code)
  })

  test('S-45: two texts of one kind are refused, one of each is not', () => {
    const ob3 = itxt('openbadgecredential', jwt)
    expect(faultOf(smallPng(ob3, ob3))).toBe('baked-twice')
    expect(faultOf(smallPng(itxt('openbadges', jwt), itxt('openbadges', 'b')))).toBe('baked-twice')
    expect(faultOf(smallPng(ob3, itxt('openbadges', jwt)))).toBe('read')
  })

  test('S-45: a wrong CRC is refused and its chunk named, also in a chunk that is not ours', () => {
    for (const type of ['iTXt', 'IDAT', 'IHDR', 'IEND']) {
      const png = Buffer.from(bakePng(smallPng(), { ob3: jwt }))
      png.writeUInt8((png.at(png.indexOf(type) + 3) ?? 0) ^ 1, png.indexOf(type) + 3)
      expect(faultOf(png), type).not.toBe('read')
    }
    const changed = Buffer.from(bakePng(smallPng(), { ob3: jwt }))
    changed.writeUInt8(0x58, changed.indexOf(jwt))
    expect(unbakePng(changed)).toEqual({ outcome: 'fault', code: 'crc-wrong', values: { chunk: 'iTXt' } })
  })

  test('S-45: lengths outside the file, too many chunks and missing ends are refused', () => {
    const png = smallPng()
    for (let end = 0; end < png.length; end += 1) expect(faultOf(png.subarray(0, end))).toBe('png-broken')
    const long = Buffer.from(png)
    long.writeUInt32BE(0xffff_ffff, 33)
    expect(faultOf(long)).toBe('png-broken')
    const many = Array.from({ length: 1000 }, () => itxt('Comment', ''))
    expect(faultOf(smallPng(...many))).toBe('png-too-many-chunks')
    expect(faultOf(smallPng(...many.slice(3)))).toBe('read')
    expect(faultOf(Buffer.concat([pngSignature, chunk('IEND', Buffer.alloc(0))]))).toBe('png-broken')
    expect(faultOf(smallPng(chunk('IHDR', Buffer.alloc(13))))).toBe('png-broken')
  })

  test('S-45: what lies behind the end of the picture is not read', () => {
    expect(unbakePng(Buffer.concat([smallPng(), itxt('openbadges', jwt)]))).toEqual({ outcome: 'read' })
  })

  test('S-45: any one changed byte of a baked picture is refused or gives the same texts', () => {
    const png = Buffer.from(bakePng(smallPng(), { ob3: jwt, ob2: json }))
    const whole = unbakePng(png)
    fc.assert(
      fc.property(fc.nat({ max: png.length - 1 }), fc.integer({ min: 1, max: 255 }), (place, flip) => {
        const changed = Buffer.from(png)
        changed.writeUInt8((changed.at(place) ?? 0) ^ flip, place)
        const baked = isPng(changed) ? unbakePng(changed) : { outcome: 'fault' }
        expect(baked.outcome === 'fault' || JSON.stringify(baked) === JSON.stringify(whole)).toBe(true)
      }),
      { seed: 4, numRuns: 1000 },
    )
  })

  test('S-45: random bytes never throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(['read', 'fault']).toContain(unbakePng(Buffer.concat([pngSignature, bytes])).outcome)
      }),
    )
  })
})
