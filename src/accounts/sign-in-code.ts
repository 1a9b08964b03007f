import { createHmac, randomBytes, randomInt } from 'node:crypto'

/** No look-alikes: no 0 O, 1 I L, 2 Z, 5 S, 8 B, U V. */
const letters = '34679ACDEFGHJKMNPQRTWXY'

/** How long a handed-out code works, milliseconds (S-17). */
export const codeLifetime = 15 * 60 * 1000

/** A new one-time code: 8 characters without look-alikes (S-17). */
export function newSignInCode(length = 8): string {
  return Array.from({ length }, () => letters[randomInt(letters.length)]).join('')
}

/** What a person typed, as the code was made: spaces, hyphens and case do not matter. */
export function tidyCode(typed: string): string {
  return typed.toUpperCase().replaceAll(/[\s-]/g, '')
}

/** As it is shown: groups of four. */
export function spellCode(code: string): string {
  return code.replaceAll(/(.{4})(?=.)/g, '$1 ')
}

/** What a digest is of: keeps those of one use apart from those of another. */
export type DigestUse =
  | 'api-key'
  | 'backoff'
  | 'browser'
  | 'card'
  | 'code'
  | 'device'
  | 'invitation'
  | 'limit'
  | 'name'
  | 'pin'
  | 'recovery'
  | 'setup'
  | 'share'
  | 'staff-link'
  | 'source'
  | 'subject'

/** Keyed digest for looking something up without keeping it: a code, a sign-in name, a network address. */
export function keyedDigest(pepper: Uint8Array, use: DigestUse, value: string): Buffer {
  return createHmac('sha256', pepper).update(`${use}\0${value}`).digest()
}

/** A secret that is carried by a link, a QR code or a cookie: the tenant's code, so that no directory is needed, and 128 random bits. */
export function newSecret(tenant: string): string {
  return `${tenant}${randomBytes(16).toString('base64url')}`
}

/** The tenant that such a secret names; undefined when it cannot be one. */
export function tenantOfSecret(secret: string): string | undefined {
  return /^([0-9a-z]{4})[\w-]{22}$/.exec(secret)?.[1]
}
