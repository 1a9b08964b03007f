import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bakePng } from '../../src/credentials/bake/png.ts'
import { bakeSvg } from '../../src/credentials/bake/svg.ts'
import { embeddedDocument, signEmbedded } from '../../src/credentials/issue.ts'
import { startService, type TestService } from '../support/app.ts'
import { badgesOf, jwsOf, payloadOf, smallPng } from '../support/badge-world.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'
import { accept, type GivenAward, givenOffered, publicOrigin, revoke, show } from '../publication/given-award.ts'
import { keyOf } from './given-keys.ts'
import { faultsOf, multipartOf, multipartType, verdictOf, withOneLetterChanged } from './presented.ts'

let service: TestService
let foundation: Foundation
let award: GivenAward
let revokedAward: GivenAward
let ob2: string
let ob3: string
let revokedJwt: string
let png: Buffer

beforeAll(async () => {
  service = await startService({ publicOrigin })
  foundation = await givenFoundation(service, { code: 'mer1' })
  await givenFoundation(service, { code: 'tor2', name: 'Toriseudun pajayhdistys' })
  award = await givenOffered(foundation)
  await accept(foundation, award)
  revokedAward = await givenOffered(foundation, 'antti')
  const { ownerDb } = service.database
  const textsOf = async ({ id }: GivenAward): Promise<{ ob2_jws: string; ob3_jwt: string }> =>
    await ownerDb.selectFrom('award').select(['ob2_jws', 'ob3_jwt']).where('id', '=', id).executeTakeFirstOrThrow()
  const texts = await textsOf(award)
  ob2 = texts.ob2_jws
  ob3 = texts.ob3_jwt
  revokedJwt = (await textsOf(revokedAward)).ob3_jwt
  png = Buffer.from(bakePng(smallPng(), { ob3, ob2 }))
})
afterAll(async () => await service.close())

const address = '/api/v1/verifications'
const drawing = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h9v9z"/></svg>')

type Answer = Awaited<ReturnType<TestService['app']['inject']>>

async function send(type: string, payload: string | Buffer, headers: Record<string, string> = {}): Promise<Answer> {
  const answer = await service.app.inject({
    method: 'POST',
    url: address,
    payload,
    headers: { 'content-type': type, ...headers },
  })
  return answer
}

async function ask(body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  return await send('application/json', JSON.stringify(body), headers)
}

