import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { main } from '../../src/cli/main.ts'
import { emptyDatabase } from '../support/database.ts'

// The first people of a real service come in by command.

let database: Awaited<ReturnType<typeof emptyDatabase>>
let secrets: string
beforeAll(async () => {
  database = await emptyDatabase()
  secrets = await mkdtemp(join(tmpdir(), 'osaamispassi-add-'))
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
      KEK_CURRENT: `${kekCurrent.version}:${kekCurrent.key.toString('base64')}`,
      SESSION_SECRET: sessionSecret,
      CODE_PEPPER: codePepper.toString(),
      DATABASE_SERVICE_PASSWORD: databasePasswords.service,
      DATABASE_JOBS_PASSWORD: databasePasswords.jobs,
    },
  })
  return { code, ...said }
}

const organisation = [
  '--code',
  'mer1',
  '--kind',
  'foundation',
  '--name',
  'Merisäätiö',
  '--url',
  'https://m.example/',
  '--email',
  'm@m.example',
]
const kaisa = ['--organisation', 'mer1', '--email', 'kaisa@m.example', '--name', 'Kaisa M.', '--role', 'coordinator']

test('S-24: an organisation whose documents would be wrong is not founded, and the command says which field', async () => {
  expect((await run('migrate')).code).toBe(0)
  const wrong = organisation.map((word) => (word === 'Merisäätiö' ? 'Tehostettu tuki' : word))
  expect(await run('add', 'organisation', ...wrong)).toMatchObject({
    code: 1,
    err: expect.stringContaining('/issuer/name: The text holds a support level') as string,
  })
})

test('an organisation and an account are made once, with what is wrong said in words', async () => {
  expect((await run('migrate')).code).toBe(0)
  const early = await run('add', 'account', ...kaisa)
  expect(early).toMatchObject({ code: 2, err: expect.stringContaining('add organisation') as string })
  expect(await run('add', 'organisation', ...organisation)).toMatchObject({
    code: 0,
    out: expect.stringContaining('/o/mer1') as string,
  })
  expect(await run('add', 'organisation', ...organisation)).toMatchObject({
    code: 2,
    err: expect.stringContaining('taken by Merisäätiö') as string,
  })
  // S-40: the same in other letters, and one with something in it that nobody sees.
  const named = (name: string): string[] =>
    organisation.map((word) => ({ mer1: 'mer2', Merisäätiö: name })[word] ?? word)
  expect(await run('add', 'organisation', ...named('Меrisäätiö'))).toMatchObject({
    code: 2,
    err: expect.stringContaining('looks the same') as string,
  })
  expect(await run('add', 'organisation', ...named('Meri\u200bsäätiö 2'))).toMatchObject({
    code: 2,
    err: expect.stringContaining('cannot be seen') as string,
  })
  const made = await run('add', 'account', ...kaisa)
  expect(made.out).toMatch(/kaisa@m\.example can sign in at .* with the password \S{20}/)
  expect(await run('add', 'account', ...kaisa)).toMatchObject({
    code: 2,
    err: expect.stringContaining('already') as string,
  })
  const wrong = await run('add', 'organisation', '--code', 'Mer', '--kind', 'shop')
  expect(wrong.code).toBe(2)
  expect(wrong.err).toContain('four lower-case letters')
  expect(wrong.err).toContain('foundation or school')
}, 60_000)
