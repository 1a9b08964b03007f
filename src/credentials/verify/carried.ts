import type { Json, JsonObject } from '../json.ts'
import { isJsonList, isJsonObject } from '../json.ts'
import { idOf, listOf, objectOf } from './members.ts'

/** Endorsements in one place of a credential, and the ids of what they may speak of there (CONFORMANCE 6.7). */
export type EndorsedPlace = {
  readonly endorsable: readonly string[]
  readonly embedded: readonly Json[]
  readonly jwts: readonly Json[]
}

function present(ids: readonly (string | undefined)[]): readonly string[] {
  return ids.filter((id) => id !== undefined)
}

function achievementsOf(document: JsonObject): readonly JsonObject[] {
  return listOf(objectOf(document, 'credentialSubject')?.['achievement']).filter(isJsonObject)
}

/** The issuer, the source of the subject, and who made an achievement. */
function profilesOf(document: JsonObject): readonly JsonObject[] {
  const values = [document['issuer'], objectOf(document, 'credentialSubject')?.['source']]
  return [...values, ...achievementsOf(document).map((achievement) => achievement['creator'])].filter(isJsonObject)
}

/** The credentials inside a collection (CONFORMANCE 10.2). */
export function innerCredentials(document: JsonObject): readonly Json[] {
  return listOf(objectOf(document, 'credentialSubject')?.['verifiableCredential'])
}

/** Ids of a credential, its achievements, its profiles, and of the same in the credentials inside it. */
export function everythingNamed(document: JsonObject): readonly string[] {
  const things = [document, ...achievementsOf(document), ...profilesOf(document)]
  const inside = innerCredentials(document).filter(isJsonObject).flatMap(everythingNamed)
  return [...present([idOf(document['issuer']), ...things.map(idOf)]), ...inside]
}

// Most carry none: what one may speak of is looked for only where there is one.
function placeOf(thing: JsonObject, endorsable: (thing: JsonObject) => readonly string[]): readonly EndorsedPlace[] {
  const [embedded, jwts] = [listOf(thing['endorsement']), listOf(thing['endorsementJwt'])]
  return embedded.length + jwts.length === 0 ? [] : [{ endorsable: endorsable(thing), embedded, jwts }]
}

/**
 * Where a credential carries endorsements: in itself, of anything that it names; in an achievement or a profile, of that (CONFORMANCE 6.7).
 * Those in the credentials inside a collection are theirs.
 */
export function endorsedPlaces(document: JsonObject): readonly EndorsedPlace[] {
  const parts = [...achievementsOf(document), ...profilesOf(document)]
  return [
    ...placeOf(document, everythingNamed),
    ...parts.flatMap((part) => placeOf(part, (one) => present([idOf(one)]))),
  ]
}

/** The object in this member, changed; what is no object stays as it is. */
function withPart(whole: JsonObject, member: string, change: (part: JsonObject) => JsonObject): JsonObject {
  const part = whole[member]
  return isJsonObject(part) ? { ...whole, [member]: change(part) } : whole
}

function bare({ endorsement: _theirs, ...own }: JsonObject): JsonObject {
  return own
}

function bareAchievements(subject: JsonObject): JsonObject {
  const strip = (achievement: JsonObject): JsonObject => withPart(bare(achievement), 'creator', bare)
  const { achievement } = subject
  if (!isJsonList(achievement)) return withPart(subject, 'achievement', strip)
  return { ...subject, achievement: achievement.map((one) => (isJsonObject(one) ? strip(one) : one)) }
}

/**
 * A credential without the endorsements that it carries and, of a collection, without the credentials inside: each has a context and a
 * proof of its own and is verified by itself. Taken out only of the places that are looked at, so that nothing can hide elsewhere.
 */
export function withoutCarried(document: JsonObject, isCollection: boolean): JsonObject {
  return withPart(withPart(bare(document), 'issuer', bare), 'credentialSubject', (subject) => {
    const { verifiableCredential, ...own } = withPart(bareAchievements(subject), 'source', bare)
    return isCollection || verifiableCredential === undefined ? own : { ...own, verifiableCredential }
  })
}

/** Is there, anywhere in this value, an object with one of these ids? */
export function holdsId(value: Json, ids: ReadonlySet<string>): boolean {
  if (isJsonList(value)) return value.some((item) => holdsId(item, ids))
  if (!isJsonObject(value)) return false
  const { id } = value
  return (typeof id === 'string' && ids.has(id)) || Object.values(value).some((item) => holdsId(item, ids))
}
