import { createHash, generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../src/credentials/json.ts'
import type { Check, CheckId, Verdict } from '../../src/credentials/verdict.ts'
import { verify } from '../../src/credentials/verify.ts'
import { bytesOf, chunk, closed, smallPng } from '../support/badge-world.ts'
import {
  type Answers,
  assertion05,
  assertion10,
  assertion11,
  at,
  badgeClass,
  changed,
  email,
  host,
  issuer,
  keyPair,
  lookAt,
  oldJws,
  oldWorld,
  pemOf,
} from '../support/old-badges.ts'

const now = new Date('2026-12-01T00:00:00Z')

function check(verdict: Verdict, id: CheckId): Check | undefined {
  return verdict.checks.find((one) => one.id === id)
}

async function judge(badge: string | JsonObject | Uint8Array, world: Answers, recipient?: string): Promise<Verdict> {
  const bytes = badge instanceof Uint8Array ? badge : bytesOf(badge)
  return await verify(bytes, lookAt(world), { at: now, ...(recipient === undefined ? {} : { recipient }) })
}

async function signed(change: Parameters<typeof assertion10>[1], more: Answers = {}): Promise<Verdict> {
  return await judge(oldJws(assertion10('signed', change)), oldWorld(undefined, more))
}

async function hosted(change: Parameters<typeof assertion10>[1], more: Answers = {}): Promise<Verdict> {
  const assertion = assertion10('hosted', change)
  return await judge(assertion, oldWorld(assertion, more))
}

const codes = (verdict: Verdict): readonly string[] => verdict.checks.map(({ id, code }) => `${id} ${code}`)

describe('DEPENDENCIES 5: a good badge of Open Badges 0.5–1.1', () => {
  test('CONFORMANCE 6.10: hosted 1.0 and 1.1, as JSON, as address and in a legacy PNG (4.2)', async () => {
    for (const assertion of [assertion10('hosted'), assertion11('hosted')]) {
      const legacy = smallPng(chunk('tEXt', Buffer.from(`openbadges\0${at.assertion}`)))
      for (const badge of [assertion, at.assertion, legacy]) {
        const verdict = await judge(badge, oldWorld(assertion))
        expect(codes(verdict)).toEqual([
          'format read-ob1-hosted',
          'structure structure-right',
          'binding badge-class-right',
          'issuer hosted-by-issuer',
          'dates dates-right',
          'status not-revoked',
          'second-opinion second-opinion-not-asked',
        ])
        expect(verdict.verdict).toBe('valid')
      }
    }
  })

  test('S-26: signed 1.0 and 1.1 with RS256, RS384 and RS512', async () => {
    for (const assertion of [assertion10('signed'), assertion11('signed')]) {
      for (const alg of ['RS256', 'RS384', 'RS512'] as const) {
        const verdict = await judge(oldJws(assertion, alg), oldWorld())
        expect(codes(verdict)).toEqual([
          'format read-ob1-jws',
          'structure structure-right',
          'signature signature-right',
          'binding badge-class-right',
          'key key-of-issuer',
          'issuer issuer-host-only',
          'dates dates-right',
          'status not-revoked',
          'second-opinion second-opinion-not-asked',
        ])
        expect(verdict.verdict).toBe('valid')
      }
    }
  })

  test('0.5 by its address, with the badge inside', async () => {
    const verdict = await judge(at.assertion, oldWorld(assertion05()))
    expect(verdict.verdict).toBe('valid')
    expect(check(verdict, 'format')).toMatchObject({ code: 'read-ob1-hosted', values: { version: '0.5' } })
    expect(verdict.credential).toMatchObject({
      format: 'ob1-json',
      name: 'Puutyö',
      criteria: `${host}/puutyo`,
      image: at.picture,
      issuer: { id: host, name: 'Vanha työpaja', host: 'vanha.example' },
      awardedOn: '2013-01-01T00:00:00.000Z',
    })
  })

  test('CONFORMANCE 6.9: what it says is told beside the verdict', async () => {
    expect((await signed({ expires: 4_000_000_000 })).credential).toMatchObject({
      format: 'ob1-jws',
      id: 'aa11',
      name: 'Puutyö',
      issuer: { id: at.issuer, name: 'Vanha työpaja', host: 'vanha.example' },
      awardedOn: '2014-05-13T16:53:20.000Z',
      validUntil: '2096-10-02T07:06:40.000Z',
      alignments: [{ targetName: 'Pintakäsittely' }],
    })
  })

  test('CONFORMANCE 6.3: signed, the key is asked for first, and nothing else when the signature is wrong', async () => {
    const look = lookAt(oldWorld())
    await verify(bytesOf(oldJws(assertion10('signed'))), look, { at: now })
    expect(look.asked.map(({ purpose }) => purpose)).toEqual(['key', 'badge-class', 'issuer', 'revocation-list'])
    const forged = oldJws(
      assertion10('signed'),
      'RS256',
      generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
    )
    const watched = lookAt(oldWorld())
    await verify(bytesOf(forged), watched, { at: now })
    expect(watched.asked.map(({ purpose }) => purpose)).toEqual(['key'])
  })

  test('S-28: with everything closed it could not be checked', async () => {
    for (const badge of [oldJws(assertion10('signed')), assertion10('hosted'), at.assertion]) {
      expect((await verify(bytesOf(badge), closed, { at: now })).verdict).toBe('could-not-check')
    }
  })
})

describe('S-26, S-29: signatures that are refused', () => {
  const none = (payload: JsonObject): string => {
    const [, body] = oldJws(payload).split('.')
    return `${Buffer.from('{"alg":"none"}').toString('base64url')}.${body}.`
  }

  test('alg none, in any case', async () => {
    const verdict = await judge(none(assertion10('signed')), oldWorld())
    expect(verdict).toMatchObject({ verdict: 'invalid', checks: [{ code: 'jws-algorithm-refused' }] })
  })

  test('an algorithm that these versions did not have', async () => {
    const [, payload = ''] = oldJws(assertion10('signed')).split('.')
    for (const alg of ['HS256', 'ES256', 'EdDSA', 'PS256']) {
      const header = Buffer.from(JSON.stringify({ alg })).toString('base64url')
      const verdict = await judge(`${header}.${payload}.AAAA`, oldWorld())
      expect(verdict, alg).toMatchObject({
        verdict: 'invalid',
        checks: [{ code: 'jws-algorithm-refused', values: { alg } }],
      })
    }
  })

  test('tampered, and a bad signature', async () => {
    const [head, , signature] = oldJws(assertion10('signed')).split('.')
    const other = Buffer.from(JSON.stringify(assertion10('signed', { uid: 'bb22' }))).toString('base64url')
    expect(codes(await judge(`${head}.${other}.${signature}`, oldWorld()))).toContain('signature signature-wrong')
    const [, body] = oldJws(assertion10('signed')).split('.')
    const cut = await judge(`${head}.${body}.${signature?.slice(0, 40)}`, oldWorld())
    expect(codes(cut)).toContain('signature signature-malformed')
    expect(cut.verdict).toBe('invalid')
  })

  test('a key below 2048 bits, one that is not RSA, a private one', async () => {
    const weak = generateKeyPairSync('rsa', { modulusLength: 1024 })
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const world = (pem: string): Answers => oldWorld(undefined, { [at.key]: { body: pem } })
    const judged = async (jws: string, pem: string): Promise<string | undefined> =>
      check(await judge(jws, world(pem)), 'signature')?.code
    const jws = oldJws(assertion10('signed'))
    expect(await judged(oldJws(assertion10('signed'), 'RS256', weak.privateKey), pemOf(weak.publicKey))).toBe(
      'key-too-weak',
    )
    expect(await judged(jws, pemOf(ec.publicKey))).toBe('algorithm-not-of-key')
    expect(await judged(jws, keyPair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())).toBe(
      'key-unusable',
    )
    expect(await judged(jws, 'no key')).toBe('key-unusable')
  })

  test('a key in the header counts for nothing', async () => {
    const own = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const jwk = own.publicKey.export({ format: 'jwk' })
    const header = { jwk: Object.fromEntries(Object.entries(jwk).map(([name, value]) => [name, String(value)])) }
    const verdict = await judge(oldJws(assertion10('signed'), 'RS256', own.privateKey, header), oldWorld())
    expect(check(verdict, 'signature')?.code).toBe('signature-wrong')
    const jku = await judge(oldJws(assertion10('signed'), 'RS256', own.privateKey, { jku: at.key }), oldWorld())
    expect(check(jku, 'format')?.code).toBe('jws-header-member')
    const type = await judge(oldJws(assertion10('signed'), 'RS256', keyPair.privateKey, { typ: 'x' }), oldWorld())
    expect(check(type, 'format')?.code).toBe('jws-type-refused')
  })

  test('a key that is not there, or was not fetched', async () => {
    const gone = await signed({}, { [at.key]: { status: 404 } })
    expect(check(gone, 'key')).toMatchObject({ outcome: 'failed', code: 'key-unknown' })
    expect(check(gone, 'signature')?.code).toBe('no-key')
    expect(gone.verdict).toBe('issuer-not-recognised')
    const shut = await signed({}, { [at.key]: { status: 503 } })
    expect(check(shut, 'key')).toMatchObject({ outcome: 'not-checked', code: 'key-not-fetched' })
    expect(shut.verdict).toBe('could-not-check')
    const nowhere = await signed({ verify: { type: 'signed', url: 'here' } })
    expect(check(nowhere, 'key')?.code).toBe('key-not-named')
    expect(check(nowhere, 'structure')?.code).toBe('member-wrong')
  })
})

describe('S-29: whose badge it is, by origin', () => {
  const evil = 'https://paha.example'

  test('a stranger’s key does not sign for this issuer', async () => {
    const own = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const key = `${evil}/avain.pem`
    const badge = oldJws(assertion10('signed', { verify: { type: 'signed', url: key } }), 'RS256', own.privateKey)
    const verdict = await judge(badge, oldWorld(undefined, { [key]: { body: pemOf(own.publicKey) } }))
    expect(check(verdict, 'signature')?.code).toBe('signature-right')
    expect(check(verdict, 'key')).toMatchObject({ code: 'key-of-another-issuer', values: { owner: 'paha.example' } })
    expect(verdict.verdict).toBe('issuer-not-recognised')
    expect(check(verdict, 'status')?.code).toBe('not-reached')
  })

  test('a stranger’s host does not host for this issuer', async () => {
    const address = `${evil}/merkki.json`
    const assertion = assertion10('hosted', { verify: { type: 'hosted', url: address } })
    const verdict = await judge(assertion, oldWorld(undefined, { [address]: { body: assertion } }))
    expect(check(verdict, 'issuer')).toMatchObject({ code: 'hosted-outside-scope', values: { host: 'paha.example' } })
    expect(verdict.verdict).toBe('issuer-not-recognised')
    const old = await judge(address, oldWorld(undefined, { [address]: { body: assertion05() } }))
    expect(old.verdict).toBe('issuer-not-recognised')
  })

  test('CONFORMANCE 3.15: a host that redirects to anybody proves nothing', async () => {
    const key = await signed({}, { [at.key]: { body: pemOf(keyPair.publicKey), address: `${evil}/avain.pem` } })
    expect(check(key, 'key')).toMatchObject({ code: 'key-of-another-issuer', values: { owner: 'paha.example' } })
    const there = assertion10('hosted')
    const moved = await judge(
      at.assertion,
      oldWorld(undefined, { [at.assertion]: { body: there, address: `${evil}/1` } }),
    )
    expect(check(moved, 'issuer')).toMatchObject({ code: 'hosted-outside-scope', values: { host: 'paha.example' } })
    const profile = await hosted({}, { [at.issuer]: { body: issuer, address: `${evil}/me` } })
    expect(check(profile, 'issuer')).toMatchObject({ code: 'issuer-elsewhere', values: { host: 'paha.example' } })
    const www = await hosted(
      {},
      { [at.assertion]: { body: there, address: 'https://www.vanha.example/merkit/7.json' } },
    )
    expect(www.verdict).toBe('valid')
  })

  test('badge and issuer that are not there or not theirs', async () => {
    expect(check(await hosted({}, { [at.badge]: { status: 404 } }), 'binding')?.code).toBe('badge-class-not-fetched')
    expect(check(await hosted({}, { [at.badge]: { body: 'x' } }), 'binding')?.code).toBe('badge-class-unreadable')
    const otherId = await hosted({}, { [at.badge]: { body: { ...badgeClass, id: `${host}/x` } } })
    expect(check(otherId, 'binding')?.code).toBe('badge-class-unreadable')
    const half = await hosted({}, { [at.badge]: { body: changed(badgeClass, { criteria: undefined }) } })
    expect(check(half, 'binding')).toMatchObject({ code: 'member-missing', values: { member: 'badge.criteria' } })
    expect(half.verdict).toBe('invalid')
    const ofIssuer = async (answer: Answers[string]): Promise<string | undefined> =>
      check(await hosted({}, { [at.issuer]: answer }), 'issuer')?.code
    expect(await ofIssuer({ status: 404 })).toBe('issuer-missing')
    expect(await ofIssuer({ status: 500 })).toBe('issuer-not-fetched')
    expect(await ofIssuer({ body: { name: 'Vanha' } })).toBe('issuer-unreadable')
    expect(await ofIssuer({ body: { ...issuer, id: `${host}/toinen` } })).toBe('issuer-of-another-id')
  })
})

describe('S-28, S-29: revoked', () => {
  test('on the list of uids, with a reason or an empty one', async () => {
    const verdict = await signed({}, { [at.list]: { body: { aa11: 'Vahinko' } } })
    expect(verdict.verdict).toBe('revoked')
    expect(verdict.credential?.revocationReason).toBe('Vahinko')
    expect((await signed({}, { [at.list]: { body: { aa11: '' } } })).verdict).toBe('revoked')
    expect((await signed({}, { [at.list]: { body: { aa11: null } } })).verdict).toBe('revoked')
    expect((await hosted({}, { [at.list]: { body: { aa11: 'x' } } })).verdict).toBe('revoked')
  })

  test('a list that was not read is not "not revoked"', async () => {
    const status = async (answer: Answers[string]): Promise<string | undefined> =>
      check(await signed({}, { [at.list]: answer }), 'status')?.code
    expect(await status({ status: 404 })).toBe('status-not-fetched')
    expect(await status({ body: 'x' })).toBe('status-unreadable')
    expect(await status({ body: { revokedAssertions: [] } })).toBe('status-unreadable')
    expect((await signed({}, { [at.list]: { status: 500 } })).verdict).toBe('could-not-check')
    const without = await signed({}, { [at.issuer]: { body: changed(issuer, { revocationList: undefined }) } })
    expect(check(without, 'status')?.code).toBe('no-status')
    expect(without.verdict).toBe('valid')
    const odd = await signed({}, { [at.issuer]: { body: { ...issuer, revocationList: 7 } } })
    expect(check(odd, 'status')?.code).toBe('status-unreadable')
  })

  test('CONFORMANCE 1.6: hosted, by 410 or by its own word', async () => {
    const gone = await judge(assertion10('hosted'), oldWorld(undefined, { [at.assertion]: { status: 410 } }))
    expect(gone).toMatchObject({ verdict: 'revoked', checks: [{ id: 'status', code: 'gone' }] })
    const body = { revoked: true, revocationReason: 'Vahinko' }
    const said = await judge(assertion10('hosted'), oldWorld(undefined, { [at.assertion]: { status: 410, body } }))
    expect(said).toMatchObject({ verdict: 'revoked', checks: [{ code: 'revoked', values: { reason: 'Vahinko' } }] })
    expect((await hosted({ revoked: true })).verdict).toBe('revoked')
  })
})

describe('dates and recipient, which the second opinion does not look at (S-29)', () => {
  test.each([
    [1_500_000_000],
    ['1500000000'],
    ['2017-07-14'],
    ['2017-07-14T02:40'],
    ['2017-07-14T02:40:00,5'],
    ['2017-07-14T02:40:00+0300'],
    ['2017-07-14T02:40:00+03'],
  ])('expires %s', async (expires) => {
    const verdict = await hosted({ expires })
    expect(verdict.verdict).toBe('expired')
    expect(check(verdict, 'dates')?.values?.['until']).toMatch(/^2017-07-1/)
  })

  test('S-26: milliseconds and what is no date', async () => {
    for (const issuedOn of [1_400_000_000_000, -1, 1.5, 'eilen', '2014-99-99T00:00Z', true]) {
      const verdict = await hosted({ issuedOn })
      expect(check(verdict, 'structure'), String(issuedOn)).toMatchObject({
        code: 'member-wrong',
        values: { member: 'issuedOn' },
      })
    }
    expect(check(await hosted({ expires: 'never' }), 'structure')?.values).toEqual({ member: 'expires' })
    expect((await hosted({ issuedOn: 1_900_000_000 })).verdict).toBe('not-yet-valid')
    expect(check(await hosted({ expires: 1_300_000_000 }), 'dates')?.code).toBe('expires-before-issued')
  })

  test('CONFORMANCE 5.1, 5.4: the recipient as hash, also with the algorithms of that time, and plain', async () => {
    const recipient = async (badge: JsonObject, given: string): Promise<string | undefined> =>
      check(await judge(at.assertion, oldWorld(badge), given), 'recipient')?.code
    expect(await recipient(assertion10('hosted'), email)).toBe('recipient-right')
    expect(await recipient(assertion10('hosted'), ' AINO@vanha.example')).toBe('recipient-right')
    expect(await recipient(assertion10('hosted'), 'eino@vanha.example')).toBe('recipient-other')
    expect(await recipient(assertion05(), email)).toBe('recipient-right')
    expect(await recipient(assertion05({ recipient: email }), email)).toBe('recipient-right')
    const sha1 = 'sha1$6d1f4cb7bdf4e5ff5c3bd7cb2cf5a0b3b7e1a6c1'
    expect(await recipient(assertion05({ recipient: sha1 }), email)).toBe('recipient-other')
    const plain = { type: 'email', hashed: false, identity: email }
    expect(await recipient(assertion10('hosted', { recipient: plain }), email)).toBe('recipient-right')
    const verdict = await judge(at.assertion, oldWorld(assertion10('hosted')), 'eino@vanha.example')
    expect(verdict.verdict).toBe('invalid')
    const signedFor = async (change: Parameters<typeof assertion11>[1]): Promise<string | undefined> =>
      check(await judge(oldJws(assertion11('signed', change)), oldWorld(), email), 'recipient')?.code
    expect(await signedFor({ recipient: undefined })).toBe('recipient-not-comparable')
    expect(await signedFor({ recipient: { type: 'email', hashed: true } })).toBe('recipient-not-comparable')
    expect(await signedFor({ recipient: { type: 'telephone', hashed: false, identity: '1' } })).toBe(
      'recipient-not-comparable',
    )
    const unsalted = `sha512$${createHash('sha512').update(email).digest('hex')}`
    expect(await recipient(assertion05({ recipient: unsalted, salt: undefined }), email)).toBe('recipient-right')
  })
})

describe('DEPENDENCIES 5: structure of 0.5–1.1', () => {
  test.each<[string, Parameters<typeof assertion10>[1], string]>([
    ['no uid', { uid: undefined }, 'member-missing'],
    ['uid as a number', { uid: 7 }, 'member-wrong'],
    ['no recipient', { recipient: undefined }, 'member-missing'],
    ['recipient as text', { recipient: email }, 'member-wrong'],
    ['recipient without hashed', { recipient: { type: 'email', identity: email } }, 'member-missing'],
    ['hashed as text', { recipient: { type: 'email', identity: email, hashed: 'true' } }, 'member-wrong'],
    ['recipient without identity', { recipient: { type: 'email', hashed: true } }, 'member-missing'],
    ['badge that is no address', { badge: 'puutyo' }, 'member-wrong'],
    ['no issuedOn', { issuedOn: undefined }, 'member-missing'],
    ['hosted, and signed all the same', { verify: { type: 'hosted', url: at.key } }, 'member-wrong'],
  ])('%s', async (_, change, code) => {
    const verdict = await signed(change)
    const format = check(verdict, 'format')?.code
    const isRead = format === 'read-ob1-jws'
    expect(isRead ? check(verdict, 'structure')?.code : format).toBe(isRead ? code : 'not-a-badge')
    expect(verdict.verdict).toBe('invalid')
  })

  test('1.1 without its type, 0.5 without its inside', async () => {
    const untyped = assertion11('hosted', { type: 'Thing' })
    expect(check(await judge(at.assertion, oldWorld(untyped)), 'structure')?.code).toBe('type-wrong')
    const half = async (badge: JsonObject): Promise<unknown> =>
      check(await judge(at.assertion, oldWorld(assertion05({ badge }))), 'structure')?.values
    expect(await half({})).toEqual({ member: 'badge' })
    expect(await half({ issuer: {} })).toEqual({ member: 'badge.name' })
    const named = { name: 'n', description: 'd', image: '/i', criteria: '/c' }
    expect(await half({ ...named, issuer: { name: 'x' } })).toEqual({ member: 'badge.issuer.origin' })
    expect(await half({ ...named, issuer: { name: 'x', origin: 'x' } })).toEqual({ member: 'badge.issuer.origin' })
    expect((await judge(oldJws(assertion05()), oldWorld())).verdict).toBe('invalid')
  })

  test('0.5 does not say where it lies, so a copy cannot be checked', async () => {
    const verdict = await judge(assertion05(), oldWorld())
    expect(verdict).toMatchObject({ verdict: 'could-not-check', checks: [{ code: 'hosted-without-address' }] })
  })

  test('the payload of a signed badge without its signature is nobody’s word', async () => {
    const verdict = await judge(assertion10('signed'), oldWorld())
    expect(verdict).toMatchObject({ verdict: 'invalid', checks: [{ id: 'signature', code: 'no-proof' }] })
  })

  test('S-45: one keyword in two kinds of chunk', async () => {
    const text = chunk('tEXt', Buffer.from(`openbadges\0${at.assertion}`))
    const international = chunk('iTXt', Buffer.from(`openbadges\0\0\0\0\0${at.assertion}`))
    const verdict = await judge(smallPng(text, international), oldWorld(assertion10('hosted')))
    expect(check(verdict, 'format')?.code).toBe('baked-twice')
    expect((await judge(smallPng(international), oldWorld(assertion10('hosted')))).verdict).toBe('valid')
  })
})
