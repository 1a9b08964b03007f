import type { Deps } from '../deps.ts'
import type { Tasks } from '../jobs/runner.ts'
import { removeOld } from './remove.ts'

/** `retention.remove`, once a day: removes what has had its time. */
export function retentionTasks(deps: Pick<Deps, 'db' | 'now'>): Tasks {
  return {
    'retention.remove': async () => {
      await removeOld(deps, deps.now())
    },
  }
}
