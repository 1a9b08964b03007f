import type { SigningKey } from '../keys.ts'
import { jwsAlgorithms } from './index.ts'

/** A key that cannot sign what it was asked to sign. */
export class UnfitKey extends Error {
  constructor(kid: string, why: string) {
    super(`The key ${kid} cannot be used: ${why}`)
    this.name = 'UnfitKey'
  }
}

/**
 * Signs a text as a compact JWS (RFC 7515). The header has only `alg`, `kid` and, where given, `typ` (CONFORMANCE 3.1–3.3). What is no badge
 * has a type that no reader of badges takes (S-13).
 * Throws `UnfitKey` when the key is not one for its algorithm.
 */
export async function signJws(payload: string, key: SigningKey, typ?: Type): Promise<string> {
  return await signPart(Buffer.from(payload).toString('base64url'), key, typ)
}

type Type = 'JWT' | 'history-head+jws'

/** The same for a payload that is base64url already. */
export async function signPart(part: string, key: SigningKey, typ?: Type): Promise<string> {
  if (key.alg === 'EdDSA') throw new UnfitKey(key.kid, 'EdDSA is for embedded proofs')
  const algorithm = jwsAlgorithms[key.alg]
  if (!algorithm.fits(key.privateKey)) throw new UnfitKey(key.kid, `it is not a key for ${key.alg}`)
  const header = JSON.stringify({ alg: key.alg, kid: key.kid, ...(typ === undefined ? {} : { typ }) })
  const input = `${Buffer.from(header).toString('base64url')}.${part}`
  const signature = await algorithm.sign(Buffer.from(input), key.privateKey)
  return `${input}.${signature.toString('base64url')}`
}
