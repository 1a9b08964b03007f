import { contextAddress, isBundledContext } from '../contexts.ts'
import type { Json, JsonObject } from '../json.ts'
import { isJsonList, isJsonObject } from '../json.ts'
import { checkSchema, isBundledSchema, schemaAddress } from '../schemas.ts'
import type { Check } from '../verdict.ts'
import { failed, notChecked, passed } from './checks.ts'
import { withoutCarried } from './carried.ts'
import type { CredentialKind } from './kinds.ts'
import { hasType, idOf, instantOf, listOf, objectOf, textOf } from './members.ts'
import { inWordsOf2, isVc1, periodOf, vc1Context } from './vc.ts'
import { httpUrl } from './world.ts'

// In these the same thing has other names, so that a plain reader and the signature would see different members.
const contextsOfOtherVersions =
  /^https:\/\/(?:w3id\.org\/openbadges\/v[12]|openbadgespec\.org\/|purl\.imsglobal\.org\/spec\/ob\/v2p)/

// The published ones before 3.0.3; the first had no number.
const olderContext = /^https:\/\/purl\.imsglobal\.org\/spec\/ob\/v3p0\/context(?:-3\.0\.[0-2])?\.json$/

/** Contexts and their order (CONFORMANCE 0, 2.1, T1). One that is not bundled is named, never fetched (S-47). */
function checkContexts(contexts: Json | undefined, kind: CredentialKind): Check | undefined {
  if (!isJsonList(contexts)) return failed('structure', 'context-wrong')
  const [first, ...others] = contexts
  if (first !== contextAddress.credentials && first !== vc1Context) return failed('structure', 'context-wrong')
  const inOrder = kind.contexts.every((wanted, place) => {
    const context = others[place]
    return typeof context === 'string' && wanted.test(context)
  })
  if (!inOrder) return failed('structure', 'context-wrong')
  for (const context of contexts) {
    if (typeof context !== 'string') return notChecked('structure', 'context-not-plain')
    if (contextsOfOtherVersions.test(context)) return failed('structure', 'versions-mixed')
    if (!isBundledContext(context)) return notChecked('structure', 'context-unknown', { context })
  }
  return undefined
}

function checkMembers(document: JsonObject, kind: CredentialKind): Check | undefined {
  const isOfKind = kind.types.some((type) => hasType(document, type))
  if (!isJsonList(document['type']) || !hasType(document, 'VerifiableCredential') || !isOfKind) {
    return failed('structure', 'type-wrong', { member: 'type' })
  }
  const { from, until } = periodOf(document)
  for (const member of ['id', from, 'issuer']) {
    if (document[member] === undefined) return failed('structure', 'member-missing', { member })
  }
  if (!textOf(document, 'id')) return failed('structure', 'member-wrong', { member: 'id' })
  const issuer = idOf(document['issuer'])
  if (issuer === undefined || (httpUrl(issuer) === undefined && !issuer.startsWith('did:'))) {
    return failed('structure', 'member-wrong', { member: 'issuer' })
  }
  for (const member of [from, until, 'validFrom', 'validUntil']) {
    const isWrong = document[member] !== undefined && instantOf(document[member]) === undefined
    if (isWrong) return failed('structure', 'member-wrong', { member })
  }
  const subject = objectOf(document, 'credentialSubject')
  if (subject === undefined) return failed('structure', 'member-missing', { member: 'credentialSubject' })
  return kind.checkSubject(subject)
}

/** Older versions are taken, with a note: what an issuer once signed cannot become newer (CONFORMANCE 0, T15). */
function noteAge(document: JsonObject): Check {
  if (isVc1(document)) return passed('structure', 'structure-of-vc-1.1')
  const older = listOf(document['@context']).find(
    (context) => typeof context === 'string' && olderContext.test(context),
  )
  return typeof older === 'string'
    ? passed('structure', 'structure-of-older-context', { context: older })
    : passed('structure', 'structure-right')
}

