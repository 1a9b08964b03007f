import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { checkAwards } from '../../src/awards/check/check-awards.ts'
import { verify } from '../../src/credentials/verify.ts'
import { lookAtOwn } from '../../src/publication/look.ts'
import { accept, givenOffered, publicOrigin } from '../publication/given-award.ts'
import { startService, type TestService } from '../support/app.ts'
import { type ClientName, type Foundation, givenFoundation } from '../support/given.ts'
import { applyAgain, givenApplication } from './given-application.ts'
import { kindsOf, linesOf } from './history-lines.ts'

// `npm run bench -- --only security` has all 20 rounds of the first.

let service: TestService
let f: Foundation
let minute = 0
beforeAll(async () => {
  service = await startService({ publicOrigin })
})
afterAll(async () => await service.close())
beforeEach(async () => {
  // What the host's key set was a minute ago is forgotten: this foundation is in it.
  minute += 1
  service.at(new Date(Date.UTC(2026, 10, 22, 9, minute)))
  f = await givenFoundation(service)
})

const post = (id: string, key: string): readonly [string, object, Record<string, string>] => [
  `/api/v1/applications/${id}/decision`,
  { outcome: 'award' },
  { 'idempotency-key': key },
]

describe('R-02, S-33: 500 identical decisions at once', () => {
  test.each(['maija', 'antti'] as const)(
    'of %s: one award, one line, and every answer names it; no failure',
    async (who: ClientName) => {
      const { id, kaisa, countAwards } = await givenApplication(service, f, who)
      const shared = randomUUID()
      const answers = await Promise.all(
        Array.from({ length: 500 }, async (_, n) => await kaisa.post(...post(id, n % 2 ? shared : randomUUID()))),
      )
      const codes = answers.map(({ statusCode }) => statusCode)
      expect(codes.filter((code) => code !== 200 && code !== 201)).toEqual([])
      expect(new Set(answers.map((answer) => answer.json<{ award: { id: string } }>().award.id)).size).toBe(1)
      expect(await countAwards()).toBe(1)
      expect((await kindsOf(service, f.code)).filter((kind) => kind === 'award')).toHaveLength(1)
      expect((await checkAwards(service.deps.db, [f.code])).faultCount).toBe(0)
    },
    120_000,
  )
})

describe('R-02: an award and a revocation at the same time come one after the other', () => {
  test('a badge is renewed while the one before it is revoked', async () => {
    const first = await givenOffered(f)
    await accept(f, first)
    await service.database.ownerDb
      .updateTable('award')
      .set({ valid_until: new Date('2026-12-01T00:00:00Z') })
      .where('id', '=', first.id)
      .execute()
    const { decide, kaisa } = await applyAgain(service, f)
    const [decided, revoked] = await Promise.all([
      decide(),
      kaisa.post(
        `/api/v1/awards/${first.id}/revocation`,
        { reason: 'evidence-corrected' },
        { 'idempotency-key': 'revoke' },
      ),
    ])
    expect([decided.statusCode, revoked.statusCode]).toEqual([201, 201])
    const second = decided.json<{ award: { id: string } }>().award.id
    expect([await verdictOf(first.id), await verdictOf(second)]).toEqual(['revoked', 'valid'])
    const lines = await linesOf(service, f.code)
    expect(lines.map(({ seq }) => seq)).toEqual(lines.map((_, place) => place + 1))
    expect((await checkAwards(service.deps.db, [f.code])).faultCount).toBe(0)
  })

  test('a badge is taken while it is revoked: taken and then revoked, or revoked and not taken', async () => {
    const award = await givenOffered(f)
    const [maija, kaisa] = [await f.as('maija'), await f.as('kaisa')]
    const [taken, revoked] = await Promise.all([
      maija.post(`/api/v1/awards/${award.id}/answer`, { accept: true }),
      kaisa.post(`/api/v1/awards/${award.id}/revocation`, { reason: 'misuse' }, { 'idempotency-key': 'revoke' }),
    ])
    expect(revoked.statusCode).toBe(201)
    const kinds = (await kindsOf(service, f.code)).filter((kind) => /revocation|accepted/.test(kind))
    if (taken.statusCode === 200) expect(kinds).toEqual(['award.accepted', 'revocation'])
    else expect([taken.statusCode, kinds]).toEqual([409, ['revocation']])
    expect(await verdictOf(award.id)).toBe('revoked')
  })
})

async function verdictOf(id: string): Promise<string> {
  const { ob3_jwt } = await service.database.ownerDb
    .selectFrom('award')
    .select('ob3_jwt')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return (await verify(Buffer.from(ob3_jwt), lookAtOwn(service.deps), { at: service.deps.now() })).verdict
}
