import { publicAddresses } from '../addresses.ts'
import { contextAddress } from '../contexts.ts'
import { tiers } from '../facts.ts'
import type { AlignmentFacts, AwardFacts, BadgeClassFacts, IssuerFacts, Scope, Tier } from '../facts.ts'
import { instant } from '../instant.ts'
import type { JsonObject } from '../json.ts'
import { oncePer } from '../once.ts'
import { schemaAddress } from '../schemas.ts'

/** Extra types that tie a 3.0 document to its 2.0 counterpart (CONFORMANCE 9.9). */
export const ob2Type = {
  badgeClass: 'https://w3id.org/openbadges#BadgeClass',
  assertion: 'https://w3id.org/openbadges#Assertion',
} as const

/** A verifier asks for each endorser's document, and for no more than eight things in all (S-46). */
export const maxEndorsements = 4

// A foundation awards competence, never a certificate or a diploma (CONFORMANCE 9.2).
const achievementTypes: Readonly<Record<Scope, string>> = {
  task: 'Competency',
  module: 'Competency',
  unit: 'MicroCredential',
}

/** The issuer as a Profile object, without keys (CONFORMANCE 2.3, 9.9). */
export const issuerProfile = oncePer((issuer: IssuerFacts): JsonObject => {
  return {
    id: publicAddresses.issuer(issuer.origin, issuer.code),
    type: ['Profile'],
    name: issuer.name,
    url: issuer.url,
    email: issuer.email,
    otherIdentifier: [
      {
        type: 'IdentifierEntry',
        identifier: publicAddresses.issuerOb2(issuer.origin, issuer.code),
        identifierType: 'identifier',
      },
    ],
  }
})

/** Address of an achievement: one version of a badge class in one language. */
export function achievementAddress(facts: BadgeClassFacts, language = facts.language): string {
  return publicAddresses.achievement(facts.issuer.origin, facts.issuer.code, facts.slug, facts.version, language)
}

function alignment(facts: AlignmentFacts): JsonObject {
  const { targetName, targetUrl, targetFramework, targetCode, targetDescription } = facts
  return {
    type: ['Alignment'],
    targetName,
    targetUrl,
    ...(targetDescription === undefined ? {} : { targetDescription }),
    targetFramework,
    targetCode,
    targetType: 'ext:TutkinnonOsa', // CONFORMANCE 9.1: neither a CASE nor a CTDL item
  }
}

function tierLevelId(achievementId: string, tier: Tier): string {
  return `${achievementId}#tier-${tier}`
}

// The three tiers low to high; which one is held is the result (CONFORMANCE 9.3).
function tierScale(facts: BadgeClassFacts, achievementId: string): JsonObject {
  return {
    id: `${achievementId}#tier`,
    type: ['ResultDescription'],
    name: facts.tierLabel,
    resultType: 'RubricCriterionLevel',
    rubricCriterionLevel: tiers.map((tier, place) => ({
      id: tierLevelId(achievementId, tier),
      type: ['RubricCriterionLevel'],
      name: facts.tierNames[tier],
      level: tier,
      points: String(place + 1),
    })),
    requiredLevel: tierLevelId(achievementId, facts.tier),
  }
}

function related(facts: BadgeClassFacts): readonly JsonObject[] {
  const { issuer, slug, version, language } = facts
  const others = facts.languages.filter((other) => other !== language)
  return [
    ...others.map((other) => ({
      id: achievementAddress(facts, other),
      type: ['Related'],
      inLanguage: other,
      version: String(version),
    })),
    {
      id: publicAddresses.badgeClassOb2(issuer.origin, issuer.code, slug, version, language),
      type: ['Related', ob2Type.badgeClass],
      inLanguage: language,
      version: String(version),
    },
  ]
}

/** The achievement as it stands inside a credential (CONFORMANCE 2.4, 9.1–9.3, 9.7, 9.9): one object for all awards of the same facts. */
export const achievement = oncePer((facts: BadgeClassFacts): JsonObject => {
  const { issuer, slug, version, language } = facts
  const id = achievementAddress(facts)
  return {
    id,
    type: ['Achievement'],
    achievementType: achievementTypes[facts.scope],
    name: facts.name,
    description: facts.description,
    criteria: { id, narrative: facts.criteria },
    image: {
      id: publicAddresses.badgePicture(issuer.origin, issuer.code, slug, version, language, 'png'),
      type: 'Image',
      caption: facts.imageCaption,
    },
    inLanguage: language,
    version: String(version),
    ...(facts.alignments.length === 0 ? {} : { alignment: facts.alignments.map(alignment) }),
    related: related(facts),
    resultDescription: [tierScale(facts, id)],
    ...(facts.endorsements === undefined || facts.endorsements.length === 0 ? {} : { endorsement: facts.endorsements }),
  }
})

/** The achievement as its own address answers it: the same with its context. */
export function achievementDocument(facts: BadgeClassFacts): JsonObject {
  return { '@context': [contextAddress.credentials, contextAddress.openBadges], ...achievement(facts) }
}

function credentialSubject(facts: AwardFacts): JsonObject {
  const id = achievementAddress(facts.badgeClass)
  return {
    id: facts.recipient.urn,
    type: ['AchievementSubject'],
    achievement: achievement(facts.badgeClass),
    result: [
      { type: ['Result'], resultDescription: `${id}#tier`, achievedLevel: tierLevelId(id, facts.badgeClass.tier) },
    ],
  }
}

/** One BitstringStatusListEntry, purpose revocation (CONFORMANCE 7.2, 7.6). */
export function statusEntry(issuer: IssuerFacts, status: AwardFacts['status']): JsonObject {
  const list = publicAddresses.statusList(issuer.origin, issuer.code, status.list)
  return {
    id: `${list}#${status.index}`,
    type: 'BitstringStatusListEntry',
    statusPurpose: 'revocation',
    statusListIndex: String(status.index),
    statusListCredential: list,
  }
}

/**
 * The OB 3.0 credential of one award, without proof or claims (CONFORMANCE 2.1–2.8, 9). The third context is what defines
 * `1EdTechJsonSchemaValidator2019` (CONFORMANCE 2.6).
 */
export function credential(facts: AwardFacts): JsonObject {
  const { badgeClass } = facts
  return {
    '@context': [contextAddress.credentials, contextAddress.openBadges, contextAddress.openBadgesExtensions],
    id: facts.credentialId,
    type: ['VerifiableCredential', 'OpenBadgeCredential'],
    name: badgeClass.name,
    inLanguage: badgeClass.language,
    issuer: issuerProfile(badgeClass.issuer),
    validFrom: instant(facts.validFrom),
    ...(facts.validUntil === undefined ? {} : { validUntil: instant(facts.validUntil) }),
    awardedDate: instant(facts.awardedAt),
    credentialSubject: credentialSubject(facts),
    evidence: [
      { type: ['Evidence'], name: facts.evidence.name, narrative: facts.evidence.narrative },
      { id: facts.assertionId, type: ['Evidence', ob2Type.assertion], name: 'Open Badges 2.0' },
    ],
    credentialStatus: statusEntry(badgeClass.issuer, facts.status),
    credentialSchema: [{ id: schemaAddress.achievementCredential, type: '1EdTechJsonSchemaValidator2019' }],
  }
}
