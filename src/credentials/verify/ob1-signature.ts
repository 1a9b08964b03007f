import { verify } from 'node:crypto'
import type { Ob1Jws } from '../jws.ts'
import type { Check } from '../verdict.ts'
import { failed, notChecked, passed } from './checks.ts'
import { objectOf, textOf } from './members.ts'
import { keyOfPem } from './public-key.ts'
import { type Place } from './scope.ts'
import { httpUrl, type World } from './world.ts'

const hashes = { RS256: 'sha256', RS384: 'sha384', RS512: 'sha512' } as const

/** What the signature showed, and where its key was found; or the check that says why there is no key. */
export type Ob1Proof =
  | { readonly signature: Check; readonly place: Place }
  | { readonly signature: Check; readonly key: Check }

function checkSignature(jws: Ob1Jws, pem: string): Check {
  const publicKey = keyOfPem(pem)
  if (typeof publicKey === 'string') return failed('signature', publicKey)
  // Its type decides: the name of an algorithm for RSA makes no RSA key of another one (S-26).
  if (publicKey.algorithm !== 'RS256') return failed('signature', 'algorithm-not-of-key')
  if (jws.signature.length !== publicKey.signatureBytes) return failed('signature', 'signature-malformed')
  return verify(hashes[jws.algorithm], jws.signed, publicKey.key, jws.signature)
    ? passed('signature', 'signature-right', { alg: jws.algorithm })
    : failed('signature', 'signature-wrong')
}

/** The key of Open Badges 1.0 and 1.1 is a PEM at `verify.url`; whatever the header says of keys counts for nothing (S-26, S-29). */
export async function proveOb1(jws: Ob1Jws, world: World): Promise<Ob1Proof> {
  const signature = notChecked('signature', 'no-key')
  const address = textOf(objectOf(jws.payload, 'verify') ?? {}, 'url') ?? ''
  if (httpUrl(address) === undefined) return { signature, key: notChecked('key', 'key-not-named') }
  const answer = await world.ask(address, 'key')
  if (answer.outcome === 'missing') return { signature, key: failed('key', 'key-unknown', { key: address }) }
  if (answer.outcome === 'not-fetched')
    return { signature, key: notChecked('key', 'key-not-fetched', { key: address }) }
  const pem = Buffer.from(answer.body).toString('latin1')
  return { signature: checkSignature(jws, pem), place: { asked: address, found: answer.address } }
}
