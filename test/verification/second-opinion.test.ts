import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { Learnt, SecondOpinion, SecondOpinionAnswer, Verdict } from '../../src/credentials/verdict.ts'
import { verify } from '../../src/credentials/verify.ts'
import { createSecondOpinion, opinionLimits } from '../../src/verification/second-opinion.ts'
import { bytesOf } from '../support/badge-world.ts'
import {
  type Answers,
  assertion05,
  assertion10,
  assertion11,
  at,
  badgeClass,
  changed,
  email,
  lookAt,
  oldJws,
  oldWorld,
} from '../support/old-badges.ts'

const now = new Date('2026-12-01T00:00:00Z')

function documentsOf(answers: Answers): readonly Learnt[] {
  return Object.entries(answers).map(([address, { body = '', contentType = 'application/json' }]) => ({
    address,
    contentType,
    body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  }))
}

/** The real one, with more patience than a person has: these tests are about what it says. */
const askPatiently = createSecondOpinion({ wholeMs: 20_000 })

async function opinion(badge: string, answers: Answers): Promise<SecondOpinionAnswer> {
  return await askPatiently(badge, documentsOf(answers))
}

const hosted = JSON.stringify(assertion10('hosted'))
const withoutSignature = (jws: string): string => {
  const [, payload] = jws.split('.')
  return `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`
}

