import { createHash } from 'node:crypto'
import type { Json, JsonObject } from '../json.ts'
import { isJsonObject } from '../json.ts'
import type { Check } from '../verdict.ts'
import { failed, passed } from './checks.ts'
import { listOf, objectOf, textOf } from './members.ts'

/** One identity that a badge states: plain, or a hash with its salt. */
type Stated = {
  readonly isEmail: boolean
  readonly identity: string
  readonly salt: string
  readonly hashed: boolean
  /** Of an old badge, in which more algorithms were usual. */
  readonly isOld?: boolean
}

const identityHash = /^(sha256|md5)\$([0-9a-f]+)$/i
const oldIdentityHash = /^(sha1|sha256|sha512|md5)\$([0-9a-f]+)$/i

/** E-mail addresses are tried as given, trimmed and in lower case: neither specification says which was hashed (CONFORMANCE 5.4). */
function waysToWrite(identity: string, isEmail: boolean): readonly string[] {
  if (!isEmail) return [identity]
  const plain = identity.replace(/^mailto:/i, '')
  return [identity, plain, plain.trim(), plain.trim().toLowerCase()]
}

/** CONFORMANCE 5.1: the hash of identifier and salt, its hex in upper or lower case. */
function hashMatches(stated: Stated, identity: string): boolean {
  const [, algorithm, hex] = (stated.isOld === true ? oldIdentityHash : identityHash).exec(stated.identity) ?? []
  if (algorithm === undefined || hex === undefined) return false
  const hash = createHash(algorithm.toLowerCase()).update(`${identity}${stated.salt}`, 'utf8').digest('hex')
  return hash === hex.toLowerCase()
}

function matches(stated: Stated, given: string): boolean {
  return waysToWrite(given, stated.isEmail).some((identity) => {
    if (stated.hashed) return hashMatches(stated, identity)
    return waysToWrite(stated.identity, stated.isEmail).includes(identity)
  })
}

function isEmailAddress(given: string): boolean {
  return given.includes('@') && (/^mailto:/i.test(given) || !/^[a-z][a-z0-9+.-]*:/i.test(given))
}

function judge(stated: readonly Stated[], given: string): Check {
  if (stated.some((one) => matches(one, given))) return passed('recipient', 'recipient-right')
  const isComparable = stated.some((one) => one.isEmail === isEmailAddress(given))
  return failed('recipient', isComparable ? 'recipient-other' : 'recipient-not-comparable')
}

function stateOf(entry: Json): readonly Stated[] {
  if (!isJsonObject(entry)) return []
  const identity = textOf(entry, 'identityHash') ?? textOf(entry, 'identifier')
  if (identity === undefined) return []
  const isEmail = entry['identityType'] === 'emailAddress'
  return [{ isEmail, identity, salt: textOf(entry, 'salt') ?? '', hashed: entry['hashed'] === true }]
}

/** Is the OB 3.0 subject who it is said to be? Its id and every identifier are tried (CONFORMANCE 5.1, 5.2, 5.4, 6.6). */
export function checkOb3Recipient(document: JsonObject, given: string): Check {
  const subject = objectOf(document, 'credentialSubject') ?? {}
  const id = textOf(subject, 'id')
  const isEmail = id !== undefined && /^mailto:/i.test(id)
  const ofId: readonly Stated[] = id === undefined ? [] : [{ isEmail, identity: id, salt: '', hashed: false }]
  return judge([...ofId, ...listOf(subject['identifier']).flatMap(stateOf)], given)
}

/** Is the OB 2.0 recipient who it is said to be (CONFORMANCE 1.10, 5.1, 5.3, 5.4)? */
export function checkOb2Recipient(assertion: JsonObject, given: string): Check {
  const recipient = objectOf(assertion, 'recipient') ?? {}
  const identity = textOf(recipient, 'identity')
  if (identity === undefined) return judge([], given)
  const isEmail = recipient['type'] === 'email'
  return judge(
    [{ isEmail, identity, salt: textOf(recipient, 'salt') ?? '', hashed: recipient['hashed'] === true }],
    given,
  )
}

/** Is the recipient of Open Badges 1.0 or 1.1, or of 0.5 where it is text, who it is said to be (CONFORMANCE 5.1, 5.4; S-29)? */
export function checkOb1Recipient(assertion: JsonObject, given: string): Check {
  const { recipient } = assertion
  if (isJsonObject(recipient)) {
    const identity = textOf(recipient, 'identity')
    const stated = { isEmail: recipient['type'] === 'email', salt: textOf(recipient, 'salt') ?? '', isOld: true }
    return judge(identity === undefined ? [] : [{ ...stated, identity, hashed: recipient['hashed'] === true }], given)
  }
  if (typeof recipient !== 'string') return judge([], given)
  const salt = textOf(assertion, 'salt') ?? ''
  const hashed = oldIdentityHash.test(recipient)
  return judge([{ isEmail: true, identity: recipient, salt, hashed, isOld: true }], given)
}
