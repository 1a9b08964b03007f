import { z } from 'zod'
import type { Deps } from '../deps.ts'
import type { Tasks } from '../jobs/runner.ts'
import { type EmbedDeps, embedProof } from './embed.ts'
import { signAllHeads } from './history-head.ts'
import { resignOlder } from './resign-older.ts'

const AwardRef = z.object({ tenant: z.string(), award: z.uuid() })

const TenantRef = z.object({ tenant: z.string() })

/**
 * `award.embed` {tenant, award}: adds the form with the embedded proof. `awards.resign` {tenant}: signs badges of a compromised key anew.
 * `history.heads`: signs the head of every tenant's history, hourly (S-31).
 */
export function awardTasks(deps: EmbedDeps & Pick<Deps, 'log'>): Tasks {
  return {
    'award.embed': async (payload) => {
      const { tenant, award } = AwardRef.parse(payload)
      await embedProof(deps, { tenant, id: award })
    },
    'awards.resign': async (payload) => {
      const { tenant } = TenantRef.parse(payload)
      const { resigned, later, differing } = await resignOlder(deps, tenant)
      // How many; which ones `npm run check:awards` tells.
      const counts = { resigned, later: later.length, differing: differing.length }
      deps.log.info({ tenant, ...counts }, 'badges of a compromised key were signed anew')
    },
    'history.heads': async () => await signAllHeads(deps),
  }
}
