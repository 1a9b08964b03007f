import { Logger } from 'graphile-worker'

/** Where the runner says what it does. Deps' `log` fits. */
export type JobLog = {
  info(facts: Record<string, unknown>, message: string): void
  warn(facts: Record<string, unknown>, message: string): void
  error(facts: Record<string, unknown>, message: string): void
}

/** The queue's own messages into our log; what it tells only for finding its own faults is left out. */
export function queueLogger(log: JobLog): Logger {
  return new Logger((scope) => (level, message) => {
    const facts = {
      part: 'jobs',
      ...(scope.taskIdentifier && { task: scope.taskIdentifier }),
      ...(scope.jobId && { job: scope.jobId }),
    }
    if (level === 'error') log.error(facts, message)
    else if (level === 'warning') log.warn(facts, message)
  })
}
