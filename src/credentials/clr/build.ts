import { contextAddress } from '../contexts.ts'
import type { IssuerFacts, Language } from '../facts.ts'
import { instant } from '../instant.ts'
import type { JsonObject } from '../json.ts'
import { issuerProfile } from '../ob3/build.ts'
import { schemaAddress } from '../schemas.ts'

/** The closed list (CONFORMANCE 10.3), as far as a passport needs it: part and whole, and the order of tasks. */
export type AssociationType = 'isPartOf' | 'precedes'

/** Reads "source `type` target"; both are ids of achievements (CONFORMANCE 10.3). */
export type AssociationFacts = { readonly type: AssociationType; readonly source: string; readonly target: string }

/** One collection: what it says of itself, and what it holds. No name of a person is in it. */
export type ClrFacts = {
  readonly issuer: IssuerFacts
  /** `urn:uuid:…` of this collection and of its subject: fresh ones. */
  readonly id: string
  readonly subject: string
  readonly name: string
  readonly language: Language
  readonly validFrom: Date
  /** Signed credentials, exactly as their issuers signed them: not a member is touched. */
  readonly credentials: readonly JsonObject[]
  /** Subjects of these credentials. Each award has one of its own; the collection says that they are the same person (CONFORMANCE 10.4). */
  readonly sameAs: readonly string[]
  /** Achievements that associations name and no credential here is of: a whole whose part is held (CONFORMANCE 10.2). */
  readonly achievements: readonly JsonObject[]
  readonly associations: readonly AssociationFacts[]
  /** Signed endorsements of what is inside, which came after it was signed. */
  readonly endorsements: readonly JsonObject[]
}

const present = (member: string, list: readonly JsonObject[]): JsonObject =>
  list.length === 0 ? {} : { [member]: list }

/**
 * The ClrCredential, without its proof (CONFORMANCE 10.1–10.3). `partial` is always true: the holder chooses what to take, and a collection
 * must not tell by its absence that there is something else.
 */
export function clrCredential(facts: ClrFacts): JsonObject {
  return {
    '@context': [
      contextAddress.credentials,
      contextAddress.clr,
      contextAddress.openBadges,
      contextAddress.openBadgesExtensions,
    ],
    id: facts.id,
    type: ['VerifiableCredential', 'ClrCredential'],
    name: facts.name,
    inLanguage: facts.language,
    partial: true,
    issuer: issuerProfile(facts.issuer),
    validFrom: instant(facts.validFrom),
    credentialSubject: {
      id: facts.subject,
      type: ['ClrSubject'],
      identifier: facts.sameAs.map((identity) => ({
        type: 'IdentityObject',
        hashed: false,
        identityHash: identity,
        identityType: 'identifier',
      })),
      verifiableCredential: facts.credentials,
      ...present('achievement', facts.achievements),
      ...present('association', facts.associations.map(association)),
    },
    ...present('endorsement', facts.endorsements),
    credentialSchema: [{ id: schemaAddress.clrCredential, type: '1EdTechJsonSchemaValidator2019' }],
  }
}

/** Exactly these members, and `type` a plain word (CONFORMANCE 10.3). */
function association({ type, source, target }: AssociationFacts): JsonObject {
  return { type: 'Association', associationType: type, sourceId: source, targetId: target }
}
