import type { Tasks } from '../jobs/runner.ts'
import { removeOld, type TidyDeps } from './tidy.ts'

/** `accounts.tidy`, once a day: removes what has had its time. */
export function accountTasks(deps: TidyDeps): Tasks {
  return {
    'accounts.tidy': async () => {
      await removeOld(deps, deps.now())
    },
  }
}
