import { prepare, UnfitToSign } from '../credentials/issue.ts'
import type { AwardFacts, BadgeClassFacts, Language, Tier } from '../credentials/facts.ts'
import { publicAddresses } from '../credentials/addresses.ts'
import { badgeClass as badgeClassDocument } from '../credentials/ob2/build.ts'
import { checkBadgeClass } from '../credentials/ob2/check.ts'
import { checkSafeJsonLd } from '../credentials/safe-json-ld.ts'
import { messages } from '../i18n/index.ts'
import { Refusal } from '../refusal.ts'
import { drawBadge } from './artwork.ts'
import { renderPng } from './png.ts'
import type { BadgePictureTable } from './tables.ts'
import { pictureWords } from './templates.ts'

export type PictureWanted = {
  readonly template: string
  readonly tier: Tier
  readonly language: Language
  readonly name: string
  readonly nameLines: readonly string[]
  readonly issuerName: string
}

export type DrawnPicture = Omit<BadgePictureTable, 'tenant_id' | 'badge_class_version_id'>

/**
 * Draws the pictures of one badge class version in one language, once, at publishing: nothing in them is about a person. Refuses
 * (`content`) a short name or an issuer's name that does not fit.
 */
export async function drawPictures(wanted: PictureWanted): Promise<DrawnPicture> {
  const { template, tier, language, name, nameLines, issuerName } = wanted
  const words = pictureWords(template, language, tier)
  const input = { template, tier, language, nameLines, issuerName, fullName: name, ...words }
  const svg = drawBadge({ ...input, idPrefix: 'm' })
  return {
    language,
    svg,
    small_svg: drawBadge({ ...input, idPrefix: 's', size: 'small' }),
    png_400: Buffer.from(await renderPng(svg, 400)),
    png_128: Buffer.from(await renderPng(svg, 128)),
    caption: `${messages(language).badges.pictureAlt({ name, issuer: issuerName })} ${words.description}`,
  }
}

/**
 * Builds both credentials of an invented award of this badge class and checks them with JSON Schema, our own member lists and safe-mode
 * JSON-LD, before anybody can be awarded (DESIGN, The award path 6: once per version and language). Refuses with `unfit-to-sign`.
 */
export async function checkPublishable(badgeClass: BadgeClassFacts, now: Date): Promise<void> {
  const { origin, code } = badgeClass.issuer
  const kid = publicAddresses.key(origin, code, 'example')
  try {
    const { credential } = prepare(exampleOf(badgeClass, now), kid)
    // The 2.0 BadgeClass is no part of what `prepare` checks: an award only names its address.
    const faults = [...checkBadgeClass(badgeClassDocument(badgeClass)), ...(await checkSafeJsonLd(credential))]
    if (faults.length > 0) throw new UnfitToSign(faults)
  } catch (error) {
    if (!(error instanceof UnfitToSign)) throw error
    const refusal = new Refusal('unfit-to-sign', `The badge ${badgeClass.slug} cannot be signed: ${error.message}`)
    refusal.cause = error
    throw refusal
  }
}

/** Every member that an award can have is there, so that an award adds values and never terms. */
function exampleOf(badgeClass: BadgeClassFacts, now: Date): AwardFacts {
  const at = new Date(Math.floor(now.getTime() / 1000) * 1000)
  const uuid = (last: number): string => `urn:uuid:00000000-0000-4000-8000-00000000000${last}`
  return {
    badgeClass,
    publicId: `${badgeClass.issuer.code}${'0'.repeat(22)}`,
    credentialId: uuid(1),
    assertionId: uuid(2),
    recipient: { urn: uuid(3), salt: '0'.repeat(32) },
    awardedAt: at,
    validFrom: at,
    validUntil: new Date(at.getTime() + 365 * 24 * 60 * 60 * 1000),
    status: { list: 1, index: 1 },
    evidence: {
      name: messages(badgeClass.language).awards.evidenceName,
      narrative: messages(badgeClass.language).awards.evidenceNarrative({ tasks: [badgeClass.name] }),
    },
  }
}
