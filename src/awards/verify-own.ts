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
  for (const [format, text] of Object.entries(signed)) {
    const verdict = await verify(encoder.encode(text), look, { at: facts.validFrom })
    const isSound = verdict.checks.every((check) => check.outcome === 'passed' || isOnlyUnlisted(check))
    if (!isSound || verdict.checks.length < 5) throw new NotVerified(format, verdict)
  }
}

function isOnlyUnlisted(check: Verdict['checks'][number]): boolean {
  return check.id === 'status' && check.outcome === 'not-checked'
}

type OwnKeys = { readonly ob2: SigningKey; readonly ob3: SigningKey }

const encoder = new TextEncoder()

/** Documents of the last badge classes that were awarded, by everything that they say. Small, and nothing is lost with it. */
const kept = new Map<string, ReadonlyMap<string, Uint8Array>>()
const keptAtMost = 200

/** Answers with the documents that these facts and keys would publish: the same bytes as long as they say the same. */
function lookAtOwn(facts: AwardFacts, keys: OwnKeys): Look {
  const name = JSON.stringify([facts.badgeClass, keys.ob2.kid, keys.ob3.kid])
  const documents = kept.get(name) ?? ownDocuments(facts, keys)
  if (!kept.has(name) && kept.size >= keptAtMost) kept.clear()
  kept.set(name, documents)
  return async (address) => {
    const body = documents.get(address)
    return await Promise.resolve(
      body
        ? { outcome: 'found', status: 200, contentType: 'application/json', body }
        : { outcome: 'not-fetched', why: 'closed' },
    )
  }
}

function ownDocuments(facts: AwardFacts, keys: OwnKeys): ReadonlyMap<string, Uint8Array> {
  const { badgeClass: badge } = facts
  const { issuer } = badge
  const { origin, code } = issuer
  const both = keys.ob2.kid === keys.ob3.kid ? [keys.ob2] : [keys.ob2, keys.ob3]
  const documents: readonly (readonly [string, unknown])[] = [
    [publicAddresses.issuer(origin, code), issuerDocument(issuer, both)],
    [publicAddresses.issuerOb2(origin, code), issuerProfile(issuer, both)],
    [publicAddresses.wellKnownJwks(origin), jwks(both.map((key) => ({ issuer, keys: [key] })))],
    [publicAddresses.badgeClassOb2(origin, code, badge.slug, badge.version, badge.language), badgeClass(badge)],
    ...both.map((key) => [key.kid, jwkDocument(issuer, key)] as const),
    ...both.map((key) => [ob2KeyAddress(key.kid), cryptographicKey(issuer, key)] as const),
  ]
  return new Map(documents.map(([address, document]) => [address, encoder.encode(JSON.stringify(document))]))
}
