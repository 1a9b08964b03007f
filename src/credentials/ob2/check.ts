import { z } from 'zod'
import { contextAddress } from '../contexts.ts'
import type { Fault } from '../faults.ts'
import { isJsonObject } from '../json.ts'
import type { JsonObject } from '../json.ts'
import { checkMembers, readMembers } from '../member-set.ts'
import { checkPrivateText } from '../private-text.ts'
import {
  address,
  email,
  identityHashText,
  instantText,
  language,
  saltText,
  text,
  urnUuid,
  versionText,
} from '../shapes.ts'

const context = z.literal(contextAddress.openBadges2)

const assertionMembers = z.strictObject({
  '@context': context,
  type: z.literal('Assertion'),
  id: z.union([urnUuid, address]),
  recipient: z.strictObject({
    type: z.enum(['url', 'email']),
    hashed: z.literal(true),
    salt: saltText,
    identity: identityHashText,
  }),
  badge: address,
  verification: z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('SignedBadge'), creator: address }),
    z.strictObject({ type: z.literal('HostedBadge') }),
  ]),
  issuedOn: instantText,
  expires: instantText.optional(),
  evidence: z.tuple([
    z.strictObject({ type: z.literal('Evidence'), name: text, narrative: text }),
    z.strictObject({
      type: z.literal('Evidence'),
      id: urnUuid,
      name: z.literal('Open Badges 3.0'),
      genre: z.literal('OpenBadgeCredential'),
    }),
  ]),
})

const badgeClassMembers = z.strictObject({
  '@context': context,
  type: z.literal('BadgeClass'),
  id: address,
  '@language': language,
  version: versionText,
  name: text,
  description: text,
  image: address,
  criteria: z.strictObject({ id: address, narrative: text }),
  issuer: address,
  alignment: z
    .array(
      z.strictObject({
        type: z.literal('AlignmentObject'),
        targetName: text,
        targetUrl: address,
        targetDescription: text.optional(),
        targetFramework: text,
        targetCode: text,
      }),
    )
    .min(1)
    .optional(),
  related: z
    .array(z.strictObject({ type: z.literal('BadgeClass'), id: address, '@language': language, version: versionText }))
    .min(1)
    .optional(),
})

const profileMembers = z.strictObject({
  '@context': context,
  type: z.literal('Profile'),
  id: address,
  name: text,
  url: address,
  email,
  publicKey: z.array(address),
  revocationList: address,
  verification: z.strictObject({
    type: z.literal('VerificationObject'),
    allowedOrigins: z.array(text).length(1),
    startsWith: z.array(address).length(1),
  }),
})

const keyMembers = z.strictObject({
  '@context': context,
  type: z.literal('CryptographicKey'),
  id: address,
  owner: address,
  // A private half has another heading.
  publicKeyPem: z
    .string()
    .regex(/^-----BEGIN PUBLIC KEY-----\n[A-Za-z0-9+/=\n]+-----END PUBLIC KEY-----\n$/, 'Not a public key'),
})

function checkAssertionDates(document: JsonObject): readonly Fault[] {
  const { issuedOn, expires } = document
  if (typeof issuedOn !== 'string' || typeof expires !== 'string' || issuedOn < expires) return []
  return [{ pointer: '/expires', code: 'date', detail: 'The badge would end before it begins' }]
}

// A signed Assertion is named by a urn, a hosted one by the address that serves it (CONFORMANCE 1.4, 1.7).
function checkAssertionId(document: JsonObject): readonly Fault[] {
  const { id, verification } = document
  const isHosted = isJsonObject(verification) && verification['type'] === 'HostedBadge'
  const isUrn = typeof id === 'string' && id.startsWith('urn:')
  if (isHosted !== isUrn) return []
  return [{ pointer: '/id', code: 'reference', detail: 'The id does not fit the way the Assertion is verified' }]
}

/** Faults of an OB 2.0 Assertion, signed or hosted: exact members, dates, identifiers, texts (CONFORMANCE 1, 5.1). */
export function checkAssertion(document: JsonObject): readonly Fault[] {
  return [
    ...checkMembers(assertionMembers, document),
    ...checkAssertionDates(document),
    ...checkAssertionId(document),
    ...checkPrivateText(document),
  ]
}

/** Faults of an OB 2.0 BadgeClass (CONFORMANCE 1.1, 1.3, 1.12). */
export function checkBadgeClass(document: JsonObject): readonly Fault[] {
  return [...checkMembers(badgeClassMembers, document), ...checkPrivateText(document)]
}

/** Faults of an OB 2.0 Profile (CONFORMANCE 1.1, 1.8). */
export function checkIssuerProfile(document: JsonObject): readonly Fault[] {
  return [...checkMembers(profileMembers, document), ...checkPrivateText(document, document['email'])]
}

/** Faults of an OB 2.0 CryptographicKey: exact members, and its owner is the issuer whose key it is (CONFORMANCE 1.8). */
export function checkCryptographicKey(document: JsonObject): readonly Fault[] {
  const members = readMembers(keyMembers, document)
  if (!members.right) return members.faults
  const { id, owner } = members.document
  if (id.startsWith(`${owner.replace(/\/ob2$/, '')}/keys/`)) return []
  return [{ pointer: '/owner', code: 'reference', detail: 'The key is not of this issuer' }]
}
