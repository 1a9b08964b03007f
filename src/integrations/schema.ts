import { z } from 'zod'
import { ListQuery } from '../http/list.ts'
import { scopes } from '../http/scopes.ts'
import { Name } from '../i18n/names.ts'

export const ApiKeyRef = z.strictObject({ id: z.uuid().toLowerCase() })
export const ApiKeyQuery = ListQuery

export const keyModes = ['test', 'live'] as const

/** A new key: what it is for, where it acts, what it may do, and how long (S-13: a year at most). */
export const NewApiKey = z.strictObject({
  name: Name,
  mode: z.enum(keyModes),
  scopes: z
    .array(z.enum(scopes))
    .min(1)
    .max(scopes.length)
    .refine((given) => new Set(given).size === given.length, 'name each scope once'),
  expiresInDays: z.int().min(1).max(365).default(90),
})
export type NewApiKey = z.infer<typeof NewApiKey>

/** A key as it is listed: never the key itself. */
export const ApiKey = z.object({
  id: z.uuid(),
  name: z.string(),
  mode: z.enum(keyModes),
  /** Code of the organisation in which the key acts. */
  organisation: z.string(),
  scopes: z.array(z.enum(scopes)),
  state: z.enum(['active', 'expired', 'revoked']),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable(),
  revokedAt: z.iso.datetime().nullable(),
})
export type ApiKey = z.infer<typeof ApiKey>

/** The only answer that holds the key. */
export const MadeApiKey = ApiKey.extend({ key: z.string() })

/** RFC 6749 §4.4.2. What is not known here is passed over (§3.2). */
export const TokenRequest = z.object({ grant_type: z.string().optional(), scope: z.string().max(1000).optional() })

/** RFC 6749 §5.1. */
export const TokenAnswer = z.object({
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  expires_in: z.int(),
  scope: z.string(),
})
