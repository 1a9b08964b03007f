import { parseStrictJson } from '../credentials/strict-json.ts'
import { isJsonObject, type Json } from '../credentials/json.ts'
import { Refusal } from '../refusal.ts'
import { readParts } from './parts.ts'
import { VerificationRequest } from './schema.ts'

/** What is verified, and whom it is said to be of. */
export type Presented = { readonly bytes: Uint8Array; readonly recipient?: string | undefined }

/** Content types whose body is the badge itself, as bytes. */
export const badgeTypes = [
  'image/png',
  'image/svg+xml',
  'text/plain',
  'application/vc+jwt',
  'application/jwt',
  'application/vc',
  'application/vc+ld+json',
  'application/ld+json',
] as const

const taken = `Send a badge as ${['application/json', 'multipart/form-data', ...badgeTypes].join(', ')}`

/**
 * Reads the body of `POST /api/v1/verifications`: `{credential}` or `{url}` as JSON, a badge as it is under its own content type, or a
 * multipart file. Throws `Refusal` for a request that cannot be read; a badge that cannot be read is for the verdict to say.
 */
export async function readPresented(contentType: string | undefined, body: unknown): Promise<Presented> {
  const type = (contentType ?? '').split(';')[0]?.trim().toLowerCase()
  if (type === 'multipart/form-data') return await ofForm(body)
  if (!Buffer.isBuffer(body)) throw new Refusal(type === '' ? 'unreadable' : 'unsupported-type', taken)
  return type === 'application/json' ? ofJson(body) : { bytes: body }
}

function ofJson(body: Buffer): Presented {
  const json = parseStrictJson(utf8(body))
  if (json.outcome === 'fault') {
    throw new Refusal('unreadable', 'The body is no JSON that can be read in one way only', { code: json.code })
  }
  // A badge that was sent under the name of plain JSON; our own members never begin like that.
  // Open Badges 0.5 and 1.0 have no context.
  const isBadge = isJsonObject(json.value) && ('@context' in json.value || 'badge' in json.value)
  if (isBadge) return { bytes: body }
  const asked = asRequest(json.value)
  const { recipient } = asked
  if ('url' in asked) return { bytes: Buffer.from(asked.url), recipient }
  const { credential } = asked
  return { bytes: Buffer.from(typeof credential === 'string' ? credential : JSON.stringify(credential)), recipient }
}

function asRequest(value: Json): VerificationRequest {
  const read = VerificationRequest.safeParse(value)
  if (read.success) return read.data
  const [issue] = read.error.issues
  const fault = {
    pointer: `/${(issue?.path ?? []).map(String).join('/')}`,
    code: issue?.code ?? 'invalid',
    // What was sent is not repeated (S-50).
    detail:
      issue?.code === 'unrecognized_keys'
        ? 'members that are not known here'
        : (issue?.message ?? 'cannot be accepted'),
  }
  throw new Refusal('content', `${fault.pointer}: ${fault.detail}`, { code: 'validation', fields: [fault] })
}

async function ofForm(body: unknown): Promise<Presented> {
  const { texts, files, tooLarge } = await readParts(body)
  if (tooLarge.size > 0) throw new Refusal('too-large', 'The request is larger than this address takes')
  const [file, ...more] = files.values()
  const unknown = [...texts.keys()].filter((name) => name !== 'recipient')
  if (file === undefined || more.length > 0 || unknown.length > 0) {
    const detail = 'give one file and, if you like, the text recipient'
    throw new Refusal('content', `/: ${detail}`, {
      code: 'validation',
      fields: [{ pointer: '/', code: 'parts', detail }],
    })
  }
  const recipient = texts.get('recipient')
  return { bytes: file.bytes, recipient: recipient === '' ? undefined : recipient }
}

function utf8(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    throw new Refusal('unreadable', 'The body is not UTF-8')
  }
}
