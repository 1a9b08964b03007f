import { z } from 'zod'
import { contextAddress } from '../contexts.ts'
import { embeddedEndorsementMembers } from '../endorsement/members.ts'
import { schemaAddress } from '../schemas.ts'
import { address, identityHashText, instantText, language, saltText, text, urnUuid, versionText } from '../shapes.ts'
import { maxEndorsements, ob2Type } from './build.ts'
import { issuerShape, one } from './profile-members.ts'

// The exact members of our OB 3.0 documents: an allow-list, so that nothing else can be signed or published.

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
  endorsement: z.array(embeddedEndorsementMembers).min(1).max(maxEndorsements).optional(),
}

/** An achievement where another document holds it (CONFORMANCE 2.4, 10.2). */
export const achievementObject = z.strictObject(achievementShape)

/** The recipient's e-mail address as its salted hash, when the client asked for it (DESIGN, Recipient; CONFORMANCE 5.2). */
const emailHash = z.strictObject({
  type: z.literal('IdentityObject'),
  hashed: z.literal(true),
  identityHash: identityHashText,
  identityType: z.literal('emailAddress'),
  salt: saltText,
})

type Achievement = z.ZodType<z.output<typeof achievementObject>>

const credentialAround = (achievement: Achievement) =>
  z.strictObject({
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
      identifier: z.tuple([emailHash]).optional(),
      type: one('AchievementSubject'),
      achievement,
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

/** A credential (CONFORMANCE 2, 7.2, 9). */
export const credentialMembers = credentialAround(achievementObject)

/** The same around an achievement that was found right before: that very object. */
export const membersAroundRight = credentialAround(z.custom<z.output<typeof achievementObject>>())

/** An achievement as its address answers it. */
export const achievementMembers = z.strictObject({
  '@context': z.tuple([z.literal(contextAddress.credentials), z.literal(contextAddress.openBadges)]),
  ...achievementShape,
})

/** What `issuer.id` answers (CONFORMANCE T18). */
export const issuerMembers = z.strictObject({
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
