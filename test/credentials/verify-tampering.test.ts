import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { bakePng } from '../../src/credentials/bake/png.ts'
import type { Json, JsonObject } from '../../src/credentials/json.ts'
import { isJsonObject } from '../../src/credentials/json.ts'
import type { Verdict } from '../../src/credentials/verdict.ts'
import { verify } from '../../src/credentials/verify.ts'
import { now } from '../support/award-facts.ts'
import type { Badges, Documents } from '../support/badge-world.ts'
import { badgesOf, bytesOf, lookIn, payloadOf, publicDocuments, smallPng } from '../support/badge-world.ts'

let badges: Badges
let documents: Documents
beforeAll(async () => {
  badges = await badgesOf()
  documents = await publicDocuments()
})

async function judge(bytes: Uint8Array): Promise<Verdict> {
  return await verify(bytes, lookIn(documents), { at: now })
}

function withByte(bytes: Uint8Array, place: number, flip: number): Buffer {
  const changed = Buffer.from(bytes)
  changed.writeUInt8((changed.at(place) ?? 0) ^ flip, place)
  return changed
}

const flips = fc.tuple(fc.nat({ max: 1_000_000 }), fc.integer({ min: 1, max: 255 }))

describe('CONFORMANCE 3.6, 3.9, S-26: one changed byte', () => {
  test.each(['ob2', 'ob3'] as const)('anywhere in the text of the %s JWS', async (form) => {
    const text = bytesOf(badges[form])
    await fc.assert(
      fc.asyncProperty(flips, async ([place, flip]) => {
        expect((await judge(withByte(text, place % text.length, flip))).verdict).not.toBe('valid')
      }),
      { seed: 1, numRuns: 300 },
    )
  })

  test.each(['ob2', 'ob3'] as const)('anywhere in what the %s JWS signs, encoded again', async (form) => {
    const [header = '', payload = '', signature = ''] = badges[form].split('.')
    const [head, body] = [Buffer.from(header, 'base64url'), Buffer.from(payload, 'base64url')]
    await fc.assert(
      fc.asyncProperty(flips, async ([at, flip]) => {
        const place = at % (head.length + body.length)
        const inHead = place < head.length
        const one = inHead ? withByte(head, place, flip) : head
        const two = inHead ? body : withByte(body, place - head.length, flip)
        const changed = `${one.toString('base64url')}.${two.toString('base64url')}.${signature}`
        expect((await judge(Buffer.from(changed))).verdict).not.toBe('valid')
      }),
      { seed: 2, numRuns: 300 },
    )
  })

  test('anywhere in the JSON with an embedded proof', async () => {
    const text = bytesOf(badges.json)
    await fc.assert(
      fc.asyncProperty(flips, async ([at, flip]) => {
        const changed = withByte(text, at % text.length, flip)
        const verdict = await judge(changed)
        if (verdict.verdict !== 'valid') return
        // Only a change that says the same, such as another way to write a letter, may stay.
        expect(JSON.parse(changed.toString())).toEqual(badges.json)
      }),
      { seed: 3, numRuns: 250 },
    )
  })

  test('anywhere in a text that is baked, with its CRC made right', async () => {
    for (const form of ['ob2', 'ob3'] as const) {
      const text = bytesOf(badges[form])
      for (let place = 0; place < text.length; place += Math.ceil(text.length / 25)) {
        const changed = withByte(text, place, 1).toString('latin1')
        const picture = bakePng(smallPng(), { ob2: badges.ob2, ob3: badges.ob3, [form]: changed })
        expect((await judge(picture)).verdict, `${form} ${place}`).not.toBe('valid')
      }
    }
  })

  test('in a picture without a right CRC has its own reason', async () => {
    const picture = Buffer.from(bakePng(smallPng(), { ob3: badges.ob3 }))
    expect((await judge(withByte(picture, picture.indexOf('eyJ') + 40, 1))).checks[0]?.code).toBe('crc-wrong')
  })

  test('in the content alone is told as a wrong signature', async () => {
    const [header = '', payload = '', signature = ''] = badges.ob3.split('.')
    const changed = Buffer.from(payload, 'base64url').toString().replace('Osaa huoltaa', 'Osaa huoltoa')
    const jwt = `${header}.${Buffer.from(changed).toString('base64url')}.${signature}`
    const json = { ...badges.json, awardedDate: '2026-11-21T10:00:00Z' }
    for (const badge of [jwt, json]) {
      const verdict = await judge(bytesOf(badge))
      expect(verdict.verdict).toBe('invalid')
      expect(verdict.checks.filter(({ outcome }) => outcome === 'failed').map(({ code }) => code)).toEqual([
        'signature-wrong',
      ])
    }
  })
})

/** The document once for each member, anywhere, without that member. */
function* withoutEach(value: Json, path = ''): Generator<readonly [string, Json]> {
  if (Array.isArray(value)) {
    const items: readonly Json[] = value
    for (const [place, item] of items.entries()) {
      yield [`${path}/${place}`, items.filter((_, other) => other !== place)]
      for (const [where, less] of withoutEach(item, `${path}/${place}`)) yield [where, items.with(place, less)]
    }
  }
  if (!isJsonObject(value)) return
  for (const [member, item] of Object.entries(value)) {
    yield [`${path}/${member}`, Object.fromEntries(Object.entries(value).filter(([other]) => other !== member))]
    for (const [where, less] of withoutEach(item, `${path}/${member}`)) yield [where, { ...value, [member]: less }]
  }
}

describe('every member that is taken away', () => {
  test('from the embedded form', async () => {
    for (const [path, less] of withoutEach(badges.json)) {
      const verdict = await judge(bytesOf(less as JsonObject))
      expect(verdict.verdict, path).not.toBe('valid')
    }
  })

  test('from what a JWS signs', async () => {
    for (const form of ['ob2', 'ob3'] as const) {
      const [header = '', , signature = ''] = badges[form].split('.')
      for (const [path, less] of withoutEach(payloadOf(badges[form]))) {
        const changed = `${header}.${Buffer.from(JSON.stringify(less)).toString('base64url')}.${signature}`
        expect((await judge(Buffer.from(changed))).verdict, `${form} ${path}`).not.toBe('valid')
      }
    }
  })
})
