import sharp from 'sharp'

export type Pixels = { readonly width: number; readonly height: number; readonly rgba: Uint8Array }

/** Decodes a picture to plain RGBA. */
export async function pixelsOf(picture: Uint8Array): Promise<Pixels> {
  const { data, info } = await sharp(picture).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, rgba: new Uint8Array(data) }
}

/** How two pictures of one size differ: the mean over all channels (0–255), and the share of pixels that anybody would see differ. */
export function difference(a: Pixels, b: Pixels): { readonly mean: number; readonly visible: number } {
  if (a.width !== b.width || a.height !== b.height) throw new Error('The pictures have different sizes')
  let sum = 0
  const visible = new Set<number>()
  for (const [index, value] of a.rgba.entries()) {
    const by = Math.abs(value - (b.rgba[index] ?? 0))
    sum += by
    if (by > 32) visible.add(Math.floor(index / 4))
  }
  return { mean: sum / a.rgba.length, visible: visible.size / (a.width * a.height) }
}
