import { beforeAll, describe, expect, test } from 'vitest'
import { clrCredential, type ClrFacts } from '../../src/credentials/clr/build.ts'
import { numericDate } from '../../src/credentials/instant.ts'
import { signEmbedded } from '../../src/credentials/issue.ts'
import type { Json, JsonObject } from '../../src/credentials/json.ts'
import { signClr } from '../../src/credentials/sign-checked.ts'
import type { Check, CheckId, Verdict } from '../../src/credentials/verdict.ts'
import { verify } from '../../src/credentials/verify.ts'
import { awardFacts, edKey, issuerId, now, rsaKey } from '../support/award-facts.ts'
import {
  badgesOf,
  bytesOf,
  type Documents,
  jwsOf,
  lookIn,
  publicDocuments,
  stranger,
  strangerKeys,
} from '../support/badge-world.ts'
import { anotherAward, endorsedAward, endorsementOf, passportOf, withSchool } from '../support/endorsed.ts'
import { objectAt, withAt, without } from '../support/json.ts'

const other = anotherAward(2, { slug: 'maalaus', version: 1, name: 'Maalaus' })
const inner = ['credentialSubject', 'verifiableCredential'] as const

let documents: Documents
let facts: ClrFacts
let clr: JsonObject
beforeAll(async () => {
  documents = await withSchool()
  facts = await passportOf([endorsedAward([await endorsementOf()]), other])
  clr = await signClr(facts, edKey, now)
})

async function judge(badge: string | JsonObject, look = lookIn(documents), recipient?: string): Promise<Verdict> {
  return await verify(bytesOf(badge), look, { at: now, ...(recipient === undefined ? {} : { recipient }) })
}

const checkOf = (verdict: Verdict, id: CheckId): Check | undefined => verdict.checks.find((check) => check.id === id)

/** Signed again by the foundation, with whatever is in it now. */
async function signedWith(change: Partial<ClrFacts>): Promise<JsonObject> {
  return await signEmbedded(clrCredential({ ...facts, ...change }), edKey, now)
}

function jwtOf(document: JsonObject): string {
  const claims = { iss: issuerId, jti: facts.id, nbf: numericDate(now), sub: facts.subject }
  return jwsOf({ alg: 'RS256', kid: rsaKey.kid, typ: 'JWT' }, { ...document, ...claims }, rsaKey)
}

