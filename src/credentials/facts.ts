import type { JsonObject } from './json.ts'

/**
 * What a badge says, before any format. A support level, a name or anything else about the person is not here and must never come
 * here (DESIGN, Rules that settle disputes; DOMAIN §9.3).
 */
export type Language = 'fi' | 'sv' | 'en'
/** Tier (taso): how demanding the work is, low to high. */
export const tiers = ['basic', 'advanced', 'master'] as const
export type Tier = (typeof tiers)[number]
/** What a badge covers: one or a few tasks (taito), a module (moduuli), a whole qualification unit (kokonaisuus). */
export type Scope = 'task' | 'module' | 'unit'

/** The organisation that signs. `code` is its fixed 4-character code; all its addresses follow from origin and code. */
export type IssuerFacts = {
  /** PUBLIC_ORIGIN without a trailing slash: `https://host` or `http://localhost:4000`. */
  readonly origin: string
  readonly code: string
  readonly name: string
  readonly url: string
  readonly email: string
}

/** One unit of a qualification that the badge points to (CONFORMANCE 1.12, 9.1). Always a unit, never a single requirement. */
export type AlignmentFacts = {
  /** Name of the unit in the badge's language, or the nearest there is. */
  readonly targetName: string
  /** Public page of the criteria. */
  readonly targetUrl: string
  /** Name of the qualification criteria with its diary number. */
  readonly targetFramework: string
  /** `tutkinnonosat_NNNNNN`. */
  readonly targetCode: string
  readonly targetDescription?: string
}

/** One version of a badge class in one language (CONFORMANCE 9.7: one achievement for each language). */
export type BadgeClassFacts = {
  readonly issuer: IssuerFacts
  readonly slug: string
  readonly version: number
  readonly language: Language
  /** All languages this version exists in; the others become `related`. */
  readonly languages: readonly Language[]
  readonly name: string
  readonly description: string
  /** Public criteria in words, markdown-free plain text. */
  readonly criteria: string
  readonly tier: Tier
  /** The three tiers in the badge's language, low to high. */
  readonly tierNames: Readonly<Record<Tier, string>>
  /** The word for "tier" in the badge's language. */
  readonly tierLabel: string
  readonly scope: Scope
  readonly alignments: readonly AlignmentFacts[]
  /** Sentence for people who cannot see the picture. */
  readonly imageCaption: string
  /** Signed EndorsementCredentials of this achievement, just as their endorsers signed them (CONFORMANCE 9.6). */
  readonly endorsements?: readonly JsonObject[]
}

/** One award. All instants have whole seconds (CONFORMANCE 3.4). */
export type AwardFacts = {
  readonly badgeClass: BadgeClassFacts
  /** Public award id `{a}`: the 4-character code and 22 random characters. */
  readonly publicId: string
  /** `urn:uuid:…` of the OB 3.0 credential and of the signed OB 2.0 Assertion; two different ones (CONFORMANCE 9.9). */
  readonly credentialId: string
  readonly assertionId: string
  /** DESIGN, Recipient: a fresh `urn:uuid:` for each award and the salt (128 random bits, as hex) for the 2.0 identity hash. */
  readonly recipient: { readonly urn: string; readonly salt: string }
  readonly awardedAt: Date
  /** When this signing's bytes begin to hold; equal to `awardedAt` unless the award was re-signed (CONFORMANCE 2.7). */
  readonly validFrom: Date
  readonly validUntil?: Date
  /** Place in the issuer's bitstring status list (CONFORMANCE 7.2). */
  readonly status: { readonly list: number; readonly index: number }
  /** What the award rests on, in words without persons, levels or numbers of tries. */
  readonly evidence: { readonly name: string; readonly narrative: string }
}
