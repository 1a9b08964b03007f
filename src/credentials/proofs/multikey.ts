import { createPublicKey } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { decodeBase58btc, encodeBase58btc } from './base58btc.ts'

// Multicodec ed25519-pub (CONFORMANCE 3.10).
const ed25519Prefix = [0xed, 0x01] as const
// Multicodec p256-pub, and the start of its SubjectPublicKeyInfo with a compressed point (RFC 5480 §2.2).
const p256Prefix = [0x80, 0x24] as const
const p256Info = Buffer.from('3039301306072a8648ce3d020106082a8648ce3d030107032200', 'hex')
// Multicodec rsa-pub: the key as PKCS#1.
const rsaPrefix = [0x85, 0x24] as const
/** Letters of the longest key that is read: RSA with 8192 bits. */
const maxLetters = 1500

/** An Ed25519 public key as `publicKeyMultibase`, `z6Mk…` (CONFORMANCE 3.10). Throws a TypeError for any other kind of key. */
export function encodeMultikey(publicKey: KeyObject): string {
  const { crv, x } = publicKey.export({ format: 'jwk' })
  if (crv !== 'Ed25519' || x === undefined) throw new TypeError('A Multikey is made of an Ed25519 public key')
  return `z${encodeBase58btc(Uint8Array.from([...ed25519Prefix, ...Buffer.from(x, 'base64url')]))}`
}

/** The key's bytes by its multicodec; undefined for another. Throws what `createPublicKey` throws for bytes that are no such key. */
function keyOf(bytes: Uint8Array): KeyObject | undefined {
  const key = Buffer.from(bytes.subarray(2))
  const isOf = (prefix: readonly number[]): boolean => prefix.every((byte, place) => bytes[place] === byte)
  if (isOf(ed25519Prefix) && key.length === 32) {
    return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: key.toString('base64url') }, format: 'jwk' })
  }
  if (isOf(p256Prefix) && key.length === 33) {
    return createPublicKey({ key: Buffer.concat([p256Info, key]), format: 'der', type: 'spki' })
  }
  return isOf(rsaPrefix) ? createPublicKey({ key, format: 'der', type: 'pkcs1' }) : undefined
}

/** The public key of a `publicKeyMultibase` or did:key: Ed25519, P-256 or RSA; undefined when it is none (CONFORMANCE 3.10). */
export function decodeMultikey(multibase: string): KeyObject | undefined {
  const bytes = multibase.startsWith('z') ? decodeBase58btc(multibase.slice(1), maxLetters) : undefined
  if (bytes === undefined) return undefined
  try {
    return keyOf(bytes)
  } catch {
    return undefined // a point that is not on the curve, or not PKCS#1
  }
}
