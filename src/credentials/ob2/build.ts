import { createHash } from 'node:crypto'
import { publicAddresses } from '../addresses.ts'
import { contextAddress } from '../contexts.ts'
import type { AlignmentFacts, AwardFacts, BadgeClassFacts, IssuerFacts } from '../facts.ts'
import { instant } from '../instant.ts'
import type { JsonObject } from '../json.ts'
import type { PublishedKey } from '../keys.ts'
import { publicJwk } from '../keys.ts'

const context = contextAddress.openBadges2

/** Address of the CryptographicKey that goes with a key's address (CONFORMANCE 1.8). */
export function ob2KeyAddress(kid: string): string {
  return `${kid}/ob2`
}

/** `sha256$` and the hash of the identifier with the salt behind it (CONFORMANCE 5.1). */
export function identityHash(identifier: string, salt: string): string {
  return `sha256$${createHash('sha256').update(`${identifier}${salt}`, 'utf8').digest('hex')}`
}

/** Keys that sign OB 2.0 badges and may still be trusted: active and retired, RSA only (CONFORMANCE 1.7, S-22). */
function trustedRsaKeys(keys: readonly PublishedKey[]): readonly PublishedKey[] {
  return keys.filter((key) => key.alg === 'RS256' && key.revoked === undefined)
}

/** The OB 2.0 Profile of an issuer with its active and retired keys (CONFORMANCE 1.1, 1.8, 1.9). */
export function issuerProfile(issuer: IssuerFacts, keys: readonly PublishedKey[]): JsonObject {
  const { origin, code } = issuer
  return {
    '@context': context,
    type: 'Profile',
    id: publicAddresses.issuerOb2(origin, code),
    name: issuer.name,
    url: issuer.url,
    email: issuer.email,
    publicKey: trustedRsaKeys(keys).map((key) => ob2KeyAddress(key.kid)),
    revocationList: publicAddresses.revokedOb2(origin, code),
    // All foundations share one host: hosted badges of this one begin with its own code (CONFORMANCE 1.4).
    verification: {
      type: 'VerificationObject',
      allowedOrigins: [new URL(origin).host],
      startsWith: [publicAddresses.award(origin, code)],
    },
  }
}

/**
 * The public half of a key as OB 2.0 wants it, naming its owner (CONFORMANCE 1.8). A compromised one has no `publicKeyPem`, so that plain
 * readers find no key; it tells since when, and keeps the key for who can tell which badges are older (S-22).
 */
export function cryptographicKey(issuer: IssuerFacts, key: PublishedKey): JsonObject {
  const { revoked, publicKey } = key
  return {
    '@context': context,
    type: 'CryptographicKey',
    id: ob2KeyAddress(key.kid),
    owner: publicAddresses.issuerOb2(issuer.origin, issuer.code),
    ...(revoked === undefined
      ? { publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString() }
      : { revoked: instant(revoked), publicKeyJwk: publicJwk(publicKey) }),
  }
}

function alignment(facts: AlignmentFacts): JsonObject {
  const { targetName, targetUrl, targetFramework, targetCode, targetDescription } = facts
  return {
    type: 'AlignmentObject',
    targetName,
    targetUrl,
    ...(targetDescription === undefined ? {} : { targetDescription }),
    targetFramework,
    targetCode,
  }
}

/** The OB 2.0 BadgeClass of one version in one language (CONFORMANCE 1.1, 1.3, 1.11, 1.12). */
export function badgeClass(facts: BadgeClassFacts): JsonObject {
  const { issuer, slug, version, language } = facts
  const others = facts.languages.filter((other) => other !== language)
  return {
    '@context': context,
    type: 'BadgeClass',
    id: publicAddresses.badgeClassOb2(issuer.origin, issuer.code, slug, version, language),
    '@language': language,
    version: String(version),
    name: facts.name,
    description: facts.description,
    image: publicAddresses.badgePicture(issuer.origin, issuer.code, slug, version, language, 'png'),
    criteria: {
      id: publicAddresses.achievement(issuer.origin, issuer.code, slug, version, language),
      narrative: facts.criteria,
    },
    issuer: publicAddresses.issuerOb2(issuer.origin, issuer.code),
    // An empty array says nothing and some readers refuse it (CONFORMANCE 2.2 for 3.0; the same here).
    ...(facts.alignments.length === 0 ? {} : { alignment: facts.alignments.map(alignment) }),
    ...(others.length === 0
      ? {}
      : {
          related: others.map((other) => ({
            type: 'BadgeClass',
            id: publicAddresses.badgeClassOb2(issuer.origin, issuer.code, slug, version, other),
            '@language': other,
            version: String(version),
          })),
        }),
  }
}

function assertionWith(facts: AwardFacts, id: string, verification: JsonObject): JsonObject {
  const { issuer, slug, version, language } = facts.badgeClass
  const { urn, salt } = facts.recipient
  return {
    '@context': context,
    type: 'Assertion',
    id,
    recipient: { type: 'url', hashed: true, salt, identity: identityHash(urn, salt) },
    badge: publicAddresses.badgeClassOb2(issuer.origin, issuer.code, slug, version, language),
    verification,
    issuedOn: instant(facts.awardedAt),
    ...(facts.validUntil === undefined ? {} : { expires: instant(facts.validUntil) }),
    evidence: [
      { type: 'Evidence', name: facts.evidence.name, narrative: facts.evidence.narrative },
      // The OB 3.0 credential of the same award (CONFORMANCE 9.9).
      { type: 'Evidence', id: facts.credentialId, name: 'Open Badges 3.0', genre: 'OpenBadgeCredential' },
    ],
  }
}

/** The signed Assertion: payload of the OB 2.0 JWS. `creator` is the address of the CryptographicKey (CONFORMANCE 1.7, 1.10, 5.1). */
export function signedAssertion(facts: AwardFacts, creator: string): JsonObject {
  return assertionWith(facts, facts.assertionId, { type: 'SignedBadge', creator })
}

/** The hosted Assertion, made when the client publishes the badge (CONFORMANCE 1.4). */
export function hostedAssertion(facts: AwardFacts): JsonObject {
  const id = publicAddresses.awardOb2(facts.badgeClass.issuer.origin, facts.publicId)
  return assertionWith(facts, id, { type: 'HostedBadge' })
}

/** One revoked award as the lists show it: ids and a general reason only (DOMAIN 9.4). */
export type RevokedAward = { readonly credentialId: string; readonly assertionId: string; readonly reason?: string }

/** The OB 2.0 RevocationList (CONFORMANCE 1.9). */
export function revocationList(issuer: IssuerFacts, revoked: readonly RevokedAward[]): JsonObject {
  return {
    '@context': context,
    type: 'RevocationList',
    id: publicAddresses.revokedOb2(issuer.origin, issuer.code),
    issuer: publicAddresses.issuerOb2(issuer.origin, issuer.code),
    revokedAssertions: revoked.map((award) => ({
      id: award.assertionId,
      ...(award.reason === undefined ? {} : { revocationReason: award.reason }),
    })),
  }
}
