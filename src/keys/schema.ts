import { z } from 'zod'
import { ListQuery } from '../http/list.ts'
import { startReasons, stopReasons } from './issuing-switch.ts'

export const KeyQuery = ListQuery
export const KeyRef = z.strictObject({ kid: z.string().min(1).max(80) })

const Algorithm = z.enum(['RS256', 'ES256', 'EdDSA'])

/** A signing key as an administrator sees it: never its private half (S-12). */
export const SigningKeyBody = z.object({
  kid: z.string(),
  algorithm: Algorithm,
  state: z.enum(['active', 'retired', 'compromised']),
  createdAt: z.iso.datetime(),
  retiredAt: z.iso.datetime().nullable(),
  compromisedAt: z.iso.datetime().nullable(),
})
export type SigningKeyBody = z.infer<typeof SigningKeyBody>

/** `instead` names the key that is to be replaced: sent twice, it is replaced once. */
export const NewRotation = z.strictObject({
  algorithm: Algorithm,
  instead: z
    .string()
    .regex(/^[a-z0-9-]{1,80}$/)
    .optional(),
})
export const RotatedBody = z.object({
  algorithm: Algorithm,
  kid: z.string(),
  retired: z.string(),
  /** False: another act had replaced it already. */
  created: z.boolean(),
})

export const NewCompromise = z.strictObject({ since: z.iso.datetime({ offset: true }) })
export const CompromisedBody = z.object({
  kid: z.string(),
  algorithm: Algorithm,
  since: z.iso.datetime(),
  replacedBy: z.string().nullable(),
  /** False: that was known already. */
  changed: z.boolean(),
})

/** The stop switch (S-25), turned with a reason. */
export const TurnSwitch = z.discriminatedUnion('stopped', [
  z.strictObject({ stopped: z.literal(true), reason: z.enum(stopReasons) }),
  z.strictObject({ stopped: z.literal(false), reason: z.enum(startReasons) }),
])
export const SwitchBody = z.object({
  stopped: z.boolean(),
  since: z.iso.datetime().nullable(),
  stoppedForAll: z.boolean(),
})
export type SwitchBody = z.infer<typeof SwitchBody>
