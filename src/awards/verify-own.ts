import { publicAddresses } from '../credentials/addresses.ts'
import type { AwardFacts, BadgeClassFacts, IssuerFacts } from '../credentials/facts.ts'
import type { Prepared, Signed, SigningKey } from '../credentials/issue.ts'
import { badgeClass, cryptographicKey, issuerProfile, ob2KeyAddress } from '../credentials/ob2/build.ts'
import { oncePer } from '../credentials/once.ts'
import { issuerDocument, jwkDocument, jwks } from '../credentials/ob3/publish.ts'
import { type Written, writtenAs } from '../credentials/strict-json.ts'
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
  { payloads }: Pick<Prepared, 'payloads'>,
  facts: AwardFacts,
  keys: { readonly ob2: SigningKey; readonly ob3: SigningKey },
): Promise<void> {
  const written = writtenAs([payloads.ob2, payloads.ob3])
  await verifyTexts(signed, lookAtOwn(facts, keys), facts.validFrom, written)
}

/**
 * The same for a badge that was signed before and is signed anew, with its embedded form: issuer and keys as these would publish them,
 * everything else but the lists, such as the badge class, by `otherwise`.
 */
export async function verifyAgain(
  texts: Readonly<Record<string, string>>,
  {
    issuer,
    keys,
    otherwise,
  }: { readonly issuer: IssuerFacts; readonly keys: readonly SigningKey[]; readonly otherwise: Look },
  at: Date,
): Promise<void> {
  const look = lookIn(encoded(keyDocuments(issuer, keys)))
  const withOthers: Look = async (address, purpose) => {
    const own = await look(address, purpose)
    // Whether it is revoked meanwhile is no fault of its new signature.
    const isList = purpose === 'status-list' || purpose === 'revocation-list'
    return own.outcome === 'found' || isList ? own : await otherwise(address, purpose)
  }
  await verifyTexts(texts, withOthers, at)
}

async function verifyTexts(
  texts: Readonly<Record<string, string>>,
  look: Look,
  at: Date,
  written?: Written,
): Promise<void> {
  for (const [format, text] of Object.entries(texts)) {
    const verdict = await verify(text, look, { at, ...(written && { written }) })
    const isSound = verdict.checks.every((check) => check.outcome === 'passed' || isOnlyUnlisted(check))
    if (!isSound || verdict.checks.length < 5) throw new NotVerified(format, verdict)
  }
}

/**
 * Of its own issuer everything is known here. A list and an endorser's document are not: each endorsement was verified whole before it was
 * taken in, and here its proof is (its endorser's key stands in its name).
 */
function isOnlyUnlisted(check: Verdict['checks'][number]): boolean {
  const isElsewhere = check.id === 'status' || check.code === 'endorsement-could-not-check'
  return isElsewhere && check.outcome === 'not-checked'
}

type OwnKeys = { readonly ob2: SigningKey; readonly ob3: SigningKey }

const encoder = new TextEncoder()

/** Documents of a badge class and its issuer, by their facts and the names of the keys. */
const documentsOf = oncePer((_facts: BadgeClassFacts) => new Map<string, Look>())

/** Answers with the documents that these facts and keys would publish: the same bytes as long as they are the same. */
function lookAtOwn({ badgeClass }: AwardFacts, keys: OwnKeys): Look {
  const looks = documentsOf(badgeClass)
  const name = `${keys.ob2.kid} ${keys.ob3.kid}`
  const look = looks.get(name) ?? lookIn(ownDocuments(badgeClass, keys))
  looks.set(name, look)
  return look
}

function lookIn(documents: ReadonlyMap<string, Uint8Array>): Look {
  return async (address) => {
    const body = documents.get(address)
    return await Promise.resolve(
      body
        ? { outcome: 'found', status: 200, contentType: 'application/json', body }
        : { outcome: 'not-fetched', why: 'closed' },
    )
  }
}

function ownDocuments(badge: BadgeClassFacts, keys: OwnKeys): ReadonlyMap<string, Uint8Array> {
  const { origin, code } = badge.issuer
  const both = keys.ob2.kid === keys.ob3.kid ? [keys.ob2] : [keys.ob2, keys.ob3]
  const class2 = publicAddresses.badgeClassOb2(origin, code, badge.slug, badge.version, badge.language)
  return encoded([...keyDocuments(badge.issuer, both), [class2, badgeClass(badge)]])
}

type Documents = readonly (readonly [address: string, document: unknown])[]

/** What an issuer with just these keys would publish of itself and of them (CONFORMANCE 1.8, 3.7, 3.11). */
function keyDocuments(issuer: IssuerFacts, keys: readonly SigningKey[]): Documents {
  const { origin, code } = issuer
  return [
    [publicAddresses.issuer(origin, code), issuerDocument(issuer, keys)],
    [publicAddresses.issuerOb2(origin, code), issuerProfile(issuer, keys)],
    [publicAddresses.wellKnownJwks(origin), jwks([{ issuer, keys }])],
    ...keys.filter(({ alg }) => alg !== 'EdDSA').map((key) => [key.kid, jwkDocument(issuer, key)] as const),
    ...keys
      .filter(({ alg }) => alg === 'RS256')
      .map((key) => [ob2KeyAddress(key.kid), cryptographicKey(issuer, key)] as const),
  ]
}

function encoded(documents: Documents): ReadonlyMap<string, Uint8Array> {
  return new Map(documents.map(([address, document]) => [address, encoder.encode(JSON.stringify(document))]))
}
