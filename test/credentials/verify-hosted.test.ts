import { describe, expect, test } from 'vitest'
import { bakePng } from '../../src/credentials/bake/png.ts'
import type { Json, JsonObject } from '../../src/credentials/json.ts'
import {
  badgeClass as ob2BadgeClass,
  hostedAssertion,
  issuerProfile as ob2Profile,
} from '../../src/credentials/ob2/build.ts'
import type { Check, CheckId, Verdict } from '../../src/credentials/verdict.ts'
import { verify } from '../../src/credentials/verify.ts'
import { idOf } from '../../src/credentials/verify/members.ts'
import { awardFacts, issuer as foundation, now } from '../support/award-facts.ts'
import { badgesOf, bytesOf, closed, keys, payloadOf, smallPng } from '../support/badge-world.ts'
import { type Answers, changed, lookAt } from '../support/old-badges.ts'

/** The hosted Assertion of our own award: its address, its BadgeClass and its Profile. */
const assertion = hostedAssertion(awardFacts)
const badgeClass = ob2BadgeClass(awardFacts.badgeClass)
const profile = ob2Profile(foundation, [keys.rsa])
const [home = '', classHome = '', issuerHome = ''] = [assertion, badgeClass, profile].map((document) => idOf(document))

type Members = Readonly<Record<string, Json | undefined>>

function world(more: Answers = {}): Answers {
  return {
    [home]: { body: assertion },
    [classHome]: { body: badgeClass },
    [issuerHome]: { body: profile },
    ...more,
  }
}

function check(verdict: Verdict, id: CheckId): Check | undefined {
  return verdict.checks.find((one) => one.id === id)
}

async function judge(
  badge: string | JsonObject | Uint8Array,
  answers: Answers = world(),
  recipient?: string,
): Promise<Verdict> {
  const bytes = badge instanceof Uint8Array ? badge : bytesOf(badge)
  return await verify(bytes, lookAt(answers), { at: now, ...(recipient === undefined ? {} : { recipient }) })
}

/** The same badge, with this at its address. */
async function found(change: Members, more: Answers = {}): Promise<Verdict> {
  return await judge(home, world({ [home]: { body: changed(assertion, change) }, ...more }))
}

