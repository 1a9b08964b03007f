import type { Deps } from './deps.ts'
import type { Tasks } from './jobs/runner.ts'

/** Every kind of job and what does it: a feature with later work adds its line from its `jobs.ts`. */
export function createTasks(_deps: Deps): Tasks {
  return {}
}
