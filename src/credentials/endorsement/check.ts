import type { Fault } from '../faults.ts'
import { isJsonObject } from '../json.ts'
import type { JsonObject } from '../json.ts'
import { readMembers } from '../member-set.ts'
import { checkPrivateText } from '../private-text.ts'
import { checkSchema, schemaAddress } from '../schemas.ts'
import { endorsementMembers } from './members.ts'

/**
 * Faults of an endorsement of ours before a key is used (S-24): the specification's JSON Schema, the exact members we write, an address of
 * the endorser's own, texts (CONFORMANCE 9.6, T1, T2). Safe-mode JSON-LD comes beside it, by `checkSafeJsonLd`.
 */
export function checkEndorsement(document: JsonObject): readonly Fault[] {
  const members = readMembers(endorsementMembers, document)
  return [
    ...(checkSchema(schemaAddress.endorsementCredential, document) ?? []),
    ...(members.right ? checkReferences(members.document) : members.faults),
    ...checkPrivateText(document, isJsonObject(document['issuer']) ? document['issuer']['email'] : undefined),
  ]
}

function checkReferences({
  id,
  issuer,
  credentialSubject: subject,
}: {
  readonly id: string
  readonly issuer: { readonly id: string }
  readonly credentialSubject: { readonly id: string }
}): readonly Fault[] {
  const found: (Fault | false)[] = [
    !id.startsWith(`${issuer.id}/endorsements/`) && {
      pointer: '/id',
      code: 'reference',
      detail: 'Not an address of this endorser',
    },
    // An organisation's praise of itself is no endorsement.
    (subject.id === issuer.id || subject.id.startsWith(`${issuer.id}/`)) && {
      pointer: '/credentialSubject/id',
      code: 'reference',
      detail: 'The endorser endorses something of its own',
    },
  ]
  return found.filter((fault) => fault !== false)
}
