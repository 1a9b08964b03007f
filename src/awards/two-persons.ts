import type { EvidenceRule } from '../badges/evidence-rule.ts'
import type { DecisionFacts } from './read.ts'

/** The work that a badge's rule looks at: its own tasks and those that its requirements name. */
export function tasksOfRule(rule: EvidenceRule): ReadonlySet<string> {
  return new Set([
    ...rule.tasks.map((task) => task.taskKey),
    ...rule.requirements.flatMap((requirement) => requirement.tasks),
  ])
}

/**
 * Why a member of staff must leave the decision to somebody else: the decider is neither the proposer nor the only observer of the work
 * that the badge rests on (DESIGN, The award path 2). Null: free to decide.
 */
export function whyNotDecider(
  accountId: string,
  read: Pick<DecisionFacts, 'proposed_by' | 'rule' | 'observations'>,
): 'proposer' | 'only-observer' | null {
  if (read.proposed_by === accountId) return 'proposer'
  const tasks = tasksOfRule(read.rule)
  const counted = read.observations.filter((observation) => tasks.has(observation.taskId))
  return counted.length > 0 && counted.every((one) => one.recordedBy === accountId) ? 'only-observer' : null
}
