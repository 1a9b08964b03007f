import { z } from 'zod'
import { ApplicationBody, AwardAnswerBody } from '../awards/schema.ts'
import { supportLevels } from '../badges/evidence-rule.ts'

export const OwnBadgeRef = z.strictObject({ id: z.uuid() })
export const BadgeFileRef = OwnBadgeRef.extend({ file: z.enum(['png', 'svg', 'jwt', 'json', 'jws']) })

const Steps = z.object({ done: z.int(), of: z.int() })

/** The next step in codes: what the card on top of the page says. */
const NextStepBody = z.object({
  kind: z.enum(['answer', 'proposal', 'task', 'badge', 'wait', 'nothing']),
  awardId: z.uuid().nullable(),
  applicationId: z.uuid().nullable(),
  badgeClassId: z.uuid().nullable(),
  taskId: z.uuid().nullable(),
  progress: Steps.nullable(),
  /** The client's own view of the task is missing. */
  assess: z.boolean(),
  mayApply: z.boolean(),
})

/** Where the client stands with one badge. */
const StandingBody = z.object({
  badgeClassId: z.uuid(),
  slug: z.string(),
  name: z.string(),
  tier: z.string(),
  scope: z.string(),
  languages: z.array(z.enum(['fi', 'sv', 'en'])),
  /** On the client's way; null for a badge of another module. */
  path: z.enum(['done', 'current', 'next', 'later']).nullable(),
  met: z.boolean(),
  mayApply: z.boolean(),
  missingSteps: z.int(),
  progress: Steps.nullable(),
})

/** The passport as its holder reads it. The only answer with support levels that the client gets, and only the own ones (S-12). */
export const PassportBody = z.object({
  nextStep: NextStepBody,
  badgeClasses: z.array(StandingBody),
  skills: z.array(
    z.object({
      taskId: z.uuid(),
      name: z.string(),
      ownView: z.object({ choice: z.int().nullable(), at: z.string() }).nullable(),
      coachView: z.object({ supportLevel: z.enum(supportLevels), observedOn: z.string() }).nullable(),
    }),
  ),
  awards: z.array(AwardAnswerBody),
  applications: z.array(ApplicationBody),
})
export type PassportBody = z.infer<typeof PassportBody>
