import type { Json, JsonObject } from '../json.ts'
import { isJsonObject } from '../json.ts'
import type { CredentialSummary } from '../verdict.ts'
import { didWebAddress } from './did.ts'
import { idOf, listOf, objectOf, textOf } from './members.ts'
import { periodOf } from './vc.ts'
import { httpUrl } from './world.ts'

/** Nothing that is shown beside a verdict needs to be longer (CONFORMANCE 6.11). */
export const maxText = 5000

/** The members with a value; an absent one is left out instead of being undefined. */
export function present<K extends string>(
  members: Readonly<Record<K, string | undefined>>,
): { readonly [M in K]?: string } {
  const found: { [M in K]?: string } = {}
  for (const name in members) {
    const value = members[name]
    if (value !== undefined) found[name] = value.slice(0, maxText)
  }
  return found
}

/** Whose host an issuer's id names: its address, or that of its did:web. */
function hostOf(id: string): string | undefined {
  return httpUrl(didWebAddress(id) ?? id)?.host
}

function issuerOf(value: Json | undefined): CredentialSummary['issuer'] {
  const id = idOf(value) ?? ''
  const name = isJsonObject(value) ? textOf(value, 'name') : undefined
  return { id, ...present({ name, host: hostOf(id) }) }
}

function alignmentsOf(value: Json | undefined): CredentialSummary['alignments'] {
  return listOf(value)
    .filter(isJsonObject)
    .slice(0, 100)
    .map((one) => ({
      targetName: (textOf(one, 'targetName') ?? '').slice(0, maxText),
      targetUrl: textOf(one, 'targetUrl') ?? '',
      ...present({ targetCode: textOf(one, 'targetCode'), targetFramework: textOf(one, 'targetFramework') }),
    }))
}

function narrativeOf(value: Json | undefined): string | undefined {
  if (!isJsonObject(value)) return idOf(value)
  return textOf(value, 'narrative') ?? textOf(value, 'id')
}

/** The name of the achieved level of a rubric: tier, in our badges (CONFORMANCE 9.3). */
function tierOf(subject: JsonObject, achievement: JsonObject): string | undefined {
  const achieved = listOf(subject['result'])
    .filter(isJsonObject)
    .map((result) => textOf(result, 'achievedLevel'))
  const levels = listOf(achievement['resultDescription'])
    .filter(isJsonObject)
    .flatMap((description) => listOf(description['rubricCriterionLevel']))
    .filter(isJsonObject)
  const level = levels.find((one) => achieved.includes(textOf(one, 'id')))
  return level === undefined ? undefined : textOf(level, 'name')
}

// By the identity of the parsed document (see `readBytes`).
const told = new WeakMap<JsonObject, CredentialSummary>()

/** What an OB 3.0 credential says, for showing beside the verdict (CONFORMANCE 6.9, 6.11). Nothing here is trusted. */
export function summaryOfOb3(document: JsonObject, format: 'ob3-jwt' | 'ob3-json'): CredentialSummary {
  const earlier = told.get(document)
  if (earlier?.format === format) return earlier
  const summary = summariseOb3(document, format)
  told.set(document, summary)
  return summary
}

function summariseOb3(document: JsonObject, format: 'ob3-jwt' | 'ob3-json'): CredentialSummary {
  const subject = objectOf(document, 'credentialSubject') ?? {}
  const achievement = objectOf(subject, 'achievement') ?? {}
  const { from, until } = periodOf(document)
  const name = textOf(document, 'name') ?? textOf(achievement, 'name') ?? ''
  return {
    format,
    id: textOf(document, 'id') ?? '',
    name: name.slice(0, maxText),
    issuer: issuerOf(document['issuer']),
    alignments: alignmentsOf(achievement['alignment']),
    ...present({
      description: textOf(achievement, 'description'),
      criteria: narrativeOf(achievement['criteria']),
      image: idOf(achievement['image']),
      language: textOf(document, 'inLanguage') ?? textOf(achievement, 'inLanguage'),
      awardedOn: textOf(document, 'awardedDate') ?? textOf(document, from),
      validFrom: textOf(document, from),
      validUntil: textOf(document, until),
      tier: tierOf(subject, achievement),
    }),
  }
}

/** What a collection says of itself; what is inside has summaries of its own. Nothing here is trusted. */
export function summaryOfClr(document: JsonObject, format: 'clr-jwt' | 'clr-json'): CredentialSummary {
  const { from, until } = periodOf(document)
  return {
    format,
    id: textOf(document, 'id') ?? '',
    name: (textOf(document, 'name') ?? '').slice(0, maxText),
    issuer: issuerOf(document['issuer']),
    alignments: [],
    ...present({
      description: textOf(document, 'description'),
      language: textOf(document, 'inLanguage'),
      awardedOn: textOf(document, 'awardedDate') ?? textOf(document, from),
      validFrom: textOf(document, from),
      validUntil: textOf(document, until),
    }),
  }
}

/** Who endorses, when, and in which words (CONFORMANCE 9.6). Nothing here is trusted. */
export function endorsementSummary(document: JsonObject): NonNullable<CredentialSummary['endorsements']>[number] {
  const subject = objectOf(document, 'credentialSubject') ?? {}
  const on = textOf(document, 'awardedDate') ?? textOf(document, periodOf(document).from)
  return {
    endorser: issuerOf(document['issuer']),
    ...present({ comment: textOf(subject, 'endorsementComment'), on }),
  }
}

/** What an OB 2.0 Assertion and, as far as they were read, its BadgeClass and Profile say. Nothing here is trusted. */
export function summaryOfOb2(
  assertion: JsonObject,
  badgeClass: JsonObject = {},
  profile?: JsonObject,
): CredentialSummary {
  return {
    format: 'ob2-jws',
    id: textOf(assertion, 'id') ?? '',
    name: (textOf(badgeClass, 'name') ?? '').slice(0, maxText),
    issuer: issuerOf(profile ?? badgeClass['issuer']),
    alignments: alignmentsOf(badgeClass['alignment']),
    ...present({
      description: textOf(badgeClass, 'description'),
      criteria: narrativeOf(badgeClass['criteria']),
      image: idOf(assertion['image']) ?? idOf(badgeClass['image']),
      language: textOf(badgeClass, '@language'),
      awardedOn: textOf(assertion, 'issuedOn'),
      validFrom: textOf(assertion, 'issuedOn'),
      validUntil: textOf(assertion, 'expires'),
    }),
  }
}
