import { run, runOnce as runQueueOnce, type TaskList } from 'graphile-worker'
import { type JobLog, queueLogger } from './log.ts'

/** What runs for each name of a job. A task that throws is tried again later, with longer and longer pauses. */
export type Tasks = Readonly<Record<string, (payload: unknown) => Promise<void>>>

export type Runner = {
  /** Takes no new jobs and waits for those at work. */
  readonly stop: () => Promise<void>
}

/** Starts working on the queue as the jobs role. Signals are the service's to answer, so the runner listens to none. */
export async function startRunner(jobsUrl: string, tasks: Tasks, log: JobLog): Promise<Runner> {
  const runner = await run({
    connectionString: jobsUrl,
    taskList: taskList(tasks),
    concurrency: 2,
    maxPoolSize: 4,
    pollInterval: 2000,
    noHandleSignals: true,
    logger: queueLogger(log),
  })
  return { stop: async () => await runner.stop() }
}

/** Works until the queue holds nothing that is due, then returns. For commands and tests. */
export async function runOnce(jobsUrl: string, tasks: Tasks, log: JobLog): Promise<void> {
  await runQueueOnce({
    connectionString: jobsUrl,
    taskList: taskList(tasks),
    maxPoolSize: 2,
    noHandleSignals: true,
    logger: queueLogger(log),
  })
}

function taskList(tasks: Tasks): TaskList {
  return Object.fromEntries(
    Object.entries(tasks).map(([name, task]) => [name, async (payload: unknown) => await task(payload)]),
  )
}
