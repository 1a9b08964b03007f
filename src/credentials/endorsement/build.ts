import { publicAddresses } from '../addresses.ts'
import { contextAddress } from '../contexts.ts'
import type { IssuerFacts, Language } from '../facts.ts'
import { instant } from '../instant.ts'
import type { JsonObject } from '../json.ts'
import { issuerProfile } from '../ob3/build.ts'
import { schemaAddress } from '../schemas.ts'

/** What an organisation, such as a school, says of something that is not its own (CONFORMANCE 9.6). Nothing in it is about a person. */
export type EndorsementFacts = {
  readonly endorser: IssuerFacts
  /** The last part of its public address. */
  readonly id: string
  /** What is endorsed: the address of an achievement, or the id of a credential. */
  readonly subject: string
  /** Always written: an endorsement without a name fails (CONFORMANCE 9.6). */
  readonly name: string
  readonly comment: string
  readonly language: Language
  readonly validFrom: Date
}

/**
 * The EndorsementCredential, without its proof (CONFORMANCE 9.6, 2.6). It carries no status: an endorsement that was withdrawn was still
 * given when it was, and must not make the badges fail that carry it.
 */
export function endorsementCredential(facts: EndorsementFacts): JsonObject {
  const { origin, code } = facts.endorser
  return {
    '@context': [contextAddress.credentials, contextAddress.openBadges, contextAddress.openBadgesExtensions],
    id: publicAddresses.endorsement(origin, code, facts.id),
    type: ['VerifiableCredential', 'EndorsementCredential'],
    name: facts.name,
    inLanguage: facts.language,
    issuer: issuerProfile(facts.endorser),
    validFrom: instant(facts.validFrom),
    credentialSubject: {
      id: facts.subject,
      type: ['EndorsementSubject'],
      endorsementComment: facts.comment,
    },
    credentialSchema: [{ id: schemaAddress.endorsementCredential, type: '1EdTechJsonSchemaValidator2019' }],
  }
}
