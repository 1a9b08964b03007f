import { z } from 'zod'
import { contextAddress } from '../contexts.ts'
import type { Fault } from '../faults.ts'
import { isJsonObject } from '../json.ts'
import type { JsonObject } from '../json.ts'
import { checkMembers, readMembers } from '../member-set.ts'
import { checkPrivateText } from '../private-text.ts'
import { checkSchema, schemaAddress } from '../schemas.ts'
import { address, email, instantText, language, text, urnUuid, versionText } from '../shapes.ts'
import { ob2Type } from './build.ts'

const one = <T extends string>(type: T): z.ZodTuple<[z.ZodLiteral<T>], null> => z.tuple([z.literal(type)])

const issuerShape = {
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

const alignment = z.strictObject({
  type: one('Alignment'),
  targetName: text,
  targetUrl: address,
  targetDescription: text.optional(),
  targetFramework: text,
  targetCode: text,
  targetType: z.literal('ext:TutkinnonOsa'),
})

const rubricLevel = z.strictObject({
  id: address,
  type: one('RubricCriterionLevel'),
  name: text,
  level: z.enum(['basic', 'advanced', 'master']),
  points: z.enum(['1', '2', '3']),
})

const achievementShape = {
  id: address,
  type: one('Achievement'),
  achievementType: z.enum(['Competency', 'MicroCredential']),
  name: text,
  description: text,
  criteria: z.strictObject({ id: address, narrative: text }),
  image: z.strictObject({ id: address, type: z.literal('Image'), caption: text }),
  inLanguage: language,
  version: versionText,
  alignment: z.array(alignment).min(1).optional(),
  related: z
    .array(
      z.strictObject({
        id: address,
        type: z.union([one('Related'), z.tuple([z.literal('Related'), z.literal(ob2Type.badgeClass)])]),
        inLanguage: language,
        version: versionText,
      }),
    )
    .min(1),
  resultDescription: z.tuple([
    z.strictObject({
      id: address,
      type: one('ResultDescription'),
      name: text,
      resultType: z.literal('RubricCriterionLevel'),
      rubricCriterionLevel: z.tuple([rubricLevel, rubricLevel, rubricLevel]),
      requiredLevel: address,
    }),
  ]),
}

const credentialMembers = z.strictObject({
  '@context': z.tuple([
    z.literal(contextAddress.credentials),
    z.literal(contextAddress.openBadges),
    z.literal(contextAddress.openBadgesExtensions),
  ]),
  id: urnUuid,
  type: z.tuple([z.literal('VerifiableCredential'), z.literal('OpenBadgeCredential')]),
  name: text,
  inLanguage: language,
  issuer: z.strictObject(issuerShape),
  validFrom: instantText,
  validUntil: instantText.optional(),
  awardedDate: instantText,
  credentialSubject: z.strictObject({
    id: urnUuid,
    type: one('AchievementSubject'),
    achievement: z.strictObject(achievementShape),
    result: z.tuple([z.strictObject({ type: one('Result'), resultDescription: address, achievedLevel: address })]),
  }),
  evidence: z.tuple([
    z.strictObject({ type: one('Evidence'), name: text, narrative: text }),
    z.strictObject({
      id: urnUuid,
      type: z.tuple([z.literal('Evidence'), z.literal(ob2Type.assertion)]),
      name: z.literal('Open Badges 2.0'),
    }),
  ]),
  credentialStatus: z.strictObject({
    id: address,
    type: z.literal('BitstringStatusListEntry'),
    statusPurpose: z.literal('revocation'),
    statusListIndex: z.string().regex(/^(0|[1-9]\d{0,5})$/, 'Not a place in the list'),
    statusListCredential: address,
  }),
  credentialSchema: z.tuple([
    z.strictObject({
      id: z.literal(schemaAddress.achievementCredential),
      type: z.literal('1EdTechJsonSchemaValidator2019'),
    }),
  ]),
})

const achievementMembers = z.strictObject({
  '@context': z.tuple([z.literal(contextAddress.credentials), z.literal(contextAddress.openBadges)]),
  ...achievementShape,
})

const issuerMembers = z.strictObject({
  '@context': z.tuple([
    z.literal(contextAddress.credentials),
    z.literal(contextAddress.openBadges),
    z.literal(contextAddress.controlledIdentifiers),
  ]),
  ...issuerShape,
  verificationMethod: z.array(
    z.strictObject({
      id: address,
      type: z.literal('Multikey'),
      controller: address,
      publicKeyMultibase: z.string().regex(/^z6Mk[1-9A-HJ-NP-Za-km-z]+$/, 'Not an Ed25519 Multikey'),
      revoked: instantText.optional(),
    }),
  ),
  assertionMethod: z.array(address),
})

const reference = (pointer: string, detail: string): Fault => ({ pointer, code: 'reference', detail })

function checkReferences(document: z.infer<typeof credentialMembers>): readonly Fault[] {
  const { issuer, credentialSubject, credentialStatus: status } = document
  const { achievement, result } = credentialSubject
  const [scale] = achievement.resultDescription
  const levels = scale.rubricCriterionLevel.map((level) => level.id)
  const list = status.statusListCredential
  const found: (Fault | false)[] = [
    result[0].resultDescription !== scale.id &&
      reference('/credentialSubject/result/0/resultDescription', 'Not a result description of this achievement'),
    !levels.includes(result[0].achievedLevel) &&
      reference('/credentialSubject/result/0/achievedLevel', 'Not a level of this achievement'),
    !levels.includes(scale.requiredLevel) &&
      reference('/credentialSubject/achievement/resultDescription/0/requiredLevel', 'Not a level of this achievement'),
    !achievement.id.startsWith(`${issuer.id}/badges/`) &&
      reference('/credentialSubject/achievement/id', 'The achievement is not of this issuer'),
    !list.startsWith(`${issuer.id}/status/`) &&
      reference('/credentialStatus/statusListCredential', 'The status list is not of this issuer'),
    status.id !== `${list}#${status.statusListIndex}` &&
      reference('/credentialStatus/id', 'Not the address of this place in the list'),
    Number(status.statusListIndex) >= 131_072 &&
      reference('/credentialStatus/statusListIndex', 'Outside the status list'),
    document.inLanguage !== achievement.inLanguage &&
      reference('/inLanguage', 'The credential and its achievement are in different languages'),
    new Set([document.id, credentialSubject.id, document.evidence[1].id]).size < 3 &&
      reference('/id', 'Credential, recipient and 2.0 Assertion need ids of their own'),
    document.validUntil !== undefined &&
      document.validUntil <= document.validFrom && {
        pointer: '/validUntil',
        code: 'date',
        detail: 'Ends before it begins',
      },
    document.awardedDate > document.validFrom && {
      pointer: '/awardedDate',
      code: 'date',
      detail: 'Awarded after it begins to hold',
    },
  ]
  return found.filter((fault) => fault !== false)
}

/**
 * Faults of an OB 3.0 credential of ours, before a key is used (S-24): the specification's JSON Schema, the exact members we
 * write, contexts in order, dates, arrays, identifiers and what they refer to, texts (CONFORMANCE 2, 7.2, 9, T1, T2, T8).
 */
export function checkCredential(document: JsonObject): readonly Fault[] {
  const members = readMembers(credentialMembers, document)
  return [
    ...(checkSchema(schemaAddress.achievementCredential, document) ?? []),
    ...(members.right ? checkReferences(members.document) : members.faults),
    ...checkPrivateText(document, isJsonObject(document['issuer']) ? document['issuer']['email'] : undefined),
  ]
}

/** Faults of an achievement as its address answers it (CONFORMANCE 2.4, 9.1–9.7). */
export function checkAchievement(document: JsonObject): readonly Fault[] {
  return [...checkMembers(achievementMembers, document), ...checkPrivateText(document)]
}

/** Faults of the issuer document: Profile schema, exact members, texts (CONFORMANCE 2.3, T18). */
export function checkIssuerDocument(document: JsonObject): readonly Fault[] {
  return [
    ...(checkSchema(schemaAddress.profile, document) ?? []),
    ...checkMembers(issuerMembers, document),
    ...checkPrivateText(document, document['email']),
  ]
}
