import { asTenant } from '../db/connect.ts'
import type { Deps } from '../deps.ts'
import type { Actor, MachineActor } from '../http/actor.ts'
import { Refusal } from '../refusal.ts'
import type { EvidenceRule } from '../badges/evidence-rule.ts'
import { findModule } from './read.ts'
import type { ModuleDetail } from './schema.ts'

export type ModuleSeen = { readonly module: ModuleDetail; readonly rules: ReadonlyMap<string, EvidenceRule> }

/**
 * A module of the asker's own foundation. What a task looks like at each support level is told to those only who guide the work (DOMAIN
 * §9.2). Refuses with `not-found`, the same for another foundation's module.
 */
export async function getModule(deps: Pick<Deps, 'db'>, actor: Actor | MachineActor, id: string): Promise<ModuleSeen> {
  const read = await asTenant(deps.db, actor.tenant, async (trx) => await findModule(trx, actor.tenant, id))
  if (!read) throw new Refusal('not-found', 'There is no such module')
  const tasks = seesSupport(actor) ? read.tasks : read.tasks.map(({ supportCriteria: _support, ...task }) => task)
  const { requirements } = read.detail
  const covered = requirements.filter((one) => one.coveredBy.length > 0).length
  return {
    module: { ...read.detail, tasks: [...tasks], coverage: { total: requirements.length, covered } },
    rules: read.rules,
  }
}

function seesSupport(actor: Actor | MachineActor): boolean {
  return (
    actor.kind === 'staff' && actor.roles.some((role) => ['coach', 'coordinator', 'foundation_lead'].includes(role))
  )
}
