import { mkdir, readdir } from 'node:fs/promises'
import { connect as connectTo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DemoRun, listen, openFolder, startDemo } from './demo-run.ts'
import { processesOf } from './processes.ts'

// A demo may be ended at any moment, in any way: nothing of it is left, and the next one starts clean.

let folder: Awaited<ReturnType<typeof openFolder>>
const runs: DemoRun[] = []
beforeAll(async () => {
  folder = await openFolder()
})
afterAll(async () => {
  for (const run of runs) run.process.kill('SIGKILL')
  await expect.poll(() => processesOf(folder.path), { timeout: 10_000 }).toEqual([])
  await folder.remove()
})

/** A demo with a port and a temporary folder of its own, which all its processes name. */
async function begin(
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ run: DemoRun; port: number; temporary: string }> {
  const temporary = join(folder.path, name)
  await mkdir(temporary)
  const { server, port } = await listen()
  await new Promise((done) => server.close(done))
  const run = startDemo(args, { TMPDIR: temporary, PORT: String(port), ...env })
  runs.push(run)
  return { run, port, temporary }
}

async function accepts(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connectTo(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

/** Whether anything is left of a run: its processes, its files, its door. */
async function leftOf(begun: { port: number; temporary: string }): Promise<unknown> {
  return {
    processes: processesOf(begun.temporary),
    files: await readdir(begun.temporary),
    listens: await accepts(begun.port),
  }
}
const nothing = { processes: [], files: [], listens: false }

describe('kill -9 of the demo', () => {
  test.each([
    ['while the database is being made', 'Starting a database'],
    ['while criteria are imported', 'Importing Ajoneuvoalan perustutkinto 10 %'],
    ['while badges are drawn', 'took the module'],
  ])('%s leaves neither server nor files', { timeout: 60_000 }, async (name, line) => {
    const begun = await begin(name.replaceAll(' ', '-'), ['--exit'])
    await begun.run.says(line)
    expect(processesOf(begun.temporary).length + 1).toBeGreaterThan(0)
    begun.run.process.kill('SIGKILL')
    expect(await begun.run.ended).toBe('SIGKILL')
    await expect.poll(async () => await leftOf(begun), { timeout: 10_000 }).toEqual(nothing)
  })

  test('during awards, and a second run at once on the same port and folder: it starts clean and ends with 0', {
    timeout: 90_000,
  }, async () => {
    const first = await begin('during-awards', ['--exit'])
    await first.run.says('applied for her first badge')
    const of = processesOf(first.temporary)
    expect(of.filter((command) => command.includes('postgres')).length).toBeGreaterThan(0)
    expect(await accepts(first.port)).toBe(true)
    first.run.process.kill('SIGKILL')
    expect(await first.run.ended).toBe('SIGKILL')

    // Where somebody's own data may be: the demo must not so much as knock.
    let knocks = 0
    const own = await listen(() => (knocks += 1))
    const second = startDemo(['--exit'], {
      TMPDIR: first.temporary,
      PORT: String(first.port),
      DATABASE_URL: `postgresql://owner:secret@127.0.0.1:${own.port}/own`,
    })
    runs.push(second)
    const pids = new Set(of.map((command) => command.split(' ')[0]))
    const ofFirst = (): readonly string[] =>
      processesOf(first.temporary).filter((command) => pids.has(command.split(' ')[0]))
    await expect.poll(ofFirst, { timeout: 10_000 }).toEqual([])
    expect({ code: await second.ended, err: second.said().err }).toMatchObject({ code: 0 })
    own.server.close()
    expect(knocks).toBe(0)
    expect(second.said().err).toContain('revoked.png: revoked')
    expect(await leftOf(first)).toEqual(nothing)
  })
})

describe('the demo that is asked to stop', () => {
  test.each([['while it works', ['--exit'], 'with requirements', 1]] as const)(
    '%s',
    { timeout: 60_000 },
    async (name, args, line, code) => {
      const begun = await begin(name.replaceAll(' ', '-'), args)
      await begun.run.says(line)
      const asked = Date.now()
      begun.run.process.kill('SIGTERM')
      expect({ code: await begun.run.ended, err: begun.run.said().err }).toMatchObject({ code })
      expect(Date.now() - asked).toBeLessThan(10_000)
      expect(begun.run.said().err).toContain('Stopped before the end.')
      expect(await leftOf(begun)).toEqual(nothing)
    },
  )
})

test('a folder for --out that cannot be made is told before any work', async () => {
  const begun = await begin('no-folder', ['--exit', '--out', '/dev/null/out'])
  expect(await begun.run.ended).toBe(2)
  expect(begun.run.said()).toEqual({
    out: '',
    err: '--out: the folder /dev/null/out cannot be made or written into (ENOTDIR).\n',
  })
})
