import { deflateSync, crc32 } from 'node:zlib'
import sharp from 'sharp'

/** What a phone's photo tells besides the picture: where it was taken, with what, and that it lies on its side. */
export const secrets = { camera: 'KanariaPuhelin', words: 'Kanarian omat sanat', behind: '<script>kanaria()</script>' }

/** A photo of 40 × 20 with a place, a camera, words, a profile, and bytes behind its end. The left half is red. */
export async function photo(format: 'jpeg' | 'png' | 'webp'): Promise<Buffer> {
  const made = await sharp({ create: { width: 40, height: 20, channels: 3, background: '#00ff00' } })
    .composite([{ input: { create: { width: 20, height: 20, channels: 3, background: '#ff0000' } }, left: 0, top: 0 }])
    .toFormat(format, { quality: 95 })
    .keepIccProfile()
    .withExif({
      IFD0: { Make: secrets.camera, ImageDescription: secrets.words },
      IFD3: {
        GPSLatitudeRef: 'N',
        GPSLatitude: '61/1 29/1 53/1',
        GPSLongitudeRef: 'E',
        GPSLongitude: '23/1 45/1 39/1',
      },
    })
    .withXmp(`<x:xmpmeta xmlns:x="adobe:ns:meta/"><a>${secrets.words}</a></x:xmpmeta>`)
    .withMetadata({ orientation: 6 })
    .toBuffer()
  return Buffer.concat([made, Buffer.from(secrets.behind)])
}

/** A PNG that says to be so wide and high; its pixels are zeros, packed. */
export function hollowPng(width: number, height: number, rows = height): Buffer {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([1, 0, 0, 0, 0], 8)
  const pixels = deflateSync(Buffer.alloc(rows * (1 + Math.ceil(width / 8))))
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', head),
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}

export const pdf = Buffer.from('%PDF-1.4\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n')

/** The head of a HEIC photo as iPhones write it. */
export const heic = Buffer.concat([
  Buffer.from([0, 0, 0, 24]),
  Buffer.from('ftypheic\0\0\0\0mif1heic'),
  Buffer.alloc(64),
])
