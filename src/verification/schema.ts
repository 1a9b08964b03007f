import { z } from 'zod'
import { isJsonObject, type JsonObject } from '../credentials/json.ts'
import { checkCodes, checkIds, verdictWords } from '../credentials/verdict.ts'

export const longestRecipient = 500
/** Whom the badge is said to be of: an e-mail address, a urn or a URL (CONFORMANCE 5.4). */
const Recipient = z.string().min(1).max(longestRecipient)

/** What a program asks: a badge as object or text, or the address where one lies. */
export const VerificationRequest = z.union(
  [
    z.strictObject({
      // Parsed JSON already: what is in it is for the verifier to say.
      credential: z.union([z.string().min(1), z.custom<JsonObject>(isJsonObject)]),
      recipient: Recipient.optional(),
    }),
    z.strictObject({ url: z.url({ protocol: /^https?$/ }).max(2048), recipient: Recipient.optional() }),
  ],
  { error: 'give either credential (an object or text) or url (http or https), and recipient if you like' },
)
export type VerificationRequest = z.infer<typeof VerificationRequest>

const Text = z.string().optional()

const OneVerdict = z.object({
  verdict: z.enum(verdictWords),
  checks: z
    .array(
      z.object({
        id: z.enum(checkIds),
        outcome: z.enum(['passed', 'failed', 'not-checked']),
        code: z.enum(checkCodes),
        reason: z.string(),
      }),
    )
    .readonly(),
  credential: z
    .object({
      format: z.enum(['ob1-jws', 'ob1-json', 'ob2-jws', 'ob2-json', 'ob3-jwt', 'ob3-json', 'clr-jwt', 'clr-json']),
      id: z.string(),
      name: z.string(),
      description: Text,
      criteria: Text,
      image: Text,
      language: Text,
      issuer: z.object({ id: z.string(), name: Text, host: Text }),
      awardedOn: Text,
      validFrom: Text,
      validUntil: Text,
      tier: Text,
      alignments: z
        .array(z.object({ targetName: z.string(), targetUrl: z.string(), targetCode: Text, targetFramework: Text }))
        .readonly(),
      revocationReason: Text,
      endorsements: z
        .array(
          z.object({
            endorser: z.object({ id: z.string(), name: Text, host: Text }),
            comment: Text,
            on: Text,
          }),
        )
        .readonly()
        .optional(),
    })
    .nullable(),
})

/** The verdict as it is answered; what the badge says is untrusted text. `credentials` are the badges inside a collection, in order. */
export const VerificationBody = OneVerdict.extend({ credentials: z.array(OneVerdict).readonly().optional() })
