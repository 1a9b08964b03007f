import { randomBytes, randomUUID } from 'node:crypto'
import { badgeClassFacts } from '../badges/facts.ts'
import type { AwardFacts, IssuerFacts } from '../credentials/facts.ts'
import { oncePer } from '../credentials/once.ts'
import { messages, pickText } from '../i18n/index.ts'
import type { BadgeFacts, DecisionFacts } from './read.ts'

/** What identifies one new award outside: drawn once, kept with it (DESIGN, Recipient, Public addresses). */
export type AwardIdentity = {
  readonly publicId: string
  readonly credentialId: string
  readonly assertionId: string
  readonly recipient: { readonly urn: string; readonly salt: string }
}

const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** Draws the identity of a new award: 22 random characters behind the tenant's code (131 bits, S-16), fresh urns and a 128-bit salt. */
export function newAwardIdentity(tenant: string): AwardIdentity {
  return {
    publicId: `${tenant}${randomLetters(22)}`,
    credentialId: `urn:uuid:${randomUUID()}`,
    assertionId: `urn:uuid:${randomUUID()}`,
    recipient: { urn: `urn:uuid:${randomUUID()}`, salt: randomBytes(16).toString('hex') },
  }
}

/** So many random letters and digits, each as likely as the others: bytes beyond the last whole round of the alphabet are passed over. */
function randomLetters(count: number): string {
  const bytes = randomBytes(2 * count)
  const wholeRounds = Math.floor(256 / letters.length) * letters.length
  let text = ''
  for (const byte of bytes) {
    if (text.length === count) return text
    if (byte < wholeRounds) text += letters[byte % letters.length]
  }
  return text.length === count ? text : randomLetters(count)
}

/** What all awards of a class say alike. */
type OfClass = Pick<AwardFacts, 'badgeClass' | 'evidence'>

/** By what the issuer is called: one object for all awards, so that what follows from it is worked out once too (decision 16). */
const ofClasses = oncePer((_badge: BadgeFacts) => new Map<string, OfClass>())

function ofClass({ badge, language }: DecisionFacts, issuer: IssuerFacts): OfClass {
  const known = ofClasses(badge)
  const name = JSON.stringify([language, issuer])
  const earlier = known.get(name)
  if (earlier !== undefined) return earlier
  const t = messages(language)
  const wanted = new Set(badge.rule.tasks.map((task) => task.taskKey))
  const tasks = badge.task_names.filter(({ id }) => wanted.has(id)).map((task) => pickText(task.name, language).text)
  const made = {
    badgeClass: badgeClassFacts(badge, issuer, language),
    evidence: { name: t.awards.evidenceName, narrative: t.awards.evidenceNarrative({ tasks }) },
  }
  known.set(name, made)
  return made
}

/** What the badge will say, in its own language. Reads nothing about the person but that the rule was met (DOMAIN §9.3). */
export function awardFacts(
  read: DecisionFacts,
  origin: string,
  tenant: string,
  identity: AwardIdentity,
  times: { readonly awardedAt: Date; readonly validUntil: Date | null },
  status: { readonly list: number; readonly index: number },
): AwardFacts {
  const issuer = { origin, code: tenant, name: read.org_name, url: read.org_url, email: read.org_email }
  return {
    ...ofClass(read, issuer),
    ...identity,
    awardedAt: times.awardedAt,
    validFrom: times.awardedAt,
    ...(times.validUntil ? { validUntil: times.validUntil } : {}),
    status,
  }
}
