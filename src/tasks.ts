import { awardTasks } from './awards/jobs.ts'
import type { Deps } from './deps.ts'
import type { Tasks } from './jobs/runner.ts'
import { publicationTasks } from './publication/jobs.ts'

/** Every kind of job and what does it: a feature with later work adds its line from its `jobs.ts`. */
export function createTasks(deps: Deps): Tasks {
  return { ...awardTasks(deps), ...publicationTasks(deps) }
}
