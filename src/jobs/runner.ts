import { parseCronItems, run, runOnce as runQueueOnce, type TaskList } from 'graphile-worker'
import pg from 'pg'
import { type JobLog, queueLogger } from './log.ts'

/** What runs for each name of a job. A task that throws is tried again later, with longer and longer pauses. */
export type Tasks = Readonly<Record<string, (payload: unknown) => Promise<void>>>

export type Runner = {
  /** Takes no new jobs and waits for those at work. */
  readonly stop: () => Promise<void>
}

/** When a kind of job is begun by the clock, in UTC: minute, hour, day, month, day of the week (as in crontab). Several processes begin it once. */
export type Schedule = Readonly<Record<string, string>>

/** Starts working on the queue as the jobs role. Signals are the service's to answer, so the runner listens to none. */
export async function startRunner(
  jobsUrl: string,
  tasks: Tasks,
  log: JobLog,
  schedule: Schedule = {},
): Promise<Runner> {
  const pool = openPool(jobsUrl, 4, log)
  const settings = { pgPool: pool, concurrency: 2, pollInterval: 2000, noHandleSignals: true }
  try {
    // A list that is given, though empty, keeps the queue from looking for a file.
    const parsedCronItems = parseCronItems(Object.entries(schedule).map(([task, match]) => ({ task, match })))
    const runner = await run({ ...settings, parsedCronItems, taskList: taskList(tasks, log), logger: queueLogger(log) })
    return {
      stop: async () => {
        try {
          await runner.stop()
        } finally {
          await pool.end()
        }
      },
    }
  } catch (error) {
    await pool.end()
    throw error
  }
}

/** Works until the queue holds nothing that is due, then returns. For commands and tests. */
export async function runOnce(jobsUrl: string, tasks: Tasks, log: JobLog): Promise<void> {
  const pool = openPool(jobsUrl, 2, log)
  const settings = { pgPool: pool, noHandleSignals: true }
  try {
    await runQueueOnce({ ...settings, taskList: taskList(tasks, log), logger: queueLogger(log) })
  } finally {
    await pool.end()
  }
}

/**
 * Ours, because the queue takes its error handler off its own pool before that is closed: a server that stops at that moment would end the
 * process.
 */
function openPool(jobsUrl: string, max: number, log: JobLog): pg.Pool {
  const pool = new pg.Pool({ connectionString: jobsUrl, max, application_name: 'osaamispassi-jobs' })
  const onError = (error: Error): void => log.warn({ error, part: 'jobs' }, 'a database connection was lost')
  pool.on('error', onError)
  // One that is at work raises its error at its next statement as well.
  pool.on('connect', (client) => client.on('error', onError))
  return pool
}

/**
 * What the queue learns of a failed task is that it failed. It keeps and logs an error's own words, and those may quote what a person wrote
 * (S-50): our log tells the kind, the code and the place.
 */
function taskList(tasks: Tasks, log: JobLog): TaskList {
  return Object.fromEntries(
    Object.entries(tasks).map(([name, task]) => [
      name,
      async (payload: unknown) => {
        try {
          await task(payload)
        } catch (error) {
          log.error({ part: 'jobs', task: name, error }, 'a job failed')
          throw failed()
        }
      },
    ]),
  )
}

function failed(): Error {
  const error = new Error('see the log')
  error.stack = ''
  return error
}
