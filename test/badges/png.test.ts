import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { drawBadge } from '../../src/badges/artwork.ts'
import { renderPng } from '../../src/badges/png.ts'
import { hamara, ordinary } from './pictures.ts'
import { difference, pixelsOf } from './pixels.ts'

test('“Hämärä ÄÖÅ” looks like the stored picture', async () => {
  const stored = await readFile(new URL('hamara-400.png', import.meta.url))
  const now = await renderPng(drawBadge(hamara), 400)
  const { mean, visible } = difference(await pixelsOf(now), await pixelsOf(stored))
  expect(mean).toBeLessThan(0.2)
  expect(visible).toBeLessThan(0.0005)
})

test('lost dots would be noticed', async () => {
  const stored = await pixelsOf(await readFile(new URL('hamara-400.png', import.meta.url)))
  const other = await renderPng(drawBadge({ ...hamara, nameLines: ['Hamara AOA'] }), 400)
  expect(difference(await pixelsOf(other), stored).visible).toBeGreaterThan(0.0005)
})

test('a machine without any font draws the same bytes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'no-fonts-'))
  try {
    const config = join(folder, 'fonts.conf')
    await writeFile(config, '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig></fontconfig>')
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [fileURLToPath(new URL('draw-to-stdout.ts', import.meta.url))],
      {
        encoding: 'buffer',
        env: { PATH: process.env['PATH'], HOME: folder, FONTCONFIG_FILE: config, FONTCONFIG_PATH: folder },
      },
    )
    expect(stdout.equals(await renderPng(drawBadge(hamara), 400))).toBe(true)
  } finally {
    await rm(folder, { recursive: true })
  }
})

test.each([400, 128, 64])(
  '%i px: a square with a clear ground, the same bytes each time, nothing but pixels inside',
  async (pixels) => {
    const svg = drawBadge({ ...ordinary, size: pixels < 120 ? 'small' : 'full' })
    const png = await renderPng(svg, pixels)
    expect(Buffer.from(png).equals(await renderPng(svg, pixels))).toBe(true)
    expect(new Set(chunkNames(png))).toEqual(new Set(['IHDR', 'pHYs', 'IDAT', 'IEND']))
    const { width, height, rgba } = await pixelsOf(png)
    expect([width, height, rgba[3]]).toEqual([pixels, pixels, 0])
  },
)

test.each([0, 15, 1601, 12.5, Number.NaN])('%d is no picture size', async (pixels) => {
  await expect(renderPng(drawBadge(ordinary), pixels)).rejects.toThrow(RangeError)
})

/** The chunk types of a PNG in order: after the 8-byte signature, each chunk is length, type, data and CRC. */
function chunkNames(png: Uint8Array): readonly string[] {
  const bytes = Buffer.from(png)
  const names: string[] = []
  for (let at = 8; at < bytes.length; at += bytes.readUInt32BE(at) + 12)
    names.push(bytes.toString('latin1', at + 4, at + 8))
  return names
}
