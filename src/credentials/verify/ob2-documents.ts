import { contextAddress } from '../contexts.ts'
import type { JsonObject } from '../json.ts'
import { isJsonObject } from '../json.ts'
import type { Check } from '../verdict.ts'
import { failed, notChecked, passed } from './checks.ts'
import { hasType, idOf, instantOf, listOf, objectOf, textOf } from './members.ts'
import { isFromHome, issuerElsewhere } from './scope.ts'
import type { World } from './world.ts'
import { documentOf, httpUrl } from './world.ts'

/** What was looked for, or the check that says why it is not there. */
export type FoundOrCheck<T> = { readonly found: T } | { readonly check: Check }

/** What an Assertion must have, with one of these ways of being verified (CONFORMANCE 1.1, 1.2, 1.7, 1.10, 6.10). */
export function checkOb2Structure(assertion: JsonObject, verifications: readonly string[]): Check {
  if (!listOf(assertion['@context']).includes(contextAddress.openBadges2)) return failed('structure', 'context-wrong')
  if (!hasType(assertion, 'Assertion')) return failed('structure', 'type-wrong', { member: 'type' })
  for (const member of ['id', 'recipient', 'badge', 'verification', 'issuedOn']) {
    if (assertion[member] === undefined) return failed('structure', 'member-missing', { member })
  }
  if (!textOf(assertion, 'id')) return failed('structure', 'member-wrong', { member: 'id' })
  for (const member of ['issuedOn', 'expires']) {
    const isWrong = assertion[member] !== undefined && instantOf(assertion[member]) === undefined
    if (isWrong) return failed('structure', 'member-wrong', { member })
  }
  const verification = textOf(objectOf(assertion, 'verification') ?? {}, 'type')
  if (verification === undefined || !verifications.includes(verification)) {
    return failed('structure', 'member-wrong', { member: 'verification' })
  }
  const recipient = objectOf(assertion, 'recipient')
  if (recipient === undefined || textOf(recipient, 'identity') === undefined) {
    return failed('structure', 'member-wrong', { member: 'recipient' })
  }
  return passed('structure', 'structure-right')
}

/** The BadgeClass at its address, or as the Assertion has it inside. What is inside is worth as much as the Assertion (CONFORMANCE 6.10). */
export async function badgeClassOf(assertion: JsonObject, world: World): Promise<FoundOrCheck<JsonObject>> {
  const { badge } = assertion
  const unreadable = { check: failed('binding', 'badge-class-unreadable') }
  const inside = isJsonObject(badge) && badge['issuer'] !== undefined ? badge : undefined
  if (inside !== undefined) return hasType(inside, 'BadgeClass') ? { found: inside } : unreadable
  const address = idOf(badge) ?? ''
  if (httpUrl(address) === undefined) return unreadable
  const answer = await world.ask(address, 'badge-class')
  if (answer.outcome !== 'found') return { check: notChecked('binding', 'badge-class-not-fetched') }
  const badgeClass = documentOf(answer.body)
  if (badgeClass === 'unreadable' || !hasType(badgeClass, 'BadgeClass') || badgeClass['id'] !== address)
    return unreadable
  return { found: badgeClass }
}

/** The issuer's Profile, which must say itself that it is this issuer's (CONFORMANCE 1.1, 6.10). */
export async function profileOf(issuerId: string, world: World): Promise<FoundOrCheck<JsonObject>> {
  const answer = await world.ask(issuerId, 'issuer')
  if (answer.outcome === 'missing') return { check: failed('issuer', 'issuer-missing') }
  if (answer.outcome === 'not-fetched') return { check: notChecked('issuer', 'issuer-not-fetched') }
  const place = { asked: issuerId, found: answer.address }
  if (!isFromHome(place)) return { check: issuerElsewhere(place) }
  const profile = documentOf(answer.body)
  if (profile === 'unreadable') return { check: failed('issuer', 'issuer-unreadable') }
  const id = textOf(profile, 'id') ?? ''
  return id === issuerId ? { found: profile } : { check: failed('issuer', 'issuer-of-another-id', { id }) }
}
