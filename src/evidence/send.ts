import type { FastifyReply, FastifyRequest } from 'fastify'
import { sandbox } from '../http/security.ts'
import { Refusal } from '../refusal.ts'
import { readParts } from '../verification/parts.ts'
import { evidenceTypes, maxFileBytes } from './clean.ts'
import type { FileRow } from './store.ts'

/** What a route says that takes a file: ten megabytes, and one that is larger comes cut short, so that the form can say so. */
export const uploadConfig = {
  // JSON holds no file, and is told so after the address was judged (S-11).
  bodyTypes: ['multipart/form-data', 'application/json'],
  multipartOptions: {
    limits: { fileSize: maxFileBytes, files: 1, fields: 5, fieldSize: 4096, parts: 6 },
    throwFileSizeLimit: false,
  },
} as const

/** Without bytes no file was chosen. */
export type Upload = { readonly bytes: Uint8Array | undefined; readonly clientAgrees: boolean }

/** Reads the form. Refuses `too-large` for a file that was cut short. */
export async function readUpload(request: FastifyRequest): Promise<Upload> {
  const { texts, files, tooLarge } = await readParts(request.body)
  const file = files.get('file')
  if (tooLarge.has('file'))
    throw new Refusal('too-large', `A file may have at most ${maxFileBytes} bytes`, { code: 'file-too-large' })
  // A browser sends an empty part when no file was chosen.
  const bytes = file && file.bytes.length > 0 ? file.bytes : undefined
  return { bytes, clientAgrees: texts.get('consent') === 'yes' }
}

/** Sends a file as it may leave (S-44): to be saved, under our own name, in a sandbox, kept by nobody on the way. */
export async function sendFile(reply: FastifyReply, file: FileRow & { readonly bytes: Buffer }): Promise<FastifyReply> {
  return await reply
    .header('content-type', file.type)
    .header('content-disposition', `attachment; filename="liite-${file.id.slice(-12)}.${evidenceTypes[file.type]}"`)
    .header('content-security-policy', sandbox)
    .header('cache-control', 'no-store')
    .send(file.bytes)
}
