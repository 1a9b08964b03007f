import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { main } from '../../src/cli/main.ts'
import { listKeys } from '../../src/keys/list.ts'
import { accept, givenOffered, publicOrigin } from '../publication/given-award.ts'
import { startService, type TestService } from '../support/app.ts'
import { type Foundation, givenFoundation } from '../support/given.ts'

// Keys and the stop switch by command (S-21, S-22, S-25).

let service: TestService
let f: Foundation
let folder: string
beforeAll(async () => {
  service = await startService({ publicOrigin })
  // A minute ago: the commands go by the machine's clock, and what they are told of lies before it.
  service.at(new Date(Date.now() - 60_000))
  f = await givenFoundation(service, { code: 'mer1' })
  await accept(f, await givenOffered(f))
  folder = await mkdtemp(join(tmpdir(), 'osaamispassi-keys-'))
})
afterAll(async () => {
  await service.close()
  await rm(folder, { recursive: true })
})

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const said = { out: '', err: '' }
  const code = await main(args, {
    out: (text) => void (said.out += text),
    err: (text) => void (said.err += text),
    stdin: process.stdin,
    isTerminal: false,
    env: { ...inject('server').secrets, DATABASE_URL: service.database.ownerUrl, PUBLIC_ORIGIN: publicOrigin },
  })
  return { code, ...said }
}

const active = async (): Promise<string> =>
  (await listKeys(service.deps.db, 'mer1')).find(({ algorithm, state }) => algorithm === 'RS256' && state === 'active')
    ?.kid ?? ''

describe('keys', () => {
  test('list shows each key, its state and what wraps it, and nothing private', async () => {
    const { code, out } = await run('keys', 'list')
    expect(code).toBe(0)
    expect(out).toMatch(/^mer1 {2}Meriva\n {2}(ed25519|rsa)-\S+ +(EdDSA|RS256) +active +made \d{4}-\d\d-\d\d +KEK 1\n/)
    expect(out).toMatch(/KEK 1 wraps \d+ keys of signing and clients \(KEK_CURRENT\)/)
    const json = await run('keys', 'list', 'mer1', '--json')
    expect(JSON.parse(json.out)).toMatchObject({
      organisations: [{ tenant: 'mer1' }],
      wrapped: { 1: expect.any(Number) as number },
    })
    expect(out + json.out).not.toMatch(/sealed|private|"d"/i)
    expect(await run('keys', 'list', 'zzz9')).toMatchObject({
      code: 2,
      err: expect.stringContaining('There are: mer1') as string,
    })
  })

  test('rotate gives new keys of every kind, or of one, and says which are retired', async () => {
    const before = await active()
    const one = await run('keys', 'rotate', 'mer1', '--algorithm', 'RS256')
    expect(one).toMatchObject({ code: 0, out: `RS256  ${await active()} signs, ${before} is retired\n` })
    const all = await run('keys', 'rotate', 'mer1', '--json')
    const rotated = JSON.parse(all.out) as readonly { algorithm: string; created: boolean }[]
    expect(rotated.map(({ algorithm, created }) => [algorithm, created])).toEqual([
      ['RS256', true],
      ['EdDSA', true],
    ])
    expect((await run('keys', 'rotate', 'mer1', '--algorithm', 'ES256')).code).toBe(1)
    expect((await run('keys', 'rotate', 'mer1', '--algorithm', 'none')).code).toBe(2)
    expect((await run('keys', 'rotate')).code).toBe(2)
  })

  test('compromise says since when, signs the older badges anew and tells how many; resign has nothing left', async () => {
    const award = await service.database.ownerDb
      .selectFrom('award')
      .select('ob3_jwt')
      .where('tenant_id', '=', 'mer1')
      .executeTakeFirstOrThrow()
    const head = Buffer.from(award.ob3_jwt.split('.')[0] ?? '', 'base64url').toString('utf8')
    const kid = /keys\/([a-z0-9-]+)"/.exec(head)?.[1] ?? ''
    expect((await run('keys', 'compromise', 'mer1', kid)).code).toBe(2)
    expect((await run('keys', 'compromise', 'mer1', kid, '--since', 'yesterday')).code).toBe(2)
    expect((await run('keys', 'compromise', 'mer1', kid, '--since', '2020-01-01T00:00:00Z')).code).toBe(1)
    const since = new Date(Date.now() - 1000).toISOString()
    // The award and its key were made before the time given.
    const told = await run('keys', 'compromise', 'mer1', kid, '--since', since)
    expect(told).toMatchObject({
      code: 0,
      err: expect.stringContaining('Signing the badges of mer1 anew 100 %') as string,
    })
    expect(told.out).toContain(`${kid} is compromised since `)
    expect(told.out).toContain('1 badges were signed anew')
    expect(await run('keys', 'resign', 'mer1', '--json')).toMatchObject({
      code: 0,
      out: `${JSON.stringify({ resigned: 0, later: [], differing: [] })}\n`,
    })
    expect((await run('keys', 'list', 'mer1')).out).toMatch(new RegExp(`${kid} .* compromised \\d{4}-`))
  })
})

describe('S-25: issuing', () => {
  test('stops and starts for one and for all, and says how everybody stands', async () => {
    await givenFoundation(service, { code: 'tor2', name: 'Toriseutu', module: false })
    const one = await run('issuing', 'stop', 'mer1')
    expect(one).toMatchObject({ code: 0 })
    expect(one.out).toMatch(/^mer1 {2}Meriva: stopped since \S+\ntor2 {2}Toriseutu: awards\n$/)
    expect((await run('issuing', 'stop', 'mer1')).err).toContain('It was so already for mer1')
    const all = await run('issuing', 'stop')
    expect(all.out).toMatch(
      /^All are stopped since \S+\nmer1 {2}Meriva: stopped with all and by itself\ntor2 .* stopped with all\n$/,
    )
    expect((await run('issuing', 'start')).out).toMatch(
      /^mer1 {2}Meriva: stopped since \S+\ntor2 {2}Toriseutu: awards\n$/,
    )
    expect((await run('issuing', 'start', 'mer1')).out).toMatch(/^mer1 {2}Meriva: awards\n/)
    expect((await run('issuing', 'stop', 'zzz9')).code).toBe(2)
  })
})
