import { gunzipSync, gzipSync } from 'node:zlib'
import { publicAddresses } from './addresses.ts'
import { contextAddress } from './contexts.ts'
import type { IssuerFacts } from './facts.ts'
import { instant } from './instant.ts'
import type { JsonObject } from './json.ts'

/** Places in one list: the least that the standard allows, so that a place tells nothing (CONFORMANCE 7.3). */
export const statusListLength = 131_072
/** What one list may be after inflation (S-47). */
export const statusListMaxBytes = 8 * 1024 * 1024

/** An `encodedList` that cannot be read. `code` never changes. */
export class UnreadableStatusList extends Error {
  readonly code: 'encoding' | 'too-large'

  constructor(code: 'encoding' | 'too-large', message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'UnreadableStatusList'
    this.code = code
  }
}

/** A list in which nobody's badge is revoked. */
export function emptyStatusList(): Uint8Array {
  return new Uint8Array(statusListLength / 8)
}

function placeOf(bits: Uint8Array, index: number): { readonly byte: number; readonly mask: number } {
  if (!Number.isInteger(index) || index < 0 || index >= bits.length * 8) {
    throw new RangeError(`The place ${index} is outside a list of ${bits.length * 8}`)
  }
  // Bit 0 is the left-most, most significant, of byte 0 (CONFORMANCE 7.3, T12).
  return { byte: index >> 3, mask: 0x80 >> (index & 7) }
}

/** Is the bit set? Throws a RangeError outside the list (CONFORMANCE 7.4). */
export function statusAt(bits: Uint8Array, index: number): boolean {
  const { byte, mask } = placeOf(bits, index)
  return ((bits[byte] ?? 0) & mask) !== 0
}

/** Sets one bit in the given list, in place. Throws a RangeError outside the list. */
export function setStatus(bits: Uint8Array, index: number, on = true): void {
  const { byte, mask } = placeOf(bits, index)
  const before = bits[byte] ?? 0
  bits[byte] = on ? before | mask : before & ~mask
}

/** The bits as `encodedList`: `u` and base64url, without padding, of the gzip (CONFORMANCE 7.3). The same bits give the same text. */
export function encodeStatusList(bits: Uint8Array): string {
  return `u${gzipSync(bits).toString('base64url')}`
}

/**
 * The bits of an `encodedList`. Takes the text and how many bytes it may inflate to; stops there and never keeps more
 * (S-47, CONFORMANCE 7.4). Throws `UnreadableStatusList`. Call it only after the list's own proof was checked.
 */
export function decodeStatusList(encoded: string, maxBytes: number = statusListMaxBytes): Uint8Array {
  if (!/^u[A-Za-z0-9_-]+$/.test(encoded)) {
    throw new UnreadableStatusList('encoding', 'Not u and base64url without padding')
  }
  if (encoded.length > maxBytes * 2) throw new UnreadableStatusList('too-large', 'Longer than any list of that size')
  try {
    return gunzipSync(Buffer.from(encoded.slice(1), 'base64url'), { maxOutputLength: maxBytes })
  } catch (cause) {
    const tooLarge = cause instanceof RangeError
    throw new UnreadableStatusList(
      tooLarge ? 'too-large' : 'encoding',
      tooLarge ? `Inflates to more than ${maxBytes} bytes` : 'Not a gzip',
      { cause },
    )
  }
}

export type StatusListFacts = {
  readonly issuer: IssuerFacts
  readonly list: number
  readonly bits: Uint8Array
  readonly validFrom: Date
}

/**
 * The BitstringStatusListCredential, ready for `signEmbedded` (CONFORMANCE 7.3). The issuer is its bare id, the same as the
 * badges' (CONFORMANCE 7.4): with it the one VC 2.0 context defines every term.
 */
export function statusListCredential(facts: StatusListFacts): JsonObject {
  const id = publicAddresses.statusList(facts.issuer.origin, facts.issuer.code, facts.list)
  return {
    '@context': [contextAddress.credentials],
    id,
    type: ['VerifiableCredential', 'BitstringStatusListCredential'],
    issuer: publicAddresses.issuer(facts.issuer.origin, facts.issuer.code),
    validFrom: instant(facts.validFrom),
    credentialSubject: {
      id: `${id}#list`,
      type: 'BitstringStatusList',
      statusPurpose: 'revocation',
      encodedList: encodeStatusList(facts.bits),
    },
  }
}