describe('S-29, DEPENDENCIES 5: what openbadges-validator itself says', () => {
  test('good ones, hosted and signed, of all three versions', async () => {
    expect(await opinion(hosted, oldWorld(assertion10('hosted')))).toEqual({ outcome: 'good' })
    expect(await opinion(oldJws(assertion10('signed')), oldWorld())).toEqual({ outcome: 'good' })
    expect(await opinion(oldJws(assertion10('signed'), 'RS512'), oldWorld())).toEqual({ outcome: 'good' })
    const [hosted11, signed11] = [assertion11('hosted'), assertion11('signed')]
    expect(await opinion(JSON.stringify(hosted11), oldWorld(hosted11))).toEqual({ outcome: 'good' })
    expect(await opinion(oldJws(signed11), oldWorld(signed11))).toEqual({ outcome: 'good' })
    const old = assertion05()
    expect(await opinion(JSON.stringify(old), oldWorld(old))).toEqual({ outcome: 'good' })
  })

  test('bad ones: tampered, badly signed, revoked', async () => {
    const other = oldWorld(assertion10('hosted', { uid: 'bb22' }))
    expect(await opinion(hosted, other)).toEqual({ outcome: 'bad', why: 'deep-equal' })
    const [head, payload, signature = ''] = oldJws(assertion10('signed')).split('.')
    const wrong = `${head}.${payload}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`
    expect(await opinion(wrong, oldWorld())).toEqual({ outcome: 'bad', why: 'verify-signature' })
    const revoked = oldWorld(undefined, { [at.list]: { body: { aa11: 'Vahinko' } } })
    expect(await opinion(oldJws(assertion10('signed')), revoked)).toEqual({ outcome: 'bad', why: 'verify-revoked' })
  })

  test('and why it never decides: it takes alg none, an empty reason and an expired badge', async () => {
    expect(await opinion(withoutSignature(oldJws(assertion10('signed'))), oldWorld())).toEqual({ outcome: 'good' })
    const quietly = oldWorld(undefined, { [at.list]: { body: { aa11: '' } } })
    expect(await opinion(oldJws(assertion10('signed')), quietly)).toEqual({ outcome: 'good' })
    const expired = oldJws(assertion10('signed', { expires: 1_500_000_000 }))
    expect(await opinion(expired, oldWorld())).toEqual({ outcome: 'good' })
  })

  test('it knows only what it was given, and asks nobody', async () => {
    let visits = 0
    const server = createServer((_, response) => {
      visits += 1
      response.end('{}')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const bound = server.address()
    const url = `http://127.0.0.1:${typeof bound === 'object' && bound !== null ? bound.port : 0}/1`
    const inward = assertion10('hosted', { badge: url, verify: { type: 'hosted', url } })
    expect(await opinion(JSON.stringify(inward), oldWorld())).toEqual({ outcome: 'none', why: 'incomplete' })
    expect(await opinion(url, oldWorld())).toEqual({ outcome: 'none', why: 'incomplete' })
    const extended = assertion11('hosted', { 'extensions:x': { '@context': url, type: ['Extension'] } })
    expect((await opinion(JSON.stringify(extended), oldWorld(extended))).outcome).toBe('none')
    expect(visits).toBe(0)
    await new Promise((resolve) => server.close(resolve))
  })
})

describe('S-29: a child that misbehaves gives no answer, in time', () => {
  const askOf = (name: string, wholeMs = 20_000): SecondOpinion =>
    createSecondOpinion({ script: fileURLToPath(new URL(`children/${name}.ts`, import.meta.url)), wholeMs })
  const broken = { outcome: 'none', why: 'broken' }

  test('one that hangs is ended after two seconds', async () => {
    const began = performance.now()
    expect(await askOf('hangs', opinionLimits.wholeMs)('{}', [])).toEqual({ outcome: 'none', why: 'late' })
    expect(performance.now() - began).toBeLessThan(opinionLimits.wholeMs + 1500)
  })

  test('one that crashes, also after a good word', async () => {
    expect(await askOf('crashes')('{}', [])).toEqual(broken)
    expect(await askOf('is-not-there')('{}', [])).toEqual(broken)
  })

  test('one that eats memory ends at its limit', async () => {
    expect(await askOf('eats-memory')('{}', [])).toEqual(broken)
  })

  test('one that says something else, or too much', async () => {
    for (const name of ['babbles', 'lies', 'talks-too-much']) {
      expect(await askOf(name)('{}', []), name).toEqual(broken)
    }
  })

  test('it sees no environment, no file of ours, and starts nothing', async () => {
    const answer = await askOf('looks-around')('{}', [])
    expect(answer).toEqual({ outcome: 'bad', why: 'environment 0, file no, process no' })
  })

  test('no more than two at once: the rest wait their turn within their time', async () => {
    const ask = askOf('hangs', 500)
    const answers = await Promise.all([ask('{}', []), ask('{}', []), ask('{}', [])])
    expect(answers).toEqual(Array.from({ length: 3 }, () => ({ outcome: 'none', why: 'late' })))
  })

  test('rubbish does not break the validator’s process for the next', async () => {
    for (const badge of ['', '[]', 'null', '{"verify":{}}', '{"badge":{}}', 'a.b.c']) {
      expect((await opinion(badge, {})).outcome, badge).not.toBe('good')
    }
  })
})

describe('S-29: our verifier decides alone', () => {
  type Opinion = SecondOpinion & { readonly asked: string[] }

  function saying(answer: SecondOpinionAnswer): Opinion {
    const asked: string[] = []
    const say: SecondOpinion = async (badge) => {
      asked.push(badge)
      return await Promise.resolve(answer)
    }
    return Object.assign(say, { asked })
  }

  async function judge(
    badge: string,
    answers: Answers,
    secondOpinion: SecondOpinion,
    recipient?: string,
  ): Promise<Verdict> {
    const options = { at: now, secondOpinion, ...(recipient === undefined ? {} : { recipient }) }
    return await verify(bytesOf(badge), lookAt(answers), options)
  }

  const told = (verdict: Verdict): unknown => verdict.checks.find(({ id }) => id === 'second-opinion')
  const good = oldJws(assertion10('signed'))

  test('a valid badge stays valid, whatever the other says or does not say', async () => {
    const answers: readonly (readonly [SecondOpinionAnswer, string, string])[] = [
      [{ outcome: 'good' }, 'passed', 'second-opinion-good'],
      [{ outcome: 'bad', why: 'structure' }, 'failed', 'second-opinion-bad'],
      [{ outcome: 'none', why: 'late' }, 'not-checked', 'second-opinion-not-given'],
    ]
    for (const [answer, outcome, code] of answers) {
      for (const [badge, world] of [
        [good, oldWorld()],
        [hosted, oldWorld(assertion10('hosted'))],
      ] as const) {
        const verdict = await judge(badge, world, saying(answer))
        expect(told(verdict)).toMatchObject({ outcome, code })
        expect(verdict.verdict).toBe('valid')
      }
    }
  })

  test('what we find wrong stays wrong when the other alone says valid', async () => {
    const yes = { outcome: 'good' } as const
    const expired = oldJws(assertion10('signed', { expires: 1_500_000_000 }))
    expect((await judge(expired, oldWorld(), saying(yes))).verdict).toBe('expired')
    const quietly = oldWorld(undefined, { [at.list]: { body: { aa11: '' } } })
    expect((await judge(good, quietly, saying(yes))).verdict).toBe('revoked')
    expect((await judge(good, oldWorld(), saying(yes), `x${email}`)).verdict).toBe('invalid')
    const unread = oldWorld(undefined, { [at.list]: { status: 500 } })
    expect((await judge(good, unread, saying(yes))).verdict).toBe('could-not-check')
  })

  test('it is not even asked about a badge that is not shown to be its issuer’s', async () => {
    const opinion = saying({ outcome: 'good' })
    const [head, , signature] = good.split('.')
    const payload = Buffer.from(JSON.stringify(assertion10('signed', { uid: 'bb22' }))).toString('base64url')
    for (const badge of [withoutSignature(good), `${head}.${payload}.${signature}`]) {
      const verdict = await judge(badge, oldWorld(), opinion)
      expect(verdict.verdict).toBe('invalid')
    }
    const stranger = assertion10('hosted', { verify: { type: 'hosted', url: 'https://paha.example/1' } })
    const world = oldWorld(undefined, { 'https://paha.example/1': { body: stranger } })
    const verdict = await judge(JSON.stringify(stranger), world, opinion)
    expect(verdict.verdict).toBe('issuer-not-recognised')
    expect(told(verdict)).toMatchObject({ outcome: 'not-checked', code: 'second-opinion-not-asked' })
    expect(opinion.asked).toEqual([])
  })

  test('DEPENDENCIES 5: it answers from what our own look brought, pictures by their type alone', async () => {
    let handed: readonly Learnt[] = []
    const look = lookAt(oldWorld())
    const secondOpinion: SecondOpinion = async (_, documents) => {
      handed = documents
      return await Promise.resolve({ outcome: 'good' })
    }
    await verify(bytesOf(good), look, { at: now, secondOpinion })
    expect(look.asked.at(-1)).toEqual({ address: at.picture, purpose: 'picture' })
    expect(handed.map(({ address }) => address)).toEqual([at.key, at.badge, at.issuer, at.list, at.picture])
    expect(handed.at(-1)).toMatchObject({ contentType: 'image/png', body: new Uint8Array() })
    const silent = lookAt(oldWorld())
    await verify(bytesOf(good), silent, { at: now })
    expect(silent.asked.map(({ purpose }) => purpose)).not.toContain('picture')
  })

  test('all of it together, with the real one', async () => {
    for (const [badge, world] of [
      [good, oldWorld()],
      [hosted, oldWorld(assertion10('hosted'))],
      [JSON.stringify(assertion11('hosted')), oldWorld(assertion11('hosted'))],
      [at.assertion, oldWorld(assertion05())],
    ] as const) {
      const verdict = await judge(badge, world, askPatiently)
      expect(told(verdict)).toMatchObject({ outcome: 'passed', code: 'second-opinion-good' })
      expect(verdict.verdict).toBe('valid')
    }
    // Ours reads what the published schema asks; the other wants addresses where that is satisfied with text.
    const loose = oldWorld(undefined, { [at.badge]: { body: changed(badgeClass, { criteria: 'sanoin' }) } })
    const verdict = await judge(good, loose, askPatiently)
    expect(told(verdict)).toMatchObject({ outcome: 'failed', code: 'second-opinion-bad', values: { why: 'structure' } })
    const noPicture = await judge(good, oldWorld(undefined, { [at.picture]: { status: 404 } }), askPatiently)
    expect(told(noPicture)).toMatchObject({ code: 'second-opinion-not-given', values: { why: 'incomplete' } })
    expect(noPicture.verdict).toBe('valid')
  })
})

describe('S-29, DEPENDENCIES 5: what is installed', () => {
  const read = (path: string): Record<string, Record<string, unknown>> =>
    // The parsing door of this test: our own package files.
    JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')) as Record<
      string,
      Record<string, unknown>
    >

  test('openbadges-validator exactly 1.1.1, with stand-ins for what would fetch', () => {
    const { dependencies, overrides } = read('package.json')
    expect(dependencies?.['openbadges-validator']).toBe('1.1.1')
    expect(overrides?.['openbadges-validator']).toEqual({
      request: 'file:../../vendor/ob1-request',
      jsonld: 'file:../../vendor/ob1-jsonld',
      jws: '4.0.1',
      jsonschema: '1.5.0',
      async: '1.5.2',
    })
  })

  test('the lock file leads to the stand-ins in this folder and to no registry', () => {
    const { packages = {} } = read('package-lock.json')
    const resolved = Object.values(packages).flatMap((one) =>
      typeof one === 'object' && one !== null && 'resolved' in one ? [one.resolved] : [],
    )
    expect(resolved.toSorted((a, b) => String(a).localeCompare(String(b)))).toEqual([
      'vendor/ob1-jsonld',
      'vendor/ob1-request',
    ])
  })
})
