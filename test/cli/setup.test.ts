import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { main } from '../../src/cli/main.ts'
import { emptyDatabase } from '../support/database.ts'

// PRODUCT Y1: `cli setup` prints the first administrator's link, once.

let database: Awaited<ReturnType<typeof emptyDatabase>>
let secrets: string
beforeAll(async () => {
  database = await emptyDatabase()
  secrets = await mkdtemp(join(tmpdir(), 'osaamispassi-setup-'))
})
afterAll(async () => {
  await database.close()
  await rm(secrets, { recursive: true })
})

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const said = { out: '', err: '' }
  const { databasePasswords, kekCurrent, sessionSecret, codePepper } = database.secrets
  const code = await main(args, {
    out: (text) => void (said.out += text),
    err: (text) => void (said.err += text),
    stdin: process.stdin,
    isTerminal: false,
    env: {
      DATABASE_URL: database.ownerUrl,
      PAGES_ORIGIN: 'https://merkit.example',
      KEK_CURRENT: `${kekCurrent.version}:${kekCurrent.key.toString('base64')}`,
      SESSION_SECRET: sessionSecret,
      CODE_PEPPER: codePepper.toString(),
      DATABASE_SERVICE_PASSWORD: databasePasswords.service,
      DATABASE_JOBS_PASSWORD: databasePasswords.jobs,
    },
  })
  return { code, ...said }
}

const link = /^https:\/\/merkit\.example\/kayttoonotto\/[\w-]{22}\n$/
const organisation = (code: string): string[] => [
  'add',
  'organisation',
  '--code',
  code,
  '--kind',
  'foundation',
  '--name',
  `Säätiö ${code}`,
  '--url',
  'https://m.example/',
  '--email',
  'm@m.example',
]
const admin = (code: string): string[] => [
  'add',
  'account',
  '--organisation',
  code,
  '--email',
  `aulis@${code}.example`,
  '--name',
  'Aulis A.',
  '--role',
  'admin',
]

test('it prints one link to standard output, another each time, and none for an organisation that has its administrator', async () => {
  expect((await run('migrate')).code).toBe(0)
  const first = await run('setup')
  expect(first).toMatchObject({ code: 0, out: expect.stringMatching(link) as string })
  expect(first.err).toContain('24 hours')
  const second = await run('setup')
  expect(second.out).toMatch(link)
  expect(second.out).not.toBe(first.out)

  expect((await run(...organisation('mer1'))).code).toBe(0)
  expect((await run('setup')).out).toMatch(link)
  expect((await run(...admin('mer1'))).code).toBe(0)
  expect(await run('setup')).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringContaining('mer1 has an administrator') as string,
  })

  expect((await run(...organisation('tun2'))).code).toBe(0)
  expect(await run('setup')).toMatchObject({ code: 2, out: '', err: expect.stringContaining('mer1, tun2') as string })
  expect((await run('setup', '--organisation', 'tun2')).out).toMatch(link)
  expect(await run('setup', '--organisation', 'zzz9')).toMatchObject({ code: 2, out: '' })
  expect(await run('setup', '--help')).toMatchObject({
    code: 0,
    out: expect.stringContaining('npm run cli -- setup') as string,
  })
})

test('reset second-factor takes the factor of one account away, and says when there is no such account', async () => {
  const reset = await run('reset', 'second-factor', '--email', 'aulis@mer1.example')
  expect(reset).toMatchObject({ code: 0, out: '', err: expect.stringContaining('next sign-in') as string })
  expect(await run('reset', 'second-factor', '--email', 'nobody@mer1.example')).toMatchObject({ code: 2, out: '' })
  expect(await run('reset', 'second-factor')).toMatchObject({ code: 2, out: '' })
})
