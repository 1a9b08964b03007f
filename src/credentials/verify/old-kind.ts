import { contextAddress } from '../contexts.ts'
import type { JsonObject } from '../json.ts'
import { isJsonObject } from '../json.ts'
import { hasType, listOf } from './members.ts'

/** Context of Open Badges 1.1; 1.0 and 0.5 have none. */
export const openBadges1Context = 'https://w3id.org/openbadges/v1'

export type OldKind = 'ob2' | 'ob1'
export type Ob1Version = '0.5' | '1.0' | '1.1'

/** Is it an Assertion of Open Badges 2.0, or of a version before it? Undefined when it is neither (CONFORMANCE 0, 6.1). */
export function kindOfOld(document: JsonObject): OldKind | undefined {
  const contexts = listOf(document['@context'])
  if (contexts.includes(contextAddress.openBadges2)) return 'ob2'
  const isOld = document['badge'] !== undefined
  if (isOld && contexts.includes(openBadges1Context)) return 'ob1'
  // By type too: 2.0 with damaged contexts is still 2.0, and its own checks say so.
  if (hasType(document, 'Assertion')) return 'ob2'
  return isOld && document['recipient'] !== undefined ? 'ob1' : undefined
}

/** Which of the old versions: 0.5 has its badge inside and does not say where it lies. */
export function ob1VersionOf(document: JsonObject): Ob1Version {
  if (listOf(document['@context']).includes(openBadges1Context)) return '1.1'
  return isJsonObject(document['badge']) && document['verify'] === undefined ? '0.5' : '1.0'
}
