import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkSafeJsonLd } from '../../src/credentials/safe-json-ld.ts'
import { verify } from '../../src/credentials/verify.ts'
import { runOnce } from '../../src/jobs/runner.ts'
import { collectWorld, lookInWorld, World } from '../../src/publication/world.ts'
import { createTasks } from '../../src/tasks.ts'
import { startService, type TestService } from '../support/app.ts'
import { judgeByDigitalBazaar, type World as Documents } from '../support/digitalbazaar.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'
import { parseObject } from '../support/json.ts'
import { type GivenAward, givenOffered, publicOrigin, revoke } from './given-award.ts'

let service: TestService
let foundation: Foundation
let kept: GivenAward
let lost: GivenAward
let world: World

beforeAll(async () => {
  service = await startService({ publicOrigin })
  foundation = await givenFoundation(service)
  kept = await givenOffered(foundation)
  lost = await givenOffered(foundation, 'antti')
  await runOnce(service.database.jobsUrl, createTasks(service.deps), service.deps.log)
  await revoke(foundation, lost)
  world = await collectWorld(service.deps, [foundation.code])
})
afterAll(async () => await service.close())

async function signedTexts({ id }: GivenAward): Promise<{ ob2_jws: string; ob3_jwt: string; ob3_json: string | null }> {
  return await service.database.ownerDb
    .selectFrom('award')
    .select(['ob2_jws', 'ob3_jwt', 'ob3_json'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
}

/** The JSON documents of the world, as another implementation's loader takes them. */
function documents(): Documents {
  return Object.fromEntries(
    Object.entries(world)
      .filter(([, { contentType }]) => contentType.includes('json'))
      .map(([address, { body }]) => [address, parseObject(body)]),
  )
}

test('a world is JSON that reads back, and holds everything a verifier is led to', () => {
  expect(World.parse(JSON.parse(JSON.stringify(world)))).toEqual(world)
  const addresses = Object.keys(world)
  const { code } = foundation
  const { slug } = foundation.badge('hionta')
  expect(addresses).toEqual(
    expect.arrayContaining(
      [
        '/.well-known/jwks.json',
        `/o/${code}`,
        `/o/${code}/ob2`,
        `/o/${code}/did.json`,
        `/o/${code}/status/1`,
        `/o/${code}/revoked`,
        `/o/${code}/revoked/ob2`,
        ...['fi', 'sv', 'en'].flatMap((lang) =>
          ['', '/ob2', '.png', '.svg'].map((ending) => `/o/${code}/badges/${slug}/1/${lang}${ending}`),
        ),
      ].map((path) => `${publicOrigin}${path}`),
    ),
  )
  // Badge classes that nobody was awarded are not in it.
  expect(addresses.filter((address) => address.includes('/badges/') && !address.includes(slug))).toEqual([])
  for (const [address, { status, encoding }] of Object.entries(world)) {
    expect([address, status, encoding]).toEqual([address, 200, address.endsWith('.png') ? 'base64' : undefined])
  }
})

test('every form of a badge verifies with the world alone; a revoked one is revoked', async () => {
  for (const [award, word] of [
    [kept, 'valid'],
    [lost, 'revoked'],
  ] as const) {
    const texts = await signedTexts(award)
    for (const text of [texts.ob2_jws, texts.ob3_jwt, texts.ob3_json ?? '']) {
      const verdict = await verify(Buffer.from(text), lookInWorld(world), { at: service.deps.now() })
      expect(verdict.verdict).toBe(word)
    }
  }
  const { ob3_jwt } = await signedTexts(kept)
  const empty = await verify(Buffer.from(ob3_jwt), lookInWorld({}), { at: service.deps.now() })
  expect(empty.verdict).toBe('could-not-check')
})

test('@digitalbazaar/vc verifies the embedded proof and the status list in safe mode with this world (T18)', async () => {
  const at = service.deps.now()
  const valid = parseObject((await signedTexts(kept)).ob3_json ?? '')
  expect(await judgeByDigitalBazaar(valid, documents(), at)).toMatchObject({ verified: true, revoked: false })
  const revoked = parseObject((await signedTexts(lost)).ob3_json ?? '')
  expect(await judgeByDigitalBazaar(revoked, documents(), at)).toMatchObject({ revoked: true })
  expect(await checkSafeJsonLd(valid)).toEqual([])
})
