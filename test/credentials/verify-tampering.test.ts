import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { bakePng } from '../../src/credentials/bake/png.ts'
import type { Verdict } from '../../src/credentials/verdict.ts'
import { verify } from '../../src/credentials/verify.ts'
import { now } from '../support/award-facts.ts'
import type { Badges, Documents } from '../support/badge-world.ts'
import { badgesOf, bytesOf, lookIn, publicDocuments, smallPng } from '../support/badge-world.ts'

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

// One changed byte anywhere in any form: changed-bytes.test.ts. Here are those that a reader of the outer form does not notice.
describe('CONFORMANCE 3.6, 3.9, S-26: one changed byte', () => {
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