describe('CONFORMANCE 10.4: outer proof and every inner credential', () => {
  test('a good collection is valid, with a verdict for each badge inside, in both forms', async () => {
    for (const [presented, form] of [
      [clr, 'json'],
      [jwtOf(clrCredential(facts)), 'jwt'],
    ] as const) {
      const verdict = await judge(presented)
      expect(verdict.checks.filter(({ outcome }) => outcome !== 'passed')).toEqual([])
      expect(verdict.verdict).toBe('valid')
      expect(checkOf(verdict, 'format')?.code).toBe(`read-clr-${form}`)
      expect(checkOf(verdict, 'credentials')).toMatchObject({ code: 'credentials-valid', values: { count: '2' } })
      expect(checkOf(verdict, 'holder')?.code).toBe('holder-same')
      expect(verdict.credential).toMatchObject({
        format: `clr-${form}`,
        name: 'Osaamispassi',
        issuer: { id: issuerId },
      })
      expect(verdict.credentials?.map((one) => [one.verdict, one.credential?.name])).toEqual([
        ['valid', 'Polkupyörän huolto'],
        ['valid', 'Maalaus'],
      ])
    }
  })

  test('own issuer, endorser and list are asked for once each, however many badges there are (S-46)', async () => {
    const awards = Array.from({ length: 6 }, (_, number) => anotherAward(number))
    const endorsement = await endorsementOf()
    const many = await passportOf(awards.map((one) => endorsedAward([endorsement], one)))
    const look = lookIn(documents)
    expect((await judge(await signClr(many, edKey, now), look)).verdict).toBe('valid')
    expect(look.asked.map(({ address }) => address).toSorted()).toEqual([
      issuerId,
      `${issuerId}/status/1`,
      'https://merkit.example/o/opi1',
    ])
  })

  test('a changed badge inside shows, also when the collection is signed over it', async () => {
    const [first = {}, second = {}] = facts.credentials
    const tampered = withAt(first, ['credentialSubject', 'achievement', 'name'], 'Osaa kaiken')
    const resigned = await judge(await signedWith({ credentials: [tampered, second] }))
    expect(resigned.verdict).toBe('invalid')
    expect(checkOf(resigned, 'signature')?.outcome).toBe('passed')
    expect(checkOf(resigned, 'credentials')).toMatchObject({
      outcome: 'failed',
      code: 'credential-not-valid',
      values: { name: 'Polkupyörän huolto', number: '1' },
      cause: { code: 'signature-wrong' },
    })
    expect(resigned.credentials?.map((one) => one.verdict)).toEqual(['invalid', 'valid'])
    const outer = await judge(withAt(clr, [...inner, 0], tampered))
    expect([outer.verdict, checkOf(outer, 'signature')?.code]).toEqual(['invalid', 'signature-wrong'])
    expect(checkOf(outer, 'credentials')).toMatchObject({ outcome: 'not-checked', code: 'not-reached' })
  })

  test('a revoked badge inside makes the whole revoked, and the reason is told', async () => {
    const lost = await withSchool(await publicDocuments({ revoked: true }))
    const verdict = await judge(clr, lookIn(lost))
    expect(verdict.verdict).toBe('revoked')
    expect(checkOf(verdict, 'credentials')).toMatchObject({ code: 'credential-not-valid', cause: { code: 'revoked' } })
    expect(verdict.credentials?.map((one) => one.verdict)).toEqual(['revoked', 'valid'])
  })

  test('an expired one makes it expired; one by a key that is not its issuer’s makes it not recognised', async () => {
    const old = anotherAward(5, { name: 'Vanha' })
    const ended = { ...old, validUntil: new Date('2026-11-25T00:00:00Z') }
    const expired = await judge(await signClr(await passportOf([ended, other]), edKey, now))
    expect([expired.verdict, checkOf(expired, 'credentials')?.cause?.code]).toEqual(['expired', 'expired'])
    const [first = {}] = facts.credentials
    const forged = await signEmbedded(
      { ...without(first, 'proof'), issuer: `https://merkit.example/o/${stranger.code}` },
      strangerKeys.ed,
      now,
    )
    const foreign = { ...forged, issuer: first['issuer'] ?? '' }
    const verdict = await judge(await signedWith({ credentials: [foreign] }))
    expect(verdict.verdict).not.toBe('valid')
    expect(checkOf(verdict, 'credentials')?.outcome).toBe('failed')
  })

  test('no network: the collection and its badges could not be checked', async () => {
    const look = async (): Promise<{ outcome: 'not-fetched'; why: 'closed' }> =>
      await Promise.resolve({ outcome: 'not-fetched', why: 'closed' })
    const verdict = await verify(bytesOf(clr), look, { at: now })
    expect(verdict.verdict).toBe('could-not-check')
    expect(checkOf(verdict, 'credentials')?.code).toBe('not-reached')
  })

  test('a badge of another subject is flagged: it could be somebody else’s', async () => {
    const [first = {}] = facts.credentials
    const stolen = (await badgesOf(anotherAward(9, { name: 'Toisen merkki' }))).json
    const verdict = await judge(await signedWith({ credentials: [first, stolen] }))
    expect(verdict.verdict).toBe('could-not-check')
    expect(checkOf(verdict, 'credentials')?.outcome).toBe('passed')
    expect(checkOf(verdict, 'holder')).toMatchObject({
      outcome: 'not-checked',
      code: 'holder-not-shown',
      values: { name: 'Toisen merkki' },
    })
  })

  test('the same subject id inside and outside needs no identifier', async () => {
    const document = clrCredential({
      ...facts,
      credentials: facts.credentials.slice(0, 1),
      subject: awardFacts.recipient.urn,
    })
    const bare = { ...document, credentialSubject: without(objectAt(document, 'credentialSubject'), 'identifier') }
    expect((await judge(await signEmbedded(bare, edKey, now))).verdict).toBe('valid')
  })

  test('the recipient is compared with the collection’s subject and its identifiers (CONFORMANCE 5.4)', async () => {
    expect((await judge(clr, lookIn(documents), other.recipient.urn)).verdict).toBe('valid')
    const verdict = await judge(clr, lookIn(documents), 'urn:uuid:019ab000-0000-7000-8000-00000000dead')
    expect([verdict.verdict, checkOf(verdict, 'recipient')?.code]).toEqual(['invalid', 'recipient-other'])
  })
})

