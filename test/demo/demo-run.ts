import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../../bin/osaamispassi.js', import.meta.url))

/** A demo at work, in a process of its own and with a folder of its own for all that is temporary. */
export type DemoRun = {
  readonly process: ChildProcess
  /** Everything it said so far. */
  readonly said: () => { readonly out: string; readonly err: string }
  /** Resolves when it has said this text; throws with all that it said when it ended before. */
  readonly says: (text: string) => Promise<void>
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>
}

/** Starts `demo` as npm does, with these arguments and nothing from our own environment but what finds programs. */
export function startDemo(args: readonly string[], env: Readonly<Record<string, string>> = {}): DemoRun {
  const { PATH = '', HOME = '' } = process.env
  const child = spawn(process.execPath, [program, 'demo', ...args], {
    env: { PATH, HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = { out: '', err: '' }
  const waiting = new Set<() => void>()
  const hear = (stream: keyof typeof said, text: string): void => {
    said[stream] += text
    for (const look of waiting) look()
  }
  child.stdout.setEncoding('utf8').on('data', (text: string) => hear('out', text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => hear('err', text))
  const ended = once(child, 'close').then(() => child.exitCode ?? child.signalCode)
  const says = async (text: string): Promise<void> =>
    await new Promise((resolve, reject) => {
      const look = (): void => {
        if (said.out.includes(text) || said.err.includes(text)) resolve()
      }
      waiting.add(look)
      look()
      void ended.then(() => reject(new Error(`the demo never said "${text}":\n${said.err}`)))
    })
  return { process: child, said: () => ({ ...said }), says, ended }
}

/** A folder that every user may enter, so that the database's own user finds its way; and how to take it away. */
export async function openFolder(): Promise<{ readonly path: string; readonly remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'demo-test-'))
  await chmod(path, 0o755)
  return { path, remove: async () => await rm(path, { recursive: true, force: true, maxRetries: 5 }) }
}

/** Listens on a port of the machine's choice. */
export async function listen(onConnection: () => void = () => undefined): Promise<{ server: Server; port: number }> {
  const server = createServer((socket) => {
    onConnection()
    socket.destroy()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('no port')
  return { server, port: address.port }
}
