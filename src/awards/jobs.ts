import { z } from 'zod'
import type { Tasks } from '../jobs/runner.ts'
import { type EmbedDeps, embedProof } from './embed.ts'

const AwardRef = z.object({ tenant: z.string(), award: z.uuid() })

/** `award.embed` {tenant, award}: adds the form with the embedded proof. */
export function awardTasks(deps: EmbedDeps): Tasks {
  return {
    'award.embed': async (payload) => {
      const { tenant, award } = AwardRef.parse(payload)
      await embedProof(deps, { tenant, id: award })
    },
  }
}
