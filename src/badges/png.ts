import sharp from 'sharp'

/**
 * Renders a picture from `drawBadge` as a square PNG with a transparent ground. The same SVG and size give the same bytes: no
 * times, no metadata. Bake a credential in after this, never before: sharp would drop or spoil the chunk.
 */
export async function renderPng(svg: string, pixels: number): Promise<Uint8Array> {
  if (!Number.isInteger(pixels) || pixels < 16 || pixels > 1600) throw new RangeError(`Not a picture size: ${pixels}`)
  const rendered = await sharp(Buffer.from(svg), { limitInputPixels: 1600 * 1600 })
    .resize(pixels, pixels, { fit: 'contain', background: { r: 0, g: 0, b: 0, alpha: 0 } })
    .png({ compressionLevel: 6, adaptiveFiltering: false, palette: false })
    .toBuffer()
  return new Uint8Array(rendered)
}
