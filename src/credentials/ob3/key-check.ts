import { z } from 'zod'
import { contextAddress } from '../contexts.ts'
import type { Fault } from '../faults.ts'
import type { JsonObject } from '../json.ts'
import { readMembers } from '../member-set.ts'
import { address, instantText } from '../shapes.ts'

// The exact members of our key documents: an allow-list, so that a private half has no way out (CONFORMANCE 3.2).

const base64url = (least: number): z.ZodString =>
  z.string().regex(new RegExp(`^[A-Za-z0-9_-]{${least},}$`), 'Not base64url of enough bytes')

/** RSA from 2 048 bits on; P-256 has two halves of 32 bytes (CONFORMANCE 3.1). */
const rsa = {
  kty: z.literal('RSA'),
  n: base64url(342),
  e: base64url(1),
  alg: z.literal('RS256'),
  use: z.literal('sig'),
}
const p256 = {
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: base64url(43),
  y: base64url(43),
  alg: z.literal('ES256'),
  use: z.literal('sig'),
}
const publicJwk = z.discriminatedUnion('kty', [z.strictObject(rsa), z.strictObject(p256)])

/** With its address and its issuer (S-23). */
const ofIssuer = { kid: address, iss: address }
const issuersJwk = z.discriminatedUnion('kty', [
  z.strictObject({ ...rsa, ...ofIssuer }),
  z.strictObject({ ...p256, ...ofIssuer }),
])

const multikeyShape = {
  id: z.string().min(1),
  type: z.literal('Multikey'),
  controller: z.string().min(1),
  publicKeyMultibase: z.string().regex(/^z6Mk[1-9A-HJ-NP-Za-km-z]{44}$/, 'Not an Ed25519 Multikey'),
  revoked: instantText.optional(),
}

const multikeyDocument = z.strictObject({ '@context': z.literal(contextAddress.multikey), ...multikeyShape })

const did = z.string().regex(/^did:web:[A-Za-z0-9.%-]+:o:[0-9a-z]{4}(#[A-Za-z0-9-]+)?$/, 'Not a did:web of ours')

const didMembers = z.strictObject({
  '@context': z.tuple([
    z.literal(contextAddress.did),
    z.literal(contextAddress.multikey),
    z.literal(contextAddress.jwk),
  ]),
  id: did,
  alsoKnownAs: z.tuple([address]),
  verificationMethod: z.array(
    z.discriminatedUnion('type', [
      z.strictObject({ ...multikeyShape, id: did, controller: did }),
      z.strictObject({ id: did, type: z.literal('JsonWebKey'), controller: did, publicKeyJwk: publicJwk }),
    ]),
  ),
  assertionMethod: z.array(did),
})

const reference = (pointer: string, detail: string): Fault => ({ pointer, code: 'reference', detail })

/** Faults of what a key's address answers: a Multikey, or a single JWK of this issuer (CONFORMANCE 3.2, 3.8, 3.10; S-23). */
export function checkKeyDocument(document: JsonObject, issuerId: string): readonly Fault[] {
  if (document['type'] === 'Multikey') return checkMultikey(document, issuerId)
  const members = readMembers(issuersJwk, document)
  if (!members.right) return members.faults
  const { kid, iss } = members.document
  return [
    ...(iss === issuerId ? [] : [reference('/iss', 'The key is not of this issuer')]),
    ...(kid.startsWith(`${issuerId}/keys/`) ? [] : [reference('/kid', 'The key is not of this issuer')]),
  ]
}

function checkMultikey(document: JsonObject, issuerId: string): readonly Fault[] {
  const members = readMembers(multikeyDocument, document)
  if (!members.right) return members.faults
  const { id, controller, publicKeyMultibase } = members.document
  return [
    ...(id === `${issuerId}#${publicKeyMultibase}`
      ? []
      : [reference('/id', 'Not the name of this key of this issuer')]),
    ...(controller === issuerId ? [] : [reference('/controller', 'The key is not of this issuer')]),
  ]
}

/** Faults of the did:web document: exact members, and each assertion method is one that it holds (CONFORMANCE 3.14). */
export function checkDidDocument(document: JsonObject): readonly Fault[] {
  const members = readMembers(didMembers, document)
  if (!members.right) return members.faults
  const { id, verificationMethod: methods, assertionMethod } = members.document
  return [
    ...methods.flatMap((method, place) =>
      method.controller === id && method.id.startsWith(`${id}#`)
        ? []
        : [reference(`/verificationMethod/${place}`, 'The key is not of this DID')],
    ),
    ...assertionMethod.flatMap((one, place) =>
      methods.some((method) => method.id === one) ? [] : [reference(`/assertionMethod/${place}`, 'Not a key in here')],
    ),
  ]
}
