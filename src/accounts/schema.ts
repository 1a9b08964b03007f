import { z } from 'zod'

const Password = z.string().min(1).max(200)
/** A code of the second factor, or a recovery code. */
const FactorCode = z.string().min(1).max(40)

export const StaffSignIn = z.strictObject({
  name: z.string().min(1).max(200),
  password: Password,
  code: FactorCode.optional(),
})
export const CodeSignIn = z.strictObject({ code: z.string().min(1).max(40) })
export const CardSignIn = z.strictObject({ card: z.string().min(1).max(60), pin: z.string().min(1).max(20) })
export const FactorSignIn = z.strictObject({ code: FactorCode })
export const BeginFactor = z.strictObject({ password: Password.optional() })
export const NewPassword = z.strictObject({ password: Password, next: z.string().min(1).max(400) })

/** `wants` says what this token is good for until it is given: nothing else opens (S-17). */
export const Token = z.object({
  token: z.string(),
  expiresIn: z.int(),
  wants: z.enum(['second-factor', 'enrolment']).nullable(),
})
export const FactorKey = z.object({ secret: z.string(), uri: z.string() })
export const FactorSet = Token.extend({ recoveryCodes: z.array(z.string()) })

export const HandedOutCode = z.object({ code: z.string(), expiresAt: z.string() })
/** `address` is what the card's QR code holds; the PIN is told to the client and stands on no paper. */
export const HandedOutCard = z.object({
  card: z.string(),
  address: z.string(),
  pin: z.string(),
  expiresAt: z.string(),
})
export const ClientRef = z.strictObject({ id: z.uuid() })

/** A code or a card that was given for the client who asks (S-15). */
export const HandOuts = z.object({
  data: z.array(
    z.object({
      what: z.enum(['code', 'card']),
      at: z.string(),
      by: z.string(),
      usedAt: z.string().nullable(),
      times: z.int(),
      state: z.enum(['open', 'used', 'ended']),
    }),
  ),
})
