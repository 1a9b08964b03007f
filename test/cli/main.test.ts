import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, inject, test } from 'vitest'
import { nearest } from '../../src/cli/command.ts'
import { main } from '../../src/cli/main.ts'
import { emptyDatabase } from '../support/database.ts'

async function call(line: string, env: NodeJS.ProcessEnv = {}): Promise<{ code: number; out: string; err: string }> {
  const said = { out: '', err: '' }
  const code = await main(
    line.split(' ').filter((word) => word !== ''),
    {
      out: (text) => void (said.out += text),
      err: (text) => void (said.err += text),
      stdin: process.stdin,
      env,
      isTerminal: false,
    },
  )
  return { code, ...said }
}

describe('finding the command', () => {
  test('none: the list goes to the messages, and that is wrong use', async () => {
    const { code, out, err } = await call('')
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(/serve +start the service/)
  })

  test('asked for: the list is the answer', async () => {
    const { code, out, err } = await call('--help')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatch(/migrate +move the database forward/)
  })

  test('--version', async () => {
    const { code, out, err } = await call('--version')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  test('help of one command has its options and two examples', async () => {
    const { code, out } = await call('migrate --help')
    expect(code).toBe(0)
    expect(out.split('Examples\n')[1]?.trim().split('\n')).toHaveLength(2)
  })

  test('an unknown command suggests the nearest', async () => {
    expect(await call('migrat')).toEqual({
      code: 2,
      out: '',
      err: 'There is no command migrat. Did you mean migrate?\n',
    })
    expect((await call('xyzzy')).err).toBe('There is no command xyzzy. See: npm run cli -- --help\n')
    expect((await call('toString')).code).toBe(2)
  })

  test('a word that begins several commands names them', async () => {
    const list = await call('keys --help')
    expect(list).toMatchObject({ code: 0, err: '' })
    expect(list.out).toMatch(/^ {2}keys list +\S.*\n(?: {2}keys \w+ +\S.*\n)+$/)
    const bare = await call('keys')
    expect(bare).toMatchObject({ code: 2, out: '' })
    expect(bare.err).toMatch(/^Say which:\n {2}keys list/)
  })

  test('an unknown option, and a word too many', async () => {
    expect(await call('migrate --forse')).toMatchObject({ code: 2, err: 'There is no option --forse.\n' })
    expect(await call('migrate now')).toMatchObject({ code: 2, err: '"now" is one word too many.\n' })
  })

  test('nearest knows near from far', () => {
    expect(nearest('--josn', ['--json', '--world', '--at'])).toBe('--json')
    expect(nearest('--worlds', ['--json', '--world', '--at'])).toBe('--world')
    expect(nearest('--colour', ['--json', '--world', '--at'])).toBeUndefined()
  })
})

describe('migrate', () => {
  test('prints what it ran, then that there is nothing to do', async () => {
    const empty = await emptyDatabase()
    const env = { ...inject('server').secrets, DATABASE_URL: empty.ownerUrl }
    const first = await call('migrate', env)
    expect(first.code).toBe(0)
    expect(first.out).toMatch(/^2026-11-22T0900_foundation\n/)
    expect(await call('migrate', env)).toEqual({ code: 0, out: '', err: 'The database is up to date.\n' })
    await empty.close()
  })
})

describe('what goes wrong', () => {
  test('bad settings end with 3 and tell all of them', async () => {
    const { code, err } = await call('migrate', { PORT: 'x', LOG_LEVEL: 'loud' })
    expect(code).toBe(3)
    expect(err).toMatch(/PORT: .+\n.+LOG_LEVEL: /)
  })

  test.each(['check awards', 'issuing stop', 'keys list', 'keys rotate', 'erasures list'])(
    '%s makes no database where there is none, and says so',
    async (line) => {
      const folder = join(tmpdir(), `osaamispassi-nothing-${randomUUID()}`)
      const { code, out, err } = await call(line, { DATA_DIR: folder })
      expect([code, out]).toEqual([3, ''])
      expect(err).toContain(`DATA_DIR: there is no database in ${folder}.`)
      expect(existsSync(folder)).toBe(false)
    },
  )

  test('a database of one’s own needs its secrets given', async () => {
    const { code, err } = await call('migrate', {
      DATABASE_URL: 'postgresql://o:p@127.0.0.1:1/x',
      DATA_DIR: 'does-not-exist',
    })
    expect(code).toBe(3)
    expect(err).toMatch(/KEK_CURRENT: is missing/)
  })

  test('a database that does not answer ends with 4, without its password', async () => {
    const url = 'postgresql://owner:hush-hush@127.0.0.1:1/passi'
    const { code, err } = await call('migrate', { ...inject('server').secrets, DATABASE_URL: url })
    expect(code).toBe(4)
    expect(err).toMatch(/^The database passi at 127\.0\.0\.1:1 does not answer \(.+\): check DATABASE_URL/)
    expect(err).not.toContain('hush')
  })

  test('a fault of ours ends with 70; the stack is told only when asked for', async () => {
    const io = { stdin: process.stdin, isTerminal: false, out: broken }
    for (const [env, stack] of [
      [{}, false],
      [{ DEBUG: 'osaamispassi' }, true],
    ] as const) {
      let err = ''
      const code = await main(['--version'], { ...io, env, err: (text) => void (err += text) })
      expect(code).toBe(70)
      expect(err).toMatch(/^Something in the program is wrong: the pen broke\./)
      expect(err.includes('main.test.ts')).toBe(stack)
    }
  })
})

function broken(): void {
  throw new Error('the pen broke')
}

describe('started by Node itself', () => {
  const program = fileURLToPath(new URL('../../bin/osaamispassi.js', import.meta.url))

  test('one that is too old gets one sentence', () => {
    const pretend = `data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'22.20.0'}})`
    const run = spawnSync(process.execPath, ['--import', pretend, program, '--version'], { encoding: 'utf8' })
    expect(run.status).toBe(3)
    expect(run.stdout).toBe('')
    expect(run.stderr).toMatch(/^Node 22\.20\.0 is too old: .+24\.7 or newer.+\n$/)
  })

  test('a new one runs the command', () => {
    const run = spawnSync(process.execPath, [program, '--version'], { encoding: 'utf8' })
    expect(run).toMatchObject({ status: 0, stderr: '' })
  })
})
