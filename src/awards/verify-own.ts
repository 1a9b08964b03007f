import { publicAddresses } from '../credentials/addresses.ts'
import type { AwardFacts } from '../credentials/facts.ts'
import type { Signed, SigningKey } from '../credentials/issue.ts'
import { badgeClass, cryptographicKey, issuerProfile, ob2KeyAddress } from '../credentials/ob2/build.ts'
import { issuerDocument, jwkDocument, jwks } from '../credentials/ob3/publish.ts'
import type { Look, Verdict } from '../credentials/verdict.ts'
import { verify } from '../credentials/verify.ts'

/** Our own verifier did not accept what we signed: nothing of it may leave the process (S-24). */
export class NotVerified extends Error {
  constructor(format: string, verdict: Verdict) {
    const unmet = verdict.checks.filter((check) => check.outcome !== 'passed').map((check) => check.code)
    super(`our own verifier does not accept the ${format} it just signed: ${unmet.join(', ')}`)
    this.name = 'NotVerified'
  }
}

/**
 * Reads back what was just signed with the very verifier that strangers' badges meet (S-24; DESIGN, The award path 4). It learns of issuer
 * and keys from the documents these facts and keys would publish, and of no status list: a badge that nobody has yet cannot be on one.
 * Throws `NotVerified` when any other check does not pass.
 */
export async function verifyOwn(
  signed: Signed,
  facts: AwardFacts,
  keys: { readonly ob2: SigningKey; readonly ob3: SigningKey },
): Promise<void> {
  const look = lookAtOwn(facts, keys)
  const encoder = new TextEncoder()
  for (const [format, text] of Object.entries(signed)) {
    const verdict = await verify(encoder.encode(text), look, { at: facts.validFrom })
    const isSound = verdict.checks.every((check) => check.outcome === 'passed' || isOnlyUnlisted(check))
    if (!isSound || verdict.checks.length < 5) throw new NotVerified(format, verdict)
  }
}

function isOnlyUnlisted(check: Verdict['checks'][number]): boolean {
  return check.id === 'status' && check.outcome === 'not-checked'
}

function lookAtOwn(facts: AwardFacts, keys: { readonly ob2: SigningKey; readonly ob3: SigningKey }): Look {
  const { badgeClass: badge } = facts
  const { issuer } = badge
  const { origin, code } = issuer
  const both = keys.ob2.kid === keys.ob3.kid ? [keys.ob2] : [keys.ob2, keys.ob3]
  const documents: ReadonlyMap<string, () => unknown> = new Map<string, () => unknown>([
    [publicAddresses.issuer(origin, code), () => issuerDocument(issuer, both)],
    [publicAddresses.issuerOb2(origin, code), () => issuerProfile(issuer, both)],
    [publicAddresses.wellKnownJwks(origin), () => jwks(both.map((key) => ({ issuer, keys: [key] })))],
    [publicAddresses.badgeClassOb2(origin, code, badge.slug, badge.version, badge.language), () => badgeClass(badge)],
    ...both.flatMap((key): readonly [string, () => unknown][] => [
      [key.kid, () => jwkDocument(issuer, key)],
      [ob2KeyAddress(key.kid), () => cryptographicKey(issuer, key)],
    ]),
  ])
  const encoder = new TextEncoder()
  return async (address) => {
    const document = documents.get(address)
    if (!document) return await Promise.resolve({ outcome: 'not-fetched', why: 'closed' })
    const body = encoder.encode(JSON.stringify(document()))
    return await Promise.resolve({ outcome: 'found', status: 200, contentType: 'application/json', body })
  }
}
