import { createPublicKey, verify } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { JsonObject } from '../json.ts'
import type { JwsAlgorithm } from '../jws.ts'
import { oncePer } from '../once.ts'
import { decodeMultikey } from '../proofs/multikey.ts'
import { textOf } from './members.ts'

/** A public key and the one algorithm it is for. `text` is the same for the same key, whoever publishes it. */
export type PublicKey = {
  readonly key: KeyObject
  readonly algorithm: JwsAlgorithm
  readonly text: string
  /** Length of each of its signatures. Kept, since asking a KeyObject costs more than the rest of a check. */
  readonly signatureBytes: number
}
export type KeyFault = 'key-unusable' | 'key-too-weak'
export type SignatureFault = 'algorithm-not-of-key' | 'signature-malformed' | 'signature-wrong'

const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']
const maxRemembered = 2000
const remembered = new Map<string, PublicKey | KeyFault>()

/** The members that make the key, in a fixed form: only these reach OpenSSL. */
function materialOf(jwk: JsonObject): Record<string, string> | undefined {
  const [kty, crv, n, e, x, y] = ['kty', 'crv', 'n', 'e', 'x', 'y'].map((member) => textOf(jwk, member))
  if (kty === 'RSA' && n !== undefined && e !== undefined) return { kty, n, e }
  if (kty === 'EC' && crv === 'P-256' && x !== undefined && y !== undefined) return { kty, crv, x, y }
  if (kty === 'OKP' && crv === 'Ed25519' && x !== undefined) return { kty, crv, x }
  return undefined
}

function judge(key: KeyObject): PublicKey | KeyFault {
  const text = key.export({ type: 'spki', format: 'der' }).toString('base64')
  const { modulusLength, publicExponent, namedCurve } = key.asymmetricKeyDetails ?? {}
  const type = key.asymmetricKeyType
  if (type === 'ed25519') return { key, algorithm: 'EdDSA', text, signatureBytes: 64 }
  if (type === 'ec' && namedCurve === 'prime256v1') return { key, algorithm: 'ES256', text, signatureBytes: 64 }
  if (type !== 'rsa' || modulusLength === undefined) return 'key-unusable'
  if (modulusLength < 2048) return 'key-too-weak'
  // A huge modulus only costs the one who checks; an exponent of 1 signs nothing.
  if (modulusLength > 8192 || (publicExponent ?? 0n) < 3n) return 'key-unusable'
  return { key, algorithm: 'RS256', text, signatureBytes: Math.ceil(modulusLength / 8) }
}

function remember(name: string, make: () => KeyObject): PublicKey | KeyFault {
  const earlier = remembered.get(name)
  if (earlier !== undefined) return earlier
  let made: PublicKey | KeyFault
  try {
    made = judge(make())
  } catch {
    made = 'key-unusable'
  }
  const oldest = remembered.size >= maxRemembered ? remembered.keys().next().value : undefined
  if (oldest !== undefined) remembered.delete(oldest)
  remembered.set(name, made)
  return made
}

/**
 * The public key of a JWK. Its type alone decides the algorithm (S-26); RSA has at least 2048 bits; private members, another `alg`
 * or `use` than for signing are refused (CONFORMANCE 3.1, 3.2).
 */
export const keyOfJwk = oncePer((jwk: JsonObject): PublicKey | KeyFault => {
  const material = materialOf(jwk)
  if (material === undefined || privateMembers.some((member) => member in jwk)) return 'key-unusable'
  if (jwk['use'] !== undefined && jwk['use'] !== 'sig') return 'key-unusable'
  const key = remember(JSON.stringify(material), () => createPublicKey({ key: material, format: 'jwk' }))
  if (typeof key === 'string') return key
  // Ed25519 is the name that RFC 9864 gives to what was EdDSA.
  const alg = jwk['alg'] === 'Ed25519' ? 'EdDSA' : jwk['alg']
  return alg === undefined || alg === key.algorithm ? key : 'key-unusable'
})

/** The public key of an OB 2.0 `publicKeyPem` (CONFORMANCE 1.8). A private key or a certificate is refused. */
export function keyOfPem(pem: string): PublicKey | KeyFault {
  const body = /^\s*-----BEGIN ((?:RSA )?PUBLIC KEY)-----[\sA-Za-z0-9+/=]{1,4096}-----END \1-----\s*$/.test(pem)
  return body ? remember(pem, () => createPublicKey({ key: pem, format: 'pem' })) : 'key-unusable'
}

/** The public key of a `publicKeyMultibase` or did:key (CONFORMANCE 3.10). */
export function keyOfMultibase(multibase: string): PublicKey | KeyFault {
  return remember(multibase, () => {
    const key = decodeMultikey(multibase)
    if (key === undefined) throw new TypeError('No key that is known here')
    return key
  })
}

// The order of the Ed25519 group, as 32 bytes with the least significant first (RFC 8032 §5.1.7).
const ed25519Order = Buffer.from('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010', 'hex')

/** Is s below the group's order? Otherwise the same message would have a second signature (RFC 8032 §5.1.7). */
export function isCanonicalEd25519(signature: Uint8Array): boolean {
  if (signature.length !== 64) return false
  const s = Buffer.from(signature.subarray(32)).reverse()
  return Buffer.compare(s, Buffer.from(ed25519Order).reverse()) < 0
}

function isWellMade(signature: Uint8Array, { algorithm, signatureBytes }: PublicKey): boolean {
  if (signature.length !== signatureBytes) return false
  if (algorithm === 'RS256') return true
  if (algorithm === 'EdDSA') return isCanonicalEd25519(signature)
  const [r, s] = [signature.subarray(0, 32), signature.subarray(32)]
  return r.some((byte) => byte !== 0) && s.some((byte) => byte !== 0)
}

function isRight(signed: Uint8Array, signature: Uint8Array, { algorithm, key }: PublicKey): boolean {
  if (algorithm === 'RS256') return verify('sha256', signed, key, signature)
  if (algorithm === 'EdDSA') return verify(null, signed, key, signature)
  return verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, signature)
}

/**
 * Is this the key's signature over these bytes? The header's algorithm must be the key's own (CONFORMANCE 3.1, S-26). Gives undefined
 * when it is right, else why not.
 */
export function signatureFault(
  jws: { readonly algorithm: JwsAlgorithm; readonly signed: Uint8Array; readonly signature: Uint8Array },
  publicKey: PublicKey,
): SignatureFault | undefined {
  if (jws.algorithm !== publicKey.algorithm) return 'algorithm-not-of-key'
  if (!isWellMade(jws.signature, publicKey)) return 'signature-malformed'
  return isRight(jws.signed, jws.signature, publicKey) ? undefined : 'signature-wrong'
}
