import type { AlignmentFacts, BadgeClassFacts, IssuerFacts, Language, Scope, Tier } from '../credentials/facts.ts'
import type { JsonObject } from '../credentials/json.ts'
import { messages, pickText } from '../i18n/index.ts'
import type { Text } from '../qualifications/tables.ts'
import type { StoredAlignment } from './tables.ts'

/** A badge class version as it is stored, with the caption of its picture in the wanted language. */
export type StoredBadgeClass = {
  readonly slug: string
  readonly scope: Scope
  readonly version: number
  readonly tier: Tier
  readonly name: Text
  readonly description: Text
  readonly criteria: Text
  readonly languages: readonly Language[]
  readonly alignments: readonly StoredAlignment[]
  readonly caption: string
  /** Signed endorsements of it in this language (CONFORMANCE 9.6). */
  readonly endorsements?: readonly JsonObject[]
}

/** What a badge class says in one language: the same for its own address and for every award of it. */
export function badgeClassFacts(stored: StoredBadgeClass, issuer: IssuerFacts, language: Language): BadgeClassFacts {
  const t = messages(language)
  const word = (texts: Text): string => pickText(texts, language).text
  return {
    issuer,
    slug: stored.slug,
    version: stored.version,
    language,
    languages: stored.languages,
    name: word(stored.name),
    description: word(stored.description),
    criteria: word(stored.criteria),
    tier: stored.tier,
    tierNames: { basic: t.tier.basic, advanced: t.tier.advanced, master: t.tier.master },
    tierLabel: t.tier.word,
    scope: stored.scope,
    alignments: stored.alignments.map((alignment) => alignmentFacts(alignment, language)),
    imageCaption: stored.caption,
    ...(stored.endorsements === undefined || stored.endorsements.length === 0
      ? {}
      : { endorsements: stored.endorsements }),
  }
}

function alignmentFacts(stored: StoredAlignment, language: Language): AlignmentFacts {
  return {
    targetName: pickText(stored.targetName, language).text,
    targetUrl: stored.targetUrl,
    targetFramework: pickText(stored.targetFramework, language).text,
    targetCode: stored.targetCode,
  }
}
