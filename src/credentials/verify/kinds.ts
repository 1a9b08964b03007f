import type { JsonObject } from '../json.ts'
import { isJsonObject } from '../json.ts'
import { schemaAddress } from '../schemas.ts'
import type { Check } from '../verdict.ts'
import { failed } from './checks.ts'
import { hasType, listOf, objectOf, textOf } from './members.ts'

/** What one kind of credential asks beyond what every verifiable credential must be: a badge, an endorsement, a collection. */
export type CredentialKind = {
  /** It has at least one of these, beside `VerifiableCredential`. */
  readonly types: readonly string[]
  /** The contexts that follow the W3C's, in this order (CONFORMANCE T1); others may come after them. */
  readonly contexts: readonly RegExp[]
  /** Address of its bundled JSON Schema. */
  readonly schema: string
  /** What its subject must be; undefined when it is right. */
  readonly checkSubject: (subject: JsonObject) => Check | undefined
  /** It holds other credentials, each verified by itself. */
  readonly isCollection?: boolean
}

/** Every published version of the Open Badges 3.0 context. */
export const openBadgesContext = /^https:\/\/purl\.imsglobal\.org\/spec\/ob\/v3p0\/context(?:-3\.\d\.\d)?\.json$/

/** Does the subject say whom it is about? The JSON Schema does not hold this (CONFORMANCE 2.4). */
export function checkIdentified(subject: JsonObject): Check | undefined {
  const isIdentified = textOf(subject, 'id') !== undefined || listOf(subject['identifier']).some(isJsonObject)
  return isIdentified ? undefined : failed('structure', 'subject-not-identified')
}

function checkAchievementSubject(subject: JsonObject): Check | undefined {
  const anonymous = checkIdentified(subject)
  if (anonymous !== undefined) return anonymous
  if (!hasType(subject, 'AchievementSubject')) return failed('structure', 'type-wrong', { member: 'credentialSubject' })
  if (objectOf(subject, 'achievement') === undefined) {
    return failed('structure', 'member-missing', { member: 'achievement' })
  }
  return undefined
}

/** A badge (CONFORMANCE 2.1, 2.4). */
export const achievementKind: CredentialKind = {
  types: ['OpenBadgeCredential', 'AchievementCredential'],
  contexts: [openBadgesContext],
  schema: schemaAddress.achievementCredential,
  checkSubject: checkAchievementSubject,
}
