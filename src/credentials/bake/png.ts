import { crc32 } from 'node:zlib'

/** The keywords under which a picture carries a badge (CONFORMANCE 4.1, 4.2). */
const keywords = { ob3: 'openbadgecredential', ob2: 'openbadges' } as const
type Kind = keyof typeof keywords

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const maxChunks = 1000
const maxTextBytes = 1024 * 1024
/** Signature, then IHDR: length, type, 13 bytes, CRC. */
const endOfHeader = 33

export type PngFaultCode =
  | 'png-broken'
  | 'png-too-many-chunks'
  | 'crc-wrong'
  | 'baked-twice'
  | 'baked-text-compressed'
  | 'baked-text-malformed'
  | 'too-large'

export type Unbaked =
  | {
      readonly outcome: 'read'
      readonly ob3?: string
      readonly ob2?: string
      /** Address in a tEXt chunk, as OB 1.0 baked it: reported, not followed. */
      readonly legacy?: string
    }
  | { readonly outcome: 'fault'; readonly code: PngFaultCode; readonly values?: Readonly<Record<string, string>> }

/** Bytes that cannot be baked into, because they are no whole PNG. */
export class NotPng extends Error {
  readonly code: PngFaultCode

  constructor(code: PngFaultCode) {
    super(`This is not a PNG file that can be baked (${code})`)
    this.name = 'NotPng'
    this.code = code
  }
}

type Chunk = { readonly type: string; readonly start: number; readonly data: Buffer; readonly end: number }

/** Does the file begin as PNG files do? */
export function isPng(bytes: Uint8Array): boolean {
  return bytes.length >= signature.length && signature.equals(bytes.subarray(0, signature.length))
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** The chunks from IHDR to IEND, or what is wrong. What follows IEND is no part of the picture. */
function readChunks(file: Buffer): readonly Chunk[] | PngFaultCode {
  if (!isPng(file)) return 'png-broken'
  const chunks: Chunk[] = []
  let at = signature.length
  for (;;) {
    if (at + 12 > file.length) return 'png-broken'
    const length = file.readUInt32BE(at)
    const end = at + 12 + length
    if (end > file.length) return 'png-broken'
    const type = file.toString('latin1', at + 4, at + 8)
    if ((chunks.length === 0) !== (type === 'IHDR') || (type === 'IHDR' && length !== 13)) return 'png-broken'
    chunks.push({ type, start: at, data: file.subarray(at + 8, end - 4), end })
    if (type === 'IEND') return length === 0 ? chunks : 'png-broken'
    if (chunks.length >= maxChunks) return 'png-too-many-chunks'
    at = end
  }
}

function hasRightCrc(file: Buffer, chunk: Chunk): boolean {
  return crc32(file.subarray(chunk.start + 4, chunk.end - 4)) === file.readUInt32BE(chunk.end - 4)
}

function keywordOf(chunk: Chunk): string | undefined {
  if (chunk.type !== 'iTXt' && chunk.type !== 'tEXt' && chunk.type !== 'zTXt') return undefined
  // A keyword has at most 79 bytes (PNG §11.3.3.2).
  const end = chunk.data.subarray(0, 80).indexOf(0)
  return end < 0 ? undefined : chunk.data.toString('latin1', 0, end)
}

function kindOf(chunk: Chunk): Kind | undefined {
  const keyword = keywordOf(chunk)
  return keyword === keywords.ob3 ? 'ob3' : keyword === keywords.ob2 ? 'ob2' : undefined
}

function utf8(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** The text of an iTXt or tEXt chunk with one of our keywords, or what is wrong with it. */
function textOf(chunk: Chunk, kind: Kind): { readonly text: string } | PngFaultCode {
  const data = chunk.data.subarray(keywords[kind].length + 1)
  if (chunk.type === 'zTXt') return 'baked-text-compressed'
  if (data.length > maxTextBytes) return 'too-large'
  if (chunk.type === 'tEXt') return { text: data.toString('latin1') }
  const [flag, method] = data
  if (flag === 1) return 'baked-text-compressed'
  const endOfLanguage = data.indexOf(0, 2)
  const endOfTranslated = endOfLanguage < 0 ? -1 : data.indexOf(0, endOfLanguage + 1)
  if (flag !== 0 || method !== 0 || endOfTranslated < 0) return 'baked-text-malformed'
  const text = utf8(data.subarray(endOfTranslated + 1))
  return text === undefined ? 'baked-text-malformed' : { text }
}

/**
 * Reads what is baked into a PNG: the OB 3.0 and the OB 2.0 text, either or none. Bounded: at most 1 000 chunks, every length inside
 * the file, every CRC right, text of at most 1 MB that is not compressed, one of each kind (CONFORMANCE 4.1, 4.2, 4.5, 4.6; S-45).
 * Pixels are never decoded. A fault is returned, nothing is thrown.
 */
export function unbakePng(bytes: Uint8Array): Unbaked {
  const file = asBuffer(bytes)
  const chunks = readChunks(file)
  if (typeof chunks === 'string') return { outcome: 'fault', code: chunks }
  const found: { ob3?: string; ob2?: string; legacy?: string } = {}
  for (const chunk of chunks) {
    if (!hasRightCrc(file, chunk)) return { outcome: 'fault', code: 'crc-wrong', values: { chunk: chunk.type } }
    const kind = kindOf(chunk)
    if (kind === undefined) continue
    const text = textOf(chunk, kind)
    if (text === 'too-large') return { outcome: 'fault', code: text, values: { limit: String(maxTextBytes) } }
    if (typeof text === 'string') return { outcome: 'fault', code: text }
    const place = chunk.type === 'tEXt' ? 'legacy' : kind
    if (found[place] !== undefined) return { outcome: 'fault', code: 'baked-twice' }
    found[place] = text.text
  }
  return { outcome: 'read', ...found }
}

/** An uncompressed iTXt chunk with empty language tag and translated keyword (CONFORMANCE 4.1). */
function textChunk(kind: Kind, text: string): Buffer {
  const body = Buffer.concat([Buffer.from(`iTXt${keywords[kind]}\0\0\0\0\0`, 'latin1'), Buffer.from(text, 'utf8')])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(body.length - 4)
  const crc = Buffer.alloc(4)
  crc.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, crc])
}

/**
 * Puts credentials into a PNG: one uncompressed iTXt chunk for each format given, right after IHDR and so before the pixels
 * (CONFORMANCE 4.1, 4.2, 4.6). What was baked earlier in the same format is replaced, the other format stays; everything else is
 * copied byte for byte. Bake after every resizing or encoding (CONFORMANCE 4.5). Throws `NotPng`.
 */
export function bakePng(png: Uint8Array, credentials: { readonly ob3?: string; readonly ob2?: string }): Uint8Array {
  const file = asBuffer(png)
  const chunks = readChunks(file)
  if (typeof chunks === 'string') throw new NotPng(chunks)
  const { ob3, ob2 } = credentials
  const pieces: Buffer[] = [file.subarray(0, endOfHeader)]
  if (ob3 !== undefined) pieces.push(textChunk('ob3', ob3))
  if (ob2 !== undefined) pieces.push(textChunk('ob2', ob2))
  let copiedTo = endOfHeader
  for (const chunk of chunks) {
    const kind = kindOf(chunk)
    if (kind === undefined || credentials[kind] === undefined) continue
    pieces.push(file.subarray(copiedTo, chunk.start))
    copiedTo = chunk.end
  }
  pieces.push(file.subarray(copiedTo))
  return Buffer.concat(pieces)
}