describe('a badge of this service', () => {
  test('is valid in every form in which a program may send it, without any request to elsewhere', async () => {
    const answers = {
      text: await ask({ credential: ob3 }),
      ob2: await ask({ credential: ob2 }),
      plain: await send('text/plain', `${ob3}\n`),
      'plain with charset': await send('text/plain; charset=utf-8', ob3),
      'vc+jwt': await send('application/vc+jwt', ob3),
      jwt: await send('application/jwt', ob2),
      png: await send('image/png', png),
      svg: await send('image/svg+xml', Buffer.from(bakeSvg(drawing, { ob3, ob2 }))),
      'svg file': await send(
        multipartType,
        multipartOf({ name: 'file', file: 'badge.svg', bytes: Buffer.from(bakeSvg(drawing, { ob3 })) }),
      ),
      file: await send(multipartType, multipartOf({ name: 'file', file: 'badge.png', bytes: png })),
    }
    for (const [form, answer] of Object.entries(answers)) {
      expect([form, answer.statusCode, verdictOf(answer).verdict], answer.body).toEqual([form, 200, 'valid'])
      expect(answer.headers['cache-control']).toBe('no-store')
    }
  })

  test('answers each check with outcome, code and reason, and what the badge says', async () => {
    const verdict = verdictOf(await ask({ credential: ob3 }))
    expect(Object.keys(verdict)).toEqual(['verdict', 'checks', 'credential'])
    const ids = verdict.checks.map(({ id }) => id)
    expect(ids).toEqual(['format', 'structure', 'schema', 'signature', 'binding', 'key', 'issuer', 'dates', 'status'])
    for (const check of verdict.checks) {
      expect(Object.keys(check)).toEqual(['id', 'outcome', 'code', 'reason'])
      expect(check.reason).toMatch(/^\p{Lu}.+\.$/u)
    }
    expect(verdict.credential).toMatchObject({ format: 'ob3-jwt', issuer: { name: 'Meriva', host: 'merkit.example' } })
  })

  test('with an embedded proof: as an object, and as it is under either content type', async () => {
    const key = await keyOf(service, 'mer1', 'EdDSA')
    const json = await signEmbedded(embeddedDocument(ob3), key, service.deps.now())
    for (const answer of [
      await ask({ credential: json }),
      await ask(json),
      await send('application/vc+ld+json', JSON.stringify(json)),
    ]) {
      expect([answer.statusCode, verdictOf(answer).verdict], answer.body).toEqual([200, 'valid'])
    }
    const changed = verdictOf(await ask({ credential: { ...json, name: 'Toinen merkki' } }))
    expect([changed.verdict, faultsOf(changed)['signature']]).toEqual(['invalid', 'signature-wrong'])
  })

  test('reasons are in the language that the program asks for', async () => {
    const reasonIn = async (language: string): Promise<string | undefined> => {
      const answer = await ask({ credential: ob3 }, { 'accept-language': language })
      return verdictOf(answer).checks.find(({ id }) => id === 'signature')?.reason
    }
    expect(await reasonIn('fi')).toBe('Allekirjoitus on oikea. Merkkiä ei ole muutettu.')
    expect(await reasonIn('sv-FI,sv;q=0.9')).toContain('Signaturen')
    expect(await reasonIn('en')).toContain('signature')
  })

  test('one changed letter anywhere in the signed text: not valid', async () => {
    const parts = ob3.split('.').map((part) => part.length)
    const [header = 0, payload = 0] = parts
    for (const at of [3, header + 40, header + 1 + Math.floor(payload / 2), header + payload + 30]) {
      const verdict = verdictOf(await ask({ credential: withOneLetterChanged(ob3, at) }))
      expect(verdict.verdict, String(at)).not.toBe('valid')
    }
    const inPayload = verdictOf(await ask({ credential: withOneLetterChanged(ob3, header + 200) }))
    expect(['invalid', 'issuer-not-recognised', 'could-not-check']).toContain(inPayload.verdict)
  })

  test('a recipient that matches, one that does not', async () => {
    const { recipient_urn: urn } = await service.database.ownerDb
      .selectFrom('award')
      .select('recipient_urn')
      .where('id', '=', award.id)
      .executeTakeFirstOrThrow()
    expect(verdictOf(await ask({ credential: ob3, recipient: urn })).verdict).toBe('valid')
    const other = verdictOf(await ask({ credential: ob3, recipient: 'maija@posti.example' }))
    expect([other.verdict, Object.keys(faultsOf(other))]).toEqual(['invalid', ['recipient']])
    const form = multipartOf({ name: 'recipient', text: urn }, { name: 'file', file: 'b.jwt', bytes: Buffer.from(ob3) })
    const inForm = verdictOf(await send(multipartType, form))
    expect(inForm.checks.at(-1)).toMatchObject({ id: 'recipient', outcome: 'passed' })
  })

  test('revoked: so at the very next asking, with its reason', async () => {
    expect(verdictOf(await ask({ credential: revokedJwt })).verdict).toBe('valid')
    await revoke(foundation, revokedAward)
    const verdict = verdictOf(await ask({ credential: revokedJwt }))
    expect([verdict.verdict, faultsOf(verdict)]).toEqual(['revoked', { status: 'revoked' }])
    expect(verdict.credential?.revocationReason).toMatch(/\w{4}/)
    expect(verdict.checks.find(({ id }) => id === 'status')?.reason).toContain(
      verdict.credential?.revocationReason ?? 'no reason',
    )
  })

  test('expired, and not yet valid', async () => {
    const { valid_until: until } = await service.database.ownerDb
      .selectFrom('award')
      .select('valid_until')
      .where('id', '=', award.id)
      .executeTakeFirstOrThrow()
    try {
      if (until) {
        service.at(new Date(until.getTime() + 86_400_000))
        expect(verdictOf(await ask({ credential: ob3 })).verdict).toBe('expired')
      }
      service.at('2026-11-01T00:00:00Z')
      const early = verdictOf(await ask({ credential: ob3 }))
      expect(faultsOf(early)['dates']).toBe('not-yet-valid')
    } finally {
      service.at('2026-11-22T09:00:00Z')
    }
  })
})