describe('CONFORMANCE 6.10: a hosted OB 2.0 Assertion', () => {
  test('is valid as JSON, as address, and baked as JSON or address', async () => {
    const pictures = [JSON.stringify(assertion), home].map((ob2) => bakePng(smallPng(), { ob2 }))
    for (const badge of [assertion, home, ...pictures]) {
      const verdict = await judge(badge)
      expect(verdict.checks.map(({ id, code }) => `${id} ${code}`)).toEqual([
        'format read-ob2-hosted',
        'structure structure-right',
        'binding badge-class-right',
        'issuer hosted-by-issuer',
        'dates dates-right',
        'status not-revoked',
      ])
      expect(verdict.verdict).toBe('valid')
      expect(verdict.credential).toMatchObject({ format: 'ob2-json', id: home, name: 'Polkupyörän huolto' })
    }
  })

  test('CONFORMANCE 6.3: asks for the Assertion, its BadgeClass, its Profile, and nothing else', async () => {
    const look = lookAt(world())
    await verify(bytesOf(assertion), look, { at: now })
    expect(look.asked).toEqual([
      { address: home, purpose: 'badge' },
      { address: classHome, purpose: 'badge-class' },
      { address: issuerHome, purpose: 'issuer' },
    ])
  })

  test('S-28: could not be checked when nothing is answered', async () => {
    for (const badge of [assertion, home]) {
      const verdict = await verify(bytesOf(badge), closed, { at: now })
      expect(verdict).toMatchObject({ verdict: 'could-not-check', checks: [{ code: 'badge-not-fetched' }] })
    }
    const half = await judge(assertion, world({ [classHome]: { status: 500 } }))
    expect(half.verdict).toBe('could-not-check')
    expect(check(half, 'issuer')?.code).toBe('not-reached')
    expect((await judge(assertion, world({ [issuerHome]: { status: 500 } }))).verdict).toBe('could-not-check')
  })

  test('only the fetched document is the truth, whatever a copy says', async () => {
    const copy = { ...assertion, issuedOn: '2020-01-01T00:00:00Z', expires: '2099-01-01T00:00:00Z' }
    const verdict = await judge(copy)
    expect(check(verdict, 'format')).toEqual({ id: 'format', outcome: 'passed', code: 'read-hosted-instead' })
    expect(verdict.credential?.awardedOn).toBe('2026-11-22T10:00:00Z')
    const expired = changed(assertion, { expires: '2026-11-23T00:00:00Z' })
    expect((await judge(copy, world({ [home]: { body: expired } }))).verdict).toBe('expired')
  })

  test('a copy whose address holds something else is no badge', async () => {
    const otherId = changed(assertion, { id: 'https://merkit.example/b/other/ob2' })
    const moved = await judge(assertion, world({ [home]: { body: otherId } }))
    expect(moved).toMatchObject({ verdict: 'invalid', checks: [{ code: 'hosted-at-another-address' }] })
    for (const [body, code] of [
      ['<html>', 'badge-not-at-address'],
      [{ name: 'x' }, 'not-a-badge'],
      [{ ...assertion, name: 'x'.repeat(70_000) }, 'too-large'],
    ] as const) {
      const verdict = await judge(assertion, world({ [home]: { body } }))
      expect(verdict).toMatchObject({ verdict: 'invalid', checks: [{ code }] })
    }
    expect((await judge(assertion, {})).checks).toMatchObject([{ outcome: 'failed', code: 'badge-not-at-address' }])
  })

  test('an address may lead to the Assertion’s own, once', async () => {
    const short = 'https://merkit.example/s/1'
    expect((await judge(short, world({ [short]: { body: assertion } }))).verdict).toBe('valid')
    const [a, b] = ['https://merkit.example/b/mer1a/ob2', 'https://merkit.example/b/mer1b/ob2']
    const round = world({ [a]: { body: { ...assertion, id: b } }, [b]: { body: { ...assertion, id: a } } })
    expect(check(await judge(a, round), 'binding')?.code).toBe('hosted-at-another-address')
    const lost = world({ [a]: { body: { ...assertion, id: 'https://merkit.example/none' } } })
    expect(check(await judge(a, lost), 'format')?.code).toBe('badge-not-at-address')
  })

  test('a signed badge’s payload without its signature is nobody’s word', async () => {
    const payload = payloadOf((await badgesOf()).ob2)
    const verdict = await judge(payload)
    expect(verdict).toMatchObject({ verdict: 'invalid', checks: [{ id: 'signature', code: 'no-proof' }] })
    expect((await judge(home, world({ [home]: { body: payload } }))).verdict).toBe('invalid')
    const without = await judge(changed(assertion, { verification: undefined }))
    expect(without.checks).toMatchObject([{ id: 'structure', values: { member: 'verification' } }])
    const odd = await judge(changed(assertion, { id: 'urn:uuid:019ab000-0000-7000-8000-000000000001' }))
    expect(odd.checks).toMatchObject([{ id: 'structure', values: { member: 'id' } }])
    const turned = await judge(assertion, world({ [home]: { body: payload } }))
    expect(turned.checks).toMatchObject([{ code: 'no-proof' }])
  })

  test('structure, dates and recipient', async () => {
    expect(check(await found({ recipient: undefined }), 'structure')?.code).toBe('member-missing')
    expect(check(await found({ issuedOn: 1_400_000_000 }), 'structure')?.code).toBe('member-wrong')
    expect(check(await found({ '@context': 'https://x.example/' }), 'structure')?.code).toBe('context-wrong')
    expect((await found({ issuedOn: '2027-01-01T00:00:00Z', expires: undefined })).verdict).toBe('not-yet-valid')
    expect(check(await found({ expires: '2026-11-21T00:00:00Z' }), 'dates')?.code).toBe('expires-before-issued')
    const { urn } = awardFacts.recipient
    expect(check(await judge(home, world(), urn), 'recipient')?.code).toBe('recipient-right')
    const other = await judge(home, world(), 'urn:uuid:019ab000-0000-7000-8000-0000000000ff')
    expect(other.verdict).toBe('invalid')
  })

  test('the BadgeClass and its issuer', async () => {
    expect(check(await found({}, { [classHome]: { body: 'x' } }), 'binding')?.code).toBe('badge-class-unreadable')
    const nobody = await found({}, { [classHome]: { body: { ...badgeClass, issuer: 'x' } } })
    expect(check(nobody, 'binding')?.code).toBe('badge-class-unreadable')
    const ofIssuer = async (answer: Answers[string]): Promise<string | undefined> =>
      check(await found({}, { [issuerHome]: answer }), 'issuer')?.code
    expect(await ofIssuer({ status: 404 })).toBe('issuer-missing')
    expect(await ofIssuer({ body: 'x' })).toBe('issuer-unreadable')
    expect(await ofIssuer({ body: { ...profile, id: 'https://merkit.example/o/tor2/ob2' } })).toBe(
      'issuer-of-another-id',
    )
    expect(await ofIssuer({ body: profile, address: 'https://paha.example/' })).toBe('issuer-elsewhere')
    const inside = await found({ badge: badgeClass })
    expect(inside.verdict).toBe('valid')
  })
})

