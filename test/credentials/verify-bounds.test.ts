import { generateKeyPairSync } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { publicAddresses } from '../../src/credentials/addresses.ts'
import { bakeSvg, unbakeSvg } from '../../src/credentials/bake/svg.ts'
import { clrCredential } from '../../src/credentials/clr/build.ts'
import type { Json, JsonObject } from '../../src/credentials/json.ts'
import { hostedAssertion } from '../../src/credentials/ob2/build.ts'
import { type Canonize, canonize } from '../../src/credentials/proofs/canonize.ts'
import { encodeMultikey } from '../../src/credentials/proofs/multikey.ts'
import type { Check, CheckId, Verdict } from '../../src/credentials/verdict.ts'
import { verify } from '../../src/credentials/verify.ts'
import { worldOf } from '../../src/credentials/verify/world.ts'
import { awardFacts, issuer, issuerId, now } from '../support/award-facts.ts'
import {
  type Badges,
  badgesOf,
  bytesOf,
  chunk,
  closed,
  type Documents,
  lookIn,
  publicDocuments,
  smallPng,
} from '../support/badge-world.ts'
import { passportOf } from '../support/endorsed.ts'
import { objectAt } from '../support/json.ts'

// What would only keep a verifier busy.

let badges: Badges
let documents: Documents
beforeAll(async () => {
  badges = await badgesOf()
  documents = await publicDocuments()
})

async function judge(badge: string | JsonObject | Uint8Array, more: Documents = {}): Promise<Verdict> {
  const bytes = badge instanceof Uint8Array ? badge : bytesOf(badge)
  return await verify(bytes, lookIn({ ...documents, ...more }), { at: now })
}

const check = (verdict: Verdict, id: CheckId): Check | undefined => verdict.checks.find((one) => one.id === id)

describe('S-26, S-44: what is too much, or written in another way', () => {
  test('a hosted Assertion of more than 1 MB at its address', async () => {
    const home = publicAddresses.awardOb2(issuer.origin, awardFacts.publicId)
    const huge = { ...hostedAssertion(awardFacts), image: `data:image/png;base64,${'A'.repeat(1024 * 1024)}` }
    expect(check(await judge(home, { [home]: huge }), 'format')?.code).toBe('too-large')
    expect(check(await judge(hostedAssertion(awardFacts), { [home]: huge }), 'format')?.code).toBe('too-large')
  })

  test('an SVG in UTF-16, and a PNG text without a keyword', async () => {
    const utf16 = Buffer.from('\ufeff<svg xmlns="http://www.w3.org/2000/svg"/>', 'utf16le')
    expect(check(await judge(utf16), 'format')?.code).toBe('svg-encoding')
    const nameless = smallPng(chunk('tEXt', Buffer.from('x'.repeat(100))))
    expect(check(await judge(nameless), 'format')?.code).toBe('not-baked')
  })

  test('an SVG in which one credential lies inside another is cleaned of both', () => {
    const inside =
      '<openbadges:credential xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"><openbadges:credential/></openbadges:credential>'
    const svg = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg">${inside}<path d="M0 0h9"/></svg>`)
    const baked = bakeSvg(svg, { ob3: badges.ob3 })
    expect(unbakeSvg(baked)).toEqual({ outcome: 'read', ob3: badges.ob3 })
    expect(
      Buffer.from(baked)
        .toString()
        .match(/:credential/g),
    ).toHaveLength(1)
  })

  test('T13: more values than a badge has are not made canonical: its signature could not be checked', async () => {
    const { json } = badges
    const evidence = (count: number): Json => Array.from({ length: count }, () => ({ type: ['Evidence'] }))
    const limitOf = async (badge: JsonObject): Promise<string | undefined> => {
      const verdict = await judge(badge)
      const signature = check(verdict, 'signature')
      expect(verdict.verdict).not.toBe('valid')
      return signature?.code === 'too-many-values' ? signature.values?.['limit'] : signature?.code
    }
    expect(await limitOf({ ...json, evidence: evidence(300) })).toBe('signature-wrong')
    expect(await limitOf({ ...json, evidence: evidence(700) })).toBe('2000')
    const clr = { ...clrCredential(await passportOf([awardFacts])), proof: objectAt(json, 'proof') }
    const subject = objectAt(clr, 'credentialSubject')
    const holding = (inside: readonly Json[]): JsonObject => ({
      ...clr,
      credentialSubject: { ...subject, verifiableCredential: inside },
    })
    expect(await limitOf({ ...clr, evidence: evidence(3000) })).toBe('8000')
    expect(await limitOf(holding([{ ...json, evidence: evidence(700) }]))).toBe('2000')
    expect(await limitOf(holding(Array.from({ length: 30 }, () => ({ ...json, evidence: evidence(300) }))))).toBe(
      '20000',
    )
    const world = worldOf(closed)
    expect([world.spend(20_000), world.spend(20_000), world.spend(20_000)]).toEqual([true, true, false])
  })

  test('T13: however many proofs a document has, it is made canonical once', async () => {
    const { json } = badges
    const named = (): string => `${issuerId}#${encodeMultikey(generateKeyPairSync('ed25519').publicKey)}`
    const proof = Array.from({ length: 4 }, () => ({ ...objectAt(json, 'proof'), verificationMethod: named() }))
    let documentsMade = 0
    const counting: Canonize = async (document) => {
      if ('credentialSubject' in document) documentsMade += 1
      return await canonize(document)
    }
    const options = { at: now, canonize: counting }
    expect((await verify(bytesOf({ ...json, proof }), lookIn(documents), options)).verdict).toBe('invalid')
    expect(documentsMade).toBe(1)
  })

  test('S-46: a ninth address, or one that is no address, is not asked for', async () => {
    const look = lookIn({})
    const world = worldOf(look)
    expect(await world.ask('ftp://a.example/', 'key')).toEqual({ outcome: 'not-fetched' })
    for (let count = 0; count < 12; count += 1) await world.ask(`https://a.example/${count}`, 'key')
    expect(look.asked).toHaveLength(8)
    expect(await world.ask('https://a.example/9', 'key')).toEqual({ outcome: 'not-fetched' })
    expect(await world.ask('https://a.example/1', 'key')).toEqual({ outcome: 'missing' })
  })
})
