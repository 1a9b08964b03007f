import { z } from 'zod'
import { statedReasons } from '../audit/record.ts'
import { supportLevels } from '../badges/evidence-rule.ts'
import { hasIdentityCode } from '../clients/identity-code.ts'

export const AwardId = z.uuid().brand('AwardId')
export type AwardId = z.infer<typeof AwardId>
export const ApplicationId = z.uuid().brand('ApplicationId')
export type ApplicationId = z.infer<typeof ApplicationId>

const Language = z.enum(['fi', 'sv', 'en'])
/** Words to the client: why, or what is missing. No personal identity code in them (DOMAIN §9.5). */
export const Reason = z
  .string()
  .trim()
  .min(3)
  .max(2000)
  .refine((words) => !hasIdentityCode(words), { message: 'Leave out the personal identity code' })

const outcome = z.enum(['award', 'return', 'reject'])
const hasItsReason = (decision: { readonly outcome: string; readonly reason?: string | undefined }): boolean =>
  decision.outcome === 'award' || decision.reason !== undefined
const needsReason = { path: ['reason'], message: 'Say what is missing, or why: the client reads it' }

/** A coordinator's decision (DESIGN, The award path 1). Returning and rejecting say why; an award needs no reason. */
export const Decision = z.strictObject({ outcome, reason: Reason.optional() }).refine(hasItsReason, needsReason)
export type Decision = z.infer<typeof Decision>

const RowDecision = z
  .strictObject({ id: ApplicationId, outcome, reason: Reason.optional() })
  .refine(hasItsReason, needsReason)

/** Many at once: each row is decided for itself (DESIGN, The award path 1). */
export const Decisions = z.strictObject({ decisions: z.array(RowDecision).min(1).max(1000) })
export type Decisions = z.infer<typeof Decisions>
export const DecisionsQuery = z.strictObject({ dryRun: z.enum(['true', 'false']).default('false') })

export const ApplicationRef = z.strictObject({ id: ApplicationId })
export const AwardRef = z.strictObject({ id: AwardId })

/** Why a lead has to see the support levels behind an application. */
export const LevelLook = z.strictObject({ reason: z.enum(statedReasons) })
export const SeenLevels = z.object({
  data: z.array(z.object({ taskId: z.uuid(), observedOn: z.iso.date(), supportLevel: z.enum(supportLevels) })),
})

export const NewApplication = z.strictObject({ badgeClassId: z.uuid(), language: Language.optional() })
export const NewProposal = z.strictObject({ clientId: z.uuid(), badgeClassId: z.uuid() })
export const ProposalAnswer = z.strictObject({ agree: z.boolean(), language: Language.optional() })
export const AwardAnswer = z.strictObject({ accept: z.boolean() })
export const AwardVisibility = z.strictObject({ public: z.boolean() })
/** As it is hashed: trimmed and in lower case (CONFORMANCE 5.4). */
export const EmailAddress = z.string().trim().toLowerCase().max(254).pipe(z.email())
/** The e-mail address whose hash the badge shall carry; null for none (DESIGN, Recipient). */
export const NewRecipient = z.strictObject({ email: EmailAddress.nullable() })
export const RecipientBody = z.object({ recipient: z.enum(['email', 'urn']) })

export const revocationReasons = ['issued-in-error', 'evidence-corrected', 'misuse', 'holder-asked'] as const
/** `reason` is public; `note` stays in the foundation and with the client. */
export const Revocation = z.strictObject({ reason: z.enum(revocationReasons), note: Reason.optional() })
export type Revocation = z.infer<typeof Revocation>

/** An award as the API tells it. No support level, no name. */
export const AwardAnswerBody = z.object({
  id: z.uuid(),
  publicId: z.string(),
  clientId: z.uuid(),
  badgeClassId: z.uuid(),
  badgeClass: z.object({ slug: z.string(), version: z.int(), name: z.string(), tier: z.string(), scope: z.string() }),
  cycle: z.int(),
  language: Language,
  state: z.enum(['offered', 'accepted', 'declined']),
  revoked: z.object({ at: z.string(), reason: z.enum(revocationReasons) }).nullable(),
  public: z.boolean(),
  awardedAt: z.string(),
  validUntil: z.string().nullable(),
  credentialId: z.string(),
  assertionId: z.string(),
})
export type AwardAnswerBody = z.infer<typeof AwardAnswerBody>

export const applicationStates = [
  'proposed',
  'submitted',
  'withdrawn',
  'declined',
  'returned',
  'rejected',
  'awarded',
] as const

export const Decided = z.object({
  application: z.object({ id: z.uuid(), state: z.enum(applicationStates) }),
  award: z.object({ id: z.uuid(), publicId: z.string() }).nullable(),
})
export type Decided = z.infer<typeof Decided>

/** What became of one row of many: the status that the row alone would have had, and why when it was refused. */
export const DecidedRow = z.object({
  row: z.int(),
  id: z.uuid(),
  status: z.int(),
  state: z.enum(applicationStates).nullable(),
  award: Decided.shape.award,
  problem: z
    .object({ code: z.string(), detail: z.string(), facts: z.record(z.string(), z.unknown()).optional() })
    .nullable(),
})
export type DecidedRow = z.infer<typeof DecidedRow>
export const DecidedRows = z.object({ dryRun: z.boolean(), data: z.array(DecidedRow) })

export const Applied = z.object({ id: z.uuid(), state: z.enum(applicationStates) })

/** An application as the API tells it: ids and states, no name and no support level. */
export const ApplicationBody = z.object({
  id: z.uuid(),
  clientId: z.uuid(),
  badgeClass: z.object({
    id: z.uuid(),
    slug: z.string(),
    version: z.int(),
    name: z.string(),
    tier: z.string(),
    scope: z.string(),
  }),
  state: z.enum(applicationStates),
  language: Language,
  proposed: z.boolean(),
  createdAt: z.string(),
  submittedAt: z.string().nullable(),
  decidedAt: z.string().nullable(),
  awardId: z.uuid().nullable(),
})
export type ApplicationBody = z.infer<typeof ApplicationBody>

/** What the decider is shown before deciding (S-15). `by` is the member of staff concerned. */
export const Mark = z.object({
  kind: z.enum(['opened-by-code', 'same-browser', 'recorded-late', 'corrected']),
  act: z.enum(['application', 'self-assessment', 'observation']),
  by: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  day: z.string().nullable(),
})
export type Mark = z.infer<typeof Mark>

export const ApplicationDetail = ApplicationBody.extend({ marks: z.array(Mark) })

export const RevokedBody = z.object({ awardId: z.uuid(), at: z.string(), reason: z.enum(revocationReasons) })
