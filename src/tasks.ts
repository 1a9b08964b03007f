import { accountTasks } from './accounts/jobs.ts'
import { auditTasks } from './audit/jobs.ts'
import { awardTasks } from './awards/jobs.ts'
import type { Deps } from './deps.ts'
import { endorsementTasks } from './endorsements/jobs.ts'
import type { Schedule, Tasks } from './jobs/runner.ts'
import { publicationTasks } from './publication/jobs.ts'

/** Every kind of job and what does it: a feature with later work adds its line from its `jobs.ts`. */
export function createTasks(deps: Deps): Tasks {
  return {
    ...accountTasks(deps),
    ...auditTasks(deps),
    ...awardTasks(deps),
    ...endorsementTasks(deps),
    ...publicationTasks(deps),
  }
}

/** What is begun by the clock (UTC), by the name of its job. */
export const schedule: Schedule = {
  'accounts.tidy': '10 1 * * *',
  'audit.tidy': '20 1 * * *',
  // S-31: the head of every history is signed and published each hour.
  'history.heads': '7 * * * *',
}
