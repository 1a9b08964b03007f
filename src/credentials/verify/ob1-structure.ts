import type { JsonObject } from '../json.ts'
import { isJsonObject } from '../json.ts'
import type { Check } from '../verdict.ts'
import { failed, passed } from './checks.ts'
import { hasType, textOf } from './members.ts'
import { ob1InstantOf, ob1IssuedOf } from './ob1-dates.ts'
import { type Ob1Version, ob1VersionOf } from './old-kind.ts'
import { httpUrl } from './world.ts'

function wrong(document: JsonObject, member: string, path = member): Check {
  return failed('structure', document[member] === undefined ? 'member-missing' : 'member-wrong', { member: path })
}

/** The first of these members that is no text. */
function missingText(document: JsonObject, members: readonly string[], below = ''): Check | undefined {
  const member = members.find((one) => !textOf(document, one))
  return member === undefined ? undefined : wrong(document, member, `${below}${member}`)
}

function checkInstants(assertion: JsonObject, issued: string): Check | undefined {
  const isIssuedWrong = ob1IssuedOf(assertion) !== undefined && ob1InstantOf(ob1IssuedOf(assertion)) === undefined
  if (isIssuedWrong) return wrong(assertion, issued)
  const isEndWrong = assertion['expires'] !== undefined && ob1InstantOf(assertion['expires']) === undefined
  return isEndWrong ? wrong(assertion, 'expires') : undefined
}

function checkRecipient({ recipient }: JsonObject): Check | undefined {
  if (!isJsonObject(recipient)) return failed('structure', 'member-wrong', { member: 'recipient' })
  const isText = missingText(recipient, ['type', 'identity'], 'recipient.')
  return (
    isText ?? (typeof recipient['hashed'] === 'boolean' ? undefined : wrong(recipient, 'hashed', 'recipient.hashed'))
  )
}

/** 1.0 and 1.1: badge and issuer lie at addresses of their own. */
function checkLinked(assertion: JsonObject, version: Ob1Version, verification: 'hosted' | 'signed'): Check | undefined {
  if (version === '1.1' && !hasType(assertion, 'Assertion'))
    return failed('structure', 'type-wrong', { member: 'type' })
  for (const member of ['uid', 'recipient', 'badge', 'verify', 'issuedOn']) {
    if (assertion[member] === undefined) return wrong(assertion, member)
  }
  if (!textOf(assertion, 'uid')) return wrong(assertion, 'uid')
  if (httpUrl(assertion['badge']) === undefined) return wrong(assertion, 'badge')
  const { verify } = assertion
  const isVerified = isJsonObject(verify) && verify['type'] === verification && httpUrl(verify['url']) !== undefined
  return isVerified ? checkRecipient(assertion) : wrong(assertion, 'verify')
}

/** 0.5: badge and issuer lie inside. */
function checkInside(assertion: JsonObject): Check | undefined {
  const { badge } = assertion
  const issuer = isJsonObject(badge) ? badge['issuer'] : undefined
  if (!isJsonObject(badge) || !isJsonObject(issuer)) return wrong(assertion, 'badge')
  const text = missingText(badge, ['name', 'description', 'image', 'criteria'], 'badge.')
  const missing =
    text ?? missingText(issuer, ['name', 'origin'], 'badge.issuer.') ?? missingText(assertion, ['recipient'])
  if (missing !== undefined) return missing
  return httpUrl(issuer['origin']) === undefined ? wrong(issuer, 'origin', 'badge.issuer.origin') : undefined
}

/** What an Assertion of Open Badges 0.5, 1.0 or 1.1 must have (the published 1.1 schema; DEPENDENCIES 5). */
export function checkOb1Structure(assertion: JsonObject, verification: 'hosted' | 'signed'): Check {
  const version = ob1VersionOf(assertion)
  const isInside = version === '0.5' && verification === 'hosted'
  const fault = isInside ? checkInside(assertion) : checkLinked(assertion, version, verification)
  return (
    fault ?? checkInstants(assertion, isInside ? 'issued_on' : 'issuedOn') ?? passed('structure', 'structure-right')
  )
}
