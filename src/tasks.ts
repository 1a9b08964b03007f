import { awardTasks } from './awards/jobs.ts'
import type { Deps } from './deps.ts'
import { endorsementTasks } from './endorsements/jobs.ts'
import type { Schedule, Tasks } from './jobs/runner.ts'
import { publicationTasks } from './publication/jobs.ts'
import { retentionTasks } from './retention/jobs.ts'

/** Every kind of job and what does it: a feature with later work adds its line from its `jobs.ts`. */
export function createTasks(deps: Deps): Tasks {
  return {
    ...awardTasks(deps),
    ...endorsementTasks(deps),
    ...publicationTasks(deps),
    ...retentionTasks(deps),
  }
}

/** What is begun by the clock (UTC), by the name of its job. */
export const schedule: Schedule = {
  'retention.remove': '10 1 * * *',
  // S-31: the head of every history is signed and published each hour.
  'history.heads': '7 * * * *',
}
