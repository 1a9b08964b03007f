import { createPublicKey } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { decodeBase58btc, encodeBase58btc } from './base58btc.ts'

// Multicodec ed25519-pub (CONFORMANCE 3.10).
const ed25519Prefix = [0xed, 0x01] as const

/** An Ed25519 public key as `publicKeyMultibase`, `z6Mk…` (CONFORMANCE 3.10). Throws a TypeError for any other kind of key. */
export function encodeMultikey(publicKey: KeyObject): string {
  const { crv, x } = publicKey.export({ format: 'jwk' })
  if (crv !== 'Ed25519' || x === undefined) throw new TypeError('A Multikey is made of an Ed25519 public key')
  return `z${encodeBase58btc(Uint8Array.from([...ed25519Prefix, ...Buffer.from(x, 'base64url')]))}`
}

/** The Ed25519 public key of a `publicKeyMultibase`; undefined when it is none (CONFORMANCE 3.10). */
export function decodeMultikey(multibase: string): KeyObject | undefined {
  if (!multibase.startsWith('z')) return undefined
  const bytes = decodeBase58btc(multibase.slice(1))
  if (bytes?.length !== 34 || bytes[0] !== ed25519Prefix[0] || bytes[1] !== ed25519Prefix[1]) return undefined
  const x = Buffer.from(bytes.subarray(2)).toString('base64url')
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
}
