import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import type { JsonObject } from '../../src/credentials/json.ts'
import { isJsonObject } from '../../src/credentials/json.ts'
import { cryptographicKey, issuerProfile, ob2KeyAddress } from '../../src/credentials/ob2/build.ts'
import { issuerDocument, jwkDocument, jwks } from '../../src/credentials/ob3/publish.ts'
import { checkSafeJsonLd } from '../../src/credentials/safe-json-ld.ts'
import type { Check, CheckId, History, Look, SignedBadge, Verdict } from '../../src/credentials/verdict.ts'
import { verify } from '../../src/credentials/verify.ts'
import { awardFacts, issuer, issuerId, now, rsaKey } from '../support/award-facts.ts'
import type { Badges, Documents } from '../support/badge-world.ts'
import { badgesOf, bytesOf, jwsOf, keys, lookIn, payloadOf, publicDocuments } from '../support/badge-world.ts'

// Keys that were taken out of use: retired ones verify for ever, compromised ones only what is shown to be older (S-22, CONFORMANCE 3.11).

const stolen = new Date('2026-11-25T00:00:00Z')
const before = new Date('2026-11-22T10:00:05Z')
const after = new Date('2026-11-26T00:00:00Z')
const keySet = 'https://merkit.example/.well-known/jwks.json'

const ofAll = [{ ...keys.rsa, revoked: stolen }, { ...keys.ed, revoked: stolen }, keys.ec]

let badges: Badges
/** What the issuer publishes once its RSA and Ed25519 keys are known to be stolen. */
let documents: Documents
/** Addresses that answer 410, with what they still say. */
const ended = cryptographicKey(issuer, { ...rsaKey, revoked: stolen })
const gone: Documents = { [ob2KeyAddress(rsaKey.kid)]: ended }

beforeAll(async () => {
  badges = await badgesOf()
  const { [rsaKey.kid]: _jwk, [ob2KeyAddress(rsaKey.kid)]: _ob2, ...rest } = await publicDocuments()
  const profile = { ...issuerProfile(issuer, []), publicKey: [] }
  documents = {
    ...rest,
    [issuerId]: issuerDocument(issuer, ofAll),
    [`${issuerId}/ob2`]: profile,
    [keySet]: jwks([{ issuer, keys: ofAll }]),
  }
})

