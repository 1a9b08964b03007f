import { z } from 'zod'
import { hasIdentityCode } from '../clients/identity-code.ts'

/** The school's words: why it endorses. Read by everybody who reads the badge; no personal identity code in them (DOMAIN §9.5). */
export const Comment = z
  .string()
  .trim()
  .min(10)
  .max(1000)
  .refine((words) => !hasIdentityCode(words), { message: 'Leave out the personal identity code' })

/** As long as a signed badge's text may be (S-26). */
const longestBadge = 100_000

/**
 * What a school endorses: a badge's description by its address (`/o/…/badges/…`), or an award that it was shown, by its public address or as
 * the signed text itself. Having the signed text is being shown it.
 */
export const NewEndorsement = z.strictObject({ badge: z.string().trim().min(1).max(longestBadge), comment: Comment })
export type NewEndorsement = z.infer<typeof NewEndorsement>

export const EndorsementRef = z.strictObject({ id: z.uuid() })

/** An endorsement as the API tells it. */
export const EndorsementBody = z.object({
  id: z.uuid(),
  /** Where the signed document is answered: of an award only while its holder shows the badge publicly. */
  address: z.string(),
  subject: z.object({
    kind: z.enum(['achievement', 'award']),
    id: z.string(),
    name: z.string(),
    organisation: z.string(),
  }),
  language: z.enum(['fi', 'sv', 'en']),
  comment: z.string(),
  givenAt: z.string(),
  withdrawnAt: z.string().nullable(),
})
export type EndorsementBody = z.infer<typeof EndorsementBody>