// By the identity of the parsed document: one that the caller keeps is judged once (see `readBytes`).
const judgedStructures = new WeakMap<JsonObject, { readonly kind: CredentialKind; readonly check: Check }>()

/** What the JSON Schema leaves open in a credential of this kind (CONFORMANCE 0, 2.1–2.4, 6.2, T1, T2). */
export function checkStructure(document: JsonObject, kind: CredentialKind): Check {
  const earlier = judgedStructures.get(document)
  if (earlier?.kind === kind) return earlier.check
  const check = checkContexts(document['@context'], kind) ?? checkMembers(document, kind) ?? noteAge(document)
  judgedStructures.set(document, { kind, check })
  return check
}

/** A member that only JSON-LD reads as what it is, anywhere below this value. */
function strayMember(value: Json, rootId: Json | undefined): string | undefined {
  if (isJsonList(value)) {
    for (const item of value) {
      const stray = strayMember(item, rootId)
      if (stray !== undefined) return stray
    }
    return undefined
  }
  if (!isJsonObject(value)) return undefined
  for (const [member, item] of Object.entries(value)) {
    // `https://…#credentialStatus` signs the same as `credentialStatus`; so would a second node with the credential's id.
    if (member.includes(':') || member.startsWith('@') || (member === 'id' && item === rootId)) return member
    const stray = strayMember(item, rootId)
    if (stray !== undefined) return stray
  }
  return undefined
}

/**
 * A graph signature covers statements, not members: the same statements can be written so that a plain reader overlooks one, such as
 * the status entry under its full address. Only the plain way of writing is taken (CONFORMANCE 3.9, T4).
 */
export function checkPlainMembers(document: JsonObject, kind?: CredentialKind): Check | undefined {
  // What is verified by itself has its own plain way of writing; a status list carries nothing.
  const own = kind === undefined ? document : withoutCarried(document, kind.isCollection === true)
  const { '@context': _context, id, ...rest } = own
  const stray = strayMember(rest, id)
  return stray === undefined ? undefined : notChecked('structure', 'member-not-plain', { member: stray })
}

// 1EdTech's names of the same class for both data models (VC 1.1 and 2.0); there is no copy of these files to bundle.
const anyAchievement =
  /^https:\/\/purl\.imsglobal\.org\/spec\/ob\/v3p0\/schema\/json(?:-ld)?\/ob_v3p0_anyachievementcredential_schema\.json$/
const anyEndorsement =
  /^https:\/\/purl\.imsglobal\.org\/spec\/ob\/v3p0\/schema\/json(?:-ld)?\/ob_v3p0_anyendorsementcredential_schema\.json$/

/** The bundled schema that stands for this address, if any. */
function bundledFor(address: string): string | undefined {
  if (isBundledSchema(address)) return address
  if (anyAchievement.test(address)) return schemaAddress.achievementCredential
  return anyEndorsement.test(address) ? schemaAddress.endorsementCredential : undefined
}

/**
 * The kind's JSON Schema, and every other that the credential names if it is bundled; none is ever fetched (CONFORMANCE 6.2). A VC 1.1
 * credential is held against the same schemas in the words of VC 2.0 (T15).
 */
export function checkSchemas(document: JsonObject, kind: CredentialKind): Check {
  const named = listOf(document['credentialSchema'])
  const unknown = named.find((schema) => {
    const isKind = isJsonObject(schema) && schema['type'] === '1EdTechJsonSchemaValidator2019'
    return !isKind || bundledFor(idOf(schema) ?? '') === undefined
  })
  const bundled = named.map((schema) => bundledFor(idOf(schema) ?? '')).filter((address) => address !== undefined)
  const judged = isVc1(document) ? inWordsOf2(document) : document
  for (const address of new Set([kind.schema, ...bundled])) {
    const [fault] = checkSchema(address, judged) ?? []
    if (fault !== undefined) return failed('schema', 'schema-not-met', { place: fault.pointer, why: fault.detail })
  }
  if (unknown !== undefined) return notChecked('schema', 'schema-unknown', { schema: idOf(unknown) ?? '' })
  return passed('schema', 'schema-met')
}
