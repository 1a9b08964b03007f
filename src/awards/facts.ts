import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import { badgeClassFacts } from '../badges/facts.ts'
import type { AwardFacts } from '../credentials/facts.ts'
import { messages, pickText } from '../i18n/index.ts'
import type { DecisionFacts } from './read.ts'

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
  const random = Array.from({ length: 22 }, () => letters[randomInt(letters.length)]).join('')
  return {
    publicId: `${tenant}${random}`,
    credentialId: `urn:uuid:${randomUUID()}`,
    assertionId: `urn:uuid:${randomUUID()}`,
    recipient: { urn: `urn:uuid:${randomUUID()}`, salt: randomBytes(16).toString('hex') },
  }
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
  const { language } = read
  const t = messages(language)
  const word = (texts: Readonly<Record<string, string>>): string => pickText(texts, language).text
  const wanted = new Set(read.rule.tasks.map((task) => task.taskKey))
  const issuer = { origin, code: tenant, name: read.org_name, url: read.org_url, email: read.org_email }
  const tasks = read.task_names.filter((task) => wanted.has(task.id)).map((task) => word(task.name))
  return {
    badgeClass: badgeClassFacts(read, issuer, language),
    ...identity,
    awardedAt: times.awardedAt,
    validFrom: times.awardedAt,
    ...(times.validUntil ? { validUntil: times.validUntil } : {}),
    status,
    evidence: { name: t.awards.evidenceName, narrative: t.awards.evidenceNarrative({ tasks }) },
  }
}
