import { z } from 'zod'
import { contextAddress } from '../contexts.ts'
import { embeddedEndorsementMembers } from '../endorsement/members.ts'
import type { Fault } from '../faults.ts'
import { isJsonObject } from '../json.ts'
import type { JsonObject } from '../json.ts'
import { readMembers } from '../member-set.ts'
import { achievementObject } from '../ob3/members.ts'
import { issuerShape, one } from '../ob3/profile-members.ts'
import { checkPrivateText } from '../private-text.ts'
import { checkSchema, schemaAddress } from '../schemas.ts'
import { address, instantText, language, text, urnUuid } from '../shapes.ts'

/** S-26: a collection that no verifier would read is no use to its holder. A little is left for the proof. */
const maxBytes = 1024 * 1024 - 2048

/** What a collection looks at of a credential that it must not touch: that it is one, whose it is, and that it is signed. */
const signedCredential = z.looseObject({
  id: urnUuid,
  type: z.tuple([z.literal('VerifiableCredential'), z.literal('OpenBadgeCredential')]),
  credentialSubject: z.looseObject({ id: urnUuid, achievement: z.looseObject({ id: address }) }),
  proof: z.looseObject({ type: z.literal('DataIntegrityProof') }),
})

const association = z.strictObject({
  type: z.literal('Association'),
  associationType: z.enum(['isPartOf', 'precedes']),
  sourceId: address,
  targetId: address,
})

const identity = z.strictObject({
  type: z.literal('IdentityObject'),
  hashed: z.literal(false),
  identityHash: urnUuid,
  identityType: z.literal('identifier'),
})

const clrMembers = z.strictObject({
  '@context': z.tuple([
    z.literal(contextAddress.credentials),
    z.literal(contextAddress.clr),
    z.literal(contextAddress.openBadges),
    z.literal(contextAddress.openBadgesExtensions),
  ]),
  id: urnUuid,
  type: z.tuple([z.literal('VerifiableCredential'), z.literal('ClrCredential')]),
  name: text,
  inLanguage: language,
  partial: z.literal(true),
  issuer: z.strictObject(issuerShape),
  validFrom: instantText,
  credentialSubject: z.strictObject({
    id: urnUuid,
    type: one('ClrSubject'),
    identifier: z.array(identity).min(1),
    verifiableCredential: z.array(signedCredential).min(1),
    achievement: z.array(achievementObject).min(1).optional(),
    association: z.array(association).min(1).optional(),
  }),
  endorsement: z.array(embeddedEndorsementMembers).min(1).optional(),
  credentialSchema: z.tuple([
    z.strictObject({
      id: z.literal(schemaAddress.clrCredential),
      type: z.literal('1EdTechJsonSchemaValidator2019'),
    }),
  ]),
})

type Clr = z.infer<typeof clrMembers>

const reference = (pointer: string, detail: string): Fault => ({ pointer, code: 'reference', detail })

/** Every association ends at an achievement that is here, and every subject inside is one that the collection names. */
function checkReferences({ credentialSubject: subject, endorsement = [] }: Clr): readonly Fault[] {
  const inner = subject.verifiableCredential
  const achievements = new Set([
    ...inner.map((one) => one.credentialSubject.achievement.id),
    ...(subject.achievement ?? []).map((one) => one.id),
  ])
  const endorsable = new Set([...achievements, ...inner.map((one) => one.id)])
  const named = new Set(subject.identifier.map((one) => one.identityHash))
  return [
    ...(subject.association ?? []).flatMap(({ sourceId, targetId }, place) => {
      const isFound = achievements.has(sourceId) && achievements.has(targetId) && sourceId !== targetId
      const pointer = `/credentialSubject/association/${place}`
      return isFound ? [] : [reference(pointer, 'Does not lead from one achievement here to another')]
    }),
    ...inner.flatMap((one, place) => {
      const pointer = `/credentialSubject/verifiableCredential/${place}/credentialSubject/id`
      return named.has(one.credentialSubject.id) ? [] : [reference(pointer, 'Not a subject that the collection names')]
    }),
    ...endorsement.flatMap((one, place) =>
      endorsable.has(one.credentialSubject.id) ? [] : [reference(`/endorsement/${place}`, 'Endorses nothing here')],
    ),
    ...(new Set(inner.map((one) => one.id)).size < inner.length
      ? [reference('/credentialSubject/verifiableCredential', 'One credential twice')]
      : []),
  ]
}

/** The words of the collection itself: what others signed was looked at before they did. */
function checkOwnText(document: JsonObject): readonly Fault[] {
  const { endorsement: _theirs, credentialSubject: subject, issuer, ...own } = document
  const { verifiableCredential: _signed, ...ownSubject } = isJsonObject(subject) ? subject : {}
  const email = isJsonObject(issuer) ? issuer['email'] : undefined
  return checkPrivateText({ ...own, issuer: issuer ?? null, credentialSubject: ownSubject }, email)
}

/**
 * Faults of a collection of ours before a key is used (S-24): the specification's JSON Schema, the exact members we write, contexts in
 * order, associations and subjects, size, texts (CONFORMANCE 10.1–10.4; S-26). Safe-mode JSON-LD is part of its signing.
 */
export function checkClr(document: JsonObject): readonly Fault[] {
  const members = readMembers(clrMembers, document)
  const isTooLarge = Buffer.byteLength(JSON.stringify(document)) > maxBytes
  return [
    ...(isTooLarge ? [{ pointer: '', code: 'shape', detail: 'Larger than a verifier reads' } as const] : []),
    ...(checkSchema(schemaAddress.clrCredential, document) ?? []),
    ...(members.right ? checkReferences(members.document) : members.faults),
    ...checkOwnText(document),
  ]
}
