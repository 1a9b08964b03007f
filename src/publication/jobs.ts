import { z } from 'zod'
import type { Tasks } from '../jobs/runner.ts'
import { signWhenDue, type StatusDeps } from './status.ts'

const ListRef = z.object({ tenant: z.string(), list: z.coerce.number().int().positive() })

/** `status.sign` {tenant, list}: signs a status list anew after a revocation. */
export function publicationTasks(deps: StatusDeps): Tasks {
  return {
    'status.sign': async (payload) => {
      const { tenant, list } = ListRef.parse(payload)
      await signWhenDue(deps, tenant, list)
    },
  }
}