describe('CONFORMANCE 10.5: an unsigned upgrade of an old badge', () => {
  test('is vouched for by the giver of the collection only, which is said, and is never valid', async () => {
    const [first = {}, second = {}] = facts.credentials
    const verdict = await judge(await signedWith({ credentials: [without(first, 'proof'), second] }))
    expect(verdict.verdict).toBe('could-not-check')
    expect(checkOf(verdict, 'credentials')).toMatchObject({
      outcome: 'not-checked',
      code: 'credential-unsigned',
      values: { name: 'Polkupyörän huolto' },
    })
  })
})

describe('CONFORMANCE 10.1, 10.2: shape', () => {
  const broken: readonly [string, (document: JsonObject) => JsonObject, string][] = [
    [
      'contexts in another order (T1)',
      (one) => ({ ...one, '@context': [one['@context'] ?? []].flat().toReversed() }),
      'context-wrong',
    ],
    [
      'no Clr context',
      (one) => ({ ...one, '@context': [one['@context'] ?? []].flat().filter((_, at) => at !== 1) }),
      'context-wrong',
    ],
    ['no ClrSubject', (one) => withAt(one, ['credentialSubject', 'type'], ['AchievementSubject']), 'type-wrong'],
    ['nothing inside', (one) => withAt(one, [...inner], []), 'member-missing'],
    [
      'a member that only JSON-LD reads',
      (one) =>
        withAt(
          one,
          ['credentialSubject', 'achievement'],
          [{ id: 'urn:uuid:1', type: ['Achievement'], 'https://schema.org/name': 'x' }],
        ),
      'member-not-plain',
    ],
  ]
  test.each(broken)('%s', async (_, change, code) => {
    const document = change(clrCredential(facts))
    const { proof } = clr
    const verdict = await judge({ ...document, proof: proof ?? null })
    expect(verdict.verdict).not.toBe('valid')
    expect(checkOf(verdict, 'structure')?.code).toBe(code)
  })

  test('a badge inside that speaks of the collection itself is not taken (T4)', async () => {
    const sly = anotherAward(7)
    const { json } = await badgesOf({ ...sly, credentialId: facts.id })
    const verdict = await judge(await signedWith({ credentials: [json] }))
    expect(verdict.verdict).toBe('could-not-check')
    expect(checkOf(verdict, 'credentials')?.cause).toMatchObject({ code: 'member-not-plain' })
  })

  test('something else than a badge inside is told, not passed over', async () => {
    const [first = {}] = facts.credentials
    const strange: readonly Json[] = [first, await endorsementOf()]
    const document = withAt(clrCredential(facts), [...inner], strange)
    const verdict = await judge(await signEmbedded(document, edKey, now))
    expect(verdict.verdict).toBe('could-not-check')
    expect(checkOf(verdict, 'credentials')).toMatchObject({
      code: 'credential-could-not-check',
      cause: { code: 'not-a-badge' },
    })
  })

  test('something that is no object inside, and a subject that nobody is named in', async () => {
    const document = withAt(clrCredential(facts), [...inner, 1], 'urn:uuid:1')
    const verdict = await judge(jwtOf(document))
    expect(checkOf(verdict, 'credentials')).toMatchObject({ outcome: 'failed', cause: { code: 'type-wrong' } })
    const { id: _id, identifier: _identifier, ...nobody } = objectAt(clrCredential(facts), 'credentialSubject')
    const nameless = await judge(jwtOf({ ...clrCredential(facts), credentialSubject: nobody }))
    expect(checkOf(nameless, 'structure')?.code).toBe('subject-not-identified')
  })

  test('a header that is not taken ends it (CONFORMANCE 3.1)', async () => {
    const payload = clrCredential(facts)
    const verdict = await judge(jwsOf({ alg: 'RS256', kid: rsaKey.kid, typ: 'JWT', x: 1 }, payload, rsaKey))
    expect([verdict.verdict, verdict.checks.map(({ code }) => code)]).toEqual(['invalid', ['jws-header-member']])
  })

  test('an inner subject that is named by an identifier only is the holder’s too', async () => {
    const [first = {}] = facts.credentials
    const subject = without(objectAt(first, 'credentialSubject'), 'id')
    const identity = {
      type: 'IdentityObject',
      hashed: false,
      identityHash: other.recipient.urn,
      identityType: 'identifier',
    }
    const named = { ...without(first, 'proof'), credentialSubject: { ...subject, identifier: [identity] } }
    const verdict = await judge(await signedWith({ credentials: [await signEmbedded(named, edKey, now)] }))
    expect(verdict.verdict).toBe('valid')
    const hashed = { ...named, credentialSubject: { ...subject, identifier: [{ ...identity, hashed: true }] } }
    const hidden = await judge(await signedWith({ credentials: [await signEmbedded(hashed, edKey, now)] }))
    expect(checkOf(hidden, 'holder')?.code).toBe('holder-not-shown')
  })

  test('endorsements in the collection speak of what is inside it (CONFORMANCE 6.7)', async () => {
    const good = await endorsementOf({ subject: awardFacts.credentialId })
    const verdict = await judge(await signedWith({ endorsements: [good] }))
    expect([verdict.verdict, verdict.credential?.endorsements?.length]).toEqual(['valid', 1])
    const stray = await endorsementOf({ subject: 'urn:uuid:019ab000-0000-7000-8000-0000000000ff' })
    const strange = await judge(await signedWith({ endorsements: [stray] }))
    expect([strange.verdict, checkOf(strange, 'endorsements')?.code]).toEqual(['invalid', 'endorsement-of-another'])
  })

  test('S-26: a collection may be up to 1 MB; a badge of 64 kB and more may not', async () => {
    const [first = {}] = facts.credentials
    const long = 'x'.repeat(100_000)
    const badge = withAt(first, ['credentialSubject', 'achievement', 'description'], long)
    expect((await judge(badge)).checks[0]?.code).toBe('too-large')
    const large = await judge(await signedWith({ credentials: [badge] }))
    expect(checkOf(large, 'signature')?.code).toBe('signature-right')
    const jwt = await judge(jwtOf(clrCredential({ ...facts, credentials: [badge] })))
    expect(checkOf(jwt, 'signature')?.code).toBe('signature-right')
    const over = withAt(first, ['credentialSubject', 'achievement', 'description'], 'x'.repeat(1_100_000))
    expect((await judge(await signedWith({ credentials: [over] }))).checks[0]?.code).toBe('too-large')
  })

  test('more than a hundred badges are not worked through (S-26)', async () => {
    const [first = {}] = facts.credentials
    const credentials = Array.from({ length: 101 }, () => ({ ...without(first, 'evidence') }))
    const verdict = await judge(jwtOf(clrCredential({ ...facts, credentials })))
    expect(checkOf(verdict, 'credentials')).toMatchObject({ code: 'credentials-too-many', values: { limit: '100' } })
    expect(verdict.verdict).toBe('could-not-check')
  })
})
