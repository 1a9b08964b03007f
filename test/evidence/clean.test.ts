import { describe, expect, test } from 'vitest'
import sharp from 'sharp'
import { cleanFile, maxFileBytes } from '../../src/evidence/clean.ts'
import { heic, hollowPng, pdf, photo, secrets } from './pictures.ts'

async function codeOf(bytes: Uint8Array): Promise<unknown> {
  try {
    await cleanFile(bytes)
    return 'taken'
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error
  }
}

describe('S-44: a picture is made anew', () => {
  test.each(['jpeg', 'png', 'webp'] as const)('%s: nothing but the picture is left', async (format) => {
    const given = await photo(format)
    const before = await sharp(given, { failOn: 'none' }).metadata()
    expect(before.exif?.includes(secrets.camera)).toBe(true)
    expect(before.exif?.includes(Buffer.from([0x88, 0x25])) || before.exif?.includes(Buffer.from([0x25, 0x88]))).toBe(
      true,
    )
    const { type, bytes } = await cleanFile(given)
    const after = await sharp(bytes).metadata()
    expect([type, after.format]).toEqual([`image/${format}`, format])
    for (const part of ['exif', 'icc', 'xmp', 'iptc', 'orientation', 'comments'] as const)
      expect(after[part], part).toBeUndefined()
    for (const secret of [...Object.values(secrets), 'Exif', 'GPS', 'eXIf', 'xmpmeta'])
      expect(bytes.includes(secret), secret).toBe(false)
  })

  test('one that lay on its side stands, and looks the same', async () => {
    const { bytes } = await cleanFile(await photo('png'))
    const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true })
    expect([info.width, info.height]).toEqual([20, 40])
    // Turned by a quarter to the right, what was left is on top.
    expect([...data.subarray(0, 3)]).toEqual([255, 0, 0])
    expect([...data.subarray(-3)]).toEqual([0, 255, 0])
  })

  test('what is another kind of file as well is only a picture afterwards', async () => {
    const page = '<html><script>alert(1)</script></html>'
    const zip = Buffer.from('PK\x03\x04kanaria')
    const polyglot = Buffer.concat([await photo('jpeg'), Buffer.from(page), pdf, zip])
    const { bytes } = await cleanFile(polyglot)
    for (const part of [page, '%PDF', 'PK\x03\x04', 'script']) expect(bytes.includes(part), part).toBe(false)
    expect(bytes.subarray(-2).toString('hex')).toBe('ffd9')
  })
})

describe('S-44: what is refused', () => {
  test('a bomb is refused by its head, before it is decoded', async () => {
    const before = process.memoryUsage().rss
    expect(await codeOf(hollowPng(30_000, 30_000))).toBe('picture-too-wide')
    expect(await codeOf(hollowPng(4097, 1))).toBe('picture-too-wide')
    expect(await codeOf(hollowPng(1, 4097))).toBe('picture-too-wide')
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024)
    expect(await codeOf(hollowPng(4096, 4096))).toBe('taken')
  })

  test('one that ends too early or holds rubbish', async () => {
    const whole = await photo('jpeg')
    expect(await codeOf(whole.subarray(0, 300))).toBe('picture-broken')
    expect(await codeOf(hollowPng(64, 64, 3))).toBe('picture-broken')
    expect(await codeOf(Buffer.from('\xff\xd8\xffkanaria', 'latin1'))).toBe('picture-broken')
  })

  test.each([
    ['HEIC', heic, 'file-heic'],
    ['GIF', Buffer.from('GIF89a\x01\x00\x01\x00'), 'file-type'],
    ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'file-type'],
    ['HTML', Buffer.from('<!doctype html><script>1</script>'), 'file-type'],
    ['a program', Buffer.from('MZ\x90\x00'), 'file-type'],
    ['a TIFF', Buffer.from('II*\x00'), 'file-type'],
    ['a PDF behind HTML', Buffer.concat([Buffer.from('<script>1</script>'), pdf]), 'file-type'],
    ['a PDF without its end', Buffer.from('%PDF-1.7\nhello'), 'file-type'],
    ['nothing', Buffer.alloc(0), 'file-type'],
    ['11 MB', Buffer.concat([pdf, Buffer.alloc(maxFileBytes)]), 'file-too-large'],
  ])('%s', async (_, bytes, code) => {
    expect(await codeOf(bytes)).toBe(code)
  })

  test('a PDF is kept as it is', async () => {
    expect(await cleanFile(pdf)).toEqual({ type: 'application/pdf', bytes: pdf })
  })
})
