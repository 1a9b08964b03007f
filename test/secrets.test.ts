import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { BadSettings } from '../src/config.ts'
import { loadSecrets } from '../src/secrets.ts'

let secretsDir: string
beforeEach(() => {
  secretsDir = join(mkdtempSync(join(tmpdir(), 'secrets-test-')), 'secrets')
})
afterEach(() => rmSync(join(secretsDir, '..'), { recursive: true }))

const word = (): string => randomBytes(32).toString('base64url')
const kek = (version: string): string => `${version}:${randomBytes(32).toString('base64')}`
const given = (): Record<string, string> => ({
  KEK_CURRENT: kek('2'),
  SESSION_SECRET: word(),
  CODE_PEPPER: word(),
  DATABASE_SERVICE_PASSWORD: word(),
  DATABASE_JOBS_PASSWORD: word(),
})

function faultsOf(env: Record<string, string>, mayCreate = false): readonly string[] {
  try {
    loadSecrets(env, { secretsDir, mayCreate })
    return []
  } catch (error) {
    if (error instanceof BadSettings) return error.faults
    throw error
  }
}

describe('made once', () => {
  test('into files that only we can read, and the same ever after', () => {
    const first = loadSecrets({}, { secretsDir, mayCreate: true })
    expect(first.kekCurrent.key).toHaveLength(32)
    expect(statSync(secretsDir).mode & 0o777).toBe(0o700)
    const files = readdirSync(secretsDir)
    expect(files).toEqual(Object.keys(given()).sort((a, b) => a.localeCompare(b)))
    for (const file of files) expect(statSync(join(secretsDir, file)).mode & 0o777).toBe(0o600)
    expect(loadSecrets({}, { secretsDir, mayCreate: true })).toEqual(first)
    expect(loadSecrets({}, { secretsDir, mayCreate: false })).toEqual(first)
  })

  test('what the environment gives goes before the file', () => {
    loadSecrets({}, { secretsDir, mayCreate: true })
    const mine = given()
    expect(loadSecrets(mine, { secretsDir, mayCreate: true }).sessionSecret).toBe(mine['SESSION_SECRET'])
  })

  test('a file that others may read is refused', () => {
    loadSecrets({}, { secretsDir, mayCreate: true })
    chmodSync(join(secretsDir, 'KEK_CURRENT'), 0o644)
    expect(faultsOf({}, true)).toEqual([expect.stringMatching(/^KEK_CURRENT: others may read .+ chmod 600/)])
  })
})

describe('given', () => {
  test('current and earlier keys', () => {
    const env = { ...given(), KEK_PREVIOUS: `${kek('1')},${kek('0')}` }
    const secrets = loadSecrets(env, { secretsDir, mayCreate: false })
    expect(secrets.kekCurrent.version).toBe('2')
    expect(secrets.kekPrevious.map(({ version }) => version)).toEqual(['1', '0'])
    expect(secrets.kekPrevious[0]?.key).toHaveLength(32)
  })

  test('all that are missing are told at once, and nothing is made', () => {
    expect(faultsOf({}).map((fault) => fault.split(':')[0])).toEqual(Object.keys(given()))
    expect(() => readdirSync(secretsDir)).toThrow('ENOENT')
  })

  test.each([
    ['KEK_CURRENT', '1:c2hvcnQ='],
    ['KEK_CURRENT', randomBytes(32).toString('base64')],
    ['KEK_CURRENT', `1:${randomBytes(31).toString('base64')}`],
    ['KEK_CURRENT', `1:${Buffer.alloc(32).toString('base64')}`],
    ['KEK_CURRENT', `1:${Buffer.from(Array.from({ length: 32 }, (_, i) => i)).toString('base64')}`],
    ['KEK_PREVIOUS', 'rubbish'],
    ['KEK_PREVIOUS', kek('2')],
    ['SESSION_SECRET', randomBytes(15).toString('hex')],
    ['SESSION_SECRET', 'change-me-change-me-change-me-change-me-4711'],
    ['SESSION_SECRET', 'your-secret-key-with-at-least-32-characters'],
    ['CODE_PEPPER', 'a'.repeat(40)],
    ['CODE_PEPPER', 'abcabcabcabcabcabcabcabcabcabcabcabcabc'],
    ['DATABASE_SERVICE_PASSWORD', 'postgres'],
    ['DATABASE_JOBS_PASSWORD', '0123456789'.repeat(4)],
  ])('%s=%s is refused without telling it', (name, value) => {
    const faults = faultsOf({ ...given(), [name]: value })
    expect(faults).toHaveLength(1)
    expect(faults[0]).toMatch(new RegExp(`^${name}: `))
    expect(faults[0]).not.toContain(value)
  })

  test('a hundred drawn secrets are accepted', () => {
    for (let i = 0; i < 100; i += 1) expect(faultsOf(given())).toEqual([])
  })
})

test('four processes that make them at the same time go on with the same', async () => {
  const module = new URL('../src/secrets.ts', import.meta.url).href
  const program = `const { loadSecrets } = await import('${module}')
    process.stdout.write(loadSecrets({}, { secretsDir: process.argv[1], mayCreate: true }).sessionSecret)`
  const run = promisify(execFile)
  const found = await Promise.all(
    [1, 2, 3, 4].map(
      async () => (await run(process.execPath, ['--input-type=module', '-e', program, secretsDir])).stdout,
    ),
  )
  expect(new Set(found)).toEqual(new Set([readFileSync(join(secretsDir, 'SESSION_SECRET'), 'utf8').trim()]))
  expect(readdirSync(secretsDir)).toHaveLength(5)
})
