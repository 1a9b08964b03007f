import {
  type AwardDocuments,
  checked,
  embeddedDocument,
  type KeyAddresses,
  type Prepared,
  type Signed,
} from './issue.ts'
import { UnfitToSign } from './issue.ts'
import { instant } from './instant.ts'
import { isJsonObject, type JsonObject } from './json.ts'
import { ob2KeyAddress } from './ob2/build.ts'

export type { AwardDocuments } from './issue.ts'

/** The documents inside stored signed texts of our own, without claims and header. Verifies nothing. Throws a TypeError when they hold none. */
export function documentsIn(signed: Signed): AwardDocuments {
  const parsed: unknown = JSON.parse(Buffer.from(signed.ob2Jws.split('.')[1] ?? '', 'base64url').toString('utf8'))
  if (!isJsonObject(parsed)) throw new TypeError('The payload of a stored Assertion is an object')
  return { assertion: parsed, credential: embeddedDocument(signed.ob3Jwt) }
}

/** What a new signing says differently. It may not touch what makes the badge this badge: see `prepareAgain`. */
export type Change = (documents: AwardDocuments) => AwardDocuments

/**
 * The documents of an award that was signed before, made ready to be signed anew (CONFORMANCE 2.7): the same ids and issuer, a newer
 * `validFrom`, the first date in `awardedDate` and `issuedOn`, the new keys, and what `change` says differently. They say what they said then,
 * whatever has been renamed since. Checked like any other (S-24). Throws `UnfitToSign` with every fault, also when `change` reaches too far.
 */
export function prepareAgain(
  signed: Signed,
  anew: { readonly validFrom: Date; readonly keys: KeyAddresses; readonly change?: Change | undefined },
): Prepared {
  const { validFrom, keys, change } = anew
  const before = documentsIn(signed)
  const changed = change ? change(before) : before
  const documents: AwardDocuments = {
    assertion: {
      ...changed.assertion,
      verification: { type: 'SignedBadge', creator: ob2KeyAddress(keys.ob2) },
    },
    credential: { ...changed.credential, validFrom: instant(validFrom) },
  }
  refuseAnother(before, documents)
  return checked(documents, keys, issuerOf(before))
}

const sameAssertion = ['@context', 'type', 'id', 'badge', 'issuedOn', 'expires', 'evidence'] as const
const sameCredential = [
  '@context',
  'id',
  'type',
  'name',
  'inLanguage',
  'issuer',
  'validUntil',
  'awardedDate',
  'evidence',
  'credentialStatus',
  'credentialSchema',
] as const

function refuseAnother(before: AwardDocuments, after: AwardDocuments): void {
  const faults = [
    ...differing('/ob2', sameAssertion, before.assertion, after.assertion),
    ...differing('/ob3', sameCredential, before.credential, after.credential),
    ...differing('/ob3/credentialSubject', ['id', 'achievement', 'result'], subjectOf(before), subjectOf(after)),
  ]
  if (faults.length > 0) throw new UnfitToSign(faults)
}

function differing(
  place: string,
  members: readonly string[],
  before: JsonObject,
  after: JsonObject,
): ConstructorParameters<typeof UnfitToSign>[0] {
  return members
    .filter((member) => JSON.stringify(before[member]) !== JSON.stringify(after[member]))
    .map((member) => ({ pointer: `${place}/${member}`, code: 'reference', detail: 'That would be another badge' }))
}

function subjectOf({ credential }: AwardDocuments): JsonObject {
  const subject = credential['credentialSubject']
  return isJsonObject(subject) ? subject : {}
}

function issuerOf({ credential }: AwardDocuments): string {
  const { issuer } = credential
  const id = isJsonObject(issuer) ? issuer['id'] : issuer
  return typeof id === 'string' ? id : ''
}
