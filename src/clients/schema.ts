import { z } from 'zod'
import { ListQuery } from '../http/list.ts'
import { PersonNamePart } from '../i18n/names.ts'

export const ClientRef = z.strictObject({ id: z.uuid() })
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
