import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { revokeAward } from '../../src/awards/revoke.ts'
import { verify } from '../../src/credentials/verify.ts'
import { compromiseKey } from '../../src/keys/compromise.ts'
import { setIssuing, setIssuingForAll } from '../../src/keys/issuing-switch.ts'
import { type KeyView, listKeys } from '../../src/keys/list.ts'
import { rotateKey } from '../../src/keys/rotate.ts'
import type { KeyAlgorithm } from '../../src/keys/tables.ts'
import { lookAtOwn } from '../../src/publication/look.ts'
import { givenApplication } from '../awards/given-application.ts'
import { kindsOf, linesOf } from '../awards/history-lines.ts'
import { accept, givenOffered, publicOrigin } from '../publication/given-award.ts'
import { startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'

let service: TestService
let f: Foundation
beforeAll(async () => {
  service = await startService({ publicOrigin })
})
afterAll(async () => await service.close())
beforeEach(async () => {
  service.at('2026-11-22T09:00:00Z')
})

/** Keys only, which is quicker; or with the module, to award its badges. */
async function given(what: 'keys' | 'badges'): Promise<void> {
  f = await givenFoundation(service, what === 'keys' ? { module: false } : {})
}

const keys = async (state?: KeyView['state']): Promise<readonly KeyView[]> =>
  (await listKeys(service.deps.db, f.code)).filter((key) => state === undefined || key.state === state)

async function signedBy(): Promise<
  readonly { readonly kid: string; readonly state: KeyView['state']; readonly text: string }[]
> {
  const awards = await service.database.ownerDb
    .selectFrom('award')
    .select('ob3_jwt')
    .where('tenant_id', '=', f.code)
    .execute()
  const all = await keys()
  return awards.map(({ ob3_jwt: text }) => {
    const head = Buffer.from(text.split('.')[0] ?? '', 'base64url').toString('utf8')
    const key = all.find(({ kid }) => head.includes(`/keys/${kid}"`))
    if (!key) throw new Error('a badge of no key of ours')
    return { kid: key.kid, state: key.state, text }
  })
}

async function jwks(): Promise<string> {
  return (await service.app.inject({ url: '/.well-known/jwks.json' })).body
}

describe('S-22: rotation', () => {
  test.each(['RS256', 'EdDSA'] as const)(
    '50 at once leave exactly one active %s key, and a line for each that was made and retired',
    async (algorithm: KeyAlgorithm) => {
      await given('keys')
      const before = (await keys('active')).length
      const rotated = await Promise.all(
        Array.from({ length: 50 }, async () => await rotateKey(service.deps, f.code, { algorithm })),
      )
      const active = (await keys('active')).filter((key) => key.algorithm === algorithm)
      expect(active).toHaveLength(1)
      expect((await keys('active')).length).toBe(before)
      const made = rotated.filter(({ created }) => created)
      expect(made.length).toBeGreaterThan(0)
      // Who came too late is told the key that is there; nobody is told one that is not.
      const known = new Set((await keys()).map(({ kid }) => kid))
      expect(rotated.every(({ kid, retired }) => known.has(kid) && known.has(retired) && kid !== retired)).toBe(true)
      const kinds = await kindsOf(service, f.code)
      expect(kinds.filter((kind) => kind === 'key.retired')).toHaveLength(made.length)
      expect(kinds.filter((kind) => kind === 'key.made')).toHaveLength(before + made.length)
    },
    60_000,
  )

  test('one after the other: each retired key stays in the key set and its badges verify for ever', async () => {
    await given('badges')
    await givenOffered(f)
    for (let year = 0; year < 3; year += 1) {
      service.at(new Date(Date.UTC(2027 + year, 0, 1)))
      await rotateKey(service.deps, f.code, { algorithm: 'RS256' })
      await rotateKey(service.deps, f.code, { algorithm: 'EdDSA' })
    }
    expect(await keys('retired')).toHaveLength(6)
    const set = await jwks()
    for (const key of await keys()) expect(set.includes(`/keys/${key.kid}"`)).toBe(key.algorithm === 'RS256')
    const [badge] = await signedBy()
    expect(badge?.state).toBe('retired')
    const verdict = await verify(Buffer.from(badge?.text ?? ''), lookAtOwn(service.deps), { at: service.deps.now() })
    expect(verdict.verdict).toBe('valid')
  })

  test('a kind of key that the foundation does not have, and a foundation that is not, are refused', async () => {
    await given('keys')
    await expect(rotateKey(service.deps, f.code, { algorithm: 'ES256' })).rejects.toMatchObject({ kind: 'not-found' })
    await expect(rotateKey(service.deps, 'zzz9', { algorithm: 'RS256' })).rejects.toMatchObject({ kind: 'not-found' })
  })
})

describe('S-22: an award and a rotation at the same time come one after the other', () => {
  test('whichever is first: the badge’s key was in use at its place in the chain', async () => {
    await given('badges')
    for (const who of ['maija', 'antti'] as const) {
      const { decide } = await givenApplication(service, f, who)
      const [decided] = await Promise.all([
        decide(),
        ...Array.from({ length: 3 }, async () => await rotateKey(service.deps, f.code, { algorithm: 'RS256' })),
      ])
      expect(decided.statusCode, decided.body).toBe(201)
    }
    await expectKeysInOrder()
  }, 60_000)

  test('a key that is compromised while it signs gives no badge: the new one does', async () => {
    await given('badges')
    const { decide } = await givenApplication(service, f)
    const [key] = (await keys('active')).filter(({ algorithm }) => algorithm === 'RS256')
    const since = service.deps.now()
    const [decided, done] = await Promise.all([
      decide(),
      compromiseKey(service.deps, f.code, { kid: key?.kid ?? '', since }),
    ])
    expect(decided.statusCode, decided.body).toBe(201)
    expect(done.replacedBy).not.toBeNull()
    await expectKeysInOrder()
  })

  /** Reads the chain from its start: at each award's line the key that signed it was made and neither retired nor compromised. */
  async function expectKeysInOrder(): Promise<void> {
    const inUse = new Set<string>()
    const awards = new Map((await awardKids()).map((award) => [award.id, award.kid]))
    let checked = 0
    for (const { kind, content } of await linesOf(service, f.code)) {
      if (kind === 'key.made') inUse.add(String(content['kid']))
      if (kind === 'key.retired' || kind === 'key.compromised') inUse.delete(String(content['kid']))
      if (kind !== 'award') continue
      checked += 1
      expect(inUse.has(awards.get(String(content['award'])) ?? '')).toBe(true)
    }
    expect(checked).toBe(awards.size)
  }

  async function awardKids(): Promise<readonly { id: string; kid: string }[]> {
    const rows = await service.database.ownerDb
      .selectFrom('award')
      .select(['id', 'ob3_jwt'])
      .where('tenant_id', '=', f.code)
      .execute()
    return rows.map(({ id, ob3_jwt: jwt }) => {
      const head = Buffer.from(jwt.split('.')[0] ?? '', 'base64url').toString('utf8')
      return { id, kid: /\/keys\/([a-z0-9-]+)"/.exec(head)?.[1] ?? '' }
    })
  }
})

describe('S-22: a compromised key', () => {
  test('leaves the key sets, carries `revoked` in the issuer’s document, is replaced, and has its line', async () => {
    await given('keys')
    const active = await keys('active')
    const kidOf = (algorithm: KeyAlgorithm): string => active.find((key) => key.algorithm === algorithm)?.kid ?? ''
    const since = service.deps.now()
    service.at('2026-11-23T09:00:00Z')
    const rsa = await compromiseKey(service.deps, f.code, { kid: kidOf('RS256'), since })
    const ed = await compromiseKey(service.deps, f.code, { kid: kidOf('EdDSA'), since })
    const set = await jwks()
    expect(set).not.toContain(rsa.kid)
    expect(set).toContain(rsa.replacedBy)
    const issuer = (await service.app.inject({ url: `/o/${f.code}` })).json<{
      verificationMethod: { id: string; revoked?: string }[]
      assertionMethod: string[]
    }>()
    const revoked = issuer.verificationMethod.filter((method) => method.revoked !== undefined)
    expect(new Set(revoked.map((method) => method.revoked))).toEqual(new Set(['2026-11-22T09:00:00Z']))
    for (const { id } of revoked) expect(issuer.assertionMethod).not.toContain(id)
    expect(issuer.assertionMethod).toHaveLength(issuer.verificationMethod.length - revoked.length)
    expect((await service.app.inject({ url: `/o/${f.code}/keys/${rsa.kid}` })).statusCode).toBe(404)
    const kinds = await kindsOf(service, f.code)
    expect(kinds.slice(-4)).toEqual(['key.compromised', 'key.made', 'key.compromised', 'key.made'])
    expect(await keys('active')).toHaveLength(2)
    expect([ed.algorithm, ed.changed]).toEqual(['EdDSA', true])
  })

  test('its time may be made earlier, not later, and is no time before the key or to come', async () => {
    await given('keys')
    service.at('2026-11-25T09:00:00Z')
    const [key] = await keys('active')
    const kid = key?.kid ?? ''
    const tell = async (since: string): Promise<unknown> =>
      await compromiseKey(service.deps, f.code, { kid, since: new Date(since) })
    await expect(tell('2026-11-20T00:00:00Z')).rejects.toMatchObject({ kind: 'content' })
    await expect(tell('2026-12-20T00:00:00Z')).rejects.toMatchObject({ kind: 'content' })
    expect(await tell('2026-11-24T00:00:00Z')).toMatchObject({ changed: true })
    expect(await tell('2026-11-24T00:00:00Z')).toMatchObject({ changed: false })
    expect(await tell('2026-11-23T00:00:00Z')).toMatchObject({ changed: true, replacedBy: null })
    await expect(tell('2026-11-24T00:00:00Z')).rejects.toMatchObject({ kind: 'content' })
    const gone = compromiseKey(service.deps, f.code, { kid: 'rsa-nobody', since: new Date() })
    await expect(gone).rejects.toMatchObject({ kind: 'not-found' })
  })

  test('what it signed of status lists is signed anew: a revoked badge still reads revoked, a good one valid', async () => {
    await given('badges')
    const award = await givenOffered(f)
    await accept(f, award)
    const list = `/o/${f.code}/status/1`
    const before = (await service.app.inject({ url: list })).body
    const ed = (await keys('active')).find(({ algorithm }) => algorithm === 'EdDSA')
    service.at('2026-11-23T09:00:00Z')
    await compromiseKey(service.deps, f.code, { kid: ed?.kid ?? '', since: service.deps.now() })
    const after = (await service.app.inject({ url: list })).body
    expect(after).not.toBe(before)
    const [badge] = await signedBy()
    const verdict = async (): Promise<string> =>
      (await verify(Buffer.from(badge?.text ?? ''), lookAtOwn(service.deps), { at: service.deps.now() })).verdict
    expect(await verdict()).toBe('valid')
    const reason = { id: award.id, reason: 'misuse', idempotencyKey: 'revoke' } as const
    await revokeAward(service.deps, f.staffActor('kaisa'), reason, service.deps.now())
    expect(await verdict()).toBe('revoked')
  })
})

describe('S-25: the stop switch', () => {
  test('stops one foundation, or all, without a restart; what waits goes on afterwards; each turn of its own switch has a line', async () => {
    await given('badges')
    const other = await givenFoundation(service)
    const [ours, theirs] = [await givenApplication(service, f), await givenApplication(service, other)]
    expect(await setIssuing(service.deps, f.code, { stopped: true })).toBe(true)
    expect(await setIssuing(service.deps, f.code, { stopped: true })).toBe(false)
    const refused = await ours.decide()
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([503, '600'])
    expect((await theirs.decide()).statusCode).toBe(201)

    const { ownerDb } = service.database
    expect(await setIssuingForAll(ownerDb, true, service.deps.now())).toBe(true)
    await setIssuing(service.deps, f.code, { stopped: false })
    expect((await ours.decide()).statusCode).toBe(503)
    expect(await setIssuingForAll(ownerDb, false, service.deps.now())).toBe(true)
    expect((await ours.decide()).statusCode).toBe(201)
    const kinds = await kindsOf(service, f.code)
    expect(kinds.filter((kind) => kind.startsWith('issuing.'))).toEqual(['issuing.stopped', 'issuing.started'])
  }, 60_000)

  test('verifying, taking a badge and making it public go on', async () => {
    await given('badges')
    const award = await givenOffered(f)
    await setIssuing(service.deps, f.code, { stopped: true })
    await setIssuingForAll(service.database.ownerDb, true, service.deps.now())
    await accept(f, award)
    const [badge] = await signedBy()
    const answer = await service.api().post('/api/v1/verifications', { credential: badge?.text })
    expect(answer.json<{ verdict: string }>().verdict).toBe('valid')
    for (const url of ['/.well-known/jwks.json', `/o/${f.code}`, `/o/${f.code}/status/1`])
      expect((await service.app.inject({ url })).statusCode).toBe(200)
    await setIssuingForAll(service.database.ownerDb, false, service.deps.now())
  })

  test('an award that is being made when it stops is before the line or is not made', async () => {
    await given('badges')
    const { decide, countAwards } = await givenApplication(service, f)
    const [decided] = await Promise.all([decide(), setIssuing(service.deps, f.code, { stopped: true })])
    const kinds = await kindsOf(service, f.code)
    const isFirst = kinds.indexOf('award') !== -1
    if (isFirst) expect(kinds.indexOf('award')).toBeLessThan(kinds.indexOf('issuing.stopped'))
    expect([decided.statusCode, await countAwards()]).toEqual(isFirst ? [201, 1] : [503, 0])
  })
})