describe('an address', () => {
  test('of a badge made public is verified from what lies there; of a hidden one, and of nothing, is not', async () => {
    const url = `${publicOrigin}/b/${award.publicId}`
    expect(faultsOf(verdictOf(await ask({ url })))).toEqual({ format: 'badge-not-at-address' })
    await show(foundation, award, true)
    for (const one of [url, `${url}.jwt`, `${url}.png`]) {
      const answer = await ask({ url: one })
      expect([one, verdictOf(answer).verdict], answer.body).toEqual([one, 'valid'])
    }
    const seenHere = `${service.deps.config.pagesOrigin}/b/${award.publicId}`
    expect(verdictOf(await ask({ url: seenHere })).verdict).toBe('valid')
    await show(foundation, award, false)
    expect(faultsOf(verdictOf(await ask({ url })))).toEqual({ status: 'gone' })
  })

  test('of others is not fetched: the door is closed (S-46)', async () => {
    for (const url of [
      'https://elsewhere.example/badge.json',
      'http://127.0.0.1:1/x',
      `${publicOrigin}.evil.example/b`,
    ]) {
      const verdict = verdictOf(await ask({ url }))
      expect([verdict.verdict, faultsOf(verdict)]).toEqual(['could-not-check', { format: 'badge-not-fetched' }])
    }
  })
})

describe('a badge that this service did not make', () => {
  test("signed by another foundation's key, under either name of the key", async () => {
    const stranger = await keyOf(service, 'tor2', 'RS256')
    const own = await keyOf(service, 'mer1', 'RS256')
    const payload = JSON.stringify(payloadOf(ob3))
    const openly = verdictOf(
      await ask({ credential: jwsOf({ alg: 'RS256', kid: stranger.kid, typ: 'JWT' }, payload, stranger) }),
    )
    expect([openly.verdict, faultsOf(openly)['key']]).toEqual(['issuer-not-recognised', 'key-of-another-issuer'])
    const hidden = verdictOf(
      await ask({ credential: jwsOf({ alg: 'RS256', kid: own.kid, typ: 'JWT' }, payload, stranger) }),
    )
    expect([hidden.verdict, faultsOf(hidden)['signature']]).toEqual(['invalid', 'signature-wrong'])
  })

  test('under our own address by a key that we never had', async () => {
    const verdict = verdictOf(await ask({ credential: (await badgesOf()).ob3 }))
    expect([verdict.verdict, faultsOf(verdict)['key']]).toEqual(['issuer-not-recognised', 'key-unknown'])
  })

  test('by an issuer elsewhere: could not be checked, because its keys are not fetched', async () => {
    const text = JSON.stringify(payloadOf(ob3)).replaceAll(publicOrigin, 'https://elsewhere.example')
    const key = await keyOf(service, 'mer1', 'RS256')
    const kid = key.kid.replace(publicOrigin, 'https://elsewhere.example')
    const verdict = verdictOf(await ask({ credential: jwsOf({ alg: 'RS256', kid, typ: 'JWT' }, text, key) }))
    expect([verdict.verdict, faultsOf(verdict)['key']]).toEqual(['could-not-check', 'key-not-fetched'])
  })
})

