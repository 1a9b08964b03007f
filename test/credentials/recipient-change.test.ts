import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { UnfitToSign } from '../../src/credentials/issue.ts'
import { isJsonList, isJsonObject, type Json, type JsonObject } from '../../src/credentials/json.ts'
import { issuerDocument } from '../../src/credentials/ob3/publish.ts'
import { carriesEmail, carriesThisEmail, emailRecipient, urnRecipient } from '../../src/credentials/recipient-change.ts'
import { type Change, documentsIn, prepareAgain } from '../../src/credentials/reissue.ts'
import { checkSafeJsonLd } from '../../src/credentials/safe-json-ld.ts'
import type { Verdict } from '../../src/credentials/verdict.ts'
import { verify } from '../../src/credentials/verify.ts'
import { awardFacts, edKey, issuer, issuerId, now, rsaKey } from '../support/award-facts.ts'
import {
  type Badges,
  badgesOf,
  bytesOf,
  type Documents,
  lookIn,
  publicDocuments,
  statusList,
  statusListAddress,
} from '../support/badge-world.ts'
import { judgeByDigitalBazaar, type World } from '../support/digitalbazaar.ts'
import { objectAt, textAt, withAt } from '../support/json.ts'
import { changedAt, markedBadges } from '../support/marked-badges.ts'

const email = 'maija.korhonen@example.fi'
const { urn, salt: firstSalt } = awardFacts.recipient

let before: Badges
let documents: Documents
beforeAll(async () => {
  before = await badgesOf()
  documents = await publicDocuments()
})

/** Salts that a test can tell apart. */
function salts(): () => string {
  let made = 0
  return () => (made += 1).toString(16).padStart(32, '0')
}

function changedBy(change: Change, badges = before): ReturnType<typeof prepareAgain> {
  const keys = { ob2: rsaKey.kid, ob3: rsaKey.kid }
  return prepareAgain({ ob2Jws: badges.ob2, ob3Jwt: badges.ob3 }, { validFrom: changedAt, keys, change })
}

const hash = (text: string): string => `sha256$${createHash('sha256').update(text).digest('hex')}`

async function judge(badge: string | JsonObject, recipient?: string): Promise<Verdict> {
  return await verify(bytesOf(badge), lookIn(documents), { at: now, ...(recipient === undefined ? {} : { recipient }) })
}

describe('DESIGN, Recipient: the salted hash of an e-mail', () => {
  test('CONFORMANCE 1.10, 2.4, 5.1–5.5: in both documents, each with a salt of its own, beside the urn in 3.0', () => {
    const { assertion, credential, claims } = changedBy(emailRecipient(` ${email.toUpperCase()}\n`, salts()))
    const [one, two] = [`${'0'.repeat(31)}1`, `${'0'.repeat(31)}2`]
    expect(assertion['recipient']).toEqual({ type: 'email', hashed: true, salt: one, identity: hash(email + one) })
    const subject = objectAt(credential, 'credentialSubject')
    expect(subject['id']).toBe(urn)
    expect(subject['identifier']).toEqual([
      {
        type: 'IdentityObject',
        hashed: true,
        identityHash: hash(email + two),
        identityType: 'emailAddress',
        salt: two,
      },
    ])
    expect(claims.sub).toBe(urn)
    expect(JSON.stringify([assertion, credential])).not.toMatch(/korhonen/i)
  })

  test('CONFORMANCE 2.7: all else is as it was, the first day too', () => {
    const { assertion, credential } = changedBy(emailRecipient(email, salts()))
    const old = documentsIn({ ob2Jws: before.ob2, ob3Jwt: before.ob3 })
    expect({ ...assertion, recipient: null }).toEqual({ ...old.assertion, recipient: null })
    const subject = objectAt(credential, 'credentialSubject')
    const { identifier: _, ...others } = subject
    expect({ ...credential, credentialSubject: others }).toEqual({
      ...old.credential,
      validFrom: '2026-11-22T10:30:00Z',
    })
    expect(credential['awardedDate']).toBe('2026-11-22T10:00:00Z')
  })

  test('the urn comes back alone, with a new salt', async () => {
    const marked = await markedBadges(email)
    const { assertion, credential } = changedBy(urnRecipient(salts()), marked)
    const salt = `${'0'.repeat(31)}1`
    expect(assertion['recipient']).toEqual({ type: 'url', hashed: true, salt, identity: hash(urn + salt) })
    expect(salt).not.toBe(firstSalt)
    expect(objectAt(credential, 'credentialSubject')).toEqual(
      objectAt(documentsIn({ ob2Jws: before.ob2, ob3Jwt: before.ob3 }).credential, 'credentialSubject'),
    )
  })

  test('what a badge carries can be told from its documents', async () => {
    const marked = await markedBadges(email)
    const [plain, hashed] = [before, marked].map(({ ob2, ob3 }) => documentsIn({ ob2Jws: ob2, ob3Jwt: ob3 }))
    if (!plain || !hashed) throw new Error('two badges')
    expect([carriesEmail(plain), carriesEmail(hashed)]).toEqual([false, true])
    expect([carriesThisEmail(hashed, email), carriesThisEmail(hashed, 'antti@example.fi')]).toEqual([true, false])
    expect(carriesThisEmail(plain, urn)).toBe(true)
  })
})

