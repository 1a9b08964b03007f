import { contextAddress, isBundledContext } from '../contexts.ts'
import type { Json, JsonObject } from '../json.ts'
import { isJsonList, isJsonObject } from '../json.ts'
import { checkSchema, isBundledSchema, schemaAddress } from '../schemas.ts'
import type { Check } from '../verdict.ts'
import { failed, notChecked, passed } from './checks.ts'
import { hasType, idOf, instantOf, listOf, objectOf, textOf } from './members.ts'
import { httpUrl } from './world.ts'

const openBadgesContext = /^https:\/\/purl\.imsglobal\.org\/spec\/ob\/v3p0\/context(?:-3\.\d\.\d)?\.json$/
// In these the same thing has other names, so that a plain reader and the signature would see different members.
const contextsOfOtherVersions =
  /^https:\/\/(?:w3id\.org\/openbadges\/v[12]|openbadgespec\.org\/|purl\.imsglobal\.org\/spec\/ob\/v2p)/

/** Contexts and their order (CONFORMANCE 0, 2.1, T1). One that is not bundled is named, never fetched (S-47). */
function checkContexts(contexts: Json | undefined): Check | undefined {
  if (!isJsonList(contexts)) return failed('structure', 'context-wrong')
  const [first, second] = contexts
  if (first !== contextAddress.credentials) return failed('structure', 'context-wrong')
  if (typeof second !== 'string' || !openBadgesContext.test(second)) return failed('structure', 'context-wrong')
  for (const context of contexts) {
    if (typeof context !== 'string') return notChecked('structure', 'context-not-plain')
    if (contextsOfOtherVersions.test(context)) return failed('structure', 'versions-mixed')
    if (!isBundledContext(context)) return notChecked('structure', 'context-unknown', { context })
  }
  return undefined
}

function checkSubject(document: JsonObject): Check | undefined {
  const subject = objectOf(document, 'credentialSubject')
  if (subject === undefined) return failed('structure', 'member-missing', { member: 'credentialSubject' })
  // The JSON Schema does not hold this (CONFORMANCE 2.4).
  const isIdentified = textOf(subject, 'id') !== undefined || listOf(subject['identifier']).some(isJsonObject)
  if (!isIdentified) return failed('structure', 'subject-not-identified')
  if (!hasType(subject, 'AchievementSubject')) return failed('structure', 'type-wrong', { member: 'credentialSubject' })
  if (objectOf(subject, 'achievement') === undefined) {
    return failed('structure', 'member-missing', { member: 'achievement' })
  }
  return undefined
}

function checkMembers(document: JsonObject): Check | undefined {
  const types = document['type']
  const isBadge = hasType(document, 'OpenBadgeCredential') || hasType(document, 'AchievementCredential')
  if (!isJsonList(types) || !hasType(document, 'VerifiableCredential') || !isBadge) {
    return failed('structure', 'type-wrong', { member: 'type' })
  }
  for (const member of ['id', 'validFrom', 'issuer']) {
    if (document[member] === undefined) return failed('structure', 'member-missing', { member })
  }
  if (!textOf(document, 'id')) return failed('structure', 'member-wrong', { member: 'id' })
  const issuer = idOf(document['issuer'])
  if (issuer === undefined || (httpUrl(issuer) === undefined && !issuer.startsWith('did:'))) {
    return failed('structure', 'member-wrong', { member: 'issuer' })
  }
  for (const member of ['validFrom', 'validUntil']) {
    const isWrong = document[member] !== undefined && instantOf(document[member]) === undefined
    if (isWrong) return failed('structure', 'member-wrong', { member })
  }
  return checkSubject(document)
}

/** What the JSON Schema leaves open in an OB 3.0 credential on VC 2.0 (CONFORMANCE 2.1–2.4, 6.2, T1, T2). */
export function checkOb3Structure(document: JsonObject): Check {
  return checkContexts(document['@context']) ?? checkMembers(document) ?? passed('structure', 'structure-right')
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
export function checkPlainMembers(document: JsonObject): Check | undefined {
  const { '@context': _context, id, ...rest } = document
  const stray = strayMember(rest, id)
  return stray === undefined ? undefined : notChecked('structure', 'member-not-plain', { member: stray })
}

/** The bundled JSON Schema, and every other that the credential names if it is bundled; none is ever fetched (CONFORMANCE 6.2). */
export function checkOb3Schema(document: JsonObject): Check {
  const named = listOf(document['credentialSchema'])
  const unknown = named.find((schema) => {
    const isKind = isJsonObject(schema) && schema['type'] === '1EdTechJsonSchemaValidator2019'
    return !isKind || !isBundledSchema(idOf(schema) ?? '')
  })
  const addresses = new Set([schemaAddress.achievementCredential, ...named.map((schema) => idOf(schema) ?? '')])
  for (const address of addresses) {
    const [fault] = checkSchema(address, document) ?? []
    if (fault !== undefined) return failed('schema', 'schema-not-met', { place: fault.pointer, why: fault.detail })
  }
  if (unknown !== undefined) return notChecked('schema', 'schema-unknown', { schema: idOf(unknown) ?? '' })
  return passed('schema', 'schema-met')
}
