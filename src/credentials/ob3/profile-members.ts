import { z } from 'zod'
import { address, email, text } from '../shapes.ts'

/** A type as it stands in our documents: a list of one (CONFORMANCE 2.2, T2). */
export const one = <T extends string>(type: T): z.ZodTuple<[z.ZodLiteral<T>], null> => z.tuple([z.literal(type)])

/** The exact members of an issuer in our OB 3.0 documents (CONFORMANCE 2.3, 9.9). */
export const issuerShape = {
  id: address,
  type: one('Profile'),
  name: text,
  url: address,
  email,
  otherIdentifier: z.tuple([
    z.strictObject({
      type: z.literal('IdentifierEntry'),
      identifier: address,
      identifierType: z.literal('identifier'),
    }),
  ]),
}
