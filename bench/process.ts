import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** A measured process: where it listens, and what CPU it has used. */
export type Measured = {
  readonly address: string
  /** CPU seconds, user and system, since its start. */
  cpuSeconds(): Promise<number>
  /** Lets it work by itself for so many milliseconds; gives how much it got done. */
  work(milliseconds: number): Promise<number>
  stop(): Promise<void>
}

/** How Node runs the service in `npm start` and in the image; the references run in the same way. */
const flags = ['--max-semi-space-size=64', '--min-semi-space-size=64']

/** Starts a file of this folder in a process of its own; it is told its settings and answers with its address. */
export async function startMeasured(file: string, settings: Readonly<Record<string, unknown>>): Promise<Measured> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), {
    execArgv: flags,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const answer = async (question: unknown): Promise<unknown> =>
    await new Promise((resolve, reject) => {
      const ended = (code: number | null): void => reject(new Error(`${file} ended with ${code}`))
      child.once('exit', ended)
      child.once('message', (told) => {
        child.off('exit', ended)
        resolve(told)
      })
      child.send(question as Parameters<typeof child.send>[0])
    })
  const started = await answer({ start: settings })
  return {
    address: String(started),
    cpuSeconds: async () => Number(await answer({ cpu: true })),
    work: async (milliseconds) => Number(await answer({ work: milliseconds })),
    stop: async () => {
      // Stopped before: asking it again would be an error.
      if (!child.connected) return
      child.removeAllListeners('exit')
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.send({ stop: true })
      await ended
    },
  }
}

type Running = {
  /** Where it listens, when it does. */
  readonly address?: string
  readonly work?: (milliseconds: number) => Promise<number>
  readonly stop: () => Promise<void>
}

/** The other end: `start` gives the address or the work, and how to stop. */
export function beMeasured(start: (settings: Record<string, unknown>) => Promise<Running>): void {
  const running: Partial<Pick<Running, 'work' | 'stop'>> = {}
  const send = (message: unknown): void => void process.send?.(message)
  process.on('message', (asked: { start?: Record<string, unknown>; cpu?: boolean; work?: number; stop?: boolean }) => {
    if (asked.start) {
      void start(asked.start).then((one) => {
        Object.assign(running, one)
        send(one.address ?? '')
      })
    }
    if (asked.cpu) {
      const { user, system } = process.cpuUsage()
      send((user + system) / 1e6)
    }
    if (asked.work) void running.work?.(asked.work).then(send)
    if (asked.stop) void (running.stop?.() ?? Promise.resolve()).then(() => process.exit(0))
  })
}