function lookAt(world: Documents): Look {
  const inner = lookIn(world)
  return async (address, purpose) => {
    const document = gone[address]
    if (document === undefined) return await inner(address, purpose)
    const body = Buffer.from(JSON.stringify(document))
    return { outcome: 'found', status: 410, contentType: 'application/json', body }
  }
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const check = (verdict: Verdict, id: CheckId): Check | undefined => verdict.checks.find((one) => one.id === id)

/** The issuer's own record: these badges, entered then. */
function recordOf(at: Date, ...texts: readonly string[]): History & { readonly asked: SignedBadge[] } {
  const asked: SignedBadge[] = []
  const known = new Set(texts.map(sha256))
  const history: History = async (badge) => {
    asked.push(badge)
    return await Promise.resolve(known.has(badge.sha256) ? at : undefined)
  }
  return Object.assign(history, { asked })
}

async function judge(badge: string | JsonObject, history?: History, world = documents): Promise<Verdict> {
  // The status list is signed by the same Ed25519 key: the organisation signs it anew with its next one.
  return await verify(bytesOf(badge), lookAt(world), { at: now, ...(history === undefined ? {} : { history }) })
}

const forms: readonly [string, () => string, string][] = [
  ['2.0 as JWS', () => badges.ob2, awardFacts.assertionId],
  ['3.0 as JWT', () => badges.ob3, awardFacts.credentialId],
  ['3.0 with an embedded proof', () => JSON.stringify(badges.json), awardFacts.credentialId],
]

describe.each(forms)('S-22, CONFORMANCE 3.11: a compromised key, %s', (form, text, id) => {
  const issuerOfForm = form.startsWith('2.0') ? `${issuerId}/ob2` : issuerId

  test('what the issuer recorded before that time passes, with a note', async () => {
    const history = recordOf(before, text())
    const verdict = await judge(text(), history)
    expect(check(verdict, 'signature')?.outcome).toBe('passed')
    expect(check(verdict, 'key')).toMatchObject({
      outcome: 'passed',
      code: 'key-revoked-later',
      values: { since: '2026-11-25T00:00:00Z', recorded: before.toISOString() },
    })
    expect(verdict.checks.filter((one) => one.outcome === 'failed')).toEqual([])
    expect(history.asked).toContainEqual({ issuerId: issuerOfForm, id, sha256: sha256(text()) })
  })

  test.each<[string, () => History | undefined]>([
    ['recorded later', () => recordOf(after, text())],
    ['recorded at that very time', () => recordOf(stolen, text())],
    ['never recorded', () => recordOf(before)],
    ['with no record to ask', () => undefined],
  ])('what was %s does not', async (_, history) => {
    const verdict = await judge(text(), history())
    expect(verdict.verdict).toBe('issuer-not-recognised')
    expect(check(verdict, 'key')).toMatchObject({ outcome: 'failed', code: 'key-revoked' })
  })
})

test('S-22: a thief who dates back and takes the id of an old badge gets nowhere', async () => {
  const history = recordOf(before, badges.ob3, badges.ob2, JSON.stringify(badges.json))
  const forged = jwsOf(
    { alg: 'RS256', kid: rsaKey.kid, typ: 'JWT' },
    { ...payloadOf(badges.ob3), name: 'Mestari' },
    rsaKey,
  )
  const verdict = await judge(forged, history)
  expect([verdict.verdict, check(verdict, 'key')?.code]).toEqual(['issuer-not-recognised', 'key-revoked'])
})

test('S-22: a wrong signature is never asked about', async () => {
  const history = recordOf(before, badges.ob3)
  const verdict = await judge(`${badges.ob3.slice(0, -8)}AAAAAAAA`, history)
  expect([verdict.verdict, history.asked]).toEqual(['invalid', []])
})

test('S-22: spaces in the JSON change nothing, another order of its members does', async () => {
  const history = recordOf(before, JSON.stringify(badges.json))
  const spaced = await verify(Buffer.from(JSON.stringify(badges.json, null, 2)), lookAt(documents), {
    at: now,
    history,
  })
  expect(check(spaced, 'key')?.code).toBe('key-revoked-later')
  const turned = Object.fromEntries(Object.entries(badges.json).reverse())
  expect(check(await judge(turned, history), 'key')?.code).toBe('key-revoked')
})

describe('S-22: the other ways to say that a key has ended', () => {
  const withSet = (change: JsonObject): Documents => ({
    ...documents,
    [keySet]: { keys: [{ ...jwkDocument(issuer, rsaKey), ...change }] },
  })

  test.each<[string, JsonObject, string, string]>([
    ['revoked in the key set', { revoked: '2026-11-25T00:00:00Z' }, 'key-revoked', 'key-revoked-later'],
    ['expired in the key set', { expires: '2026-11-25T00:00:00Z' }, 'key-expired', 'key-expired-later'],
    [
      'both: the earlier counts',
      { revoked: '2026-11-28T00:00:00Z', expires: '2026-11-25T00:00:00Z' },
      'key-expired',
      'key-expired-later',
    ],
  ])('%s', async (_, change, ended, later) => {
    const own = jwsOf({ alg: 'RS256', jwk: bare(), typ: 'JWT' }, payloadOf(badges.ob3), rsaKey)
    for (const badge of [badges.ob3, own]) {
      expect(check(await judge(badge, undefined, withSet(change)), 'key')?.code).toBe(ended)
      expect(check(await judge(badge, recordOf(before, badge), withSet(change)), 'key')?.code).toBe(later)
    }
  })

  test('a time to come is no end yet', async () => {
    for (const member of ['revoked', 'expires']) {
      const verdict = await judge(badges.ob3, undefined, withSet({ [member]: '2027-01-01T00:00:00Z' }))
      expect(check(verdict, 'key')?.code).toBe('key-of-issuer')
    }
  })

  test('a time that cannot be read has come, and nothing is older', async () => {
    for (const revoked of [true, 'yesterday', 0]) {
      const verdict = await judge(badges.ob3, recordOf(before, badges.ob3), withSet({ revoked }))
      expect(check(verdict, 'key')?.code).toBe('key-revoked')
    }
  })

  const bare = (): JsonObject => {
    const { kid: _kid, alg: _alg, use: _use, iss: _iss, ...jwk } = jwkDocument(issuer, rsaKey)
    return jwk
  }
})

describe('S-22: what is gone without a word is unknown', () => {
  test('a key that is neither in the set nor in the controller document', async () => {
    const silent = { ...documents, [issuerId]: issuerDocument(issuer, [keys.ec, keys.ed]) }
    const verdict = await judge(badges.ob3, recordOf(before, badges.ob3), silent)
    expect([verdict.verdict, check(verdict, 'key')?.code]).toEqual(['issuer-not-recognised', 'key-unknown'])
  })

  test('a controller document that names it without an end, or for another controller', async () => {
    const [method] = [issuerDocument(issuer, [{ ...keys.rsa, revoked: stolen }])['verificationMethod'] ?? []].flat()
    if (!isJsonObject(method)) throw new Error('there is no such method')
    const { revoked: _revoked, ...endless } = method
    const odd = [endless, { ...method, controller: 'https://merkit.example/o/tor2' }, { ...method, type: 'Other' }]
    for (const verificationMethod of odd) {
      const world = { ...documents, [issuerId]: { id: issuerId, verificationMethod: [verificationMethod] } }
      expect(check(await judge(badges.ob3, recordOf(before, badges.ob3), world), 'key')?.code).toBe('key-unknown')
    }
  })

  test('a 2.0 key that is gone and tells nothing', async () => {
    for (const body of [{}, { ...ended, revoked: '2027-01-01T00:00:00Z' }]) {
      const inner = lookIn(documents)
      const verdict = await verify(
        bytesOf(badges.ob2),
        async (address, purpose) =>
          address === ob2KeyAddress(rsaKey.kid)
            ? {
                outcome: 'found',
                status: 410,
                contentType: 'application/json',
                body: Buffer.from(JSON.stringify(body)),
              }
            : await inner(address, purpose),
        { at: now, history: recordOf(before, badges.ob2) },
      )
      expect(check(verdict, 'key')?.code).toBe('key-unknown')
    }
  })
})

describe('S-22: what an issuer publishes of its keys', () => {
  test('retired: everything as before, and badges verify', async () => {
    const verdict = await verify(bytesOf(badges.ob3), lookIn(await publicDocuments()), { at: now })
    expect([verdict.verdict, check(verdict, 'key')?.code]).toEqual(['valid', 'key-of-issuer'])
  })

  test('compromised: no reader finds a key to use, but the document tells since when, and is safe JSON-LD (T18)', async () => {
    const document = issuerDocument(issuer, ofAll)
    expect(document['assertionMethod']).toEqual([])
    expect(document['verificationMethod']).toMatchObject([
      { type: 'Multikey', revoked: '2026-11-25T00:00:00Z' },
      { id: rsaKey.kid, type: 'JsonWebKey', controller: issuerId, revoked: '2026-11-25T00:00:00Z' },
    ])
    expect(await checkSafeJsonLd(document)).toEqual([])
    const key = cryptographicKey(issuer, { ...rsaKey, revoked: stolen })
    expect(key).not.toHaveProperty('publicKeyPem')
    expect(JSON.stringify([document, key])).not.toContain('"d":')
    expect(jwks([{ issuer, keys: ofAll }])['keys']).toMatchObject([{ kid: keys.ec.kid }])
  })
})
