import type { Json } from '../../src/credentials/json.ts'
import type { SigningKey } from '../../src/credentials/keys.ts'
import { rsaKey } from './award-facts.ts'
import { jwsOf, payloadOf } from './badge-world.ts'

/** What is to be different: `undefined` takes a member away. */
export type Change = Readonly<Record<string, Json | undefined>>

/** The claims and credential of a JWT, or an Assertion, with these members changed. */
export function payloadWith(jws: string, change: Change): Record<string, Json> {
  const entries = Object.entries({ ...payloadOf(jws), ...change })
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])))
}

/** A VC-JWT with these members changed and rightly signed again. */
export function signedWith(jwt: string, change: Change, key: SigningKey = rsaKey): string {
  return jwsOf({ alg: key.alg, kid: key.kid, typ: 'JWT' }, payloadWith(jwt, change), key)
}
