import { z } from 'zod'
import type { Tasks } from '../jobs/runner.ts'
import { deliverEndorsement, type DeliverDeps } from './deliver.ts'

const EndorsementRef = z.object({ school: z.string(), endorsement: z.uuid() })

/** `endorsement.deliver` {school, endorsement}: brings it, or its end, to the foundation. */
export function endorsementTasks(deps: DeliverDeps): Tasks {
  return {
    'endorsement.deliver': async (payload) => {
      const { school, endorsement } = EndorsementRef.parse(payload)
      await deliverEndorsement(deps, { school, id: endorsement })
    },
  }
}
