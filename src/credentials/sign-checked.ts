import { checkClr } from './clr/check.ts'
import { clrCredential } from './clr/build.ts'
import type { ClrFacts } from './clr/build.ts'
import { endorsementCredential } from './endorsement/build.ts'
import type { EndorsementFacts } from './endorsement/build.ts'
import { checkEndorsement } from './endorsement/check.ts'
import type { Fault } from './faults.ts'
import { signEmbedded, UnfitToSign } from './issue.ts'
import type { JsonObject } from './json.ts'
import type { SigningKey } from './keys.ts'

async function signChecked(
  document: JsonObject,
  faults: readonly Fault[],
  key: SigningKey,
  created: Date,
): Promise<JsonObject> {
  if (faults.length > 0) throw new UnfitToSign(faults)
  // Made canonical in safe mode before the key is used: an undefined term ends it there (CONFORMANCE T4).
  return await signEmbedded(document, key, created)
}

/**
 * Builds an endorsement, checks it and puts the endorser's embedded proof on it (CONFORMANCE 9.6, 3.9; S-24). Throws `UnfitToSign` with every
 * fault, `UnfitKey` for a key that is not the endorser's Ed25519 key.
 */
export async function signEndorsement(facts: EndorsementFacts, key: SigningKey, created: Date): Promise<JsonObject> {
  const document = endorsementCredential(facts)
  return await signChecked(document, checkEndorsement(document), key, created)
}

/**
 * Builds a collection, checks it and puts its issuer's embedded proof on it (CONFORMANCE 10, 3.9; S-24). The credentials inside stay as they
 * are, member by member. Throws like `signEndorsement`.
 */
export async function signClr(facts: ClrFacts, key: SigningKey, created: Date): Promise<JsonObject> {
  const document = clrCredential(facts)
  return await signChecked(document, checkClr(document), key, created)
}
