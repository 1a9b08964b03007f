import sharp, { type Metadata, type Sharp } from 'sharp'
import { Refusal } from '../refusal.ts'
import { createGate } from '../verification/gate.ts'

/** What is kept as evidence, with the end of its name. */
export const evidenceTypes = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'application/pdf': 'pdf',
} as const
export type EvidenceType = keyof typeof evidenceTypes

/** S-44 */
export const maxFileBytes = 10 * 1024 * 1024
export const maxSide = 4096

export type CleanFile = { readonly type: EvidenceType; readonly bytes: Buffer }

/**
 * Makes of an uploaded file what is kept (S-44). What it is called and said to be does not count, only its first bytes. A picture is measured
 * before it is decoded, then decoded and made anew: places, cameras, profiles, further frames and whatever stood behind it are gone. A PDF is
 * kept as it is (decision 30). Refuses `too-large`, `unsupported-type` (HEIC with a code of its own), and `content` for a picture that is
 * too wide or cannot be read.
 */
export async function cleanFile(bytes: Uint8Array): Promise<CleanFile> {
  if (bytes.length > maxFileBytes) throw tooLarge()
  const type = typeOf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  if (type === 'application/pdf') return { type, bytes: Buffer.from(bytes) }
  const made = await inTurn(async () => await remade(bytes, type))
  if (made.length > maxFileBytes) throw tooLarge()
  return { type, bytes: made }
}

/** One picture at a time in a process: decoded, a small file can fill a hundred megabytes. */
const turns = createGate(1)
const patience = 20_000

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const leave = await turns.enter(AbortSignal.timeout(patience)).catch((cause: unknown) => {
    const busy = new Refusal('busy', 'Many pictures are being read just now', { retryAfter: 5 })
    busy.cause = cause
    throw busy
  })
  try {
    return await work()
  } finally {
    leave()
  }
}

async function remade(bytes: Uint8Array, type: Exclude<EvidenceType, 'application/pdf'>): Promise<Buffer> {
  // Reads the head only, so that its size can be any.
  const head = await readable(async () => await sharp(bytes, { limitInputPixels: false }).metadata())
  if (`image/${head.format}` !== type) throw broken()
  refuseTooWide(head)
  const picture = sharp(bytes, { failOn: 'error', limitInputPixels: maxSide * maxSide }).timeout({ seconds: 10 })
  // The way up is a mark in the metadata: turned first, because that goes too.
  return await readable(async () => await encoded(picture.autoOrient(), type).toBuffer())
}

function encoded(picture: Sharp, type: Exclude<EvidenceType, 'application/pdf'>): Sharp {
  switch (type) {
    case 'image/jpeg':
      return picture.jpeg({ quality: 85 })
    case 'image/png':
      return picture.png({ compressionLevel: 8 })
    case 'image/webp':
      return picture.webp({ quality: 85 })
  }
}

function refuseTooWide({ width, height }: Metadata): void {
  if (width <= maxSide && height <= maxSide) return
  throw new Refusal('content', `The picture is larger than ${maxSide} pixels a side`, {
    code: 'picture-too-wide',
    fields: [{ pointer: '/file', code: 'picture-too-wide', detail: `at most ${maxSide} pixels a side` }],
  })
}

async function readable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch {
    // Whatever the decoder says of it, to a person it is one thing: a picture that cannot be read. It may quote the file.
    throw broken()
  }
}

function broken(): Refusal {
  return new Refusal('content', 'The picture cannot be read', {
    code: 'picture-broken',
    fields: [{ pointer: '/file', code: 'picture-broken', detail: 'the picture cannot be read' }],
  })
}

function tooLarge(): Refusal {
  return new Refusal('too-large', `A file may have at most ${maxFileBytes} bytes`, { code: 'file-too-large' })
}

/** Brands of ISO base media files that hold HEIC or AVIF pictures: what phones make by default. */
const heic = /^ftyp(?:hei[cmsx]|hev[cmsx]|mif1|msf1|avif|avis)/

function typeOf(bytes: Buffer): EvidenceType {
  const head = bytes.toString('latin1', 0, 16)
  if (head.startsWith('\xff\xd8\xff')) return 'image/jpeg'
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png'
  if (head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP') return 'image/webp'
  // From the first byte: readers of PDF forgive what stands before it, and another kind of file could.
  if (/^%PDF-[12]\./.test(head) && bytes.subarray(-1024).includes('%%EOF')) return 'application/pdf'
  if (heic.test(head.slice(4)))
    throw new Refusal('unsupported-type', 'HEIC pictures are not taken: send JPEG', { code: 'file-heic' })
  throw new Refusal('unsupported-type', 'Only JPEG, PNG, WebP and PDF files are taken', { code: 'file-type' })
}
