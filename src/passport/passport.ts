import { type ApplicationView, type AwardView, listApplications, listAwards } from '../awards/list.ts'
import { asTenant } from '../db/connect.ts'
import type { Deps } from '../deps.ts'
import type { ClientActor } from '../http/actor.ts'
import { dayInHelsinki } from '../i18n/index.ts'
import { readBadgeReadiness } from '../progress/readiness.ts'
import type { Text } from '../qualifications/tables.ts'
import { type BadgePath, pathOf } from './badge-path.ts'
import { nearestFirst, type NextStep, nextStepOf } from './next-step.ts'
import { type Standing, standingOf, stands } from './standing.ts'
import { listSkillRows, type SkillRow } from './store.ts'

export type PassportDeps = Pick<Deps, 'db' | 'vault' | 'now'>

/** Passport (osaamispassi): what its holder can do, the next step, the way, the badges. For its holder only: support levels are in it. */
export type Passport = {
  readonly step: NextStep
  readonly path: BadgePath | undefined
  readonly skills: readonly SkillRow[]
  /** Every award, newest first. */
  readonly awards: readonly AwardView[]
  /** Waiting for the holder's answer. */
  readonly offered: readonly AwardView[]
  readonly proposals: readonly ApplicationView[]
  /** Taken, valid now. */
  readonly held: readonly AwardView[]
  /** Everything applied for or proposed, oldest first. */
  readonly applications: readonly ApplicationView[]
  readonly standings: readonly Standing[]
  /** Those of the badges that are not held, the nearest first. */
  readonly nearest: readonly Standing[]
  readonly taskNames: ReadonlyMap<string, Text>
}

/** Reads the passport of the client who asks, as it is now. */
export async function readPassport(deps: PassportDeps, actor: ClientActor): Promise<Passport> {
  const { tenant, clientId } = actor
  const now = deps.now()
  const applications = await listApplications(deps, actor, dayInHelsinki(now))
  const { readiness, skills, awards } = await asTenant(deps.db, tenant, async (trx) => ({
    readiness: await readBadgeReadiness(trx, tenant, [clientId], now),
    skills: await listSkillRows(trx, tenant, clientId),
    awards: await listAwards(trx, tenant, clientId),
  }))
  const proposals = applications.filter(({ state }) => state === 'proposed')
  const offered = awards.filter((award) => award.state === 'offered' && stands(award, now))
  const standings = readiness.of(clientId).map((one) => standingOf(one, { awards, applications }, now))
  const doneTasks = new Set(skills.filter(({ coach }) => coach).map(({ taskId }) => taskId))
  const step = nextStepOf(standings, offered, proposals, doneTasks)
  return {
    step,
    path: pathOf(standings, step, awards),
    skills,
    awards,
    offered,
    proposals,
    held: awards.filter((award) => award.state === 'accepted' && stands(award, now)),
    applications,
    standings,
    nearest: nearestFirst(standings, doneTasks),
    taskNames: readiness.taskNames,
  }
}