describe('the member set takes exactly these', () => {
  const refusal = (change: Change): unknown => {
    try {
      return changedBy(change)
    } catch (error) {
      return error
    }
  }
  const at =
    (where: 'assertion' | 'credential', path: readonly (string | number)[], value: Json | undefined): Change =>
    (given) => {
      const right = emailRecipient(email, salts())(given)
      return { ...right, [where]: withAt(right[where], path, value) }
    }
  const entry = ['credentialSubject', 'identifier', 0] as const
  const wrongs: readonly (readonly [string, Change, string])[] = [
    ['2.0 in the open', at('assertion', ['recipient', 'hashed'], false), 'shape'],
    ['2.0 with the address itself', at('assertion', ['recipient', 'identity'], email), 'private-text'],
    ['2.0 without salt', at('assertion', ['recipient', 'salt'], undefined), 'missing-member'],
    ['2.0 with a short salt', at('assertion', ['recipient', 'salt'], 'Kosher'), 'shape'],
    ['CONFORMANCE 5.3: the 3.0 word in 2.0', at('assertion', ['recipient', 'type'], 'emailAddress'), 'shape'],
    ['CONFORMANCE 5.2: type as an array', at('credential', [...entry, 'type'], ['IdentityObject']), 'shape'],
    ['3.0 in the open', at('credential', [...entry, 'hashed'], false), 'shape'],
    ['3.0 with the address itself', at('credential', [...entry, 'identityHash'], email), 'private-text'],
    ['3.0 by MD5', at('credential', [...entry, 'identityHash'], `md5$${'0'.repeat(32)}`), 'shape'],
    ['3.0 without salt', at('credential', [...entry, 'salt'], undefined), 'missing-member'],
    ['3.0 of another kind', at('credential', [...entry, 'identityType'], 'nationalIdentityNumber'), 'shape'],
    ['3.0 with one member more', at('credential', [...entry, 'name'], 'Maija'), 'unknown-member'],
    ['3.0 with no entry', at('credential', ['credentialSubject', 'identifier'], []), 'shape'],
    ['3.0 with an object', at('credential', ['credentialSubject', 'identifier'], {}), 'shape'],
    ['3.0 without the urn', at('credential', ['credentialSubject', 'id'], undefined), 'reference'],
  ]
  test.each(wrongs)('%s', (_what, change, code) => {
    const error = refusal(change)
    expect(error).toBeInstanceOf(UnfitToSign)
    const found = error instanceof UnfitToSign ? error.faults.map((fault) => fault.code) : []
    expect(found).toContain(code)
    // What was found is told by its place, never by its words.
    expect(JSON.stringify(error) + String(error)).not.toContain(email)
  })
})

describe('read by others', () => {
  let badges: Badges
  let world: World
  beforeAll(async () => {
    badges = await markedBadges(email)
    world = { [issuerId]: issuerDocument(issuer, [rsaKey, edKey]), [statusListAddress]: await statusList([]) }
  })

  test('CONFORMANCE 2.9: nothing is left out in safe mode', async () => {
    expect(await checkSafeJsonLd(badges.json)).toEqual([])
  })

  test('@digitalbazaar/vc verifies the embedded form, and not with the identifier changed or taken away', async () => {
    expect(await judgeByDigitalBazaar(badges.json, world, now)).toEqual({ verified: true, revoked: false })
    for (const changed of mutations(badges.json)) {
      expect(await judgeByDigitalBazaar(changed, world, now)).toMatchObject({ verified: false })
    }
  })

  test('CONFORMANCE 5.4, 6.6: our verifier finds the right address in any case, and no other', async () => {
    for (const badge of [badges.ob2, badges.ob3, badges.json]) {
      for (const right of [email, email.toUpperCase(), `  ${email} `, `mailto:${email}`]) {
        expect((await judge(badge, right)).verdict).toBe('valid')
      }
      const other = await judge(badge, 'antti.halonen@example.fi')
      expect([other.verdict, other.checks.at(-1)]).toMatchObject([
        'invalid',
        { id: 'recipient', outcome: 'failed', code: 'recipient-other' },
      ])
    }
    for (const badge of [badges.ob3, badges.json]) expect((await judge(badge, urn)).verdict).toBe('valid')
  })

  test('an identifier that is taken away or changed is a wrong signature', async () => {
    for (const changed of mutations(badges.json)) {
      const { verdict, checks } = await judge(changed, email)
      expect([verdict, checks.find(({ id }) => id === 'signature')?.code]).toEqual(['invalid', 'signature-wrong'])
    }
    const [head = '', payload = '', signature = ''] = badges.ob2.split('.')
    const text = Buffer.from(payload, 'base64url').toString()
    const changed = text.replace('"type":"email"', '"type":"url"')
    expect(changed).not.toBe(text)
    const moved = [head, Buffer.from(changed).toString('base64url'), signature].join('.')
    expect((await judge(moved, email)).verdict).toBe('invalid')
  })
})

/** The credential with its identifier gone, emptied, of another hash, salt or kind, in the open, or there twice. */
function mutations(json: JsonObject): readonly JsonObject[] {
  const path = ['credentialSubject', 'identifier'] as const
  const { identifier = [] } = objectAt(json, 'credentialSubject')
  const [first = {}] = isJsonList(identifier) ? identifier.filter(isJsonObject) : []
  const other = textAt(first, 'identityHash').replace(/.$/, (last) => (last === '0' ? '1' : '0'))
  return [
    withAt(json, path, undefined),
    withAt(json, path, []),
    withAt(json, path, [first, { ...first, identityHash: other }]),
    withAt(json, [...path, 0, 'identityHash'], other),
    withAt(json, [...path, 0, 'salt'], '0'.repeat(32)),
    withAt(json, [...path, 0, 'identityType'], 'name'),
    withAt(json, [...path, 0, 'hashed'], false),
  ]
}
