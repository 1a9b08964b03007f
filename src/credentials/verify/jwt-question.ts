import type { JsonObject } from '../json.ts'
import type { Jws } from '../jws.ts'
import { endOfKey, judgeEnd, signedJws } from './key-end.ts'
import { textOf } from './members.ts'
import type { Proven } from './proven.ts'
import { credentialInJwt } from './vc.ts'
import type { World } from './world.ts'

/** What a JWT is checked for: the same for every way to its key. */
export type Question = { readonly jws: Jws; readonly issuerId: string; readonly at: Date }

/** The key is the issuer's; but has it ended? Then only the issuer's own record can show that the badge is older (S-22). */
export async function heedEnd(
  proven: Proven,
  key: JsonObject,
  { jws, issuerId, at }: Question,
  world: World,
): Promise<Proven> {
  const end = endOfKey(key, at)
  if (end === undefined || proven.signature.outcome !== 'passed') return proven
  const id = textOf(credentialInJwt(jws.payload).document, 'id') ?? ''
  const name = proven.key.values?.['key'] ?? ''
  return { ...proven, key: await judgeEnd(end, name, signedJws(issuerId, id, jws), world) }
}
