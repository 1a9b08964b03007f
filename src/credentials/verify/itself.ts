import type { Json, JsonObject } from '../json.ts'
import type { Jws } from '../jws.ts'
import { checkOb3Header } from '../jws.ts'
import type { Check } from '../verdict.ts'
import { allPassed, failed, passed } from './checks.ts'
import { proveEmbedded } from './embedded.ts'
import { proveJwt } from './keys.ts'
import type { CredentialKind } from './kinds.ts'
import { noteIssuerElsewhere } from './issuer-elsewhere.ts'
import { idOf, instantOf, objectOf, textOf } from './members.ts'
import type { Proven } from './proven.ts'
import { checkPlainMembers, checkSchemas, checkStructure } from './structure.ts'
import { credentialInJwt, periodOf } from './vc.ts'
import type { World } from './world.ts'

/** A verifiable credential as it was found: a JWT, or a document that carries its proof. */
export type Secured =
  | { readonly form: 'jwt'; readonly jws: Jws }
  | { readonly form: 'json'; readonly document: JsonObject }

/** What is known of a credential before any address in it is asked, its key's apart (CONFORMANCE 6.2, 6.3). */
export type Itself = {
  readonly secured: Secured
  /** The credential itself, without the claims and header around it. */
  readonly document: JsonObject
  /** In this order: structure, schema, signature, binding (of a JWT), key, issuer. A bad JWT header: `format` alone. */
  readonly checks: readonly Check[]
  /** Shape, signature and key are good: it says what its issuer signed, and only now may an address that it names be asked (6.3). */
  readonly isTrue: boolean
}

/** NumericDate of an instant: seconds, fractions cut (CONFORMANCE 3.4, T5). */
function isSameInstant(claim: Json | undefined, value: Json | undefined): boolean {
  const instant = instantOf(value)
  return instant !== undefined && typeof claim === 'number' && Math.floor(claim) === Math.floor(instant / 1000)
}

/** Claims against credential: one of them off is invalid, only a missing `sub` is a note (CONFORMANCE 3.4, 3.6; S-27). */
function checkBinding(claims: JsonObject, document: JsonObject): Check {
  const { iss, jti, nbf, exp, sub } = claims
  const { from, until } = periodOf(document)
  for (const [claim, value] of Object.entries({ iss, jti, nbf })) {
    if (value === undefined) return failed('binding', 'claim-missing', { claim })
  }
  if (iss !== idOf(document['issuer'])) return failed('binding', 'iss-wrong')
  if (jti !== document['id']) return failed('binding', 'jti-wrong')
  if (!isSameInstant(nbf, document[from])) return failed('binding', 'nbf-wrong')
  if (exp === undefined && document[until] !== undefined) return failed('binding', 'claim-missing', { claim: 'exp' })
  if (exp !== undefined && !isSameInstant(exp, document[until])) return failed('binding', 'exp-wrong')
  const subject = textOf(objectOf(document, 'credentialSubject') ?? {}, 'id')
  if (sub !== undefined && sub !== subject) return failed('binding', 'sub-wrong')
  return passed('binding', sub === undefined && subject !== undefined ? 'binding-without-sub' : 'binding-right')
}

function together(
  secured: Secured,
  document: JsonObject,
  [structure, schema]: readonly [Check, Check],
  proven: Proven,
  binding: readonly Check[],
): Itself {
  const { signature, key, issuer } = proven
  const checks = [structure, schema, signature, ...binding, key, issuer]
  return { secured, document, checks, isTrue: allPassed(structure, signature, key, ...binding) }
}

async function proveJwtItself(jws: Jws, kind: CredentialKind, at: Date, world: World): Promise<Itself> {
  const { document, isMixed } = credentialInJwt(jws.payload)
  const fault = checkOb3Header(jws.header)
  if (fault !== undefined) {
    const checks = [failed('format', fault.code, fault.values)]
    return { secured: { form: 'jwt', jws }, document, checks, isTrue: false }
  }
  const structure = isMixed ? failed('structure', 'versions-mixed') : checkStructure(document, kind)
  const proven = await proveJwt(jws, idOf(document['issuer']) ?? '', at, world)
  const shape = [structure, checkSchemas(document, kind)] as const
  return together({ form: 'jwt', jws }, document, shape, proven, [checkBinding(jws.payload, document)])
}

async function proveJsonItself(document: JsonObject, kind: CredentialKind, at: Date, world: World): Promise<Itself> {
  const structure = checkStructure(document, kind)
  const plain = structure.outcome === 'passed' ? checkPlainMembers(document, kind) : undefined
  const proven = await proveEmbedded(document, idOf(document['issuer']) ?? '', at, world)
  const shape = plain ?? (structure.outcome === 'passed' ? noteIssuerElsewhere(document) : undefined) ?? structure
  return together({ form: 'json', document }, document, [shape, checkSchemas(document, kind)], proven, [])
}

/** Structure → schema → proof → key → issuer (CONFORMANCE 6.2, 6.3; S-26, S-27). Asks for nothing but the key and whose it is. */
export async function proveItself(secured: Secured, kind: CredentialKind, at: Date, world: World): Promise<Itself> {
  return secured.form === 'jwt'
    ? await proveJwtItself(secured.jws, kind, at, world)
    : await proveJsonItself(secured.document, kind, at, world)
}
