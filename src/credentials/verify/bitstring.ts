import { contextAddress } from '../contexts.ts'
import type { JsonObject } from '../json.ts'
import type { Jws } from '../jws.ts'
import { checkOb3Header, parseJws } from '../jws.ts'
import { decodeStatusList, statusAt, statusListLength, UnreadableStatusList } from '../status-list.ts'
import type { Check } from '../verdict.ts'
import { allPassed, failed, notChecked, passed } from './checks.ts'
import { proveEmbedded } from './embedded.ts'
import { isCurrent } from './dates.ts'
import { proveJwt } from './keys.ts'
import type { Proven } from './proven.ts'
import { hasType, idOf, listOf, objectOf, textOf } from './members.ts'
import type { StatusQuestion } from './revocation-list.ts'
import { revoked } from './revocation-list.ts'
import { oncePer } from '../once.ts'
import { checkPlainMembers } from './structure.ts'
import type { World } from './world.ts'
import { documentOf, httpUrl } from './world.ts'

/** A list credential of the right shape, as document or as JWT. */
type List = { readonly document: JsonObject; readonly jws?: Jws }

function isListCredential(document: JsonObject): boolean {
  const isList = hasType(document, 'VerifiableCredential') && hasType(document, 'BitstringStatusListCredential')
  return isList && listOf(document['@context'])[0] === contextAddress.credentials
}

function readList(body: Uint8Array): List | 'unreadable' {
  const document = documentOf(body)
  if (document !== 'unreadable') {
    return isListCredential(document) && checkPlainMembers(document) === undefined ? { document } : 'unreadable'
  }
  const jws = parseJws(Buffer.from(body).toString('latin1').trim())
  if (jws.outcome === 'fault' || checkOb3Header(jws.header) !== undefined) return 'unreadable'
  const iss = jws.payload['iss']
  const isOfIssuer = iss === undefined || iss === idOf(jws.payload['issuer'])
  return isOfIssuer && isListCredential(jws.payload) ? { document: jws.payload, jws } : 'unreadable'
}

// By the identity of the array (see `Look`), and below of the parsed subject: the same list is asked for again and again.
const listIn = oncePer(readList)

function inflate(encoded: string): Uint8Array | 'unreadable' {
  try {
    return decodeStatusList(encoded)
  } catch (error) {
    if (error instanceof UnreadableStatusList) return 'unreadable'
    throw error
  }
}

const bitsOf = oncePer((subject: JsonObject) => inflate(textOf(subject, 'encodedList') ?? ''))

/** The list as a credential: whose, which, in force (CONFORMANCE 7.3, 7.4). */
function checkList({ document }: List, address: string, question: StatusQuestion): Check | undefined {
  if (idOf(document['issuer']) !== question.issuerId) return notChecked('status', 'status-list-of-another-issuer')
  // Two lists of one issuer are both rightly signed; only its id says which one this is.
  if (document['id'] !== undefined && document['id'] !== address) {
    return notChecked('status', 'status-list-of-another-address')
  }
  if (!isCurrent(document, question.at)) return notChecked('status', 'status-list-not-current')
  return undefined
}

/** The list's own proof, by a key of the badge's issuer (CONFORMANCE 7.4). */
async function checkProof({ document, jws }: List, question: StatusQuestion, world: World): Promise<Check | undefined> {
  const proven: Proven =
    jws === undefined
      ? await proveEmbedded(document, question.issuerId, question.at, world)
      : await proveJwt(jws, question.issuerId, question.at, world)
  const checks = [proven.signature, proven.key, proven.issuer]
  if (allPassed(...checks)) return undefined
  const isWrong = checks.some((check) => check.outcome === 'failed')
  return notChecked('status', isWrong ? 'status-list-proof-wrong' : 'status-list-proof-not-checked')
}

/** A string of digits; readers take numbers too (CONFORMANCE 7.2). */
function indexOf(entry: JsonObject): number | undefined {
  const value = entry['statusListIndex']
  const index = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value
  return typeof index === 'number' && Number.isSafeInteger(index) && index >= 0 ? index : undefined
}

function readBit(list: JsonObject, purpose: string, index: number): Check {
  const subject = objectOf(list, 'credentialSubject') ?? {}
  if (!hasType(subject, 'BitstringStatusList') || textOf(subject, 'encodedList') === undefined)
    return notChecked('status', 'status-unreadable')
  if (!listOf(subject['statusPurpose']).includes(purpose)) return notChecked('status', 'status-purpose-wrong')
  const bits = bitsOf(subject)
  if (bits === 'unreadable') return notChecked('status', 'status-unreadable')
  if (bits.length * 8 < statusListLength) return notChecked('status', 'status-list-length')
  if (index >= bits.length * 8) return notChecked('status', 'status-index-out-of-range')
  if (!statusAt(bits, index)) return passed('status', 'not-revoked')
  return purpose === 'revocation' ? revoked(undefined) : failed('status', 'suspended')
}

/**
 * One BitstringStatusListEntry: fetch → proof of the same issuer → validity → purpose → expand, bounded → length → index → bit
 * (CONFORMANCE 7.2–7.4, S-47). Whatever goes wrong on the way is `not-checked`, never "not revoked".
 */
export async function checkBitstringEntry(entry: JsonObject, question: StatusQuestion, world: World): Promise<Check> {
  const address = textOf(entry, 'statusListCredential') ?? ''
  const purpose = textOf(entry, 'statusPurpose')
  const index = indexOf(entry)
  const isOneBit = entry['statusSize'] === undefined || entry['statusSize'] === 1
  if (httpUrl(address) === undefined || index === undefined) return notChecked('status', 'status-unreadable')
  if ((purpose !== 'revocation' && purpose !== 'suspension') || !isOneBit) {
    return notChecked('status', 'unsupported-status', { type: purpose ?? '' })
  }
  const answer = await world.ask(address, 'status-list')
  if (answer.outcome !== 'found') return notChecked('status', 'status-not-fetched')
  const list = listIn(answer.body)
  if (list === 'unreadable') return notChecked('status', 'status-unreadable')
  const wrong = checkList(list, address, question) ?? (await checkProof(list, question, world))
  return wrong ?? readBit(list.document, purpose, index)
}
