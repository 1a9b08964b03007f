import { z } from 'zod'

/** How long a link works, as ISO 8601 durations: 1 hour, 1, 7 or 30 days (PRODUCT A4), in hours. */
export const lifetimes = { PT1H: 1, P1D: 24, P7D: 168, P30D: 720 } as const
export type Lifetime = keyof typeof lifetimes

/** The names of the lifetimes, shortest first. */
export const lifetimeNames = ['PT1H', 'P1D', 'P7D', 'P30D'] as const satisfies readonly Lifetime[]

export const NewShare = z.strictObject({
  awardIds: z.array(z.uuid()).min(1).max(100),
  lifetime: z.enum(lifetimeNames),
})
export type NewShare = z.infer<typeof NewShare>

export const ShareRef = z.strictObject({ id: z.uuid() })

/** The tenant's code and 128 random bits (S-16). Anything else was never a link. */
export const ShareToken = z.object({ token: z.string().max(100) })

/** A share as its owner sees it. The link is told once, when it is made: only a digest of it is kept. */
export const ShareBody = z.object({
  id: z.uuid(),
  awardIds: z.array(z.uuid()),
  madeAt: z.iso.datetime(),
  endsAt: z.iso.datetime(),
  closedAt: z.iso.datetime().nullable(),
  state: z.enum(['open', 'closed', 'ended']),
  openings: z.object({ count: z.int(), last: z.iso.datetime().nullable() }),
})
export type ShareBody = z.infer<typeof ShareBody>

export const NewShareBody = ShareBody.extend({ url: z.url() })

/** What whoever holds the link gets when it asks for JSON: whose badges, and each as it is judged at this moment. */
export const OpenedShareBody = z.object({
  holder: z.object({ givenName: z.string(), familyName: z.string() }),
  endsAt: z.iso.datetime(),
  badges: z.array(
    z.object({
      name: z.string(),
      issuerName: z.string(),
      awardedAt: z.iso.datetime(),
      verdict: z.string(),
      /** The signed badge (OB 3.0 as VC-JWT), to be checked anywhere. */
      credential: z.string(),
    }),
  ),
})
export type OpenedShareBody = z.infer<typeof OpenedShareBody>
