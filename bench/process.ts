import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** A measured process: where it listens, and what CPU it has used. */
export type Measured = {
  readonly address: string
  /** CPU seconds, user and system, since its start. */
  cpuSeconds(): Promise<number>
  stop(): Promise<void>
}

/** Starts a file of this folder in a process of its own; it is told its settings and answers with its address. */
export async function startMeasured(file: string, settings: Readonly<Record<string, unknown>>): Promise<Measured> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
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
    stop: async () => {
      child.removeAllListeners('exit')
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.send({ stop: true })
      await ended
    },
  }
}

/** The other end: `start` gives the address and how to stop. */
export function beMeasured(
  start: (settings: Record<string, unknown>) => Promise<{ address: string; stop: () => Promise<void> }>,
): void {
  const running: { stop?: () => Promise<void> } = {}
  const send = (message: unknown): void => void process.send?.(message)
  process.on('message', (asked: { start?: Record<string, unknown>; cpu?: boolean; stop?: boolean }) => {
    if (asked.start) {
      void start(asked.start).then((one) => {
        running.stop = one.stop
        send(one.address)
      })
    }
    if (asked.cpu) {
      const { user, system } = process.cpuUsage()
      send((user + system) / 1e6)
    }
    if (asked.stop) void (running.stop?.() ?? Promise.resolve()).then(() => process.exit(0))
  })
}
