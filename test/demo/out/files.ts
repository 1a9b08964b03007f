import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import extractChunks from 'png-chunks-extract'
import { z } from 'zod'

// What `demo --out` wrote, read with nothing of the service's own code: other libraries, and the shapes that the issue names.

/** Any JSON object. */
export const Fields = z.record(z.string(), z.json())
export type Fields = z.infer<typeof Fields>

const World = z.record(
  z.url(),
  z.strictObject({
    status: z.int(),
    contentType: z.string(),
    body: z.string(),
    encoding: z.literal('base64').optional(),
  }),
)
export type World = z.infer<typeof World>

const Ids = z.strictObject({ id: z.uuid(), publicId: z.string().regex(/^[0-9a-z]{4}[0-9A-Za-z]{22}$/) })
const Summary = z.strictObject({
  publicOrigin: z.url(),
  counts: z.record(z.string(), z.int().positive()),
  awards: z.strictObject({ kept: Ids, revoked: Ids, other: Ids }),
  verdicts: z.record(z.string(), z.string()),
})

export type Out = {
  readonly folder: string
  readonly ob2: string
  readonly ob3Jwt: string
  readonly ob3Json: string
  readonly badge: Buffer
  readonly revoked: Buffer
  readonly world: World
  readonly summary: z.infer<typeof Summary>
}

export const fileNames = [
  'badge.png',
  'ob2.jws',
  'ob3.json',
  'ob3.jwt',
  'revoked.png',
  'summary.json',
  'world.json',
] as const

export async function readOut(folder: string): Promise<Out> {
  const bytes = async (name: (typeof fileNames)[number]): Promise<Buffer> => await readFile(join(folder, name))
  const text = async (name: (typeof fileNames)[number]): Promise<string> => (await bytes(name)).toString('utf8')
  return {
    folder,
    ob2: await text('ob2.jws'),
    ob3Jwt: await text('ob3.jwt'),
    ob3Json: await text('ob3.json'),
    badge: await bytes('badge.png'),
    revoked: await bytes('revoked.png'),
    world: World.parse(JSON.parse(await text('world.json'))),
    summary: Summary.parse(JSON.parse(await text('summary.json'))),
  }
}

/** A JSON document of the world; a test that asks for what is not there has lost its way. */
export function documentAt(world: World, address: string): Fields {
  const found = world[address]
  if (found?.status !== 200) throw new Error(`there is no ${address} in the world`)
  return Fields.parse(JSON.parse(found.body))
}

/** The payload of a compact JWS, unverified. */
export function payloadOf(jws: string): Fields {
  return Fields.parse(JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString('utf8')))
}

/** A member of a payload that must be text. */
export function textOf(fields: Fields, member: string): string {
  return z.string().parse(fields[member])
}

export type InternationalText = { readonly keyword: string; readonly text: string; readonly isPlain: boolean }

/** The iTXt chunks of a PNG, by `png-chunks-extract`, taken apart as PNG (third edition) 11.3.3.4 lays them out. */
export function textsIn(png: Buffer): readonly InternationalText[] {
  return extractChunks(png)
    .filter(({ name }) => name === 'iTXt')
    .map(({ data }) => {
      const bytes = Buffer.from(data)
      const end = bytes.indexOf(0)
      // Compression flag and method, then language tag and translated keyword, each ended by a zero.
      const between = bytes.subarray(end + 1, end + 5)
      return {
        keyword: bytes.toString('latin1', 0, end),
        text: bytes.toString('utf8', end + 5),
        isPlain: between.equals(Buffer.alloc(4)),
      }
    })
}

/** The text under a keyword that is there once. */
export function bakedText(png: Buffer, keyword: string): string {
  const found = textsIn(png).filter((text) => text.keyword === keyword)
  if (found.length !== 1) throw new Error(`${found.length} texts under ${keyword}`)
  return found[0]?.text ?? ''
}
