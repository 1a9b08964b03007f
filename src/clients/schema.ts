import { z } from 'zod'
import { listOf, ListQuery } from '../http/list.ts'
import { PersonNamePart } from '../i18n/names.ts'
import { handoverParts } from './handover.ts'

export const ClientRef = z.strictObject({ id: z.uuid().toLowerCase() })
export const ClientQuery = ListQuery

/** A new client and the coaches who work with the client from today. */
export const NewClient = z.strictObject({
  givenName: PersonNamePart,
  familyName: PersonNamePart,
  language: z.enum(['fi', 'sv', 'en']).default('fi'),
  coachIds: z.array(z.uuid().toLowerCase()).max(20).default([]),
})
export type NewClient = z.infer<typeof NewClient>

/** A client as staff of the own foundation see them. */
export const Client = z.object({
  id: z.uuid(),
  givenName: z.string(),
  familyName: z.string(),
  language: z.enum(['fi', 'sv', 'en']),
})
export type Client = z.infer<typeof Client>

export const RelationRef = z.strictObject({ id: z.uuid().toLowerCase(), relation: z.uuid().toLowerCase() })
export const StandInRef = z.strictObject({ id: z.uuid().toLowerCase() })

/** A coach begins to work with a client: from a day in Europe/Helsinki on, to a last day or for the time being. */
export const NewRelationBody = z.strictObject({
  coachId: z.uuid().toLowerCase(),
  fromDay: z.iso.date(),
  untilDay: z.iso.date().nullable().default(null),
})

/** A relation, current, coming or ended. No name of the client. */
export const RelationBody = z.object({
  id: z.uuid(),
  coachId: z.uuid(),
  coach: z.string(),
  fromDay: z.string(),
  untilDay: z.string().nullable(),
  standsInFor: z.string().nullable(),
  state: z.enum(['current', 'coming', 'ended']),
})
export type RelationBody = z.infer<typeof RelationBody>
export const RelationList = listOf(RelationBody)

/** Where a client works: a unit, or none. */
export const ClientUnitBody = z.object({
  unitId: z.uuid().nullable(),
  unit: z.string().nullable(),
  fromDay: z.string().nullable(),
  coaches: z.array(z.string()),
})
export type ClientUnitBody = z.infer<typeof ClientUnitBody>
export const MoveToUnitBody = z.strictObject({ unitId: z.uuid().toLowerCase().nullable() })

export const UnitRef = z.strictObject({ id: z.uuid().toLowerCase() })
export const UnitCoachRef = z.strictObject({ id: z.uuid().toLowerCase(), member: z.uuid().toLowerCase() })
export const WorkUnitList = listOf(z.object({ id: z.uuid(), name: z.string(), closedAt: z.string().nullable() }))
/** A coach of a unit, current, coming or ended. */
export const UnitCoachBody = RelationBody.omit({ standsInFor: true })
export type UnitCoachBody = z.infer<typeof UnitCoachBody>
export const UnitCoachList = listOf(UnitCoachBody)

export const NewStandInBody = z.strictObject({
  coachId: z.uuid().toLowerCase(),
  standInId: z.uuid().toLowerCase(),
  fromDay: z.iso.date(),
  untilDay: z.iso.date(),
})
export const StandInBody = z.object({
  id: z.uuid(),
  coachId: z.uuid(),
  standInId: z.uuid(),
  fromDay: z.string(),
  untilDay: z.string(),
  state: z.enum(['current', 'coming', 'ended']),
})
export const StandInList = listOf(StandInBody)

export const NameBody = z.strictObject({ givenName: PersonNamePart, familyName: PersonNamePart })
export const ProtectionBody = z.strictObject({ protected: z.boolean() })

export const NewInvitationBody = z.strictObject({ coachId: z.uuid().toLowerCase() })
export const InvitationBody = z.object({ code: z.string(), expiresAt: z.string() })

/** The client's consent: whether the old foundation is left, and what the new one gets besides name and language. */
export const MoveBody = z.strictObject({
  code: z.string().min(1).max(40),
  purpose: z.enum(['move', 'join']),
  take: z.array(z.enum(handoverParts)).max(3).default([]),
})

export const MergeRef = z.strictObject({ id: z.uuid().toLowerCase(), merge: z.uuid().toLowerCase() })
export const NewMergeBody = z.strictObject({ fromClientId: z.uuid().toLowerCase() })
export const MergeBody = z.object({ id: z.uuid(), mergedAt: z.string(), canBeSplitUntil: z.string() })
export const SplitBody = z.object({ split: z.boolean() })
