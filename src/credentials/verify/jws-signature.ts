import type { Jws } from '../jws.ts'
import type { Check } from '../verdict.ts'
import { failed, passed } from './checks.ts'
import type { KeyFault, PublicKey, SignatureFault } from './public-key.ts'
import { signatureFault } from './public-key.ts'

// By the identity of the parsed JWS and the key: a status list that the caller keeps is proved once (see `Look`).
const faults = new WeakMap<Jws, { readonly text: string; readonly fault: SignatureFault | undefined }>()

function faultOf(jws: Jws, publicKey: PublicKey): SignatureFault | undefined {
  const earlier = faults.get(jws)
  if (earlier?.text === publicKey.text) return earlier.fault
  const fault = signatureFault(jws, publicKey)
  faults.set(jws, { text: publicKey.text, fault })
  return fault
}

/** The check, and the key when it is one. */
export type JudgedSignature = { readonly signature: Check; readonly publicKey?: PublicKey }

/** Is it this key's signature? The header's algorithm must be the key's own (S-26). */
export function judgeSignature(jws: Jws, publicKey: PublicKey | KeyFault): JudgedSignature {
  if (typeof publicKey === 'string') return { signature: failed('signature', publicKey) }
  const fault = faultOf(jws, publicKey)
  if (fault !== undefined) return { signature: failed('signature', fault), publicKey }
  return { signature: passed('signature', 'signature-right', { alg: jws.algorithm }), publicKey }
}
