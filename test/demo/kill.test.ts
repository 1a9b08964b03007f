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
  await Promise.all(runs.map(async (run) => await run.ended))
  await folder.remove()
})

/** A demo with a port and a temporary folder of its own, which all its processes name. */
async function begin(
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ run: DemoRun; port: number; temporary: string }> {
  const temporary = join(folder.path, name.replaceAll(' ', '-'))
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
/** The machine may be busy with other tests. */
const timeout = 300_000
const pidOf = (line: string): string => line.trim().split(' ')[0] ?? ''
const nothing = { processes: [], files: [], listens: false }

describe('kill -9 of the demo', () => {
  test.each([
    ['while the database is being made', 'Starting a database'],
    ['while badges are drawn', 'took the module'],
  ])('%s leaves neither server nor files', { timeout }, async (name, line) => {
    const begun = await begin(name, ['--exit'])
    await begun.run.says(line)
    await expect.poll(() => processesOf(begun.temporary).length).toBeGreaterThan(0)
    begun.run.process.kill('SIGKILL')
    expect(await begun.run.ended).toBe('SIGKILL')
    await expect.poll(async () => await leftOf(begun), { timeout: 10_000 }).toEqual(nothing)
  })

  test('during awards, and a second demo at once with the same port and folder: it starts clean', {
    timeout,
  }, async () => {
    const first = await begin('during awards', ['--exit'])
    await first.run.says('applied for her first badge')
    const pids = new Set(processesOf(first.temporary).map(pidOf))
    expect(pids.size).toBeGreaterThan(1)
    expect(await accepts(first.port)).toBe(true)
    first.run.process.kill('SIGKILL')
    expect(await first.run.ended).toBe('SIGKILL')

    // Where somebody's own data may be: the demo must not so much as knock.
    let knocks = 0
    const own = await listen(() => (knocks += 1))
    const second = startDemo([], {
      TMPDIR: first.temporary,
      PORT: String(first.port),
      DATABASE_URL: `postgresql://owner:secret@127.0.0.1:${own.port}/own`,
    })
    runs.push(second)
    const ofFirst = (): readonly string[] => processesOf(first.temporary).filter((line) => pids.has(pidOf(line)))
    await expect.poll(ofFirst, { timeout: 10_000 }).toEqual([])

    await second.says('Stop with Ctrl+C')
    expect(second.said().err).toContain('revoked.png: revoked')
    await lookAround(second.said().out)
    second.process.kill('SIGTERM')
    expect(await second.ended).toBe(0)
    expect(await leftOf(first)).toEqual(nothing)
    own.server.close()
    expect(knocks).toBe(0)
  })
})

/** Goes to each address that the demo printed, and signs in as each person. */
async function lookAround(printed: string): Promise<void> {
  const addresses = printed.match(/http:\/\/localhost:\d+\S*/g) ?? []
  expect(addresses).toHaveLength(6)
  for (const address of addresses) expect((await fetch(address)).status, address).toBe(200)
  const [base = ''] = addresses
  const post = async (path: string, body: object): Promise<number> => {
    const headers = { 'content-type': 'application/json' }
    return (await fetch(`${base}/api/v1/${path}`, { method: 'POST', headers, body: JSON.stringify(body) })).status
  }
  const staff = [...printed.matchAll(/(\w+@demo\.example) +(\S+)/g)]
  expect(staff.map(([, name]) => name)).toEqual(['pekka@demo.example', 'kaisa@demo.example', 'niemi@demo.example'])
  for (const [, name, password] of staff) expect(await post('tokens', { name, password }), name).toBe(200)
  const code = /\/kirjaudu\/koodi +(\S{4} \S{4})/.exec(printed)?.[1]
  expect(await post('tokens/code', { code })).toBe(200)
}

test('a demo that is asked to stop while it works stops, and leaves nothing', { timeout }, async () => {
  const begun = await begin('asked to stop', ['--exit'])
  await begun.run.says('with requirements')
  begun.run.process.kill('SIGTERM')
  expect({ code: await begun.run.ended, err: begun.run.said().err }).toMatchObject({ code: 1 })
  expect(begun.run.said().err).toContain('Stopped before the end.')
  expect(await leftOf(begun)).toEqual(nothing)
})

test('a folder for --out that cannot be made is told before any work', { timeout }, async () => {
  const begun = await begin('no-folder', ['--exit', '--out', '/dev/null/out'])
  expect(await begun.run.ended).toBe(2)
  expect(begun.run.said()).toEqual({
    out: '',
    err: '--out: the folder /dev/null/out cannot be made or written into (ENOTDIR).\n',
  })
})
