import type { JsonObject } from '../json.ts'
import { isJsonObject } from '../json.ts'
import type { Check } from '../verdict.ts'
import { failed, notChecked, passed } from './checks.ts'
import { objectOf, textOf } from './members.ts'
import type { FoundOrCheck } from './ob2-documents.ts'
import { isFromHome, issuerElsewhere } from './scope.ts'
import { documentOf, httpUrl, type World } from './world.ts'

/** The badge and its issuer, as far as they were found, and the checks that say how far that is. */
export type Ob1Chain = {
  readonly binding: Check
  /** Passed when the issuer was found; whose badge it is, is for the caller to say. */
  readonly issuer: Check
  readonly badgeClass?: JsonObject
  readonly issuerDocument?: JsonObject
  /** The issuer's address, or its origin in 0.5. */
  readonly issuerId?: string
}

/** 1.1 gives documents an id; where one is, it must be theirs. */
function isOf(document: JsonObject, address: string): boolean {
  return document['id'] === undefined || document['id'] === address
}

async function badgeClassAt(address: string, world: World): Promise<FoundOrCheck<JsonObject>> {
  const answer = await world.ask(address, 'badge-class')
  if (answer.outcome !== 'found') return { check: notChecked('binding', 'badge-class-not-fetched') }
  const badgeClass = documentOf(answer.body)
  const isRead = badgeClass !== 'unreadable' && isOf(badgeClass, address)
  if (!isRead || httpUrl(badgeClass['issuer']) === undefined) {
    return { check: failed('binding', 'badge-class-unreadable') }
  }
  const missing = ['name', 'description', 'image', 'criteria'].find((member) => badgeClass[member] === undefined)
  if (missing === undefined) return { found: badgeClass }
  return { check: failed('binding', 'member-missing', { member: `badge.${missing}` }) }
}

async function issuerAt(address: string, world: World): Promise<FoundOrCheck<JsonObject>> {
  const answer = await world.ask(address, 'issuer')
  if (answer.outcome === 'missing') return { check: failed('issuer', 'issuer-missing') }
  if (answer.outcome === 'not-fetched') return { check: notChecked('issuer', 'issuer-not-fetched') }
  const place = { asked: address, found: answer.address }
  if (!isFromHome(place)) return { check: issuerElsewhere(place) }
  const issuer = documentOf(answer.body)
  if (issuer === 'unreadable' || !textOf(issuer, 'name') || !textOf(issuer, 'url')) {
    return { check: failed('issuer', 'issuer-unreadable') }
  }
  if (isOf(issuer, address)) return { found: issuer }
  return { check: failed('issuer', 'issuer-of-another-id', { id: textOf(issuer, 'id') ?? '' }) }
}

const issuerFound = passed('issuer', 'issuer-right')

/** 0.5: both are inside, and what is inside is worth as much as the Assertion. */
function chainInside(badge: JsonObject): Ob1Chain {
  const issuer = objectOf(badge, 'issuer') ?? {}
  const issuerId = textOf(issuer, 'origin') ?? ''
  const binding = passed('binding', 'badge-class-right')
  return { binding, issuer: issuerFound, badgeClass: badge, issuerDocument: issuer, issuerId }
}

/** Badge → issuer of an old Assertion whose structure is right, each asked for only when the one before was found. */
export async function followOb1(assertion: JsonObject, world: World): Promise<Ob1Chain> {
  const { badge } = assertion
  if (isJsonObject(badge)) return chainInside(badge)
  const issuer = notChecked('issuer', 'not-reached')
  const read = await badgeClassAt(typeof badge === 'string' ? badge : '', world)
  if ('check' in read) return { binding: read.check, issuer }
  const badgeClass = read.found
  const issuerId = textOf(badgeClass, 'issuer') ?? ''
  const binding = passed('binding', 'badge-class-right')
  const found = await issuerAt(issuerId, world)
  if ('check' in found) return { binding, issuer: found.check, badgeClass, issuerId }
  return { binding, issuer: issuerFound, badgeClass, issuerDocument: found.found, issuerId }
}
