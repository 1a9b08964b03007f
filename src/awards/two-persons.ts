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
 * that the badge rests on (DESIGN, The award path 2). What a program did counts as done by whoever made its key: a key is no second person.
 * Null: free to decide.
 */
export function whyNotDecider(
  accountId: string,
  read: Pick<DecisionFacts, 'proposed_by' | 'programs' | 'rule' | 'observations'>,
): 'proposer' | 'only-observer' | null {
  const own = new Set([accountId, ...read.programs])
  if (read.proposed_by !== null && own.has(read.proposed_by)) return 'proposer'
  const tasks = tasksOfRule(read.rule)
  const counted = read.observations.filter((observation) => tasks.has(observation.taskId))
  return counted.length > 0 && counted.every((one) => own.has(one.recordedBy)) ? 'only-observer' : null
}
