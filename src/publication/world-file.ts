import { z } from 'zod'
import type { Look } from '../credentials/verdict.ts'

const Answer = z.strictObject({
  status: z.int().min(100).max(599),
  contentType: z.string(),
  body: z.string(),
  /** Pictures are no text. */
  encoding: z.literal('base64').optional(),
})

/** Every public document an outside verifier would fetch, by address: what `demo --out` writes and `verify --world` reads. */
export const World = z.record(z.string(), Answer)
export type World = z.infer<typeof World>

/**
 * Answers every fetch from a world and nothing else: no socket, no database. What is not in it was not fetched, so that a check that needs
 * it says so.
 */
export function lookInWorld(world: World): Look {
  const read = new Map<string, Uint8Array>()
  const bodyOf = (address: string, { body, encoding }: z.infer<typeof Answer>): Uint8Array => {
    const bytes = read.get(address) ?? Buffer.from(body, encoding ?? 'utf8')
    read.set(address, bytes)
    return bytes
  }
  return async (address) => {
    const [base = address] = address.split('#')
    const found = Object.hasOwn(world, base) ? world[base] : undefined
    return await Promise.resolve(
      found
        ? { outcome: 'found', status: found.status, contentType: found.contentType, body: bodyOf(base, found) }
        : { outcome: 'not-fetched', why: 'closed' },
    )
  }
}
