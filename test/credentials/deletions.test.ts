import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/credentials/json.ts'
import { isJsonObject } from '../../src/credentials/json.ts'
import { signEmbedded } from '../../src/credentials/issue.ts'
import type { Verdict } from '../../src/credentials/verdict.ts'
import { verify } from '../../src/credentials/verify.ts'
import { edKey, now } from '../support/award-facts.ts'
import { bytesOf, lookIn, payloadOf } from '../support/badge-world.ts'
import { objectAt, parseObject, textAt, withAt } from '../support/json.ts'
import { makeSamples } from '../support/samples.ts'
import { signedWith } from '../support/signed-with.ts'

const { samples, documents } = await makeSamples()

function textOf(name: string): string {
  const sample = samples.find((one) => one.name === name)
  if (sample === undefined) throw new RangeError(`There is no sample ${name}`)
  return Buffer.from(sample.bytes).toString()
}

async function judge(badge: string | JsonObject): Promise<Verdict> {
  return await verify(bytesOf(badge), lookIn(documents), { at: now })
}

/** The value once for each of its members and items, down to this depth, without that one. */
function* withoutEach(value: Json, depth: number, path = ''): Generator<readonly [path: string, less: Json]> {
  if (depth === 0) return
  if (Array.isArray(value)) {
    const items: readonly Json[] = value
    for (const [place, item] of items.entries()) {
      yield [`${path}/${place}`, items.filter((_, other) => other !== place)]
      for (const [where, less] of withoutEach(item, depth - 1, `${path}/${place}`))
        yield [where, items.with(place, less)]
    }
  }
  if (!isJsonObject(value)) return
  for (const [member, item] of Object.entries(value)) {
    yield [`${path}/${member}`, Object.fromEntries(Object.entries(value).filter(([other]) => other !== member))]
    for (const [where, less] of withoutEach(item, depth - 1, `${path}/${member}`))
      yield [where, { ...value, [member]: less }]
  }
}

function* deletionsIn(document: JsonObject, depth = 99): Generator<readonly [path: string, less: JsonObject]> {
  for (const [path, less] of withoutEach(document, depth)) if (isJsonObject(less)) yield [path, less]
}

describe('CONFORMANCE 3.6, 3.9, S-26: every member that is taken away is missed', () => {
  test.each([
    ['OB 3.0 with an embedded proof', 'anywhere', '/', 99],
    // What lies deeper is canonised by the same means as in the one above.
    ['VC 1.1 with an embedded proof', 'of credential, subject and achievement', '/', 3],
    ['endorsed, with embedded proofs', 'anywhere in the endorsement', '/credentialSubject/achievement/endorsement', 99],
    ['CLR 2.0 with an embedded proof', 'of the collection, badges among them', '/', 3],
  ])('from %s, %s', { timeout: 240_000 }, async (name, _where, below, depth) => {
    let count = 0
    for (const [path, less] of deletionsIn(parseObject(textOf(name)), depth)) {
      if (!path.startsWith(below)) continue
      count += 1
      const { verdict, checks } = await judge(less)
      if (verdict !== 'valid') continue
      // Collection and badges have one issuer: what is taken from one place is still signed in the other, and that is told.
      const note = checks.find(({ code }) => code === 'structure-issuer-elsewhere')
      expect(path).toBe(`/issuer/${note?.values?.['member']}`)
    }
    expect(count).toBeGreaterThan(30)
  })

  test('what is said of the issuer in another place instead is told', async () => {
    const document = withAt(parseObject(textOf('OB 3.0 with an embedded proof')), ['proof'], undefined)
    const creator = ['credentialSubject', 'achievement', 'creator']
    const issuer = objectAt(document, 'issuer')
    const bare = { id: textAt(issuer, 'id'), type: ['Profile'] }
    const signed = await signEmbedded(withAt(document, creator, bare), edKey, now)
    const moved = withAt({ ...signed, issuer: bare }, creator, issuer)
    const [whole, changed] = [await judge(signed), await judge(moved)]
    expect([whole.verdict, whole.checks.find(({ id }) => id === 'structure')?.code]).toEqual([
      'valid',
      'structure-right',
    ])
    expect(changed.checks.find(({ id }) => id === 'structure')).toMatchObject({
      outcome: 'passed',
      code: 'structure-issuer-elsewhere',
      values: { member: 'name' },
    })
  })

  test.each([
    'OB 2.0 JWS',
    'OB 3.0 JWT by RS256',
    'OB 3.0 JWT by ES256',
    'VC 1.1 JWT',
    'endorsed by a JWT, as JWT',
    'CLR 2.0 JWT',
    'OB 1.0 JWS',
  ])('from what the %s signs', { timeout: 120_000 }, async (name) => {
    const [header = '', , signature = ''] = textOf(name).split('.')
    for (const [path, less] of deletionsIn(payloadOf(textOf(name)))) {
      const changed = `${header}.${Buffer.from(JSON.stringify(less)).toString('base64url')}.${signature}`
      expect((await judge(changed)).verdict, path).not.toBe('valid')
    }
  })

  test.each(['OB 2.0 hosted, as JSON', 'OB 1.1 hosted, as JSON'])(
    'from a copy of the %s: refused, or told not to be what lies at its address',
    async (name) => {
      const whole = await judge(textOf(name))
      for (const [path, less] of deletionsIn(parseObject(textOf(name)))) {
        const verdict = await judge(less)
        if (verdict.verdict !== 'valid') continue
        expect(verdict.checks[0]?.code, path).toBe('read-hosted-instead')
        expect(verdict.credential, path).toEqual(whole.credential)
      }
    },
  )
})

describe('CONFORMANCE 3.4, 3.6, S-27: every claim that the issuer itself left away', () => {
  test.each([
    ['iss', 'invalid', 'claim-missing'],
    ['jti', 'invalid', 'claim-missing'],
    ['nbf', 'invalid', 'claim-missing'],
    ['exp', 'invalid', 'claim-missing'],
    ['sub', 'valid', 'binding-without-sub'],
  ])('%s: %s, and told', async (claim, word, code) => {
    for (const name of ['OB 3.0 JWT by RS256', 'endorsed by a JWT, as JWT']) {
      const verdict = await judge(signedWith(textOf(name), { [claim]: undefined }))
      expect(verdict.verdict).toBe(word)
      expect(verdict.checks.find(({ id }) => id === 'binding')?.code).toBe(code)
    }
  })
})