describe('CONFORMANCE 1.4: the Assertion lies where its issuer says that its badges lie', () => {
  const scope = async (
    verification: Json | undefined,
    address = home,
    more: Answers = {},
  ): Promise<string | undefined> => {
    const body = changed(assertion, { id: address })
    const said = changed(profile, { verification })
    const answers = world({ [address]: { body }, [issuerHome]: { body: said }, ...more })
    return check(await judge(address, answers), 'issuer')?.code
  }
  const [right, outside] = ['hosted-by-issuer', 'hosted-outside-scope']
  const elsewhere = 'https://muualla.example/merkit/1'

  test('without a word of the Profile: on its own origin', async () => {
    expect(await scope(undefined)).toBe(right)
    expect(await scope({})).toBe(right)
    expect(await scope(undefined, elsewhere)).toBe(outside)
    expect(await scope(undefined, 'https://merkit.example:8443/1')).toBe(outside)
    expect(await scope(undefined, 'http://merkit.example/1')).toBe(outside)
  })

  test('allowedOrigins, one or many, as host or as origin', async () => {
    expect(await scope({ allowedOrigins: 'muualla.example' }, elsewhere)).toBe(right)
    expect(await scope({ allowedOrigins: ['x.example', 'https://muualla.example'] }, elsewhere)).toBe(right)
    expect(await scope({ allowedOrigins: ['muualla.example'] })).toBe(outside)
    expect(await scope({ allowedOrigins: [] })).toBe(outside)
    expect(await scope({ allowedOrigins: 7 })).toBe(outside)
  })

  test('startsWith, one or many, and only as a piece of an address of that host', async () => {
    expect(await scope({ startsWith: 'https://muualla.example/merkit/' }, elsewhere)).toBe(right)
    expect(await scope({ startsWith: ['https://x.example/', 'https://muualla.example/m'] }, elsewhere)).toBe(right)
    expect(await scope({ startsWith: 'https://muualla.example/muut/' }, elsewhere)).toBe(outside)
    expect(await scope({ startsWith: 'https://muualla.example' }, 'https://muualla.example.paha.example/1')).toBe(
      outside,
    )
    expect(await scope({ startsWith: 'https://' }, elsewhere)).toBe(outside)
    const up = 'https://muualla.example/merkit/../muut/1'
    expect(await scope({ startsWith: 'https://muualla.example/merkit/' }, up)).toBe(outside)
    const both = { startsWith: 'https://muualla.example/', allowedOrigins: ['merkit.example'] }
    expect(await scope(both, elsewhere)).toBe(outside)
  })

  test('a stranger who hosts a badge of this issuer is not recognised', async () => {
    const address = 'https://paha.example/1'
    const verdict = await judge(address, world({ [address]: { body: changed(assertion, { id: address }) } }))
    expect(check(verdict, 'issuer')).toMatchObject({ code: outside, values: { host: 'paha.example' } })
    expect(verdict.verdict).toBe('issuer-not-recognised')
  })

  test('CONFORMANCE 3.15: redirects are followed, but another host is no word of this one', async () => {
    const said = { startsWith: 'https://merkit.example/' }
    const at = (address: string): Answers => ({ [home]: { body: assertion, address } })
    expect(await scope(said, home, at('https://merkit.example/uusi/1'))).toBe(right)
    expect(await scope(said, home, at('https://www.merkit.example/1'))).toBe(right)
    expect(await scope(said, home, at('https://paha.example/1'))).toBe(outside)
    expect(await scope({ allowedOrigins: ['merkit.example', 'muualla.example'] }, home, at(elsewhere))).toBe(right)
  })
})

describe('CONFORMANCE 1.6: a revoked hosted Assertion', () => {
  const gone = (body: Json = ''): Answers => world({ [home]: { status: 410, body } })

  test('410 with the issuer’s reason', async () => {
    const body = { id: home, revoked: true, revocationReason: 'Myönnetty vahingossa' }
    for (const badge of [assertion, home, bakePng(smallPng(), { ob2: home })]) {
      expect(await judge(badge, gone(body))).toMatchObject({
        verdict: 'revoked',
        checks: [{ id: 'status', outcome: 'failed', code: 'revoked', values: { reason: 'Myönnetty vahingossa' } }],
      })
    }
  })

  test('410 without a word, or with words about another', async () => {
    for (const body of ['', '<html>', { id: home }, { id: 'https://merkit.example/b/x', revoked: true }]) {
      expect(await judge(home, gone(body))).toMatchObject({ verdict: 'revoked', checks: [{ code: 'gone' }] })
    }
  })

  test('200 with `revoked`, with the whole badge or without', async () => {
    const whole = await found({ revoked: true, revocationReason: 'Vahinko' })
    expect(whole.verdict).toBe('revoked')
    expect(whole.credential?.revocationReason).toBe('Vahinko')
    const bare = { '@context': 'https://w3id.org/openbadges/v2', id: home, revoked: true }
    for (const badge of [assertion, home]) {
      expect((await judge(badge, world({ [home]: { body: bare } }))).verdict).toBe('revoked')
    }
  })
})
