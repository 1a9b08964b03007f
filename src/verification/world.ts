import { z } from 'zod'
import { parseStrictJson } from '../credentials/strict-json.ts'
import { World } from '../publication/world-file.ts'
import { Refusal } from '../refusal.ts'

export { lookInWorld } from '../publication/world-file.ts'

const Address = z.string().refine((text) => /^https?:\/\/[^/]/.test(text) && URL.canParse(text))

/**
 * Reads a `world.json`: public documents by address, `{status, contentType, body, encoding?}`. Throws `Refusal` `unreadable` for what is
 * no JSON, and `content` with the first fault and its place for what is no world.
 */
export function readWorld(bytes: Uint8Array): World {
  const json = parseStrictJson(Buffer.from(bytes).toString('utf8'))
  if (json.outcome === 'fault') throw new Refusal('unreadable', `it cannot be read as JSON (${json.code})`)
  const read = World.safeParse(json.value)
  if (!read.success) throw new Refusal('content', faultOf(read.error))
  for (const [address, { body, encoding }] of Object.entries(read.data)) {
    if (!Address.safeParse(address).success) throw new Refusal('content', `${address}: is no address (https://…)`)
    if (encoding === 'base64' && !z.base64().safeParse(body).success)
      throw new Refusal('content', `${address}, body: is no base64`)
  }
  return read.data
}

function faultOf(error: z.ZodError): string {
  const [issue] = error.issues
  const place = issue?.path.map(String).join(', ') ?? ''
  return `${place === '' ? '' : `${place}: `}${issue?.message ?? 'cannot be accepted'}`
}
