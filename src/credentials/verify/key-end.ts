import { createHash } from 'node:crypto'
import type { JsonObject } from '../json.ts'
import type { Jws } from '../jws.ts'
import type { Check, CheckCode, SignedBadge } from '../verdict.ts'
import { failed, passed } from './checks.ts'
import { instantOf, textOf } from './members.ts'
import type { World } from './world.ts'

/** The end of a key as its holder tells it. */
export type KeyEnd = { readonly member: 'revoked' | 'expires'; readonly since: string; readonly instant: number }

const codes = {
  revoked: { ended: 'key-revoked', later: 'key-revoked-later' },
  expires: { ended: 'key-expired', later: 'key-expired-later' },
} as const satisfies Record<KeyEnd['member'], Record<string, CheckCode>>

/** `revoked` or `expires` of a key, when that time has come; an unreadable time has always come (CONFORMANCE 3.11). */
export function endOfKey(key: JsonObject, at: Date): KeyEnd | undefined {
  if (key['revoked'] === undefined && key['expires'] === undefined) return undefined
  const ends = (['revoked', 'expires'] as const).flatMap((member): KeyEnd[] => {
    const value = key[member]
    if (value === undefined) return []
    return [{ member, since: typeof value === 'string' ? value : '–', instant: instantOf(value) ?? 0 }]
  })
  return ends.filter((end) => end.instant <= at.getTime()).sort((one, other) => one.instant - other.instant)[0]
}

/**
 * A key that has ended vouches only for what is shown to be older: by the issuer's own record of this very badge, never by the dates
 * in the badge, which a thief of the key writes as he likes (S-22, CONFORMANCE 3.11). Only for a signature that was found right.
 */
export async function judgeEnd(end: KeyEnd, key: string, badge: SignedBadge, world: World): Promise<Check> {
  const recorded = await world.recordedAt(badge)
  const { ended, later } = codes[end.member]
  const isOlder = recorded !== undefined && recorded.getTime() < end.instant
  return isOlder
    ? passed('key', later, { key, since: end.since, recorded: recorded.toISOString() })
    : failed('key', ended, { key, since: end.since })
}

/** A JWS as its issuer's record knows it. */
export function signedJws(issuerId: string, id: string, jws: Jws): SignedBadge {
  const text = createHash('sha256')
    .update(jws.signed)
    .update(`.${Buffer.from(jws.signature).toString('base64url')}`)
  return { issuerId, id, sha256: text.digest('hex') }
}

/** The same for a document with an embedded proof: members in their order, without spaces between them. */
export function signedDocument(issuerId: string, document: JsonObject): SignedBadge {
  const sha256 = createHash('sha256').update(JSON.stringify(document)).digest('hex')
  return { issuerId, id: textOf(document, 'id') ?? '', sha256 }
}