describe('rubbish', () => {
  test('that can be read as a request gets a verdict', async () => {
    const rubbish: readonly (readonly [string, string | Buffer])[] = [
      ['text/plain', 'not a badge'],
      ['text/plain', '   '],
      ['text/plain', 'a.b.c'],
      ['text/plain', '{"a":1,"a":2}'],
      ['text/plain', `${'['.repeat(100)}${']'.repeat(100)}`],
      ['application/jwt', 'eyJhbGciOiJub25lIn0.e30.'],
      ['image/png', Buffer.from([1, 2, 3])],
      ['image/png', smallPng()],
      ['image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
      ['application/json', JSON.stringify({ credential: {} })],
      ['application/json', JSON.stringify({ credential: 'rubbish' })],
      ['application/json', JSON.stringify({ '@context': [] })],
      [multipartType, multipartOf({ name: 'file', file: '', bytes: Buffer.alloc(0) })],
    ]
    for (const [type, body] of rubbish) {
      const answer = await send(type, body)
      expect([type, answer.statusCode], answer.body).toEqual([type, 200])
      const { verdict, checks } = verdictOf(answer)
      expect(['invalid', 'could-not-check']).toContain(verdict)
      expect(checks.length).toBeGreaterThan(0)
    }
  })

  test('that cannot be read as a request gets a problem, never a fault of ours (S-54)', async () => {
    const json = 'application/json'
    const big = 'x'.repeat(1_048_577)
    const cut = multipartOf({ name: 'file', file: 'a.png', bytes: png }).subarray(0, 200)
    const deep = `{"credential":${'['.repeat(40)}${']'.repeat(40)}}`
    const form = 'multipart/form-data'
    const broken: readonly (readonly [number, string, string | Buffer])[] = [
      [400, json, ''],
      [400, json, '{'],
      [400, json, 'nul'],
      [400, json, Buffer.from([0xff, 0xfe, 0x00])],
      [400, json, '{"credential":"a","credential":"b"}'],
      [400, json, '{"__proto__":{"credential":"a"}}'],
      [400, json, deep],
      [422, json, 'null'],
      [422, json, '[]'],
      [422, json, '1'],
      [422, json, '{}'],
      [422, json, '{"credential":null}'],
      [422, json, '{"credential":""}'],
      [422, json, '{"credential":1}'],
      [422, json, '{"credential":[]}'],
      [422, json, '{"credential":"x","url":"https://a.example"}'],
      [422, json, '{"credential":"x","more":1}'],
      [422, json, '{"credential":"x","recipient":""}'],
      [422, json, '{"credential":"x","recipient":7}'],
      [422, json, '{"url":"javascript:alert(1)"}'],
      [422, json, '{"url":"file:///etc/passwd"}'],
      [422, json, '{"url":"nonsense"}'],
      [422, json, `{"url":"https://a.example/${'a'.repeat(3000)}"}`],
      [413, json, JSON.stringify({ credential: big })],
      [413, 'text/plain', big],
      [413, 'image/png', Buffer.alloc(1_048_577)],
      [413, multipartType, multipartOf({ name: 'file', file: 'a.png', bytes: Buffer.alloc(1_048_577) })],
      [413, multipartType, multipartOf({ name: 'a', file: 'a', bytes: png }, { name: 'b', file: 'b', bytes: png })],
      [415, 'text/html', '<p>'],
      [415, 'application/xml', '<p/>'],
      [415, 'application/x-www-form-urlencoded', 'credential=x'],
      [415, 'application/octet-stream', png],
      [415, 'nonsense', 'x'],
      [400, form, 'no boundary'],
      [400, `${form}; boundary=${'b'.repeat(400)}`, 'x'],
      [400, multipartType, cut],
      [400, multipartType, 'not a form'],
      [400, multipartType, multipartOf({ name: '__proto__', text: 'x' })],
      [422, multipartType, multipartOf({ name: 'recipient', text: 'x' })],
      [422, multipartType, multipartOf({ name: 'url', text: 'x' }, { name: 'file', file: 'a', bytes: png })],
    ]
    for (const [status, type, body] of broken) {
      const answer = await send(type, body)
      const named = `${type} ${typeof body === 'string' ? body.slice(0, 60) : 'bytes'}`
      expect([named, answer.statusCode], answer.body).toEqual([named, status])
      expect(answer.headers['content-type'], named).toMatch(/^application\/problem\+json\b/)
      expect(answer.json<{ status: number }>().status).toBe(status)
    }
    const without = await service.app.inject({ method: 'POST', url: address })
    expect([without.statusCode, without.json<{ code: string }>().code]).toEqual([400, 'unreadable'])
    expect((await service.app.inject({ method: 'GET', url: address })).statusCode).toBe(404)
  })
})
